"""Public test sets as gold: each format by its command, on invented texts, down to the scores of codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from .conftest import Finished, Service, action, actor, answer, sanction, statement

Extract = Callable[..., Finished]
Serve = Callable[[Callable[[dict[str, Any]], Any]], Service]


def gold_in(folder: Path) -> dict[str, dict[str, Any]]:
    """The gold files of a folder, by name."""
    return {file.stem: yaml.safe_load(file.read_text()) for file in sorted(folder.glob("*.yaml"))}


def imported(extract: Extract, form: str, path: Path) -> tuple[Finished, dict[str, dict[str, Any]]]:
    """A set imported into the folder `out`, whose gold `extract gold check` finds sound."""
    out = path.parent / "out"
    done = extract("gold", "import", form, path, "--out", out)
    assert (done.code, done.out) == (0, ""), done.err
    checked = extract("gold", "check", out, "--articles", out)
    assert checked.code == 0, checked.err
    return done, gold_in(out)


# ZSP

EXPELLED = "Norvania expelled two Bordurian diplomats on Monday, accusing Borduria of spying."
EASED = "Borduria has eased its sanctions against Syldavia."
THREATENED = "Norvania may impose sanctions on Syldavia unless it gives way."
ATTACKED = "Syldavian gunmen attacked a Norvanian village."
VISIT = 'Foreign Minister "Tito" Varga of Syldavia will visit Borduria in June.'
ZSP_ROWS = [
    (EXPELLED, "Norvania", "Borduria", "SANCTION"),
    (EASED, "Borduria", "Syldavia", "YIELD"),
    (THREATENED, "Norvania", "Syldavia", "THREATEN"),
    (ATTACKED, "Syldavian gunmen", "Norvanian village", "ASSAULT"),
    (VISIT, "Syldavia", "Borduria", "AGREE"),
    (EXPELLED, "Borduria", "Norvania", "CRIME"),
]


def zsp(tmp_path: Path) -> Path:
    path = tmp_path / "PLV mini.tsv"
    rows = [("sentence_id", "gold_penta", "gold_root", "sentence", "marked_sentence", "source", "target")]
    for sentence, source, target, root in ZSP_ROWS:
        quoted = '"' + sentence.replace('"', '""') + '"' if '"' in sentence else sentence
        rows.append(("1", "1", root, quoted, f"<s>{source}</s>", source, target))
    path.write_text("\n".join("\t".join(row) for row in rows) + "\n")
    return path


def reading(body: dict[str, Any]) -> dict[str, Any]:
    """What a model makes of the sentences: one status wrong, one event not seen."""
    text = " ".join(str(message["content"]) for message in body["messages"] if message["role"] == "user")
    norvania, borduria, syldavia = (actor(name) for name in ("Norvania", "Borduria", "Syldavia"))
    named = {"kind": "country", "country": None}
    if "expelled" in text:
        expulsion = action(EXPELLED, actors=[norvania], targets=[actor("Bordurian diplomats", kind="person")])
        charge = statement(
            EXPELLED, speaker=norvania, target=borduria, act="accuse", content="Norvania accused Borduria."
        )
        return answer(actions=[expulsion], statements=[charge])
    if "eased" in text:
        target = {"name": "Syldavia", **named}
        return answer(
            sanctions=[sanction(EASED, status="eased", direction="ease", senders=[borduria], targets=[target])]
        )
    if "unless" in text:
        target = {"name": "Syldavia", **named}
        return answer(sanctions=[sanction(THREATENED, senders=[norvania], targets=[target])])
    if "visit" in text:
        visit = action(VISIT, action="meeting_visit", status="announced", actors=[syldavia], targets=[borduria])
        return answer(actions=[visit])
    return answer()


def test_zsp_rows_become_coded_gold(extract: Extract, tmp_path: Path) -> None:
    done, gold = imported(extract, "zsp", zsp(tmp_path))
    assert "5 texts with 5 coded events" in done.err
    assert "1 left out: events that PLOVER 0.8 does not have." in done.err
    assert list(gold) == [f"PLV-mini-{number}" for number in range(1, 6)]
    first = gold["PLV-mini-1"]
    assert first["covers"] == [] and "records" not in first and first["origin"] == "zsp"
    assert first["codes"] == [
        {
            "id": "1",
            "evidence": [EXPELLED],
            "sources": [{"name": "Norvania"}],
            "targets": [{"name": "Borduria"}],
            "plover_event": "SANCTION",
        }
    ]
    assert (tmp_path / "out" / "PLV-mini-5.txt").read_text() == f"{VISIT}\n"


@pytest.fixture
def scored(extract: Extract, serve: Serve, tmp_path: Path) -> dict[str, Any]:
    """The five sentences imported, read by a model, and scored."""
    imported(extract, "zsp", zsp(tmp_path))
    service = serve(reading)
    run = extract("out", "--model", "compatible/m", "--base-url", service.url, "--out", "events.json", "-q")
    assert run.code == 0, run.err
    done = extract("eval", "events.json", "--gold", "out", "--scheme", "plover", "--format", "json")
    assert done.code == 0, done.err
    return dict(json.loads(done.out))


def test_codes_are_scored_by_root_quad_class_and_side(scored: dict[str, Any]) -> None:
    # Right: SANCTION, YIELD, AGREE. Taken for done: THREATEN, which stays a conflict. Not found: ASSAULT.
    assert (scored["scheme"], scored["articles"], scored["events"], scored["found"]) == ("PLOVER 0.8", 5, 5, 4)
    # The accusation stands beside the expulsion, between the same two: gold codes the act.
    assert scored["further"] == 1
    roots = {item["name"]: item["score"] for item in scored["roots"]["classes"]}
    assert {name: (score["hits"], score["spurious"], score["missed"]) for name, score in roots.items()} == {
        "AGREE": (1, 0, 0),
        "YIELD": (1, 0, 0),
        "THREATEN": (0, 0, 1),
        "SANCTION": (1, 1, 0),
        "ASSAULT": (0, 0, 1),
    }
    assert scored["roots"]["accuracy"] == pytest.approx(3 / 5)
    assert scored["roots"]["macro_f1"] == pytest.approx((1 + 1 + 0 + 2 / 3 + 0) / 5)
    quads = {item["name"]: item["score"]["hits"] for item in scored["quad_classes"]["classes"]}
    assert quads == {"verbal cooperation": 1, "material cooperation": 1, "verbal conflict": 0, "material conflict": 1}
    assert scored["quad_classes"]["accuracy"] == pytest.approx(3 / 5)
    assert scored["sides"]["accuracy"] == pytest.approx(4 / 5)
    low, high = scored["roots"]["interval"]
    assert 0 <= low < 3 / 5 < high <= 1
    assert [(fault["expected"], fault["found"]) for fault in scored["faults"]] == [
        ("THREATEN", "SANCTION"),
        ("ASSAULT", None),
    ]


def test_scores_of_codes_as_tables_errors_and_floors(extract: Extract, scored: dict[str, Any], tmp_path: Path) -> None:
    ask = ("eval", "events.json", "--gold", "out", "--scheme", "plover")
    shown = extract(*ask, COLUMNS="120")
    assert "root codes (PLOVER 0.8)       5      0.60" in shown.out
    assert "further events of the run, not scored: 1" in shown.out
    assert "| root codes (PLOVER 0.8) | 5 | 0.60 |" in extract(*ask, "--format", "markdown").out
    assert "1: gold ASSAULT, run not found" in extract(*ask, "--errors").out
    assert extract(*ask, "--fail-under", "roots=0.6,sides_macro_f1=0.5").code == 0
    below = extract(*ask, "--fail-under", "roots=0.61")
    assert below.code == 8 and "roots: 0.6000, the floor is 0.61" in below.err


def test_coded_gold_says_nothing_of_records(extract: Extract, scored: dict[str, Any]) -> None:
    done = extract("eval", "events.json", "--gold", "out")
    assert done.code == 2
    assert "--scheme plover" in done.err
    assert extract("eval", "events.json", "--gold", "out", "--scheme", "cameo").code == 2


def test_the_wrong_way_round_is_not_found(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    path = tmp_path / "turned.tsv"
    path.write_text(f"sentence\tsource\ttarget\tgold_root\n{EXPELLED}\tBorduria\tNorvania\tSANCTION\n")
    imported(extract, "zsp", path)
    service = serve(reading)
    extract("out", "--model", "compatible/m", "--base-url", service.url, "--out", "events.json", "-q")
    done = json.loads(extract("eval", "events.json", "--gold", "out", "--scheme", "plover", "--format", "json").out)
    assert (done["events"], done["found"], done["roots"]["accuracy"]) == (1, 0, 0)


def test_codes_of_records_where_gold_has_records(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.txt").write_text(f"{EXPELLED}\n")
    service = serve(reading)
    extract(news, "--model", "compatible/m", "--base-url", service.url, "--out", "events.json", "-q")
    assert extract("gold", "draft", "events.json", "--out", "gold").code == 0
    draft = next((tmp_path / "gold").glob("*.yaml"))
    # Announced or ordered: a threat or a sanction, both right. The accusation as it is.
    draft.write_text(draft.read_text().replace("status: ordered", "status: {any_of: [announced, ordered]}"))
    done = extract("eval", "events.json", "--gold", "gold", "--scheme", "plover", "--format", "json")
    found = json.loads(done.out)
    assert (found["events"], found["roots"]["accuracy"], found["roots"]["macro_f1"]) == (2, 1, 1)
    assert {item["name"] for item in found["roots"]["classes"]} == {"ACCUSE", "SANCTION"}


# PLOVER records

PLOVER_RECORDS = """{
  "id": "INVENTED-1", "date": "2000-01-01",
  "source": [{"actorText": "Norvanian", "code": "NRV", "sector": "GOV"}, {"actorText": "German", "code": "DEU"}],
  "target": "", "event": "AGREE", "mode": "",
  "text": "{Norvanian and German officials agreed to talk, \\"at last\\", ]}",
},
{
  "id": "INVENTED-2", "source": [{"code": "FRA"}], "recipient": [{"raw_text": "Borduria", "country_code": "JAP"}],
  "event": ["DISAPPROVE", "SANCTION"], "mode": ["expel"],
  "text": "France condemned Borduria and expelled its consul.",
},
"""


def test_plover_records_become_coded_gold(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "records.txt"
    path.write_text(PLOVER_RECORDS)
    _, gold = imported(extract, "plover", path)
    agreed, expelled = gold["records-1"]["codes"], gold["records-2"]["codes"]
    assert agreed[0]["evidence"] == ['Norvanian and German officials agreed to talk, "at last", ]']
    assert agreed[0]["sources"] == [{"name": "Norvanian"}, {"name": "German", "country": "DEU"}]
    assert agreed[0]["targets"] == []
    assert [(code["plover_event"], code.get("plover_mode")) for code in expelled] == [
        ("ACCUSE", "disapprove"),
        ("SANCTION", "expel"),
    ]
    assert expelled[0]["sources"] == [{"country": "FRA"}] and expelled[0]["targets"] == [{"name": "Borduria"}]


def test_plover_records_line_by_line(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "lines.jsonl"
    record = {"id": "1", "source": [{"code": "FRA"}], "event": ["CONSULT"], "mode": ["visit"], "text": "France called."}
    path.write_text(json.dumps(record) + "\n" + json.dumps(record | {"text": "France rang."}) + "\n")
    _, gold = imported(extract, "plover", path)
    assert [item["codes"][0]["plover_mode"] for item in gold.values()] == ["visit", "visit"]


# PETRARCH

PETRARCH = """<Validation>
<!-- invented -->
<Environment><Verbfile>some.verbs.txt</Verbfile></Environment>
<Sentences>
<Sentence date="19950101" id="I-1" category="INVENTED" sentence="true">
<EventCoding sourcecode="FRAGOV" targetcode="DEU" eventcode="161"></EventCoding>
<EventCoding sourcecode="DEU" targetcode="FRAGOV" eventcode="0831"></EventCoding>
<EventCoding sourcecode="DEU" targetcode="FRAGOV" eventcode="010"></EventCoding>
<Text>
France expelled two German
consuls, and Germany gave way.
</Text>
<Parse>(ROOT)</Parse>
</Sentence>
<Sentence date="19950101" id="I-2"><EventCoding noevents="True"></EventCoding><Text>Nothing came.</Text></Sentence>
</Sentences>
</Validation>
"""


def test_petrarch_validation_becomes_coded_gold(extract: Extract, tmp_path: Path) -> None:
    path = tmp_path / "validation.xml"
    path.write_text(PETRARCH)
    done, gold = imported(extract, "petrarch", path)
    assert "1 left out: events that PLOVER 0.8 does not have." in done.err
    [article] = gold.values()
    assert [(code["cameo"], code["plover_event"]) for code in article["codes"]] == [
        ("161", "SANCTION"),
        ("0831", "CONCEDE"),
    ]
    assert article["codes"][0]["sources"] == [{"country": "FRA"}]
    assert article["codes"][0]["evidence"] == ["France expelled two German consuls, and Germany gave way."]


# PolNeAR

SAID = (
    "The minister said “we will not yield” on Monday. Critics, and some allies, doubted it. It was known that rain fell"
)


def standoff(text: str, spans: list[tuple[str, str, str]], *lines: str) -> str:
    """brat standoff of spans (id, type, words) and further lines; words in two pieces are divided by a bar."""
    written = []
    for name, kind, words in spans:
        pieces = []
        at = 0
        for piece in words.split("|"):
            at = text.index(piece, at)
            pieces.append(f"{at} {at + len(piece)}")
        written.append(f"{name}\t{kind} {';'.join(pieces)}\t{words.replace('|', ' ')}")
    return "\n".join([*written, *lines]) + "\n"


POLNEAR = standoff(
    SAID,
    [
        ("T1", "Source", "The minister"), ("T2", "Cue", "said"), ("T3", "Content", "“we will not yield”"),
        ("T4", "Attribution", "said"), ("T5", "Source", "Critics"), ("T6", "Source", "some allies"),
        ("T7", "Cue", "doubted"), ("T8", "Content", "it"), ("T9", "Attribution", "doubted"),
        ("T10", "Attribution", "was known"), ("T11", "Content", "that rain|fell"), ("T12", "Attribution", "Monday"),
    ],
    "E2\tAttribution:T9 Source:T5 Source2:T6 Cue:T7 Content:T8",
    "E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1",
    "E3\tAttribution:T10 Content:T11 ",
    "E4\tAttribution:T12 ",
    "#1\tAnnotatorNotes E1\tinvented",
    "*\tEquiv T5 T6",
)  # fmt: skip


def polnear(tmp_path: Path) -> Path:
    """A corpus laid out as PolNeAR is, one text annotated by two people."""
    for part in ("text", "attributions"):
        (tmp_path / "corpus" / part).mkdir(parents=True)
    (tmp_path / "corpus" / "text" / "a_day.txt").write_text(f"{SAID}\n")
    for annotator in ("4b22", "ef2d"):
        (tmp_path / "corpus" / "attributions" / f"a_day_{annotator}.ann").write_text(POLNEAR)
    return tmp_path / "corpus" / "attributions"


def test_attributions_become_statements(extract: Extract, tmp_path: Path) -> None:
    done, gold = imported(extract, "polnear", polnear(tmp_path))
    assert "1 left out: files of a second annotator" in done.err and "1 left out: attributions without" in done.err
    assert gold["a_day"]["covers"] == ["statement"]
    first, second, third = gold["a_day"]["records"]
    assert first["evidence"] == ["The minister said “we will not yield” on Monday."]
    assert first["speaker"] == {"name": "The minister"} and "act" not in first and first["note"] == "cue: said"
    assert second["speaker"] == {"any_of": [{"name": "Critics"}, {"name": "some allies"}]}
    assert third["speaker"] is None and third["evidence"] == ["It was known that rain fell"]


def test_statements_are_scored_without_a_speech_act(extract: Extract, serve: Serve, tmp_path: Path) -> None:
    imported(extract, "polnear", polnear(tmp_path))
    told = statement(
        "The minister said “we will not yield” on Monday.",
        speaker=actor("The minister", kind="person"),
        act="rule_out",
        content="We will not yield.",
        quotes=["we will not yield"],
        quotation="mixed",
    )
    expulsion = action("Critics, and some allies, doubted it.", actors=[actor("Critics", kind="group")])
    service = serve(lambda body: answer(statements=[told], actions=[expulsion]))
    folder = tmp_path / "corpus" / "out"
    extract(folder, "--model", "compatible/m", "--base-url", service.url, "--out", "events.json", "-q")
    scored = extract("eval", "events.json", "--gold", folder, "--format", "json")
    assert scored.code == 0, scored.err
    done = json.loads(scored.out)
    scores = {item["type"]: item["exact"] for item in done["records"]}
    assert (scores["statement"]["hits"], scores["statement"]["spurious"], scores["statement"]["missed"]) == (1, 0, 2)
    # What such gold does not cover is not held against a run, and a speech act that it does not say is not scored.
    assert scores["diplomatic_action"]["spurious"] == 0
    assert done["statuses"] == []
    assert {item["field"] for item in done["fields"]} == {"speaker"}


# CrudeOilNews

OIL = (
    "Oil rose after Norvania imposed sanctions on Borduria. The sanctions hurt. Traders fear that Norvania could widen "
    "its embargo on Borduria. Syldavia will not ban its exports. Norvania lifted the ban on Syldavia.\n"
)
CRUDE = standoff(
    OIL,
    [
        ("T1", "COUNTRY", "Norvania"), ("T2", "Embargo", "sanctions"), ("T3", "COUNTRY", "Borduria"),
        ("T4", "Movement-up-gain", "rose"), ("T5", "Embargo", "embargo"), ("T6", "INTENSITY_cue", "widen"),
        ("T7", "COUNTRY", "Syldavia"), ("T8", "Prohibiting", "ban"),
    ],
    "E1\tEmbargo:T2 Imposer:T1 Imposee:T3 ",
    "E2\tMovement-up-gain:T4 ",
    "E3\tEmbargo:T5 Imposer:T1 Imposee:T3 Intensity_cue:T6",
    "E4\tProhibiting:T8 Imposer:T7",
    "E5\tEmbargo:T2 Imposer:T1 Imposee:T3",
    "E6\tEmbargo:T2 ",
    "E7\tEmbargo:T5 Imposer:T1 Imposee:T7",
    "A1\tModality E3 Other",
    "A2\tIntensity E3 Intensified",
    "A3\tPolarity E4 Negative",
    "A4\tPolarity E1 Positive",
    "A5\tModality E1 Asserted",
    "A6\tIntensity E7 Eased",
)  # fmt: skip


def test_embargoes_become_sanctions(extract: Extract, tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "oil.txt").write_text(OIL)
    (tmp_path / "news" / "oil.ann").write_text(CRUDE)
    done, gold = imported(extract, "crudeoilnews", tmp_path / "news")
    assert "1 left out: events that are no sanctions." in done.err
    assert gold["oil"]["covers"] == ["sanction"]
    records = {
        (record["status"]["any_of"][0], record["direction"], record["tier"], tuple(record.get("repeats", ())))
        for record in gold["oil"]["records"]
    }
    assert records == {
        ("imposed", "impose", "core", ()),
        ("imposed", "impose", "core", ("1",)),
        ("imposed", "impose", "optional", ()),
        ("proposed", "impose", "core", ()),
        ("denied", "impose", "core", ()),
        ("eased", "ease", "core", ()),
    }
    first = gold["oil"]["records"][0]
    assert first["evidence"] == ["Oil rose after Norvania imposed sanctions on Borduria."]
    assert first["status"] == {"any_of": ["imposed", "expanded", "extended"]}
    assert first["senders"] == [{"name": "Norvania"}] and first["targets"] == [{"name": "Borduria"}]
    assert "measures" not in first


# What goes wrong

BAD = [
    ("zsp", "a.tsv", "sentence\tsource\ttarget\nx\ty\tz\n", 9, "no column gold_root"),
    ("zsp", "a.tsv", "", 9, "no column sentence"),
    ("zsp", "a.tsv", "sentence\tsource\ttarget\tgold_root\nx\ty\tz\tCRIME\n", 9, "nothing that can be scored"),
    ("plover", "a.json", '{"text": "x", "event": "AGREE"', 9, "no PLOVER records"),
    ("plover", "a.json", "[1]", 9, "no PLOVER records"),
    ("plover", "a.json", '{"id": "i", "text": "x"}', 9, "record i has no text or no event"),
    ("petrarch", "a.xml", "<Validation><Sentence>", 9, "is no XML"),
    ("petrarch", "a.xml", "<Validation/>", 9, "no <Sentence>"),
    (
        "crudeoilnews",
        "a.ann",
        "T1\tEmbargo 0 3\tban\n",
        9,
        "the text has 'A b' there, not 'ban'",
    ),
    ("crudeoilnews", "a.ann", "T1\tEmbargo 0-3\tA b\n", 9, "are no offsets"),
    ("crudeoilnews", "a.ann", "T1 Embargo 2 5 ban\n", 9, "a.ann:1: 'T1 Embargo 2 5 ban' is no line"),
    ("crudeoilnews", "a.ann", "T1\tEmbargo 2 5\tban\nE1\tEmbargo:T9\n", 9, "a.ann:2: Embargo:T9 names"),
    ("crudeoilnews", "a.ann", "E1\t\n", 9, "cut short"),
    ("acled", "a.csv", "", 2, "Choose one of crudeoilnews, petrarch, plover, polnear, zsp."),
    ("zsp", ".", None, 9, "no table with tabs"),
    ("plover", ".", None, 9, "no PLOVER records"),
    ("petrarch", ".", None, 9, "is no XML"),
    ("zsp", "missing.tsv", None, 2, "No such file"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"{bad[0]}-{bad[4][:20]}")
def test_what_does_not_have_the_format(
    extract: Extract, tmp_path: Path, bad: tuple[str, str, str | None, int, str]
) -> None:
    form, name, content, code, message = bad
    if content is not None:
        (tmp_path / name).write_text(content)
    (tmp_path / "a.txt").write_text("A ban.\n")
    done = extract("gold", "import", form, name, "--out", "out")
    assert done.code == code, done.err
    assert message in done.err and "Traceback" not in done.err
    assert not (tmp_path / "out").exists()


def test_an_annotation_without_a_text(extract: Extract, tmp_path: Path) -> None:
    (tmp_path / "lone.ann").write_text("T1\tEmbargo 0 3\tban\n")
    done = extract("gold", "import", "crudeoilnews", "lone.ann", "--out", "out")
    assert done.code == 9 and "lone.txt" in done.err


def test_nothing_is_written_among_other_texts(extract: Extract, tmp_path: Path) -> None:
    path = zsp(tmp_path)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    done = extract("gold", "import", "zsp", path, "--out", "out")
    assert done.code == 2 and "holds mine.txt already" in done.err
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_gold_without_records_or_codes_is_refused(extract: Extract, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("article: a.txt\nid: art-000000000000\n")
    (tmp_path / "a.txt").write_text("A ban.\n")
    done = extract("gold", "check", "a.yaml", "--articles", "a.txt")
    assert done.code == 9 and "records: []" in done.err


def test_codes_are_checked(extract: Extract, tmp_path: Path) -> None:
    _, _ = imported(extract, "zsp", zsp(tmp_path))
    file = tmp_path / "out" / "PLV-mini-1.yaml"
    sound = file.read_text()
    for old, new, message in (
        ("SANCTION", "SANKTION", "'SANKTION' is none of AGREE"),
        ("expelled two", "expelled nine", "not in the article"),
    ):
        file.write_text(sound.replace(old, new))
        done = extract("gold", "check", "out", "--articles", "out")
        assert done.code == 9 and message.casefold() in (done.out + done.err).casefold()
    twice = yaml.safe_load(sound)
    twice["codes"].append(dict(twice["codes"][0]))
    file.write_text(json.dumps(twice))
    done = extract("gold", "check", "out", "--articles", "out")
    assert done.code == 9 and "1 is the id of 2 of them" in done.out
