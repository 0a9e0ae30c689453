"""Reading: files and folders become articles whose text is the file's, whatever encoding it was saved in."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractor.errors import NoArticles, UnreadableArticle, UsageError
from extractor.readers import LONGEST_ARTICLE, InputSettings, decode, read_article, read_articles

ENGLISH = "The foreign ministry expelled two diplomats on Monday, and closed a consulate.\n" * 3
GERMAN = (
    "Das Außenministerium erklärte am Dienstag zwei Diplomaten zu unerwünschten Personen. Der Botschafter äußerte sein "
    "Bedauern über die Maßnahme und kündigte an, dass seine Regierung darüber für längere Zeit beraten müsse.\n"
)
FRENCH = (
    "Le ministère des Affaires étrangères a expulsé deux diplomates à la suite de l’enquête. « C’est une décision "
    "regrettable », a déclaré l’ambassadeur, avant d’être reçu à l’Élysée où il a été prié de s’expliquer.\n"
)
RUSSIAN = "Министерство иностранных дел объявило двух дипломатов персонами нон грата и закрыло консульство.\n" * 2
SCALARS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


def write(folder: Path, **texts: str) -> Path:
    """Write a folder of text files: `write(folder, a="...")` makes a.txt."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8", newline="")
    return folder


def names_in(*paths: Path) -> list[str]:
    return [article.name for article in read_articles(paths).articles]


# --- which files are read ---


def test_articles_are_sorted_by_name_whatever_the_order_of_the_paths(tmp_path: Path) -> None:
    write(tmp_path, b="Second.", a="First.", c="Third.")
    files = [tmp_path / name for name in ("c.txt", "a.txt", "b.txt")]
    assert names_in(*files) == names_in(*reversed(files)) == names_in(tmp_path) == ["a.txt", "b.txt", "c.txt"]


def test_folders_are_searched_at_any_depth(tmp_path: Path) -> None:
    write(tmp_path / "one" / "two" / "three", deep="Deep.")
    write(tmp_path / "one", shallow="Shallow.")
    assert names_in(tmp_path) == ["deep.txt", "shallow.txt"]


@pytest.mark.parametrize("suffix", [".txt", ".TXT", ".text", ".Text"])
def test_text_suffixes_count_in_any_case(tmp_path: Path, suffix: str) -> None:
    (tmp_path / f"a{suffix}").write_text("News.")
    assert names_in(tmp_path) == [f"a{suffix}"]


def test_hidden_files_and_folders_are_left_out_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path / ".git", inner="Hidden folder.")
    (tmp_path / ".hidden.txt").write_text("Hidden file.")
    write(tmp_path, shown="Shown.")
    inputs = read_articles([tmp_path])
    assert [article.name for article in inputs.articles] == ["shown.txt"]
    assert inputs.passed_over == ()


def test_a_hidden_file_named_outright_is_read(tmp_path: Path) -> None:
    (tmp_path / ".hidden.txt").write_text("Hidden file.")
    assert names_in(tmp_path / ".hidden.txt") == [".hidden.txt"]


def test_a_file_named_outright_is_read_whatever_its_suffix(tmp_path: Path) -> None:
    (tmp_path / "article.md").write_text("News.")
    assert names_in(tmp_path / "article.md") == ["article.md"]


def test_files_in_a_folder_that_are_no_text_are_passed_over_by_name(tmp_path: Path) -> None:
    write(tmp_path, a="News.")
    for name in ("z.docx", "b.png", "c.gz"):
        (tmp_path / name).write_text("Not read.")
    assert read_articles([tmp_path]).passed_over == ("b.png", "c.gz", "z.docx")


def test_a_folder_with_a_text_files_name_is_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "x.txt", inner="News.")
    assert names_in(tmp_path) == names_in(tmp_path / "x.txt") == ["inner.txt"]


def test_a_link_to_a_file_and_a_link_to_a_folder_are_followed_when_named(tmp_path: Path) -> None:
    write(tmp_path / "real", a="News.")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real" / "a.txt")
    (tmp_path / "folder").symlink_to(tmp_path / "real")
    assert names_in(tmp_path / "link.txt") == ["link.txt"]
    assert names_in(tmp_path / "folder") == ["a.txt"]


def test_a_link_in_a_folder_to_the_folder_itself_is_no_endless_walk(tmp_path: Path) -> None:
    write(tmp_path, a="News.")
    (tmp_path / "again").symlink_to(tmp_path)
    assert names_in(tmp_path) == ["a.txt"]


def test_a_path_that_does_not_exist_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.txt"):
        read_articles([write(tmp_path, a="News."), tmp_path / "nowhere.txt"])


@pytest.mark.parametrize("files", [[], ["a.docx"], [".hidden.txt"]], ids=["empty", "no text file", "hidden file"])
def test_paths_without_any_article_are_refused_by_name(tmp_path: Path, files: list[str]) -> None:
    for name in files:
        (tmp_path / name).write_text("News.")
    with pytest.raises(NoArticles) as refusal:
        read_articles([tmp_path])
    assert str(tmp_path) in refusal.value.message
    assert ".txt" in refusal.value.advice


