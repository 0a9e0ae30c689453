"""The names of the CAMEO codes that `extractor.codes.events` gives, as the manual has them (1.1b3, March 2012)."""

from __future__ import annotations

from typing import Final

CAMEO_NAMES: Final = {
    "010": "Make statement, not specified below",
    "011": "Decline comment",
    "012": "Make pessimistic comment",
    "014": "Consider policy option",
    "016": "Deny responsibility",
    "020": "Make an appeal or request, not specified below",
    "022": "Appeal for diplomatic cooperation",
    "030": "Express intent to cooperate, not specified below",
    "032": "Express intent to engage in diplomatic cooperation",
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
