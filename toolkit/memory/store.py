"""The translation memory in SQLite: exact and near matches among approved texts.

The file is a cache in the user's cache folder: catalogs and imported memories are all there is to it, and it is brought up to date
by the size and time of each of them. It may be deleted at any time; a broken one is made again; where none can be written the
memory is kept in the process.

Near matches: candidates are texts that share the query's rarest trigrams (FTS5, in any script), rapidfuzz scores them.
How often each trigram occurs stands in a table of its own: ranking by FTS5 itself takes twenty times as long
(`python -m benchmarks.memory`).
"""

from __future__ import annotations

import contextlib
import re
import sqlite3
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Literal

from toolkit.language.numbers import plain_digits
from toolkit.memory.entries import Entry
from toolkit.units import LanguagePair

_VERSION = 1
_GRAMS = 16
"""The rarest trigrams that are looked up,"""
_POSTINGS = 30_000
"""as long as they are together in so many texts; with 8 and 10,000 a match in forty is missed (`python -m benchmarks.memory`)."""
_CANDIDATES = 300
_OTHER_NUMBERS = 5.0
"""Percent taken off where the numbers of the two texts differ."""
_GROWN = 0.1
"""Share of new texts from which the trigrams are counted again."""
_SECONDS = 10
_SCHEMA = """
CREATE TABLE document (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, stamp TEXT NOT NULL, penalty REAL NOT NULL);
CREATE TABLE source (id INTEGER PRIMARY KEY, language TEXT NOT NULL, text TEXT NOT NULL, size INTEGER NOT NULL,
    UNIQUE (language, text));
CREATE TABLE pair (source INTEGER NOT NULL, language TEXT NOT NULL, target TEXT NOT NULL, document INTEGER NOT NULL,
    context TEXT NOT NULL, origin TEXT NOT NULL, reviewer TEXT NOT NULL, date TEXT NOT NULL, live INTEGER NOT NULL, kind TEXT NOT NULL);
CREATE INDEX pair_source ON pair (source, language);
CREATE INDEX pair_document ON pair (document);
CREATE VIRTUAL TABLE gram USING fts5
    (text, content='source', content_rowid='id', tokenize='trigram', detail='none', columnsize=0);
CREATE VIRTUAL TABLE term USING fts5vocab('gram', 'row');
CREATE TABLE counted (term TEXT PRIMARY KEY, texts INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE about (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
"""


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


@dataclass(frozen=True, slots=True)
class Listed:
    """A document that the memory is to hold."""

    name: str
    stamp: str
    """Another one: the document changed."""
    read: Callable[[], Iterable[Entry]]
    penalty: float = 0.0
    """Percent taken off its matches."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a document the memory holds."""

    name: str
    pairs: int
    penalty: float


