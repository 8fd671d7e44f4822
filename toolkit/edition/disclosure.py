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
    if seconds := _second_sources(body.pairs, pages):
        facts["isBasedOn"] = [*([facts["isBasedOn"]] if "isBasedOn" in facts else []), *seconds]
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
    if machines:
        facts["translator"] = [_software(name, job) for name in machines]
    if people := reviewers(body.pairs):
        facts["contributor"] = [{"@type": "Person", "name": name} for name in people]
    drafted = sum(map(by_machine, body.pairs))
    if machines:
        facts["digitalSourceType"] = _ALL_MACHINE if drafted == len(body.pairs) else _PART_MACHINE
    facts["creativeWorkStatus"] = "Draft" if any(pair.shown != "reviewed" for pair in body.pairs) else "Published"
    return facts


def _software(name: str, job: Job) -> dict[str, Any]:
    """A machine by the name that its drafts are signed with; what is known of its models beside it."""
    facts: dict[str, Any] = {"@type": "SoftwareApplication", "name": name}
    known = job.software.get(name.partition(" ")[2], ())
    for key, values in (
        ("alternateName", [one.title for one in known]),
        ("creator", [one.made_by for one in known]),
        ("license", [one.licence for one in known]),
        ("description", [one.label for one in known]),
    ):
        said = list(dict.fromkeys(filter(None, values)))
        if said and key == "creator":
            facts[key] = [{"@type": "Organization", "name": maker} for maker in said]
        elif said and key == "license":
            facts[key] = [_licence(licence) for licence in said]
        elif said:
            facts[key] = ", ".join(said)
    return facts


def _licence(licence: str) -> Any:
    return licence if is_web(licence) else {"@type": "CreativeWork", "name": licence}


def _second_sources(pairs: Iterable[Pair], pages: dict[str, str]) -> list[dict[str, Any]]:
    """The editions whose reviewed paragraphs a model was given beside the source, by language."""
    tags = {
        mark.get("second")
        for pair in pairs
        if pair.unit is not None and pair.shown != "source" and (mark := pair.unit.mark("mt")) and mark.get("second")
    }
    return [
        {"@type": "Article", "inLanguage": tag, **({"url": pages[tag]} if tag in pages else {})} for tag in sorted(tags)
    ]


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
