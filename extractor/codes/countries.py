"""States by name: ISO 3166-1 alpha-3 codes."""

from __future__ import annotations

import warnings
from functools import lru_cache

# What the library lacks, and names that it resolves although they are not, or not only, one state's.
_COUNTRY_EXCEPTIONS: dict[str, str | None] = {
    "congo republic": "COG",
    "britons": "GBR",
    "czechs": "CZE",
    "danes": "DNK",
    "dutchmen": "NLD",
    "ecuadorian": "ECU",
    "finns": "FIN",
    "frenchmen": "FRA",
    "poles": "POL",
    "spaniards": "ESP",
    "swedes": "SWE",
    "turks": "TUR",
    "n korea": "PRK",
    "republic of congo": "COG",
    "rok": "KOR",
    "s korea": "KOR",
    "sao tome": "STP",
    "xkx": "XKX",
    "au": None,  # the African Union as well as Australia
    "brussels": None,  # mostly the European Union
    "congo": None,
    "congolese": None,
    "dominican": None,
    "ec": None,  # the European Commission as well as Ecuador
    "geneva": None,  # mostly the United Nations
    "korea": None,
    "korean": None,
}
# Seats of government that news texts use for the state, where the library does not list them.
_SEATS = {
    "RUS": "kremlin",
    "USA": "white house, pentagon, capitol hill, foggy bottom",
    "GBR": "downing street, whitehall",
    "FRA": "elysee, élysée, quai d'orsay",
    "UKR": "kyiv, kiev",
    "CHN": "beijing, peking",
    "PRK": "pyongyang",
    "KOR": "seoul, blue house",
    "TUR": "ankara",
    "POL": "warsaw",
    "BLR": "minsk",
    "ESP": "madrid",
    "ITA": "rome",
    "PRT": "lisbon",
    "GRC": "athens",
    "AUT": "vienna",
    "HUN": "budapest",
    "CZE": "prague",
    "SVK": "bratislava",
    "BGR": "sofia",
    "ROU": "bucharest",
    "SRB": "belgrade",
    "HRV": "zagreb",
    "SWE": "stockholm",
    "NOR": "oslo",
    "FIN": "helsinki",
    "DNK": "copenhagen",
    "LVA": "riga",
    "LTU": "vilnius",
    "EST": "tallinn",
    "GEO": "tbilisi",
    "ARM": "yerevan",
    "AZE": "baku",
    "ISR": "jerusalem",
    "SYR": "damascus",
    "IRQ": "baghdad",
    "SAU": "riyadh",
    "QAT": "doha",
    "EGY": "cairo",
    "LBN": "beirut",
    "JOR": "amman",
    "YEM": "sanaa",
    "AFG": "kabul",
    "PAK": "islamabad",
    "IND": "new delhi, delhi",
    "BGD": "dhaka",
    "MMR": "naypyidaw",
    "THA": "bangkok",
    "VNM": "hanoi",
    "IDN": "jakarta",
    "MYS": "kuala lumpur, putrajaya",
    "PHL": "manila",
    "AUS": "canberra",
    "NZL": "wellington",
    "CUB": "havana",
    "VEN": "caracas",
    "COL": "bogota, bogotá",
    "BRA": "brasilia, brasília",
    "ARG": "buenos aires",
    "ECU": "quito",
    "BOL": "la paz",
    "NGA": "abuja",
    "ETH": "addis ababa",
    "KEN": "nairobi",
    "SDN": "khartoum",
    "ZAF": "pretoria",
    "ZWE": "harare",
    "RWA": "kigali",
    "COD": "kinshasa",
}
# Of the seats, those that name an institution rather than a city.
INSTITUTIONS = frozenset(
    {"kremlin", "white house", "pentagon", "downing street", "whitehall", "elysee", "élysée", "quai d'orsay",
     "foggy bottom", "capitol hill", "blue house"}
)  # fmt: skip
_SEAT_CODES = {seat: code for code, seats in _SEATS.items() for seat in seats.split(", ")}
# The one code of the library that is no state's; the Soviet Union's and the like have four letters.
_UNION = "EUU"
_CODE_LENGTH = 3


