"""Inputs: every format gives its text and what it says of the article, and a bad file or row costs no other."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractor.dates import find_anchor, find_published
from extractor.errors import NoArticles, UnreadableArticle, UsageError
from extractor.readers import READERS, InputSettings, read_article, read_articles
from extractor.readers.columns import USUAL

from .conftest import SEEDS, Finished, action, actor, answer

NEWS = "Britain expelled two Norvanian diplomats on Monday, the Foreign Office said."
OTHER = "Norvania said that it would not respond in kind."


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(*paths: Path, **settings: str) -> dict[str, str]:
    return {article.name: article.text for article in read_articles(paths, InputSettings(**settings)).articles}


def refusals(*paths: Path, **settings: str) -> dict[str, str]:
    return {item.name: item.error.message for item in read_articles(paths, InputSettings(**settings)).unread}


def told(path: Path, **settings: str) -> dict[str, str]:
    """What the metadata of the one article say."""
    (article,) = read_articles([path], InputSettings(**settings)).articles
    return article.metadata.model_dump(exclude_none=True)


def json_lines(*rows: Any) -> str:
    return "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)


# --- rows ---


def test_each_json_line_is_an_article_named_by_its_id_or_line(tmp_path: Path) -> None:
    path = write(tmp_path / "news.jsonl", json_lines({"text": NEWS, "id": "a-17"}, "", {"text": OTHER}))
    assert texts(path) == {"news.jsonl#a-17": NEWS, "news.jsonl#3": OTHER}


def test_a_bad_line_costs_no_other_and_is_named(tmp_path: Path) -> None:
    lines = json_lines({"text": NEWS}, "{", "[1]", {"text": " "}, {"other": 1}, {"text": None}, {"text": OTHER})
    path = write(tmp_path / "news.jsonl", lines)
    assert texts(path) == {"news.jsonl#1": NEWS, "news.jsonl#7": OTHER}
    found = refusals(path)
    assert list(found) == [f"news.jsonl#{number}" for number in (2, 3, 4, 5, 6)]
    assert "line 2, is no JSON" in found["news.jsonl#2"]
    assert "line 3, is no JSON object" in found["news.jsonl#3"]
    assert "line 4, has no text" in found["news.jsonl#4"]
    assert "line 5, has no column that is known to hold the text: there is other" in found["news.jsonl#5"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_each_csv_row_is_an_article_whatever_separates(tmp_path: Path, separator: str) -> None:
    text = io.StringIO(newline="")
    rows = csv.writer(text, delimiter=separator)
    rows.writerows([["Headline", "Full Text", "Publication Date"], ["Two go", f"{NEWS}\n\n{OTHER}", "2017-01-03"]])
    path = write(tmp_path / "news.csv", text.getvalue())
    assert texts(path) == {"news.csv#2": f"Two go\n\n{NEWS}\n\n{OTHER}"}
    assert told(path) == {"title": "Two go", "published": "2017-01-03"}


def test_a_bad_csv_row_costs_no_other(tmp_path: Path) -> None:
    path = write(tmp_path / "news.csv", f'id,text\n1,"{NEWS}"\n2,"x"y\n3,a,b,c\n4,\n\n5,"{OTHER}"\n6,"unclosed\n')
    assert texts(path) == {"news.csv#1": NEWS, "news.csv#5": OTHER}
    found = refusals(path)
    assert "line 3, is no CSV" in found["news.csv#3"]
    assert "line 4, has 4 cells, and there are 2 columns" in found["news.csv#4"]
    assert "line 5, has no text" in found["news.csv#5"]
    assert "line 8, is no CSV" in found["news.csv#8"]


@pytest.mark.parametrize("name", ["news.csv", "news.tsv", "news.jsonl", "news.parquet"])
def test_columns_are_named_or_known(tmp_path: Path, name: str) -> None:
    row = {"Story": "Not this.", "wire text": NEWS, "nr": "9", "source": "AP", "link": "https://x.org/9", "lang": "en"}
    path = write(tmp_path / name, encoded(name, [row]))
    assert texts(path, columns="text=wire text, id=nr") == {f"{name}#9": NEWS}
    assert told(path, columns="text=wire text,id=nr") == {
        "source_id": "9", "publisher": "AP", "url": "https://x.org/9", "language": "en"
    }  # fmt: skip


def encoded(name: str, rows: Sequence[dict[str, Any]]) -> bytes:
    """Rows as a file of this name."""
    if name.endswith("jsonl"):
        return json_lines(*rows).encode()
    if name.endswith("parquet"):
        import pyarrow as pa
        import pyarrow.parquet as pq

        file = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(list(rows)), file)
        return file.getvalue()
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), delimiter="\t" if name.endswith("tsv") else ",")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.mark.parametrize("name", ["news.csv", "news.parquet"])
def test_a_table_without_a_text_fails_as_a_whole(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, encoded(name, [{"nr": "1", "words": NEWS}]))
    assert refusals(path) == {name: f"{name} has no column that is known to hold the text: there is nr, words."}
    assert refusals(path, columns="text=wrods") == {name: f"{name} has no column wrods: there is nr, words."}


@pytest.mark.parametrize("columns", ["text", "text=", "=body", "texts=body", "text=body,,id=x"])
def test_columns_that_are_none_are_refused(columns: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--columns has"):
        read_articles([write(tmp_path / "a.txt", NEWS)], InputSettings(columns=columns))


@pytest.mark.parametrize("field", [name for name in USUAL if name != "text"])
@pytest.mark.parametrize("spelling", [str, str.upper, lambda name: f" {name}_"])
def test_usual_names_are_known_in_any_spelling(tmp_path: Path, field: str, spelling: Callable[[str], str]) -> None:
    for name in USUAL[field]:
        path = write(tmp_path / f"{name}.jsonl", json_lines({"Full Text": NEWS, spelling(name): "A value"}))
        assert told(path) == {field: "A value"}


def test_values_of_exports_are_put_into_words(tmp_path: Path) -> None:
    row = {"content": NEWS, "source": {"id": None, "name": "AP"}, "author": ["A. One", "B. Two"], "id": 7, "url": None}
    path = write(tmp_path / "news.jsonl", json_lines(row))
    assert told(path) == {"publisher": "AP", "author": "A. One, B. Two", "source_id": "7"}


def test_moments_in_parquet_are_dates(tmp_path: Path) -> None:
    from datetime import UTC, datetime

    row = {"text": NEWS, "published_at": datetime(2017, 1, 3, 23, 30, tzinfo=UTC)}
    path = write(tmp_path / "news.parquet", encoded("news.parquet", [row]))
    assert told(path)["published"].startswith("2017-01-03T23:30")


def test_rows_with_half_characters_are_kept_as_text(tmp_path: Path) -> None:
    path = write(tmp_path / "news.jsonl", '{"text": "Two \\ud83d diplomats \\u0000 left.", "title": "A \\udc00"}\n')
    assert texts(path) == {"news.jsonl#1": "A \ufffd\n\nTwo \ufffd diplomats \ufffd left."}


def test_an_output_given_as_articles_is_refused_line_by_line(tmp_path: Path) -> None:
    path = write(tmp_path / "events.jsonl", json_lines({"run": {}}, {"record": {}}))
    assert len(refusals(path)) == 2 and not texts(path)


@given(rows=st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(str.strip), min_size=1))
@pytest.mark.parametrize("name", ["any.jsonl", "any.csv"])
def test_texts_of_rows_come_back_whole(tmp_path_factory: pytest.TempPathFactory, name: str, rows: list[str]) -> None:
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(encoded(name, [{"id": number, "text": text} for number, text in enumerate(rows)]))
    inputs = read_articles([path])
    assert not inputs.unread
    assert {article.text for article in inputs.articles} == set(rows)


# --- Markdown ---


def test_markdown_is_read_without_its_marks(tmp_path: Path) -> None:
    page = (
        "# Two *go*\n\nBritain [expelled](https://x.org) **two** men\nof Norvania.\n\n- One `left`\n- One stayed\n\n"
        "> Quoted & said\n\n<div>hidden</div>\n\n![picture](a.png)\n\n| a | b |\n|---|---|\n| c | d |\n\n    code\n"
    )
    assert texts(write(tmp_path / "a.md", page)) == {
        "a.md": "Two go\n\nBritain expelled two men\nof Norvania.\n\nOne left\n\nOne stayed\n\nQuoted & said\n\n"
        "a\n\nb\n\nc\n\nd\n\ncode"
    }


FRONT_MATTER = {
    "YAML": "---\ntitle: Two go\ndate: 2017-01-03\nauthor: [A, B]\nurl: https://x.org/1\n---\n",
    "TOML": '+++\ntitle = "Two go"\ndate = 2017-01-03\nauthor = ["A", "B"]\nurl = "https://x.org/1"\n+++\n',
}


@pytest.mark.parametrize("kind", FRONT_MATTER)
def test_front_matter_is_metadata_and_no_text(tmp_path: Path, kind: str) -> None:
    path = write(tmp_path / "a.md", f"{FRONT_MATTER[kind]}\n{NEWS}\n")
    assert texts(path) == {"a.md": f"Two go\n\n{NEWS}"}
    assert told(path) == {"title": "Two go", "published": "2017-01-03", "author": "A, B", "url": "https://x.org/1"}


def test_broken_front_matter_costs_no_other(tmp_path: Path) -> None:
    write(tmp_path / "bad.md", f"---\ntitle: [\n---\n{NEWS}")
    write(tmp_path / "bomb.md", f"---\n{'[' * 5000}\n---\n{NEWS}")
    write(tmp_path / "good.md", f"{NEWS}\n\n---\n\n{OTHER}")
    assert texts(tmp_path) == {"good.md": f"{NEWS}\n\n{OTHER}"}
    assert all("its front matter is no YAML" in message for message in refusals(tmp_path).values())


# --- web pages ---

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Two go | Example</title>
<meta property="og:title" content="Two go"><meta name="author" content="Ann Writer">
<meta property="og:site_name" content="Example News"><link rel="canonical" href="https://example.org/1">
<meta property="article:published_time" content="2017-01-03T23:30:00+03:00"></head><body>
<nav><a href="/">Home</a> <a href="/sport">Sport</a></nav><article><h1>Two go</h1><p>Britain expelled two Norvanian
diplomats on Monday, the Foreign Office said, calling their work in the city a threat to its interests.</p>
<p>“It’s regrettable”, said the ambassador, who is to leave <b>within 72 hours</b> with his family and staff.</p>
<script>alert(1)</script></article><aside>Subscribe to our newsletter</aside><footer>Cookie policy</footer></body>
"""


