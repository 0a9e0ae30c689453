"""The result as files, and back: one module for each format, named in `FORMATS` and imported where it is used."""

from extractor.writers.delivery import files_of, keep_previous, write_json, write_result, write_stream
from extractor.writers.formats import FORMATS, Format, Settings, format_of
from extractor.writers.json_document import json_schema, to_json
from extractor.writers.places import places
from extractor.writers.reading import Written, read_result

__all__ = [
    "FORMATS",
    "Format",
    "Settings",
    "Written",
    "files_of",
    "format_of",
    "json_schema",
    "keep_previous",
    "places",
    "read_result",
    "to_json",
    "write_json",
    "write_result",
    "write_stream",
]
