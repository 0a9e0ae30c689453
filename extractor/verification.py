"""A claim is held against its article: its names, numbers, dates and quotations must be there.

A claim goes in, a verdict comes out; neither the claim nor the text is changed. A finding says which field
does not hold up and why. Findings either cost a field or, where the record cannot stand without it, the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from pydantic import JsonValue

from extractor.grounding import GroundedText, normalise
from extractor.numbers import numbers_in
from extractor.quotation import quoted_regions, stands_in_quotation
from extractor.schema.claims import ActionClaim, Actor, Claim, SanctionClaim, StatementClaim
from extractor.schema.records import FieldSpan
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import LegalTerm, Quotation

MAX_EVIDENCE = 3
# Below this share of an indirect statement's longer words in the article, `content` is no longer the article's.
_OWN_WORDS_SHARE = 0.6
_LONGEST_SHOWN = 200
# Enough of a word to know a country in its adjective.
_STEM = 5
_LEGAL_TERMS = {
    LegalTerm.PERSONA_NON_GRATA: re.compile(r"person(?:a|ae|as|nel)\s+non[\s-]+grat(?:a|ae|as)", re.IGNORECASE),
    LegalTerm.NOT_ACCEPTABLE: re.compile(r"\b(?:not|un)[\s-]?acceptable\b", re.IGNORECASE),
}
_COMMON = frozenset({"the", "and", "for", "his", "her", "its", "their", "our", "from", "with", "who", "new"})
_WORD = re.compile(r"\w+(?:['’\-.]\w+)*")

AnyClaim = ActionClaim | SanctionClaim | StatementClaim
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing in a claim that does not hold up; `field` is a JSON Pointer, None for the whole record."""

    field: str | None
    reason: str
    message: str
    value: JsonValue = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim with what was found about it: its evidence in the text, where its words stand, what fails."""

    claim: AnyClaim
    evidence: tuple[Evidence, ...]
    spans: tuple[FieldSpan, ...]
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found wanting."""
        return not self.findings


