"""The words that carry facts of their own, and those that tell a language, a title or a speaker.

Where one of `FACT_WORDS` differs, drops out or comes in, a sentence says something else.
"""

from __future__ import annotations


def word_set(words: str) -> frozenset[str]:
    """The words of a list that is written as one line."""
    return frozenset(words.split())


# Abbreviations whose full stop ends no sentence.
TITLES = word_set(
    "mr mrs ms dr prof st ste mt ft gen col lt capt maj sgt cmdr adm sen rep gov pres rev hon jr sr no nos vs "
    "jan feb mar apr jun jul aug sep sept oct nov dec"
)
ARTICLES = frozenset({"the", "a", "an"})
MONTHS = word_set("january february march april may june july august september october november december")
_DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday today tomorrow yesterday tonight weekday weekend"
)
_NUMBERS = word_set(
    "zero nil one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred hundreds thousand "
    "thousands million millions billion billions trillion trillions dozen dozens score half halves quarter quarters "
    "both pair couple once twice thrice double triple single first second third fourth fifth sixth seventh eighth "
    "ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth "
    "twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth hundredth thousandth millionth "
    "percent"
)
_QUANTITIES = word_set(
    "all every each any some several many much more most few fewer fewest little less least only other others "
    "another enough number lot bit majority minority whole entire same"
)
NEGATIONS = word_set(
    "not no never none nor neither without cannot nothing nobody nowhere hardly barely scarcely unless except but "
    "refuse refused refuses refusing deny denied denies denying reject rejected rejects rejecting fail failed fails "
    "failing lack lacked lacks lacking stop stopped stops stopping prevent prevented halt halted against if whether "
    "allegedly reportedly"
)
_AUXILIARIES = word_set(
    "will would shall should may might can could must ought need dare has have had having is are was were am be been "
    "being do does did done"
)
REPORTING_VERBS = word_set(
    "say says said saying tell tells told telling add adds added adding announce announces announced claim claims "
    "claimed claiming state states stated declare declares declared insist insists insisted argue argues argued "
    "report reports reported warn warns warned write writes wrote tweet tweets tweeted ask asks asked think thinks "
    "thought believe believes believed admit admits admitted reply replies replied confirm confirms confirmed "
    "explain explains explained note notes noted suggest suggests suggested call calls called quoted according"
)
FACT_WORDS = _NUMBERS | _QUANTITIES | _DAYS | MONTHS | NEGATIONS | _AUXILIARIES
UNMISTAKABLY_ENGLISH = frozenset({"the", "of", "and", "that", "with", "from", "his", "their"})
