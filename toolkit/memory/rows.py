"""What a draft, a pair of sentences and a speed look like in the tables of the draft cache.

Tables with row numbers, and short keys beside the texts: measured with 10,000 sentences of news, Tibetan in tables that
are sorted by their texts takes a third more room.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from toolkit.units import Match, Refusal

Kept = Match | Refusal

TABLES = """
CREATE TABLE IF NOT EXISTS drafts (
    key BLOB PRIMARY KEY,
    target TEXT,  -- NULL: refused
    score REAL, origin TEXT NOT NULL, model TEXT NOT NULL, via TEXT NOT NULL, remarks TEXT NOT NULL,
    why TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS sentences (
    about INTEGER NOT NULL,  -- digests, so that the index holds no texts: of the languages and the source,
    said INTEGER NOT NULL,  -- of the target and the model
    source_language TEXT NOT NULL, target_language TEXT NOT NULL,
    source TEXT NOT NULL, target TEXT NOT NULL, model TEXT NOT NULL,
    UNIQUE (about, said)
);
CREATE TABLE IF NOT EXISTS speeds (
    model TEXT PRIMARY KEY,
    sentences INTEGER NOT NULL, characters INTEGER NOT NULL, tokens INTEGER NOT NULL, seconds REAL NOT NULL
) WITHOUT ROWID;
"""
SELECT = "SELECT key, target, score, origin, model, via, remarks, why FROM drafts WHERE key IN"
INSERT = "INSERT OR REPLACE INTO drafts (key, target, score, origin, model, via, remarks, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
SELECT_SENTENCES = "SELECT source_language, target_language, source, target, model FROM sentences WHERE about IN"
INSERT_SENTENCES = "INSERT OR IGNORE INTO sentences VALUES (?, ?, ?, ?, ?, ?, ?)"


class SentencePair(NamedTuple):
    """A sentence and what a model made of it, both as the model saw them: inline codes hidden."""

    source_language: str
    target_language: str
    source: str
    target: str
    model: str


def row(name: bytes, answer: Kept) -> tuple[object, ...]:
    """An answer under its key; a refusal has no text."""
    if isinstance(answer, Refusal):
        return name, None, None, answer.origin, answer.model, "", "[]", answer.why
    remarks = json.dumps(answer.remarks, ensure_ascii=False)
    return name, answer.target, answer.score, answer.origin, answer.model, answer.via, remarks, ""


def kept(found: Sequence[object]) -> Kept:
    """A row as it was kept; raises sqlite3.DatabaseError for one that we did not write."""
    _, target, score, origin, model, via, remarks, why = found
    if target is None:
        return Refusal(str(origin), str(model), str(why))
    try:
        said = tuple(map(str, json.loads(str(remarks))))
    except ValueError as error:
        raise sqlite3.DatabaseError(f"not our row: {error}") from None
    number = float(score) if isinstance(score, int | float) else None
    return Match(str(target), "mt", str(origin), number, str(model), str(via), said)


def about(source_language: str, target_language: str, source: str) -> int:
    """Under what number pairs of this sentence stand."""
    return _digest(source_language, target_language, source)


def sentence_row(pair: SentencePair) -> tuple[object, ...]:
    """A pair under its numbers."""
    return about(*pair[:3]), _digest(pair.target, pair.model), *pair


def _digest(*texts: str) -> int:
    whole = "\0".join(texts).encode(errors="surrogatepass")
    return int.from_bytes(hashlib.sha256(whole).digest()[:8], "big", signed=True)