class Verifier:
    """Holds claims against one article's text, which is prepared once."""

    def __init__(self, text: str) -> None:
        self.grounded = GroundedText(text)
        self.text = text

    @cached_property
    def quoted(self) -> list[Span]:
        """The regions of the text that stand in quotation marks."""
        return quoted_regions(self.text)

    @cached_property
    def numbers(self) -> frozenset[int]:
        """The cardinal numbers of the text."""
        return frozenset(number.value for number in numbers_in(self.text))

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the text, case-folded, without the commonest."""
        return frozenset(_telling_words(self.text))

    def verify(self, claim: AnyClaim) -> Verdict:
        """Hold one claim against the text."""
        located = self.grounded.locate_all(claim.evidence)
        evidence = tuple(found for found in located if found is not None)
        check = _Check(self, claim, evidence)
        findings = [*_evidence_findings(claim, located), *check.findings()]
        ordered = tuple(sorted(set(evidence), key=lambda found: (found.start, found.end)))[:MAX_EVIDENCE]
        return Verdict(claim, ordered, tuple(check.spans), tuple(findings))

    def nearest(self, words: str, evidence: Sequence[Evidence]) -> Span | None:
        """The occurrence of the words that is nearest to the evidence."""
        places = self.grounded.occurrences(words)
        return min(places, key=lambda place: (_distance(place, evidence), place), default=None)


def _distance(place: Span, evidence: Sequence[Evidence]) -> int:
    gaps = (max(found.start - place[1], place[0] - found.end, 0) for found in evidence)
    return min(gaps, default=0)


def _evidence_findings(claim: Claim, located: Sequence[Evidence | None]) -> Iterator[Finding]:
    for index, found in enumerate(located):
        quote = claim.evidence[index]
        if found is None:
            message = "this passage is not in the article as it stands; copy one contiguous passage"
            yield Finding(f"/evidence/{index}", "not_in_article", message, quote)
        elif index >= MAX_EVIDENCE:
            yield Finding(f"/evidence/{index}", "too_much_evidence", f"give at most {MAX_EVIDENCE} passages", quote)
    if not any(found is not None for found in located):
        yield Finding(None, "no_evidence", "no passage of its evidence is in the article")


class _Check:
    """The checks of one claim; collects where its words stand as it goes."""

    def __init__(self, verifier: Verifier, claim: AnyClaim, evidence: tuple[Evidence, ...]) -> None:
        self.verifier = verifier
        self.claim = claim
        self.evidence = evidence
        self.spans: list[FieldSpan] = []
        sentences = [verifier.grounded.sentence_around(found.start, found.end) for found in evidence]
        self.sentences = "\n\n".join(verifier.text[start:end] for start, end in sentences)
        self.sentence_spans = sentences

    def findings(self) -> Iterator[Finding]:
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
        yield from self._participants(claim.actors, claim.targets, claim.status_by, "actors", "targets")
        yield from self._items("places", claim.places)
        yield from self._count("count", claim.count, also=sum(part.count for part in claim.count_breakdown))
        for index, part in enumerate(claim.count_breakdown):
            yield from self._count(f"count_breakdown/{index}", part.count)
            yield from self._word(f"/count_breakdown/{index}/of", part.of)
        if claim.legal_term and self.evidence and not _LEGAL_TERMS[claim.legal_term].search(self.sentences):
            message = f"the term {claim.legal_term.value} is not in this record's evidence"
            yield Finding("/legal_term", "not_in_evidence", message, claim.legal_term.value)

    def _sanction(self, claim: SanctionClaim) -> Iterator[Finding]:
        yield from self._copied("authority", "program", "instrument", "reason")
        yield from self._copied("start_text", "end_text", "listing_text")
        yield from self._participants(claim.senders, claim.targets, None, "senders", "targets")
        yield from self._count("target_count", claim.target_count)

    def _statement(self, claim: StatementClaim) -> Iterator[Finding]:
        yield from self._copied("on_behalf_of", "addressee", "medium", "about")
        if claim.speaker is not None:
            yield from self._actor("/speaker", claim.speaker)
        yield from self._content(claim.content)
        yield from self._quotes(claim.quotes)
        if bool(claim.quotes) == (claim.quotation is Quotation.INDIRECT):
            told = "fragments in quotation marks" if claim.quotes else "none"
            yield Finding(
                "/quotation",
                "contradicts_quotes",
                f"it says {claim.quotation.value}, but gives {told}",
                claim.quotation.value,
            )

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
        place = self.verifier.nearest(words, self.evidence)
        if place is None:
            yield Finding(
                field, "not_in_article", f"{_shown(words)} is not in the article; copy its words, or null", words
            )
        else:
            self.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))

    def _actor(self, field: str, actor: Actor) -> Iterator[Finding]:
        yield from self._word(f"{field}/name", actor.name)
        if actor.role is not None:
            yield from self._word(f"{field}/role", actor.role)

    def _participants(
        self, sources: Sequence[Actor], targets: Sequence[object], by: Actor | None, first: str, second: str
    ) -> Iterator[Finding]:
        named: list[str] = []
        for group, members in ((first, sources), (second, targets)):
            for index, member in enumerate(members):
                named.append(member.name)  # type: ignore[attr-defined]
                if isinstance(member, Actor):
                    yield from self._actor(f"/{group}/{index}", member)
                else:
                    yield from self._word(f"/{group}/{index}/name", member.name)  # type: ignore[attr-defined]
        if by is not None:
            named.append(by.name)
            yield from self._actor("/status_by", by)
        if not any(self.verifier.grounded.contains(name) for name in named):
            yield Finding(None, "no_participants", "nobody whom it names as acting or acted upon is in the article")
        elif self.evidence and not self._evidence_mentions(named):
            message = "none of its actors or targets is mentioned in its evidence; add the passage that does"
            yield Finding(None, "evidence_names_nobody", message)

    def _evidence_mentions(self, names: Sequence[str]) -> bool:
        """Whether a name, office or place of the claim is in the evidence; `Russia` is in `Russian` envoys too."""
        claimed = [*names, *getattr(self.claim, "places", ()), getattr(self.claim, "authority", None) or ""]
        stems = {word[:_STEM] for name in claimed for word in _telling_words(name)}
        present = {word[:_STEM] for word in _telling_words(self.sentences)}
        return not stems or not stems.isdisjoint(present)

    def _count(self, field: str, count: int | None, also: int = 0) -> Iterator[Finding]:
        if count is None or not self.evidence or (also and count == also):
            return
        for number in self._numbers_in_evidence():
            if number[0] == count:
                self.spans.append(FieldSpan(field=f"/{field}", start=number[1], end=number[2]))
                return
        where = "this record's evidence" if count in self.verifier.numbers else "the article"
        message = f"the number {count} is not in {where}; give the passage that has it, or null"
        yield Finding(f"/{field}", "not_in_evidence", message, count)

    def _numbers_in_evidence(self) -> Iterator[tuple[int, int, int]]:
        for start, end in self.sentence_spans:
            for number in numbers_in(self.verifier.text[start:end]):
                yield number.value, start + number.start, start + number.end

    def _quotes(self, quotes: Sequence[str]) -> Iterator[Finding]:
        for index, quote in enumerate(quotes):
            field = f"/quotes/{index}"
            places = self.verifier.grounded.occurrences(quote)
            marked = [place for place in places if stands_in_quotation(self.verifier.quoted, *place)]
            if not places:
                yield Finding(field, "not_in_article", f"{_shown(quote)} is not in the article as it stands", quote)
            elif not marked:
                message = f"{_shown(quote)} does not stand in quotation marks; `quotes` is for what does"
                yield Finding(field, "not_quoted", message, quote)
            else:
                place = min(marked, key=lambda span: (_distance(span, self.evidence), span))
                self.spans.append(FieldSpan(field=field, start=place[0], end=place[1]))
                if not self._in_evidence(place):
                    message = f"{_shown(quote)} is not in this record's evidence; add the passage that has it"
                    yield Finding(field, "not_in_evidence", message, quote)

    def _in_evidence(self, place: Span) -> bool:
        return any(start <= place[0] and place[1] <= end for start, end in self._evidence_spans())

    def _evidence_spans(self) -> Iterator[Span]:
        yield from self.sentence_spans
        yield from ((found.start, found.end) for found in self.evidence)

    def _content(self, content: str) -> Iterator[Finding]:
        strange = [word for word in _names_in(content) if not self.verifier.grounded.contains(word)]
        strange += [str(n.value) for n in numbers_in(content) if n.value not in self.verifier.numbers]
        words = [word for word in _telling_words(content) if len(word) > 3]
        own = sum(word in self.verifier.words for word in words)
        if not content.strip():
            yield Finding(None, "no_content", "its content is empty", content)
        elif strange:
            message = f"its content has {', '.join(map(repr, strange))}, which the article has not"
            yield Finding(None, "content_adds_facts", message, content)
        elif words and own < _OWN_WORDS_SHARE * len(words):
            message = f"only {own} of {len(words)} words of its content are the article's; use the article's words"
            yield Finding(None, "content_in_other_words", message, content)


def _shown(words: str) -> str:
    """The words in a message, which does not grow with them."""
    return repr(words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "...")


def _telling_words(text: str) -> list[str]:
    words = (re.sub(r"['’]s$", "", word.casefold()) for word in _WORD.findall(normalise(text)))
    return [word for word in words if len(word) > 2 and word not in _COMMON]


def _names_in(content: str) -> list[str]:
    """Capitalised words behind the first, possessive endings left out: the first may be capitalised for its place."""
    words = _WORD.findall(content)[1:]
    return [re.sub(r"['’]s$", "", word) for word in words if word[:1].isupper() and word != "I"]


def trimmed(claim: AnyClaim, findings: Sequence[Finding]) -> AnyClaim | None:
    """The claim without the values that the findings name; None where they cost the whole record."""
    if any(finding.field is None for finding in findings):
        return None
    content = claim.model_dump(mode="json")
    # A set, as two findings may concern one item; from the last, as a removal shifts what follows.
    for removal in sorted({_removal(finding.field or "") for finding in findings}, reverse=True):
        _remove(content, removal)
    if isinstance(claim, StatementClaim) and any(finding.field == "/quotation" for finding in findings):
        content["quotation"] = Quotation.MIXED if content["quotes"] else Quotation.INDIRECT
    return type(claim).model_validate(content)


def settle(verifier: Verifier, claim: AnyClaim) -> tuple[Verdict | None, list[Finding]]:
    """Drop from a claim what does not hold up, until the rest does.

    Returns the verdict on what is left (None where nothing can be), and all findings on the way.
    """
    findings: list[Finding] = []
    remaining: AnyClaim | None = claim
    while remaining is not None:
        verdict = verifier.verify(remaining)
        if verdict.sound:
            return verdict, findings
        findings.extend(verdict.findings)
        remaining = trimmed(remaining, verdict.findings)
    return None, findings


class _Removal(NamedTuple):
    """What to take out: a part of an actor before the actor (whose part is ""), items from the last."""

    part: str
    field: str
    item: int


def _removal(pointer: str) -> _Removal:
    field, *rest = pointer.removeprefix("/").split("/")
    index = int(rest.pop(0)) if rest and rest[0].isdigit() else -1
    return _Removal("role" if rest == ["role"] else "", field, index)


def _remove(content: dict[str, Any], removal: _Removal) -> None:
    """Null a field or a role, or take an item out of its list; a name takes its actor along."""
    value = content[removal.field]
    if removal.part:
        (value[removal.item] if removal.item >= 0 else value)[removal.part] = None
    elif removal.item >= 0:
        del value[removal.item]
    elif removal.field != "quotation":
        content[removal.field] = None
