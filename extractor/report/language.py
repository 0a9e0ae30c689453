"""The language of a text, as far as its script tells it."""

from __future__ import annotations

import re

# Letters of a text that are looked at: a script shows in its first lines.
_LOOKED_AT = 4_000
# Share of the letters that a script must have for the text to be in it; foreign names do not make it another one.
_MOST = 0.3
# In this order: Japanese has Chinese characters too. A script that several languages share names only itself.
_SCRIPTS = (
    ("ja", re.compile("[\u3040-\u30ff\u31f0-\u31ff]"), 0.05),
    ("ko", re.compile("[\u1100-\u11ff\uac00-\ud7af]"), _MOST),
    ("zh", re.compile("[\u3400-\u9fff\uf900-\ufaff]"), _MOST),
    ("he", re.compile("[\u0590-\u05ff]"), _MOST),
    ("el", re.compile("[\u0370-\u03ff]"), _MOST),
    ("th", re.compile("[\u0e00-\u0e7f]"), _MOST),
    ("ka", re.compile("[\u10a0-\u10ff]"), _MOST),
    ("hy", re.compile("[\u0530-\u058f]"), _MOST),
    ("und-Arab", re.compile("[\u0600-\u06ff\u0750-\u077f]"), _MOST),
    ("und-Cyrl", re.compile("[\u0400-\u04ff]"), _MOST),
    ("und-Deva", re.compile("[\u0900-\u097f]"), _MOST),
)
_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LETTER = re.compile(r"[^\W\d_]")


def language_of(text: str, told: str | None = None) -> str | None:
    """The BCP 47 tag of a text's language: what its source has `told`, if that is a tag, else by its script.

    Where several languages share a script the tag is that of the script; None for Latin letters.
    """
    if told is not None and _TAG.fullmatch(told):
        return told
    start = text[:_LOOKED_AT]
    letters = len(_LETTER.findall(start))
    if not letters:
        return None
    return next((tag for tag, script, share in _SCRIPTS if len(script.findall(start)) >= share * letters), None)
