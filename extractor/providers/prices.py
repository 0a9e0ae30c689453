"""What tokens cost: prices from genai-prices, which holds them offline, or from the user."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extractor.errors import UsageError
from extractor.providers.base import TokenCount
from extractor.providers.table import PROVIDERS, ModelName

_MILLION = Decimal(1_000_000)
_GIVEN = re.compile(r"\s*(\d+(?:\.\d+)?|\.\d+)\s*/\s*(\d+(?:\.\d+)?|\.\d+)\s*")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars for tokens: those that a user gives per million, or a model's published ones.

    `given` holds the price of a million tokens read and written; without it `published` is the model's name and its
    provider's in genai-prices.
    """

    given: tuple[Decimal, Decimal] | None = None
    published: tuple[str, str] | None = None

    def of(self, count: TokenCount, processing: str = "") -> Decimal | None:
        """The price of these tokens, or None where it is unknown; `processing` is genai-prices' word for another rate.

        What the user gives is the price in any case.
        """
        if self.given is not None:
            read, written = self.given
            return (read * count.input + written * count.output) / _MILLION
        if self.published is None:
            return None
        import genai_prices

        usage = genai_prices.Usage(
            input_tokens=count.input,
            output_tokens=count.output,
            cache_read_tokens=count.cached,
            cache_write_tokens=count.cache_written,
        )
        model, provider = self.published
        try:
            context = {"processing": processing} if processing else None
            return genai_prices.calc_price(usage, model, provider_id=provider, price_context=context).total_price
        except (LookupError, ValueError):
            return None

    def of_batch(self, count: TokenCount) -> Decimal | None:
        """The price of these tokens by the provider's batch API, or None where it is unknown.

        genai-prices gives the full price where it knows no other: that is taken for unknown.
        """
        price = self.of(count, "batch")
        return None if self.given is None and price is not None and price == self.of(count) != 0 else price

    @property
    def is_known(self) -> bool:
        """Whether there is a price at all."""
        return self.of(TokenCount(1, 1)) is not None


def find_price(model: ModelName, *, elsewhere: bool, on_this_machine: bool, given: str | None = None) -> Price:
    """The price of a model's tokens.

    `given` is the user's own, dollars per million tokens read and written: `0.25/2`. A model on the user's own machine
    costs nothing; one that is had `elsewhere` than at its provider's address has no known price.

    Raises:
        UsageError: what is given is no price.
    """
    if given is not None:
        return Price(given=parse_price(given))
    row = PROVIDERS[model.provider]
    if row.local and on_this_machine:
        return Price(given=(Decimal(0), Decimal(0)))
    return Price(published=(model.model, row.prices) if row.prices and not elsewhere else None)


def parse_price(text: str) -> tuple[Decimal, Decimal]:
    """Dollars per million tokens read and written, from `0.25/2`.

    Raises:
        UsageError: it is no price.
    """
    found = _GIVEN.fullmatch(text)
    if found is None:
        raise UsageError(
            f"{text!r} is no price.", "Give dollars per million tokens read and written, such as --price 0.25/2."
        )
    return Decimal(found[1]), Decimal(found[2])
