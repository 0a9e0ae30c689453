"""The words with which languages say `not`, deny, and tell who speaks.

Suffixes that negate (Turkish `-ma`) are not among them.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# What says "not" in so many words.
NEGATIONS: Final = {
    "es": "no nunca jamás nadie nada ni ninguno ninguna ningún tampoco sin",
    "fr": "pas jamais aucun aucune rien ni sans nul nulle non ne n'",
    "de": "nicht kein keine keinen keinem keiner keines nie niemals niemand nichts weder ohne nein",
    "pt": "não nunca jamais ninguém nada nem nenhum nenhuma sem tampouco",
    "it": "non mai nessuno nessuna nessun niente nulla né senza nemmeno neppure",
    "ru": "не нет никогда никто ничего ни без нельзя",
    "uk": "не ні немає ніколи ніхто нічого без",
    "ar": "لا لم لن ليس ليست دون بدون",
    "tr": "değil yok hiç hiçbir asla",
    "zh": "不 没 沒 未 无 無 非",
}
# What, before a passage in its own clause, makes it conditional or denies it.
TURNING: Final = {
    "es": "si niega niegan negó negaron rechaza rechazó descarta descartó desmiente desmintió falso falsamente",
    "fr": "si nie nié nient dément démenti démentent refuse refusé refusent exclut exclu faux faussement",
    "de": "wenn falls ob bestreitet bestritt bestreiten dementiert dementierte dementieren weigert weigerte falsch",
    "pt": "caso nega negou negam negaram recusa recusou descarta descartou desmente desmentiu falso falsamente",
    "it": "se nega negato negano smentisce smentito rifiuta rifiutato esclude escluso falso falsamente",
    "ru": "если ли отрицает отрицал отверг отвергает опроверг опровергает ложно",
    "uk": "якщо чи заперечує заперечив відкидає спростував",
    "ar": "إذا نفى ينفي نفت",
    "tr": "eğer yalanladı reddetti",
    "zh": "如果 否认 否認",
}
# The beginnings of words that deny or forbid without saying "not".
DENYING: Final = {
    "es": "neg nieg rechaz descart desm imped prohib fals evit rehus contra suspend suspens abst carec cancel",
    "fr": "nie démen refus rejet exclu empêch interdi faux fausse évit contre suspen abst manqu annul",
    "de": "bestr dement weiger lehn ablehn abgelehnt verhind verbiet verbot falsch verm gegen aussetz",
    "pt": "neg recus rejeit descart desm imped proib fals evit contra suspen abst carec cancel",
    "it": "neg smen rifiut respin esclu imped proib viet fals evit contro sospe asten annull",
    "ru": "отриц отказ отверг опровер запре лож против прекра приостан",
    "uk": "запереч відмов відкид спрост заборон проти припин призуп",
    "ar": "نف رفض ينفي",
    "tr": "yalanla redded reddet yasak karşı",
    "zh": "否 拒 禁 反对",
}
REPORTING_VERBS: Final = {
    "es": "dice dijo dijeron añadió agregó afirma afirmó señaló declaró anunció aseguró explicó indicó advirtió",
    "fr": "dit dite a ont ajoute ajouté affirme affirmé déclare déclaré annonce annoncé assure assuré explique",
    "de": "sagt sagte sagten erklärt erklärte erklärten teilte betonte warnte kündigte berichtet meldet laut",
    "pt": "diz disse disseram afirma afirmou acrescentou declarou anunciou garantiu explicou alertou segundo",
    "it": "dice ha detto disse afferma affermato dichiara dichiarato annunciato aggiunto spiegato avvertito secondo",
    "ru": "сказал сказала заявил заявила заявили сообщил сообщила сообщили добавил отметил подчеркнул",
    "uk": "сказав сказала заявив заявила повідомив повідомила додав зазначив",
    "ar": "قال قالت أعلن أعلنت أضاف أكد",
    "tr": "dedi söyledi açıkladı belirtti duyurdu",
}
_UNSPACED: Final = frozenset({"zh"})


@cache
def says_not(language: str | None) -> re.Pattern[str] | None:
    """The pattern of a language's words for "not"; None for one that is not known."""
    return _pattern(language, NEGATIONS)


@cache
def turns(language: str | None) -> re.Pattern[str] | None:
    """The pattern of the words that turn around what follows them: "not", "if", "denies"."""
    return _pattern(language, NEGATIONS, TURNING)


@cache
def denies(language: str | None) -> re.Pattern[str] | None:
    """The pattern of whatever says "not" in any way."""
    return _pattern(language, NEGATIONS, begin=DENYING)


def _pattern(
    language: str | None, *tables: dict[str, str], begin: dict[str, str] | None = None
) -> re.Pattern[str] | None:
    if language not in NEGATIONS:
        return None
    whole = [word for table in tables for word in table[language].split()]
    stems = begin[language].split() if begin else []
    if language in _UNSPACED:
        return re.compile("|".join([*whole, *stems]))
    ends = [word if word.endswith("'") else rf"{word}(?!\w)" for word in whole] + [rf"{stem}\w*" for stem in stems]
    return re.compile(rf"(?<!\w)(?:{'|'.join(ends)})", re.IGNORECASE)
