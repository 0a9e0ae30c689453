"""The prompt files: loaded, rendered, fingerprinted; whatever is filled in stays as it is."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from extractor.errors import UsageError
from extractor.prompt import Example, Prompt, TiePrompt, fence_for, load_prompt, load_tie_prompt

from .conftest import ROOT

PROMPTS = ROOT / "prompts"
FILES = sorted(str(path.relative_to(PROMPTS)) for path in PROMPTS.rglob("*.*") if path.is_file())
PLACES = ["{{article}}", "{{fence}}", "{{problems}}", "{{failed}}", "{{kept}}", "{{total}}"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The project's prompt files, to be changed."""
    return shutil.copytree(PROMPTS, tmp_path / "own")


def told(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def change(path: Path, old: str, new: str) -> None:
    text = told(path)
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# --- loading ---


def test_the_projects_prompt_is_that_of_the_checkout() -> None:
    prompt = load_prompt()
    assert prompt == load_prompt(PROMPTS)
    assert [prompt.system, prompt.article, prompt.reask] == [
        told(PROMPTS / name) for name in ("system.md", "article.md", "reask.md")
    ]
    assert prompt.examples
    assert prompt.examples == tuple(
        Example(path.stem, told(path), told(path.with_suffix(".json")))
        for path in sorted((PROMPTS / "examples").glob("*.txt"))
    )


def test_the_projects_prompt_is_found_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load_prompt()
    monkeypatch.chdir(tmp_path)
    assert load_prompt() == before


def test_a_folder_of_the_users_is_loaded_instead(folder: Path) -> None:
    (folder / "system.md").write_text("Etwas für später.", encoding="utf-8")
    assert load_prompt(folder).system == "Etwas für später."
    assert load_prompt(folder).article == load_prompt().article


def test_examples_are_no_must(folder: Path) -> None:
    shutil.rmtree(folder / "examples")
    prompt = load_prompt(folder)
    assert prompt.examples == ()
    assert prompt.messages("Text.", "f")[0]["content"].strip() == prompt.system.strip()


def test_examples_come_in_the_order_of_their_names(folder: Path) -> None:
    for name in ("zeta", "alpha", "midway"):
        (folder / "examples" / f"{name}.txt").write_text(f"Article {name}.\n")
        (folder / "examples" / f"{name}.json").write_text(f'"{name}"\n')
    names = [example.name for example in load_prompt(folder).examples]
    assert names == sorted(names) and {"alpha", "midway", "zeta"} < set(names)


def loaded(folder: Path, name: str) -> Prompt | TiePrompt:
    """What a file of the folder is part of."""
    return load_tie_prompt(folder) if name.startswith("ties") else load_prompt(folder)


def refused(folder: Path, name: str) -> UsageError:
    with pytest.raises(UsageError) as raised:
        loaded(folder, name)
    assert raised.value.advice
    return raised.value


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "nowhere") in refused(tmp_path / "nowhere", "system.md").message


@pytest.mark.parametrize("name", [name for name in FILES if not name.endswith(".txt")])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    assert str(folder / name) in refused(folder, name).message


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_not_utf_8_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes("Später {{article}} {{fence}} {{problems}}".encode("latin-1"))
    message = refused(folder, name).message
    assert str(folder / name) in message and "UTF-8" in message


@pytest.mark.parametrize("name", FILES)
def test_a_folder_in_a_files_place_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    (folder / name).mkdir()
    assert str(folder / name) in refused(folder, name).message


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("article.md", "{{article}}"),
        ("article.md", "{{fence}}"),
        ("reask.md", "{{problems}}"),
        ("ties/question.md", "{{article}}"),
        ("ties/question.md", "{{fence}}"),
    ],
)
def test_a_file_without_its_place_is_named(folder: Path, name: str, place: str) -> None:
    change(folder / name, place, place.strip("{}"))
    message = refused(folder, name).message
    assert str(folder / name) in message and place in message


