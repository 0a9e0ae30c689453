"""How many tokens a request will take, estimated from characters and corrected by what services count.

Tokenisers fetch their vocabularies from a network and differ by vendor; what a budget or a rate limit needs is the
order of magnitude, and the counts of the answers mend it.
"""

from __future__ import annotations

import math

from extractor.providers.base import Request, TokenCount

# For English prose and JSON; other scripts take more tokens, which the first counts show.
_CHARS_PER_TOKEN = 4.0
# Tokens of an answer for each character of the article: records repeat their evidence and all their fields' names.
_OUTPUT_PER_CHAR = 1.2
_LEAST_OUTPUT = 300


class Gauge:
    """Estimates a request's tokens; the more it has seen, the better."""

    def __init__(self) -> None:
        self._chars = 0
        self._tokens = 0
        self._article_chars = 0
        self._output = 0

    def estimate(self, request: Request) -> TokenCount:
        """The tokens that a request will take, about; an output limit in its parameters bounds them."""
        ratio = self._chars / self._tokens if self._tokens else _CHARS_PER_TOKEN
        per_char = self._output / self._article_chars if self._article_chars else _OUTPUT_PER_CHAR
        output = max(_LEAST_OUTPUT, math.ceil(per_char * len(request.subject.article_text)))
        limit = request.parameters.get("max_tokens")
        return TokenCount(math.ceil(request.characters / ratio), min(output, limit) if limit else output)

    def learn(self, request: Request, count: TokenCount) -> None:
        """Take in what the service counted."""
        if count.input <= 0 or request.attempt > 1:
            return
        self._chars += request.characters
        self._tokens += count.input
        self._article_chars += len(request.subject.article_text)
        self._output += count.output
