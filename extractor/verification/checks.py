"""The checks: what a claim says, looked up in its article and in its own evidence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import groupby, islice

from pydantic import JsonValue

from extractor.codes import country_code
from extractor.languages import language_of
from extractor.numbers import Number, numbers_in
from extractor.quotation import stands_in_quotation, stretches_in_quotation
from extractor.schema.claims import ActionClaim, Actor, Claim, CountPart, SanctionClaim, SanctionTarget, StatementClaim
from extractor.schema.records import FieldSpan
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import LegalTerm, Quotation, SanctionDirection, SanctionStatus
from extractor.text import unseen
from extractor.verification import wording
from extractor.verification.facts import FIGURES, Facts, Span, distance
from extractor.verification.verdicts import AnyClaim, Finding

MAX_EVIDENCE = 3
# Between passages that together are a content.
JOINT = " … "
_LONGEST_SHOWN = 200
_LONGEST_COUNTRY = 60
_LONGEST_CLAUSE = 300
# Letters and digits that a passage must have to say anything; fewer where a character is a word.
_SHORTEST_EVIDENCE = 8
_SHORTEST_EVIDENCE_UNSPACED = 4
_UNSPACED = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
# Share of the evidence's letters in quotation marks: below the one it is no direct quotation, above the other no
# indirect one.
_LEAST_DIRECT, _MOST_INDIRECT = 0.2, 0.8
# Below this share of its longer words in the article, or with so many others in a row, content is in other words.
_OWN_WORDS_SHARE, _MOST_OTHERS_IN_A_ROW = 0.6, 4
# A summary of a passage may be longer than it, where it says who "he" is; by so much, and so many times.
_SPARE_LENGTH, _TIMES_LENGTH = 200, 2
# How far before its evidence the name of a speaker may stand whom the evidence calls "he".
_BEFORE_EVIDENCE = 400
_DONE_EASING = frozenset({SanctionStatus.EASED, SanctionStatus.LIFTED})
_DONE_IMPOSING = frozenset({SanctionStatus.IMPOSED, SanctionStatus.EXPANDED, SanctionStatus.EXTENDED})
_LEGAL_TERMS = {
    LegalTerm.PERSONA_NON_GRATA: re.compile(r"person(?:a|ae|as)[\s-]+non[\s-]+grat(?:a|ae|as)\b", re.IGNORECASE),
    LegalTerm.NOT_ACCEPTABLE: re.compile(r"\bnot\s+acceptable\b", re.IGNORECASE),
}


def evidence_findings(facts: Facts, claim: Claim, located: Sequence[Evidence | None]) -> Iterator[Finding]:
    """What is wrong with a claim's evidence, given where each passage stands."""
    for index, quote in enumerate(claim.evidence):
        field, found = f"/evidence/{index}", located[index] if index < len(located) else None
        if index >= MAX_EVIDENCE and (found or index >= len(located)):
            yield Finding(field, "too_much_evidence", f"give at most {MAX_EVIDENCE} passages", quote)
        elif found is None:
            message = "this passage is not in the article as it stands"
            yield Finding(field, "not_in_article", message, quote, advice="copy one contiguous passage")
        elif _is_too_short(quote):
            yield Finding(
                field, "too_short", f"{quote!r} is too short to say anything", quote, advice="copy the sentence"
            )
        elif turning := _cut_off(facts, found):
            message = f"it begins behind {turning!r}, without which it says something else"
            yield Finding(field, "cut_off", message, quote, advice="copy the whole sentence")
    if not any(found is not None for found in located):
        yield Finding(None, "no_evidence", "no passage of its evidence is in the article")


def _cut_off(facts: Facts, found: Evidence) -> str | None:
    """The word before a passage, in its own clause, that turns around what the passage says."""
    start, _ = facts.sentence_around(found)
    if start >= found.start:
        return None
    return wording.turning_word(facts.text[max(start, found.start - _LONGEST_CLAUSE) : found.start], facts.language)


def _is_too_short(quote: str) -> bool:
    signs = sum(1 for _ in islice(filter(str.isalnum, quote), _SHORTEST_EVIDENCE))
    return signs < _SHORTEST_EVIDENCE and (signs < _SHORTEST_EVIDENCE_UNSPACED or _UNSPACED.search(quote) is None)


