"""A conversation with a model, through instructor: ask, parse, validate, ask again.

The one place that imports instructor. It patches a `create` callable that turns instructor's arguments into a
`Request`; whether the answer is live or recorded makes no difference to what happens above.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Self, cast

import instructor
from instructor.core.exceptions import InstructorRetryException, ResponseParsingError
from openai.types.chat import ChatCompletion
from pydantic import BaseModel, ValidationError

from extractor.errors import (
    BrokenJson,
    ContentFiltered,
    ExtractorError,
    ModelRefusal,
    NoCall,
    TooLong,
    Truncated,
    UnusableAnswer,
    WrongCall,
    WrongShape,
)
from extractor.prompt import digest
from extractor.providers.base import Bill, Completion, Json, Model, Request, Subject
from extractor.schema.output import Calls

_URL_LINE = "    For further information visit https://errors.pydantic.dev/"
_FORMAT_ARGUMENTS = frozenset({"tools", "tool_choice", "response_format"})
# A system message and the question; what follows them instructor has added.
_OPENING = 2
# What instructor may meet in an answer; anything else is a fault of this tool.
_FAULTS_OF_ANSWERS = (ValidationError, json.JSONDecodeError, ResponseParsingError)
MALFORMED = ("answer: malformed",)
_current: ContextVar[Exchange] = ContextVar("exchange")

# instructor logs each failed attempt as an error; here every one is reported to the user in its own words.
logging.getLogger("instructor").addHandler(logging.NullHandler())
logging.getLogger("instructor").propagate = False


@dataclass(slots=True)
class Exchange:
    """A question to a model and what comes of it; a kind of answer has a class of its own.

    `answer_type` is what the model is asked for. `answered` is set by whoever validates, once an answer is of the
    asked shape.
    """

    answer_type: ClassVar[type[BaseModel]]

    model: Model
    subject: Subject
    reasks: int
    parameters: Json
    attempts: int = 0
    answered: bool = False
    completed: bool = False
    completions: list[Completion] = field(default_factory=list)
    bill: Bill = field(default_factory=Bill)

    @classmethod
    def current(cls) -> Self:
        """The exchange that an answer is being validated in.

        It is found through a context variable: instructor would read every message, and so the article, as a template
        if it were given a validation context.
        """
        return cast(Self, _current.get())

    @property
    def feedback(self) -> tuple[str, ...]:
        """What was wrong with the last answer, a line each."""
        return MALFORMED

    async def ask(self, messages: list[dict[str, str]]) -> tuple[Any, ExtractorError | None]:
        """The parsed answer, or the error where there is none: `UnusableAnswer`, or whatever the model raised.

        Neither where an earlier answer stands without the re-ask that failed.
        """
        token = _current.set(self)
        try:
            answer = await _create()(
                model=self.model.name,
                messages=messages,
                response_model=prepared(self.answer_type),
                max_retries=self.reasks,
            )
        except InstructorRetryException as failure:
            return None, self._error_of(failure)
        finally:
            _current.reset(token)
        return answer, None

    async def complete(self, arguments: Mapping[str, Any]) -> ChatCompletion:
        """Answer one of instructor's calls through the seam."""
        self.attempts += 1
        self.completed = False
        completion = await self.model.complete(self._request(arguments))
        self.completed = True
        self.completions.append(completion)
        _refuse_what_is_no_answer(completion, self.subject.article_name)
        _refuse_other_calls(completion, self.answer_type.__name__, self.subject.article_name)
        answer = _chat_completion(completion, self.model.name, self.attempts)
        # What fails here says nothing of the answer.
        self.completed = False
        await self.take(_arguments_in(answer))
        self.completed = True
        return answer

    async def take(self, arguments: str | None) -> None:
        """Look at what the function was called with, before instructor does; None where it was not called."""

    def _request(self, arguments: Mapping[str, Any]) -> Request:
        opening, added = arguments["messages"][:_OPENING], arguments["messages"][_OPENING:]
        return Request(
            subject=self.subject,
            attempt=self.attempts,
            feedback=self.feedback if self.attempts > 1 else (),
            messages=(*opening, *map(_without_url, added)),
            opening=_OPENING,
            format={name: arguments[name] for name in sorted(_FORMAT_ARGUMENTS & arguments.keys())},
            parameters=self.parameters,
            bill=self.bill,
        )

    def _error_of(self, failure: InstructorRetryException) -> ExtractorError | None:
        """What ended the conversation; None where an earlier answer stands without the re-ask that failed.

        It stands where the model did answer the re-ask, in no usable way. Where nothing came back the article fails:
        its first answer is recorded, and the next run goes on from there.
        """
        cause = failure.__cause__
        if isinstance(cause, Exception) and not isinstance(cause, (ExtractorError, *_FAULTS_OF_ANSWERS)):
            raise cause
        if self.answered and self.completed:
            return None
        if isinstance(cause, ExtractorError):
            return cause
        kind, because = self._no_answer(cause or failure)
        times = f"{self.attempts} attempt{'s' if self.attempts > 1 else ''}"
        return kind(
            f"{self.subject.article_name}: {because}, in {times}.",
            "Another model may do better; the answers are kept in the recording.",
        )

    def _no_answer(self, cause: BaseException) -> tuple[type[UnusableAnswer], str]:
        """What kind of no answer the last one was, and why."""
        if not self.completions[-1:] or not self.completions[-1].tool_calls:
            return NoCall, "the model did not call the function, but answered in words or not at all"
        try:
            json.loads(self.completions[-1].tool_calls[0].arguments)
        except (ValueError, RecursionError):
            return BrokenJson, f"the model's answer is no JSON: {_short(cause)}"
        return WrongShape, f"the model's answer is not of the asked shape: {_short(cause)}"

    def calls(self) -> Calls:
        """How the answers came about."""
        return self.bill.calls(self.completions)


