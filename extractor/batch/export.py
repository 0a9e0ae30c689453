"""The requests that a run would send, as files for a provider's batch API."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import IO

from extractor.batch.asking import NotAsked, Watched, custom_id, walk
from extractor.batch.formats import Format, format_of
from extractor.batch.manifest import (
    CALLS,
    Call,
    Estimate,
    Manifest,
    RequestFile,
    fingerprints,
    kept_options,
    kept_paths,
    save_manifest,
)
from extractor.copies import read_distinct
from extractor.errors import ArticleError, ExtractorError, OutputError, RequestRefused, UsageError
from extractor.prompt import Prompt, load_prompt
from extractor.providers.base import Completion, Request, TokenCount
from extractor.providers.estimates import Gauge
from extractor.providers.offline import OfflineWire
from extractor.providers.opening import price_of
from extractor.providers.prices import Price
from extractor.providers.table import parse_model_name
from extractor.providers.wire import json_text
from extractor.runner import Options, choose_model, exit_code_of


@dataclass(frozen=True, slots=True)
class Sizes:
    """The most requests and bytes of a file; None is the provider's own limit, which is never exceeded."""

    requests: int | None = None
    bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export made: the manifest, None where there is nothing to ask; and the errors by article name.

    `reasks` of the requests are about an answer that did not hold up, and `anew` are asked again because what is
    recorded is no answer. `standing` are articles whose recorded answer is none and was to be left as it is.
    """

    manifest: Manifest | None
    reasks: int = 0
    anew: int = 0
    standing: int = 0
    errors: tuple[tuple[str, ExtractorError], ...] = ()

    @property
    def exit_code(self) -> int:
        """0, or that of the gravest error."""
        return exit_code_of([error for _, error in self.errors])


async def export(
    paths: Sequence[str | Path], options: Options, folder: Path, *, anew: bool = True, sizes: Sizes | None = None
) -> Exported:
    """Write the requests that a run would send now into a new folder, as files of the provider's batch format.

    What is recorded is not asked for; of an article whose recorded answer does not hold up, the re-ask is written. A
    recorded answer that is none is asked for `anew`, as a run does, or left as it is. The manifest comes last: a
    folder without one is no round.

    Raises:
        UsageError: a path, model or setting is wrong, or there is something in the folder already.
        OutputError: it cannot be written.
    """
    if options.model is None:
        raise UsageError("A batch needs a model.", "Add --model provider/model.")
    _refuse_used(folder)
    prompt, form = load_prompt(options.prompts), format_of(options.model)
    inputs = read_distinct(paths, options.inputs, options.near_duplicates)
    files = _Files(folder, form, sizes or Sizes())
    writer = _Writer(options, OfflineWire(options.model, options.base_url), form, files)
    watched = writer.watched = Watched(choose_model(options, writer), anew)
    try:
        errors = await walk(inputs, watched, prompt, options)
    finally:
        await watched.close()
        files.close()
    if files.broken is not None:
        raise files.broken
    standing = [] if anew else [error for _, error in errors if _stands(error)]
    told = [(name, error) for name, error in errors if error not in standing]
    told += [(item.name, item.error) for item in inputs.unread]
    if not files.made:
        return Exported(None, standing=len(standing), errors=tuple(told))
    manifest = save_manifest(folder, _manifest(paths, options, prompt, writer))
    return Exported(manifest, writer.reasks, writer.anew, len(standing), tuple(told))


def _manifest(paths: Sequence[str | Path], options: Options, prompt: Prompt, writer: _Writer) -> Manifest:
    return Manifest(
        model=writer.name,
        paths=kept_paths(paths),
        options=kept_options(options),
        **fingerprints(prompt),
        calls=len(writer.written),
        estimate=writer.estimate,
        files=writer.files.made,
    )


def _stands(error: ExtractorError) -> bool:
    return isinstance(error, ArticleError) and not isinstance(error, _TooLarge)


def _refuse_used(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there already.", "Name a new folder with --out: each round has its own.")


class _TooLarge(RequestRefused):
    """A request that is larger than a whole file of the provider's may be."""


