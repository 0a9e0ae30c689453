"""Articles that instruct the model, and a model that obeys: whatever comes back, the tool holds.

`attacks/` has an article for each way to try, and beside it what a model would answer that does as it is told, again at
every re-ask. Each runs through the command and a service on loopback. `smuggled` is what must be in no record;
`beyond` says what the checks cannot hold, as the article itself says it or only judgement tells.
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor import cli
from extractor.codes import country_code
from extractor.grounding import normalise
from extractor.numbers import numbers_in
from extractor.pipeline import ArticleResult, extract_article
from extractor.prompt import load_prompt
from extractor.providers.base import Completion, Request, ToolCall
from extractor.readers import Article
from extractor.text import printable, unseen

from .conftest import ROOT, Service, action, actor, answer, chat_completion, sanction, statement

Body = dict[str, Any]
Json = dict[str, Any]
Serve = Callable[[Callable[[Body], Any]], Service]

FOLDER = ROOT / "tests" / "attacks"
REASKS = 2


@dataclass(frozen=True)
class Attack:
    """A hostile article and what a model makes of it that obeys; see any of the files."""

    name: str
    tries: str
    answer: Json | str
    smuggled: list[Any]
    records: list[str] = field(default_factory=list)
    rejected: list[list[str | None]] = field(default_factory=list)
    requests: int = 1
    again: Json | str | None = None
    failure: str | None = None
    beyond: str = ""
    call: str | None = None
    says: str | None = None
    key: str = ""

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.txt"

    @property
    def text(self) -> str:
        return self.path.read_bytes().decode()

    def obey(self, body: Body) -> Any:
        """What the model answers: the same at each re-ask, unless there is something worse for it."""
        again = self.again is not None and len(body["messages"]) > 2
        response = chat_completion(body, (self.again if again else self.answer) or "")
        message = response["choices"][0]["message"]
        if self.says is not None:
            message |= {"content": self.says, "tool_calls": None}
        if self.call is not None:
            message["tool_calls"][0]["function"]["name"] = self.call
        return 200, {}, response


def load(path: Path) -> Attack:
    return Attack(name=path.stem, **json.loads(path.read_text(encoding="utf-8")))


ATTACKS = {path.stem: load(path) for path in sorted(FOLDER.glob("*.json"))}
ANSWERED = [name for name, attack in ATTACKS.items() if attack.failure is None]


@dataclass(frozen=True)
class Finished:
    code: int
    out: bytes
    err: str


def command(*arguments: str | Path) -> Finished:
    """Run the command in this process, as its user does."""
    out, err = io.BytesIO(), io.BytesIO()
    streams = [io.TextIOWrapper(stream, encoding="utf-8", write_through=True) for stream in (out, err)]
    before, sys.argv = sys.argv, ["extract", *map(str, arguments)]
    try:
        with (
            contextlib.redirect_stdout(streams[0]),
            contextlib.redirect_stderr(streams[1]),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
    finally:
        sys.argv = before
    assert isinstance(ended.value.code, int)
    return Finished(ended.value.code, out.getvalue(), err.getvalue().decode())


@dataclass(frozen=True)
class Outcome:
    """What an attack came to: the run, its output, the requests, and where the recordings are."""

    attack: Attack
    ran: Finished
    written: Path
    fixtures: Path
    requests: list[Body]

    @property
    def result(self) -> Json:
        """The output; strictly JSON."""
        content: Json = json.loads(self.written.read_bytes(), parse_constant=pytest.fail)
        return content


OUTCOMES: dict[str, Outcome] = {}


@pytest.fixture
def outcome(request: pytest.FixtureRequest, serve: Serve, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The attack that the test is about, carried out once in each process."""
    name: str = request.param
    if name not in OUTCOMES:
        attack, folder = ATTACKS[name], tmp_path_factory.mktemp(name)
        service = serve(attack.obey)
        options = ["--model", "compatible/test", "--base-url", service.url, "--reasks", REASKS]
        with pytest.MonkeyPatch.context() as patch:
            if attack.key:
                patch.setenv("EXTRACT_API_KEY", attack.key)
            files = ["--fixtures", folder / "fixtures", "--out", folder / "events.json"]
            ran = command(attack.path, "--record", *map(str, options), *files)
        OUTCOMES[name] = Outcome(attack, ran, folder / "events.json", folder / "fixtures", service.requests)
    return OUTCOMES[name]


