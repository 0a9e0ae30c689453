"""LangExtract: its resolver, which aligns extractions with their text, as its own pipeline calls it, and `extract`."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from langextract.core.data import Extraction
from langextract.core.tokenizer import UnicodeTokenizer
from langextract.resolver import Resolver

from benchmarks.news import number_in
from benchmarks.peers.instructions import our_example, our_instructions
from benchmarks.peers.serving import serve
from benchmarks.peers.working import texts_in, worked

Span = tuple[int, int] | None

# It logs each alignment; its users turn that off.
logging.disable(logging.WARNING)
# What it is asked with in the place of `_TASK` and its example.
_wording: dict[str, Any] = {}
_EXACT: dict[str, Any] = {"enable_fuzzy_alignment": False, "accept_match_lesser": False}


def ground(text: str, records: Sequence[Sequence[str]], exact: bool = False) -> list[list[Span]]:
    """The span of each quotation; those of a record are aligned together.

    With `exact` only what matches whole is taken, word by word as its tokenizer for all scripts divides them.
    """
    return [_aligned(text, record, exact) for record in records]


def _aligned(text: str, quotations: Sequence[str], exact: bool) -> list[Span]:
    extractions = [Extraction(extraction_class="quotation", extraction_text=words) for words in quotations]
    options = {**_EXACT, "tokenizer_inst": UnicodeTokenizer()} if exact else {}
    list(Resolver().align(extractions, text, 0, 0, **options))
    intervals = [extraction.char_interval for extraction in extractions]
    return [(found.start_pos, found.end_pos) if found else None for found in intervals]


def time_grounding(path: str, quotations: Sequence[str]) -> dict[str, float]:
    """The processor time of aligning the quotations with a file's text, and how many were given a span."""
    text = Path(path).read_text(encoding="utf-8")
    began = time.process_time()
    spans = ground(text, [quotations])[0]
    return {"seconds": time.process_time() - began, "found": sum(span is not None for span in spans)}


_TASK = """Extract every diplomatic action, sanction and statement that the article tells. Use exact text for
extractions, do not paraphrase. Give each its status, who acts, whom it is aimed at, when, and what it says."""


def extract(folder: str, url: str, work: str, **options: Any) -> dict[str, float | int | str]:
    """`langextract.extract` on all articles in one call, as it is meant, and its JSON lines written.

    `options` go to it: `max_workers`, `max_char_buffer` and their like; by default a chunk has 1,000 characters and
    ten are asked for at once.
    """
    import langextract

    options.pop("concurrency", None)

    def read() -> list[int]:
        documents = [langextract.data.Document(text=text, document_id=name) for name, text in texts_in(folder)]
        model = _openai_model(url, options.get("max_workers", 10))
        found = list(_extract(documents, model, options))
        langextract.io.save_annotated_documents(
            iter(found), output_name="found.jsonl", output_dir=work, show_progress=False
        )
        return [len(document.extractions or ()) for document in found]

    return worked(read)


def scripted(folder: str, **options: Any) -> dict[str, float | int | str]:
    """One article after the other, each asked whole, with a model in this process that has its answer ready."""
    import langextract
    from langextract.core.base_model import BaseLanguageModel
    from langextract.core.types import ScoredOutput

    from benchmarks.answers import answer_to

    class Scripted(BaseLanguageModel):
        def infer(self, batch_prompts: Any, **_: Any) -> Any:
            for prompt in batch_prompts:
                said = answer_to({"messages": [{"role": "user", "content": prompt}]}).said
                yield [ScoredOutput(score=1.0, output=said)]

        @property
        def requires_fence_output(self) -> bool:
            return False

    def read() -> list[int]:
        documents = [langextract.data.Document(text=text, document_id=name) for name, text in texts_in(folder)]
        return [len(document.extractions or ()) for document in _extract(documents, Scripted(), options)]

    for _, text in texts_in(folder):
        assert number_in(text) is not None
    return worked(read)


def _openai_model(url: str, workers: int) -> Any:
    from langextract.providers.openai import OpenAILanguageModel

    return OpenAILanguageModel(model_id="loopback", api_key="none", base_url=f"{url}/v1", max_workers=workers)


def _extract(documents: Sequence[Any], model: Any, options: dict[str, Any]) -> Any:
    import langextract

    text = "Arvania expelled two Belland envoys on Monday."
    example = langextract.data.ExampleData(
        text=text,
        extractions=[
            Extraction(
                extraction_class="diplomatic_action",
                extraction_text=text,
                attributes={"what": "expulsion", "status": "carried_out", "who": "Arvania", "whom": "Belland"},
            )
        ],
    )
    return langextract.extract(
        documents,
        model=model,
        show_progress=False,
        prompt_validation_level=langextract.prompt_validation.PromptValidationLevel.OFF,
        **{"prompt_description": _TASK, "examples": [example], **_wording, **options},
    )


def instruct() -> None:
    """Ask from now on in our words and with our example."""
    import langextract

    text, records = our_example()
    extractions = [
        Extraction(
            extraction_class=record["kind"],
            extraction_text=record["evidence"],
            attributes={name: value for name, value in record.items() if name not in ("kind", "evidence")},
        )
        for record in records
    ]
    example = langextract.data.ExampleData(text=text, extractions=extractions)
    _wording.update(prompt_description=our_instructions(), examples=[example])


if __name__ == "__main__":
    serve(
        {
            "ground": ground,
            "time_grounding": time_grounding,
            "extract": extract,
            "scripted": scripted,
            "instruct": instruct,
        }
    )
