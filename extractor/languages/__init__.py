"""What other languages than English call days, months, spans of time, numbers and their negations.

- `identification`: the language of a text, where its own words make it certain
- `calendar`: the names of weekdays and months, from Unicode's CLDR and a few that it lacks
- `phrases`: the other words of dates and spans of time, by what English calls them
- `cardinals`: numbers in words and figures
- `negation`: the words that turn a sentence around

Names come from Babel (CLDR), number words from text2num; both are imported where they are first needed.
"""

from extractor.languages.identification import language_of, likeliest_language_of

__all__ = ["language_of", "likeliest_language_of"]
