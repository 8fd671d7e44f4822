"""Builds editions of articles from their catalogs, and one package per language.

One article is held in memory at a time. An edition is not rendered again while everything that it was built from is
unchanged: a record for each article and language (`.lokta/built/`) holds a digest of the inputs, and what was written.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from toolkit import __version__, models
from toolkit import article as articles
from toolkit.edition import FORMATS, EditionJob, Policy, render
from toolkit.edition.manifest import article_record, model_records
from toolkit.edition.names import html_name, package_name
from toolkit.edition.package import Delivery, Member, catalog_name, write_package
from toolkit.errors import DataError, LoktaError, UsageError
from toolkit.events import Noted, Sink, Warned, ignore
from toolkit.files import atomic_write, read_bytes, read_text, replacing, show, sweep
from toolkit.language import language
from toolkit.models import licences, lockfile
from toolkit.models.about import about
from toolkit.pipeline.build_record import (
    BROKEN,
    LARGEST,
    LastBuild,
    editions_of,
    is_taken_over,
    read_record,
    record_name,
    said_hash,
    texts_said,
    write_record,
)
from toolkit.pipeline.review import ReviewService
from toolkit.pipeline.workers import spread
from toolkit.project.config import Config
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, Source, find, load, metadata_path, of_project
from toolkit.units import Catalog, Edition, Unit, text_hash

_UNKNOWN = "?"
"""In the place of a model's name that got lost."""
_Item = tuple[Source, tuple[str, ...]]
"""An article, and the languages that it has a catalog in."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which editions to build, and how."""

    formats: tuple[str, ...] = tuple(FORMATS)
    policy: Policy = field(default_factory=Policy)
    strict: bool = False
    """Build nothing when a quality check finds an error."""
    packaged: bool = False
    jobs: int = 1
    """Processes that share the articles."""


@dataclass(frozen=True, slots=True)
class Built:
    """The result of a build."""

    folders: Mapping[Path, int]
    """Folder -> number of editions in it."""
    packages: tuple[Path, ...]
    problems: tuple[str, ...]
    """Paragraphs that fell back to the source, each with file:line; any makes the exit code 1."""
    unchanged: int
    """Editions that were up to date and were not rendered again."""


def build(
    context: Context, sources: Sequence[Source], targets: Sequence[str], choice: Choice, tell: Sink = ignore
) -> Built:
    """Write the editions of `sources` in `targets`; without targets, in every language that has a catalog.

    An article that cannot be read, or whose catalog cannot, is told and left out. Raises UsageError for an unknown format, DataError
    when there is no catalog, when nothing could be built or, with `strict`, when a quality check finds an error.
    """
    for form in choice.formats:
        if form not in FORMATS:
            raise UsageError(f"unknown format {form!r}; known are {', '.join(FORMATS)}")
    store = context.store
    tags = {
        source.id: tuple(tag for tag in targets or store.targets(source.id) if store.path(source.id, tag).is_file())
        for source in sources
    }
    if not any(tags.values()):
        into = f" into {', '.join(targets)}" if targets else ""
        way = f" --to {','.join(targets)}" if targets else context.config.way_to
        what = "" if context.config.file else " ARTICLE"
        raise DataError(f"nothing is translated{into} yet; begin with: lokta translate{what}{way}")
    if choice.strict:
        _refuse_errors(context, tags, choice.jobs)
    beside = of_project(context.config) or tuple(sources)
    run = _BuildRun(context, choice, tell, beside)
    items = [(source, tags[source.id]) for source in sources]
    if choice.jobs > 1 and len(items) > 1:
        for part in spread(partial(_part_of, context.config, choice, beside), items, choice.jobs, tell):
            run.add(part)
    else:
        run.build(items)
    if run.failures and not run.folders:
        raise DataError(next(iter(run.failures.values())))
    for line in dict.fromkeys(run.failures.values()):
        tell(Warned(line))
    tags = {name: tuple(tag for tag in found if (name, tag) not in run.failures) for name, found in tags.items()}
    languages = sorted({tag for found in tags.values() for tag in found}) if choice.packaged else ()
    packages = [run.package(tag, sources, tags) for tag in languages]
    return Built(run.folders, tuple(packages), tuple(run.problems), run.unchanged)


