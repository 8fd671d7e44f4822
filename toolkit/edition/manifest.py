"""The record that goes with a package: what each file is, where an article comes from, who wrote and approved what."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from toolkit import __version__
from toolkit.edition.disclosure import models
from toolkit.edition.job import Job, Pair
from toolkit.hashing import text_hash
from toolkit.units import Mark

SCHEMA = 1
"""Raised when a reader of manifests would misunderstand the new ones."""

_ORIGIN = ("title", "author", "date", "source", "licence")


def manifest(jobs: Sequence[Job], files: Mapping[str, bytes]) -> bytes:
    """`manifest.json`: indented JSON in UTF-8; the same input gives the same bytes.

    `files` are the package's other files by name.
    """
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "generator": f"Lokta {__version__}",
        "language": jobs[0].language if jobs else "",
        "files": [
            {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        ],
        "models": _models(jobs),
        "articles": [_article(job) for job in sorted(jobs, key=lambda job: job.id)],
    }
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def _models(jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """The models whose drafts readers see, approved since or not: what is known of each, and how many paragraphs began as its."""
    counts = Counter[str]()
    for job in jobs:
        counts.update(models(job.pairs))
    known = {signature: found for job in jobs for signature, found in job.software.items()}
    return [
        {
            "name": name,
            "paragraphs": count,
            "parts": [
                {key: value for key, value in asdict(one).items() if value}
                for one in known.get(name.partition(" ")[2], ())
            ],
        }
        for name, count in sorted(counts.items())
    ]


def _article(job: Job) -> dict[str, Any]:
    metadata = job.article.metadata
    record: dict[str, Any] = {"id": job.id, "source_language": job.source_language, "format": job.article.format}
    record |= {key: metadata[key] for key in _ORIGIN if metadata.get(key)}
    record["sha256"] = hashlib.sha256(job.article.original.encode()).hexdigest()
    if job.editorial_responsibility:
        record["editorial_responsibility"] = job.editorial_responsibility
    counts = Counter(pair.shown for pair in job.pairs)
    record["counts"] = {shown: counts[shown] for shown in ("reviewed", "draft", "outdated", "source")}
    record["paragraphs"] = [_paragraph(pair) for pair in job.pairs]
    return record


def _paragraph(pair: Pair) -> dict[str, Any]:
    """State of the unit in the catalog, what a reader sees, and who had a hand in it; texts as hashes."""
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
        mark = pair.unit.mark(kind)
        if mark is not None:
            record[kind] = _values(mark, keys)
    return record


_HANDS = {
    "mt": ("engine", "model", "via", "second", "score"),
    "tm": ("match", "origin"),
    "convert": ("from", "by"),
    "reviewed": ("by", "date"),
    "needs-work": ("by", "date"),
}
"""What of our lines goes out."""


def _values(mark: Mark, keys: Sequence[str]) -> dict[str, str]:
    return {key: mark.get(key) for key in keys if mark.get(key)}
