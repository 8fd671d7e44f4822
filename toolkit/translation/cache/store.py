"""The draft cache: one SQLite file in the user's cache folder with what models said, by the digest of the question.

It is exact, and it can only save work: the file may be deleted at any time, a broken one is set aside, a full disk is said
once and drafting goes on. Threads have a connection each and processes share the file (write-ahead log), so readers never
wait for a writer. Texts stand beside short keys in tables with row numbers: measured with 10,000 sentences of news, tables
sorted by their texts take a third more room.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple, TypeVar

from toolkit.errors import DataError
from toolkit.files import cache_folder, lock, show
from toolkit.translation.inference import Output
from toolkit.units import LanguagePair

_NAME = "drafts.sqlite3"
_EARLIER = "drafts-2.sqlite3"
"""The file of versions before numbered migrations; its sentences and speeds are taken over."""
_LOCK_SECONDS = 30
_WAIT = 0.01
"""Seconds between two tries where SQLite does not wait by itself."""
_TELLING = 2.0
"""Seconds of work from which a run's own speed says more than that of the runs before."""
_AT_ONCE = 500
"""Keys in one query; SQLite's own limit on variables was 999 for long."""
_Result = TypeVar("_Result")

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "DROP TABLE IF EXISTS drafts",  # judged drafts, of versions before 0.4
        """CREATE TABLE IF NOT EXISTS sentences (
            about INTEGER NOT NULL,  -- digests, so that the index holds no texts: of the languages and the source,
            said INTEGER NOT NULL,  -- of the target and the model
            source_language TEXT NOT NULL, target_language TEXT NOT NULL,
            source TEXT NOT NULL, target TEXT NOT NULL, model TEXT NOT NULL,
            UNIQUE (about, said)
        )""",
        """CREATE TABLE IF NOT EXISTS speeds (
            model TEXT PRIMARY KEY,
            sentences INTEGER NOT NULL, characters INTEGER NOT NULL, tokens INTEGER NOT NULL, seconds REAL NOT NULL
        ) WITHOUT ROWID""",
        """CREATE TABLE outputs (
            key BLOB PRIMARY KEY,  -- the digest of the question and of the model's fingerprint
            text TEXT NOT NULL, logprob REAL, tokens INTEGER NOT NULL, cut INTEGER NOT NULL,
            failed TEXT NOT NULL,  -- why there is no answer
            pieces TEXT NOT NULL  -- JSON: tokens as hex and their log-probabilities; empty: not kept
        )""",
    ),
    ("ALTER TABLE outputs ADD COLUMN places TEXT NOT NULL DEFAULT ''",),  # JSON, as pieces
)
"""Statements that bring the file from version n to n + 1 (`PRAGMA user_version`); old ones are never changed."""

_FIND = "SELECT key, text, logprob, tokens, cut, failed, pieces, places FROM outputs WHERE key IN"
_KEEP = "INSERT OR REPLACE INTO outputs VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
_FIND_SENTENCES = "SELECT source_language, target_language, source, target, model FROM sentences WHERE about IN"
_KEEP_SENTENCE = "INSERT OR IGNORE INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)"


class SentencePair(NamedTuple):
    """A sentence and its translation by a model, both as the model saw them: placeholders for inline codes."""

    source_language: str
    target_language: str
    source: str
    target: str
    model: str


@dataclass(slots=True)
class Throughput:
    """How much a model was asked in this run, what the cache answered left aside, and how long that took."""

    model: str
    sentences: int = 0
    characters: int = 0
    seconds: float = 0.0
    tokens: int = 0
    """Produced; 0 where they are not counted."""


@dataclass(frozen=True, slots=True, eq=False)
class _Connected:
    """A connection of one thread. Another one may close it, but not while it is in use: SQLite would crash."""

    connection: sqlite3.Connection
    thread: threading.Thread
    lock: threading.Lock = field(default_factory=threading.Lock)