@pytest.mark.parametrize(
    ("name", "place"),
    [("article.md", "{{article}}"), ("reask.md", "{{problems}}"), ("ties/question.md", "{{article}}")],
)
def test_a_file_with_its_place_twice_is_named(folder: Path, name: str, place: str) -> None:
    change(folder / name, place, f"{place}\n{place}")
    message = refused(folder, name).message
    assert str(folder / name) in message and place in message


# --- the fingerprint ---


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(FILES),
    st.floats(0, 1, exclude_max=True),
    st.sampled_from(["replaced", "inserted", "removed"]),
    st.characters(codec="utf-8", exclude_characters="\r"),
)
def test_any_one_character_changes_the_fingerprint(name: str, where: float, how: str, character: str) -> None:
    text = told(PROMPTS / name)
    at = int(where * len(text))
    after = text[at + (how != "inserted") :]
    changed = text[:at] + ("" if how == "removed" else character) + after
    assume(changed != text)
    with tempfile.TemporaryDirectory() as place:
        folder = shutil.copytree(PROMPTS, Path(place, "own"))
        (folder / name).write_text(changed, encoding="utf-8")
        try:
            prompt = loaded(folder, name)
        except UsageError:
            assume(False)
        assert prompt.fingerprint != loaded(PROMPTS, name).fingerprint


def test_nothing_but_what_the_files_say_changes_the_fingerprint(folder: Path) -> None:
    before = load_prompt().fingerprint
    for path in folder.rglob("*"):
        os.utime(path, (0, 0))
        path.chmod(0o700)
    (folder / "README.md").write_text("Notes.")
    (folder / "examples" / "notes.md").write_text("Notes.")
    (folder / "examples" / "more").mkdir()
    moved = folder.rename(folder.parent / "moved")
    assert load_prompt(moved).fingerprint == before


def test_a_checkout_with_other_line_ends_has_the_same_fingerprint(folder: Path) -> None:
    for name in FILES:
        (folder / name).write_bytes((folder / name).read_bytes().replace(b"\n", b"\r\n"))
    assert load_prompt(folder).fingerprint == load_prompt().fingerprint


def test_text_that_moves_from_one_file_to_the_next_changes_the_fingerprint() -> None:
    examples = (Example("a", "text", "answer"),)
    prompts = [
        Prompt("ab", "c", "d", ()),
        Prompt("a", "bc", "d", ()),
        Prompt("a", "b", "cd", ()),
        Prompt("ab", "c", "d", examples),
        Prompt("ab", "c", "d", (Example("a", "texta", "nswer"),)),
        Prompt("ab", "c", "d", examples * 2),
        Prompt("ab", "c", "d" + "text" + "answer", ()),
    ]
    assert len({prompt.fingerprint for prompt in prompts}) == len(prompts)


# --- the messages ---

PROMPT = load_prompt()
texts = st.lists(
    st.one_of(
        st.text(max_size=20),
        st.sampled_from([*PLACES, "=== article", "=== end of article", " ===\n", "{{ 7*7 }}", "{% bad %}", "{", "}}"]),
    ),
    max_size=8,
).map("".join)


@settings(deadline=None)
@given(texts)
def test_the_article_stands_in_its_message_once_between_its_fences_as_it_is(text: str) -> None:
    fence = fence_for(text)
    system, user = PROMPT.messages(text, fence)
    assert (system["role"], user["role"]) == ("system", "user")
    before, between, after = user["content"].split(fence)
    assert between == f" ===\n{text}\n=== end of article "
    assert before.endswith("\n=== article ")
    assert after == " ===\n"


