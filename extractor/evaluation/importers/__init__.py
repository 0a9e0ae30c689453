"""Gold from the formats in which the field's public test sets come.

Each importer reads a set as it is published and gives, for each text, an article that `extract` can read and its gold.
What a format cannot say stays absent and so unscored.
"""

from extractor.evaluation.importers.imported import Imported, Item, write_imported
from extractor.evaluation.importers.registry import FORMATS, import_gold

__all__ = ["FORMATS", "Imported", "Item", "import_gold", "write_imported"]
