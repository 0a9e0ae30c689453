"""The dates that an article itself gives for its writing or, failing that, for what it tells.

The publication date is, in this order:

0. the day that the article's metadata give (a column, a front matter, a page's head), as written there: no time zone
   turns it into another day
1. the one day that first-published labels give; None where they contradict one another
2. the one day that other publication labels give; None where they contradict one another
3. the one day of the datelines ("MOSCOW, Dec 30, 2016 (AP) -") near the top
4. the one day that stands alone on a line at the top or, failing that, at the end

The anchor is the publication date or else the best whole date of the report:

| rule | |
|---|---|
| a label of any kind stands before it: update, archive, copyright, one of contradicting publications | out |
| told as a plan ("will be sworn in on"), as history ("since", "born") or under an old picture ("file photo") | out |
| a two-digit year, or two readings | out |
| more than a year before the latest date that is left | out |
| the report names that day's weekday elsewhere | 2 points |
| the date stands more than once | 1 point |
| it stands in the report's first 500 characters | 1 point |
| equal points | the later date |
| no points, though the report has weekdays to be read against it | none |
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal

from extractor.dates.explicit import Found, weekdays_before, whole_date, whole_dates
from extractor.dates.pages import Kind, Page
from extractor.dates.vocabulary import FULL_WEEKDAYS, TIME, WEEKDAY, any_of, fold
from extractor.languages import calendar, tenses
from extractor.languages.spelling import bare
from extractor.schema.spans import DateAnchor

_Dated = tuple[Found, date]

_TOP_LINES: Final = 6
_END_LINES: Final = 3
_DATELINE_LINES: Final = 12
_DATELINE_LENGTH: Final = 90
_OWN_LINE_LENGTH: Final = 120
_LEAD: Final = 500
_FAR: Final = timedelta(days=366)

_PLACE: Final = re.compile(
    r"\W{0,3}(?P<names>[^\W\d_][^\d:;!?\n()]{1,48}?)\s*(?:\([^()\n]{2,30}\)\s*)?[,|\u2013\u2014-]*\s*"
)
_WEEKDAY_LAST: Final = re.compile(rf"(?<!\w){WEEKDAY}\.?,?\s*$", re.IGNORECASE)
_SMALL_WORDS: Final = frozenset(
    {"of", "de", "la", "el", "al", "del", "di", "da", "do", "am", "an", "der", "upon", "sur"}
)
_PLACE_OPENERS: Final = frozenset(
    "san santa santo são saint sankt bad buenos ciudad rio porto belo los las la le".split()
)
# "Berlin, den 4. Mai 2020".
_ARTICLE_LAST: Final = re.compile(r"(?<!\w)(?:le|el|den|il|am|dia|día|de)\s+$", re.IGNORECASE)
_NO_PLACE: Final = frozenset({"in", "on", "at", "since", "from", "after", "before", "until", "photo", "image", "file"})
_DASH_AFTER: Final = re.compile(
    rf"\.?,?\s*(?:\([^()\n]{{2,40}}\)\.?|/[^/\n]{{2,20}}/\.?|{TIME})?\s*-{{1,2}}\s*(?!\d)\S|\.?\s*/[^/\n]{{2,20}}/"
)
_AGENCY_AFTER: Final = re.compile(r"\s*\([^()\n]{2,30}\)")

# As GDELT and others write it: 20161230, 20161230084500.
_COMPACT: Final = re.compile(r"((?:1\d|20)\d\d)(\d\d)(\d\d)(?:T?\d{4,6}Z?)?")

_PLANS: Final = (
    r"will|would|shall|scheduled|due(?! to)|planned|plans? to|expected|expires?|deadline"
    r"|inaugurat\w+|takes? office|enters? office|sworn in"
)
_PLAN_BEFORE: Final = re.compile(
    rf"\b(?:(?:until|by|before|no later than)\s(?:the\s|{WEEKDAY},?\s)?|(?:{_PLANS})\b[^.,\n]{{0,40}})$"
)
_PLAN_AFTER: Final = re.compile(r",?\s(?:(?!said|says|told|that)[\w'-]+\s){1,4}(?:will|shall|is to|are to)\b")
_HISTORY_BEFORE: Final = re.compile(
    r"\b(?:since|back (?:on|in)|as (?:early|far back) as)\s$|\b(?:file|archive) (?:photo|picture|image)\b[^.\n]{0,40}$"
    r"|\b(?:born|birth|died|anniversary|dat(?:ing|ed|es) (?:back )?(?:to|from))\b[^.,\n]{0,40}$"
)
# For speed alone, what stands before a name is looked at behind it: what begins with a letter is found quickly.
_FULL_WEEKDAY: Final = "|".join(rf"{name}(?<!\w{name})" for name in FULL_WEEKDAYS)
_WEEKDAY: Final = re.compile(rf"({_FULL_WEEKDAY})\b")


def find_published(text: str, told: str | None = None) -> DateAnchor | None:
    """The article's own publication date with what it rests on, or None; `told` is what its metadata say of it.

    Update stamps never count, and a numeric date counts only where its order is certain: 12.30.16 but not 01.02.17.
    """
    return _told(told) or _published(_page(text))


def find_anchor(text: str, told: str | None = None) -> DateAnchor | None:
    """The date against which the article's weekdays and relative days are read, or None; see `find_published`."""
    page = _page(text)
    return _told(told) or _published(page) or _in_report(page)