every = pytest.mark.parametrize("outcome", ATTACKS, indirect=True)
every_answered = pytest.mark.parametrize("outcome", ANSWERED, indirect=True)


# --- what is asked ---


@every
def test_the_model_gets_the_article_as_it_is_and_nothing_else_changes(outcome: Outcome) -> None:
    assert len(outcome.requests) == outcome.attack.requests
    before, after = (ROOT / "prompts" / "article.md").read_text(encoding="utf-8").split("{{article}}")
    plain = load_prompt().messages("An article.", "0" * 16)
    for body in outcome.requests:
        system, user, *added = body["messages"]
        text = outcome.attack.text
        found = re.search(r"^=== article ([0-9a-f]{16}) ===$", user["content"], re.MULTILINE)
        assert found is not None
        fence = found[1]
        assert fence not in text
        filled = before.replace("{{fence}}", fence) + text + after.replace("{{fence}}", fence)
        assert (user["role"], user["content"]) == ("user", filled)
        assert system == plain[0]
        assert "user" not in [message["role"] for message in added] or added[0]["role"] == "assistant"
    around = [{**body, "messages": body["messages"][:2]} for body in outcome.requests]
    assert all(body == around[0] for body in around)


@pytest.mark.parametrize("outcome", [name for name in ATTACKS if ATTACKS[name].requests > 1], indirect=True)
def test_a_re_ask_follows_what_the_model_said_itself(outcome: Outcome) -> None:
    for body in outcome.requests[1:]:
        roles = [message["role"] for message in body["messages"][2:]]
        assert roles[::2] == ["assistant"] * len(roles[::2]) and "system" not in roles


# --- how it ends ---


@every
def test_the_run_ends_as_documented(outcome: Outcome) -> None:
    attack, ran = outcome.attack, outcome.ran
    assert "Traceback" not in ran.err and "fault of this tool" not in ran.err
    assert ran.out == b""
    if attack.failure is None:
        assert ran.code == 0
        assert [entry["outcome"] for entry in outcome.result["articles"]] == ["done"]
    else:
        assert ran.code == 4
        assert attack.path.name in ran.err and "Nothing was written" in ran.err
        assert not outcome.written.exists()


@every_answered
def test_sound_records_stay_and_what_was_lost_is_listed(outcome: Outcome) -> None:
    result = outcome.result
    assert sorted(map(title, result["records"])) == sorted(outcome.attack.records)
    lost = {(item["field"], item["reason"]) for item in result["rejected"]}
    assert sorted(map(list, lost), key=str) == sorted(outcome.attack.rejected, key=str)
    assert all(item["message"] for item in result["rejected"])


def title(record: Json) -> str:
    """A record in a word or two."""
    said: str = record.get("act") or f"{record.get('action') or 'sanction'} {record['status']}"
    return said


# --- what is kept ---


@every_answered
def test_nothing_is_kept_that_is_not_in_the_article(outcome: Outcome) -> None:
    for record in outcome.result["records"]:
        hold(record, outcome.attack.text)


@every_answered
def test_nothing_that_was_smuggled_is_in_a_record(outcome: Outcome) -> None:
    values = [value for record in outcome.result["records"] for _, value in leaves(record)]
    texts = "\n".join(value.casefold() for value in values if isinstance(value, str))
    for smuggled in outcome.attack.smuggled:
        if isinstance(smuggled, int):
            assert smuggled not in values
        else:
            assert smuggled.casefold() not in texts


def test_what_attacks_smuggle_is_in_their_answers() -> None:
    for attack in ATTACKS.values():
        said = [attack.answer, attack.again, attack.says, attack.call]
        told = "\n".join(
            answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False) for answer in said if answer
        )
        for smuggled in attack.smuggled:
            wanted = json.dumps(smuggled, ensure_ascii=False).strip('"')
            assert wanted.casefold() in told.casefold(), (attack.name, smuggled)