class MemoryStore:
    """A memory in a file, or, with None, in this process. Safe for several processes; one thread at a time."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._connection = self._opened()
        self._counts: dict[str, int] | None = None

    @property
    def persistent(self) -> bool:
        """Whether other processes see what this one puts in."""
        return self.path is not None

    def update(self, documents: Sequence[Listed], again: bool = False) -> int:
        """Hold these documents and no others; those whose stamp is another are read, with `again` all. How many were read."""
        try:
            return self._updated(documents, again)
        except (
            sqlite3.OperationalError
        ):  # another process is filling it, or the disk is full: this one has its own, this time
            self._begin_again(None)
        except sqlite3.DatabaseError:
            self._discard()
            self._begin_again(self.path)
        try:
            return self._updated(documents, again)
        except sqlite3.Error:
            self._begin_again(None)
            return self._updated(documents, again)

    def exact(self, text: str, pair: LanguagePair) -> list[Near]:
        """The translations of the same text (NFC), the best first: of catalogs before imported ones, of live units, signed
        ones, the latest."""
        row = self._connection.execute(
            "SELECT id FROM source WHERE language = ? AND text = ?", (pair.source, _nfc(text))
        ).fetchone()
        return self._targets({row[0]: (_nfc(text), 100.0)}, pair) if row else []

    def near(self, text: str, pair: LanguagePair, limit: int = 5, least: float = 75.0) -> list[Near]:
        """The most similar texts that have a translation, each source and target once; the best first, of equals by source."""
        from rapidfuzz import process
        from rapidfuzz.distance import Levenshtein

        text = _nfc(text)
        texts = self._candidates(text, pair, least)
        scored = process.extract(
            text, texts, scorer=Levenshtein.normalized_similarity, score_cutoff=least / 100, limit=4 * limit
        )
        scores = {number: (source, 100 * score - _other_numbers(source, text)) for source, score, number in scored}
        found = [one for one in self._targets(scores, pair) if one.score >= least]
        found.sort(key=lambda one: (-one.score, one.source))
        return found[:limit]

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
            "SELECT source.text, target, source.language, pair.language, context, origin, reviewer, date, live, kind"
            " FROM pair JOIN source ON source.id = pair.source ORDER BY pair.document, pair.rowid"
        )
        for source, target, own, other, context, origin, reviewer, date, live, kind in rows:
            if pair is None or pair == (own, other):
                yield Entry(source, target, LanguagePair(own, other), context, origin, reviewer, date, bool(live), kind)

    def close(self) -> None:
        """Close the file; the next call would fail."""
        self._connection.close()

    def _candidates(self, text: str, pair: LanguagePair, least: float) -> dict[int, str]:
        """Texts that share rare trigrams with this one and are about as long."""
        share = least / 100
        shortest, longest = len(text) * share, len(text) / share if share else 10**9
        hits: Counter[int] = Counter()
        read = 0
        for gram, texts in self._rarest(text):
            if read and read + texts > _POSTINGS:
                break
            quoted = '"' + gram.replace('"', '""') + '"'
            rows = self._connection.execute("SELECT rowid FROM gram WHERE gram MATCH ?", (quoted,))
            hits.update(chain.from_iterable(rows))
            read += texts
        found: dict[int, str] = {}
        for wanted in _parts([number for number, _ in hits.most_common(4 * _CANDIDATES)], 400):
            marks = ", ".join("?" * len(wanted))
            rows = self._connection.execute(  # the plus keeps SQLite from going through all texts of the language
                f"SELECT id, text FROM source WHERE id IN ({marks}) AND size BETWEEN ? AND ? AND +language = ?",
                (*wanted, int(shortest), int(longest) + 1, pair.source),
            )
            texts_by_id = dict(rows.fetchall())
            found |= {number: texts_by_id[number] for number in wanted if number in texts_by_id}
            if len(found) >= _CANDIDATES:
                break
        if len(text) < 3 or not found:
            found |= dict(
                self._connection.execute(
                    "SELECT id, text FROM source WHERE language = ? AND text = ?", (pair.source, text)
                ).fetchall()
            )
        return found

    def _rarest(self, text: str) -> list[tuple[str, int]]:
        """The text's rarest trigrams, with the number of texts that have each; beside them some that no text had when they were
        counted, which may stand in texts that are newer."""
        if self._counts is None:
            self._counts = dict(self._connection.execute("SELECT term, texts FROM counted").fetchall())
        folded = text.lower()
        grams = {folded[at : at + 3] for at in range(len(folded) - 2)}
        counted = sorted(
            ((gram, self._counts.get(gram, 0)) for gram in grams if "\0" not in gram), key=lambda one: (one[1], one[0])
        )
        new = [one for one in counted if not one[1]]
        return [*new[:_GRAMS], *counted[len(new) : len(new) + _GRAMS]]

    def _targets(self, sources: dict[int, tuple[str, float]], pair: LanguagePair) -> list[Near]:
        """The translations of these sources, each once, the best one of each target first."""
        found: dict[tuple[str, str], Near] = {}
        for number, (source, score) in sources.items():
            rows = self._connection.execute(
                "SELECT target, origin, reviewer, date, context, kind, live, penalty, stamp LIKE 'import %' FROM pair"
                " JOIN document ON document.id = pair.document WHERE source = ? AND language = ?"
                " ORDER BY penalty, stamp LIKE 'import %', live DESC, reviewer != '' DESC, date DESC, name, pair.rowid",
                (number, pair.target),
            )
            for target, origin, reviewer, date, context, kind, live, penalty, imported in rows:
                one = Near(
                    source, target, score - penalty, origin, reviewer, date, context, kind, bool(imported), bool(live)
                )
                key = (source, target) if not context else (source, f"{target}\0{context}")
                found.setdefault(key, one)
        return list(found.values())

    def _updated(self, documents: Sequence[Listed], again: bool) -> int:
        connection = self._connection
        known = {
            name: (number, stamp) for number, name, stamp in connection.execute("SELECT id, name, stamp FROM document")
        }
        wanted = {one.name: one for one in documents}
        gone = [name for name in known if name not in wanted]
        changed = [one for one in documents if again or known.get(one.name, (0, ""))[1] != one.stamp]
        if not gone and not changed:
            return 0
        with _transaction(connection):
            for name in (*gone, *(one.name for one in changed if one.name in known)):
                connection.execute("DELETE FROM pair WHERE document = ?", (known[name][0],))
                connection.execute("DELETE FROM document WHERE id = ?", (known[name][0],))
            for one in changed:
                row = connection.execute(
                    "INSERT INTO document (name, stamp, penalty) VALUES (?, ?, ?)", (one.name, one.stamp, one.penalty)
                )
                self._fill(int(row.lastrowid or 0), one.read())
            self._count()
        return len(changed)

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
                    connection.execute("INSERT INTO gram (rowid, text) VALUES (?, ?)", (number, text))
                else:
                    number = int(row[0])
                if len(numbers) < 10_000:
                    numbers[key] = number
            connection.execute(
                "INSERT INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    number, entry.pair.target, entry.target, document, entry.context, entry.origin, entry.reviewer, entry.date,
                    entry.live, entry.kind,
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
        connection.execute("INSERT OR REPLACE INTO about VALUES ('counted', ?)", (now,))
        self._counts = None

    def _opened(self) -> sqlite3.Connection:
        try:
            return _prepared(self.path)
        except (sqlite3.Error, OSError):
            self._discard()
        try:
            return _prepared(self.path)
        except (sqlite3.Error, OSError):
            self.path = None
            return _prepared(None)

    def _begin_again(self, path: Path | None) -> None:
        """Go on with another file, or in this process."""
        self._connection.close()
        self.path = path
        self._connection = self._opened()
        self._counts = None

    def _discard(self) -> None:
        for end in ("", "-wal", "-shm") if self.path is not None else ():
            with contextlib.suppress(OSError):
                Path(f"{self.path}{end}").unlink()


def _prepared(path: Path | None) -> sqlite3.Connection:
    """A connection to a file of this version; an older one is emptied."""
    if path is not None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = sqlite3.connect(path or ":memory:", timeout=_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
            with _transaction(connection):
                if connection.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    for (name,) in connection.execute(
                        "SELECT name FROM sqlite_master WHERE type = 'table' AND name IN"
                        " ('term', 'gram', 'document', 'source', 'pair', 'counted', 'about')"
                    ).fetchall():
                        connection.execute(f"DROP TABLE IF EXISTS {name}")
                    for statement in _SCHEMA.split(";"):
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def _parts(numbers: Sequence[int], size: int) -> Iterator[list[int]]:
    rest = iter(numbers)
    while part := list(islice(rest, size)):
        yield part


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def _other_numbers(one: str, other: str) -> float:
    return _OTHER_NUMBERS if numbers(one) != numbers(other) else 0.0


def numbers(text: str) -> Counter[str]:
    """The figures of a text, each as often as it stands there."""
    return Counter(_NUMBER.findall(plain_digits(text)))
