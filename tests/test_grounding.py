"""Grounding: what stands in the article is found where it stands, and nothing else is found at all."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.grounding import GroundedText, normalise
from extractor.grounding.normalisation import casefolded, normal_form
from extractor.schema.spans import Evidence
from extractor.schema.vocabulary import Match

ARTICLES = {
    path.name: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parents[1] / "seeds").glob("*.txt"))
}
GROUNDED = {name: GroundedText(text) for name, text in ARTICLES.items()}
SOFT_HYPHEN, NO_BREAK_SPACE = "\u00ad", "\u00a0"


def sentences_of(text: str) -> list[tuple[int, int]]:
    """The spans of an article's sentences, split more simply than the module does it."""
    spans = []
    for line in re.finditer(r"[^\n]+", text):
        start = line.start()
        for stop in [m.end() for m in re.finditer(r"[.!?][\"”]?(?=\s+[A-Z“\"])", line.group())] + [len(line.group())]:
            end = line.start() + stop
            piece = text[start:end]
            if any(character.isalnum() for character in piece):
                spans.append((start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())))
            start = end
    return spans


SENTENCES = [(name, *span) for name, text in ARTICLES.items() for span in sentences_of(text)]
PLAIN = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'", "–": "-", "—": "-", NO_BREAK_SPACE: " ", "\t": " "})


def assert_true_offsets(text: str, found: Evidence | None) -> Evidence:
    assert found is not None
    assert text[found.start : found.end] == found.quote
    return found


def test_the_seeds_hold_sentences() -> None:
    assert len(SENTENCES) > 110


# --- what stands in the article ---


@pytest.mark.parametrize("name", ARTICLES)
def test_every_sentence_is_found_verbatim_in_any_order(name: str) -> None:
    text = ARTICLES[name]
    spans = sentences_of(text)
    random.Random(name).shuffle(spans)
    found = GROUNDED[name].locate_all([text[start:end] for start, end in spans])
    for (start, end), passage in zip(spans, found, strict=True):
        evidence = assert_true_offsets(text, passage)
        assert (evidence.match, evidence.score, evidence.quote) == (Match.EXACT, 1.0, text[start:end])
        if text.count(evidence.quote) == 1:
            assert (evidence.start, evidence.end) == (start, end)


@pytest.mark.parametrize(("name", "start", "end"), SENTENCES)
def test_every_sentence_is_found_whole_when_its_typography_is_straightened(name: str, start: int, end: int) -> None:
    straight = ARTICLES[name][start:end].translate(PLAIN)
    found = assert_true_offsets(ARTICLES[name], GROUNDED[name].locate(straight))
    assert found.quote.translate(PLAIN) == straight
    assert found.match in (Match.EXACT, Match.NORMALISED)
    assert found.score == 1


# --- what does not ---


@pytest.mark.parametrize(("name", "start", "end"), SENTENCES)
def test_no_sentence_is_found_in_another_article(name: str, start: int, end: int) -> None:
    sentence = ARTICLES[name][start:end]
    for other in ARTICLES.keys() - {name}:
        # A quotation that goes on in the other article stands there but for its last full stop.
        if normalise(sentence).strip("\"'. ") not in normalise(ARTICLES[other]):
            assert GROUNDED[other].locate(sentence) is None


NUMBER_WORDS = ["two", "four", "nine", "ten", "thirty-five", "hundred"]
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
MONTHS = ["January", "March", "June", "September", "December"]
NAMES = ["Putin", "Obama", "Lavrov", "Trump", "Medvedev", "Clinton", "Zakharova", "Conway"]
COUNTRIES = [("Russia", "the US"), ("Russian", "US"), ("Moscow", "Washington")]
NEGATIONS = {"won't": "will", "not ": "", "no ": "", "any ": "no ", "will ": "will not ", "denied": "confirmed"}
NEGATIONS |= {
    "denies": "confirms",
    "has ": "has not ",
    "was ": "was not ",
    "were ": "were never ",
    "said ": "never said ",
}


def replacements(sentence: str, words: list[str]) -> Iterator[str]:
    for word, other in permutations(words, 2):
        if re.search(rf"\b{word}\b", sentence, re.IGNORECASE):
            yield re.sub(rf"\b{word}\b", other, sentence, count=1, flags=re.IGNORECASE)