ENUMS = {"type", "action", "status", "kind", "legal_term", "direction", "measures", "act", "quotation"}
DATES = {"date", "start", "end", "listing"}
OWN = {"id", "article", "derived", "spans", "deadline_duration"}


def leaves(content: Any, *path: str | int) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of a record with the way to it."""
    if isinstance(content, dict | list):
        for key, part in content.items() if isinstance(content, dict) else enumerate(content):
            yield from leaves(part, *path, key)
    else:
        yield path, content


def hold(record: Json, text: str) -> None:
    """Every word, number and passage of a record is the article's: looked up here anew, without the tool's checks."""
    assert record["evidence"]
    for found in [*record["evidence"], *(record[name] for name in DATES if isinstance(record.get(name), dict))]:
        assert text[found["start"] : found["end"]] == found.get("quote", found.get("text"))
    for span in record["spans"]:
        assert 0 <= span["start"] < span["end"] <= len(text)
    for path, value in leaves({key: value for key, value in record.items() if key not in {*OWN, *DATES, "evidence"}}):
        names = [part for part in path if isinstance(part, str)]
        if isinstance(value, bool) or value is None or not ENUMS.isdisjoint(names):
            continue
        if isinstance(value, int):
            told = [number.value for number in numbers_in(text)]
            parts = sum(part["count"] for part in record.get("count_breakdown", []))
            assert value in told or (names == ["count"] and value == parts), (path, value)
        elif names[-1] == "country":
            assert (
                value == ""
                or country_code(value)
                or any(is_like(word, text) for word in re.findall(r"\w+", folded(value)))
            )
            assert len(value) <= 60 and set(unseen(value)) <= set(unseen(text))
        elif names == ["content"]:
            hold_content(value, text)
        else:
            assert folded(value) in folded(text), (path, value)
            assert set(unseen(value)) <= set(unseen(text)), (path, value)


def is_like(word: str, text: str) -> bool:
    """Whether a text has a word, or another form of it."""
    told = re.findall(rf"\b{re.escape(word[:5])}\w*", folded(text))
    return any(abs(len(word) - len(other)) < 5 for other in told)


def hold_content(content: str, text: str) -> None:
    """A summary is in its own words; but mostly in the article's, in its script, with its numbers and addresses."""
    assert set(unseen(content)) <= set(unseen(text))
    assert {number.value for number in numbers_in(content)} <= {1, *(number.value for number in numbers_in(text))}
    told = {word[:5] for word in re.findall(r"\w+", folded(text))}
    words = [word for word in re.findall(r"\w+", folded(content)) if len(word) > 3]
    assert 2 * sum(word[:5] in told for word in words) >= len(words)
    for word in re.findall(r"\S*(?:[<>{}@]|://)\S*", content):
        assert folded(word.strip(".,;")) in folded(text)


def folded(text: str) -> str:
    """A text without what typography and case make of it."""
    seen = (char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) not in ("Cf", "Mn"))
    told = "".join(seen).casefold().replace("…", "...").replace("''", '"')
    for marks, mark in (("‘’‚‛`´", "'"), ("“”„‟«»", '"'), ("‐‑‒–—―−", "-")):
        told = re.sub(f"[{marks}]", mark, told)
    return " ".join(re.sub("-+", "-", told).split())


# --- what is written and shown ---


@pytest.fixture(scope="module")
def schema() -> Any:
    content = json.loads(command("schema").out)
    jsonschema.Draft202012Validator.check_schema(content)
    return jsonschema.Draft202012Validator(content)


@every_answered
def test_the_output_fits_the_schema(outcome: Outcome, schema: Any) -> None:
    schema.validate(outcome.result)


ACTING = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
    "\U000e0000-\U000e007f]|[\ufe00-\ufe0f\U000e0100-\U000e01ef]{2}"
)


@every
def test_nothing_acts_on_the_terminal_of_who_runs_it(outcome: Outcome) -> None:
    assert not ACTING.findall(outcome.ran.err)
    if outcome.attack.failure is None:
        assert "Written to" in outcome.ran.err


