"""Review by mail: takes a reviewer's answer over into the catalogs of a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import catalog as catalogs
from toolkit.catalog.po_text import excerpt
from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, ignore
from toolkit.files import show
from toolkit.language import language
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.review.answers import Answer, Answered, Outcome, Taken, shortened, take
from toolkit.review.findings import find
from toolkit.units import Catalog, UnitKey

_LONGEST_ID = 200


@dataclass(frozen=True, slots=True)
class MailPlan:
    """What an answer does, or would do, to the catalogs of a project."""

    files: Mapping[Path, Mapping[Outcome, int]]
    """Catalog files, each with how many units came out how."""
    refused: tuple[str, ...] = ()
    """A line for each article and unit that was left out, with the reason."""
    conflicts: tuple[str, ...] = ()
    """A line for each unit of which two versions are kept, with its place."""
    errors: int = 0
    """Findings of severity error in the units that changed, as they are then."""

    @property
    def counts(self) -> Mapping[Outcome, int]:
        """How many units came out how, over all files."""
        total: Counter[Outcome] = Counter()
        for counts in self.files.values():
            total.update(counts)
        return total


def plan(context: Context, answer: Answer) -> MailPlan:
    """What taking the answer over would do; nothing is written. Raises DataError as `apply` does."""

    def tried(path: Path, change: Callable[[Catalog], Catalog]) -> Catalog:
        return change(context.store.read(path))

    return _taken(context, answer, tried)


def apply(context: Context, answer: Answer, tell: Sink = ignore) -> MailPlan:
    """Take the answer over into the catalogs; what that did. The same answer again changes nothing.

    Raises DataError for an unknown language, where none of its articles is in the project, and for a broken catalog; what
    was written by then stays, and the same answer goes on.
    """

    def changed(path: Path, change: Callable[[Catalog], Catalog]) -> Catalog:
        return context.store.change(path, change, tell)[1]

    done = _taken(context, answer, changed)
    context.store.settle(tell)
    return done


def _taken(
    context: Context, answer: Answer, change: Callable[[Path, Callable[[Catalog], Catalog]], Catalog]
) -> MailPlan:
    """What comes of an answer; `change` changes the catalog in a file, and returns it."""
    try:
        tag = language(answer.language).tag
    except UsageError as error:
        raise DataError(f"the answer names no language: {shortened(str(error))}") from None
    articles: dict[str, list[Answered]] = {}
    for one in answer.units:
        articles.setdefault(one.article, []).append(one)
    paths = {article: path for article in articles if (path := catalog_path(context, article, tag))}
    if articles and not paths:
        names = shortened(", ".join([*articles][:5]))
        raise DataError(
            f"none of the articles of this answer is here in {tag} ({names}); go to the project that it was exported from"
        )
    checks = ReviewService(context).checks(tag)
    files: dict[Path, Mapping[Outcome, int]] = {}
    refused: list[str] = []
    conflicts: list[str] = []
    errors = 0
    for article, units in articles.items():
        path, name = paths.get(article), shortened(article, 60)
        if path is None:
            refused.append(f"{name}: no such article in {tag} here; {len(units)} of its paragraphs left out")
            continue
        live = {unit.key for unit in context.store.read(path).live}
        sound: list[Answered] = []
        for one in units:
            if not one.sound:
                refused.append(f"{name}: {excerpt(one.source)} is not what its key names; left out")
            elif one.row and UnitKey(one.context, one.source) not in live:
                refused.append(f"row {one.row}: its source is not in the catalog of {name}; left out")
            else:
                sound.append(one)
        taken, catalog = _into(path, sound, answer.reviewer, change)
        files[path] = Counter(one.outcome for one in taken)
        for done in taken:
            if done.outcome == "conflict" and done.unit is not None:
                place = f"{show(path)}:{catalogs.line_of(catalog, done.unit)}"
                said = "changed here meanwhile, both versions are kept"
                conflicts.append(f"{place}: {said}: {excerpt(done.unit.source)}")
            elif done.outcome in ("applied", "outdated") and done.unit is not None:
                found = find(done.unit, replace(catalog, target_language=tag), checks)
                errors += sum(finding.severity == "error" for _, finding in found)
    return MailPlan(files, tuple(refused), tuple(conflicts), errors)


def _into(
    path: Path,
    units: list[Answered],
    reviewer: str,
    change: Callable[[Path, Callable[[Catalog], Catalog]], Catalog],
) -> tuple[tuple[Taken, ...], Catalog]:
    """What became of the answers for one catalog, and the catalog."""
    taken: tuple[Taken, ...] = ()

    def merged(catalog: Catalog) -> Catalog:
        nonlocal taken  # called again where somebody saved the file meanwhile
        new, taken = take(catalog, units, reviewer)
        return new

    catalog = change(path, merged)
    return taken, catalog


def catalog_path(context: Context, article: str, tag: str) -> Path | None:
    """The catalog of an article whose id came from a stranger; None: there is none, or it would lie elsewhere."""
    parts = article.split("/")
    if len(article) > _LONGEST_ID or not {"", ".", ".."}.isdisjoint(parts) or any(sign in article for sign in "\\:\0"):
        return None
    path = context.store.path(article, tag)
    try:
        inside = path.resolve().is_relative_to(context.config.locales.resolve())
        return path if inside and path.is_file() else None
    except OSError:  # a name that is too long for the disk
        return None
