"""Date words to EDTF (ISO 8601-2), with the basis and the anchor that they were read against.

Everything here is a pure function of its arguments: no clock, no locale, no file. A value that the words
and the anchor do not support is None.

- `anchors`: the publication date of an article, and the date its weekdays are read against
- `resolution`: the date words of an article to a value
- `reading`: the grammar of these words
- `durations`: "72 hours" to PT72H
- `tense`: whether the words around a date point ahead

- `multilingual`: which language the words are in
- `translation`: words of other languages to those of the grammar, which is English

Limits: month, weekday and other date words are read in English and the languages of `extractor.languages.calendar`,
digits and numeric dates in any language and any Unicode decimal digits, calendars other than the Gregorian not at all.
Years run from 1000 to 2099.
Of EDTF these forms occur: level 0 dates and intervals; level 1 seasons, approximation (`2014~`), open
intervals (`2014/..`, `../2015`) and decades (`199X`); level 2 a day or month whose year is unknown
(`XXXX-01-20`) and one of two readings (`[2017-01-02,2017-02-01]`).
"""

from extractor.dates.anchors import find_anchor, find_published
from extractor.dates.durations import duration
from extractor.dates.resolution import resolve
from extractor.dates.tense import points_ahead

__all__ = ["duration", "find_anchor", "find_published", "points_ahead", "resolve"]
