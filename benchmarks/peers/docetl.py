"""DocETL: a pipeline of one map over the articles, each asked for a list of flat records."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from benchmarks.peers.instructions import our_example, our_instructions
from benchmarks.peers.serving import serve
from benchmarks.peers.working import encodings, texts_in, worked

_TASK = """Extract every diplomatic action, sanction and statement that the article tells, each with its evidence
copied from the article, its status, who acts, whom it is aimed at, when, and what it says.
"""
_ARTICLE = """
The article:

{{ input.text }}
"""
_FIELDS = ("kind", "evidence", "what", "status", "who", "whom", "date", "content")
_SCHEMA = {"records": f"list[{{{', '.join(f'{name}: str' for name in _FIELDS)}}}]"}


_wording = {"task": _TASK}


def instruct() -> None:
    """Ask from now on in our words and with our example."""
    text, records = our_example()
    answer = json.dumps({"records": records}, ensure_ascii=False, indent=1)
    _wording["task"] = f"{our_instructions()}\nAn example:\n\n{text}\n\n{answer}\n"


def count_tokens(texts: list[str]) -> list[int]:
    """How many tokens texts have in the encoding of OpenAI's present models, o200k_base."""
    os.environ["TIKTOKEN_CACHE_DIR"] = encodings()
    import tiktoken

    encoding = tiktoken.get_encoding("o200k_base")
    return [len(encoding.encode(text, disallowed_special=())) for text in texts]


def extract(folder: str, url: str, work: str, concurrency: int, resumes: bool = False) -> dict[str, float | int | str]:
    """The pipeline run with so many threads, its output in the folder `work`, and its cache where it is to resume."""
    os.environ["OPENAI_API_KEY"] = "none"
    os.environ["DOCETL_HOME_DIR"] = work
    os.environ["TIKTOKEN_CACHE_DIR"] = encodings()
    from docetl.runner import DSLRunner

    def read() -> list[int]:
        given = [{"name": name, "text": text} for name, text in texts_in(folder)]
        Path(work, "articles.json").write_text(json.dumps(given), encoding="utf-8")
        DSLRunner({**_pipeline(url, work), "bypass_cache": not resumes}, max_threads=concurrency).load_run_save()
        found = json.loads(Path(work, "output.json").read_text(encoding="utf-8"))
        return [len(document["records"]) for document in found]

    return worked(read)


def _pipeline(url: str, work: str) -> dict[str, Any]:
    return {
        "default_model": "openai/loopback",
        "default_lm_api_base": f"{url}/v1",
        "datasets": {"articles": {"type": "file", "path": f"{work}/articles.json"}},
        "operations": [
            {
                "name": "read",
                "type": "map",
                "prompt": _wording["task"] + _ARTICLE,
                "output": {"schema": _SCHEMA},
                "validate": [],
            }
        ],
        "pipeline": {
            "steps": [{"name": "all", "input": "articles", "operations": ["read"]}],
            "output": {"type": "file", "path": f"{work}/output.json", "intermediate_dir": f"{work}/checkpoints"},
        },
    }


if __name__ == "__main__":
    serve({"extract": extract, "instruct": instruct, "count_tokens": count_tokens})