def flipped(sentence: str) -> set[str]:
    """The sentence with one fact changed, in every way that its words allow."""
    changed: set[str] = set()
    for digits in re.finditer(r"\d+", sentence):
        for number in (int(digits.group()) + 1, int(digits.group()) * 10, int("1" + digits.group())):
            changed.add(sentence[: digits.start()] + str(number) + sentence[digits.end() :])
    for words in (NUMBER_WORDS, DAYS, MONTHS, NAMES):
        changed.update(replacements(sentence, words))
    for negation, other in NEGATIONS.items():
        for place in re.finditer(rf"\b{negation}", sentence):
            # Without its first word a sentence is still a passage of the article.
            if place.start() > 0:
                changed.add(sentence[: place.start()] + other + sentence[place.end() :])
    for one, other in COUNTRIES:
        if re.search(rf"\b{one}\b", sentence) and re.search(rf"\b{other}\b", sentence):
            swap = {one: other, other: one}
            changed.add(re.sub(rf"\b(?:{other}|{one})\b", lambda found, swap=swap: swap[found.group()], sentence))  # type: ignore[misc]
    for verb, inflected in (
        ("expelled", "expels"),
        ("announced", "announces"),
        ("ordered", "order"),
        ("like", "dislike"),
    ):
        changed.add(re.sub(rf"\b{verb}\b", inflected, sentence, count=1))
    return changed - {sentence}


FLIPS = sorted({(name, flip) for name, start, end in SENTENCES for flip in flipped(ARTICLES[name][start:end])})


def test_no_flipped_fact_is_ever_found() -> None:
    assert len(FLIPS) > 500
    wrong = [
        (flip, found.quote)
        for name, flip in FLIPS
        if normalise(flip) not in normalise(ARTICLES[name]) and (found := GROUNDED[name].locate(flip))
    ]
    assert wrong == []


def test_no_flipped_fact_is_found_even_beside_a_slip() -> None:
    for name, flip in FLIPS:
        # Another full stop and a lost comma are slips that would be passed over alone.
        slipped = flip.replace(",", "", 1).rstrip(".") + '."'
        assert GROUNDED[name].locate(slipped) is None, slipped


REPORT = (
    "The Russian president said on Friday that he will not expel 35 US diplomats, and that both of the contacted "
    "envoys may leave St. Petersburg once the re-elected government has resigned from thirty-five posts."
)


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("he will expel", "he will not expel"),
        ("he may not expel", "he will not expel"),
        ("will not expels", "will not expel"),
        ("3.5 US", "35 US"),
        ("35% US", "35 US"),
        ("-35 US", "35 US"),
        ("on friday", "on Friday"),
        ("contracted", "contacted"),
        ("contact", "contacted"),
        ("either of", "both of"),
        ("his envoys", "envoys"),
        ("reelected... resigned", "re-elected government has resigned"),
        ("had resigned", "has resigned"),
        ("re-signed", "resigned"),
        ("thirty five", "thirty-five"),
        ("thirty-four", "thirty-five"),
        ("russian President", "Russian president"),
        ("disexpel", "expel"),
        ("envoys, leave may", "envoys may leave"),
        ("the 35 US", "35 US"),
        ("may leave... once", "may leave St. Petersburg once"),
    ],
)
def test_a_changed_word_is_never_a_slip(wrong: str, right: str) -> None:
    assert right in REPORT
    assert GroundedText(REPORT).locate(REPORT.replace(right, wrong)) is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        (
            "Russia said Obama lied about the hacks of the party.",
            "Russia, said Obama, lied about the hacks of the party.",
        ),
        ("In the end no expulsion of the envoys was ordered.", "The expulsion of the envoys was ordered"),
        ("He said that he won't go to the summit.", "He said that he won"),
        ("They paid a fine of 3.5 million for the damage.", "They paid a fine of 3"),
        ("They expelled all of the thirty-five envoys at noon.", "They expelled all of the thirty"),
        ("He pointed at the few friends of the court.", "He pointed at the a few friends of the court."),
        ("He has a few friends at the court of the king.", "He has few friends at the court of the king."),
        ("The statues of the country were in the old palace.", "The states of the country were in the old palace."),
        ("They were indicting the men of the guard.", "They were indicating the men of the guard."),
        ("Will the claims of hacking tarnish the presidency?", "Will the claims of hacking tarnish the presidency."),
        ("a spokesman of the party said on the day", "spokesman of the party said on a day the"),
        ("the fall of the old king in war was near", "the fall of old king in the war was near"),
        ("a speech of President Barack Obama to the press", "a speech of President the Barack Obama to the press"),
        ("expel diplomats", "pel diplomats"),
        ("expel diplomats", "expel diplomat"),
    ],
)
def test_near_misses_that_say_something_else(text: str, quote: str) -> None:
    assert GroundedText(text).locate(quote) is None