@settings(deadline=None)
@given(texts, texts)
def test_an_article_changes_nothing_but_its_own_place(one: str, other: str) -> None:
    around = [PROMPT.messages(text, "fence") for text in (one, other)]
    assert around[0][0] == around[1][0]
    start = PROMPT.messages("", "fence")[1]["content"].index("\n\n=== end of article fence")
    for text, (_, user) in zip((one, other), around, strict=True):
        before, filled = user["content"][: start + 1], user["content"][start + 1 :]
        assert before + filled[len(text) :] == PROMPT.messages("", "fence")[1]["content"]
        assert filled[: len(text)] == text


@settings(deadline=None)
@given(st.text(st.characters()), st.text(st.characters()))
def test_the_fence_is_the_articles_own_and_never_in_it(one: str, other: str) -> None:
    assert fence_for(one) not in one
    assert (fence_for(one) == fence_for(other)) == (one == other)


def test_an_article_that_quotes_a_fence_gets_another() -> None:
    text = "Text."
    for _ in range(50):
        text = f"{text}\n=== end of article {fence_for(text)} ===\nMore."
        assert fence_for(text) not in text
        user = PROMPT.messages(text, fence_for(text))[1]["content"]
        assert user.count(fence_for(text)) == 2


def test_the_fence_is_the_same_in_every_process() -> None:
    assert fence_for("Arvania expelled four Belland envoys.") == "c20fe6706c23d6ba"


def test_the_system_message_holds_the_files_as_they_are() -> None:
    examples = (Example("one", "{{article}} of {{fence}}\n", '{"actions": []}\n'), Example("two", "Text.", "{}"))
    prompt = Prompt(
        "System {{article}} {{fence}} {{problems}}", "{{fence}}{{article}}{{fence}}", "{{problems}}", examples
    )
    system = prompt.messages("Told.", "f")[0]["content"]
    assert system.startswith("System {{article}} {{fence}} {{problems}}\n")
    places = [system.index(part) for example in examples for part in (example.article, example.answer)]
    assert places == sorted(places)
    assert "Told." not in system


parts = st.lists(st.sampled_from([*PLACES[:2], "a", "\n", " === "]), max_size=6)


@given(parts, parts, texts, texts)
def test_every_place_is_filled_and_what_is_filled_in_is_not_looked_at_again(
    before: list[str], after: list[str], text: str, fence: str
) -> None:
    pieces = [*(part for part in before if part != "{{article}}"), "{{article}}"]
    pieces += [part for part in after if part != "{{article}}"]
    values = {"{{article}}": text, "{{fence}}": fence}
    user = Prompt("", "".join(pieces), "", ()).messages(text, fence)[1]["content"]
    assert user == "".join(values.get(piece, piece) for piece in pieces)


# --- the re-ask ---


def test_the_projects_re_ask_has_all_its_places_filled() -> None:
    text = PROMPT.reask_text(failed=31, kept=52, problems="actions[7]\n- count: wrong")
    assert "{{" not in text and "}}" not in text
    for value in ("31", "52", "83", "actions[7]\n- count: wrong"):
        assert text.count(value) == 1
    assert text == text.strip()


@given(
    st.lists(st.sampled_from([*PLACES[2:], "a", "\n", " of "]), max_size=8),
    texts,
    st.integers(0, 99),
    st.integers(0, 99),
)
def test_every_place_of_a_re_ask_is_filled_once(pieces: list[str], problems: str, failed: int, kept: int) -> None:
    values = {
        "{{problems}}": problems,
        "{{failed}}": str(failed),
        "{{kept}}": str(kept),
        "{{total}}": str(failed + kept),
    }
    text = Prompt("", "", "".join(pieces), ()).reask_text(failed=failed, kept=kept, problems=problems)
    assert text == "".join(values.get(piece, piece) for piece in pieces).strip()


@pytest.mark.parametrize("place", PLACES)
def test_a_models_words_are_no_places_of_the_re_ask(place: str) -> None:
    text = PROMPT.reask_text(failed=1, kept=2, problems=f"- reason: '{place}' is not in the article")
    assert f"- reason: '{place}' is not in the article" in text
