"""What, before a date, tells it as a plan or as history: such a day is not the report's own."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

# The first line ends at the date, after an article at most; the second may stand up to forty characters before.
_BEFORE: Final = {
    "es": (
        "hasta|antes|a más tardar|desde|a partir",
        (
            r"previst\w+|programad\w+|prevé|está fijad\w+|vence\w*|expira\w*|plazo|asumirá|tomará|entrará|jurará"
            r"|nacid\w+|nació|murió|fallec\w+|aniversario|foto de archivo|imagen de archivo|fechad\w+"
        ),
    ),
    "fr": (
        "jusqu'(?:au|en)|avant|d'ici(?: au)?|au plus tard|depuis|à partir|dès",
        (
            r"prévu\w*|prévoi\w+|programmé\w*|expire\w*|échéance|prendra|entrera|investi\w*|né|née|mort|morte|décédé\w*"
            r"|anniversaire|photo d'archives?|image d'archives?|daté\w*|remonte\w*"
        ),
    ),
    "de": (
        "bis|bis zum|vor dem|spätestens(?: am)?|seit|ab",
        (
            r"geplant\w*|vorgesehen\w*|angesetzt\w*|läuft|ablauf\w*|frist|wird|werden|soll|sollen|geboren\w*|gestorben\w*"
            r"|starb|jahrestag|archivbild|archivfoto|datier\w+"
        ),
    ),
    "pt": (
        "até|antes|o mais tardar|desde|a partir",
        (
            r"previst\w+|programad\w+|agendad\w+|prevê|vence\w*|expira\w*|prazo|assumirá|tomará|entrará|nascid\w+|nasceu"
            r"|morreu|faleceu|aniversário|foto de arquivo|imagem de arquivo|datad\w+"
        ),
    ),
    "it": (
        "fino|entro|prima|non oltre|dal|a partire",
        (
            r"previst\w+|programmat\w+|fissat\w+|scad\w+|termine|entrerà|giurerà|assumerà|nato|nata|morto|morta|deceduto"
            r"|anniversario|foto d'archivio|immagine d'archivio|datat\w+|risale\w*"
        ),
    ),
}
LANGUAGES: Final = tuple(_BEFORE)


@cache
def plan_or_history(language: str) -> re.Pattern[str]:
    """The pattern, for the text before a date, of what makes it a plan or history; for one of `LANGUAGES`."""
    direct, near = _BEFORE[language]
    articles = (
        r"(?:(?:el|le|la|il|den|dem|der|am|del|de|du|dal|al|au|o|do|da|dia|día|próximo|prochain)\s)*(?:[\w-]+,?\s)?"
    )
    return re.compile(rf"(?<!\w)(?:(?:{direct})\s{articles}|(?:{near})\b[^.\n]{{0,40}})$", re.IGNORECASE)