@pytest.mark.parametrize("quote", ["", " \n\t", "...", "“”", "\u200b", "-", "' '"])
def test_a_quotation_without_a_word_is_not_found(quote: str) -> None:
    assert GroundedText("“...” - he said '' \u200b.").locate(quote) is None


# --- slips ---


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("disavowed his minister's statments suggesting that", "disavowed his minister's statements suggesting that"),
        ("Putin: we will not expell the diplomats", "Putin: we will not expel the diplomats"),
        ("calling the move a Cold War deja vu", "calling the move a Cold War déjà vu"),
        ("the labor party of the country agreed", "the labour party of the country agreed"),
        ("the organizations of the country agreed", "the organisations of the country agreed"),
        ("the adress of the diplmoatic mission is known", "the address of the diplmoatic mission is known"),
        ("the diplmoatic mission of the country", "the diplomatic mission of the country"),
        ("he sent the e-mail to his party", "he sent the email to his party"),
        ("a plane in the air left the US on time", "a plane in air left the US on time"),
        (
            "up to Putin to draft retaliatory measures of force",
            "up to Putin to draft the retaliatory measures of force",
        ),
        ("On the day, the plane left the city", "on the day, the plane left the city"),
        ("the consulate in St. Petersburg of the US", "the consulate in St Petersburg of the US"),
        ("the embassies, compounds, and missions of states", "the embassies, compounds and missions of states"),
        ('he called the "reset" of the ties a failure', "he called the reset of the ties a failure"),
        ("the envoys left the city, and others followed", "the envoys left the city."),
    ],
)
def test_a_certain_slip_is_passed_over(text: str, quote: str) -> None:
    found = assert_true_offsets(text, GroundedText(text).locate(quote))
    assert found.match is Match.FUZZY
    assert 0 < found.score < 1


def test_slips_are_counted_against_the_quotations_length() -> None:
    text = "the statments, the adress and the goverment of his country"
    assert GroundedText(text).locate("the statements, the address and the goverment of his country")
    assert GroundedText(text).locate("the statements, the address and the government of his country") is None
    assert GroundedText(text).locate("the statements, the adress and") is not None
    assert GroundedText(text).locate("the statements, the adress") is None


def test_a_slip_is_passed_over_however_often_the_rest_stands_elsewhere() -> None:
    text = "All spoke of the country. " * 400 + "Men of the goverment of the country left."
    found = assert_true_offsets(text, GroundedText(text).locate("the government of the country"))
    assert found.quote == "the goverment of the country"


def test_the_fuzzy_score_falls_with_each_slip() -> None:
    text = "all the statments of his goverment were read out to the press of the country on that day"
    one = GroundedText(text).locate(text.replace("statments", "statements"))
    two = GroundedText(text).locate(text.replace("statments", "statements").replace("goverment", "government"))
    assert assert_true_offsets(text, one).score > assert_true_offsets(text, two).score


# --- typography and scripts ---


@pytest.mark.parametrize(
    ("text", "quote", "passage"),
    [
        ("He said “we won’t go” – twice…", 'said "we won\'t go" - twice...', "said “we won’t go” – twice…"),
        ("the ‚reset‘ and the «reset»", "'reset' and the \"reset\"", "‚reset‘ and the «reset»"),
        ("he said ``reset'' again", 'said "reset" again', "said ``reset'' again"),
        ("one\u2009two\u3000three\r\n\r\nfour", "one two three four", "one\u2009two\u3000three\r\n\r\nfour"),
        (
            "the expo\u00adsure \u2066of\u2069 agents\ufeff",
            "exposure of agents",
            "expo\u00adsure \u2066of\u2069 agents",
        ),
        ("the expose\u0301 of", "exposé", "expose\u0301"),
        ("the exposé of", "expose\u0301", "exposé"),
        ("of\ufb01cial o\ufb03ce", "official office", "of\ufb01cial o\ufb03ce"),
        ("צה\u05f4ל הודיע: \u200fדיפלומט אחד", 'צה"ל הודיע: דיפלומט', "צה\u05f4ל הודיע: \u200fדיפלומט"),
        ("俄罗斯驱逐三十五名美国外交官。", "驱逐三十五名美国外交官", "驱逐三十五名美国外交官"),
        ("ขับไล่นักการทูต", "นักการทูต", "นักการทูต"),
        ("한국은 외교관을 추방했다", "외교관", "외교관"),
        ("\U0001f600\U0001d54f “reset” \U0001f680", '"reset"', "“reset”"),
        ("A plain word.", '"A plain word"', "A plain word"),
        ("A plain word.", "“A plain word.”", "A plain word."),
    ],
)
def test_typography_and_scripts(text: str, quote: str, passage: str) -> None:
    found = assert_true_offsets(text, GroundedText(text).locate(quote))
    assert found.quote == passage
    assert found.match in (Match.EXACT, Match.NORMALISED)