def translated(context: Context, tell: Sink = ignore) -> tuple[Source, ...]:
    """The articles that have a catalog; works in a folder without a `lokta.toml` too."""
    found = find(context.config, [context.config.articles], tell)
    return tuple(source for source in found if context.store.targets(source.id))


class Renderings:
    """The editions of a project as a build would write them now, to compare with what a person made of them."""

    def __init__(self, context: Context, beside: Sequence[Source]) -> None:
        policies = (Policy(), Policy(only_reviewed=True))
        self._runs = [_BuildRun(context, Choice(("native",), policy), ignore, beside) for policy in policies]

    def pages(self, loaded: Loaded, tag: str, menu: Sequence[str]) -> Iterator[EditionJob]:
        """For each policy what renders the web edition, with these languages in its menu."""
        return (run.job(loaded, tag, menu) for run in self._runs)

    def natives(self, loaded: Loaded, tag: str, last: LastBuild) -> Iterator[tuple[EditionJob, bool]]:
        """For each policy what renders the edition, and whether the last build wrote just that; that one first."""
        yield from sorted((run.native(loaded, tag, last) for run in self._runs), key=lambda found: not found[1])


@dataclass
class _BuiltPart:
    """What was written of some of the articles."""

    folders: Counter[Path] = field(default_factory=Counter)
    problems: dict[str, None] = field(default_factory=dict)
    unchanged: int = 0
    failures: dict[tuple[str, str], str] = field(default_factory=dict)


@contextlib.contextmanager
def _part_of(
    config: Config, choice: Choice, beside: Sequence[Source], tell: Sink
) -> Iterator[Callable[[Sequence[_Item]], _BuiltPart]]:
    """In a process: what builds some of the articles."""

    def part(items: Sequence[_Item]) -> _BuiltPart:
        run = _BuildRun(context, choice, tell, beside)
        run.build(items)
        return _BuiltPart(run.folders, run.problems, run.unchanged, run.failures)

    with Context.of(config) as context:
        yield part


