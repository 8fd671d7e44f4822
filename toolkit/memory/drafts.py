"""The draft cache: what a model said to a sentence once need not be asked again, in whatever article it stands.

One SQLite file in the user's cache folder. It is exact (the key is the whole question and who was asked, in which way),
holds no draft that was refused, only the verdict on it, and may be deleted at any time: it can only save work. So nothing
that goes wrong with it stops a job: a broken file is set aside, a full disk is said, and drafting goes on.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from toolkit.files import show
from toolkit.units import Match, Refusal, Request

_NAME = "drafts-1.sqlite3"
"""The figure is the version of the tables; another version has another file."""
_LOCK_SECONDS = 30
_AT_ONCE = 500
"""Keys in one question; SQLite's own limit on variables was 999 for long."""
_TABLES = """
CREATE TABLE IF NOT EXISTS drafts (
    key BLOB PRIMARY KEY,
    target TEXT,  -- NULL: refused
    score REAL, origin TEXT NOT NULL, model TEXT NOT NULL, via TEXT NOT NULL, remarks TEXT NOT NULL,
    why TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS speeds (
    model TEXT PRIMARY KEY, sentences INTEGER NOT NULL, characters INTEGER NOT NULL, seconds REAL NOT NULL
) WITHOUT ROWID;
"""

Kept = Match | Refusal
_Result = TypeVar("_Result")


def folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the cache lies: `LOKTA_CACHE`, else the user's cache folder."""
    if environ.get("LOKTA_CACHE"):
        return Path(environ["LOKTA_CACHE"])
    from platformdirs import user_cache_path

    return user_cache_path("lokta", appauthor=False)


def key(request: Request, source_language: str, target_language: str, asked: str) -> bytes:
    """What names a question: all of the request, the pair, and who is asked in which way (`asked`: digests, options)."""
    whole = [asked, source_language, target_language, request.source, request.before, request.after]
    whole += [request.second_source, list(request.terms), list(request.examples)]  # type: ignore[list-item]
    whole += [[code.kind, code.data, code.start, code.end] for code in request.codes]  # type: ignore[misc]
    return hashlib.sha256(json.dumps(whole, ensure_ascii=True).encode()).digest()


@dataclass(slots=True)
class Pace:
    """How much a model was asked in this run, and how long it took."""

    model: str
    sentences: int = 0
    characters: int = 0
    seconds: float = 0.0
    tokens: int = 0
    """That it produced; 0 where the engine does not count them."""