POINTED, UNPOINTED = "הַנְּשִׂיאָה אָמְרָה כִּי לֹא תִּסְלַח.", "הנשיאה אמרה כי לא תסלח."
VOWELLED, UNVOWELLED = "طَرَدَتِ الحُكومَةُ السَّفيرَ.", "طردت الحكومة السفير."


@pytest.mark.parametrize(
    ("text", "quote", "passage"),
    [
        (POINTED, "אמרה כי לא", "אָמְרָה כִּי לֹא"),
        (UNPOINTED, "אָמְרָה כִּי לֹא", "אמרה כי לא"),
        (POINTED, f'"{UNPOINTED}"', POINTED),
        (VOWELLED, "الحكومة السفير", "الحُكومَةُ السَّفيرَ"),
        (UNVOWELLED, "الحُكومَةُ السَّفيرَ", "الحكومة السفير"),
        ("السفيـــر غادر", "السفير", "السفيـــر"),
    ],
)
def test_points_that_one_side_leaves_out_are_typography(text: str, quote: str, passage: str) -> None:
    found = assert_true_offsets(text, GroundedText(text).locate(quote))
    assert (found.quote, found.match, found.score) == (passage, Match.NORMALISED, 1)
    assert GroundedText(text).locate(quote, window=(0, found.end - 1)) is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("שָׁלוֹם שֵׁם אֶחָד", "שָׁם אֶחָד"),
        (POINTED, "כִּי תִּסְלַח"),
        (POINTED, "אמרה כי תסלח"),
        ("גֵּרְשָׁה שְׁלֹשָׁה", "שִׁשָּׁה"),
        (VOWELLED, "طُرِدَتِ الحُكومَةُ"),
    ],
)
def test_other_points_are_other_words(text: str, quote: str) -> None:
    assert GroundedText(text).locate(quote) is None


@pytest.mark.parametrize(
    ("text", "quote"), [("e\u0301tat", "e"), ("驱逐三十五名", "五名"), ("35人", "5人"), ("expose\u0301", "expose")]
)
def test_no_character_or_numeral_is_cut_in_two(text: str, quote: str) -> None:
    assert GroundedText(text).locate(quote) is None


@given(
    st.text(
        alphabet=st.sampled_from("aB ſßẞİᏰ\t\n'\"`-–—“”’…ﬁ\u00ad\u0301é\u1112\u1161\u200b") | st.characters(),
        max_size=30,
    )
)
def test_a_text_is_the_same_with_its_map_and_without(text: str) -> None:
    form = normal_form(text)
    assert normalise(text) == form.text
    assert casefolded(form.text) == form.casefolded().text


@pytest.mark.parametrize("noisy", ["a\u0301\u0323b", "\u1112\u1161\u11ab글", "“ﬁ”…  --''", "\u212b e\u00ad\u0301"])
def test_normalising_twice_changes_nothing(noisy: str) -> None:
    assert normalise(normalise(noisy)) == normalise(noisy)


NOISE = {
    " ": [" ", NO_BREAK_SPACE, "\n", "\u2009 ", "  "],
    '"': ["“", "”", "«", "„"],
    "'": ["’", "`", "′"],
    "-": ["–", "\u2011", "−"],
}
WORD = st.text(alphabet="abcdefghijklmnopqrstuvwxyzéñößßдыשלом", min_size=1, max_size=8)
TOKEN = st.one_of(
    WORD, WORD.map(lambda word: f'"{word}"'), st.tuples(WORD, WORD).map("-".join), st.integers(0, 9999).map(str)
)