class _BuildRun:
    """State of one build: what was written so far, and descriptions of models; it holds no article."""

    def __init__(self, context: Context, choice: Choice, tell: Sink, beside: Sequence[Source]) -> None:
        self.context = context
        self.config = context.config
        self.store = context.store
        self.choice = choice
        self.tell = tell
        self.beside = beside
        """The articles whose links count: those of the project, or, outside of one, of this build."""
        self.folders: Counter[Path] = Counter()
        self.problems: dict[str, None] = {}
        self.unchanged = 0
        self.failures: dict[tuple[str, str], str] = {}
        """An article's id and a language in which it could not be built -> why."""
        self._about = cache(about)
        self._swept: set[Path] = set()
        self._rules = self._digest(
            __version__,
            choice.formats,
            asdict(choice.policy),
            [self.config.base_url, self.config.editorial_responsibility, self.config.commercial],
            asdict(self.config.edition),
            [str(self.config.editions), str(self.config.root), self.config.source_language],
            _bytes(models.folder() / lockfile.NAME),
        )

    def build(self, items: Sequence[_Item]) -> None:
        """Build these articles."""
        for source, tags in items:
            self._build(source, tags)

    def add(self, part: _BuiltPart) -> None:
        """Count what another process built."""
        self.folders.update(part.folders)
        self.problems |= part.problems
        self.unchanged += part.unchanged
        self.failures |= part.failures

    def _build(self, source: Source, tags: tuple[str, ...]) -> None:
        """Build one article's editions in these languages, and its page in the source language."""
        loaded: Loaded | None = None
        read = (source.path, metadata_path(source), self.store.template_path(source.id))
        own = self._digest(self._rules, source.file, *map(_bytes, read))
        menu = self._menu(source, tags)
        own = self._digest(own, self._places_linked.get(source.path, ()))
        others = ("zh-Hans",) if self.config.commercial else ()
        for tag in (*tags, *([""] if tags and "html" in self.choice.formats else [])):
            catalogs = [_bytes(self.store.path(source.id, one)) for one in (tag, *others) if tag]
            digest = self._digest(own, tag, menu, *catalogs)
            record = read_record(self.context, source, tag)
            if not self._is_current(record, digest):
                try:
                    loaded = loaded or load(self.store, source)
                    record = self._rendered(loaded, tag, menu, digest, record)
                except DataError as error:
                    self.failures[source.id, tag] = str(error)
                    continue
            else:
                self.unchanged += len(record["editions"])
            self._count(record)
            for line in record["notes"]:
                self.tell(Noted(line))

    @cached_property
    def _places_linked(self) -> Mapping[Path, tuple[str, ...]]:
        """For each article the ids of its places that others link to, sorted; a link may leave out the suffix."""
        found: dict[Path, set[str]] = {}
        sources = self.beside if "native" in self.choice.formats else ()
        by_path = {path: source.path for source in sources for path in (source.path, source.path.with_suffix(""))}
        for source in sources:
            form = articles.format_of(source.path.name)
            with contextlib.suppress(LoktaError):
                for path, identity in form.places_linked(form.decode(read_bytes(source.path), source.file)):
                    there = Path(os.path.normpath(source.path.parent / path))
                    if there in by_path:
                        found.setdefault(by_path[there], set()).add(identity)
        return {path: tuple(sorted(ids)) for path, ids in found.items()}

    def _menu(self, source: Source, tags: Sequence[str]) -> tuple[str, ...]:
        """The languages that the article has a page in: those that are built now, and those whose page is on disk."""
        others = (tag for tag in self.store.targets(source.id) if tag not in tags)
        return (*tags, *(tag for tag in others if (self.config.editions / html_name(source.id, tag)).is_file()))

    def native(self, loaded: Loaded, tag: str, last: LastBuild) -> tuple[EditionJob, bool]:
        """What renders the native edition as the catalog is now, and whether that is what was built last."""
        job = self.job(loaded, tag, ())
        edition = render("native", job)
        return job, last.sums.get(edition.name) == hashlib.sha256(edition.data).hexdigest()

    def package(self, tag: str, sources: Sequence[Source], tags: Mapping[str, Sequence[str]]) -> Path:
        """Write the package of one language from the files in the editions' folder; its path."""
        path = self.config.editions / package_name(tag)
        delivered = [self._delivery(source, tag) for source in sources if tag in tags[source.id]]
        with replacing(path, self.config.root_of(path)) as file:
            write_package(tag, delivered, file)
        return path

    def _rendered(
        self, loaded: Loaded, tag: str, tags: Sequence[str], digest: str, old: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Render and write an article's editions in one language; the record of them. `tag` empty: the source language; `old`: the
        record of the build before."""
        job = self.job(loaded, tag, tags)
        forms = self.choice.formats if tag else ("html",)
        before = editions_of(old)
        now = {text_hash(pair.block.source): said_hash(pair.text) for pair in job.pairs} if tag else {}
        editions = []
        for form in forms:
            edition = render(form, job)
            if edition.name in before:
                self._keep_edited(loaded.source, tag, edition, before[edition.name])
            editions.append(self._written(edition))
        notes = [*self._not_for_sale(loaded, tag, job.catalog)] if self.config.commercial and tag else []
        if tag and all(pair.shown == "source" for pair in job.pairs):
            what = "of it is approved" if self.choice.policy.only_reviewed else "of it is translated"
            notes.append(
                f"{show(self.store.path(loaded.source.id, tag))}: nothing {what}; the edition shows the source"
            )
        record = {
            "digest": digest,
            "editions": editions,
            "others": self._others(before, editions),
            **texts_said(now, old),
            "notes": [*notes, *loaded.warnings],
            "article": article_record(job) if tag else {},
            "models": model_records(job) if tag else [],
        }
        write_record(self.context, loaded.source, tag, record)
        return record

    def _others(
        self, before: Mapping[str, Mapping[str, Any]], editions: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """What earlier builds wrote of the article in other formats, so that `lokta prune` knows it for ours."""
        names = {one["name"] for one in editions}
        return [one for name, one in before.items() if name not in names and _bytes(self.config.editions / name)]

    def _keep_edited(self, source: Source, tag: str, edition: Edition, before: Mapping[str, Any]) -> None:
        """Put an edition that somebody changed since it was built into the trash, before another is written in its place.

        None is kept that holds just what is to be written, or whose changes `lokta adopt` took over.
        """
        path = self.config.editions / edition.name
        with contextlib.suppress(OSError, KeyError):
            if self._stands(before):
                return
        said = _bytes(path)
        if not said or said == edition.data or is_taken_over(before, said):
            return
        kept = self.store.put_away(path, said, keep=True)
        line = f"{show(path)}: somebody changed it since it was built; that version is kept in {show(kept or path)}"
        if tag and edition.format != "mo":
            line += f"; to take it over: lokta adopt {show(source.path)} {show(kept or path)} --to {tag}"
        self.tell(Noted(line))

    def _written(self, edition: Edition) -> dict[str, Any]:
        """Write an edition; its entry in the record."""
        path = self.config.editions / edition.name
        if path.parent not in self._swept:
            self._swept.add(path.parent)
            sweep(path.parent)
        atomic_write(path, edition.data, self.config.root_of(path))
        stat = path.stat()
        return {
            "name": edition.name,
            "format": edition.format,
            "language": edition.target_language,
            "size": stat.st_size,
            "time": stat.st_mtime_ns,
            "sha256": hashlib.sha256(edition.data).hexdigest(),
            "problems": edition.problems,
        }

    def _is_current(self, record: Mapping[str, Any], digest: str) -> bool:
        """Whether the inputs of a record, and the files that were written, are unchanged."""
        with contextlib.suppress(*BROKEN):
            return record["digest"] == digest and all(map(self._stands, record["editions"]))
        return False

    def _stands(self, edition: Mapping[str, Any]) -> bool:
        """Whether an edition's file is as it was written. Raises OSError where there is none."""
        path = self.config.editions / edition["name"]
        stat = path.stat()
        if (stat.st_size, stat.st_mtime_ns) == (edition["size"], edition["time"]):
            return True
        return bool(hashlib.sha256(_bytes(path)).hexdigest() == edition["sha256"])

    def _count(self, record: Mapping[str, Any]) -> None:
        """Add the editions of a record to the result."""
        for edition in record["editions"]:
            kind = edition["format"]
            place = language(edition["language"]).gettext if kind == "mo" else edition["language"]
            self.folders[self.config.editions / kind / place] += 1
            self.problems |= dict.fromkeys(edition["problems"])

    def _delivery(self, source: Source, tag: str) -> Delivery:
        """An article's files in one language as a package takes them: read from disk when they are packed."""
        record = json.loads(read_text(self.context.private / record_name(source, tag), LARGEST))
        editions, catalog = self.config.editions, self.store.path(source.id, tag)
        files = {
            edition["name"]: Member(edition["size"], edition["sha256"], partial(_bytes, editions / edition["name"]))
            for edition in record["editions"]
        }
        held = Member.of(_bytes(catalog))
        files[catalog_name(source.id, tag)] = replace(held, read=partial(_bytes, catalog))
        return Delivery(source.id, files, record["article"], record["models"])

    def job(self, loaded: Loaded, tag: str, siblings: Sequence[str]) -> EditionJob:
        """What renders an article in one language; `tag` empty: the edition in the source language."""
        source = loaded.source
        path = self.store.path(source.id, tag) if tag else None
        catalog = self.store.read(path) if path else None
        lines = (unit.line(kind) for unit in (catalog.live if catalog else ()) for kind in ("mt", "tm", "reused"))
        signatures = {line.get("model") for line in lines if line is not None}
        return EditionJob(
            loaded.article,
            source.id,
            catalog,
            file=source.file,
            catalog_file=show(path) if path else "",
            policy=self.choice.policy,
            siblings=tuple(other for other in siblings if other != tag),
            folder=source.path.parent.as_posix(),
            editions=self.config.editions.as_posix(),
            base_url=self.config.base_url,
            editorial_responsibility=self.config.editorial_responsibility,
            linked=self._places_linked.get(source.path, ()),
            keep_links=self.config.edition.native.links == "keep",
            disclose=self.config.edition.native.disclosure,
            software={signature: self._about(signature) for signature in sorted(signatures - {""})},
        )

    def _not_for_sale(self, loaded: Loaded, tag: str, catalog: Catalog | None) -> list[str]:
        """A line for each model whose licence forbids commercial use and some of whose drafts are in an edition unchanged.

        An approved draft counts as long as nobody changed its words. A paragraph converted from zh-Hans counts as the
        draft that it was converted from.
        """
        simplified = self.store.find(loaded.source.id, "zh-Hans")
        derived_from = {unit.key: unit for unit in (simplified.live if simplified else ())}
        found: Counter[str] = Counter()
        for unit in catalog.live if catalog else ():
            if unit.target and (unit.state.approved or not self.choice.policy.only_reviewed):
                sister = derived_from.get(unit.key) if _still(unit, "convert") else None
                made = {_still(sister or unit, kind) for kind in ("mt", "tm")}
                found.update((made | _of_sentences(unit)) - {""} or {""})
        lines = []
        if count := found.pop(_UNKNOWN, 0):
            lines.append(
                f"{show(self.store.path(loaded.source.id, tag))}: of {count} paragraphs nobody can tell which model wrote them "
                "and under which licence: their `# lokta:` lines lost their hash in another tool; rewrite them, or draft again"
            )
        for signature, count in sorted(found.items()):
            if signature and models.non_commercial(signature):
                what = "paragraph is a draft" if count == 1 else "paragraphs are drafts"
                names = " and ".join(dict.fromkeys(licences.names(signature)))
                lines.append(
                    f"{show(self.store.path(loaded.source.id, tag))}: {count} {what} of {names} that nobody rewrote; the "
                    "licence forbids commercial use: rewrite them, or draft again by another model (lokta translate "
                    "--redraft --engine ENGINE/MODEL)"
                )
        return lines

    def _digest(self, *said: Any) -> str:
        """SHA-256 over values that JSON can hold, and bytes."""
        plain = [hashlib.sha256(one).hexdigest() if isinstance(one, bytes) else one for one in said]
        return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


def _bytes(path: Path) -> bytes:
    """The bytes of a file; empty where there is no such file."""
    return read_bytes(path) if path.is_file() else b""


def _still(unit: Unit, kind: str) -> str:
    """The model in the unit's provenance line of this kind, if the target is unchanged since, or if that cannot be told;
    else empty."""
    made = unit.line(kind)
    if made is None or made.get("edited") or (made.get("hash") != text_hash(unit.target) and not made.damaged):
        return ""
    by = (
        made.get("by") if kind == "convert" else ""
    )  # of a draft, who gave a second opinion; of a memory, who approved it
    return made.get("model") or by or (_UNKNOWN if made.damaged else "")


def _of_sentences(unit: Unit) -> set[str]:
    """The models of a paragraph that was put together of kept and new sentences and is unchanged since: that of the new ones,
    and that of the draft which the kept ones may be."""
    model = _still(unit, "reused")
    line = unit.line("reused")
    if line is None or (line.get("hash") != text_hash(unit.target) and not line.damaged):
        return set()
    draft = unit.line("mt")
    return {model, draft.get("model") if draft else ""} - {""}


def _refuse_errors(context: Context, tags: Mapping[str, Sequence[str]], jobs: int) -> None:
    """Raises DataError, naming the first place and how many there are, when a quality check finds errors in the catalogs."""
    paths = [context.store.path(article, tag) for article, languages in tags.items() for tag in languages]
    found = [one for one in ReviewService(context).check(paths, jobs) if one.severity == "error"]
    if found:
        more = f" and {len(found) - 1} more" if len(found) > 1 else ""
        files = {one.file for one in found}
        see = f"lokta check {found[0].file}" if len(files) == 1 else "lokta check --errors-only"
        raise DataError(
            f"{found[0].file}:{found[0].line}: {found[0].message}{more}; nothing was built (see all: {see})"
        )
