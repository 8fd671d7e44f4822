"""The machine-readable disclosure of a page in terms of schema.org: who wrote, translated and reviewed it, and how."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, Literal

from toolkit.article import Disclosure
from toolkit.edition.body import Body, by_machine
from toolkit.edition.job import EditionJob, Pair
from toolkit.edition.texts import Words, words
from toolkit.language import language
from toolkit.units import State

_ALL_MACHINE = "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
_APPROVED_BY = {State.REVIEWED: "reviewed", State.REMEMBERED: "tm"}
"""Which line names who approved a paragraph."""
_PART_MACHINE = "https://schema.org/CompositeWithTrainedAlgorithmicMediaDigitalSource"


def disclosure(job: EditionJob, body: Body, headline: str, pages: dict[str, str]) -> str:
    """JSON-LD, escaped for a `<script>`; `pages` are the URLs of this article's pages by language, the source's first."""
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


def notice(job: EditionJob, pairs: Sequence[Pair]) -> list[tuple[Words, str, str]]:
    """What a reader is told of paragraphs that nobody approved or translated, in the edition's language and in English: the
    words of each language, a title, and the sentences. Empty where all is reviewed."""
    machine = sum(map(by_machine, pairs))
    drafts = sum(pair.shown in ("draft", "outdated") for pair in pairs) - machine
    left = sum(pair.shown == "source" for pair in pairs)
    if job.catalog is None or not machine + drafts + left:
        return []
    starter = any("starter" in name for name in models(pair for pair in pairs if by_machine(pair)))
    facts = [("machine", machine), ("drafts", drafts), ("source", left)]
    title = "notice_title" if machine else "notice_drafts_title" if drafts else "notice_source_title"
    said = []
    for tag in dict.fromkeys((words(job.language).tag, "en")):
        spoken = words(tag, job.plain_digits)
        sentences = [spoken(f"notice_{key}", n=n, total=len(pairs)) for key, n in facts if n]
        sentences += [spoken("starter")] if starter else []
        said.append((spoken, spoken(title), language(spoken.tag).joiner.join(sentences)))
    return said


def of_native(job: EditionJob) -> Disclosure:
    """What the native edition of a translation says of itself."""
    reviewed = sum(pair.shown == "reviewed" for pair in job.pairs)
    drafts = sum(pair.shown in ("draft", "outdated") for pair in job.pairs)
    state: Literal["draft", "mixed", "reviewed"] = (
        "reviewed" if reviewed == len(job.pairs) else "draft" if not reviewed else "mixed"
    )
    lines = tuple((spoken.tag, f"{title} {text}") for spoken, title, text in notice(job, job.pairs))
    return Disclosure(state, drafts, reviewed, ", ".join(models(job.pairs)), lines)


def _known(job: EditionJob) -> dict[str, Any]:
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


def _original(job: EditionJob, pages: dict[str, str]) -> dict[str, Any]:
    others = [{"@type": "Article", "inLanguage": tag, "url": url} for tag, url in pages.items() if tag != job.language]
    return {"workTranslation": others} if others else {}


def _translation(job: EditionJob, body: Body, pages: dict[str, str]) -> dict[str, Any]:
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


def _software(name: str, job: EditionJob) -> dict[str, Any]:
    """The schema.org record of an engine, by its name in provenance lines, with what is known of its models."""
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
    """The editions in other languages that a model was given as reference translations."""
    tags = {
        line.get("second")
        for pair in pairs
        if pair.unit is not None and pair.shown != "source" and (line := pair.unit.line("mt")) and line.get("second")
    }
    return [
        {"@type": "Article", "inLanguage": tag, **({"url": pages[tag]} if tag in pages else {})} for tag in sorted(tags)
    ]


def models(pairs: Iterable[Pair]) -> dict[str, int]:
    """The number of shown paragraphs that began as drafts of each engine and model, reviewed since or not."""
    found: dict[str, int] = {}
    for pair in pairs:
        names: dict[str, None] = {}
        for kind in ("mt", "convert", "tm", "reused"):
            line = pair.unit.line(kind) if pair.unit is not None and pair.shown != "source" else None
            if line is not None and (kind in ("mt", "convert") or line.get("engine") or line.damaged):
                name = line.get("engine") or line.get("by") or line.get("from")
                name = " ".join(filter(None, (name, line.get("model"))))
                names[name or "unknown"] = None  # a damaged record
        for name in names:
            found[name] = found.get(name, 0) + 1
    return found


def reviewers(pairs: Iterable[Pair]) -> dict[str, int]:
    """The number of shown paragraphs that each reviewer approved, here or where the memory has them from; approvals without a
    name are not counted."""
    found: dict[str, int] = {}
    for pair in pairs:
        kind = _APPROVED_BY.get(pair.unit.state) if pair.unit is not None and pair.shown == "reviewed" else None
        line = pair.unit.line(kind) if pair.unit is not None and kind else None
        if line is not None and line.get("by"):
            found[line.get("by")] = found.get(line.get("by"), 0) + 1
    return found


def is_web(text: str) -> bool:
    """Whether the text is a web address and nothing else."""
    return text.startswith(("https://", "http://")) and not any(char.isspace() for char in text)


def is_date(text: str) -> bool:
    """Whether the text begins with a date in ISO 8601: `2026-10-05`, a time may follow."""
    try:
        date.fromisoformat(text[:10])
    except ValueError:
        return False
    return True