class DraftCache:
    """The cache in a file, which is made when the first output comes in. Safe for threads and processes."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or cache_folder() / _NAME
        self.warnings: list[str] = []
        """A line for each thing that went wrong; no job stopped for it."""
        self._off = False
        self._lock = threading.Lock()
        self._here = threading.local()
        self._open: list[_Connected] = []
        self._generation = 0
        """Raised when the file was set aside: connections of before are not used again."""
        self._measured: dict[str, Throughput] = {}

    def find(self, keys: Sequence[bytes]) -> dict[bytes, Output]:
        """The outputs that are known under these keys."""

        def ask(connection: sqlite3.Connection) -> dict[bytes, Output]:
            return dict(_output(row) for row in _chosen(connection, _FIND, keys))

        return self._try(ask, {}) if self._exists() else {}

    def keep(self, outputs: Mapping[bytes, Output]) -> None:
        """Remember the outputs of a window in one transaction."""
        rows = [_row(key, output) for key, output in outputs.items()]
        if rows:
            self._try(lambda connection: _write(connection, _KEEP, rows), None)

    def keep_sentences(self, pairs: Iterable[SentencePair]) -> None:
        """Remember which sentence of a draft belongs to which of its source."""
        rows = [(_about(*pair[:3]), _digest(pair.target, pair.model), *pair) for pair in pairs]
        if rows:
            self._try(lambda connection: _write(connection, _KEEP_SENTENCE, rows), None)

    def sentence_pairs(self, pair: LanguagePair, sources: Iterable[str]) -> dict[str, list[tuple[str, str]]]:
        """Source sentence -> its (target, model) in drafts, sorted; for sentences that were drafted alone or in a paragraph
        whose sentences came back delimited. A catalog stores no sentence boundaries, so this is known only here."""
        wanted = {_about(*pair, source): source for source in sources}

        def ask(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
            found: dict[str, list[tuple[str, str]]] = {}
            for row in map(SentencePair._make, _chosen(connection, _FIND_SENTENCES, list(wanted))):
                if row[:3] == (*pair, wanted[_about(*row[:3])]):
                    found.setdefault(row.source, []).append((row.target, row.model))
            return {source: sorted(targets) for source, targets in found.items()}

        return self._try(ask, {}) if self._exists() else {}

    def speed(self, key: str, what: Literal["characters", "tokens"] = "characters") -> float | None:
        """Characters (or tokens) a second of the model with this key: of this run once it has worked for two seconds, else
        of earlier runs; None before its first, and for tokens that its engine does not count."""
        now = self._measured.get(key)
        if now is not None and now.seconds >= _TELLING and what == "characters":
            return now.characters / now.seconds
        question = f"SELECT {what} / seconds FROM speeds WHERE model = ? AND seconds > 0"

        def ask(connection: sqlite3.Connection) -> float | None:
            row = connection.execute(question, (key,)).fetchone()
            return float(row[0]) or None if row else None

        return self._try(ask, None) if self._exists() else None

    @property
    def throughputs(self) -> tuple[Throughput, ...]:
        """What was measured in this run, in the order in which the models were first asked."""
        return tuple(self._measured.values())

    def measured(self, key: str, model: str, sentences: int, characters: int, seconds: float, tokens: int = 0) -> None:
        """Add a window to this run's throughput of the model with this key; `model` is its name for people."""
        with self._lock:
            run = self._measured.setdefault(key, Throughput(model))
            run.sentences += sentences
            run.characters += characters
            run.seconds += seconds
            run.tokens += tokens

    def close(self) -> None:
        """Remember this run's throughput, and close all connections; the next call would open them again."""
        for key, run in self._measured.items():
            if run.seconds > 0 and run.characters > 0:
                self._learn(key, run)
        self._measured = {}
        self._disconnect()

    def __enter__(self) -> DraftCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _learn(self, key: str, run: Throughput) -> None:
        """The latest run counts as much as all before it together."""
        counted = ("sentences", "characters", "tokens")
        grown = (
            f"{what} = excluded.{what} + {what} * excluded.seconds / max(seconds, excluded.seconds)" for what in counted
        )
        update = (
            f"INSERT INTO speeds (model, {', '.join(counted)}, seconds) VALUES (?, ?, ?, ?, ?)"
            f" ON CONFLICT (model) DO UPDATE SET {', '.join(grown)},"
            " seconds = excluded.seconds + min(seconds, excluded.seconds)"
        )
        row = (key, run.sentences, run.characters, run.tokens, run.seconds)
        self._try(lambda connection: _write(connection, update, [row]), None)

    def _exists(self) -> bool:
        return self.path.is_file() or (self.path.name == _NAME and self.path.with_name(_EARLIER).is_file())

    def _try(self, act: Callable[[sqlite3.Connection], _Result], otherwise: _Result) -> _Result:
        """What `act` gives. A broken file is set aside, once, and a new one begun; any other trouble ends the caching."""
        for last in (False, True):
            if self._off:
                break
            generation = self._generation
            try:
                held = self._connected()
                with held.lock:
                    return act(held.connection)
            except (sqlite3.Error, OSError) as error:
                with self._lock:
                    if self._generation != generation:
                        continue
                    if last or not _is_broken(error) or not self._set_aside():
                        self._off = True
                        self.warnings.append(f"{show(self.path)}: drafts are not remembered this time ({error})")
        return otherwise

    def _connected(self) -> _Connected:
        """This thread's connection, to a file of the newest version."""
        if self._here.__dict__.get("generation") != self._generation:
            with self._lock:
                self._close([one for one in self._open if not one.thread.is_alive()])
                held = _Connected(self._connect(), threading.current_thread())
                self._here.held, self._here.generation = held, self._generation
                self._open.append(held)
        found: _Connected = self._here.held
        return found

    def _connect(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        earlier = self.path.with_name(_EARLIER)
        if self.path.name == _NAME and earlier.is_file() and not self.path.exists():
            with contextlib.suppress(DataError):  # without a lock a new file begins
                _take_over(earlier, self.path)
        connection = sqlite3.connect(
            self.path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )  # `close` may come from another thread
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _disconnect(self) -> None:
        """Close what is open; connections are made anew when they are wanted."""
        self._generation += 1
        self._close(self._open)

    def _close(self, some: Sequence[_Connected]) -> None:
        self._open = [one for one in self._open if one not in some]
        for one in some:
            with one.lock, contextlib.suppress(sqlite3.Error):
                one.connection.close()

    def _set_aside(self) -> bool:
        aside = self.path.with_name(f"{self.path.name}.broken")
        self._disconnect()
        try:
            os.replace(self.path, aside)
            for side in ("-wal", "-shm"):
                self.path.with_name(self.path.name + side).unlink(missing_ok=True)
        except OSError:
            return False
        self.warnings.append(
            f"{show(self.path)}: the draft cache was broken; it lies in {aside.name} now, a new one begins"
        )
        return True


@contextlib.contextmanager
def temporary() -> Iterator[DraftCache]:
    """A cache that is thrown away after use."""
    with TemporaryDirectory() as folder, DraftCache(Path(folder) / "drafts") as cache:
        yield cache


def _take_over(earlier: Path, path: Path) -> None:
    """Give the file of an earlier version its new name, with what stands in the log beside it."""
    with lock(path.parent):
        if path.exists() or not earlier.is_file():
            return  # another process was faster
        with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(earlier)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        os.replace(earlier, path)
        for side in ("-wal", "-shm"):
            earlier.with_name(earlier.name + side).unlink(missing_ok=True)


def _prepare(connection: sqlite3.Connection) -> None:
    """Set the connection up, and the file if it is new. SQLite itself does not wait for another process that turns the
    write-ahead log on."""
    until = time.monotonic() + _LOCK_SECONDS
    while True:
        try:
            if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
            _migrate(connection)
            return
        except sqlite3.OperationalError as error:
            if vars(error).get("sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(_WAIT)


def _migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version; another process may be doing the same."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise sqlite3.OperationalError(f"a newer Lokta wrote it, with tables of version {version}")
    if version == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for number, statements in enumerate(MIGRATIONS[version:], version + 1):
            for statement in statements:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _chosen(connection: sqlite3.Connection, query: str, keys: Sequence[object]) -> Iterable[tuple[Any, ...]]:
    """The rows whose key is among these."""
    for start in range(0, len(keys), _AT_ONCE):
        part = keys[start : start + _AT_ONCE]
        yield from connection.execute(f"{query} ({','.join('?' * len(part))})", part).fetchall()


def _write(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    """All rows in one transaction, or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(statement, rows)
        connection.execute("COMMIT")
    except BaseException:
        _roll_back(connection)
        raise


def _roll_back(connection: sqlite3.Connection) -> None:
    with contextlib.suppress(sqlite3.Error):
        connection.execute("ROLLBACK")


def _row(key: bytes, output: Output) -> tuple[object, ...]:
    pieces = json.dumps([[piece.hex(), logprob] for piece, logprob in output.pieces]) if output.pieces else ""
    places = json.dumps(output.places, ensure_ascii=False) if output.places else ""
    return key, output.text, output.logprob, output.tokens, output.cut, output.failed, pieces, places


def _output(row: Sequence[Any]) -> tuple[bytes, Output]:
    """Key and output of a row; sqlite3.DatabaseError for one that we did not write."""
    key, text, logprob, tokens, cut, failed, pieces, places = row
    try:
        said = tuple((bytes.fromhex(piece), float(value)) for piece, value in json.loads(pieces or "[]"))
        where = tuple((str(word), int(at), float(value)) for word, at, value in json.loads(places or "[]"))
        number = None if logprob is None else float(logprob)
        return key, Output(str(text), number, int(tokens), bool(cut), str(failed), said, where)
    except (ValueError, TypeError) as error:
        raise sqlite3.DatabaseError(f"not our row: {error}") from None


def _about(source_language: str, target_language: str, source: str) -> int:
    """The number under which pairs of this sentence stand."""
    return _digest(source_language, target_language, source)


def _digest(*texts: str) -> int:
    whole = "\0".join(texts).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.sha256(whole).digest()[:8], "big", signed=True)


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is no use; not so a lock, a full disk, or a folder that cannot be written."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = vars(error).get("sqlite_errorcode")
    if code is None:  # our own: a row that we did not write
        return type(error) is sqlite3.DatabaseError
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
