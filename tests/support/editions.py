"""Articles, catalogs and jobs for the tests of editions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

from tests.support.environment import ROOT
from toolkit import article as articles
from toolkit.catalog import approve, extract, po
from toolkit.edition import FORMATS, EditionJob, render
from toolkit.edition.package import Delivery, write_package
from toolkit.language import language
from toolkit.units import Article, Catalog, ProvenanceLine, Unit, text_hash

SUFFIXES = {"text": ".txt", "markdown": ".md", "html": ".html"}

TEXT = "The River\n\nThe river rose in the night.\n\nIt fell again in May.\n"
META = {"title": "The River", "date": "2026-03-21", "licence": "CC BY 4.0", "source": "https://a.org/r"}

Made = str | Unit | None
"""A draft by a machine, a ready unit, or nothing."""


def draft(source: str, target: str, engine: str = "argos", model: str = "en_bo-1.0", **more: str) -> Unit:
    """A machine's draft; `more` are further values of its line."""
    line = ProvenanceLine("mt", (("engine", engine), ("model", model), *more.items(), ("hash", text_hash(target))))
    return Unit(source, target, flags=("fuzzy",), provenance=(line,))


def reviewed(source: str, target: str, by: str = "Tashi") -> Unit:
    """A unit that began as a draft and was approved by name."""
    return approve(draft(source, target), by, "2026-11-01")


def job(
    text: str,
    form: str,
    targets: Mapping[str, Made] | None,
    tag: str = "bo",
    metadata: Mapping[str, str] | None = None,
    **more: Any,
) -> EditionJob:
    """A job for `text`; `targets` by source, None for the edition in the source language."""
    file = f"articles/post{SUFFIXES[form]}"
    article = articles.read(text, articles.formats()[form], file=file, source_language="en")
    article = replace(article, metadata={**article.metadata, **(metadata or {})})
    found = None if targets is None else catalog(article, targets, tag)
    return EditionJob(article, more.pop("id", "post"), found, file=file, catalog_file="post.po", **more)


def made(id: str = "post", **more: Any) -> EditionJob:
    """The article TEXT in Tibetan: one paragraph a draft, one reviewed, the title left."""
    targets = {
        "The river rose in the night.": draft("The river rose in the night.", "གཙང་པོ་རྒྱས།"),
        "It fell again in May.": reviewed("It fell again in May.", "ཟླ་ལྔ་པར་ཆག"),
    }
    return job(TEXT, "text", targets, metadata=META, id=id, **more)


def delivery(one: EditionJob) -> Delivery:
    """The job in all formats, with its catalog."""
    raw = one.catalog.raw.encode() if one.catalog else b""
    return Delivery.of(one, [render(form, one) for form in FORMATS], raw)


def package(tag: str, deliveries: Sequence[Delivery]) -> bytes:
    """The zip of a language."""
    file = BytesIO()
    write_package(tag, deliveries, file)
    return file.getvalue()


def catalog(article: Article, targets: Mapping[str, Made], tag: str) -> Catalog:
    """The article's catalog with these targets, read back from its file."""
    template = extract(article, "post", articles.formats()[article.format].markup)
    known = {unit.source for unit in template.units}
    assert set(targets) <= known, set(targets) - known
    units = tuple(_filled(unit, targets.get(unit.source)) for unit in template.units)
    made = replace(template, units=units, target_language=language(tag).gettext)
    made = replace(made, metadata={**made.metadata, "Language": language(tag).gettext})
    return replace(po.load(po.dump(made)), source_language="en", target_language=language(tag).tag)


def _filled(unit: Unit, made: Made) -> Unit:
    if made is None:
        return unit
    one = draft(unit.source, made) if isinstance(made, str) else made
    return replace(
        one, locations=unit.locations, notes=unit.notes, comments=unit.comments, flags=(*one.flags, *unit.flags)
    )


def sample(name: str) -> tuple[str, str]:
    """A sample article's text and format."""
    path: Path = ROOT / "corpus" / name
    return path.read_text(encoding="utf-8"), articles.format_of(name).name
