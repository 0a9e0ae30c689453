"""Results of a round as recorded answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from extractor.batch.asking import NotAsked, Watched, custom_id, walk
from extractor.batch.formats import format_of
from extractor.batch.manifest import (
    Manifest,
    Standing,
    alone,
    calls_of,
    fingerprints,
    load_manifest,
    save_manifest,
)
from extractor.batch.results import Results, read_results
from extractor.batch.submission import fetch
from extractor.copies import read_distinct
from extractor.errors import ArticleError, ExtractorError, ReplayMiss, StillRunning, UsageError
from extractor.prompt import Prompt, load_prompt
from extractor.providers.base import Completion, Request
from extractor.providers.offline import OfflineWire
from extractor.providers.opening import Terms
from extractor.providers.wire import CallFailed, Unusable
from extractor.recordings.format import have_changed
from extractor.redaction import redacted
from extractor.runner import choose_model, exit_code_of


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought.

    Of the results, `recorded` are now recorded answers and `known` were so before; `failed` says by article why a call
    has no answer; `unknown` are custom ids of no call of the round, `outdated` those of calls that no run makes any
    more, and `changed` says what has changed since; `damaged` lines are no results. `missing` calls have no result.
    `left` are the calls that the next export would write, and `errors` the articles whose answer is none, and more.
    """

    manifest: Manifest
    recorded: int
    known: int
    failed: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    outdated: tuple[str, ...]
    changed: str
    damaged: tuple[str, ...]
    missing: int
    left: int
    errors: tuple[tuple[str, ExtractorError], ...]

    @property
    def exit_code(self) -> int:
        """That of the gravest: an error, 3 where results are outdated, 4 where calls stay without answer, 11, 0."""
        grave = [error for _, error in self.errors if not isinstance(error, ArticleError)]
        if grave:
            return exit_code_of(grave)
        if self.outdated:
            return ReplayMiss.exit_code
        if self.failed or self.unknown or self.damaged or (self.missing and not self.manifest.running):
            return ArticleError.exit_code
        return StillRunning.exit_code if self.manifest.running else exit_code_of([error for _, error in self.errors])


async def import_results(
    folder: Path, files: Sequence[Path] = (), terms: Terms | None = None, articles: Sequence[Path] = ()
) -> Imported:
    """Record the results of a round: those in these files, or else those of its batches, which are fetched first.

    A result is recorded as the answer to its request, where a run over the articles makes that request still; it is
    looked at as a run looks at it, so that what has to be asked again is found, too. The `articles` are those of the
    export where none are named.

    Raises:
        UsageError: the folder is no round, or a file, an article or a setting cannot be read.
        ProviderError: results are to be fetched, and cannot be.
    """
    load_manifest(folder)
    with alone(folder):
        manifest = load_manifest(folder)
        if not files:
            manifest = await fetch(folder, manifest, terms or Terms())
            files = _fetched(folder, manifest)
        results = read_results(files, format_of(manifest.model))
        imported = await _record(folder, manifest, results, articles or manifest.paths)
        save_manifest(folder, imported.manifest)
    return imported


async def _record(folder: Path, manifest: Manifest, results: Results, articles: Sequence[str | Path]) -> Imported:
    options = manifest.run_options()
    prompt, calls = load_prompt(options.prompts), {call.custom_id: call.article for call in calls_of(folder)}
    inputs = read_distinct(articles, options.inputs, options.near_duplicates)
    answers = _Answers(manifest.model, OfflineWire(manifest.model, options.base_url), results, calls)
    recorded = choose_model(options, answers)
    watched = answers.watched = Watched(recorded)
    try:
        errors = await walk(inputs, watched, prompt, options)
    finally:
        await watched.close()
    errors += [*sorted(recorded.unrecorded.items()), *((item.name, item.error) for item in inputs.unread)]
    given = set(results.ids())
    outdated = (given & calls.keys()) - watched.seen - answers.asked
    standing = Standing(recorded=len(answers.recorded), left=len(watched.waiting), failing=len(errors))
    return Imported(
        manifest=manifest.model_copy(update={"imported": standing}),
        recorded=len(answers.recorded),
        known=len((given & watched.seen) - answers.recorded - answers.failed.keys()),
        failed=tuple(answers.failed.values()),
        unknown=tuple(sorted(given - calls.keys())),
        outdated=tuple(sorted(outdated)),
        changed=_changed(manifest, prompt) if outdated else "",
        damaged=tuple(results.damaged),
        missing=len(calls.keys() & watched.waiting - given),
        left=len(watched.waiting),
        errors=tuple(errors),
    )


def _fetched(folder: Path, manifest: Manifest) -> list[Path]:
    if not manifest.batches:
        raise UsageError(
            f"{folder} was not submitted, so there are no results to fetch.",
            "Submit it with extract batch submit, or name the files with the results.",
        )
    return [folder / name for batch in manifest.batches for name in batch.results or ()]


def _changed(manifest: Manifest, prompt: Prompt) -> str:
    """What has changed since the export."""
    now = fingerprints(prompt)
    names = {"prompt": manifest.prompt != now["prompt"], "schema": manifest.answer_schema != now["answer_schema"]}
    changed = [name for name, differs in names.items() if differs]
    return have_changed(changed) if changed else "an article, an answer before it or the checks have changed"


@dataclass
class _Answers:
    """Stands in the model's place, and answers with results."""

    name: str
    wire: OfflineWire
    results: Results
    calls: dict[str, str]
    watched: Watched | None = None
    asked: set[str] = field(default_factory=set)
    recorded: set[str] = field(default_factory=set)
    failed: dict[str, tuple[str, str]] = field(default_factory=dict)

    async def complete(self, request: Request) -> Completion:
        made, article = custom_id(request, self.name), request.subject.article_name
        self.asked.add(made)
        result = self.results.find(made) if made in self.calls else None
        if result is None:
            raise NotAsked(f"{article} is for a batch to answer.")
        if result.status is None:
            raise self._failure(made, article, result.problem)
        try:
            completion = await self.wire.completion_of(request, result.status, result.body)
        except CallFailed as failure:
            raise self._failure(made, article, failure.said) from failure
        except Unusable as unusable:
            raise self._failure(made, article, unusable.because) from unusable
        if self.watched is None or not _same(completion, self.watched.held.get(made)):
            self.recorded.add(made)
        return completion

    def _failure(self, made: str, article: str, said: str) -> NotAsked:
        self.failed[made] = (article, redacted(said))
        return NotAsked(f"{article} has no answer.")

    async def close(self) -> None:
        await self.wire.close()


def _same(completion: Completion, held: Completion | None) -> bool:
    """Whether an answer, which is none, is the one that is recorded already."""
    return held is not None and (completion.finish_reason, completion.refusal) == (held.finish_reason, held.refusal)
