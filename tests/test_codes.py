"""Codes: each is one that its manual has, every member of a vocabulary is decided, and names give countries."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable

import countrynames
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.codes import (
    CAMEO_NAMES,
    CAMEO_VERSION,
    PLOVER_EVENTS,
    PLOVER_VERSION,
    QUAD_CLASSES,
    EventCode,
    action_code,
    cases,
    country_code,
    may_begin_country,
    plover_event,
    polarity,
    realis,
    sanction_code,
    statement_code,
)
from extractor.schema.vocabulary import (
    Action,
    ActionStatus,
    Measure,
    Polarity,
    Realis,
    SanctionDirection,
    SanctionStatus,
    SpeechAct,
)

from .conftest import Finished

# The whole table, written out by hand: event, mode and CAMEO code of each status; what is not named has no code.
TABLE = """
expulsion             proposed 014
expulsion             threatened announced THREATEN.expel 1313
expulsion             ordered carried_out SANCTION.expel 161
expulsion             reversed SUPPORT 050
recall                proposed 014
recall                threatened announced THREATEN.relations 1313
recall                ordered carried_out SANCTION.withdraw 161
recall                reversed SUPPORT 050
closure               proposed 014
closure               threatened announced THREATEN.relations 1313
closure               ordered carried_out SANCTION.discontinue 161
closure               reversed SUPPORT 050
facility_restriction  proposed 014
facility_restriction  threatened announced THREATEN.relations 1313
facility_restriction  ordered carried_out SANCTION.discontinue 161
facility_restriction  reversed SUPPORT 050
staff_cap             proposed 014
staff_cap             threatened announced THREATEN.relations 1313
staff_cap             ordered carried_out SANCTION.discontinue 161
staff_cap             reversed SUPPORT 050
downgrade             proposed 014
downgrade             threatened announced THREATEN.relations 1313
downgrade             ordered carried_out SANCTION.discontinue 161
downgrade             reversed SUPPORT 050
rupture               proposed 014
rupture               threatened announced THREATEN.relations 1313
rupture               ordered carried_out SANCTION.discontinue 161
rupture               reversed SUPPORT 050
suspension            proposed 014
suspension            threatened announced THREATEN.relations 131
suspension            ordered carried_out SANCTION.discontinue 160
suspension            reversed SUPPORT 050
summons               ordered carried_out ACCUSE.disapprove 110
demarche              ordered carried_out ACCUSE.disapprove 114
restoration           proposed 022
restoration           announced AGREE 032
restoration           ordered carried_out SUPPORT 050
restoration           ruled_out REJECT.assist 120
restoration           reversed SANCTION.discontinue 161
meeting_visit         proposed announced ordered AGREE 036
meeting_visit         carried_out CONSULT 040
meeting_visit         ruled_out REJECT.meet 125
meeting_visit         reversed REJECT.meet 161
cancellation          proposed 014
cancellation          threatened THREATEN.relations 134
cancellation          announced ordered carried_out REJECT.meet 161
cancellation          reversed AGREE 036
agreement             proposed 020
agreement             announced ordered AGREE 030
agreement             carried_out SUPPORT 057
agreement             ruled_out REJECT 120
agreement             suspended reversed SANCTION.discontinue 160
impose:travel_ban     proposed 014
impose:travel_ban     threatened announced THREATEN.restrict 1312
impose:travel_ban     imposed expanded extended SANCTION.discontinue 163
impose:travel_ban     eased lifted RETREAT 085
impose:asset_freeze   proposed 014
impose:asset_freeze   threatened announced THREATEN 1312
impose:asset_freeze   imposed expanded extended SANCTION.discontinue 163
impose:asset_freeze   eased lifted RETREAT 085
impose:aid_suspension proposed 014
impose:aid_suspension threatened announced THREATEN 1311
impose:aid_suspension imposed expanded extended SANCTION.withdraw 162
ease:travel_ban       proposed 014
ease:travel_ban       announced AGREE 0354
ease:travel_ban       eased lifted RETREAT 085
ease:travel_ban       ruled_out REJECT.yield 1244
ease:aid_suspension   proposed 014
ease:aid_suspension   announced AGREE 033
ease:aid_suspension   ruled_out REJECT.assist 122
announce              010
assert                010
accuse                ACCUSE.allege 112
deny                  016
reject                REJECT 120
threaten              THREATEN 130
demand                DEMAND 100
propose               020
promise               AGREE 030
praise                SUPPORT 051
criticise             ACCUSE.disapprove 111
doubt                 012
decline_comment       011
"""

# PLOVER manual, section 6.3, the summary of event categories.
QUADS = {
    1: {"AGREE", "CONSULT", "SUPPORT", "CONCEDE"},
    2: {"COOPERATE", "AID", "RETREAT"},
    3: {"DEMAND", "ACCUSE", "REJECT", "THREATEN"},
    4: {"PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"},
}
# What the table tells apart of sanctions, by an example of its measures.
KINDS = {
    "imposing, on trade or travel": "impose:travel_ban",
    "imposing, of other measures": "impose:asset_freeze",
    "imposing, of aid alone": "impose:aid_suspension",
    "easing": "ease:travel_ban",
    "easing, of aid alone": "ease:aid_suspension",
}
CASES = {(KINDS.get(case.case, case.case), case.status): case.code for case in cases()}
CODES = {code for code in CASES.values() if code is not None}
STATUSES: tuple[ActionStatus | SanctionStatus, ...] = (*ActionStatus, *SanctionStatus)


def expected() -> dict[tuple[str, str | None], str]:
    """The table above, by case and status."""
    found: dict[tuple[str, str | None], str] = {}
    for line in TABLE.split("\n")[1:-1]:
        case, *rest = line.split()
        statuses = [word for word in rest if word.islower()] or [None]
        for status in statuses:
            assert (case, status) not in found
            found[case, status] = " ".join(word for word in rest if not word.islower())
    return found


def written(code: EventCode | None) -> str | None:
    """A code as the table above has it."""
    if code is None:
        return None
    event = ".".join(filter(None, (code.plover_event, code.plover_mode)))
    return f"{event} {code.cameo}".strip()


EXPECTED = expected()


def test_versions_are_named() -> None:
    assert (PLOVER_VERSION, CAMEO_VERSION) == ("0.8", "1.1b3")


def test_the_expected_table_names_only_cases() -> None:
    assert set(EXPECTED) <= set(CASES)
    assert len(CASES) == len(Action) * len(ActionStatus) + len(KINDS) * len(SanctionStatus) + len(SpeechAct)


@pytest.mark.parametrize(("case", "status"), CASES, ids=str)
def test_every_case_of_the_table(case: str, status: str | None) -> None:
    assert written(CASES[case, status]) == EXPECTED.get((case, status))


@pytest.mark.parametrize(("case", "status"), CASES, ids=str)
def test_records_are_coded_by_the_table(case: str, status: str | None) -> None:
    if status is None:
        code = statement_code(SpeechAct(case))
    elif ":" in case:
        direction, measure = case.split(":")
        code = sanction_code(SanctionStatus(status), [Measure(measure)], SanctionDirection(direction))
    else:
        code = action_code(Action(case), ActionStatus(status))
    assert code == CASES[case, status]


@pytest.mark.parametrize("status", SanctionStatus)
def test_measures_beside_aid_outweigh_it(status: SanctionStatus) -> None:
    aid, freeze, ban = Measure.AID_SUSPENSION, Measure.ASSET_FREEZE, Measure.TRAVEL_BAN
    assert sanction_code(status, [aid, freeze]) == sanction_code(status, [freeze]) == sanction_code(status, [])
    assert sanction_code(status, [freeze, ban, aid]) == sanction_code(status, [ban])


def test_names_are_of_the_codes_in_use() -> None:
    assert {code.cameo for code in CODES} == set(CAMEO_NAMES)


def test_quad_classes_are_the_manuals() -> None:
    found = {quad: {name for name, event in PLOVER_EVENTS.items() if event.quad_class == quad} for quad in QUAD_CLASSES}
    assert found == QUADS


@pytest.mark.parametrize("code", sorted(CODES, key=str), ids=lambda code: f"{code.cameo}-{code.plover_mode}")
def test_code_keeps_to_both_manuals(code: EventCode) -> None:
    # A cancelled meeting is refused in PLOVER and reduces relations in CAMEO; in all else section 6.2 of PLOVER holds.
    if (code.plover_event, code.cameo) != ("REJECT", "161"):
        assert code.plover_event == plover_event(code.cameo)
    if code.plover_event is None:
        assert code.plover_mode is None and code.quad_class is None
        return
    event = PLOVER_EVENTS[code.plover_event]
    assert code.plover_mode is None or code.plover_mode in event.modes
    assert code.quad_class == event.quad_class


@pytest.mark.parametrize(
    ("cameo", "event"),
    [
        ("01", None), ("026", None), ("08", None), ("080", None), ("0811", "CONCEDE"), ("083", "CONCEDE"),
        ("084", "RETREAT"), ("0872", "RETREAT"), ("091", "ACCUSE"), ("1121", "ACCUSE"), ("190", "ASSAULT"),
        ("203", "ASSAULT"), ("21", None), ("", None),
    ],
)  # fmt: skip
def test_plover_event_of_a_cameo_code(cameo: str, event: str | None) -> None:
    assert plover_event(cameo) == event


def test_code_round_trips() -> None:
    for code in CODES:
        assert EventCode.model_validate_json(code.model_dump_json()) == code


def test_only_what_is_told_as_done_is_material() -> None:
    material = {case.status for case in cases() if case.status and case.code and case.code.quad_class in {2, 4}}
    assert {realis(status) for status in material} == {Realis.ACTUAL}


@pytest.mark.parametrize("status", [ActionStatus.DENIED, ActionStatus.HYPOTHETICAL])
def test_what_is_not_told_as_an_event_has_no_code(status: ActionStatus) -> None:
    assert {case.code for case in cases() if case.status == status} == {None}


def test_codes_as_a_table(extract: Callable[..., Finished]) -> None:
    done = extract("codes", COLUMNS="80")
    assert (done.code, done.err) == (0, "")
    assert "PLOVER 0.8, CAMEO 1.1b3" in done.out
    lines = done.out.splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].strip() == "expulsion"
    assert lines[2].split() == ["proposed", "–", "–", "014", "Consider", "policy"]
    words = " ".join(done.out.split())
    for name in (*Action, *ActionStatus, *SanctionStatus, *SpeechAct):
        assert name.value.replace("_", " ") in words


def test_codes_as_json(extract: Callable[..., Finished]) -> None:
    done = extract("codes", "--json")
    found = json.loads(done.out)
    assert (done.code, found["plover_version"], found["cameo_version"]) == (0, "0.8", "1.1b3")
    assert len(found["cases"]) == len(CASES)
    for case in found["cases"]:
        assert case["cameo_name"] == (CAMEO_NAMES[case["cameo"]] if case["cameo"] else None)
        assert case["quad_class_name"] == QUAD_CLASSES.get(case["quad_class"])
    cancelled = next(case for case in found["cases"] if (case["case"], case["status"]) == ("cancellation", "ordered"))
    assert (cancelled["plover_event"], cancelled["plover_mode"], cancelled["plover_score"]) == ("REJECT", "meet", -4.2)


def test_realis_of_every_status() -> None:
    done = {"ordered", "carried_out", "suspended", "reversed", "imposed", "expanded", "extended", "eased", "lifted"}
    for status in STATUSES:
        assert realis(status) is (Realis.ACTUAL if status.value in done else Realis.OTHER)


def test_polarity_of_every_status() -> None:
    for status in STATUSES:
        negative = status.value in {"denied", "ruled_out"}
        assert polarity(status) is (Polarity.NEGATIVE if negative else Polarity.POSITIVE)


COUNTRIES = {
    "AFG": ["Afghanistan", "Afghan"],
    "ARE": ["UAE", "United Arab Emirates", "Emirati"],
    "AUS": ["Australia", "Australian"],
    "BIH": ["Bosnia", "Bosnia and Herzegovina"],
    "BLR": ["Belarus"],
    "CHE": ["Switzerland", "Swiss"],
    "CHN": ["China", "PRC", "People's Republic of China", "Chinese"],
    "CIV": ["Ivory Coast", "Côte d'Ivoire", "Cote d\N{RIGHT SINGLE QUOTATION MARK}Ivoire"],
    "COD": ["DRC", "DR Congo", "Democratic Republic of the Congo"],
    "COG": ["Republic of the Congo", "Congo-Brazzaville", "Republic of Congo"],
    "CPV": ["Cape Verde", "Cabo Verde"],
    "CUB": ["Cuba", "Cuban"],
    "CZE": ["Czech Republic", "Czechia", "Czech"],
    "DEU": ["Germany", "German"],
    "DMA": ["Dominica"],
    "DOM": ["the Dominican Republic"],
    "ECU": ["Ecuador", "Ecuadorian"],
    "FRA": ["France", "French"],
    "GBR": ["UK", "U.K.", "the UK", "United Kingdom", "Britain", "Great Britain", "British", "GB"],
    "GEO": ["Georgia"],
    "GMB": ["The Gambia"],
    "GNB": ["Guinea-Bissau"],
    "GNQ": ["Equatorial Guinea"],
    "HKG": ["Hong Kong"],
    "IND": ["India", "Indian", "IN"],
    "IRN": ["Iran", "Islamic Republic of Iran", "Iranian"],
    "ISR": ["Israel", "Israeli"],
    "JOR": ["Jordan"],
    "KOR": ["South Korea", "Republic of Korea", "ROK", "S. Korea", "South Korean"],
    "LAO": ["Laos"],
    "LCA": ["St. Lucia"],
    "MDA": ["Moldova"],
    "MKD": ["Macedonia", "North Macedonia"],
    "MMR": ["Burma", "Myanmar"],
    "NER": ["Niger"],
    "NGA": ["Nigeria"],
    "NLD": ["the Netherlands", "Holland", "Dutch"],
    "PRK": ["North Korea", "DPRK", "Democratic People's Republic of Korea", "N. Korea", "North Korean"],
    "PSE": ["Palestine", "State of Palestine", "Palestinian"],
    "RUS": ["Russia", "the Russian Federation", "Russian", "RUSSIA", " Russia\n", "RUS", "Россия"],
    "SSD": ["South Sudan"],
    "STP": ["Sao Tome"],
    "SWZ": ["Swaziland", "Eswatini"],
    "SYR": ["Syria", "Syrian"],
    "TLS": ["East Timor", "Timor-Leste"],
    "TUR": ["Turkey", "Türkiye", "Turkish"],
    "TWN": ["Taiwan"],
    "UKR": ["Ukraine", "the Ukraine", "Ukrainian"],
    "USA": ["US", "U.S.", "U.S", "U.S.A.", "USA", "the US", "the U.S.", "the United States", "The United States"],
    "VAT": ["the Vatican", "Holy See"],
    "VEN": ["Venezuela"],
    "XKX": ["Kosovo", "Kosovar", "XKX"],
}
AMERICA = ["United States of America", "America", "American"]
NAMES = [(name, code) for code, names in (COUNTRIES | {"USA": [*COUNTRIES["USA"], *AMERICA]}).items() for name in names]

NO_STATE = [
    *(
        None,
        "",
        " ",
        ".",
        "the",
        "?",
        "\ud800",
        "\u0436\ud800",
        "\u202e",
        "asdfgh",
        "unknown",
        "n/a",
        "none",
        "global",
        "various",
    ),
    *("EU", "E.U.", "European Union", "the European Union", "European", "Brussels", "NATO", "UN", "United Nations"),
    *("African Union", "AU", "Arab League", "Europe", "Africa", "the West", "Middle East", "Islamic State"),
    *("Soviet Union", "USSR", "Yugoslavia", "East Germany", "Crimea", "Abkhazia", "Kurdistan"),
    *("Korea", "Korean", "Congo", "Congolese", "Dominican"),
    *("Russia and China", "US-led", "anti-Russian", "Russian government", "FSB", "CIA"),
    *("Obama", "Vladimir Putin", "it", "in", "us", "no", "Us", "is"),
]


@pytest.mark.parametrize(("name", "code"), NAMES)
def test_country_code(name: str, code: str) -> None:
    assert country_code(name) == code


@pytest.mark.parametrize("name", NO_STATE, ids=ascii)
def test_no_country_code(name: str | None) -> None:
    assert country_code(name) is None


@settings(deadline=None)
@given(
    st.text() | st.text(st.characters(codec=None), max_size=3) | st.sampled_from(NAMES).map(lambda pair: pair[0] + "s")
)
def test_country_code_of_any_text(name: str) -> None:
    code = country_code(name)
    assert code is None or (len(code) == 3 and code.isascii() and code.isalpha() and code.isupper())
    assert country_code.__wrapped__(name) == code


@pytest.mark.parametrize(
    ("seat", "code"),
    [
        ("the Kremlin", "RUS"), ("Moscow", "RUS"), ("the White House", "USA"), ("Washington", "USA"),
        ("Beijing", "CHN"), ("Downing Street", "GBR"), ("Élysée", "FRA"), ("Kyiv", "UKR"), ("New Delhi", "IND"),
    ],
)  # fmt: skip
def test_a_seat_of_government_stands_for_its_state(seat: str, code: str) -> None:
    assert country_code(seat) == code


def test_every_name_of_the_library_is_known_as_it_may_be_written() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        countrynames.to_code("")  # which has it load them
        names = [name for name in sorted(countrynames.COUNTRY_NAMES)[::40] if len(name) > 3 and name.islower()]
        listed = {name: countrynames.COUNTRY_NAMES[name] for name in names}
        codes = {code: countrynames.to_code_3(code) for code in set(listed.values()) if code in alpha2_codes()}
    known = {name: codes[code] for name, code in listed.items() if code in codes}
    assert len(known) > 300
    assert {name: code for name, code in known.items() if country_code(name) != code} == {}
    for name, code in known.items():
        written = name.title() if name.isascii() else name
        assert {country_code(written), country_code(written.replace(" ", "-")), country_code(f"{written},")} == {code}


def alpha2_codes() -> set[str]:
    """The ISO 3166-1 codes of two letters that have one of three, as the library's tables have them."""
    return {two for two, three in countrynames.mappings.items() if len(three) == 3 and three != "EUU"}


@pytest.mark.parametrize("write", [str, str.title, str.upper])
def test_what_begins_no_country_begins_no_name_of_several_words_that_has_a_code(write: Callable[[str], str]) -> None:
    country_code("France")  # which has the library load them
    names = [write(name) for name in countrynames.COUNTRY_NAMES if " " in name]
    assert [name for name in names if country_code(name) and not may_begin_country(name.split()[0])] == []
    assert not may_begin_country("Lavrov")


@pytest.mark.parametrize(
    "name", ["White House", "Quai d'Orsay", "the Czech Republic", "N. Korea", "Côte d'Ivoire", "France _"]
)
def test_what_begins_a_country_by_a_name_of_its_own_may_begin_it(name: str) -> None:
    assert country_code(name) is not None
    assert may_begin_country(name.split(maxsplit=1)[0])
