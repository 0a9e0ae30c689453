"""The error tree, with each class's exit code.

ExtractorError                 1   the base class; nothing else reaches a user
├── Fault                      1   a fault of this tool, met at one article
├── UsageError                 2   a wrong option, path or setting
│   ├── NoArticles                 nothing to read in what was given
│   ├── UnknownModel               no such provider, or no model name
│   └── MissingExtra               a package that is needed is not installed
├── ReplayMiss                 3   no recording answers this request
│   └── DamagedRecording           a recording, or the store, that cannot be read
├── ArticleError               4   one article cannot be done; the others can
│   ├── UnreadableArticle          missing, empty, binary, too long ...
│   ├── RequestRefused             the provider does not take this article's request
│   │   └── TooLong                it is longer than the model's window
│   ├── UnusableAnswer             the model's answer is no answer:
│   │   ├── ModelRefusal           it refused in words
│   │   ├── ContentFiltered        the provider's filter stopped it
│   │   ├── Truncated              it was cut off at the output limit
│   │   ├── NoCall                 it was words, or nothing, where the function was to be called
│   │   ├── WrongCall              it called another function, or several
│   │   ├── BrokenJson             its arguments are no JSON
│   │   ├── WrongShape             they are JSON of another shape
│   │   ├── OversizedAnswer        it is larger than any answer can be
│   │   ├── NoChoices              a completion without any content
│   │   ├── ErrorInBody            HTTP 200 with an error inside
│   │   └── NoCompletion           HTTP 200 with something else
│   └── NotTried                   left out after an error that concerns every article
├── ProviderError              5   the model cannot be had
│   ├── MissingKey                 no key for a live model
│   ├── ProviderRefused            the provider says no: key, model
│   └── ProviderUnreachable        no answer after all attempts
├── OutputError                6   the output, a recording or the store cannot be written
├── BudgetReached              7   the next request would go beyond --max-calls or --max-cost
├── BelowFloor                 8   a figure of an evaluation is below its floor
├── BadGold                    9   a gold file does not hold up
├── OutputsDiffer             10   outputs that are compared do not have the same content
├── StillRunning              11   a batch is still at work
└── Interrupted              130   stopped by Ctrl-C or SIGTERM before this article was done
"""

from __future__ import annotations

from typing import ClassVar


class ExtractorError(Exception):
    """An error that a user can act on: what went wrong, where, and what to do.

    `kind` is a short, stable name for machines. `message` names no path or host, as it may stand in an output;
    `where` does, and stands in messages alone. Both `where` and `advice` may be empty.
    """

    exit_code: ClassVar[int] = 1
    kind: ClassVar[str] = "error"

    def __init__(self, message: str, advice: str = "", *, where: str = "") -> None:
        super().__init__(f"{message} ({where})" if where else message)
        self.message = message
        self.advice = advice
        self.where = where


class Fault(ExtractorError):
    """A fault of this tool, met at one article."""

    kind = "fault"

    @classmethod
    def met_at(cls, name: str, error: Exception) -> Fault:
        """What was raised at an article or a tie and should not have been, as an error that can be told."""
        advice = "Please report it, with the article if you may."
        fault = cls(f"{name}: a fault of this tool: {type(error).__name__}.", advice, where=str(error))
        fault.__cause__ = error
        return fault


class UsageError(ExtractorError):
    """A wrong option, path or setting."""

    exit_code = 2
    kind = "usage"


class NoArticles(UsageError):
    """There is nothing to read in what was given."""

    kind = "no_articles"


class UnknownModel(UsageError):
    """The model's name has no known provider, or no name behind it."""

    kind = "unknown_model"


class MissingExtra(UsageError):
    """A package that a command, a provider or a format needs is not installed; `advice` names the extra with it."""

    kind = "missing_extra"


class ReplayMiss(ExtractorError):
    """No recording answers this request."""

    exit_code = 3
    kind = "replay_miss"


class DamagedRecording(ReplayMiss):
    """A recording, or the store, exists but cannot be read."""

    kind = "damaged_recording"


class ArticleError(ExtractorError):
    """One article cannot be done; the others can."""

    exit_code = 4
    kind = "article"


class UnreadableArticle(ArticleError):
    """A file that is missing, empty, binary, too long or in no known encoding."""

    kind = "unreadable_article"


class RequestRefused(ArticleError):
    """The provider does not take this article's request: too long for the model, or against its rules."""

    kind = "request_refused"


class TooLong(RequestRefused):
    """The request is longer than the model's window."""

    kind = "too_long"


class UnusableAnswer(ArticleError):
    """The model's answer is no answer; each subclass is one way of that."""

    kind = "unusable_answer"


class ModelRefusal(UnusableAnswer):
    """The model refused in words."""

    kind = "model_refusal"


class ContentFiltered(UnusableAnswer):
    """The provider's content filter stopped the request or the answer."""

    kind = "content_filter"


class Truncated(UnusableAnswer):
    """The answer was cut off at the model's output limit."""

    kind = "truncated"


class NoCall(UnusableAnswer):
    """The model answered in words, or not at all, where it was to call the function."""

    kind = "no_call"


class WrongCall(UnusableAnswer):
    """The model called another function than the one asked for, or several."""

    kind = "wrong_call"


class BrokenJson(UnusableAnswer):
    """The answer is no JSON."""

    kind = "broken_json"


class WrongShape(UnusableAnswer):
    """The answer is JSON of another shape than the one asked for."""

    kind = "wrong_shape"


class OversizedAnswer(UnusableAnswer):
    """The answer is larger than any honest answer."""

    kind = "oversized_answer"


class NoChoices(UnusableAnswer):
    """The service answered with a completion that holds nothing."""

    kind = "no_choices"


class ErrorInBody(UnusableAnswer):
    """The service answered HTTP 200 with an error inside."""

    kind = "error_in_body"


class NoCompletion(UnusableAnswer):
    """The service answered HTTP 200 with what is no completion."""

    kind = "no_completion"


class NotTried(ArticleError):
    """Another article's error, such as a refused key, would have been this one's too."""

    kind = "not_tried"


class ProviderError(ExtractorError):
    """The model cannot be had."""

    exit_code = 5
    kind = "provider"


class MissingKey(ProviderError):
    """No key is set for a live model."""

    kind = "missing_key"


class ProviderRefused(ProviderError):
    """The provider says no to every request: a wrong key, an unknown model."""

    kind = "provider_refused"


class ProviderUnreachable(ProviderError):
    """No answer from the provider after all attempts."""

    kind = "provider_unreachable"


class OutputError(ExtractorError):
    """The output, a recording or the store cannot be written."""

    exit_code = 6
    kind = "output"


class BudgetReached(ExtractorError):
    """The next request would go beyond what the run may send or spend."""

    exit_code = 7
    kind = "budget_reached"


class Interrupted(ExtractorError):
    """The run was stopped before this article was done."""

    exit_code = 130
    kind = "interrupted"


class BelowFloor(ExtractorError):
    """An evaluation's figure is below the floor that was set for it."""

    exit_code = 8
    kind = "below_floor"


class BadGold(ExtractorError):
    """A gold file does not hold up: its YAML, its shape, its terms, or its evidence against the article."""

    exit_code = 9
    kind = "bad_gold"


class OutputsDiffer(ExtractorError):
    """Outputs that are compared do not have the same content."""

    exit_code = 10
    kind = "outputs_differ"


class StillRunning(ExtractorError):
    """A batch is still at work: its results are yet to come."""

    exit_code = 11
    kind = "still_running"
