"""The translation memory in SQLite: exact and near matches among approved texts.

The file is a cache in the user's cache folder: catalogs and imported memories are all there is to it, and it is brought up to date
by the size and time of each of them. It may be deleted at any time; a broken one is made again; where none can be written the
memory is kept in the process. Readers see it as it was when another process began to write.

Near matches: candidates are texts that share the query's rarest trigrams (FTS5, in any script), rapidfuzz scores them.
How often each trigram occurs stands in a table of its own: ranking by FTS5 itself takes twenty times as long. In the index
texts are numbered by their length, so that those alone are read which are about as long (`python -m benchmarks.memory`).
Short texts, in which two edits may change all trigrams, are all looked at. A SQLite without trigrams (before 3.34, or without
FTS5) finds the same, slowly.
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

from toolkit.language.numbers import plain_digits
from toolkit.memory.entries import Entry
from toolkit.units import LanguagePair

_VERSION = 3
_GRAMS = 12
"""The rarest trigrams that are looked up,"""
_POSTINGS = 10_000
"""as long as they are together in so many texts of about that length."""
_CANDIDATES = 150
_MANY = 8
"""Of so many trigrams a similar text shares more than one,"""
_FEWER = 5.0
"""and not so many times fewer than the one that shares the most."""
_FOR_ONE = 4
"""Sources that are scored for each match that is wanted: some have no translation in the language, or a penalty."""
_MOST_OF_ONE = 1000
"""Translations of the same text that are looked at."""
_OTHER_NUMBERS = 5.0
"""Percent taken off where the numbers of the two texts differ."""
_GROWN = 0.1
"""Share of new texts from which the trigrams are counted again."""
_SHORT = 12
"""Texts of fewer characters are found by their length."""
_MOST_SHORT = 20_000
_CACHE = 16_384
"""Kilobytes of the file that are held."""
_SECONDS = 10.0
"""How long another process that writes is waited for."""
_SCHEMA = f"""
CREATE TABLE document (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, penalty REAL NOT NULL,
    imported INTEGER NOT NULL);
CREATE TABLE source (id INTEGER PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL, size INTEGER NOT NULL,
    UNIQUE (language, text));
CREATE TABLE pair (source INTEGER NOT NULL, language TEXT NOT NULL, target TEXT NOT NULL, document INTEGER NOT NULL,
    context TEXT NOT NULL, origin TEXT NOT NULL, reviewer TEXT NOT NULL, date TEXT NOT NULL, live INTEGER NOT NULL,
    kind TEXT NOT NULL, engine TEXT NOT NULL, model TEXT NOT NULL, edited INTEGER NOT NULL,
    markup TEXT NOT NULL);
