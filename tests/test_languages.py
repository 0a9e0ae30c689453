"""Dates, spans of time, numbers and negations in other languages than English."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from babel import Locale
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st
from num2words import num2words

from extractor.dates import duration, find_anchor, resolve
from extractor.grounding import GroundedText
from extractor.languages import cardinals, language_of
from extractor.languages.calendar import LANGUAGES
from extractor.numbers import numbers_in
from extractor.schema.claims import ActionClaim, StatementClaim
from extractor.schema.spans import DateAnchor, ResolvedDate
from extractor.schema.vocabulary import DateBasis, Match
from extractor.verification import Verifier

from .conftest import action, actor, statement

EXPLICIT, RELATIVE, INFERRED = DateBasis.EXPLICIT, DateBasis.RELATIVE, DateBasis.INFERRED
FRIDAY = "2016-12-30"

# A report in each language, with a place for the words that are tried.
REPORTS = {
    "en": "The ministry told the envoys of the embassy that they have to leave {}, and that this is final.",
    "es": "El Gobierno expulsó a los diplomáticos {} y les pidió salir del país, según el ministerio, pero sin motivo.",
    "fr": "Le gouvernement a expulsé les diplomates {} dans une note du ministère, selon une source qui les connaît.",
    "de": "Die Regierung hat die Diplomaten {} ausgewiesen und das Ministerium wird sich nicht mit Gründen äußern.",
    "pt": "O governo expulsou os diplomatas {} e não deu uma razão, segundo uma nota do ministério em Lisboa também.",
    "it": "Il governo ha espulso i diplomatici {} e gli altri della delegazione nel pomeriggio, ma non è tutto.",
    "ru": "Министерство заявило, что это решение было принято {}, после чего они также покинули страну.",
    "uk": "Міністерство повідомило, що це рішення було ухвалено {}, після чого вони також залишили країну.",
    "ar": "قالت الوزارة في بيان إن القرار الذي صدر {} يشمل هذه البعثة على أن تغادر في أيام إلى بلدها.",
    "tr": "Bakanlık {} yaptığı açıklamada diplomatların ülkeden ayrılması için süre verdi ve bunun gibi olarak kadar.",
    "zh": "该国的外交部{}宣布了这一决定,他们的外交官是在首都工作的人员。",
}
DAY_FIRST = sorted(set(LANGUAGES) - {"zh"})


def published(value: str = FRIDAY) -> DateAnchor:
    return DateAnchor(value=value, text=value, start=0, end=len(value), basis="published")


def read(words: str, anchor: DateAnchor | None = None, *, past: bool | None = None, within: str = "{}") -> ResolvedDate:
    text = within.format(words) if within != "{}" else ""
    start = text.index(words) if text else 0
    return resolve(words, (start, start + len(words)), anchor, text=text, past=past)


@pytest.mark.parametrize("language", REPORTS)
def test_a_report_tells_its_language(language: str) -> None:
    assert language_of(REPORTS[language].format("")) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Moscow",
        "12.30.2016",
        "De regering heeft de diplomaten het land uit gezet en dat is het einde van de zaak, zei de minister.",
        "El govern ha expulsat els diplomàtics i els ha donat tres dies, segons ha dit el ministre de la Generalitat.",
        "Regeringen har udvist diplomaterne, og det er ikke den første gang, at det sker, siger ministeren til avisen.",
        "政府は外交官を追放したと発表した。これはその国の決定である。",
        "The envoys of the embassy left. Los enviados de la embajada se fueron y los demás también, según el ministro.",
    ],
)
def test_a_language_that_is_not_certain_is_none(text: str) -> None:
    assert language_of(text) is None


# --- dates ---------------------------------------------------------------------------------------------------------

DATES = {
    "es": [
        ("20 jun 2024", "2024-06-20"), ("20 de junio de 2024", "2024-06-20"), ("el 20 de junio de 2024", "2024-06-20"),
        ("jueves 20 de junio del 2024", "2024-06-20"), ("1º de septiembre de 2020", "2020-09-01"),
        ("1 de setiembre de 2020", "2020-09-01"), ("primero de enero de 2020", "2020-01-01"),
        ("miercoles 3 de abril de 2024", "2024-04-03"), ("junio de 2024", "2024-06"),
        ("el verano de 2016", "2016-22"), ("del 3 al 5 de marzo de 2017", "2017-03-03/2017-03-05"),
        ("entre el 3 y el 5 de marzo de 2017", "2017-03-03/2017-03-05"),
        ("desde 2014", "2014/.."), ("desde el 20 de junio de 2024", "2024-06-20/.."), ("hasta 2015", "../2015"),
        ("a más tardar el 20 de junio de 2024", "../2024-06-20"), ("lunes 20 de junio de 2024", None),
        ("antes del 20 de junio de 2024", None), ("31 de febrero de 2016", None),
    ],
    "fr": [
        ("3 mars 2021", "2021-03-03"), ("le 20 juin 2024", "2024-06-20"), ("mercredi 3 mars 2021", "2021-03-03"),
        ("le mercredi 3 mars 2021", "2021-03-03"), ("mer. 3 mars 2021", "2021-03-03"), ("1er mai 2020", "2020-05-01"),
        ("le premier mai 2020", "2020-05-01"), ("2 févr. 2020", "2020-02-02"), ("août 2014", "2014-08"),
        ("en août 2014", "2014-08"), ("du 3 au 5 mars 2017", "2017-03-03/2017-03-05"), ("depuis 2014", "2014/.."),
        ("jusqu'en 2015", "../2015"), ("jusqu’au 3 mars 2021", "../2021-03-03"),
        ("d'ici le 3 mars 2021", "../2021-03-03"),
        ("mardi 3 mars 2021", None), ("avant le 3 mars 2021", None),
    ],
    "de": [
        ("20. Juni 2024", "2024-06-20"), ("4. Mai 2020", "2020-05-04"), ("Montag, den 4. Mai 2020", "2020-05-04"),
        ("am Montag, 4. Mai 2020", "2020-05-04"), ("Mo., 4. Mai 2020", "2020-05-04"), ("1. Jänner 2020", "2020-01-01"),
        ("15. März 2021", "2021-03-15"), ("15. Mrz. 2021", "2021-03-15"), ("im Juni 2024", "2024-06"),
        ("im Sommer 2016", "2016-22"), ("vom 3. bis 5. März 2017", "2017-03-03/2017-03-05"), ("seit 2014", "2014/.."),
        ("bis zum 4. Mai 2020", "../2020-05-04"), ("bis 2015", "../2015"), ("Dienstag, 4. Mai 2020", None),
        ("vor dem 4. Mai 2020", None),
    ],
    "pt": [
        ("20 de junho de 2024", "2024-06-20"), ("em 20 de junho de 2024", "2024-06-20"),
        ("1º de maio de 2020", "2020-05-01"),
        ("quinta-feira, 20 de junho de 2024", "2024-06-20"), ("quinta, 20 de junho de 2024", "2024-06-20"),
        ("20 set. 2024", "2024-09-20"), ("junho de 2024", "2024-06"), ("desde 2014", "2014/.."),
        ("até 2015", "../2015"),
        ("de 3 a 5 de março de 2017", "2017-03-03/2017-03-05"), ("segunda-feira, 20 de junho de 2024", None),
    ],
    "it": [
        ("20 giugno 2024", "2024-06-20"), ("il 20 giugno 2024", "2024-06-20"),
        ("giovedì 20 giugno 2024", "2024-06-20"),
        ("1° maggio 2020", "2020-05-01"), ("il primo maggio 2020", "2020-05-01"), ("nel giugno 2024", "2024-06"),
        ("dal 3 al 5 marzo 2017", "2017-03-03/2017-03-05"), ("dal 2014", "2014/.."), ("fino al 2015", "../2015"),
        ("entro il 20 giugno 2024", "../2024-06-20"), ("lunedì 20 giugno 2024", None),
    ],
    "ru": [
        ("20 июня 2024 года", "2024-06-20"), ("20 июня 2024 г.", "2024-06-20"),
        ("четверг, 20 июня 2024", "2024-06-20"),
        ("в июне 2024 года", "2024-06"), ("июнь 2024", "2024-06"), ("в 2016 году", "2016"), ("с 2014 года", "2014/.."),
        ("понедельник, 20 июня 2024", None), ("до 20 июня 2024 года", None),
    ],
    "uk": [
        ("20 червня 2024 року", "2024-06-20"), ("четвер, 20 червня 2024 року", "2024-06-20"),
        ("у червні 2024 року", "2024-06"),
        ("з 2014 року", "2014/.."), ("понеділок, 20 червня 2024 року", None),
    ],
    "ar": [
        ("20 يونيو 2024", "2024-06-20"), ("٢٠ يونيو ٢٠٢٤", "2024-06-20"), ("20 حزيران 2024", "2024-06-20"),
        ("20 يونيو/حزيران 2024", "2024-06-20"), ("الخميس 20 يونيو 2024", "2024-06-20"), ("منذ 2014", "2014/.."),
        ("الاثنين 20 يونيو 2024", None),
    ],
    "tr": [
        ("20 Haziran 2024", "2024-06-20"), ("20 Haziran 2024'te", "2024-06-20"),
        ("20 Haziran 2024 Perşembe", "2024-06-20"),
        ("HAZİRAN 2024", "2024-06"), ("20 Haziran 2024 Pazartesi", None),
    ],
    "zh": [("2024年6月20日", "2024-06-20"), ("2024年6月", "2024-06"), ("2024年6月20日星期四", "2024-06-20")],
}  # fmt: skip
RELATIVES = {
    "es": [
        ("hoy", "2016-12-30"), ("ayer", "2016-12-29"), ("anteayer", "2016-12-28"), ("antes de ayer", "2016-12-28"),
        ("mañana", "2016-12-31"), ("pasado mañana", "2017-01-01"), ("anoche", "2016-12-29"),
        ("esta mañana", "2016-12-30"),
        ("mañana por la mañana", "2016-12-31"), ("el martes", "2016-12-27"), ("el jueves por la noche", "2016-12-29"),
        ("la noche del jueves", "2016-12-29"), ("el martes pasado", "2016-12-27"), ("el pasado martes", "2016-12-27"),
        ("el próximo martes", "2017-01-03"), ("el martes que viene", "2017-01-03"), ("este viernes", "2016-12-30"),
        ("el martes 27", "2016-12-27"), ("el martes 28", None), ("la semana pasada", "2016-12-19/2016-12-25"),
        ("el miércoles de la semana pasada", "2016-12-21"), ("esta semana", "2016-12-26/2017-01-01"),
        ("la próxima semana", "2017-01-02/2017-01-08"), ("el fin de semana pasado", "2016-12-24/2016-12-25"),
        ("el mes pasado", "2016-11"), ("el próximo mes", "2017-01"), ("a principios de mes", "2016-12"),
        ("a finales del mes pasado", "2016-11"), ("el año pasado", "2015"), ("a finales de año", "2016"),
        ("hace dos días", "2016-12-28"), ("hace tres semanas", "2016-12-09~"), ("dentro de tres días", "2017-01-02"),
        ("desde el jueves", "2016-12-29/.."), ("hasta el domingo", "../2017-01-01"), ("los martes", None),
        ("cada martes", None), ("todos los martes", None), ("la mañana", None),
        ("este viernes 30 de diciembre", "2016-12-30"), ("el pasado 5 de enero", "2016-01-05"),
        ("el próximo 5 de enero", "2017-01-05"), ("a partir del 1 de enero", "2017-01-01/.."),
        ("por la mañana", None), ("los últimos días", None),
        ("la última semana", None), ("en las próximas horas", None), ("en tres días", None),
        ("hace varios días", None),
    ],
    "fr": [
        ("aujourd’hui", "2016-12-30"), ("hier", "2016-12-29"), ("avant-hier", "2016-12-28"), ("demain", "2016-12-31"),
        ("après-demain", "2017-01-01"), ("hier soir", "2016-12-29"), ("ce matin", "2016-12-30"),
        ("mardi", "2016-12-27"),
        ("mardi soir", "2016-12-27"),
        ("ce vendredi 30 décembre", "2016-12-30"), ("le 20 janvier dernier", "2016-01-20"),
        ("mardi dernier", "2016-12-27"), ("mardi prochain", "2017-01-03"),
        ("ce vendredi", "2016-12-30"), ("la semaine dernière", "2016-12-19/2016-12-25"),
        ("mercredi de la semaine dernière", "2016-12-21"), ("cette semaine", "2016-12-26/2017-01-01"),
        ("la semaine prochaine", "2017-01-02/2017-01-08"), ("le week-end dernier", "2016-12-24/2016-12-25"),
        ("le mois dernier", "2016-11"), ("à la fin du mois", "2016-12"), ("début janvier", "2017-01"),
        ("l’an dernier", "2015"), ("l’année dernière", "2015"), ("il y a deux jours", "2016-12-28"),
        ("dans trois jours", "2017-01-02"), ("depuis jeudi", "2016-12-29/.."), ("le mardi", None),
        ("chaque mardi", None), ("la dernière semaine", None), ("dans la nuit de lundi à mardi", None),
        ("il y a quelques jours", None), ("cette nuit", None),
    ],
    "de": [
        ("heute", "2016-12-30"), ("gestern", "2016-12-29"), ("vorgestern", "2016-12-28"), ("morgen", "2016-12-31"),
        ("übermorgen", "2017-01-01"), ("heute Morgen", "2016-12-30"), ("gestern Abend", "2016-12-29"),
        ("am Dienstag", "2016-12-27"), ("am Dienstagabend", "2016-12-27"), ("Donnerstagnacht", "2016-12-29"),
        ("letzten Dienstag", "2016-12-27"), ("am vergangenen Dienstag", "2016-12-27"),
        ("nächsten Dienstag", "2017-01-03"),
        ("am kommenden Dienstag", "2017-01-03"), ("am Sonnabend", "2016-12-24"),
        ("vergangene Woche", "2016-12-19/2016-12-25"),
        ("am Mittwoch letzter Woche", "2016-12-21"), ("diese Woche", "2016-12-26/2017-01-01"),
        ("in der kommenden Woche", "2017-01-02/2017-01-08"), ("Anfang nächster Woche", "2017-01-02/2017-01-08"),
        ("im vergangenen Monat", "2016-11"), ("Ende des Monats", "2016-12"), ("Anfang Januar", "2017-01"),
        ("im vergangenen Jahr", "2015"), ("Ende letzten Jahres", "2015"), ("vor zwei Tagen", "2016-12-28"),
        ("vor drei Wochen", "2016-12-09~"), ("in drei Tagen", "2017-01-02"), ("seit Donnerstag", "2016-12-29/.."),
        ("bis Sonntag", "../2017-01-01"), ("ab dem 1. Januar", "2017-01-01/.."), ("am Morgen", None),
        ("dienstags", None), ("jeden Dienstag", None),
        ("in den letzten Wochen", None), ("vor einigen Tagen", None),
    ],
    "pt": [
        ("hoje", "2016-12-30"), ("ontem", "2016-12-29"), ("anteontem", "2016-12-28"), ("amanhã", "2016-12-31"),
        ("depois de amanhã", "2017-01-01"), ("ontem à noite", "2016-12-29"), ("ontem (29)", "2016-12-29"),
        ("ontem (28)", None), ("na terça-feira", "2016-12-27"),
        ("nesta terça-feira", "2016-12-27"), ("nesta terça-feira (27)", "2016-12-27"),
        ("nesta terça-feira (28)", None),
        ("na terça", "2016-12-27"), ("terça-feira passada", "2016-12-27"), ("na próxima terça-feira", "2017-01-03"),
        ("na semana passada", "2016-12-19/2016-12-25"), ("na próxima semana", "2017-01-02/2017-01-08"),
        ("no mês passado", "2016-11"), ("no mês que vem", "2017-01"), ("no fim do mês", "2016-12"),
        ("no ano passado", "2015"), ("há dois dias", "2016-12-28"), ("dois dias atrás", "2016-12-28"),
        ("às terças", None), ("toda terça-feira", None), ("nos últimos dias", None), ("de manhã", None),
    ],
    "it": [
        ("oggi", "2016-12-30"), ("ieri", "2016-12-29"), ("l’altro ieri", "2016-12-28"), ("domani", "2016-12-31"),
        ("dopodomani", "2017-01-01"), ("ieri sera", "2016-12-29"), ("stamattina", "2016-12-30"),
        ("martedì", "2016-12-27"),
        ("martedì sera", "2016-12-27"), ("martedì scorso", "2016-12-27"), ("lo scorso martedì", "2016-12-27"),
        ("martedì prossimo", "2017-01-03"), ("la settimana scorsa", "2016-12-19/2016-12-25"),
        ("la prossima settimana", "2017-01-02/2017-01-08"), ("il mese scorso", "2016-11"), ("a fine mese", "2016-12"),
        ("l'anno scorso", "2015"), ("lo scorso anno", "2015"), ("due giorni fa", "2016-12-28"),
        ("tra tre giorni", "2017-01-02"), ("il martedì", None), ("ogni martedì", None), ("negli ultimi giorni", None),
    ],
    "ru": [
        ("сегодня", "2016-12-30"), ("вчера", "2016-12-29"), ("позавчера", "2016-12-28"), ("завтра", "2016-12-31"),
        ("во вторник", "2016-12-27"), ("в среду", "2016-12-28"), ("в прошлый вторник", "2016-12-27"),
        ("на прошлой неделе", "2016-12-19/2016-12-25"), ("на следующей неделе", "2017-01-02/2017-01-08"),
        ("в прошлом месяце", "2016-11"), ("в прошлом году", "2015"), ("2 дня назад", "2016-12-28"),
        ("по вторникам", None), ("каждый вторник", None), ("несколько дней назад", None),
    ],
    "uk": [
        ("сьогодні", "2016-12-30"), ("вчора", "2016-12-29"), ("у вівторок", "2016-12-27"),
        ("у п’ятницю", "2016-12-30"),
        ("в середу", "2016-12-28"), ("минулого вівторка", "2016-12-27"), ("минулого тижня", "2016-12-19/2016-12-25"),
        ("минулого року", "2015"), ("щовівторка", None), ("кілька днів тому", None),
    ],
    "ar": [
        ("اليوم", "2016-12-30"), ("أمس", "2016-12-29"), ("أول أمس", "2016-12-28"), ("غدا", "2016-12-31"),
        ("يوم الثلاثاء", "2016-12-27"), ("الثلاثاء الماضي", "2016-12-27"), ("الثلاثاء المقبل", "2017-01-03"),
        ("الأسبوع الماضي", "2016-12-19/2016-12-25"), ("العام الماضي", "2015"), ("كل ثلاثاء", None),
    ],
    "tr": [
        ("bugün", "2016-12-30"), ("dün", "2016-12-29"), ("yarın", "2016-12-31"), ("salı günü", "2016-12-27"),
        ("SALI", "2016-12-27"), ("geçen salı", "2016-12-27"), ("geçen hafta", "2016-12-19/2016-12-25"),
        ("gelecek hafta", "2017-01-02/2017-01-08"), ("geçen yıl", "2015"), ("her salı", None),
    ],
    "zh": [
        ("今天", "2016-12-30"), ("昨日", "2016-12-29"), ("前天", "2016-12-28"), ("明天", "2016-12-31"),
        ("周二", "2016-12-27"),
        ("星期二", "2016-12-27"), ("上周二", "2016-12-20"), ("上周", "2016-12-19/2016-12-25"), ("上个月", "2016-11"),
        ("去年", "2015"), ("本周末", "2016-12-31/2017-01-01"),
        ("3天前", "2016-12-27"), ("每周二", None), ("近日", None),
    ],
}  # fmt: skip
YEARLESS = [
    ("20 de enero", True, "2016-01-20"), ("20 de enero", None, "2017-01-20"), ("le 20 janvier", False, "2017-01-20"),
    ("am 29. Dezember", True, "2016-12-29"), ("jeudi 29 décembre", None, "2016-12-29"),
    ("20 января", None, "2017-01-20"),
    ("20 gennaio", True, "2016-01-20"), ("em 20 de janeiro", None, "2017-01-20"), ("6月20日", True, "2016-06-20"),
    ("mi-janvier", None, "2017-01"), ("a mediados de enero", None, "2017-01"), ("20 Ocak'ta", None, "2017-01-20"),
]  # fmt: skip


def each(table: dict[str, list[tuple[str, str | None]]]) -> list[tuple[str, str, str | None]]:
    return [(language, words, value) for language, rows in table.items() for words, value in rows]


@pytest.mark.parametrize(("language", "words", "value"), each(DATES))
def test_dates_are_read_as_they_stand(language: str, words: str, value: str | None) -> None:
    for found in (read(words), read(words, within=REPORTS[language])):
        assert (found.text, found.value, found.basis) == (words, value, EXPLICIT if value else None)


@pytest.mark.parametrize(("language", "words", "value"), each(RELATIVES))
def test_relative_days_are_reckoned_from_the_day_of_writing(language: str, words: str, value: str | None) -> None:
    for found in (read(words, published()), read(words, published(), within=REPORTS[language])):
        assert (found.value, found.anchor) == (value, FRIDAY if value else None)
        assert found.basis in ({RELATIVE, INFERRED} if value else {None})
    assert read(words).anchor is None


@pytest.mark.parametrize(("words", "past", "value"), YEARLESS)
def test_a_missing_year_comes_from_the_anchor(words: str, past: bool | None, value: str) -> None:
    found = read(words, published(), past=past)
    assert (found.value, found.basis, found.anchor) == (value, INFERRED, FRIDAY)
    assert str(read(words).value).startswith("XXXX-")


@pytest.mark.parametrize(
    ("language", "value"), [("fr", "2016-12-27"), ("pt", "2016-12"), ("es", None), ("it", None), ("de", "2016-12")]
)
def test_a_word_of_two_senses_has_a_value_where_the_language_is_certain(language: str, value: str | None) -> None:
    """`mar` is Tuesday in French, March in Portuguese (and `Mär` in German), either in Spanish and Italian."""
    within = REPORTS[language]
    found = read("mar", published(), past=True, within=within)
    assert found.value == (value if value != "2016-12" else "2016-03")
    assert read("mar", published(), past=True).value is None
    assert read("Mar", published(), past=True, within=REPORTS["en"]).value == "2016-03"


@pytest.mark.parametrize("language", DAY_FIRST)
def test_the_order_of_a_numeric_date_is_the_articles(language: str) -> None:
    found = read("03/04/2020", within=REPORTS[language])
    assert (found.value, found.basis) == ("2020-04-03", INFERRED)


def test_the_words_beside_a_numeric_date_tell_its_order_too() -> None:
    assert read("am 03.04.2020").value == read("el 03/04/2020").value == "2020-04-03"


@pytest.mark.parametrize("words", ["out", "a 03/04/2020", "in 03.04.2020 a", "set", "dom", "September 5, 2016 in"])
def test_short_words_of_an_english_article_are_english(words: str) -> None:
    assert read(words, published(), within=REPORTS["en"]).value is None


@pytest.mark.parametrize("within", ["{}", REPORTS["en"], REPORTS["zh"]])
def test_elsewhere_a_numeric_date_stays_one_of_two(within: str) -> None:
    assert read("03/04/2020", within=within).value == "[2020-03-04,2020-04-03]"


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("Fue expulsado el martes pasado.", "martes", "2016-12-27"),
        ("Será el próximo martes.", "martes", "2017-01-03"),
        ("Fue el martes 27 de diciembre.", "martes", "2016-12-27"),
        ("Fue el martes de la semana pasada.", "el martes", "2016-12-20"),
        ("Se reúnen los martes en Madrid.", "martes", None),
        ("Se reúnen cada martes en Madrid.", "martes", None),
        ("El 20 de junio de 2014 en Madrid.", "20 de junio", "2014-06-20"),
        ("En marzo 5 personas se fueron.", "En marzo", "2017-03"),
        ("Ils se réunissent le mardi à Paris.", "mardi", None),
        ("Il viendra mardi prochain.", "mardi", "2017-01-03"),
        ("Er kam am Dienstag vergangener Woche.", "am Dienstag", "2016-12-20"),
        ("Er kommt jeden Dienstag.", "Dienstag", None),
        ("Er kommt nächsten Dienstag.", "Dienstag", "2017-01-03"),
        ("Foi expulso nesta terça-feira (27).", "terça-feira", "2016-12-27"),
        ("Arriva martedì prossimo.", "martedì", "2017-01-03"),
    ],
)
def test_the_words_beside_them_count_too(text: str, words: str, value: str | None) -> None:
    start = text.index(words)
    assert resolve(words, (start, start + len(words)), published(), text=text).value == value


@pytest.mark.parametrize(
    ("text", "value", "words", "basis"),
    [
        ("San José, 20 jun 2024 (Agencia Istmo).- El Gobierno", "2024-06-20", "20 jun 2024", "dateline"),
        ("San José, 20 de junio de 2024 (Agencia).- El", "2024-06-20", "20 de junio de 2024", "dateline"),
        ("PARIS, 3 mars 2021 (AFP) - Le gouvernement", "2021-03-03", "3 mars 2021", "dateline"),
        ("Berlin, 4. Mai 2020\n" + REPORTS["de"], "2020-05-04", "4. Mai 2020", "dateline"),
        ("Titel\nBerlin, den 4. Mai 2020 (dpa) - Die", "2020-05-04", "4. Mai 2020", "dateline"),
        ("Roma, 3 marzo 2021 (ANSA) - Il governo", "2021-03-03", "3 marzo 2021", "dateline"),
        ("Москва, 20 июня 2024 (ТАСС) - Сообщают", "2024-06-20", "20 июня 2024", "dateline"),
        ("İstanbul, 20 Haziran 2024 (AA) - Dün", "2024-06-20", "20 Haziran 2024", "dateline"),
        (
            "Publicado el jueves, 20 de junio de 2024 a las 10:30\n" + REPORTS["es"],
            "2024-06-20", "20 de junio de 2024", "published",
        ),
        ("Publié le mercredi 3 mars 2021 à 10h30\n" + REPORTS["fr"], "2021-03-03", "3 mars 2021", "published"),
        ("Publicado: 03/04/2020\n" + REPORTS["es"], "2020-04-03", "03/04/2020", "published"),
        ("Publicado: 03/04/2020\nTexto", None, None, None),
        ("Publié le mardi 3 mars 2021\n" + REPORTS["fr"], None, None, None),
        ("Nacido el 3 de marzo de 1950. " + REPORTS["es"], None, None, None),
        ("Frist bis zum 4. Mai 2020. " + REPORTS["de"], None, None, None),
        ("La orden del 20 de junio de 2024. " + REPORTS["es"], "2024-06-20", "20 de junio de 2024", "text"),
        ("La orden del 20 de junio de 2024.", None, None, None),
    ],
)  # fmt: skip
def test_the_dates_of_an_article(text: str, value: str | None, words: str | None, basis: str | None) -> None:
    found = find_anchor(text.format("")) if "{}" in text else find_anchor(text)
    assert (found and found.value, found and found.text, found and found.basis) == (value, words, basis)


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2090, 12, 31))


@settings(deadline=None)
@given(day=DAYS, language=st.sampled_from(LANGUAGES), width=st.sampled_from(["full", "long"]))
def test_every_date_that_cldr_writes_reads_back(day: date, language: str, width: str) -> None:
    words = format_date(day, width, locale=language)
    assert read(words).value == day.isoformat()
    assert read(words, published(), within=REPORTS[language]).value == day.isoformat()


@settings(deadline=None)
@given(
    day=DAYS,
    number=st.integers(0, 6),
    language=st.sampled_from(LANGUAGES),
    past=st.sampled_from([True, False, None]),
)
def test_a_weekday_lies_within_a_week_in_the_right_direction(
    day: date, number: int, language: str, past: bool | None
) -> None:
    words = Locale.parse(language).days["format"]["wide"][number]
    value = read(words, published(day.isoformat()), past=past, within=REPORTS[language].replace("{}", "{}")).value
    assert value is not None
    found = date.fromisoformat(value)
    assert found.weekday() == number
    assert timedelta() <= (found - day if past is False else day - found) < timedelta(days=7)


@settings(deadline=None)
@given(
    st.text(max_size=30)
    | st.lists(st.sampled_from("el mar mars 3 5 20 de du vor in bis y le i 2024 martes \ud800 ' - .".split())).map(
        " ".join
    )
)
def test_any_words_are_read_without_fail(words: str) -> None:
    assert read(words, published(), within=REPORTS["es"]) == read(words, published(), within=REPORTS["es"])
    assert duration(words) == duration(words)
    for language in cardinals.LANGUAGES:
        assert all(number.value >= 0 for number in numbers_in(words, language))


# --- spans of time -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("en un plazo de 72 horas", "PT72H"), ("72 horas para abandonar el país", "PT72H"),
        ("setenta y dos horas", "PT72H"),
        ("en el término de dos semanas", "P2W"), ("un mes", "P1M"), ("quince días", "P15D"), ("media hora", "PT30M"),
        ("sous 72 heures", "PT72H"), ("dans un délai de 72 heures", "PT72H"), ("soixante-douze heures", "PT72H"),
        ("dans les 48 heures", "PT48H"), ("les 72 prochaines heures", "PT72H"), ("sept jours", "P7D"),
        ("une semaine", "P1W"),
        ("binnen 72 Stunden", "PT72H"), ("innerhalb von zweiundsiebzig Stunden", "PT72H"), ("eines Monats", "P1M"),
        ("binnen einer Woche", "P1W"), ("in den kommenden zwei Wochen", "P2W"), ("no prazo de 72 horas", "PT72H"),
        ("três dias", "P3D"), ("entro 72 ore", "PT72H"), ("nelle prossime 48 ore", "PT48H"), ("un giorno", "P1D"),
        ("в течение 72 часов", "PT72H"), ("протягом 72 годин", "PT72H"), ("خلال 72 ساعة", "PT72H"),
        ("72 saat içinde", "PT72H"), ("72小时内", "PT72H"),
        ("más de 72 horas", None), ("al menos 72 horas", None), ("de 48 a 72 horas", None), ("dos o tres días", None),
        ("hace dos días", None), ("30 días hábiles", None), ("un mes y medio", None), ("unas horas", None),
        ("72 horas o más", None), ("plus de 72 heures", None), ("il y a deux jours", None),
        ("30 jours ouvrables", None),
        ("environ un mois", None), ("quelques jours", None), ("über 72 Stunden", None), ("vor zwei Tagen", None),
        ("mindestens zwei Wochen", None), ("30 Werktage", None), ("mais de 72 horas", None), ("più di 72 ore", None),
        ("более 72 часов", None), ("超过72小时", None),
    ],
)  # fmt: skip
def test_spans_of_time(words: str, value: str | None) -> None:
    assert duration(words) == value


# --- numbers -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "values"),
    [
        ("es", "Expulsa a catorce diplomáticos y a veintidós agentes", [14, 22]),
        ("es", "treinta y cinco de los 1.200 empleados, dos docenas y 35 millones", [35, 1200, 24, 35_000_000]),
        ("es", "ambos, un agente, ciento veinte, dos mil", [2, 1, 120, 2000]),
        ("es", "cientos de personas, miles, millones, un millón y medio", []),
        ("es", "el 20 de junio de 2024 y del 3 al 5 de marzo, 14 diplomáticos", [14]),
        ("es", "el primero y el segundo", []),
        ("fr", "soixante-douze heures, quatre-vingt-dix-sept, deux cents, 1 200", [72, 97, 200, 1200]),
        ("fr", "Le 3 mars 2021 à 10h30, trente-cinq diplomates, une douzaine", [35, 12]),
        ("fr", "septante-deux et nonante", [72, 90]),
        ("de", "zweiundsiebzig Stunden, fünfunddreißig Diplomaten, einen Mann, beide", [72, 35, 1, 2]),
        ("de", "Am 4. Mai 2020 um 10 Uhr dreihundert, 3,5 Millionen und 1.200", [300, 3_500_000, 1200]),
        ("de", "Tausende und Millionen, der dritte", []),
        ("pt", "trinta e cinco diplomatas, dois mil e quinhentos, duas dúzias", [35, 2500, 24]),
        ("it", "quattordici diplomatici, settantadue ore, duemila", [14, 72, 2000]),
        (None, "catorce, soixante-douze, once upon a time, six", [6]),
        ("ru", "35 дипломатов", [35]),
        ("es", "Envía 2000 soldados, en 2016 diplomáticos rusos salieron, el 2016, las elecciones 2016", [2000]),
        ("es", "más de 2000 vecinos", [2000]),
        ("fr", "2000 soldats depuis 2016, en 2016 employés", [2000]),
        ("de", "2000 Soldaten im Jahr 2016, mehr als 1900 Bürger, Wahl 2016", [2000, 1900]),
        ("pt", "2000 soldados em 2016", [2000]),
        ("it", "2000 ore, 2016 organizzazioni, nel 2016 diplomatici", [2000]),
        ("ru", "2000 солдат в 2016 году", [2000]),
        ("uk", "понад 2000 вояків у 2016 році", [2000]),
        ("tr", "2000 asker, 2016 yılında", [2000]),
        ("ar", "2000 جندي في 2016", [2000]),
        ("zh", "2016年12月29日，驱逐35名外交官和1,200名、2000名士兵，第3届，35万人", [35, 1200, 2000]),
    ],
)
def test_numbers_are_read_in_the_language_of_the_text(language: str | None, text: str, values: list[int]) -> None:
    found = list(numbers_in(text, language))
    assert [number.value for number in found] == values
    ends = [0, *(number.end for number in found)]
    assert all(end <= number.start < number.end for end, number in zip(ends, found, strict=False))


@settings(deadline=None)
@given(number=st.integers(2, 99_999), language=st.sampled_from(cardinals.LANGUAGES))
def test_every_number_in_words_reads_back(number: int, language: str) -> None:
    # num2words leaves a syllable out of Italian's 118, 218 ...
    words = num2words(number, lang=language).replace("dicotto", "diciotto")
    assert [found.value for found in numbers_in(f"({words})", language)] == [number]


# --- grounding -----------------------------------------------------------------------------------------------------

SENTENCES = {
    "es": (
        "El ministro, dijo Lavrov, no expulsará el martes a los catorce diplomáticos de la embajada en marzo.",
        {
            "martes": ["jueves", "lunes", "Martes"], "marzo": ["mayo", "enero"],
            "catorce": ["quince", "cuarenta", "cuatro"],
            "no ": ["", "sí "], "expulsará": ["expulsaría", "expulsó", "expulsara"],
            "ministro, dijo Lavrov,": ["ministro dijo Lavrov"],
        },
    ),
    "fr": (
        "Le ministre, a dit Lavrov, n’expulsera pas mardi les quatorze diplomates de l’ambassade en mars.",
        {
            "mardi": ["jeudi", "lundi"], "mars": ["mai", "avril"], "quatorze": ["quinze", "quarante"],
            "pas ": ["", "que "],
            "expulsera": ["expulserait", "expulsa"], "ministre, a dit Lavrov,": ["ministre a dit Lavrov"],
        },
    ),
    "de": (
        "Der Minister, sagte Lawrow, wird die vierzehn Diplomaten der Botschaft am Dienstag nicht im März ausweisen.",
        {
            "Dienstag": ["Donnerstag", "Montag", "Dienstagabend"], "März": ["Mai", "Mär"],
            "vierzehn": ["fünfzehn", "vierzig", "vier"],
            "nicht ": ["", "doch "], "wird": ["würde", "hat"], "Minister, sagte Lawrow,": ["Minister sagte Lawrow"],
        },
    ),
}  # fmt: skip
FLIPS = [
    (language, sentence.replace(word, other, 1))
    for language, (sentence, flips) in SENTENCES.items()
    for word, others in flips.items()
    for other in others
]


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_is_found_through_typography_and_a_lost_comma(language: str) -> None:
    sentence = SENTENCES[language][0]
    text = GroundedText(f"{REPORTS[language].format('')}\n{sentence}\nBank of America and the others.")
    found = text.locate(sentence.replace("’", "'"))
    assert found is not None and found.quote == sentence and found.match in (Match.EXACT, Match.NORMALISED)


@pytest.mark.parametrize(("language", "flip"), FLIPS)
def test_no_flipped_fact_is_ever_found(language: str, flip: str) -> None:
    """Not even in an article, or a quotation, that has an English name in it."""
    sentence = SENTENCES[language][0]
    for beside in ("", " Bank of America and the others.", " of the"):
        text = GroundedText(f"{REPORTS[language].format('')}\n{sentence[:-1]}{beside}.\n")
        assert text.locate(flip[:-1] + beside + ".") is None


@settings(deadline=None)
@given(language=st.sampled_from(sorted(SENTENCES)), data=st.data())
def test_any_change_of_a_fact_leaves_nothing_to_find(language: str, data: st.DataObject) -> None:
    names = Locale.parse(language)
    facts = [
        *names.days["format"]["wide"].values(),
        *names.months["format"]["wide"].values(),
        *(num2words(number, lang=language) for number in range(2, 40)),
    ]
    fact, other = data.draw(
        st.tuples(st.sampled_from(facts), st.sampled_from(facts)).filter(lambda two: two[0] != two[1])
    )
    comma = data.draw(st.sampled_from(["", ","]))
    sentence = REPORTS[language].format(f"{fact}{comma}")
    text = GroundedText(f"{sentence}\n{REPORTS[language].format('of the')}")
    assert text.locate(sentence) is not None
    assert text.locate(sentence.replace(fact, other, 1)) is None
    assert text.locate(sentence.replace(f" {fact}{comma}", "", 1)) is None
    changed = sentence.replace(f"{fact}{comma}", fact if comma else f"{fact},", 1)
    assert text.locate(changed) is None


# --- verification --------------------------------------------------------------------------------------------------

# Who expels how many (a number in words), and what somebody will not do; the last sentence behind its "not".
STORIES = {
    "es": (
        "Norlandia expulsó a catorce diplomáticos de Arvania.", 14,
        "La ministra dijo que no cerrará la embajada de Arvania.",
        "cerrará la embajada de Arvania",
    ),
    "fr": (
        "La Norlande a expulsé soixante-douze diplomates d’Arvanie.", 72,
        "La ministre a dit qu’elle ne fermera pas les ambassades des alliés.", "fermera pas les ambassades des alliés",
    ),
    "de": (
        "Norland hat zweiundsiebzig Diplomaten aus Arvanien ausgewiesen.", 72,
        "Die Ministerin sagte, dass sie nicht die Botschaft schließen werde.", "die Botschaft schließen werde",
    ),
    "pt": (
        "A Norlândia expulsou trinta e cinco diplomatas da Arvânia.", 35,
        "A ministra disse que não fechará a embaixada da Arvânia.", "fechará a embaixada da Arvânia",
    ),
    "it": (
        "La Norlandia ha espulso quattordici diplomatici dell’Arvania.", 14,
        "La ministra ha detto che non chiuderà l’ambasciata dell’Arvania.", "chiuderà l’ambasciata dell’Arvania",
    ),
}  # fmt: skip


@pytest.mark.parametrize("language", STORIES)
def test_a_count_in_words_is_in_the_evidence(language: str) -> None:
    told, count, _, _ = STORIES[language]
    verifier = Verifier(f"{REPORTS[language].format('')}\n{told}\n")
    state = next(word for word in told.split() if word.startswith("Norl"))
    claimed = {"actors": [actor(state)], "targets": [], "status_by": None, "date_text": None}
    for number, expected in ((count, []), (count + 1, [("/count", "not_in_evidence")])):
        claim = ActionClaim.model_validate(action(told, **claimed, count=number))
        assert [(item.field, item.reason) for item in verifier.verify(claim).findings] == expected


@pytest.mark.parametrize("language", STORIES)
def test_a_passage_that_leaves_its_negation_out_is_refused(language: str) -> None:
    _, _, denied, cut = STORIES[language]
    verifier = Verifier(f"{REPORTS[language].format('')}\n{denied}\n")
    for passage, expected in ((denied, False), (cut + ".", True)):
        verdict = verifier.verify(StatementClaim.model_validate(statement(passage, content=denied)))
        assert any(finding.reason == "cut_off" for finding in verdict.findings) is expected


@pytest.mark.parametrize(
    ("language", "content"),
    [
        ("es", "La ministra cerrará la embajada de Arvania."),
        ("pt", "A ministra fechará a embaixada da Arvânia."),
        ("it", "La ministra chiuderà l’ambasciata dell’Arvania."),
    ],
)
def test_a_summary_that_turns_a_negation_around_is_asked_about(language: str, content: str) -> None:
    denied = STORIES[language][2]
    verifier = Verifier(f"{REPORTS[language].format('')}\n{denied}\n")
    for words, expected in ((denied, False), (content, True)):
        verdict = verifier.verify(StatementClaim.model_validate(statement(denied, content=words)))
        assert any(finding.reason == "content_negates" for finding in verdict.findings) is expected
