"""A store of recordings: one SQLite database, for corpora of any size.

What a recording file holds is here a row, by the hash of its parts. The database is in WAL mode with full
synchronisation (https://sqlite.org/wal.html): what was saved is there after a kill and after a loss of power, readers
and one writer at a time do not wait for each other, and half a transaction is none.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from extractor.errors import DamagedRecording, ExtractorError, OutputError, UsageError
from extractor.recordings.format import Parts, Recording
from extractor.recordings.locks import Locks

FORMAT = 1
# "extr", in SQLite's field for the kind of a file.
_APPLICATION = 0x65787472
_ENOUGH = 30.0
_SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS recordings (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, article TEXT NOT NULL, model TEXT NOT NULL, content TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS by_text ON recordings (text);
CREATE INDEX IF NOT EXISTS by_article ON recordings (article);
CREATE INDEX IF NOT EXISTS by_model ON recordings (model);
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {FORMAT};
COMMIT;
"""
_SAVE = """
INSERT INTO recordings (key, text, article, model, content) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET article = excluded.article, content = excluded.content
"""
_ALL = "SELECT content FROM recordings WHERE :model IS NULL OR model = :model ORDER BY article, key"
_CLEAR = "DELETE FROM recordings WHERE :model IS NULL OR model = :model"
_DAMAGE = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
_REASONS = {
    "SQLITE_BUSY": ("another program has it locked", "Let that end, and run again"),
    "SQLITE_LOCKED": ("another program has it locked", "Let that end, and run again"),
    "SQLITE_FULL": ("no space left on device", "Free some space, and run again"),
    "SQLITE_READONLY": ("it can only be read", "Check its permissions"),
    "SQLITE_PERM": ("permission denied", "Check its permissions"),
    "SQLITE_CANTOPEN": ("it cannot be opened", "Check its folder's permissions"),
}


@dataclass(frozen=True, slots=True)
class Stock:
    """What a store holds of one model: recordings, the answers in them, and the bytes of these."""

    model: str
    recordings: int
    answers: int
    size: int


def file_of(folder: Path) -> Path:
    """The database of a store's folder."""
    return folder / "answers.sqlite"


def key_of(parts: Parts) -> str:
    """The key of a recording: 32 hexadecimal digits."""
    return hashlib.sha256(parts.model_dump_json(by_alias=True).encode()).hexdigest()[:32]