def test_a_page_gives_its_article_and_what_its_head_says(tmp_path: Path) -> None:
    path = write(tmp_path / "a.html", PAGE)
    (text,) = texts(path).values()
    assert text.startswith("Two go") and text.count("Two go") == 1
    assert "said the ambassador, who is to leave within 72 hours" in text
    for boilerplate in ("Sport", "newsletter", "Cookie", "alert", "<"):
        assert boilerplate not in text
    assert told(path) == {
        "title": "Two go", "author": "Ann Writer", "publisher": "Example News", "url": "https://example.org/1",
        "language": "en-GB", "published": "2017-01-03",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r"])
def test_a_page_is_read_in_the_encoding_that_it_names(tmp_path: Path, encoding: str) -> None:
    words = "Министерство иностранных дел объявило двух дипломатов персонами нон грата и закрыло консульство. " * 4
    page = f'<html><head><meta charset="{encoding}"></head><body><article><p>{words}</p></article></body></html>'
    (article,) = read_articles([write(tmp_path / "a.html", page.encode(encoding))]).articles
    assert "Министерство иностранных дел" in article.text


@pytest.mark.parametrize("page", ["<html></html>", "<html><body><script>run()</script></body></html>", "   "])
def test_a_page_without_an_article_is_refused(tmp_path: Path, page: str) -> None:
    assert "holds no article" in refusals(write(tmp_path / "a.html", page))["a.html"]


# --- PDF ---


def pdf(text: str, *, password: str = "") -> bytes:
    """A PDF of one page with a line of text."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject, NameObject, StreamObject

    writer = PdfWriter()
    page = writer.add_blank_page(600, 800)
    font = DictionaryObject(
        {NameObject(f"/{key}"): NameObject(f"/{value}") for key, value in
         {"Type": "Font", "Subtype": "Type1", "BaseFont": "Helvetica"}.items()}
    )  # fmt: skip
    page[NameObject("/Resources")] = DictionaryObject(
        {NameObject("/Font"): DictionaryObject({NameObject("/F1"): writer._add_object(font)})}  # noqa: SLF001
    )
    stream = StreamObject()
    stream.set_data(f"BT /F1 12 Tf 50 700 Td ({text}) Tj ET".encode() if text else b"")
    page[NameObject("/Contents")] = writer._add_object(stream)  # noqa: SLF001
    writer.add_metadata({"/Title": "Two go", "/Author": "Ann Writer"})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    assert PdfReader(file)
    return file.getvalue()


def test_a_pdf_gives_its_text_layer(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", pdf(NEWS))
    assert texts(path) == {"a.pdf": NEWS}
    assert told(path) == {"title": "Two go", "author": "Ann Writer"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pdf(""), "has no text layer"),
        (pdf(NEWS, password="x"), "is locked with a password"),  # noqa: S106
        (b"%PDF-1.4\n%nothing", "cannot be read as PDF"),
        (b"", "cannot be read as PDF"),
    ],
    ids=["scan", "locked", "broken", "empty"],
)
def test_a_pdf_without_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    write(tmp_path / "a.txt", NEWS)
    write(tmp_path / "b.pdf", data)
    assert texts(tmp_path) == {"a.txt": NEWS}
    assert message in refusals(tmp_path)["b.pdf"]


# --- compression, globs, folders ---


def zst(data: bytes) -> bytes:
    import zstandard

    return zstandard.ZstdCompressor().compress(data)


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zst)])
def test_packed_files_are_read_by_the_ending_within(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    write(tmp_path / f"a.txt{ending}", pack(NEWS.encode()))
    write(tmp_path / f"b.jsonl{ending}", pack(json_lines({"text": OTHER}).encode()))
    assert texts(tmp_path) == {f"a.txt{ending}": NEWS, f"b.jsonl{ending}#1": OTHER}


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zst)])
@pytest.mark.parametrize("harm", ["cut", "none", "bomb"])
def test_packed_files_that_are_none_or_too_much_cost_no_other(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes], harm: str
) -> None:
    data = {"cut": pack(NEWS.encode() * 99)[:-9], "none": b"no such thing", "bomb": pack(b"a" * 9_000_000)}[harm]
    write(tmp_path / f"a.txt{ending}", data)
    write(tmp_path / "b.txt", NEWS)
    assert texts(tmp_path) == {"b.txt": NEWS}
    assert "too long" in refusals(tmp_path)[f"a.txt{ending}"] if harm == "bomb" else refusals(tmp_path)


@pytest.mark.parametrize(("ending", "pack"), [(".gz", gzip.compress), (".zst", zst)])
def test_a_packed_file_that_is_cut_off_is_none_and_one_of_several_parts_is_whole(
    tmp_path: Path, ending: str, pack: Callable[[bytes], bytes]
) -> None:
    words = "".join(f"{number} diplomats left. " for number in range(100_000))
    write(tmp_path / f"cut.txt{ending}", pack(words.encode())[:-50])
    write(tmp_path / f"whole.txt{ending}", pack(NEWS.encode()) + pack(b" " + OTHER.encode()))
    assert texts(tmp_path) == {f"whole.txt{ending}": f"{NEWS} {OTHER}"}
    assert "cannot be unpacked" in refusals(tmp_path)[f"cut.txt{ending}"]


def test_globs_are_expanded(tmp_path: Path) -> None:
    write(tmp_path / "2016" / "a.txt", NEWS)
    write(tmp_path / "2017" / "deep" / "b.txt", OTHER)
    write(tmp_path / "2017" / ".hidden.txt", "Hidden.")
    assert set(texts(tmp_path / "*" / "*.txt")) == {"a.txt"}
    assert set(texts(tmp_path / "**" / "*.txt")) == {"a.txt", "b.txt"}
    with pytest.raises(UsageError, match="Nothing matches"):
        texts(tmp_path / "*.csv")


def test_a_name_with_the_signs_of_a_glob_is_a_name(tmp_path: Path) -> None:
    write(tmp_path / "a[1].txt", NEWS)
    write(tmp_path / "a1.txt", OTHER)
    assert set(texts(tmp_path / "a[1].txt")) == {"a[1].txt"}


def test_folders_are_searched_for_every_known_ending(tmp_path: Path) -> None:
    for fmt in READERS.values():
        for suffix in fmt.suffixes:
            write(tmp_path / "in" / f"x{suffix.upper()}", "nothing")
    write(tmp_path / "in" / "x.docx", "nothing")
    inputs = read_articles([tmp_path])
    met = {article.name.partition("#")[0] for article in inputs.articles} | {
        item.name.partition("#")[0] for item in inputs.unread
    } | {name for name, _ in inputs.duplicates}  # fmt: skip
    assert met == {f"x{suffix.upper()}" for fmt in READERS.values() for suffix in fmt.suffixes}
    assert inputs.passed_over == ("x.docx",)


def test_a_file_of_no_known_ending_is_plain_text_or_what_it_is_said_to_be(tmp_path: Path) -> None:
    path = write(tmp_path / "export.dat", json_lines({"text": NEWS}))
    assert texts(path) == {"export.dat": json_lines({"text": NEWS})}
    assert texts(path, format="jsonl") == {"export.dat#1": NEWS}
    with pytest.raises(UsageError, match="'docx' is no format of articles"):
        texts(path, format="docx")
    with pytest.raises(NoArticles, match="no file of a known ending"):
        texts(tmp_path)


def test_one_file_of_several_articles_is_not_one_article(tmp_path: Path) -> None:
    with pytest.raises(UnreadableArticle, match="holds several articles"):
        read_article(write(tmp_path / "news.jsonl", json_lines({"text": NEWS}, {"text": OTHER})))


# --- dates beside the text ---


@pytest.mark.parametrize(
    "words",
    [
        "2017-01-03", "2017-01-03T23:30:00Z", "2017-01-03 23:30:00+03:00", "20170103", "20170103233000",
        "Tue, 03 Jan 2017 23:30:00 GMT", "January 3, 2017", "3 January 2017",
    ],
)  # fmt: skip
def test_the_day_of_the_metadata_is_the_anchor(words: str) -> None:
    text = "LONDON, January 5, 2017 - Britain expelled two diplomats on Monday."
    for anchor in (find_published(text, words), find_anchor(text, words)):
        assert anchor is not None
        assert (anchor.value, anchor.basis, anchor.text) == ("2017-01-03", "metadata", words)
        assert anchor.start is anchor.end is None


@pytest.mark.parametrize(
    "words", [None, "", "yesterday", "01/02/2017", "2017-01", "1483484400", "2017-01-03/2017-01-05"]
)
def test_a_date_that_tells_no_one_day_leaves_it_to_the_text(words: str | None) -> None:
    text = "LONDON, January 5, 2017 - Britain expelled two diplomats on Monday."
    assert find_published(text, words) == find_published(text)
    assert find_anchor(text, words) == find_anchor(text)


# --- the command ---

Extract = Callable[..., Finished]
EXPULSION = action(
    "Britain expelled two Norvanian diplomats on Monday",
    date_text="on Monday",
    actors=[actor("Britain", country="United Kingdom")],
    targets=[actor("Norvanian diplomats", kind="person")],
    count=2,
    count_unit="diplomats",
)


def test_a_weekday_is_read_against_the_day_of_a_column(extract: Extract, serve: Any, tmp_path: Path) -> None:
    service = serve(lambda body: answer(actions=[EXPULSION]))
    row = {"id": "x1", "text": NEWS, "published": "2017-01-03T08:00:00Z", "source": "AP", "url": "https://x.org/1"}
    write(tmp_path / "news.jsonl", json_lines(row, "{"))
    done = extract(
        "news.jsonl", "--model", "compatible/test", "--base-url", service.url, "--out", "events.json", "--attempts", "1"
    )
    assert done.code == 4, done.err
    assert "news.jsonl, line 2, is no JSON" in done.err
    result = json.loads((tmp_path / "events.json").read_text())
    entries = {entry["name"]: entry for entry in result["articles"]}
    good, bad = entries["news.jsonl#x1"], entries["news.jsonl#2"]
    assert bad["outcome"] == "failed" and bad["failure"]["kind"] == "unreadable_article"
    assert good["published"] == good["anchor"] == {
        "value": "2017-01-03", "text": "2017-01-03T08:00:00Z", "start": None, "end": None, "basis": "metadata"
    }  # fmt: skip
    assert good["metadata"]["publisher"] == "AP" and good["metadata"]["source_id"] == "x1"
    (record,) = result["records"]
    assert (record["date"]["value"], record["date"]["anchor"]) == ("2017-01-02", "2017-01-03")


def test_standard_input_is_an_article_or_rows(extract: Extract, serve: Any, tmp_path: Path) -> None:
    import subprocess
    import sys

    service = serve(lambda body: answer(actions=[EXPULSION]))
    live = ["--model", "compatible/test", "--base-url", service.url]
    for data, more, name in ((NEWS, [], "stdin"), (json_lines({"text": NEWS}), ["--input-format", "jsonl"], "stdin#1")):
        done = subprocess.run(
            [sys.executable, "-m", "extractor.cli", "-", *live, *more], input=data.encode(), cwd=tmp_path,
            capture_output=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        (entry,) = json.loads(done.stdout)["articles"]
        assert (entry["name"], entry["text"]) == (name, NEWS)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("a.html", "trafilatura", "html"), ("a.pdf", "pypdf", "pdf"), ("a.parquet", "pyarrow", "parquet"),
     ("a.txt.zst", "zstandard", "zst")],
)  # fmt: skip
def test_what_is_missing_is_named_with_what_brings_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, module, None)
    for loaded in [
        each for each in sys.modules if each.startswith("extractor.readers.") and each.endswith(f".{extra}")
    ]:
        monkeypatch.delitem(sys.modules, loaded)
    write(tmp_path / name, "nothing")
    write(tmp_path / "b.txt", NEWS)
    inputs = read_articles([tmp_path])
    assert [article.name for article in inputs.articles] == ["b.txt"]
    (lacking,) = inputs.unread
    assert f"{name} cannot be read without {module}" in lacking.error.message
    assert lacking.error.advice == f"Install it: pip install 'event-extractor[{extra}]'."


def test_reading_and_writing_load_nothing_that_they_do_not_use() -> None:
    import subprocess
    import sys

    heavy = {"pyarrow", "trafilatura", "pypdf", "zstandard", "networkx", "markdown_it", "yaml", "lxml"}
    code = (
        "import sys, extractor.cli, extractor.readers, extractor.writers\n"
        "from pathlib import Path\n"
        "from extractor.readers import read_articles\n"
        f"read_articles([Path({str(SEEDS)!r})])\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_long_line_of_a_table_is_a_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", f"text\n{'word ' * 40_000}")
    assert len(texts(path)["a.csv#2"]) == 200_000
    assert "no column" in refusals(write(tmp_path / "b.csv", "word " * 40_000))["b.csv"]


def test_dates_without_a_reading_are_kept_as_they_are(tmp_path: Path) -> None:
    path = write(tmp_path / "news.jsonl", json_lines({"text": NEWS, "date": "early spring"}))
    assert told(path) == {"published": "early spring"}