@every_answered
def test_nothing_acts_on_the_terminal_of_who_reads_it(outcome: Outcome) -> None:
    shown = [command("show", outcome.written, *options) for options in ([], ["--full"], ["--rejected"])]
    for told in shown:
        assert (told.code, told.err) == (0, "")
        assert not ACTING.findall(told.out.decode())
    for record in outcome.result["records"]:
        assert record["id"].encode() in shown[1].out


@every
def test_the_recordings_replay_to_the_same(outcome: Outcome, tmp_path: Path) -> None:
    replayed = []
    for name in ("one.json", "two.json"):
        files = ["--fixtures", outcome.fixtures, "--out", tmp_path / name]
        done = command(outcome.attack.path, "--replay", "--model", "compatible/test", "--reasks", str(REASKS), *files)
        assert done.code == outcome.ran.code
        assert "Traceback" not in done.err
        replayed.append((tmp_path / name).read_bytes() if outcome.attack.failure is None else b"")
    assert replayed[0] == replayed[1]
    if outcome.attack.failure is None:
        assert without_calls(json.loads(replayed[0])) == without_calls(outcome.result)


def without_calls(result: Json) -> bytes:
    """The output as bytes, but for where the answers came from."""
    for entry in result["articles"]:
        entry["calls"] = None
    return json.dumps(result, ensure_ascii=False).encode()


@pytest.mark.parametrize("outcome", [name for name, attack in ATTACKS.items() if attack.key], indirect=True)
def test_a_key_that_a_model_knows_is_in_no_file_and_no_message(outcome: Outcome) -> None:
    written = [path.read_bytes() for path in outcome.written.parent.rglob("*.json")]
    assert len(written) == 2
    assert not any(outcome.attack.key.encode() in content for content in written)
    assert outcome.attack.key not in outcome.ran.err


def test_all_of_them_at_once_in_a_process_of_its_own(serve: Serve, tmp_path: Path) -> None:
    by_text = {attack.text: attack for attack in ATTACKS.values() if attack.requests}

    def obey(body: Body) -> Any:
        told = body["messages"][1]["content"].partition(" ===\n")[2].rpartition("\n=== end of article ")[0]
        return by_text[told].obey(body)

    service = serve(obey)
    program = [sys.executable, "-m", "extractor.cli", str(FOLDER), "--out", "events.json", "--reasks", str(REASKS)]
    options = ["--model", "compatible/test", "--base-url", service.url]
    ran = subprocess.run([*program, *options], cwd=tmp_path, capture_output=True, timeout=120, check=False)
    told = ran.stderr.decode()
    assert (ran.returncode, ran.stdout) == (4, b"")
    assert "Traceback" not in told and not ACTING.findall(told)
    result = json.loads((tmp_path / "events.json").read_bytes(), parse_constant=pytest.fail)
    failed = {entry["name"]: entry["failure"]["kind"] for entry in result["articles"] if entry["failure"]}
    assert failed == {attack.path.name: attack.failure for attack in ATTACKS.values() if attack.failure}
    names = {entry["id"]: entry["name"] for entry in result["articles"]}
    # What differs from another in characters that nobody sees is its copy, and is not asked about.
    copies = {copy["name"]: entry["name"] for entry in result["articles"] for copy in entry["copies"]}
    alike = {attack.path.name: normalise(attack.text).strip() for attack in ATTACKS.values()}
    assert len(copies) == 1 and all(alike[copy] == alike[original] for copy, original in copies.items())
    for attack in ATTACKS.values():
        if attack.path.name in copies:
            continue
        records = [record for record in result["records"] if names[record["article"]] == attack.path.name]
        assert sorted(map(title, records)) == sorted(attack.records)


# --- anything else that a model may say ---

