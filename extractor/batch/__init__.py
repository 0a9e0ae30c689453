"""The providers' batch APIs: the requests of a run as files, and their results as recorded answers.

A round is a folder: files of requests in the provider's format, a manifest, and the results that came. What a run
would ask is found by running it with something in the model's place that writes requests down; what came is recorded
by running it with the results in the model's place. So what is parsed, grounded, validated, asked again or split is
decided where it always is.
"""

from extractor.batch.export import Exported, Sizes, export
from extractor.batch.importing import Imported, import_results
from extractor.batch.manifest import Manifest, load_manifest
from extractor.batch.submission import refresh, submit

__all__ = [
    "Exported",
    "Imported",
    "Manifest",
    "Sizes",
    "export",
    "import_results",
    "load_manifest",
    "refresh",
    "submit",
]
