"""Figures that might be a year and are a count: `2000 soldados`, `mehr als 2000 Menschen`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

# Beginnings of words for what is commonly counted: people, time, measures, money.
_COUNTED: Final = {
    "es": "solda militar efectiv tropa person homb mujer niñ diplom funcionari enviad emplead trabajador agent policía "
    "manifestant migrant refugiad civil prisioner preso rehen víctim votant miembr empres entidad hora día kilómetr "
    "metr tonelad dólar euro rublo",
    "fr": "soldat militair troup person homm femm enfant diplom fonctionnair envoy employé salari travailleur agent "
    "polici manifestant migrant réfugi civil prisonni otage victim élect membr entrepris entit heur jour kilomètr "
    "mètr tonn dollar euro rouble",
    "de": "soldat trupp mensch person männ frau kind diplomat beamt gesandt angestellt beschäftigt mitarbeit arbeit "
    "agent polizist demonstrant migrant flüchtling zivilist gefangen geisel opfer wähl mitglied unternehm firm stund "
    "tag kilomet meter tonn dollar euro rubel",
    "pt": "solda milit efetiv tropa pesso homen mulher crianç diplom funcionári enviad empregad trabalhador agent "
    "polici manifestant migrant refugiad civi prisioneir preso refén reféns vítima eleitor membr empres entidad hora "
    "dia quilômetr quilómetr metr tonelad dólar euro rublo",
    "it": "solda militar trupp person uomin donn bambin diplomatic funzionar inviat dipendent lavorat agent polizi "
    "manifestant migrant profug rifugiat civil prigionier ostagg vittim elettor membr impres aziend entità ore giorn "
    "chilometr metr tonnellat dollar euro rubl",
    "ru": "солдат воен войск человек людей люд мужчин женщин дет дипломат чиновник посланник сотрудник работник агент "
    "полицейск протестующ демонстрант мигрант беженц гражданск пленн заложник жертв избирател член компани час дн ден "
    "километр метр тонн доллар евро рубл",
    "uk": "солдат військ осіб люд чоловік жінок діт дипломат чиновник посланц співробітник працівник агент "
    "поліцейськ протестувальник демонстрант мігрант біженц цивільн полонен заручник жертв виборц член компані годин "
    "дн ден кілометр метр тонн долар євро рубл",
    "tr": "asker kişi insan erkek kadın çocuk diplomat yetkili görevli memur çalışan işçi ajan polis gösterici göçmen "
    "mülteci sivil tutsak rehine kurban seçmen üye şirket saat gün kilometre metre ton dolar avro ruble",
    "ar": "جندي جندى عسكري شخص رجل امرأة طفل دبلوماسي مسؤول موظف عامل عميل شرطي متظاهر مهاجر لاجئ مدني أسير رهينة ضحية "
    "ناخب عضو شركة ساعة يوم كيلومتر متر طن دولار يورو روبل",
}
LANGUAGES: Final = tuple(_COUNTED)
# Words before a year, which let it stay one whatever follows: "en 2000 soldados rusos ..." tells when.
_LEADS_YEAR: Final = {
    "es": "en desde hasta del el año", "fr": "en depuis jusqu'en de année", "de": "jahr jahre jahres seit bis anno",
    "pt": "em desde até de ano", "it": "nel dal al del anno", "ru": "в с до году год", "uk": "у в з до році рік",
    "tr": "yılı yılında", "ar": "عام سنة في منذ",
}  # fmt: skip
# Words before an amount, which make it one whatever follows.
_LEADS_COUNT: Final = {
    "es": "más de|menos de|unos|unas|casi|cerca de|alrededor de|otros|otras",
    "fr": "plus de|moins de|environ|quelque|près de|presque|autres",
    "de": "mehr als|weniger als|rund|etwa|ungefähr|fast|knapp|über|weitere",
    "pt": "mais de|menos de|cerca de|quase|outros|outras",
    "it": "più di|meno di|oltre|circa|quasi|altri|altre",
    "ru": "более|менее|около|почти|свыше|ещё|еще",
    "uk": "понад|більше|менше|близько|майже|ще",
    "tr": "yaklaşık|neredeyse|en az",
    "ar": "أكثر من|أقل من|نحو|حوالي|قرابة",
}
_LOOKED_BACK: Final = 24


def counted_figures(text: str, language: str) -> Iterator[tuple[int, int, int]]:
    """Bare figures from 1900 to 2099 that count something: each with the place of its digits.

    `language` is one of `LANGUAGES`. A word for what is commonly counted has to follow, unless a word for a year stands
    before; or a word for an amount has to stand before ("more than"), whatever follows.
    """
    figures, year, amount = _patterns(language)
    for match in figures.finditer(text):
        before = max(0, match.start() - _LOOKED_BACK), match.start()
        if amount.search(text, *before) or (match["noun"] is not None and not year.search(text, *before)):
            yield int(match["figures"]), match.start(), match.end("figures")


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    nouns = "|".join(map(re.escape, _COUNTED[language].split()))
    years = "|".join(map(re.escape, _LEADS_YEAR[language].split()))
    figures = rf"(?<![\w.,:/$€£-])(?P<figures>(?:19|20)\d\d)(?!\w|[.,:/-]\d)(?P<noun>(?=\s{{1,3}}(?:{nouns})\w*))?"
    return (
        re.compile(figures, re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{years})\s{{1,3}}$", re.IGNORECASE),
        re.compile(rf"(?<!\w)(?:{_LEADS_COUNT[language]})\s{{1,3}}$", re.IGNORECASE),
    )
