"""A small invented affair with its gold, and runs made of it: what the tests of evaluation share."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from extractor.consolidation import actors_of, consolidate
from extractor.evaluation.gold import GoldArticle, GoldRecord
from extractor.evaluation.goldfiles import read_gold
from extractor.evaluation.goldrecords import record_of_gold
from extractor.grounding import GroundedText
from extractor.schema.articles import ArticleMetadata
from extractor.schema.output import ArticleReport, Calls, ExtractionResult, Failure, ModelUsed
from extractor.schema.records import AnyRecord

NAME = "affair.txt"
TEXT = """France expelled five Norwegian diplomats on 3 May 2021.
Norway's foreign minister, Tor Hale, said on Tuesday that Norway might recall its ambassador.
"This is a farce," he said.
Earlier, Hale had been cross.
Norway will never close the French consulate, its premier Ida Moe promised.
Paris froze the assets of Fjord Oil in April.
A minister of neither state spoke of a trade war.
"""
ID = "art-" + hashlib.sha256(TEXT.encode()).hexdigest()[:12]
GOLD = f"""article: {NAME}
id: {ID}
records:
  - id: D1
    type: diplomatic_action
    tier: core
    event: C1
    evidence: ["France expelled five Norwegian diplomats on 3 May 2021."]
    action: expulsion
    status: carried_out
    actors: [{{name: France, country: France, kind: state}}]
    targets: [{{name: Norwegian diplomats, country: Norway}}]
    count: 5
    deadline: null
    places: []
    date: {{value: "2021-05-03", text: on 3 May 2021}}
  - id: D2
    type: diplomatic_action
    tier: core
    evidence: [said on Tuesday that Norway might recall its ambassador]
    action: recall
    status: {{any_of: [threatened, proposed]}}
    actors: [{{name: Norway, country: Norway, kind: state}}]
    targets: {{any_of: [[{{name: France, country: France}}], []]}}
    count: null
    date: {{value: null, text: on Tuesday}}
  - id: D3
    type: diplomatic_action
    tier: core
    evidence: [Norway will never close the French consulate]
    action: closure
    status: ruled_out
    actors: [{{name: Norway, country: Norway, kind: state}}]
    targets: [{{name: French consulate, country: France}}]
    count: null
    date: null
  - id: S1
    type: sanction
    tier: core
    evidence: [Paris froze the assets of Fjord Oil in April.]
    status: imposed
    direction: impose
    senders: [{{name: Paris, country: France}}]
    targets: [{{name: Fjord Oil, country: Norway, kind: company}}]
    measures: [asset_freeze]
  - id: T1
    type: statement
    tier: core
    evidence: ['"This is a farce," he said.']
    act: criticise
    speaker: {{name: {{any_of: [Tor Hale, Hale]}}, country: Norway, kind: person}}
    quotes: [This is a farce]
    quotation: direct
  - id: T1b
    type: statement
    tier: core
    part_of: T1
    evidence: ["Earlier, Hale had been cross."]
    act: criticise
    speaker: {{name: Hale, country: Norway, kind: person}}
  - id: T2
    type: statement
    tier: core
    repeats: [D3]
    evidence: [its premier Ida Moe promised]
    act: promise
    speaker: {{name: Ida Moe, country: Norway, kind: person}}
  - id: X1
    type: statement
    tier: optional
    evidence: [A minister of neither state spoke of a trade war.]
    act: assert
    speaker: null
  - id: H1
    type: sanction
    tier: hypothetical
    evidence: [spoke of a trade war]
    status: hypothetical
    direction: impose
    senders: []
    targets: []
"""


def gold(folder: Path, text: str = GOLD) -> GoldArticle:
    """The affair's gold, by way of its file."""
    file = folder / "affair.yaml"
    file.write_text(text, encoding="utf-8")
    return read_gold(file).gold


def records_of(article: GoldArticle, *ids: str) -> list[AnyRecord]:
    """Records that are just what gold says; all of them, unless ids are given."""
    text = GroundedText(TEXT)
    return [record_of_gold(item, article.id, text) for item in article.records if not ids or item.id in ids]


def changed(article: GoldArticle, name: str, *, evidence: list[str] | None = None, **fields: Any) -> AnyRecord:
    """A gold record as a run has it that gets some fields wrong."""
    (item,) = (item for item in article.records if item.id == name)
    other = GoldRecord(
        id=f"{name}-changed", type=item.type, evidence=evidence or item.evidence, fields=item.fields | fields
    )
    return record_of_gold(other, article.id, GroundedText(TEXT))


def run(*records: AnyRecord, outcome: str = "done") -> ExtractionResult:
    """An output that holds these records of the affair."""
    failed = outcome == "failed"
    report = ArticleReport(
        id="art-000000000000" if failed else ID, name=NAME, encoding="utf-8", text="" if failed else TEXT,
        text_sha256="", metadata=ArticleMetadata(),
        published=None, anchor=None, outcome=outcome, calls=Calls.none(),
        failure=Failure(kind="unreadable_article", message="gone") if failed else None,
    )  # fmt: skip
    return ExtractionResult(
        model=ModelUsed(name="compatible/test", prompt="0", answer_schema="0"),
        articles=[report],
        records=list(records),
        actors=actors_of(records),
        events=consolidate([report], records),
        ties=[],
        rejected=[],
    )