@st.composite
def noisy_texts(draw: st.DrawFn) -> tuple[str, str, int]:
    """A text with random typography, a passage of it without, and where that begins."""
    tokens = draw(st.lists(TOKEN, min_size=1, max_size=25))
    low = draw(st.integers(0, len(tokens) - 1))
    high = draw(st.integers(low + 1, len(tokens)))
    rng = draw(st.randoms(use_true_random=False))

    def noised(words: str) -> str:
        dirty = (rng.choice(NOISE.get(character, [character])) for character in words)
        return "".join(c + (SOFT_HYPHEN if c.isalnum() and rng.random() < 0.1 else "") for c in dirty)

    before, passage, after = (" ".join(part) for part in (tokens[:low], tokens[low:high], tokens[high:]))
    lead = noised(before) + " "
    return f"{lead}{noised(passage)} {noised(after)}", passage, len(lead)


@given(noisy_texts())
@settings(deadline=None)
def test_a_passage_is_found_under_random_typography(case: tuple[str, str, int]) -> None:
    text, passage, start = case
    found = assert_true_offsets(text, GroundedText(text).locate(passage))
    assert normalise(found.quote) == normalise(passage)
    assert found.match is Match.EXACT or found.start <= start


@given(st.text(max_size=80), st.integers(0, 80), st.integers(0, 80))
@settings(deadline=None, max_examples=300)
def test_offsets_are_true_for_any_text_whatever(text: str, start: int, length: int) -> None:
    found = GroundedText(text).locate(text[start : start + length])
    if found is not None:
        assert_true_offsets(text, found)
        assert normalise(text[start : start + length]).strip(" '\"") in normalise(found.quote)
    for low, high in GroundedText(text).occurrences(text[start : start + length]):
        assert 0 <= low < high <= len(text)


@given(st.text(max_size=60), st.text(max_size=20))
@settings(deadline=None)
def test_any_quotation_of_any_text_gives_true_offsets_or_none(text: str, quote: str) -> None:
    found = GroundedText(text).locate(quote)
    assert found is None or text[found.start : found.end] == found.quote


@given(st.sampled_from(SENTENCES), st.integers(0, 10_000).map(random.Random))
@settings(deadline=None)
def test_soft_hyphens_and_no_break_spaces_keep_a_passage_grounded(
    sentence: tuple[str, int, int], rng: random.Random
) -> None:
    name, start, end = sentence
    spoiled = "".join(
        NO_BREAK_SPACE
        if c == " " and rng.random() < 0.5
        else c + SOFT_HYPHEN
        if c.isalpha() and rng.random() < 0.2
        else c
        for c in ARTICLES[name]
    )
    found = assert_true_offsets(spoiled, GroundedText(spoiled).locate(ARTICLES[name][start:end]))
    assert normalise(found.quote) == normalise(ARTICLES[name][start:end])


UNTOUCHABLE = re.compile(
    r"\d+|\b(?:not|no|won't|will|would|has|had|was|were|Putin|Obama|Lavrov|Trump|Russian?|US|Moscow)\b"
)


@given(st.sampled_from(SENTENCES), st.data())
@settings(deadline=None, max_examples=300)
def test_any_change_of_a_fact_token_leaves_nothing_to_find(sentence: tuple[str, int, int], data: st.DataObject) -> None:
    name, start, end = sentence
    quote = ARTICLES[name][start:end]
    facts = list(UNTOUCHABLE.finditer(quote))
    if not facts:
        return
    fact = data.draw(st.sampled_from(facts))
    at = data.draw(st.integers(fact.start(), fact.end() - 1))
    other = data.draw(st.sampled_from([c for c in "0123456789abcdefgt" if c != quote[at].lower()]))
    changed = quote[:at] + other + quote[at + 1 :]
    assert GROUNDED[name].locate(changed) is None


# --- repeated passages ---

REPEATED = "The envoys left. Moscow was calm. The envoys left. Washington was tense. The envoys left."


