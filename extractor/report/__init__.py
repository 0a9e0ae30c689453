"""The report: one self-contained HTML page that shows a result together with the articles' words.

- `document`: what the page shows, as plain data made of the result
- `wording`: titles, dates and values as people read them
- `network`: who does what to whom, laid out
- `page`: the data, the templates, the style and the script as one file
"""

from extractor.report.page import report_html

__all__ = ["report_html"]
