"""Gold held against its article and the vocabularies: what is wrong, where, and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pydantic import JsonValue

from extractor.consolidation.mentions import period_of
from extractor.evaluation.fields import Field, Kind, fields_of
from extractor.evaluation.gold import ANY_OF, OPTIONAL, VALUE, GoldRecord, alternatives, element
from extractor.evaluation.goldfiles import GoldFile, Problem
from extractor.grounding import GroundedText
from extractor.readers import Article
from extractor.schema.vocabulary import Match


def check(files: Sequence[GoldFile], articles: Iterable[Article]) -> list[Problem]:
    """All that is wrong in gold files: shape, terms, dates, ids, and evidence against the articles' texts.

    Articles are found by file name; one that is missing is a problem of its gold.
    """
    by_name: dict[str, list[Article]] = {}
    for article in articles:
        by_name.setdefault(article.name, []).append(article)
    problems: list[Problem] = []
    owners: dict[str, GoldFile] = {}
    for file in files:
        first = owners.setdefault(file.gold.id, file)
        if first is not file:
            problems.append(file.problem(f"{first.path} has the gold of this article already.", field="id"))
        problems += check_shape(file)
        problems += _against(file, by_name.get(file.gold.article, []))
    return problems


def check_shape(file: GoldFile) -> list[Problem]:
    """What is wrong in a gold file as far as it can be told without the article."""
    records = file.gold.records
    counted = Counter(record.id for record in records)
    codes = Counter(code.id for code in file.gold.codes or ())
    problems = [
        file.problem(f"{name} is the id of {count} of them; give each its own.", field="codes")
        for name, count in codes.items()
        if count > 1
    ]
    for place, record in enumerate(records):
        if counted[record.id] > 1:
            problems.append(file.problem("another record has this id, too; give each its own.", record=place))
        problems += [file.problem(text, record=place, field=name) for name, text in _references(record, records)]
        problems += [file.problem(text, record=place, field=name) for name, text in _fields(record)]
        if file.gold.origin is None:
            problems += [file.problem(text, record=place, field=name) for name, text in _undefined(record)]
    return problems


def _references(record: GoldRecord, records: Sequence[GoldRecord]) -> Iterator[tuple[str, str]]:
    by_id = {other.id: other for other in records}
    if record.part_of is not None:
        whole = by_id.get(record.part_of)
        if whole is None or whole is record:
            yield "part_of", f"{record.part_of} is no other record of this file."
        elif whole.type != record.type:
            yield "part_of", f"{record.part_of} is a {whole.type}, this is a {record.type}."
        elif not whole.is_scored:
            yield "part_of", f"{record.part_of} is not scored itself; name one that is core and no part."
    for other in record.repeats:
        if other not in by_id or other == record.id:
            yield "repeats", f"{other} is no other record of this file."


def _fields(record: GoldRecord) -> Iterator[tuple[str, str]]:
    known = fields_of(record.type)
    for name, value in record.fields.items():
        if name not in known:
            yield name, f"a {record.type} has no such field; it has {', '.join(known)}."
        else:
            yield from ((name, text) for text in _value(known[name], value))


def _undefined(record: GoldRecord) -> Iterator[tuple[str, str]]:
    defining = {"diplomatic_action": ("action", "status"), "sanction": ("status", "direction"), "statement": ("act",)}
    for name in defining[record.type]:
        if name not in record.fields:
            yield name, "is missing; it is what the record is known by."


def _value(field: Field, value: JsonValue) -> Iterator[str]:
    if isinstance(value, dict) and ANY_OF in value and (set(value) != {ANY_OF} or not isinstance(value[ANY_OF], list)):
        yield f"{ANY_OF} stands alone and holds a list: {{{ANY_OF}: [one, another]}}."
        return
    for option in alternatives(value):
        yield from _list(field, option) if field.listed else _one(field, option)


def _list(field: Field, value: JsonValue) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"has to be a list, and empty where there is none: [] instead of {_shown(value)}."
        return
    for part in value:
        for option in alternatives(part):
            bare, _ = element(option)
            if isinstance(option, dict) and not isinstance(option.get(OPTIONAL, False), bool):
                yield f"{OPTIONAL} is true or false."
            for inner in alternatives(bare):
                yield from _one(Field(field.name, field.kind, terms=field.terms, parts=field.parts), inner)


def _one(field: Field, value: JsonValue) -> Iterator[str]:
    if value is None:
        if not (field.nullable or field.kind is Kind.DATE):
            yield "cannot be null; leave it out if it is not to be scored."
        return
    match field.kind:
        case Kind.TERM if value not in field.terms:
            yield f"{_shown(value)} is none of {', '.join(field.terms)}."
        case Kind.NUMBER if isinstance(value, bool) or not isinstance(value, int):
            yield f"{_shown(value)} is no whole number."
        case Kind.FLAG if not isinstance(value, bool):
            yield f"{_shown(value)} is neither true nor false."
        case Kind.WORDS if not isinstance(value, str) or not value.strip():
            yield f"{_shown(value)} is no text; put figures that are text in quotation marks."
        case Kind.PARTY | Kind.PART | Kind.DATE:
            yield from _attributes(field, value)
        case _:
            pass


def _attributes(field: Field, value: JsonValue) -> Iterator[str]:
    known = field.attributes
    if not isinstance(value, dict):
        yield f"has to be {field.kind}: {{{', '.join(f'{name}: ...' for name in list(known)[:2])}}}."
        return
    if not value:
        yield f"is empty; give {next(iter(known))}."
    for name, part in value.items():
        if name not in known:
            also = f" (and {OPTIONAL} or {VALUE} in lists)" if name in (OPTIONAL, VALUE) else ""
            yield f"{name} is none of {', '.join(known)}{also}."
            continue
        yield from (f"{name}: {text}" for text in _value(known[name], part))
        if field.kind is Kind.DATE and name == "value":
            for option in alternatives(part):
                if isinstance(option, str) and period_of(option) is None:
                    yield f"value: {option} is no EDTF date, such as 2016-12-30, 2014/.. or null."


def _against(file: GoldFile, articles: Sequence[Article]) -> Iterator[Problem]:
    gold = file.gold
    if not articles:
        yield file.problem(f"no article of the name {gold.article} is among those given.", field="article")
        return
    article = next((article for article in articles if article.id == gold.id), None)
    if article is None:
        changed = articles[0]
        yield file.problem(
            f"the text of {gold.article} has changed: its id is {changed.id}. Look through this gold with the new "
            "text, then put that id here.",
            field="id",
        )
        article = changed
    text = GroundedText(article.text)
    for place, record in enumerate(gold.records):
        for message in _absent(record.evidence, text):
            yield file.problem(message, record=place, field="evidence")
    for code in gold.codes or ():
        for message in _absent(code.evidence, text):
            yield file.problem(f"{code.id}: {message}", field="codes")


def _absent(passages: Sequence[str], text: GroundedText) -> Iterator[str]:
    for passage in passages:
        found = text.locate(passage)
        if found is None or found.match is Match.FUZZY:
            near = f" The nearest passage is: {found.quote!r}." if found else ""
            yield f"not in the article: {passage!r}.{near}"


def _shown(value: JsonValue) -> str:
    return str(value).lower() if isinstance(value, bool) or value is None else repr(value)