CREATE INDEX source_short ON source (language, size) WHERE size < {_SHORT};
CREATE INDEX pair_source ON pair (source, language);
CREATE INDEX pair_document ON pair (document);
CREATE TABLE counted (term TEXT PRIMARY KEY, texts INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE noted (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID
"""
_TRIGRAMS = """
CREATE VIRTUAL TABLE gram USING fts5 (text, content='', tokenize='trigram', detail='none', columnsize=0);
CREATE VIRTUAL TABLE term USING fts5vocab('gram', 'row');
CREATE TABLE sized (size INTEGER PRIMARY KEY, texts INTEGER NOT NULL)
"""
_PLACE = "(size << 32) | id"
"""The number of a text in the index."""
_TABLES = ("term", "gram", "sized", "document", "source", "pair", "counted", "about", "noted")
_Found = TypeVar("_Found")


class Busy(Exception):
    """Another process is writing into the memory, and goes on with it for long."""


@dataclass(frozen=True, slots=True)
class Near:
    """A text of the memory that is like another."""

    source: str
    target: str
    score: float
    """Percent, 0 to 100, penalties taken off; 100 is the same text."""
    origin: str
    """The article, or the file that was imported."""
    reviewer: str
    date: str
    context: str
    """As `Entry.context`."""
    kind: Literal["unit", "sentence"]
    imported: bool
    live: bool = True
    engine: str = ""
    """As `Entry.engine`, and the next two."""
    model: str = ""
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that the memory is to hold."""

    name: str
    stamp: str
    """Another one: the document changed."""
    read: Callable[[], Iterable[Entry] | None]
    """Its entries; None: it cannot be read now, and is asked again next time."""
    penalty: float = 0.0
    """Percent taken off its matches."""
    imported: bool = False
    more: Callable[[], Iterable[Entry]] | None = None
    """Further entries of it, read when all documents that changed are held."""
    will_do: str = ""
    """Another stamp with which it is not read again."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a document the memory holds."""

    name: str
    pairs: int
    penalty: float


class MemoryStore:
    """A memory in a file, or, with None, in this process. Safe for several processes; one thread at a time."""

    def __init__(self, path: Path | None = None, trigrams: bool | None = None) -> None:
        """`trigrams`: whether there is an index of them; None: as this SQLite can."""
        self.path = path
        self.trigrams = has_trigrams() if trigrams is None else trigrams
        self._connection = self._opened()
        self._counts: dict[str, int] | None = None
        self._sizes: list[tuple[int, int]] = []
        self._documents: Sequence[Listed] = ()

    @property
    def persistent(self) -> bool:
        """Whether other processes see what this one puts in."""
        return self.path is not None

    def update(
        self,
        documents: Sequence[Listed],
        again: bool = False,
        others: Callable[[str], bool] = lambda name: False,
        wait: float = _SECONDS,
    ) -> int:
        """Hold these documents, and those `others` that are held already, by their names. What changed is read, with `again` all;
        how many were. Raises Busy where another process writes for longer than `wait` seconds."""
        self._documents = documents
        try:
            self._connection.execute(f"PRAGMA busy_timeout = {int(1000 * wait)}")
            return self._updated(documents, again, others)
        except sqlite3.Error as error:
            if _is_busy(error):
                raise Busy from None
        self._begin_again()
        try:
            return self._updated(documents)
        except sqlite3.Error:  # a full disk
            self._connection.close()
            self.path = None
            self._connection = _prepared(None, self.trigrams)
            return self._updated(documents)

    def exact(self, text: str, pair: LanguagePair) -> list[Near]:
        """The translations of the same text (NFC), the best first: of catalogs before imported ones, of live units, signed
        ones, the latest."""
        return self._asked(lambda: self._exact(_nfc(text), pair), [])

    def near(self, text: str, pair: LanguagePair, limit: int = 5, least: float = 75.0) -> list[Near]:
        """The most similar texts that have a translation, each source and target once; the best first, of equals by source."""
        return self._asked(lambda: self._near(_nfc(text), pair, limit, least), [])

    def stats(self) -> list[Held]:
        """What the memory holds, by document."""
        rows = self._connection.execute(
            "SELECT name, count(pair.document), penalty FROM document LEFT JOIN pair ON pair.document = document.id"
            " GROUP BY document.id ORDER BY name"
        )
        return [Held(*row) for row in rows]

    def entries(self, pair: LanguagePair | None = None) -> Iterator[Entry]:
        """All that the memory holds, or that of a pair, by document and in its order."""
        rows = self._connection.execute(
            "SELECT source.text, target, source.language, pair.language, context, origin, reviewer, date, live, kind,"
            " engine, model, edited, markup FROM pair JOIN source ON source.id = pair.source"
            f"{'' if pair is None else ' WHERE source.language = ? AND pair.language = ?'}"
            " ORDER BY pair.document, pair.rowid",
            pair or (),
        )
        for (
            source,
            target,
            own,
            other,
            context,
            origin,
            reviewer,
            date,
            live,
            kind,
            engine,
            model,
            edited,
            markup,
        ) in rows:
            yield Entry(
                source, target, LanguagePair(own, other), context, origin, reviewer, date, bool(live), kind, engine, model,
                bool(edited), markup,
            )  # fmt: skip

    def noted(self, name: str) -> str | None:
        """What was noted under a name, by any process, since the memory was read anew."""
        row = self._connection.execute("SELECT text FROM noted WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def note(self, name: str, text: str) -> None:
        """Keep what took long to find, while documents are read (`Listed.more`)."""
        self._connection.execute("INSERT OR REPLACE INTO noted VALUES (?, ?)", (name, text))

    def close(self) -> None:
        """Close the file; the next call would fail."""
        self._connection.close()

    def _asked(self, ask: Callable[[], _Found], nothing: _Found) -> _Found:
        """An answer; a file that is found to be broken is made again from the documents that it was made from."""
        try:
            return ask()
        except sqlite3.Error as error:
            if _is_busy(error):
                return nothing
        with contextlib.suppress(Busy):
            self._begin_again()
            self.update(self._documents)
        return ask()

    def _exact(self, text: str, pair: LanguagePair) -> list[Near]:
        row = self._connection.execute(
            "SELECT id FROM source WHERE language = ? AND text = ?", (pair.source, text)
        ).fetchone()
        return self._targets({row[0]: (text, 100.0)}, pair) if row else []

    def _near(self, text: str, pair: LanguagePair, limit: int, least: float) -> list[Near]:
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        scored = process.extract(
            text,
            self._candidates(text, pair, least),
            scorer=Levenshtein.normalized_similarity,
            score_cutoff=least / 100,
            limit=None,
        )
        # of equals always the same ones, in whatever order the memory got them
        best = sorted(scored, key=lambda one: (-one[1], one[0]))[: _FOR_ONE * limit]
        scores = {number: (source, 100 * score - _other_numbers(source, text)) for source, score, number in best}
        found = [one for one in self._targets(scores, pair) if one.score >= least]
        found.sort(key=lambda one: (-one.score, one.source))
        return found[:limit]

    def _candidates(self, text: str, pair: LanguagePair, least: float) -> dict[int, str]:
        """Texts that may be as like as that: by their length, and by the trigrams that they share."""
        share = least / 100
        shortest, longest = int(len(text) * share), int(len(text) / share if share else 10**9) + 1
        if longest < _SHORT:
            where, most = f" AND size < {_SHORT}", _MOST_SHORT
        elif not self.trigrams:
            where, most = "", -1
        else:
            return self._sharing(text, pair, shortest, longest)
        rows = self._connection.execute(
            f"SELECT id, text FROM source WHERE language = ? AND size BETWEEN ? AND ?{where} LIMIT {most}",
            (pair.source, shortest, longest),
        )
        return dict(rows.fetchall())

    def _sharing(self, text: str, pair: LanguagePair, shortest: int, longest: int) -> dict[int, str]:
        """The texts of these lengths that share the most of the rarest trigrams."""
        import numpy as np

        read, lists = 0.0, []
        for gram, texts in self._rarest(text, shortest, longest):
            if read and read + texts > _POSTINGS:
                break
            # one long text comes out of SQLite in a third of the time of many rows
            row = self._connection.execute(
                "SELECT group_concat(rowid & 4294967295, ' ') FROM gram WHERE gram MATCH ? AND rowid BETWEEN ? AND ?",
                ('"' + gram.replace('"', '""') + '"', shortest << 32, (longest + 1) << 32),
            ).fetchone()
            if row[0]:
                lists.append(np.fromstring(row[0], np.int64, sep=" "))
            read += texts
        if not lists:
            return {}
        numbers, hits = np.unique(np.concatenate(lists), return_counts=True)
        if len(lists) >= _MANY:
            enough = hits >= max(2, hits.max() / _FEWER)
            numbers, hits = numbers[enough], hits[enough]
        best = numbers[np.lexsort((numbers, -hits))[:_CANDIDATES]].tolist()
        marks = ", ".join("?" * len(best))
        rows = self._connection.execute(  # the plus keeps SQLite from going through all texts of the language
            f"SELECT id, text FROM source WHERE id IN ({marks}) AND +language = ?", (*best, pair.source)
        )
        return dict(rows.fetchall())

    def _rarest(self, text: str, shortest: int, longest: int) -> list[tuple[str, float]]:
        """The text's rarest trigrams, with the number of texts of these lengths that have each, about; beside them some that no
        text had when they were counted, which may stand in texts that are newer."""
        if self._counts is None:
            self._counts = dict(self._connection.execute("SELECT term, texts FROM counted").fetchall())
            self._sizes = self._connection.execute("SELECT size, texts FROM sized").fetchall()
        alike = sum(texts for size, texts in self._sizes if shortest <= size <= longest)
        share = alike / max(1, sum(texts for _, texts in self._sizes))
        folded = text.lower()
        grams = {folded[at : at + 3] for at in range(len(folded) - 2)}
        counted = sorted(
            ((gram, share * self._counts.get(gram, 0)) for gram in grams if "\0" not in gram),
            key=lambda one: (one[1], one[0]),
        )
        new = [one for one in counted if not self._counts.get(one[0])]
        return [*new[:_GRAMS], *counted[len(new) : len(new) + _GRAMS]]

    def _targets(self, sources: dict[int, tuple[str, float]], pair: LanguagePair) -> list[Near]:
        """The translations of these sources, each once, the best one of each target first."""
        found: dict[tuple[str, str], Near] = {}
        for number, (source, score) in sources.items():
            rows = self._connection.execute(
                "SELECT penalty, target, origin, reviewer, date, context, kind, imported, live, engine, model, edited"
                f" FROM (SELECT *, rowid AS number FROM pair WHERE source = ? AND language = ? LIMIT {_MOST_OF_ONE}) AS pair"
                " JOIN document ON document.id = pair.document"
                " ORDER BY penalty, imported, live DESC, kind DESC, reviewer != '' DESC, date DESC, name, number",
                (number, pair.target),
            )
            for penalty, target, origin, reviewer, date, context, kind, imported, live, engine, model, edited in rows:
                one = Near(
                    source, target, score - penalty, origin, reviewer, date, context, kind, bool(imported), bool(live),
                    engine, model, bool(edited),
                )  # fmt: skip
                key = (source, target) if not context else (source, f"{target}\0{context}")
                found.setdefault(key, one)
        return list(found.values())

    def _updated(
        self, documents: Sequence[Listed], again: bool = False, others: Callable[[str], bool] = lambda name: False
    ) -> int:
        connection = self._connection
        if not any(self._news(documents, again, others)[1:]):
            return 0
        with _transaction(connection):
            known, gone, changed = self._news(documents, again, others)  # another process may have been first
            if again:
                connection.execute("DELETE FROM noted")
            for table in ("touched", "fresh"):
                connection.execute(f"CREATE TEMP TABLE IF NOT EXISTS {table} (source INTEGER PRIMARY KEY)")
                connection.execute(f"DELETE FROM {table}")
            for name in (*gone, *(one.name for one in changed if one.name in known)):
                number = known[name]
                connection.execute(
                    "INSERT OR IGNORE INTO touched SELECT source FROM pair WHERE document = ?", (number,)
                )
                connection.execute("DELETE FROM pair WHERE document = ?", (number,))
                connection.execute("DELETE FROM document WHERE id = ?", (number,))
            read: dict[int, Listed] = {}
            for one in changed:
                entries = one.read()
                if entries is not None:
                    row = connection.execute(
                        "INSERT INTO document (name, stamp, penalty, imported) VALUES (?, ?, ?, ?)",
                        (one.name, one.stamp, one.penalty, one.imported),
                    )
                    number = int(row.lastrowid or 0)
                    self._fill(number, entries)
                    read[number] = one
            for number, one in read.items():
                if one.more is not None:
                    self._fill(number, one.more())
            self._forget()
            if self.trigrams:
                connection.execute(
                    f"INSERT INTO gram (rowid, text) SELECT {_PLACE}, text FROM source WHERE id IN (SELECT source FROM fresh) ORDER BY 1"
                )
                self._count()
        return len(changed)

    def _news(
        self, documents: Sequence[Listed], again: bool, others: Callable[[str], bool]
    ) -> tuple[dict[str, int], list[str], list[Listed]]:
        """The numbers of the documents that are held, which of them are to go, and which are to be read."""
        rows = self._connection.execute("SELECT id, name, stamp FROM document").fetchall()
        stamps = {name: stamp for _, name, stamp in rows}
        wanted = {one.name for one in documents}
        gone = [name for name in stamps if name not in wanted and not others(name)]
        changed = [one for one in documents if again or stamps.get(one.name) not in (one.stamp, one.will_do)]
        return {name: number for number, name, _ in rows}, gone, changed

    def _forget(self) -> None:
        """Take away the touched sources that have no translation any more."""
        connection = self._connection
        lost = "SELECT source FROM touched WHERE NOT EXISTS (SELECT 1 FROM pair WHERE pair.source = touched.source)"
        if self.trigrams:
            connection.execute(
                f"INSERT INTO gram (gram, rowid, text) SELECT 'delete', {_PLACE}, text FROM source WHERE id IN ({lost}) ORDER BY 2"
            )
        connection.execute(f"DELETE FROM source WHERE id IN ({lost})")

    def _fill(self, document: int, entries: Iterable[Entry]) -> None:
        connection = self._connection
        numbers: dict[tuple[str, str], int] = {}
        for entry in entries:
            text = _nfc(entry.source)
            key = (entry.pair.source, text)
            number = numbers.get(key)
            if number is None:
                row = connection.execute("SELECT id FROM source WHERE language = ? AND text = ?", key).fetchone()
                if row is None:
                    made = connection.execute(
                        "INSERT INTO source (language, text, size) VALUES (?, ?, ?)", (*key, len(text))
                    )
                    number = int(made.lastrowid or 0)
                    connection.execute("INSERT INTO fresh VALUES (?)", (number,))
                else:
                    number = int(row[0])
                if len(numbers) < 10_000:
                    numbers[key] = number
            connection.execute(
                f"INSERT INTO pair VALUES ({', '.join('?' * 14)})",
                (
                    number, entry.pair.target, entry.target, document, entry.context, entry.origin, entry.reviewer, entry.date,
                    entry.live, entry.kind, entry.engine, entry.model, entry.edited, entry.markup,
                ),
            )  # fmt: skip

    def _count(self) -> None:
        """Count the trigrams again where enough texts are new."""
        connection = self._connection
        now = connection.execute("SELECT coalesce(max(id), 0) FROM source").fetchone()[0]
        row = connection.execute("SELECT value FROM about WHERE name = 'counted'").fetchone()
        if row is not None and now - row[0] <= _GROWN * row[0]:
            return
        connection.execute("DELETE FROM counted")
        connection.execute("INSERT INTO counted SELECT term, doc FROM term")
        connection.execute("DELETE FROM sized")
        connection.execute("INSERT INTO sized SELECT size, count(*) FROM source GROUP BY size")
        connection.execute("INSERT OR REPLACE INTO about VALUES ('counted', ?)", (now,))
        self._counts = None

    def _opened(self) -> sqlite3.Connection:
        try:
            return _prepared(self.path, self.trigrams)
        except (sqlite3.Error, OSError):
            self._discard()
        try:
            return _prepared(self.path, self.trigrams)
        except (sqlite3.Error, OSError):
            self.path = None
            return _prepared(None, self.trigrams)

    def _begin_again(self) -> None:
        """Throw a broken file away and begin a new one."""
        self._connection.close()
        self._discard()
        self._connection = self._opened()
        self._counts = None

    def _discard(self) -> None:
        for end in ("", "-wal", "-shm") if self.path is not None else ():
            with contextlib.suppress(OSError):
                Path(f"{self.path}{end}").unlink()


def _prepared(path: Path | None, trigrams: bool) -> sqlite3.Connection:
    """A connection to a file of this version; another one is emptied."""
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    version = 2 * _VERSION + trigrams
    connection = sqlite3.connect(path or ":memory:", timeout=_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE}")
        if connection.execute("PRAGMA user_version").fetchone()[0] != version:
            with _transaction(connection):
                if connection.execute("PRAGMA user_version").fetchone()[0] != version:
                    for name in _TABLES:
                        connection.execute(f"DROP TABLE IF EXISTS {name}")
                    for statement in (_SCHEMA + (";" + _TRIGRAMS if trigrams else "")).split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {version}")
    except BaseException:
        connection.close()
        raise
    return connection


@cache
def has_trigrams() -> bool:
    """Whether this SQLite has an index of trigrams."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        try:
            connection.execute("CREATE VIRTUAL TABLE gram USING fts5 (text, tokenize='trigram')")
        except sqlite3.Error:
            return False
    return True


def _is_busy(error: sqlite3.Error) -> bool:
    return (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _other_numbers(one: str, other: str) -> float:
    return _OTHER_NUMBERS if numbers(one) != numbers(other) else 0.0


def numbers(text: str) -> Counter[str]:
    """The figures of a text, each as often as it stands there."""
    return Counter(_NUMBER.findall(plain_digits(text)))
