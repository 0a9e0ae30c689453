"""Whether the words around a date speak of what is yet to come."""

from __future__ import annotations

import re
from typing import Final

# What is before or at the date words decides by the verb that stands nearest to them: "said on Monday it will" is past.
_AHEAD: Final = (
    r"will|would|shall|won't|wouldn't"
    r"|(?:is|are|was|were) (?:not )?(?:to|due|set|scheduled|expected|planned|likely|about)"
    r"|due|scheduled|expected|plans?|planned|intends?|set to|(?:is|are) (?:\w+ )?(?:coming|going) to"
)
_BEHIND: Final = (
    r"said|says|told|made|gave|took|met|left|began|begun|sent|held|was|were|had|has|have|did|spoke|wrote|came|went|saw|put"
    r"|(?!need|speed|indeed|exceed|proceed|feed)\w{2,}ed"
)
_VERB: Final = re.compile(rf"\b(?:(?P<ahead>{_AHEAD})|(?P<behind>{_BEHIND}))\b", re.IGNORECASE)
_SENTENCE_END: Final = re.compile(r"[.!?…][\"'”’»)]*\s+(?=[\"'“‘«(]?[A-Z])|\n")
# Characters looked at before and behind the words.
_NEAR: Final = 300


def points_ahead(text: str, span: tuple[int, int]) -> bool:
    """Whether the verb nearest to date words in their sentence, before them or else behind, points to the future.

    English alone; False where no verb tells.
    """
    start, end = span
    before = _SENTENCE_END.split(text[max(0, start - _NEAR) : start])[-1]
    found = list(_VERB.finditer(before))
    if found:
        return found[-1]["ahead"] is not None
    behind = _VERB.search(_SENTENCE_END.split(text[end : end + _NEAR])[0])
    return behind is not None and behind["ahead"] is not None