class Drafts:
    """The cache at a path; the file is made when the first draft comes in."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or folder() / _NAME
        self.warnings: list[str] = []
        """One line for each thing that went wrong; the job did not notice."""
        self._paces: dict[str, Pace] = {}
        self._off = False
        self._open: sqlite3.Connection | None = None

    def find(self, keys: Sequence[bytes]) -> dict[bytes, Kept]:
        """What is known of these questions."""
        if self._open is None and not self.path.is_file():
            return {}

        def ask(connection: sqlite3.Connection) -> dict[bytes, Kept]:
            found: dict[bytes, Kept] = {}
            for start in range(0, len(keys), _AT_ONCE):
                part = keys[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                found |= {row[0]: _kept(row) for row in connection.execute(f"{_SELECT} ({marks})", part)}
            return found

        return self._try(ask, {})

    def keep(self, answers: Iterable[tuple[bytes, Kept]]) -> None:
        """Remember the answers of a batch, all of them or, whatever happens meanwhile, none."""
        rows = [_row(name, answer) for name, answer in answers]
        if rows:
            self._try(lambda connection: _write(connection, _INSERT, rows), None)

    def speed(self, asked: str) -> float | None:
        """Characters a second that a model drafted on this machine so far; None before its first run."""
        if self._open is None and not self.path.is_file():
            return None
        question = "SELECT characters / seconds FROM speeds WHERE model = ? AND seconds > 0"
        row = self._try(lambda connection: connection.execute(question, (asked,)).fetchone(), None)
        return float(row[0]) if row else None

    @property
    def paces(self) -> tuple[Pace, ...]:
        """What was measured in this run, in the order in which the models were first asked."""
        return tuple(self._paces.values())

    def measured(
        self, asked: str, model: str, sentences: int, characters: int, seconds: float, tokens: int = 0
    ) -> None:
        """Note how long a model took for a batch; `asked` names it and the way in which it was asked, `model` is for people."""
        pace = self._paces.setdefault(asked, Pace(model))
        pace.sentences += sentences
        pace.characters += characters
        pace.seconds += seconds
        pace.tokens += tokens

    def _remember(self, asked: str, pace: Pace) -> None:
        """The latest run counts as much as all before it together."""
        update = (
            "INSERT INTO speeds VALUES (?, ?, ?, ?) ON CONFLICT (model) DO UPDATE SET"
            " characters = excluded.characters + characters * excluded.seconds / max(seconds, excluded.seconds),"
            " sentences = excluded.sentences + sentences * excluded.seconds / max(seconds, excluded.seconds),"
            " seconds = excluded.seconds + min(seconds, excluded.seconds)"
        )
        row = (asked, pace.sentences, pace.characters, pace.seconds)
        if pace.seconds > 0 and pace.characters > 0:
            self._try(lambda connection: _write(connection, update, [row]), None)

    def close(self) -> None:
        """Remember this run's paces, and let go of the file."""
        for asked, pace in self._paces.items():
            self._remember(asked, pace)
        self._paces = {}
        self._shut()

    def _shut(self) -> None:
        if self._open is not None:
            with contextlib.suppress(sqlite3.Error):
                self._open.close()
            self._open = None

    def __enter__(self) -> Drafts:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _try(self, act: Callable[[sqlite3.Connection], _Result], otherwise: _Result) -> _Result:
        """What `act` gives; a broken file is set aside and the rest goes into a new one, any other trouble ends the caching."""
        for last in (False, True):
            if self._off:
                return otherwise
            try:
                return act(self._connected())
            except (sqlite3.Error, OSError) as error:
                self._shut()
                if last or not _is_broken(error) or not self._set_aside():
                    self._off = True
                    self.warnings.append(f"{show(self.path)}: drafts are not remembered this time ({error})")
        return otherwise

    def _connected(self) -> sqlite3.Connection:
        if self._open is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._open = sqlite3.connect(self.path, timeout=_LOCK_SECONDS, isolation_level=None)
            self._open.execute("PRAGMA journal_mode = WAL")
            self._open.execute("PRAGMA synchronous = NORMAL")
            self._open.executescript(_TABLES)
        return self._open

    def _set_aside(self) -> bool:
        aside = self.path.with_name(f"{self.path.name}.broken")
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


_SELECT = "SELECT key, target, score, origin, model, via, remarks, why FROM drafts WHERE key IN"
_INSERT = "INSERT OR REPLACE INTO drafts (key, target, score, origin, model, via, remarks, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"


def _write(connection: sqlite3.Connection, statement: str, rows: Sequence[tuple[object, ...]]) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.executemany(statement, rows)
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _row(name: bytes, answer: Kept) -> tuple[object, ...]:
    if isinstance(answer, Refusal):
        return name, None, None, answer.origin, answer.model, "", "[]", answer.why
    remarks = json.dumps(answer.remarks, ensure_ascii=False)
    return name, answer.target, answer.score, answer.origin, answer.model, answer.via, remarks, ""


def _kept(row: Sequence[object]) -> Kept:
    """A row as it was kept; raises sqlite3.DatabaseError for one that we did not write."""
    _, target, score, origin, model, via, remarks, why = row
    if target is None:
        return Refusal(str(origin), str(model), str(why))
    try:
        said = tuple(map(str, json.loads(str(remarks))))
    except ValueError as error:
        raise sqlite3.DatabaseError(f"not our row: {error}") from None
    number = float(score) if isinstance(score, int | float) else None
    return Match(str(target), "mt", str(origin), number, str(model), str(via), said)


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is no use; not so a lock, a full disk, or a folder that cannot be written."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return type(error) is sqlite3.DatabaseError
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
