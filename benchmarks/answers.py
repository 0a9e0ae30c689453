"""What the model on loopback says of an article, in the form that each client asks for; the content is always the same.

| asked for | said |
|---|---|
| a function with the lists of our answer, or a JSON schema with them | the lists, as they are |
| a function with a list of `records`, as for DocETL | a flat record each |
| a JSON object, as LangExtract asks for with a passage | `extractions`: the records whose evidence is in it |
| anything else, as a client's own trial of the service | what fits the schema of Curator's trial |

Only the standard library is imported.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from benchmarks.news import News, news, number_in

# Articles that a passage without a mark is looked for in.
_MOST_ARTICLES = 1000
_QUESTION, _ANSWER = "\nQ: ", "\nA:"
_TRIAL = {"name": "Jason", "age": 25}
# The recorded answers quote in straight marks what the articles have in curly ones.
_PLAIN = str.maketrans("“”‘’", "\"\"''")
_WHO = ("actors", "senders", "speaker")


@dataclass(frozen=True)
class Answer:
    """An answer about the article of a number (None for what is no article), and the share of its records in it."""

    number: int | None
    share: float
    said: str
    function: str | None
    prompt_tokens: int

    def body(self, *, cut: bool = False) -> bytes:
        """The chat completion; `cut` in half, it is no JSON."""
        said = self.said[: len(self.said) // 2] if cut else self.said
        message: dict[str, Any] = {"role": "assistant", "content": said, "refusal": None}
        if self.function is not None:
            call = {"id": "call_1", "type": "function", "function": {"name": self.function, "arguments": said}}
            message |= {"content": None, "tool_calls": [call]}
        written = len(said) // 4
        finish = "stop" if self.function is None else "tool_calls"
        completion = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": "loopback",
            "choices": [{"index": 0, "message": message, "finish_reason": finish, "logprobs": None}],
            "usage": {
                "prompt_tokens": self.prompt_tokens,
                "completion_tokens": written,
                "total_tokens": self.prompt_tokens + written,
            },
        }
        return json.dumps(completion, ensure_ascii=False).encode()


def answer_to(request: dict[str, Any], most: int | None = None) -> Answer:
    """The answer to the body of a request for a chat completion; in our form with at most so many of each kind."""
    messages = request.get("messages") or []
    tokens = sum(len(message.get("content") or "") for message in messages) // 4
    asked = next((str(one["content"]) for one in reversed(messages) if one["role"] == "user"), "")
    function = request["tools"][0]["function"] if request.get("tools") else None
    name = function["name"] if function else None
    if function is None and _QUESTION in asked:
        passage = asked.rpartition(_QUESTION)[2].rpartition(_ANSWER)[0]
        number, share, said = _extractions(passage)
        return Answer(number, share, said, None, tokens)
    number = number_in("\n".join(str(message.get("content")) for message in messages))
    if number is None:
        return Answer(None, 0.0, json.dumps(_TRIAL), name, tokens)
    flat = function is not None and "records" in function["parameters"]["properties"]
    return Answer(number, 1.0, _flat(number) if flat else _lists(number, most), name, tokens)


@lru_cache(maxsize=4096)
def _lists(number: int, most: int | None) -> str:
    return json.dumps({name: told[:most] for name, told in news(number).answer.items()}, ensure_ascii=False)


@lru_cache(maxsize=4096)
def _flat(number: int) -> str:
    return json.dumps({"records": [flat_record(*record) for record in news(number).records]}, ensure_ascii=False)


def flat_record(kind: str, record: dict[str, Any]) -> dict[str, str]:
    """A record in fields of plain text, as the tools without nested schemas are asked for it."""
    return {
        "kind": kind,
        "evidence": record["evidence"][0],
        "what": str(record.get("action") or record.get("act") or ", ".join(record["measures"])),
        "status": str(record.get("status") or record.get("quotation")),
        "who": "; ".join(_names(next((record[field] for field in _WHO if field in record), None))),
        "whom": "; ".join(_names(record.get("targets") or record.get("target"))),
        "date": record["date_text"] or "",
        "content": record.get("content") or record.get("reason") or "",
    }


def _names(told: Any) -> list[str]:
    actors = told if isinstance(told, list) else [told] if told else []
    return [actor["name"] for actor in actors]


@lru_cache(maxsize=8192)
def _extractions(passage: str) -> tuple[int | None, float, str]:
    """LangExtract's answer about a passage, with the number of its article and the share of that one's records."""
    article = _article_of(passage)
    records = [flat_record(*record) for record in article.records] if article else []
    # In the order of the text, as LangExtract's own prompt asks for: it aligns that fastest.
    places = [(passage.translate(_PLAIN).find(one["evidence"].translate(_PLAIN)), at) for at, one in enumerate(records)]
    told = [records[at] for place, at in sorted(places) if place >= 0]
    extractions = [
        {record["kind"]: record["evidence"], f"{record['kind']}_attributes": _attributes(record)} for record in told
    ]
    share = len(told) / len(records) if records else 0.0
    said = json.dumps({"extractions": extractions}, ensure_ascii=False)
    return article.number if article else None, share, said


def _attributes(record: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in record.items() if key not in ("kind", "evidence")}


def _article_of(passage: str) -> News | None:
    number = number_in(passage)
    if number is not None:
        return news(number)
    return next((article for article in map(_known, range(_MOST_ARTICLES)) if passage.strip() in article.text), None)


@lru_cache(maxsize=_MOST_ARTICLES)
def _known(number: int) -> News:
    return news(number)