class Check:
    """The checks of one claim; collects where its words stand as it goes."""

    def __init__(self, facts: Facts, claim: AnyClaim, evidence: tuple[Evidence, ...]) -> None:
        self.facts = facts
        self.claim = claim
        self.evidence = evidence
        self.spans: list[FieldSpan] = []
        self.sentences = [facts.sentence_around(found) for found in evidence]
        self.told = "\n\n".join(facts.text[start:end] for start, end in self.sentences)

    def findings(self) -> Iterator[Finding]:
        """All that does not hold up."""
        claim = self.claim
        yield from self._copied("reported_by", "date_text")
        match claim:
            case ActionClaim():
                yield from self._action(claim)
            case SanctionClaim():
                yield from self._sanction(claim)
            case StatementClaim():
                yield from self._statement(claim)

    def _action(self, claim: ActionClaim) -> Iterator[Finding]:
        yield from self._copied("count_unit", "deadline", "reason", "in_response_to")
        by = [claim.status_by] if claim.status_by else []
        yield from self._actors("actors", claim.actors)
        yield from self._actors("targets", claim.targets)
        if claim.status_by is not None:
            yield from self._actor("/status_by", claim.status_by)
        yield from self._items("places", claim.places)
        yield from self._participants([*claim.actors, *claim.targets, *by], claim.places)
        yield from self._count("count", claim.count, also=sum(part.count for part in claim.count_breakdown))
        yield from self._breakdown(claim)
        if claim.legal_term and self.evidence and not _LEGAL_TERMS[claim.legal_term].search(self.told):
            message = f"the term {claim.legal_term.value} is not in this record's evidence"
            yield Finding("/legal_term", "not_in_evidence", message, claim.legal_term.value)

    def _sanction(self, claim: SanctionClaim) -> Iterator[Finding]:
        yield from self._copied("authority", "program", "instrument", "reason")
        yield from self._copied("start_text", "end_text", "listing_text")
        yield from self._actors("senders", claim.senders)
        yield from self._actors("targets", claim.targets)
        yield from self._participants([*claim.senders, *claim.targets], [claim.authority or ""])
        yield from self._count("target_count", claim.target_count)
        easing, done = claim.direction is SanctionDirection.EASE, claim.status
        if done in (_DONE_EASING if not easing else _DONE_IMPOSING):
            message = f"a sanction that is {done.value} does not {claim.direction.value}"
            yield Finding(
                "/direction",
                "contradicts_status",
                message,
                claim.direction.value,
                advisory=True,
                advice="correct one of the two",
            )

    def _statement(self, claim: StatementClaim) -> Iterator[Finding]:
        yield from self._copied("on_behalf_of", "addressee", "medium", "about")
        if claim.speaker is not None:
            yield from self._actor("/speaker", claim.speaker)
            yield from self._speaker(claim.speaker)
        if claim.target is not None:
            yield from self._actor("/target", claim.target)
        yield from self._content(claim.content)
        yield from self._quotes(claim.quotes)
        yield from self._quotation(claim)

    # --- words of the article

    def _copied(self, *names: str) -> Iterator[Finding]:
        for name in names:
            words = getattr(self.claim, name)
            if words is not None:
                yield from self._word(f"/{name}", words)

    def _items(self, name: str, items: Sequence[str]) -> Iterator[Finding]:
        for index, words in enumerate(items):
            yield from self._word(f"/{name}/{index}", words)

    def _word(self, field: str, words: str) -> Iterator[Finding]:
        """Whether the words are in the article; notes where, nearest to the evidence."""
        place = self.facts.nearest(words, self.evidence)
        if place is None:
            message = f"{_shown(words)} is not in the article"
            yield Finding(field, "not_in_article", message, words, advice="copy its words, or null")
        elif self._hides_something(words, place):
            yield self._hiding(field, words)
        else:
            self.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))

    def _hides_something(self, words: str, place: Span) -> bool:
        """Whether words have characters that nobody sees, and that the article does not have at their place."""
        hidden = unseen(words)
        return bool(hidden) and hidden != unseen(self.facts.text[slice(*place)])

    @staticmethod
    def _hiding(field: str, words: str) -> Finding:
        message = f"{_shown(words)} has characters that cannot be seen"
        return Finding(
            field, "unseen_characters", message, words, advice="copy the article's words without them, or null"
        )

    # --- who

    def _actors(self, group: str, members: Sequence[Actor | SanctionTarget]) -> Iterator[Finding]:
        for index, member in enumerate(members):
            yield from self._actor(f"/{group}/{index}", member)

    def _actor(self, field: str, actor: Actor | SanctionTarget) -> Iterator[Finding]:
        yield from self._word(f"{field}/name", actor.name)
        if isinstance(actor, Actor) and actor.role is not None:
            yield from self._word(f"{field}/role", actor.role)
        if actor.country is not None and not self._names_country(actor.country, actor.name):
            plain = len(actor.country) <= _LONGEST_COUNTRY and wording.is_plain_name(actor.country)
            named = actor.country if plain else _shown(actor.country)
            message = f"nothing in the article names {named}"
            yield Finding(
                f"{field}/country",
                "country_not_in_article",
                message,
                actor.country,
                advice="null, unless the article tells the state",
            )

    def _names_country(self, country: str, name: str) -> bool:
        """Whether the article names a state; one that has no code by all words of its name but one, or by initials."""
        if not country:
            return True
        if not _may_be_a_state(country):
            return False
        code = country_code(country)
        if code:
            return code in self.facts.countries or code == country_code(name)
        words = wording.telling(country)
        known = [word for word in words if self.facts.has_likeness(word)]
        if len(words) > 1 and self.facts.has_initials(words):
            return True
        unknown = len(words) - len(known)
        return bool(known) and (not unknown or (unknown == 1 and len(max(known, key=len)) > 3))

    def _participants(self, members: Sequence[Actor | SanctionTarget], places: Sequence[str]) -> Iterator[Finding]:
        named = [member.name for member in members] + list(places)
        if not any(map(self.facts.names, named)):
            yield Finding(None, "no_participants", "nobody whom it names as acting or acted upon is in the article")
        elif self.evidence and not self._mentions([self.told], named, [member.country for member in members]):
            message = "none of its actors or targets is mentioned in its evidence"
            yield Finding(
                "/evidence", "evidence_names_nobody", message, advisory=True, advice="add the passage that does"
            )

    def _speaker(self, speaker: Actor) -> Iterator[Finding]:
        """Whether the evidence, or what stands just before it, names the speaker."""
        before = [self.facts.text[max(0, start - _BEFORE_EVIDENCE) : start] for start, _ in self.sentences]
        names = [speaker.name, speaker.role or ""]
        if self.evidence and not self._mentions([self.told, *before], names, [speaker.country]):
            message = f"neither its evidence nor what stands before names {_shown(speaker.name)}"
            yield Finding("/speaker", "evidence_names_nobody", message, advisory=True, advice="add where it does")

    def _mentions(self, texts: Sequence[str], names: Sequence[str], countries: Sequence[str | None]) -> bool:
        """Whether texts name one of them: by a word of the name, its state's adjective, or a pronoun."""
        stems = {wording.stem(word) for name in names for word in wording.telling(name)}
        if not stems:
            return True
        if any(words.has_pronoun or not stems.isdisjoint(words.stems) for words in map(wording.words_in, texts)):
            return True
        codes = {country_code(country) for country in countries} - {None}
        return any(not codes.isdisjoint(wording.countries_in(text)) for text in texts)

    # --- how many

    def _count(self, field: str, count: int | None, also: int = 0) -> Iterator[Finding]:
        if count is None or (also and count == also) or (not self.evidence and count in self.facts.numbers):
            return
        for value, start, end in self._numbers_told:
            if value == count:
                self.spans.append(FieldSpan(field=f"/{field}", start=start, end=end))
                return
        where = "this record's evidence" if count in self.facts.numbers else "the article"
        message = f"the number {count} is not in {where}"
        yield Finding(f"/{field}", "not_in_evidence", message, count, advice="give the passage that has it, or null")

    def _breakdown(self, claim: ActionClaim) -> Iterator[Finding]:
        parts = claim.count_breakdown
        for index, part in enumerate(parts):
            yield from self._count(f"count_breakdown/{index}", part.count)
            yield from self._word(f"/count_breakdown/{index}/of", part.of)
        total = sum(part.count for part in parts)
        if claim.count is not None and total > claim.count:
            message = f"its parts make {total}, more than the count of {claim.count}"
            yield Finding("/count_breakdown", "more_than_count", message, _as_json(parts))
        elif parts and self.evidence and self._counts_twice(claim):
            message = "its parts have a number more often than this record's evidence"
            yield Finding("/count_breakdown", "counted_twice", message, _as_json(parts), advice="give each part once")

    def _counts_twice(self, claim: ActionClaim) -> bool:
        """Whether parts take one number of the evidence for several; `nine from each` may be meant so."""
        told = Counter(value for value, _, _ in set(self._numbers_told))
        parts = Counter(part.count for part in claim.count_breakdown)
        repeated = any(times > max(1, told[count]) for count, times in parts.items())
        return repeated and not wording.is_distributive(self.told)

    @cached_property
    def _numbers_told(self) -> list[Number]:
        return [number for sentence in self.sentences for number in self.facts.numbers_within(sentence)]

    # --- what was said

    def _quotes(self, quotes: Sequence[str]) -> Iterator[Finding]:
        for index, quote in enumerate(quotes):
            yield from self._quote(f"/quotes/{index}", quote)

    def _quote(self, field: str, quote: str) -> Iterator[Finding]:
        places = self.facts.places(quote)
        marked = [place for place in places if stands_in_quotation(self.facts.quoted, *place)]
        if not places:
            yield Finding(field, "not_in_article", f"{_shown(quote)} is not in the article as it stands", quote)
            return
        if not marked:
            message = f"{_shown(quote)} does not stand in quotation marks"
            yield Finding(field, "not_quoted", message, quote, advice="`quotes` is for what does")
            return
        place = min(marked, key=lambda span: (distance(span, self.evidence), span))
        if self._hides_something(quote, place):
            yield self._hiding(field, quote)
            return
        self.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))
        if not self._in_evidence(place):
            message = f"{_shown(quote)} is not in this record's evidence"
            yield Finding(field, "not_in_evidence", message, quote, advice="add the passage that has it")

    def _in_evidence(self, place: Span) -> bool:
        spans = [*self.sentences, *((found.start, found.end) for found in self.evidence)]
        return any(start <= place[0] and place[1] <= end for start, end in spans)

    def _quotation(self, claim: StatementClaim) -> Iterator[Finding]:
        """Whether direct, indirect or mixed agrees with the fragments and with the marks in the evidence."""
        said = claim.quotation
        if bool(claim.quotes) == (said is Quotation.INDIRECT):
            given = "fragments in quotation marks" if claim.quotes else "none"
            yield Finding("/quotation", "contradicts_quotes", f"it says {said.value}, but gives {given}", said.value)
        elif self.evidence and said is Quotation.DIRECT and self._marked_share < _LEAST_DIRECT:
            message = "it says direct, but most of its evidence stands outside quotation marks: mixed"
            yield Finding("/quotation", "contradicts_marks", message, said.value)
        elif self.evidence and said is Quotation.INDIRECT and self._marked_share > _MOST_INDIRECT:
            # Advisory: without the words in `quotes` there is no other value to put in its place.
            message = "it says indirect, but its evidence stands in quotation marks: give the words in `quotes`"
            yield Finding("/quotation", "contradicts_marks", message, said.value, advisory=True)

    @cached_property
    def _marked_share(self) -> float:
        """The share of the evidence's letters that stand in quotation marks."""
        text, spans = self.facts.text, [(found.start, found.end) for found in self.evidence]
        marked = sum(_letters(text[a:b]) for span in spans for a, b in stretches_in_quotation(self.facts.quoted, *span))
        return marked / sum(_letters(text[start:end]) for start, end in spans) if marked else 0

    def _content(self, content: str) -> Iterator[Finding]:
        strange = [*self._strange_names(content), *self._strange_numbers(content)]
        if not content.strip():
            yield Finding(None, "no_content", "its content is empty", content)
        elif strange:
            message = f"its content has {', '.join(map(_shown, strange))}, which is not in the article or its evidence"
            yield Finding(None, "content_adds_facts", message, content)
        elif not self._is_copied(content) and (finding := self._strays(content)):
            yield finding
        elif self.evidence and self._contradicts(content):
            message = "of its content and its evidence, one says `not` and the other does not"
            advice = "say what the article says"
            yield Finding("/content", "content_negates", message, content, advisory=True, advice=advice)

    def _is_copied(self, content: str) -> bool:
        """Whether a content is the article's own text, as one takes its place that does not hold up."""
        return all(passage in self.facts.text for passage in content.split(JOINT))

    def _strays(self, content: str) -> Finding | None:
        """Whether a content leaves the article's words: it is the one text of a record that is not copied."""
        reason, message = "content_too_long", "its content is much longer than its evidence"
        advice = "say it in one sentence"
        if len(content) <= _TIMES_LENGTH * len(self.told) + _SPARE_LENGTH:
            signs, other = self._strange_signs(content), self._other_words(content)
            if signs:
                named = ", ".join(map(_shown, signs[:5]))
                reason, message = "content_adds_signs", f"its content has {named}, which the article has not"
                advice = ""
            elif other:
                message, advice = f"{other} words of its content are the article's", "use the article's words"
                reason = "content_in_other_words"
            else:
                return None
        return Finding("/content", reason, message, content, advice=advice)

    def _other_words(self, content: str) -> str | None:
        """How many of the content's longer words the article has, where these are too few."""
        words = [word for word in wording.telling(content) if len(word) > 3]
        own = [wording.stem(word) in self.facts.stems for word in words]
        in_a_row = max((len(list(run)) for known, run in groupby(own) if not known), default=0)
        if sum(own) < _OWN_WORDS_SHARE * len(own) or in_a_row >= _MOST_OTHERS_IN_A_ROW:
            return f"only {sum(own)} of {len(own)}"
        return None

    def _strange_signs(self, content: str) -> list[str]:
        """What is no prose and not in the article: characters, odd words, white space that says something."""
        foreign = wording.strange_characters(content, self.facts.characters)
        odd = (word for word in wording.odd_words(content) if word not in self.facts.text)
        gaps = (gap for gap in unseen(content) if gap.isspace() and gap != "\n")
        return [*dict.fromkeys([*foreign, *odd, *gaps])]

    def _contradicts(self, content: str) -> bool:
        language = self.facts.language
        if wording.is_negative(content, language):
            return not wording.may_be_negative(self.told, language)
        return any(wording.drops_negation(found.quote, content, language) for found in self.evidence)

    def _strange_names(self, content: str) -> Iterator[str]:
        """Capitalised words that the article has in no form; the first word only where it names a state."""
        for at, word in enumerate(wording.words_of(content)):
            if word.islower():
                continue
            parts = [wording.folded(part) for part in wording.parts_of(word) if part[:1].isupper()]
            known = any(self.facts.has_word(part) or len(part) < 2 for part in parts)
            known = known or country_code(word) in self.facts.countries
            if parts and not known and (at > 0 or country_code(word) is not None):
                yield word

    def _strange_numbers(self, content: str) -> Iterator[str]:
        """Numbers that the evidence has not, and figures of any kind (years, decimals) that the article has not."""
        cardinals = list(self._numbers_of(content))
        for number in cardinals:
            # "One" is more often an article than a count, and "un" is both.
            counts = number.value != 1 or content[number.start].isdecimal()
            if counts and all(told.value != number.value for told in self._numbers_told):
                yield str(number.value)
        for figures in FIGURES.finditer(content):
            counted = any(number.start <= figures.start() < number.end for number in cardinals)
            if not counted and figures[0] not in self.facts.figures:
                yield figures[0]

    def _numbers_of(self, content: str) -> Iterator[Number]:
        """The numbers of a content: in English, and in the article's language where the content is certain to be."""
        language = self.facts.language
        return numbers_in(content, language if language == "en" or language_of(content) == language else None)


@lru_cache(maxsize=1 << 12)
def _may_be_a_state(country: str) -> bool:
    return len(country) <= _LONGEST_COUNTRY and wording.is_plain_name(country) and not unseen(country)


def _as_json(parts: Sequence[CountPart]) -> JsonValue:
    return [part.model_dump(mode="json") for part in parts]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))


def _shown(words: str) -> str:
    """The words in a message, which does not grow with them."""
    return repr(words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "...")