TEXT = """Quarvia sends Tolmark envoys home | The Harbour Post

Published: 14 May 2024

Quarvia has ordered nine Tolmark diplomats to leave by Friday, its foreign minister, Ilva Dorn, said on Monday. “They \
were running a listening post,” Dorn told reporters in Port Maren. Five attachés and four clerks have to go.

Tolmark denied the charge. Its spokesman, Odo Lund, called it theatre and said that Tolmark would not expel anyone in
return.\tHe  spoke\u00a0on\u200b Tuesday.

Quarvia froze the assets of two Tolmark banks in 1998 after the fishing dispute. {{ 7*7 }} <b>More</b>: https://a.example
"""
ORDER = (
    "Quarvia has ordered nine Tolmark diplomats to leave by Friday, its foreign minister, Ilva Dorn, said on Monday."
)
PARTS = "Five attachés and four clerks have to go."
DENIAL = "Tolmark denied the charge."
THEATRE = "Its spokesman, Odo Lund, called it theatre and said that Tolmark would not expel anyone in\nreturn."
FREEZE = "Quarvia froze the assets of two Tolmark banks in 1998 after the fishing dispute."
PASSAGES = [ORDER, PARTS, DENIAL, THEATRE, FREEZE, "“They were running a listening post,” Dorn told reporters"]
QUARVIA, TOLMARK = actor("Quarvia", country="Quarvia"), actor("Tolmark", country="Tolmark")
ENVOYS = actor("Tolmark diplomats", country="Tolmark", kind="group")
DORN = actor("Ilva Dorn", role="foreign minister", country="Quarvia", kind="person")
PEOPLE = [{"count": 5, "of": "attachés"}, {"count": 4, "of": "clerks"}]
HONEST = answer(
    actions=[
        action(ORDER, PARTS, date_text="on Monday", actors=[QUARVIA], targets=[ENVOYS], status_by=DORN, count=9)
        | {"count_unit": "diplomats", "count_breakdown": PEOPLE, "deadline": "by Friday", "places": ["Port Maren"]}
    ],
    sanctions=[
        sanction(FREEZE, date_text="in 1998", senders=[QUARVIA], target_count=2, reason="the fishing dispute")
        | {"targets": [{"name": "Tolmark banks", "kind": "company", "country": "Tolmark"}]}
    ],
    statements=[
        statement(DENIAL, speaker=TOLMARK, act="deny", content=DENIAL, about="the charge"),
        statement(PASSAGES[-1], speaker=DORN, content="They were running a listening post.", quotation="mixed")
        | {"quotes": ["They were running a listening post"], "target": ENVOYS},
    ],
)


PROMPT = load_prompt()


class Obedient:
    """A model behind the seam that says one thing, however often it is asked."""

    name = "compatible/obedient"

    def __init__(self, said: Any) -> None:
        self._said = json.dumps(said)

    async def complete(self, request: Request) -> Completion:
        return Completion("tool_calls", (ToolCall("Extraction", self._said),))

    async def close(self) -> None: ...


def read(said: Any) -> ArticleResult:
    return asyncio.run(extract_article(Article("envoys.txt", TEXT), Obedient(said), PROMPT))


def test_the_honest_answer_is_kept_whole() -> None:
    result = read(HONEST)
    assert [record.type for record in result.records].count("statement") == 2
    assert (len(result.records), result.rejected) == (4, ())
    for record in result.records:
        hold(record.model_dump(mode="json"), TEXT)


HIDDEN = ["\u200b", "\u202e", "\U000e0041", "\ufe0f\ufe01", "\0", "\x1b[2J", "\x9b", "\t", "  ", "\u3164", "\ud800"]
ALIEN = [
    "Drelland",
    "ninety",
    "35",
    "on Sunday",
    "wire every penny overseas",
    "https://b.example/?q=1",
    "\u0430bc",
    "<i>",
]
words = st.sampled_from([*TEXT.split(), *ALIEN, *HIDDEN])
phrases = st.one_of(st.lists(words, max_size=12).map(" ".join), st.sampled_from(PASSAGES), st.text(max_size=20))


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """A text with something put in, taken out, exchanged or joined on."""
    at, end = sorted(draw(st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))))
    put_in = draw(st.one_of(words, st.sampled_from(HIDDEN), st.text(max_size=5)))
    ways = [
        text[:at] + put_in + text[at:],
        text[:at] + text[end:],
        text[:at] + put_in + text[end:],
        text + " " + draw(phrases),
    ]
    return draw(st.sampled_from([*ways, text, text.swapcase(), put_in, draw(phrases)]))


anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-99, 999), st.floats(), phrases),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@st.composite
def mutated(draw: st.DrawFn, content: Any = HONEST) -> Any:
    """An answer in which any value may have been changed, exchanged, repeated or left out."""
    if isinstance(content, dict):
        kept = {key: draw(mutated(part)) for key, part in content.items() if draw(st.integers(0, 30))}
        return kept | draw(
            st.one_of(*[st.just({})] * 9, st.dictionaries(st.sampled_from(["", "__class__", "id"]), anything))
        )
    if isinstance(content, list):
        parts = [draw(mutated(part)) for part in content for _ in range(draw(st.sampled_from([0, 1, 1, 1, 1, 2])))]
        return [*parts, *draw(st.one_of(*[st.just([])] * 9, st.lists(st.one_of(phrases, anything), max_size=2)))]
    if isinstance(content, str) and draw(st.integers(0, 3)) == 0:
        return draw(spoilt(content))
    if (content is None or isinstance(content, int)) and draw(st.integers(0, 5)) == 0:
        return draw(st.one_of(st.integers(-1, 99), phrases, st.booleans()))
    return draw(anything) if draw(st.integers(0, 40)) == 0 else content


@settings(max_examples=100, deadline=None)
@given(mutated())
def test_whatever_a_model_says_every_record_is_held_by_the_article(said: Any) -> None:
    result = read(said)
    for record in result.records:
        hold(record.model_dump(mode="json"), TEXT)
    if result.error is None:
        assert len({record.id for record in result.records}) == len(result.records)
        json.loads(json.dumps([item.model_dump(mode="json") for item in result.rejected]))


FLIPS = [
    ("nine", "ninety"), ("nine", "five"), ("Five", "Four"), ("two", "four"), ("1998", "1989"), ("Friday", "Monday"),
    ("Monday", "Tuesday"), ("has ordered", "has not ordered"), ("has ordered", "may have ordered"),
    ("denied", "admitted"), ("would not expel", "would expel"), ("would not", "would now"), ("Quarvia", "Drelland"),
    ("Tolmark", "Quarvia"), ("diplomats", "soldiers"), ("froze", "released"), ("after", "before"),
    ("have to go", "have gone"), ("to leave", "to stay"), ("Ilva", "Ilja"), ("Lund", "Lundt"), ("The", "No"),
    ("anyone", "everyone"),
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PASSAGES), st.sampled_from(FLIPS)), min_size=1, max_size=3))
def test_evidence_with_a_flipped_fact_carries_no_record(flipped: list[tuple[str, tuple[str, str]]]) -> None:
    evidence = [passage.replace(old, new) for passage, (old, new) in flipped if old in passage]
    assume(evidence)
    assert not any(folded(passage) in folded(TEXT) for passage in evidence)
    said = {"actors": [QUARVIA], "targets": [TOLMARK]}
    result = read(
        answer(actions=[action(*evidence, **said)], statements=[statement(*evidence, speaker=DORN, content=DENIAL)])
    )
    assert result.records == ()
    assert {item.reason for item in result.rejected} == {"no_evidence"}


@settings(max_examples=200, deadline=None)
@given(
    st.permutations(TEXT.split("\n\n")[2:]),
    st.integers(0, 80),
    st.integers(0, 80),
    st.sampled_from([" ", "... ", " … ", " [...] ", ""]),
)
def test_evidence_from_two_places_carries_no_record(paragraphs: list[str], left: int, right: int, joint: str) -> None:
    one, other = paragraphs[0].split(), paragraphs[1].split()
    joined = " ".join(one[-left - 3 :]) + joint + " ".join(other[: right + 3])
    assume(folded(joined) not in folded(TEXT))
    assert read(answer(actions=[action(joined, actors=[QUARVIA], targets=[TOLMARK])])).records == ()


@given(st.text(st.sampled_from([*"ab \n", *"".join(HIDDEN), "\u200f", "\u061c", "\r", "\u2028", "\U000e0100"])))
def test_what_is_printed_acts_on_no_terminal_and_hides_no_message(text: str) -> None:
    shown = printable(text)
    assert not ACTING.findall(shown.replace("\t", " "))
    assert printable(shown) == shown
    assert [char for char in shown if char in "ab \n"] == [char for char in text if char in "ab \n"]