class RecordingStore:
    """The recordings in a folder's database; used by one thread at a time.

    Opened to write, it is made where it is missing, and others are kept from clearing it. `patience`, in seconds and
    half a minute at most, is how long another program's lock is waited for.

    Raises:
        DamagedRecording: what is there is damaged, or no database.
        UsageError: it is another program's, or of another version of this one.
        OutputError: it cannot be made, locked or written to.
    """

    def __init__(self, folder: Path, *, writes: bool, patience: float = _ENOUGH) -> None:
        self.folder = folder
        self.path = file_of(folder)
        self._patience = min(patience, _ENOUGH)
        self.locks: Locks | None = None
        self._is_alone = False
        with contextlib.ExitStack() as opened, self._told():
            self._opened = opened
            self._connection = self._open_to_write() if writes else self._open_to_read()
            self._opened = opened.pop_all()

    @classmethod
    def existing(cls, folder: Path) -> Self | None:
        """The store of a folder, to be read; None where there is none, or not more than its beginning."""
        if not file_of(folder).exists():
            return None
        store = cls(folder, writes=False)
        with store._told():
            is_new = store._is_new(store._connection)
        if is_new:
            store.close()
        return None if is_new else store

    def find(self, parts: Parts) -> Recording | None:
        """The recording with these parts.

        Raises:
            DamagedRecording: it is there and cannot be read.
        """
        with self._told():
            row = self._connection.execute("SELECT content FROM recordings WHERE key = ?", (key_of(parts),)).fetchone()
        return self._recording(row[0]) if row else None

    def save(self, recordings: Iterable[Recording]) -> None:
        """Save recordings, all or none; each takes the place of the one with its parts.

        Raises:
            OutputError: they could not be saved.
        """
        rows = [
            (key_of(each.parts), each.parts.article, each.article, each.model, each.model_dump_json(by_alias=True))
            for each in recordings
        ]
        with self._told(), self._transaction():
            self._connection.executemany(_SAVE, rows)

    def recordings(self, model: str | None = None) -> Iterator[Recording]:
        """All recordings, or a model's, by article and key.

        Raises:
            DamagedRecording: one cannot be read; those before it have been given.
        """
        with self._told():
            for (content,) in self._connection.execute(_ALL, {"model": model}):
                yield self._recording(content)

    def near(self, article: str, text: str) -> list[Recording]:
        """The recordings of an article of this name, or of this text, given by its id."""
        chosen = "SELECT content FROM recordings WHERE text = ? UNION SELECT content FROM recordings WHERE article = ?"
        with self._told():
            return [self._recording(content) for (content,) in self._connection.execute(chosen, (text, article))]

    def models(self) -> list[str]:
        """The models that recordings are of, sorted."""
        with self._told():
            return [
                name for (name,) in self._connection.execute("SELECT DISTINCT model FROM recordings ORDER BY model")
            ]

    def stock(self) -> list[Stock]:
        """What there is of each model."""
        counted = """
            SELECT model, count(*), sum(json_array_length(content, '$.attempts')), sum(length(CAST(content AS BLOB)))
            FROM recordings GROUP BY model ORDER BY model
        """
        with self._told():
            return [Stock(*row) for row in self._connection.execute(counted)]

    def check(self) -> None:
        """Read all of it.

        Raises:
            DamagedRecording: the file, or a recording in it, is damaged.
        """
        with self._told():
            (found,) = self._connection.execute("PRAGMA quick_check(1)").fetchone()
        if found != "ok":
            raise self._damaged(found.replace("\n", " "))
        for _ in self.recordings():
            pass

    def clear(self, model: str | None = None) -> int:
        """Delete all recordings, or a model's; returns how many these were.

        Raises:
            OutputError: a run uses the store.
        """
        if not self._is_alone and not self._turn_alone():
            raise OutputError(f"{self.path} was not cleared: a run is using it.", "Let that end first.")
        with self._told():
            count = self._connection.execute(_CLEAR, {"model": model}).rowcount
            self._connection.execute("VACUUM")
        return count

    def close(self) -> None:
        """Close the database."""
        self._opened.close()

    def _open_to_write(self) -> sqlite3.Connection:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            ignored = self.folder / ".gitignore"
            if not ignored.exists():
                ignored.write_text(
                    "# Answers of this machine's runs; extract fixtures export makes files of them.\n*\n"
                )
            locks = Locks.open(self.folder / "answers.lock")
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise self._unusable(reason, "Check its folder's permissions") from error
        if not locks.share():
            locks.close()
            raise self._unusable("it is being cleared", "Run again when that is done")
        self.locks = locks
        self._opened.callback(self._let_go, locks)
        connection = self._connect(str(self.path))
        self._until_unlocked(lambda: connection.execute("PRAGMA journal_mode = WAL"))
        connection.execute("PRAGMA synchronous = FULL")
        if self._is_new(connection):
            self._until_unlocked(lambda: self._make(connection))
        # Found out now rather than when the first answer is paid for.
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("COMMIT")
        return connection

    def _open_to_read(self) -> sqlite3.Connection:
        address = self.path.absolute().as_uri()
        try:
            connection = self._connect(f"{address}?mode=ro")
            self._is_new(connection)
        except sqlite3.OperationalError:
            journal = self.path.with_name(f"{self.path.name}-wal")
            if journal.exists() and journal.stat().st_size:
                raise
            # Of a store that nobody can write to, all is in the file itself.
            connection = self._connect(f"{address}?immutable=1")
            self._is_new(connection)
        return connection

    def _connect(self, address: str) -> sqlite3.Connection:
        # Made in one thread and used in another, one at a time.
        connection = sqlite3.connect(
            address,
            timeout=self._patience,
            isolation_level=None,
            check_same_thread=False,
            uri=address.startswith("file:"),
        )
        self._opened.callback(connection.close)
        return connection

    def _is_new(self, connection: sqlite3.Connection) -> bool:
        """Whether a database has nothing in it yet."""
        # In one transaction, as another run may be making it.
        connection.execute("BEGIN")
        try:
            (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
        finally:
            connection.execute("ROLLBACK")
        if application == _APPLICATION and version == FORMAT:
            return False
        if not application and not tables:
            return True
        if application != _APPLICATION:
            raise UsageError(f"{self.path} is another program's database.", "Name another folder with --cache.")
        age, how = ("a newer", "Update extract") if version > FORMAT else ("an older", "Use that version")
        raise UsageError(
            f"{self.path} is of {age} version of extract: its format is {version}, and this version has {FORMAT}.",
            f"{how}, or name another folder with --cache. Nothing in it was changed.",
        )

    def _make(self, connection: sqlite3.Connection) -> None:
        try:
            connection.executescript(_SCHEMA)
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")

    def _until_unlocked(self, work: Callable[[], object]) -> None:
        """Do what SQLite does not wait for by itself: what makes a database can meet another that makes it."""
        until = time.monotonic() + self._patience
        while True:
            try:
                work()
            except sqlite3.OperationalError as error:
                if not _name_of(error).startswith(("SQLITE_BUSY", "SQLITE_LOCKED")) or time.monotonic() > until:
                    raise
                time.sleep(0.01)
            else:
                return

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    def _turn_alone(self) -> bool:
        if self.locks is None:
            return False
        self.locks.unshare()
        self._is_alone = self.locks.take_alone()
        return self._is_alone or not self.locks.share()

    def _let_go(self, locks: Locks) -> None:
        if self._is_alone:
            locks.leave()
        else:
            locks.unshare()
        locks.close()
        self.locks = None

    def _recording(self, content: str) -> Recording:
        try:
            return Recording.model_validate_json(content)
        except ValidationError as error:
            raise self._damaged(error.errors(include_url=False)[0]["msg"]) from error

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """What SQLite says, as an error that can be told."""
        try:
            yield
        except sqlite3.Error as error:
            name = _name_of(error)
            if "_".join(name.split("_")[:2]) in _DAMAGE:
                raise self._damaged(str(error)) from error
            reason, advice = _REASONS.get("_".join(name.split("_")[:2]), (str(error), "Check the disk"))
            raise self._unusable(reason, advice) from error

    def _damaged(self, how: str) -> DamagedRecording:
        return DamagedRecording(
            f"The store of answers is damaged: {how}.",
            "Nothing in it was changed. Restore it from a backup, try sqlite3's .recover, or move it away: what it "
            "held is then asked for, and paid, again.",
            where=str(self.path),
        )

    def _unusable(self, reason: str, advice: str) -> ExtractorError:
        return OutputError(
            f"Answers cannot be kept in the store: {reason}.",
            f"{advice}; or name another folder with --cache. Nothing that it holds is lost.",
            where=str(self.path),
        )


def _name_of(error: sqlite3.Error) -> str:
    return getattr(error, "sqlite_errorname", "")