def test_a_repeated_passage_is_the_first_or_the_nearest() -> None:
    article = GroundedText(REPEATED)
    places = [found.start() for found in re.finditer("The envoys left", REPEATED)]
    tense = REPEATED.index("Washington")

    def start(near: list[tuple[int, int]]) -> int:
        return assert_true_offsets(REPEATED, article.locate("The envoys left", near)).start

    assert start([]) == places[0]
    assert start([(tense + 15, tense + 20)]) == places[2]
    assert start([(tense, tense + 3)]) == places[1]
    assert start([(len(REPEATED) - 1, len(REPEATED))]) == places[2]


def test_quotations_that_occur_once_fix_the_repeated_ones() -> None:
    alone, beside = GroundedText(REPEATED).locate_all(["The envoys left.", "tense. The envoys"])
    assert assert_true_offsets(REPEATED, alone).start == REPEATED.rindex("The envoys")
    assert assert_true_offsets(REPEATED, beside).start == REPEATED.index("tense")
    both = GroundedText(REPEATED).locate_all(["The envoys left.", "nowhere at all", "left."])
    assert [found and found.start for found in both] == [0, None, REPEATED.index("left")]


def test_a_verbatim_occurrence_goes_before_an_earlier_normalised_one() -> None:
    text = 'He said “reset now”. She said "reset now".'
    assert assert_true_offsets(text, GroundedText(text).locate('"reset now"')).start == text.index('"')


@pytest.mark.parametrize("unit", ["the ", "a", "the statments of ", "a, ", "'", "-", "e\u0301", "驱", "35 ", "\u00ad"])
def test_a_repetitive_text_is_searched_to_the_end(unit: str) -> None:
    article = GroundedText(unit * 20_000 + "end")
    for quote in (
        unit * 2_000 + "other",
        "the " * 2_000 + "end now",
        unit * 5_000,
        "the statements of the a of the a of b",
    ):
        found = article.locate(quote)
        assert found is None or article.text[found.start : found.end] == found.quote


def test_repeated_places_do_not_overlap_and_are_all_given() -> None:
    assert len(GroundedText("the " * 5_000).occurrences("The THE")) == 2_500


# --- words and sentences ---


def test_occurrences_are_word_bounded_and_blind_to_case() -> None:
    text = "PUTIN met Putin’s aide; Rasputin and thirty-five men won't. STRASSE, Straße."
    article = GroundedText(text)
    assert [text[start:end] for start, end in article.occurrences("putin")] == ["PUTIN", "Putin"]
    assert [text[start:end] for start, end in article.occurrences("strasse")] == ["STRASSE", "Straße"]
    assert all(article.contains(words) for words in ("Putin's", "Thirty-Five", "won’t"))
    assert not any(article.contains(words) for words in ("thirty", "five", "won", "utin", "", " \n"))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "First. They left St. Petersburg with Mr. J. Smith at last. Then",
            "They left St. Petersburg with Mr. J. Smith at last.",
        ),
        ("He went to the U.S. The envoys left at last. She", "The envoys left at last."),
        ("Some 3.5 million U.S. citizens at last agreed! Next", "Some 3.5 million U.S. citizens at last agreed!"),
        ("A headline\nThe line at last\nAnother", "The line at last"),
        ('Before. "We go at last." He left', '"We go at last."'),
        ("他走了。我们 at last 走。她", "我们 at last 走。"),
        ("at last", "at last"),
    ],
)
def test_the_sentence_around_a_span(text: str, sentence: str) -> None:
    start = text.index("at last")
    low, high = GroundedText(text).sentence_around(start, start + len("at last"))
    assert text[low:high] == sentence


def test_the_sentences_around_a_span_that_crosses_their_border() -> None:
    text = "One is here. Two is there. Three is gone."
    low, high = GroundedText(text).sentence_around(text.index("here"), text.index("there"))
    assert text[low:high] == "One is here. Two is there."


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (2, 1), (0, 99)])
def test_no_sentence_surrounds_what_is_no_span(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        GroundedText("A text.").sentence_around(start, end)


@given(st.text(max_size=100), st.data())
@settings(deadline=None)
def test_the_sentence_encloses_its_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    low, high = GroundedText(text).sentence_around(start, end)
    assert 0 <= low <= start <= end <= high <= len(text)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_the_normal_form_is_composed_and_spaced_once(text: str) -> None:
    normal = normalise(text)
    assert normal == normal_form(text).text
    assert not re.search(r"\s\s|[^\S ]", normal)
    assert unicodedata.is_normalized("NFC", normal) or unicodedata.is_normalized("NFC", text) is False