def schema_of(answer_type: type[BaseModel]) -> str:
    """A short hash of the schema that the model fills, as it is sent."""
    return digest(prepared(answer_type).model_json_schema())


@cache
def prepared(answer_type: type[BaseModel]) -> type[BaseModel]:
    """The type as instructor asks for it: prepared once, since it would otherwise derive a class anew at every call."""
    return cast(type[BaseModel], instructor.response_schema(answer_type))


@cache
def _create() -> Any:
    return instructor.patch(create=_complete, mode=instructor.Mode.TOOLS)


async def _complete(**arguments: Any) -> ChatCompletion:
    return await Exchange.current().complete(arguments)


def _refuse_what_is_no_answer(completion: Completion, article: str) -> None:
    """Raise for what no re-ask can mend, before instructor tries."""
    if completion.refusal:
        raise ModelRefusal(f"{article}: the model refused: {completion.refusal[:200]}", "Try another model.")
    if completion.finish_reason == "content_filter":
        raise ContentFiltered(f"{article}: the provider's content filter stopped the answer.", "Try another model.")
    if completion.finish_reason == "too_long":
        reason = f": {completion.text[:200]}" if completion.text else ""
        raise TooLong(
            f"{article}: the request is longer than the model's window{reason}.",
            "Lower --max-chars, or take a model with a larger window.",
        )
    if completion.finish_reason == "length":
        raise Truncated(
            f"{article}: the answer was cut off at the model's output limit.",
            "Lower --max-chars, raise --max-tokens, or take a model that writes longer answers.",
        )


def _refuse_other_calls(completion: Completion, wanted: str, article: str) -> None:
    """Raise for calls that instructor would take for the one asked for: it looks at the first, whatever its name."""
    called = [call.name for call in completion.tool_calls]
    if len(called) > 1 or any(name != wanted for name in called):
        raise WrongCall(
            f"{article}: the model was to call {wanted} once, and called {', '.join(called)[:200]}.",
            "Try another model.",
        )


def _chat_completion(completion: Completion, model: str, attempt: int) -> ChatCompletion:
    """A fresh object for every call: instructor writes running totals into what it is given."""
    calls: list[Json] = [
        {
            "id": f"call_{attempt}_{index}",
            "type": "function",
            "function": {"name": call.name, "arguments": _without_half_characters(call.arguments)},
        }
        for index, call in enumerate(completion.tool_calls)
    ]
    message: Json = {"role": "assistant", "content": completion.text, "refusal": completion.refusal or None}
    if calls:
        message["tool_calls"] = calls
    return ChatCompletion.model_validate(
        {
            "id": f"completion-{attempt}",
            "object": "chat.completion",
            "created": 0,
            "model": model,
            # Counted elsewhere; where there is none, instructor imports the whole of another vendor's SDK to look.
            "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
            "choices": [
                {"index": 0, "message": message, "finish_reason": "tool_calls" if calls else "stop", "logprobs": None}
            ],
        }
    )


def _arguments_in(answer: ChatCompletion) -> str | None:
    """What instructor will parse."""
    calls = answer.choices[0].message.tool_calls
    return calls[0].function.arguments if calls and calls[0].type == "function" else None


def _without_half_characters(arguments: str) -> str:
    """The arguments with halves of surrogate pairs replaced: one of them would make the whole answer invalid JSON."""
    if "\\ud" not in arguments.lower():
        return arguments
    try:
        content = json.dumps(json.loads(arguments), ensure_ascii=False)
    except (ValueError, RecursionError):
        return arguments
    return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _without_url(message: Json) -> Json:
    """The message without pydantic's links, which name its version."""
    content = message.get("content")
    if message.get("role") not in ("tool", "user") or not isinstance(content, str) or _URL_LINE not in content:
        return message
    lines = (line for line in content.split("\n") if not line.startswith(_URL_LINE))
    return {**message, "content": "\n".join(lines)}


def _short(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors(include_url=False)[0]
        where = "/".join(map(str, problem["loc"])) or "the whole"
        return f"{where}: {problem['msg'].lower()}"
    return " ".join(str(error).split())[:200].rstrip(".")
