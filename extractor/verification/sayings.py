"""The checks of what is said: fragments in quotation marks, how it is quoted, and a content that adds nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from extractor.codes import country_code
from extractor.languages import language_of
from extractor.numbers import Number, numbers_in
from extractor.quotation import stands_in_quotation, stretches_in_quotation
from extractor.schema.claims import StatementClaim
from extractor.schema.records import FieldSpan
from extractor.schema.vocabulary import Quotation
from extractor.text import unseen
from extractor.verification import wording
from extractor.verification.facts import FIGURES, Span, distance
from extractor.verification.grounds import Grounds, hiding, shown
from extractor.verification.verdicts import Finding

# Between passages that together are a content.
JOINT = " … "
# Share of the evidence's letters in quotation marks: below the one it is no direct quotation, above the other no
# indirect one.
_LEAST_DIRECT, _MOST_INDIRECT = 0.2, 0.8
# Below this share of its longer words in the article, or with so many others in a row, content is in other words.
_OWN_WORDS_SHARE, _MOST_OTHERS_IN_A_ROW = 0.6, 4
# A summary of a passage may be longer than it, where it says who "he" is; by so much, and so many times.
_SPARE_LENGTH, _TIMES_LENGTH = 200, 2


def check_quotes(grounds: Grounds, quotes: Sequence[str]) -> Iterator[Finding]:
    """Whether each fragment stands in quotation marks in the article, and in the evidence."""
    for index, quote in enumerate(quotes):
        yield from _quote(grounds, f"/quotes/{index}", quote)


def _quote(grounds: Grounds, field: str, quote: str) -> Iterator[Finding]:
    places = grounds.facts.places(quote)
    marked = [place for place in places if stands_in_quotation(grounds.facts.quoted, *place)]
    if not places:
        yield Finding(field, "not_in_article", f"{shown(quote)} is not in the article as it stands", quote)
        return
    if not marked:
        message = f"{shown(quote)} does not stand in quotation marks"
        yield Finding(field, "not_quoted", message, quote, advice="`quotes` is for what does")
        return
    place = min(marked, key=lambda span: (distance(span, grounds.evidence), span))
    if grounds.hides_something(quote, place):
        yield hiding(field, quote)
        return
    grounds.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))
    if not _in_evidence(grounds, place):
        message = f"{shown(quote)} is not in this record's evidence"
        yield Finding(field, "not_in_evidence", message, quote, advice="add the passage that has it")


def _in_evidence(grounds: Grounds, place: Span) -> bool:
    spans = [*grounds.sentences, *((found.start, found.end) for found in grounds.evidence)]
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def check_quotation(grounds: Grounds, claim: StatementClaim) -> Iterator[Finding]:
    """Whether direct, indirect or mixed agrees with the fragments and with the marks in the evidence."""
    said = claim.quotation
    if bool(claim.quotes) == (said is Quotation.INDIRECT):
        given = "fragments in quotation marks" if claim.quotes else "none"
        yield Finding("/quotation", "contradicts_quotes", f"it says {said.value}, but gives {given}", said.value)
    elif grounds.evidence and said is Quotation.DIRECT and _marked_share(grounds) < _LEAST_DIRECT:
        message = "it says direct, but most of its evidence stands outside quotation marks: mixed"
        yield Finding("/quotation", "contradicts_marks", message, said.value)
    elif grounds.evidence and said is Quotation.INDIRECT and _marked_share(grounds) > _MOST_INDIRECT:
        # Advisory: without the words in `quotes` there is no other value to put in its place.
        message = "it says indirect, but its evidence stands in quotation marks: give the words in `quotes`"
        yield Finding("/quotation", "contradicts_marks", message, said.value, advisory=True)


def _marked_share(grounds: Grounds) -> float:
    """The share of the evidence's letters that stand in quotation marks."""
    text, spans = grounds.facts.text, [(found.start, found.end) for found in grounds.evidence]
    marked = sum(_letters(text[a:b]) for span in spans for a, b in stretches_in_quotation(grounds.facts.quoted, *span))
    return marked / sum(_letters(text[start:end]) for start, end in spans) if marked else 0