@dataclass
class _Writer:
    """Stands in the model's place, and writes down what is asked for."""

    options: Options
    wire: OfflineWire
    form: Format
    files: _Files
    watched: Watched | None = None
    reasks: int = 0
    anew: int = 0
    tokens: TokenCount = field(default_factory=lambda: TokenCount(0, 0))
    gauge: Gauge = field(default_factory=Gauge)
    written: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.price: Price = price_of(parse_model_name(self.name), self.options.terms)

    @property
    def name(self) -> str:
        return self.options.model or ""

    @property
    def estimate(self) -> Estimate:
        cost, full = self.price.of_batch(self.tokens), self.price.of(self.tokens)
        return Estimate(
            input_tokens=self.tokens.input,
            output_tokens=self.tokens.output,
            cost=_rounded(cost),
            full_price=_rounded(full),
        )

    async def complete(self, request: Request) -> Completion:
        made = custom_id(request, self.name)
        if made not in self.written:
            line = json_text(self.form.line(made, await self.wire.body_of(request))).encode()
            self.files.add(
                Call(custom_id=made, article=request.subject.article_name, attempt=request.attempt, file=""), line
            )
            self.written.add(made)
            self._count(request, made)
        raise NotAsked(f"{request.subject.article_name} is for a batch to answer.")

    def _count(self, request: Request, made: str) -> None:
        count = self.gauge.estimate(request)
        self.tokens = TokenCount(self.tokens.input + count.input, self.tokens.output + count.output)
        self.reasks += request.attempt > 1
        self.anew += self.watched is not None and made in self.watched.held

    async def close(self) -> None:
        await self.wire.close()


def _rounded(cost: Decimal | None) -> Decimal | None:
    return None if cost is None else cost.quantize(Decimal("0.000001"))


class _Files:
    """Files of requests in a folder that is made with the first; a new one begins where the last is full."""

    def __init__(self, folder: Path, form: Format, sizes: Sizes) -> None:
        self._folder = folder
        self._most_requests = min(sizes.requests or form.most_requests, form.most_requests)
        self._most_bytes = min(sizes.bytes or form.most_bytes, form.most_bytes)
        self._calls: IO[bytes] | None = None
        self._current: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self.made: list[RequestFile] = []
        self.broken: OutputError | None = None

    def add(self, call: Call, line: bytes) -> None:
        """Write a request as a line, and note its call.

        Raises:
            RequestRefused: it is larger than a whole file may be.
            OutputError: it cannot be written.
        """
        line += b"\n"
        if len(line) > self._most_bytes:
            raise _TooLarge(
                f"{call.article}: its request has {len(line):,} bytes; a file may have {self._most_bytes:,}.",
                "Lower --max-chars.",
            )
        try:
            self._write(call, line)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            message = f"Cannot write into {self._folder}: {reason}."
            self.broken = OutputError(message, "Free some space, and export into a new folder.")
            raise self.broken from error

    def close(self) -> None:
        """Close the files."""
        for file in (self._current, self._calls):
            if file is not None:
                file.close()

    def _write(self, call: Call, line: bytes) -> None:
        if self._calls is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._calls = (self._folder / CALLS).open("wb")
        last = self.made[-1] if self.made else None
        if last is None or last.requests == self._most_requests or last.bytes + len(line) > self._most_bytes:
            last = self._begin()
        assert self._current is not None  # noqa: S101 - begun above
        self._current.write(line)
        self._digest.update(line)
        self.made[-1] = last.model_copy(
            update={
                "requests": last.requests + 1,
                "bytes": last.bytes + len(line),
                "sha256": self._digest.hexdigest(),
            }
        )
        self._calls.write(f"{call.model_copy(update={'file': last.name}).model_dump_json()}\n".encode())

    def _begin(self) -> RequestFile:
        if self._current is not None:
            self._current.close()
        file = RequestFile(name=f"requests-{len(self.made) + 1:03}.jsonl", requests=0, bytes=0, sha256="")
        self._current, self._digest = (self._folder / file.name).open("wb"), hashlib.sha256()
        self.made.append(file)
        return file