@lru_cache(maxsize=1 << 16)
def country_code(name: str | None) -> str | None:
    """ISO 3166-1 alpha-3 code of the state that a name or demonym stands for, or None.

    Only names and codes that are known as they stand, no guessing at misspellings; a city or region that the library
    lists gives its state. Kosovo is XKX: the standard has no code for it, but leaves XAA to XZZ to its users, and this
    is the one that the World Bank uses. States of the past and unions of states have no code.
    """
    key = _country_key(name or "")
    if key.casefold() in _COUNTRY_EXCEPTIONS:
        return _COUNTRY_EXCEPTIONS[key.casefold()]
    if key.casefold() in _SEAT_CODES:
        return _SEAT_CODES[key.casefold()]
    # "it", "us" and "no" are codes only in capitals.
    if key.isascii() and ((len(key) <= _CODE_LENGTH and not key.isupper()) or not _may_be_listed(key)):
        return None
    return _listed_country(key)


@lru_cache(maxsize=1 << 14)
def may_begin_country(word: str) -> bool:
    """Whether `country_code` may know a name of several words that begins with this one; quickly told."""
    # What has other characters than these may not begin in the library as it does here, and "the" is left out there.
    if not (word.isascii() and word.isalnum()) or word.casefold() == "the":
        return True
    return word.casefold() in _first_words()


@lru_cache(maxsize=1)
def _first_words() -> frozenset[str]:
    names, _ = _listed_names()
    return frozenset(name.casefold().partition(" ")[0] for name in names.union(_COUNTRY_EXCEPTIONS, _SEAT_CODES))


def _country_key(name: str) -> str:
    """A name as the library lists it: "the U.S." is "US"."""
    # Lone surrogates, which JSON can hold, make the library's transliteration by ICU fail.
    words = name.encode("utf-8", "ignore").decode("utf-8").replace(".", "").split()
    return " ".join(words[1:] if len(words) > 1 and words[0].casefold() == "the" else words)


def _may_be_listed(key: str) -> bool:
    """Whether the library may list a name in ASCII; most words of a text are no state's, and it is slow to say so."""
    names, plain = _listed_names()
    return key.upper().strip() in names or " ".join(key.translate(plain).split()) in names


@lru_cache(maxsize=1)
def _listed_names() -> tuple[frozenset[str], dict[int, str]]:
    """The library's names and codes, and what it makes of the characters of ASCII when it looks a name up."""
    import countrynames
    from countrynames.util import normalize_name

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # as below
        countrynames.to_code("")  # which has it load them
        plain = {code: (normalize_name(f"a{chr(code)}a") or "aa")[1:-1] for code in range(128)}
    return frozenset({*countrynames.COUNTRY_NAMES, *countrynames.COUNTRY_NAMES.values()}), plain


def _listed_country(key: str) -> str | None:
    # Imported here because it takes up to a third of a second to load, which only a run with records has to spend.
    import countrynames
    from countrynames.util import normalize_name

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it asks for PyICU, which has no wheels
        # Names in scripts that it cannot transliterate are empty to it, and so all the same one.
        if not normalize_name(key):
            return None
        try:
            code = countrynames.to_code_3(key)
        except KeyError:  # its two-letter codes without a three-letter one, such as the United Nations'
            return None
    return code if code and code != _UNION and len(code) == _CODE_LENGTH else None


def alpha2(code: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of an alpha-3 code, or None where there is none."""
    return _alpha2_by_alpha3().get(code)


@lru_cache(maxsize=1)
def _alpha2_by_alpha3() -> dict[str, str]:
    from countrynames.mappings import mappings

    return {three: two for two, three in mappings.items()}
