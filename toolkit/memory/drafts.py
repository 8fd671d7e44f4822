"""The draft cache: what a model said to a sentence once need not be asked again, in whatever article it stands.

One SQLite file in the user's cache folder. It is exact (the key is the whole question and who was asked, in which way),
holds no draft that was refused, only the verdict on it, and may be deleted at any time: it can only save work. So nothing
that goes wrong with it stops a job: a broken file is set aside, a full disk is said, and drafting goes on. Beside the drafts
stand their sentences, each with its target, where it is known which is whose.
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
from toolkit.memory import rows
from toolkit.memory.rows import Kept, SentencePair
from toolkit.units import Request

_NAME = "drafts-2.sqlite3"
"""The figure is the version of the tables and of the keys; another version has another file."""
_OLD = "drafts-1.sqlite3*"
"""Of no use to anybody: no key of today finds a row in it. It goes when the new file is made."""
_LOCK_SECONDS = 30
_TELLING = 2.0
"""Seconds of work from which a run's own speed says more than that of the runs before."""
_AT_ONCE = 500
"""Keys in one question; SQLite's own limit on variables was 999 for long."""
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
    whole += [request.title, request.second_source, request.second_language]
    whole += [list(request.terms), list(request.examples)]  # type: ignore[list-item]
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
                found |= {row[0]: rows.kept(row) for row in connection.execute(f"{rows.SELECT} ({marks})", part)}
            return found

        return self._try(ask, {})

    def keep(self, answers: Iterable[tuple[bytes, Kept]], pairs: Iterable[SentencePair] = ()) -> None:
        """Remember the answers of a batch and the sentences in them: all of it or, whatever happens meanwhile, nothing."""
        kept = [rows.row(name, answer) for name, answer in answers]
        if kept:
            both = {rows.INSERT: kept, rows.INSERT_SENTENCES: [rows.sentence_row(pair) for pair in pairs]}
            self._try(lambda connection: _write(connection, both), None)

    def sentence_pairs(
        self, source_language: str, target_language: str, sources: Iterable[str]
    ) -> dict[str, list[tuple[str, str]]]:
        """For each of these sentences that a model translated, alone or in its paragraph: the targets, with the models.

        What sentence reuse asks: a catalog stores no boundaries of sentences, so only here is it known which sentence of
        a target is whose. The texts are those that the models saw, inline codes hidden.
        """
        wanted = {rows.about(source_language, target_language, source): source for source in sources}
        if self._open is None and not self.path.is_file():
            return {}

        def ask(connection: sqlite3.Connection) -> dict[str, list[tuple[str, str]]]:
            found: dict[str, list[tuple[str, str]]] = {}
            numbers = list(wanted)
            for start in range(0, len(numbers), _AT_ONCE):
                part = numbers[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                for pair in map(SentencePair._make, connection.execute(f"{rows.SELECT_SENTENCES} ({marks})", part)):
                    if pair[:3] == (source_language, target_language, wanted[rows.about(*pair[:3])]):
                        found.setdefault(pair.source, []).append((pair.target, pair.model))
            return {source: sorted(targets) for source, targets in found.items()}

        return self._try(ask, {})

    def speed(self, asked: str) -> float | None:
        """Characters a second that a model drafted in this run, else in earlier ones; None before its first."""
        now = self._paces.get(asked)
        if now is not None and now.seconds >= _TELLING:
            return now.characters / now.seconds
        return self._speed("characters", asked)

    def token_speed(self, asked: str) -> float | None:
        """Tokens a second that it produced; None before its first run, and where its engine does not count them."""
        return self._speed("tokens", asked)

    def _speed(self, what: str, asked: str) -> float | None:
        if self._open is None and not self.path.is_file():
            return None
        question = f"SELECT {what} / seconds FROM speeds WHERE model = ? AND seconds > 0"
        row = self._try(lambda connection: connection.execute(question, (asked,)).fetchone(), None)
        return float(row[0]) or None if row else None

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
        counted = ("sentences", "characters", "tokens")
        grown = (
            f"{what} = excluded.{what} + {what} * excluded.seconds / max(seconds, excluded.seconds)" for what in counted
        )
        update = (
            f"INSERT INTO speeds (model, {', '.join(counted)}, seconds) VALUES (?, ?, ?, ?, ?)"
            f" ON CONFLICT (model) DO UPDATE SET {', '.join(grown)},"
            " seconds = excluded.seconds + min(seconds, excluded.seconds)"
        )
        row = (asked, pace.sentences, pace.characters, pace.tokens, pace.seconds)
        if pace.seconds > 0 and pace.characters > 0:
            self._try(lambda connection: _write(connection, {update: [row]}), None)

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
            if self.path.name == _NAME and not self.path.exists():
                for old in self.path.parent.glob(_OLD):
                    old.unlink(missing_ok=True)
            self._open = sqlite3.connect(self.path, timeout=_LOCK_SECONDS, isolation_level=None)
            self._open.execute("PRAGMA journal_mode = WAL")
            self._open.execute("PRAGMA synchronous = NORMAL")
            self._open.executescript(rows.TABLES)
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


def _write(connection: sqlite3.Connection, rows: Mapping[str, Sequence[tuple[object, ...]]]) -> None:
    """The rows by their statements, all in one transaction."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement, its in rows.items():
            connection.executemany(statement, its)
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _is_broken(error: Exception) -> bool:
    """Whether the file itself is no use; not so a lock, a full disk, or a folder that cannot be written."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return type(error) is sqlite3.DatabaseError
    return code & 0xFF in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR)