@lru_cache(maxsize=1)
def _page(text: str) -> Page:
    """An article's page, which is asked for its publication date and then for its anchor, as `_published` is."""
    return Page(text)


def _told(words: str | None) -> DateAnchor | None:
    """The one day that the words of a column or a page's head give, or None."""
    if not words:
        return None
    compact = _COMPACT.fullmatch(words)
    days = {
        day for found in whole_dates(fold("-".join(compact.groups()) if compact else words)) for day in found.readings
    }
    if len(days) != 1:
        return None
    return DateAnchor(value=days.pop().isoformat(), text=words, start=None, end=None, basis="metadata")


@lru_cache(maxsize=1)
def _published(page: Page) -> DateAnchor | None:
    for kind in (Kind.FIRST, Kind.PUBLISHED):
        if labelled := page.certain(kind):
            return _agreed(page, labelled, "published")
    own = [dated for dated in page.certain(Kind.UNLABELLED) if _is_own_line(page, dated[0])]
    top, end = _within(page, own, slice(_TOP_LINES)), _within(page, own, slice(-_END_LINES, None))
    datelines = [dated for dated in page.certain(Kind.UNLABELLED) if _is_dateline(page, dated[0])]
    return _agreed(page, _within(page, datelines, slice(_DATELINE_LINES)) or top or end, "dateline")


def _agreed(page: Page, dated: list[_Dated], basis: Literal["published", "dateline"]) -> DateAnchor | None:
    """The anchor that all of these dates give, or None where there is none or they differ."""
    return _anchor(page, dated[0], basis) if len({day for _, day in dated}) == 1 else None


def _anchor(page: Page, dated: _Dated, basis: Literal["published", "dateline", "text"]) -> DateAnchor:
    found, day = dated
    words = page.text[found.start : found.end]
    return DateAnchor(value=day.isoformat(), text=words, start=found.start, end=found.end, basis=basis)


def _within(page: Page, dated: list[_Dated], lines: slice) -> list[_Dated]:
    spans = page.lines[lines]
    return [(found, day) for found, day in dated if any(start <= found.start < end for start, end in spans)]


def _is_own_line(page: Page, found: Found) -> bool:
    start, end = page.line_of(found)
    return (
        end - start <= _OWN_LINE_LENGTH
        and page.is_filler(page.folded[start : found.start])
        and page.is_filler(page.without_stamp(page.folded[found.end : end]))
    )


def _is_dateline(page: Page, found: Found) -> bool:
    """Whether a place or a byline stands before the date, and behind it what ends a dateline."""
    start, _ = page.line_of(found)
    if found.start - start > _DATELINE_LENGTH:
        return False
    lead = _ARTICLE_LAST.sub("", page.text[start : found.start]) if page.languages else page.text[start : found.start]
    before = _PLACE.fullmatch(_without_weekday(page, lead))
    return before is not None and _is_named(before["names"]) and _ends_dateline(page, found, before["names"])


