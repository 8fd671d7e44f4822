"""What a machine can read about an edition: schema.org's words for who wrote, translated and reviewed it, and how."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from toolkit.edition.body import Body, by_machine
from toolkit.edition.job import Job, Pair
from toolkit.units import State

_ALL_MACHINE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
_PART_MACHINE = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"


def disclosure(job: Job, body: Body, headline: str, pages: dict[str, str]) -> str:
    """JSON-LD for a `<script>`; `pages` are the addresses of this article's pages by language, the source's first."""
    facts = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": headline,
        "inLanguage": job.language,
        "url": pages[job.language],
        **_known(job),
        **(_translation(job, body, pages) if job.catalog is not None else _original(job, pages)),
    }
    text = json.dumps(facts, ensure_ascii=False, indent=1)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _known(job: Job) -> dict[str, Any]:
    metadata = job.article.metadata
    facts: dict[str, Any] = {}
    if author := metadata.get("author"):
        facts["author"] = {"name": author}
    if (published := metadata.get("date", "")) and is_date(published):
        facts["datePublished"] = published
    if licence := metadata.get("licence"):
        facts["license"] = licence
    if source := metadata.get("source"):
        facts["isBasedOn"] = source if is_web(source) else {"@type": "CreativeWork", "name": source}
    if job.editorial_responsibility:
        facts["editor"] = {"name": job.editorial_responsibility}
    return facts


def _original(job: Job, pages: dict[str, str]) -> dict[str, Any]:
    others = [{"@type": "Article", "inLanguage": tag, "url": url} for tag, url in pages.items() if tag != job.language]
    return {"workTranslation": others} if others else {}


def _translation(job: Job, body: Body, pages: dict[str, str]) -> dict[str, Any]:
    original = {"@type": "Article", "inLanguage": job.source_language, "url": pages[job.source_language]}
    if title := job.article.metadata.get("title"):
        original["headline"] = title
    facts: dict[str, Any] = {"translationOfWork": original}
    machines = models(body.pairs)
    translators = [{"@type": "SoftwareApplication", "name": name} for name in machines]
    if translators:
        facts["translator"] = translators
    if people := reviewers(body.pairs):
        facts["contributor"] = [{"@type": "Person", "name": name} for name in people]
    drafted = sum(map(by_machine, body.pairs))
    if machines:
        facts["digitalSourceType"] = _ALL_MACHINE if drafted == len(body.pairs) else _PART_MACHINE
    facts["creativeWorkStatus"] = "Draft" if any(pair.shown != "reviewed" for pair in body.pairs) else "Published"
    return facts


def models(pairs: Iterable[Pair]) -> dict[str, int]:
    """Engine and model, with how many of the shown paragraphs began as its drafts, whether reviewed since or not."""
    found: dict[str, int] = {}
    for pair in pairs:
        for kind in ("mt", "convert"):
            mark = pair.unit.mark(kind) if pair.unit is not None and pair.shown != "source" else None
            if mark is not None:
                name = mark.get("engine") or mark.get("by") or mark.get("from")
                name = " ".join(filter(None, (name, mark.get("model"))))
                found[name] = found.get(name, 0) + 1
    return found


def reviewers(pairs: Iterable[Pair]) -> dict[str, int]:
    """Who approved how many of the shown paragraphs; approvals without a name are not counted."""
    found: dict[str, int] = {}
    for pair in pairs:
        mark = pair.unit.mark("reviewed") if pair.unit is not None and pair.unit.state is State.REVIEWED else None
        if mark is not None and mark.get("by"):
            found[mark.get("by")] = found.get(mark.get("by"), 0) + 1
    return found


def is_web(text: str) -> bool:
    """A web address, and nothing else."""
    return text.startswith(("https://", "http://")) and not any(char.isspace() for char in text)


def is_date(text: str) -> bool:
    """`2026-10-05`, a time may follow."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
