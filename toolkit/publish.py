"""Articles and their catalogs become editions on disk, and one package per language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from toolkit import desk, models, project
from toolkit.catalog import read_catalog
from toolkit.config import Config
from toolkit.edition import FORMATS, Delivery, Job, Policy, package, render
from toolkit.errors import DataError, UsageError
from toolkit.files import atomic_write, read_bytes, show, sweep
from toolkit.hashing import text_hash
from toolkit.language import language
from toolkit.models import licences
from toolkit.models.about import About, about
from toolkit.project import Loaded, Source
from toolkit.units import Edition, Unit


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person wants built."""

    formats: tuple[str, ...] = tuple(FORMATS)
    policy: Policy = field(default_factory=Policy)
    strict: bool = False
    """Nothing is written when a check finds an error."""
    packaged: bool = False


@dataclass(slots=True)
class Built:
    """What was written."""

    folders: Counter[Path] = field(default_factory=Counter)
    """Editions by folder."""
    packages: list[Path] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    """Each with file:line; one is enough for an exit code of 1."""
    notes: list[str] = field(default_factory=list)


def build(config: Config, sources: Sequence[Source], targets: Sequence[str], choice: Choice) -> Built:
    """Write the editions of `sources` in `targets` (all that have a catalog, when empty).

    Raises UsageError for an unknown format, DataError when no catalog is there or, with `strict`, a check finds an
    error.
    """
    for form in choice.formats:
        if form not in FORMATS:
            raise UsageError(f"unknown format {form!r}; known are {', '.join(FORMATS)}")
    built = Built()
    loaded = [project.load(config, source) for source in sources]
    tags = {one.source.id: _tags(config, one, targets) for one in loaded}
    if not any(tags.values()):
        raise DataError("nothing is translated yet; begin with: lokta translate ARTICLE --to bo")
    if choice.strict:
        _refuse_errors(config, tags)
    deliveries: dict[str, list[Delivery]] = {}
    known: dict[str, tuple[About, ...]] = {}
    for one in loaded:
        for tag in tags[one.source.id]:
            job = _job(config, one, tag, tags[one.source.id], choice.policy, known)
            editions = tuple(render(form, job) for form in choice.formats)
            _write(config, editions, built)
            catalog = read_bytes(project.catalog_path(config, one.source.id, tag))
            deliveries.setdefault(tag, []).append(Delivery(job, editions, catalog))
            if config.commercial:
                built.notes += _not_for_sale(config, one.source.id, tag, choice.policy)
        if "html" in choice.formats and tags[one.source.id]:
            _write(config, (render("html", _job(config, one, "", tags[one.source.id], choice.policy, known)),), built)
        built.notes += one.warnings
    if choice.packaged:
        for tag, delivered in sorted(deliveries.items()):
            made = package(tag, delivered)
            path = config.editions / made.name
            atomic_write(path, made.data)
            built.packages.append(path)
    return built


def translated(config: Config) -> tuple[Source, ...]:
    """The articles of the project that have a catalog; in a folder without a project, those whose catalogs lie there."""
    found = project.find(config, [config.articles])
    return tuple(source for source in found if project.targets(config, source.id))


def _tags(config: Config, one: Loaded, targets: Sequence[str]) -> tuple[str, ...]:
    wanted = targets or project.targets(config, one.source.id)
    return tuple(tag for tag in wanted if project.catalog_path(config, one.source.id, tag).is_file())


def _job(
    config: Config,
    one: Loaded,
    tag: str,
    siblings: Sequence[str],
    policy: Policy,
    known: dict[str, tuple[About, ...]],
) -> Job:
    """`tag` empty: the edition in the source language. `known`: what was found out of models so far."""
    path = project.catalog_path(config, one.source.id, tag) if tag else None
    catalog = desk.with_target(read_catalog(path), path) if path else None
    signatures = {mark.get("model") for unit in (catalog.live if catalog else ()) if (mark := unit.mark("mt"))}
    for signature in signatures - known.keys() - {""}:
        known[signature] = about(signature)
    return Job(
        one.article,
        one.source.id,
        catalog,
        file=one.source.file,
        catalog_file=show(path) if path else "",
        policy=policy,
        siblings=tuple(other for other in siblings if other != tag),
        folder=one.source.path.parent.as_posix(),
        editions=config.editions.as_posix(),
        base_url=config.base_url,
        editorial_responsibility=config.editorial_responsibility,
        software={signature: known[signature] for signature in sorted(signatures - {""})},
    )


def _write(config: Config, editions: Sequence[Edition], built: Built) -> None:
    for edition in editions:
        path = config.editions / edition.name
        sweep(path.parent)
        atomic_write(path, edition.data)
        kind = edition.format
        place = language(edition.target_language).gettext if kind == "mo" else edition.target_language
        built.folders[config.editions / kind / place] += 1
        built.problems += [line for line in edition.problems if line not in built.problems]


def _not_for_sale(config: Config, article: str, tag: str, policy: Policy) -> list[str]:
    """A line for each model whose licence forbids commercial use and whose drafts stand in an edition as it wrote them.

    An approval does not change who wrote the words. What OpenCC derived counts as what it was derived from.
    """
    path = project.catalog_path(config, article, tag)
    derived_from = {(unit.context, unit.source): unit for unit in _units(config, article, "zh-Hans")}
    found: Counter[str] = Counter()
    for unit in _units(config, article, tag):
        if unit.target and (unit.state.approved or not policy.only_reviewed):
            sister = derived_from.get((unit.context, unit.source)) if _still(unit, "convert") else None
            found[_still(sister or unit, "mt")] += 1
    lines = []
    for signature, count in sorted(found.items()):
        if signature and models.non_commercial(signature):
            what = "paragraph is a draft" if count == 1 else "paragraphs are drafts"
            names = " and ".join(dict.fromkeys(licences.names(signature)))
            lines.append(
                f"{show(path)}: {count} {what} of {names} that nobody rewrote; the licence forbids commercial use: "
                "rewrite them, or draft again by another model (lokta translate --redraft --engine ENGINE/MODEL)"
            )
    return lines


def _units(config: Config, article: str, tag: str) -> tuple[Unit, ...]:
    path = project.catalog_path(config, article, tag)
    return tuple(read_catalog(path).live) if path.is_file() else ()


def _still(unit: Unit, kind: str) -> str:
    """The model that our line of this kind names, if the target is still its words; empty when a person rewrote them."""
    made = unit.mark(kind)
    if made is None or made.get("hash") != text_hash(unit.target):
        return ""
    return made.get("model") or made.get("by")


def _refuse_errors(config: Config, tags: dict[str, tuple[str, ...]]) -> None:
    for article, languages in tags.items():
        for tag in languages:
            path = project.catalog_path(config, article, tag)
            for found in desk.check(path):
                if found.severity == "error":
                    place = f"{found.file}:{found.line}"
                    raise DataError(f"{place}: {found.message}; nothing was built (see all: lokta check {show(path)})")