# --- identity ---


def test_an_articles_id_is_made_from_its_text_alone(tmp_path: Path) -> None:
    write(tmp_path / "one", a="News.")
    write(tmp_path / "two", b="News.", a="Other news.")
    first, same, other = (read_article(tmp_path / path) for path in ("one/a.txt", "two/b.txt", "two/a.txt"))
    assert first.id == same.id == "art-" + hashlib.sha256(b"News.").hexdigest()[:12]
    assert other.id != first.id


def test_two_texts_under_one_name_are_two_articles_in_a_stable_order(tmp_path: Path) -> None:
    folders = [write(tmp_path / "one", a="News."), write(tmp_path / "two", a="Other news.")]
    articles = read_articles(folders).articles
    assert [article.name for article in articles] == ["a.txt", "a.txt"]
    assert {article.text for article in articles} == {"News.", "Other news."}
    assert articles == read_articles(folders[::-1]).articles


def test_one_text_under_two_names_is_one_article(tmp_path: Path) -> None:
    inputs = read_articles([write(tmp_path, b="News.", a="News.")])
    assert [article.name for article in inputs.articles] == ["a.txt"]
    assert inputs.duplicates == (("b.txt", "a.txt"),)


def test_one_text_in_two_encodings_is_one_article(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(GERMAN, encoding="utf-8")
    (tmp_path / "b.txt").write_text(GERMAN, encoding="utf-16")
    inputs = read_articles([tmp_path])
    assert inputs.duplicates == (("b.txt", "a.txt"),)


def test_a_file_reached_twice_is_read_once_and_repeats_nothing(tmp_path: Path) -> None:
    write(tmp_path, a="News.")
    inputs = read_articles([tmp_path, tmp_path / "a.txt", tmp_path / ".." / tmp_path.name / "a.txt"])
    assert len(inputs.articles) == 1
    assert inputs.duplicates == ()


def test_the_source_is_the_path_that_was_given(tmp_path: Path) -> None:
    write(tmp_path / "one", a="News.")
    assert read_articles([tmp_path]).articles[0].source == str(tmp_path / "one" / "a.txt")


# --- what is no article ---


def test_a_file_that_cannot_be_read_costs_no_other(tmp_path: Path) -> None:
    write(tmp_path, empty="", good="News.", spaces=" \n\t\n")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "link.txt").symlink_to(tmp_path / "nowhere")
    inputs = read_articles([tmp_path])
    assert [article.name for article in inputs.articles] == ["good.txt"]
    assert [item.name for item in inputs.unread] == ["binary.txt", "empty.txt", "link.txt", "spaces.txt"]
    for item in inputs.unread:
        assert item.name in item.error.message
        assert item.error.advice


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"], ids=["none", "UTF-8", "LE", "BE"])
def test_a_file_of_nothing_but_a_byte_order_mark_is_empty(tmp_path: Path, mark: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(mark)
    with pytest.raises(UnreadableArticle, match=r"a\.txt is empty"):
        read_article(tmp_path / "a.txt")


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x00\x00\x00\x01\x80\x08\x06\x00\x00\x00" + bytes(range(256)),
        b"\x7fELF\x02\x01\x01" + bytes(9) + bytes(range(256)) * 8,
        b"News\x00 with a NUL in it.",
        bytes(100),
    ],
    ids=["PNG", "ELF", "NUL", "NULs"],
)
def test_binary_data_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.txt").write_bytes(data)
    with pytest.raises(UnreadableArticle, match=r"a\.txt is not a text file"):
        read_article(tmp_path / "a.txt")


@pytest.mark.parametrize(
    ("data", "encoding"),
    [(b"\xef\xbb\xbfcaf\xe9", "UTF-8"), (b"\xff\xfea\x00b", "UTF-16"), (b"\xff\xfe\x00\xd8a\x00", "UTF-16")],
    ids=["UTF-8", "half a unit", "half a pair"],
)
def test_a_text_that_does_not_keep_what_its_mark_promises_is_refused(data: bytes, encoding: str) -> None:
    with pytest.raises(UnreadableArticle, match=rf"a\.txt begins like {encoding}"):
        decode(data, "a.txt")


def test_an_article_may_be_as_long_as_the_limit_and_no_longer(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("ü" * LONGEST_ARTICLE, encoding="utf-8")
    assert len(read_article(tmp_path / "a.txt").text) == 2_000_000
    (tmp_path / "a.txt").write_text("ü" * (LONGEST_ARTICLE + 1), encoding="utf-8")
    with pytest.raises(
        UnreadableArticle, match=r"a\.txt is too long: 2,000,001 characters, and the limit is 2,000,000 characters"
    ):
        read_article(tmp_path / "a.txt")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_the_limit_counts_characters_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "a.txt").write_text("😀" * LONGEST_ARTICLE, encoding=encoding)
    assert len(read_article(tmp_path / "a.txt").text) == LONGEST_ARTICLE


