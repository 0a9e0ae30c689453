"""Codes: each is one that its manual has, every member of a vocabulary is decided, and names give countries."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractor.codes import (
    CAMEO_VERSION,
    PLOVER_VERSION,
    EventCode,
    action_code,
    country_code,
    polarity,
    realis,
    sanction_code,
    statement_code,
)
from extractor.schema.vocabulary import Action, ActionStatus, Measure, Polarity, Realis, SanctionStatus, SpeechAct

# CAMEO manual 1.1b3, chapter 6: the codes in use, with their names.
CAMEO_1_1B3 = {
    "010": "Make statement, not specified below",
    "011": "Decline comment",
    "012": "Make pessimistic comment",
    "014": "Consider policy option",
    "016": "Deny responsibility",
    "020": "Make an appeal or request, not specified below",
    "022": "Appeal for diplomatic cooperation (such as policy support)",
    "030": "Express intent to cooperate, not specified below",
    "032": "Express intent to engage in diplomatic cooperation (such as policy support)",
    "036": "Express intent to meet or negotiate",
    "040": "Consult, not specified below",
    "050": "Engage in diplomatic cooperation, not specified below",
    "051": "Praise or endorse",
    "057": "Sign formal agreement",
    "085": "Ease economic sanctions, boycott, embargo",
    "100": "Demand, not specified below",
    "110": "Disapprove, not specified below",
    "111": "Criticize or denounce",
    "112": "Accuse, not specified below",
    "114": "Complain officially",
    "120": "Reject, not specified below",
    "125": "Reject proposal to meet, discuss, or negotiate",
    "130": "Threaten, not specified below",
    "1311": "Threaten to reduce or stop aid",
    "1312": "Threaten with sanctions, boycott, embargo",
    "1313": "Threaten to reduce or break relations",
    "134": "Threaten to halt negotiations",
    "160": "Reduce relations, not specified below",
    "161": "Reduce or break diplomatic relations",
    "162": "Reduce or stop material aid, not specified below",
    "163": "Impose embargo, boycott, or sanctions",
}

# PLOVER manual, draft 0.8, chapter 3: all event types with their quad category and all their modes.
PLOVER_0_8: dict[str, tuple[int, set[str]]] = {
    "AGREE": (1, set()),
    "CONSULT": (1, {"visit", "third-party", "multilateral", "phone"}),
    "SUPPORT": (1, set()),
    "CONCEDE": (1, set()),
    "COOPERATE": (2, set()),
    "AID": (2, set()),
    "RETREAT": (2, {"withdraw", "release", "return", "disarm", "ceasefire", "access", "resign"}),
    "DEMAND": (3, {"assist", "change", "yield", "meet"}),
    "ACCUSE": (3, {"disapprove", "investigate", "allege"}),
    "REJECT": (3, {"assist", "change", "yield", "meet"}),
    "THREATEN": (3, {"restrict", "ban", "arrest", "relations", "expel", "territory", "violence"}),
    "PROTEST": (4, {"demo", "riot", "general", "strike", "hunger", "boycott", "obstruct"}),
    "SANCTION": (4, {"convict", "expel", "withdraw", "discontinue"}),
    "MOBILIZE": (4, {"troops", "weapons", "police", "militia"}),
    "COERCE": (
        4,
        {"confiscate", "restrict", "ban", "censor", "curfew", "martial-law", "arrest", "deport", "withhold"},
    ),
    "ASSAULT": (
        4,
        {
            *("abduct", "beat", "torture", "execute", "sexual", "assassinate", "destroy", "primitive", "firearms"),
            *("explosives", "suicide-attack", "heavy-weapons", "cleansing", "massacre", "unconventional", "sideAB"),
        },
    ),
}

MEASURES: tuple[list[Measure], ...] = (
    [],
    [Measure.AID_SUSPENSION],
    [Measure.ASSET_FREEZE],
    [Measure.AID_SUSPENSION, Measure.TRAVEL_BAN],
)
ACTIONS = {(action, status): action_code(action, status) for action in Action for status in ActionStatus}
SANCTIONS = {(s, tuple(measures)): sanction_code(s, measures) for s in SanctionStatus for measures in MEASURES}
STATEMENTS = {act: statement_code(act) for act in SpeechAct}
CODES = {code for code in (*ACTIONS.values(), *SANCTIONS.values(), *STATEMENTS.values()) if code is not None}

# What is told as no event at all, and the actions that neither scheme has.
UNCODED_STATUSES = {ActionStatus.DENIED, ActionStatus.HYPOTHETICAL}
UNCODED_ACTIONS = {Action.DEPARTURE, Action.APPOINTMENT, Action.OTHER}
UNCODED_SANCTIONS = {SanctionStatus.DENIED, SanctionStatus.RULED_OUT, SanctionStatus.HYPOTHETICAL}
UNCODED_ACTS = {SpeechAct.RULE_OUT, SpeechAct.REGRET}


STATUSES: tuple[ActionStatus | SanctionStatus, ...] = (*ActionStatus, *SanctionStatus)
Brief = tuple[str | None, str | None, str, int]


def brief(code: EventCode | None) -> Brief | None:
    return (code.plover_event, code.plover_mode, code.cameo, code.quad_class) if code else None


def test_versions_are_named() -> None:
    assert (PLOVER_VERSION, CAMEO_VERSION) == ("0.8", "1.1b3")


def test_used_cameo_codes_are_the_manuals() -> None:
    assert {code.cameo for code in CODES} == set(CAMEO_1_1B3)


@pytest.mark.parametrize("code", sorted(CODES, key=str), ids=lambda code: f"{code.cameo}-{code.plover_mode}")
def test_code_keeps_to_both_manuals(code: EventCode) -> None:
    root = int(code.cameo[:2])
    assert code.quad_class == (1 if root <= 5 else 2 if root <= 9 else 3 if root <= 14 else 4)
    # PLOVER dropped the comments and appeals, and only these.
    assert (code.plover_event is None) == (root <= 2)
    if code.plover_event is None:
        assert code.plover_mode is None
        return
    quad, modes = PLOVER_0_8[code.plover_event]
    assert code.plover_mode is None or code.plover_mode in modes
    # A cancelled meeting is verbal to PLOVER and material to CAMEO; in all else the two schemes agree.
    assert quad == code.quad_class or (code.plover_event, code.cameo) == ("REJECT", "161")


def test_code_round_trips() -> None:
    for code in CODES:
        assert EventCode.model_validate_json(code.model_dump_json()) == code


def test_every_action_is_decided() -> None:
    coded = {action for (action, _), code in ACTIONS.items() if code}
    assert coded == set(Action) - UNCODED_ACTIONS
    assert {status for (_, status), code in ACTIONS.items() if code} <= set(ActionStatus) - UNCODED_STATUSES
    assert all(action_code(action, ActionStatus.CARRIED_OUT) for action in coded)


def test_every_sanction_is_decided() -> None:
    assert {s for (s, _), code in SANCTIONS.items() if code} == set(SanctionStatus) - UNCODED_SANCTIONS
    assert {s for s in SanctionStatus if not sanction_code(s, [])} == UNCODED_SANCTIONS


def test_every_speech_act_is_decided() -> None:
    assert {act for act, code in STATEMENTS.items() if code is None} == UNCODED_ACTS


def test_only_what_is_told_as_done_is_material() -> None:
    material: set[ActionStatus | SanctionStatus] = set()
    material |= {status for (_, status), code in ACTIONS.items() if code and code.quad_class in {2, 4}}
    material |= {status for (status, _), code in SANCTIONS.items() if code and code.quad_class in {2, 4}}
    assert {realis(status) for status in material} == {Realis.ACTUAL}


@pytest.mark.parametrize(
    ("action", "status", "expected"),
    [
        (Action.EXPULSION, ActionStatus.CARRIED_OUT, ("SANCTION", "expel", "161", 4)),
        (Action.EXPULSION, ActionStatus.ORDERED, ("SANCTION", "expel", "161", 4)),
        (Action.EXPULSION, ActionStatus.ANNOUNCED, ("THREATEN", "expel", "1313", 3)),
        (Action.EXPULSION, ActionStatus.THREATENED, ("THREATEN", "expel", "1313", 3)),
        (Action.EXPULSION, ActionStatus.PROPOSED, (None, None, "014", 1)),
        (Action.EXPULSION, ActionStatus.RULED_OUT, None),
        (Action.EXPULSION, ActionStatus.DENIED, None),
        (Action.EXPULSION, ActionStatus.HYPOTHETICAL, None),
        (Action.EXPULSION, ActionStatus.REVERSED, ("SUPPORT", None, "050", 1)),
        (Action.RECALL, ActionStatus.CARRIED_OUT, ("SANCTION", "withdraw", "161", 4)),
        (Action.CLOSURE, ActionStatus.ORDERED, ("SANCTION", "discontinue", "161", 4)),
        (Action.FACILITY_RESTRICTION, ActionStatus.PROPOSED, (None, None, "014", 1)),
        (Action.STAFF_CAP, ActionStatus.ORDERED, ("SANCTION", "discontinue", "161", 4)),
        (Action.DOWNGRADE, ActionStatus.THREATENED, ("THREATEN", "relations", "1313", 3)),
        (Action.RUPTURE, ActionStatus.CARRIED_OUT, ("SANCTION", "discontinue", "161", 4)),
        (Action.SUMMONS, ActionStatus.CARRIED_OUT, ("ACCUSE", "disapprove", "110", 3)),
        (Action.DEMARCHE, ActionStatus.CARRIED_OUT, ("ACCUSE", "disapprove", "114", 3)),
        (Action.RESTORATION, ActionStatus.CARRIED_OUT, ("SUPPORT", None, "050", 1)),
        (Action.MEETING_VISIT, ActionStatus.CARRIED_OUT, ("CONSULT", None, "040", 1)),
        (Action.MEETING_VISIT, ActionStatus.ANNOUNCED, ("AGREE", None, "036", 1)),
        (Action.MEETING_VISIT, ActionStatus.RULED_OUT, ("REJECT", "meet", "125", 3)),
        (Action.CANCELLATION, ActionStatus.CARRIED_OUT, ("REJECT", "meet", "161", 4)),
        (Action.AGREEMENT, ActionStatus.CARRIED_OUT, ("SUPPORT", None, "057", 1)),
        (Action.DEPARTURE, ActionStatus.CARRIED_OUT, None),
    ],
)
def test_action_code(action: Action, status: ActionStatus, expected: Brief | None) -> None:
    assert brief(action_code(action, status)) == expected


@pytest.mark.parametrize(
    ("status", "measures", "expected"),
    [
        (SanctionStatus.IMPOSED, [], ("SANCTION", "discontinue", "163", 4)),
        (SanctionStatus.IMPOSED, [Measure.ASSET_FREEZE], ("SANCTION", "discontinue", "163", 4)),
        (SanctionStatus.IMPOSED, [Measure.AID_SUSPENSION], ("SANCTION", "withdraw", "162", 4)),
        (SanctionStatus.IMPOSED, [Measure.AID_SUSPENSION, Measure.ASSET_FREEZE], ("SANCTION", "discontinue", "163", 4)),
        (SanctionStatus.ANNOUNCED, [], ("THREATEN", "restrict", "1312", 3)),
        (SanctionStatus.THREATENED, [Measure.AID_SUSPENSION], ("THREATEN", "relations", "1311", 3)),
        (SanctionStatus.PROPOSED, [], (None, None, "014", 1)),
        (SanctionStatus.EASED, [], ("RETREAT", None, "085", 2)),
        (SanctionStatus.LIFTED, [Measure.TRAVEL_BAN], ("RETREAT", None, "085", 2)),
        (SanctionStatus.LIFTED, [Measure.AID_SUSPENSION], None),
        (SanctionStatus.RULED_OUT, [], None),
    ],
)
def test_sanction_code(status: SanctionStatus, measures: list[Measure], expected: Brief | None) -> None:
    assert brief(sanction_code(status, measures)) == expected


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (SpeechAct.ACCUSE, ("ACCUSE", "allege", "112", 3)),
        (SpeechAct.DENY, (None, None, "016", 1)),
        (SpeechAct.CRITICISE, ("ACCUSE", "disapprove", "111", 3)),
        (SpeechAct.PRAISE, ("SUPPORT", None, "051", 1)),
        (SpeechAct.THREATEN, ("THREATEN", None, "130", 3)),
        (SpeechAct.DECLINE_COMMENT, (None, None, "011", 1)),
    ],
)
def test_statement_code(act: SpeechAct, expected: Brief) -> None:
    assert brief(statement_code(act)) == expected


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