def check_content(grounds: Grounds, content: str) -> Iterator[Finding]:
    """Whether a content says what the article says, in its words, and adds nothing."""
    strange = [*_strange_names(grounds, content), *_strange_numbers(grounds, content)]
    if not content.strip():
        yield Finding(None, "no_content", "its content is empty", content)
    elif strange:
        message = f"its content has {', '.join(map(shown, strange))}, which is not in the article or its evidence"
        yield Finding(None, "content_adds_facts", message, content)
    elif not _is_copied(grounds, content) and (finding := _strays(grounds, content)):
        yield finding
    elif grounds.evidence and _contradicts(grounds, content):
        message = "of its content and its evidence, one says `not` and the other does not"
        advice = "say what the article says"
        yield Finding("/content", "content_negates", message, content, advisory=True, advice=advice)


def _is_copied(grounds: Grounds, content: str) -> bool:
    """Whether a content is the article's own text, as one takes its place that does not hold up."""
    return all(passage in grounds.facts.text for passage in content.split(JOINT))


def _strays(grounds: Grounds, content: str) -> Finding | None:
    """Whether a content leaves the article's words: it is the one text of a record that is not copied."""
    reason, message = "content_too_long", "its content is much longer than its evidence"
    advice = "say it in one sentence"
    if len(content) <= _TIMES_LENGTH * len(grounds.told) + _SPARE_LENGTH:
        signs, other = _strange_signs(grounds, content), _other_words(grounds, content)
        if signs:
            named = ", ".join(map(shown, signs[:5]))
            reason, message = "content_adds_signs", f"its content has {named}, which the article has not"
            advice = ""
        elif other:
            message, advice = f"{other} words of its content are the article's", "use the article's words"
            reason = "content_in_other_words"
        else:
            return None
    return Finding("/content", reason, message, content, advice=advice)


def _other_words(grounds: Grounds, content: str) -> str | None:
    """How many of the content's longer words the article has, where these are too few."""
    words = [word for word in wording.telling(content) if len(word) > 3]
    own = [wording.stem(word) in grounds.facts.stems for word in words]
    in_a_row = max((len(list(run)) for known, run in groupby(own) if not known), default=0)
    if sum(own) < _OWN_WORDS_SHARE * len(own) or in_a_row >= _MOST_OTHERS_IN_A_ROW:
        return f"only {sum(own)} of {len(own)}"
    return None


def _strange_signs(grounds: Grounds, content: str) -> list[str]:
    """What is no prose and not in the article: characters, odd words, white space that says something."""
    foreign = [sign for sign in wording.strange_characters(content) if sign not in grounds.facts.characters]
    odd = (word for word in wording.odd_words(content) if word not in grounds.facts.text)
    gaps = (gap for gap in unseen(content) if gap.isspace() and gap != "\n")
    return [*dict.fromkeys([*foreign, *odd, *gaps])]


def _contradicts(grounds: Grounds, content: str) -> bool:
    language = grounds.facts.language
    if wording.is_negative(content, language):
        return not wording.may_be_negative(grounds.told, language)
    return any(wording.drops_negation(found.quote, content, language) for found in grounds.evidence)


def _strange_names(grounds: Grounds, content: str) -> Iterator[str]:
    """Capitalised words that the article has in no form; the first word only where it names a state."""
    written = grounds.facts.words_as_written
    for at, word in enumerate(wording.words_of(content)):
        if word.islower() or word in written:
            continue
        parts = [wording.folded(part) for part in wording.parts_of(word) if part[:1].isupper()]
        known = any(grounds.facts.has_word(part) or len(part) < 2 for part in parts)
        known = known or country_code(word) in grounds.facts.countries
        if parts and not known and (at > 0 or country_code(word) is not None):
            yield word


def _strange_numbers(grounds: Grounds, content: str) -> Iterator[str]:
    """Numbers that the evidence has not, and figures of any kind (years, decimals) that the article has not."""
    cardinals = list(_numbers_of(grounds, content))
    for number in cardinals:
        # "One" is more often an article than a count, and "un" is both.
        counts = number.value != 1 or content[number.start].isdecimal()
        if counts and all(told.value != number.value for told in grounds.numbers_told):
            yield str(number.value)
    for figures in FIGURES.finditer(content):
        counted = any(number.start <= figures.start() < number.end for number in cardinals)
        if not counted and figures[0] not in grounds.facts.figures:
            yield figures[0]


def _numbers_of(grounds: Grounds, content: str) -> Iterator[Number]:
    """The numbers of a content: in English, and in the article's language where the content is certain to be."""
    language = grounds.facts.language
    return numbers_in(content, language if language == "en" or language_of(content) == language else None)


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))