def test_a_huge_file_is_refused_by_its_size(tmp_path: Path) -> None:
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(UnreadableArticle, match=r"a\.txt is too long: 1,099,511,627,776 bytes"):
        read_article(tmp_path / "a.txt")


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    with pytest.raises(UnreadableArticle, match=r"a\.txt is not a regular file"):
        read_article(tmp_path / "a.txt")


# --- encodings ---


@given(text=SCALARS, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_any_text_comes_back_whole(tmp_path_factory: pytest.TempPathFactory, text: str, encoding: str) -> None:
    assume(text.strip() and not text.startswith("\ufeff"))
    path = tmp_path_factory.getbasetemp() / "any.txt"
    path.write_bytes(text.encode(encoding))
    assert read_article(path).text == text


@pytest.mark.parametrize("mark", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@given(text=SCALARS)
def test_a_byte_order_mark_decides_the_encoding(mark: str, text: str) -> None:
    assume(not text.startswith("\ufeff"))
    assert decode(("\ufeff" + text).encode(mark), "a.txt") == (text, mark[:6])


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("text", [ENGLISH, GERMAN, FRENCH], ids=["English", "German", "French"])
def test_utf_16_without_a_mark_is_recognised(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), "a.txt") == (text, encoding)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(GERMAN, "latin-1"), (GERMAN, "cp1252"), (FRENCH, "cp1252"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r")],
    ids=["German Latin-1", "German cp1252", "French cp1252", "Russian cp1251", "Russian KOI8-R"],
)
def test_one_byte_encodings_are_read_right(text: str, encoding: str) -> None:
    found, _ = decode(text.encode(encoding), "a.txt")
    assert found == text


@pytest.mark.parametrize(
    "text",
    [
        "The minister said: “We won’t expel anybody – not today.” The ambassador’s reply came at once.\n",
        "The minister said he won’t expel any diplomats.\n",
        ENGLISH + "The ambassador left for Málaga.\n",
        ENGLISH + "The café opposite the embassy was closed.\n",
        ENGLISH + "They were fined £300\u00a0each.\n",
    ],
    ids=["quotation marks", "one apostrophe", "one name", "one word", "one amount"],
)
def test_english_with_a_few_western_characters_is_read_right(text: str) -> None:
    found, _ = decode(text.encode("cp1252"), "a.txt")
    assert found == text


POLISH = "Minister spraw zagranicznych Łukasz Żółć złożył w środę wyjaśnienia w sprawie wydalonych dyplomatów.\n"


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp1250", "cp1250"), ("latin2", "iso8859-2"), ("UTF-16LE", "utf-16-le")]
)
def test_a_named_encoding_is_believed(encoding: str, name: str) -> None:
    assert decode(POLISH.encode(encoding), "a.txt", encoding) == (POLISH, name)


@pytest.mark.parametrize("own", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_utf_8_and_byte_order_marks_go_over_a_named_encoding(own: str) -> None:
    assert decode(POLISH.encode(own), "a.txt", "cp1252") == (POLISH, own.removesuffix("-sig"))


def test_a_named_encoding_makes_no_text_of_binary_data() -> None:
    with pytest.raises(UnreadableArticle, match=r"a\.txt is not a text file"):
        decode(bytes(range(256)), "a.txt", "latin-1")


def test_a_file_that_does_not_fit_the_named_encoding_costs_no_other(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"\x81\xff")
    (tmp_path / "good.txt").write_bytes(POLISH.encode("cp1250"))
    inputs = read_articles([tmp_path], InputSettings(encoding="cp1250"))
    assert [(article.text, article.encoding) for article in inputs.articles] == [(POLISH, "cp1250")]
    [bad] = inputs.unread
    assert "bad.txt is neither UTF-8 nor cp1250: byte 0 does not fit" in bad.error.message
    assert "--encoding" in bad.error.advice


@pytest.mark.parametrize("encoding", ["klingon", "", "rot13", "hex", "a\x00b", "ü"])
def test_an_encoding_that_is_none_is_refused_before_anything_is_read(tmp_path: Path, encoding: str) -> None:
    for read in (read_article, lambda path, encoding: read_articles([path], InputSettings(encoding=encoding))):
        with pytest.raises(UsageError, match="no encoding"):
            read(tmp_path / "nowhere.txt", encoding=encoding)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x0b"])
def test_line_ends_are_kept_as_they_are(tmp_path: Path, end: str) -> None:
    text = f"One.{end}Two.{end}{end}Three.{end}"
    (tmp_path / "a.txt").write_bytes(text.encode())
    assert read_article(tmp_path / "a.txt").text == text


def test_offsets_count_code_points_and_no_mark(tmp_path: Path) -> None:
    text = "😀 Fünf\r\nDiplomaten 🇩🇪 reisten ab."
    (tmp_path / "a.txt").write_bytes(text.encode("utf-16"))
    read = read_article(tmp_path / "a.txt").text
    assert read.index("Diplomaten") == 8
    assert len(read) == len(text)
