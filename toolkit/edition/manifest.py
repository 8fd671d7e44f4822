"""The manifest of a package: its files, the origin of each article, and who translated and approved each paragraph."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from toolkit import __version__
from toolkit.edition.disclosure import models
from toolkit.edition.job import EditionJob, Pair
from toolkit.units import State, text_hash

SCHEMA = 1
"""Raised when a reader of manifests would misunderstand the new ones."""

_ORIGIN = ("title", "author", "date", "source", "licence")


def manifest(
    language: str,
    files: Mapping[str, tuple[int, str]],
    models: Iterable[Mapping[str, Any]],
    articles: Sequence[Mapping[str, Any]],
) -> bytes:
    """`manifest.json`: indented JSON in UTF-8; the same input gives the same bytes.

    `files` are size and SHA-256 of the package's other files by name; `models` and `articles` are records of the articles
    in the package, made by `model_records` and `article_record`.
    """
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "generator": f"Lokta {__version__}",
        "language": language,
        "files": [{"name": name, "bytes": size, "sha256": sha256} for name, (size, sha256) in sorted(files.items())],
        "models": _summed(models),
        "articles": articles,
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def model_records(job: EditionJob) -> list[dict[str, Any]]:
    """The models whose drafts are shown in an article, approved since or not: what is known of each, and the number of
    paragraphs that it drafted."""
    return [
        {
            "name": name,
            "paragraphs": count,
            "parts": [
                {key: value for key, value in asdict(one).items() if value}
                for one in job.software.get(name.partition(" ")[2], ())
            ],
        }
        for name, count in sorted(models(job.pairs).items())
    ]


def _summed(records: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The records of several articles, one for each model."""
    found: dict[str, dict[str, Any]] = {}
    for record in records:
        old = found.get(record["name"], {"paragraphs": 0})
        found[record["name"]] = {**record, "paragraphs": old["paragraphs"] + record["paragraphs"]}
    return [found[name] for name in sorted(found)]


def article_record(job: EditionJob) -> dict[str, Any]:
    """The record of an article in the manifest: its origin, and the state of each paragraph."""
    metadata = job.article.metadata
    record: dict[str, Any] = {"id": job.id, "source_language": job.source_language, "format": job.article.format}
    record |= {key: metadata[key] for key in _ORIGIN if metadata.get(key)}
    record["sha256"] = hashlib.sha256(job.article.original.encode()).hexdigest()
    if job.editorial_responsibility:
        record["editorial_responsibility"] = job.editorial_responsibility
    counts = Counter(pair.shown for pair in job.pairs)
    record["counts"] = {shown: counts[shown] for shown in ("reviewed", "draft", "outdated", "source")}
    remembered = sum(pair.unit is not None and pair.unit.state is State.REMEMBERED for pair in job.pairs)
    record["counts"] |= {"from_memory": remembered} if remembered else {}
    record["paragraphs"] = [_paragraph(pair) for pair in job.pairs]
    return record


def _paragraph(pair: Pair) -> dict[str, Any]:
    """The record of a paragraph: the state of its unit, what a reader sees, who translated and approved it; texts are hashes."""
    record: dict[str, Any] = {
        "id": pair.block.id,
        "line": pair.block.location.line,
        "type": pair.block.type,
        "state": pair.unit.state.value if pair.unit is not None else "initial",
        "shown": pair.shown,
        "source": text_hash(pair.block.source),
    }
    if pair.unit is None or not pair.unit.target:
        return record
    record["target"] = text_hash(pair.unit.target)
    for kind, keys in _HANDS.items():
        if line := pair.unit.line(kind):
            record[kind] = {key: value for key in keys if (value := line.get(key))}
    return record


_HANDS = {
    "mt": ("engine", "model", "via", "second", "score"),
    "tm": ("match", "origin", "by", "engine", "model", "edited", "withdrawn"),
    "convert": ("from", "by"),
    "reused": ("kept", "new", "engine", "model"),
    "reviewed": ("by", "date"),
    "needs-work": ("by", "date"),
}
"""The provenance lines that a record holds, and the keys of each."""