def _without_weekday(page: Page, lead: str) -> str:
    for language in page.languages:
        if found := re.search(rf"(?<!\w){any_of(calendar.weekdays(language))}\.?,?\s*$", bare(lead)):
            return lead[: found.start()]
    return _WEEKDAY_LAST.sub("", lead)


def _is_named(words: str) -> bool:
    names = re.findall(r"[^\W\d_][\w'\u2019.]*", words)
    if not 1 <= len(names) <= 7 or names[0].lower() in _NO_PLACE:
        return False
    return all(name[0].isupper() or name.lower() in _SMALL_WORDS for name in names)


def _ends_dateline(page: Page, found: Found, names: str) -> bool:
    """A dash ends a dateline; the line's end does after a byline or capitals, an agency in brackets after capitals.

    "Berlin, 4. Mai 2020", a place of one name with nothing behind, is one too where the page is not in English.
    """
    rest = page.folded[found.end : page.line_of(found)[1]]
    byline = re.match(r"by\s\w", names, re.IGNORECASE) is not None
    if page.is_filler(rest):
        return byline or names.isupper() or (page.is_foreign and _is_one_place(names))
    return not byline and bool(_DASH_AFTER.match(rest) or (names.isupper() and _AGENCY_AFTER.match(rest)))


def _is_one_place(names: str) -> bool:
    first, *more = re.findall(r"[^\W\d_][\w'\u2019.-]*", names)
    return not more or first.lower() in _PLACE_OPENERS or more[0].lower() in _SMALL_WORDS


def _in_report(page: Page) -> DateAnchor | None:
    told = [dated for dated in page.certain(Kind.UNLABELLED) if _is_news(page, dated[0])]
    latest = max((day for _, day in told), default=None)
    candidates = [(found, day) for found, day in told if latest and day >= latest - _FAR]
    weekdays = _weekdays(page)
    times = Counter(day for _, day in candidates)
    scored = [(_points(found, day, times, weekdays), day, -found.start, found) for found, day in candidates]
    best = max(scored, default=None)
    if best is None or (best[0] == 0 and weekdays):
        return None
    return _anchor(page, (best[3], best[1]), "text")


def _is_news(page: Page, found: Found) -> bool:
    """Whether the date is written in full and told neither as a plan nor as history."""
    start, end = page.line_of(found)
    words, before = page.folded[found.start : found.end], page.folded[max(start, found.start - 80) : found.start]
    if re.search(r"\d{4}", words) is None:
        return False
    if _is_told_elsewhere(page, words, before):
        return False
    after = page.folded[found.end : end]
    return not (_PLAN_BEFORE.search(before) or _PLAN_AFTER.match(after) or _HISTORY_BEFORE.search(before))


def _is_told_elsewhere(page: Page, words: str, before: str) -> bool:
    """Whether words before a date in another language tell it as a plan or history, or might, in one not known."""
    if page.language in tenses.LANGUAGES:
        return tenses.plan_or_history(page.language).search(before) is not None
    return whole_date(words) is None


def _points(found: Found, day: date, times: Counter[date], weekdays: set[int]) -> int:
    return 2 * (day.weekday() in weekdays) + (times[day] > 1) + (found.start < _LEAD)


def _weekdays(page: Page) -> set[int]:
    """The weekdays that the report names by themselves, not beside a whole date."""
    if page.language in calendar.LANGUAGES:
        names, text = calendar.full_weekdays(page.language), bare(page.folded)
        pattern = re.compile(any_of(names) if page.language == "zh" else rf"\b{any_of(names)}(?!\w)")
    else:
        names, text, pattern = FULL_WEEKDAYS, page.folded, _WEEKDAY
    beside = {
        match.start()
        for found, _ in page.dates
        if weekdays_before(page.folded, found.start, page.languages)
        for match in pattern.finditer(text, max(0, found.start - 24), found.start)
    }
    return {names[match[0]] for match in pattern.finditer(text) if match.start() not in beside}
