"""The translation memory of a project: brought up to date with its catalogs and imported memories, imported into, exported."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from hashlib import sha256
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import catalog as catalogs
from toolkit.alignment.groups import Group
from toolkit.catalog import drafted
from toolkit.catalog.exchange import tmx
from toolkit.catalog.reuse import Aligner
from toolkit.errors import DataError, UsageError
from toolkit.events import Noted, Sink, Warned, ignore
from toolkit.files import chunks, read_bytes, refuse_link, replacing, show, stamp
from toolkit.language import language
from toolkit.memory import entries
from toolkit.memory.entries import Entry
from toolkit.memory.store import Busy, Listed, MemoryStore, Near
from toolkit.project.context import Context
from toolkit.units import Catalog, LanguagePair, Unit

if TYPE_CHECKING:
    from toolkit.alignment.sentences import Aligner as Learned

PENALTY = "x-lokta-penalty"
"""The property of a TMX header that says how many percent are taken off its matches."""
_MOST_PENALTY = 100
_LEARNED = 500
"""Approved paragraphs from which an aligner of sentences learns; more cost seconds whenever a catalog changed."""
_MO_HEADER = 20


def refreshed(
    context: Context,
    tell: Sink = ignore,
    again: bool = False,
    targets: Sequence[str] = (),
    wait: float = 10.0,
    align: bool = True,
) -> MemoryStore:
    """The project's memory, up to date in these target languages, or in all. What cannot be read is told and passed over; where
    another process writes into it for longer than `wait` seconds, it is as it was before.

    `align`: an aligner finds the sentences of approved paragraphs of which no draft is known, which takes seconds to learn; without
    it those of catalogs that changed come in at the next call with it.
    """
    store, memory, root = context.store, context.memory, context.config.root
    every = store.targets()
    listed = [*_catalogs(context, targets or every, tell, align), *_imported(context, tell)]
    others = {_name(path, root) for path in store.paths(tag for tag in every if targets and tag not in targets)}
    try:
        memory.update(listed, again, others.__contains__, wait)
    except Busy:
        tell(Warned("another command writes into the translation memory; it is used as it was before"))
    if not memory.trigrams:
        tell(Noted("this Python's SQLite has no trigrams (FTS5): similar texts are found, but slowly"))
    return memory


def _catalogs(context: Context, targets: Iterable[str], tell: Sink, align: bool) -> Iterator[Listed]:
    store, root = context.store, context.config.root
    aligners = _Aligners(context.memory)
    for path in store.paths(targets):
        known = str((stamp(path), stamp(path.with_suffix(drafted.SUFFIX))))
        one = _OfCatalog(context, path, tell, aligners)
        with_aligned = f"{known} aligned"
        yield Listed(
            _name(path, root),
            with_aligned if align else known,
            one.entries,
            more=one.aligned if align else None,
            will_do=with_aligned,
        )


class _Aligners:
    """What aligns sentences, for each pair of languages, by the approved paragraphs that the memory holds when it is first asked.

    What it finds is noted in the memory, so that it has to learn only when there are new paragraphs.
    """

    def __init__(self, memory: MemoryStore) -> None:
        self._memory = memory
        self._made: dict[LanguagePair, Learned] = {}

    def of(self, pair: LanguagePair) -> Aligner:
        """The certain groups of sentences of a paragraph and its translation."""
        return partial(self._groups, pair)

    def _groups(self, pair: LanguagePair, sources: Sequence[str], targets: Sequence[str]) -> Sequence[Group]:
        name = sha256(json.dumps([pair, sources, targets]).encode()).hexdigest()
        noted = self._memory.noted(name)
        if noted is not None:
            return [Group(*places) for places in json.loads(noted)]
        aligner = self._learned(pair)
        found = aligner.groups(sources, targets)
        if aligner.able:
            self._memory.note(name, json.dumps([[g.source, g.source_end, g.target, g.target_end] for g in found]))
        return found

    def _learned(self, pair: LanguagePair) -> Learned:
        if pair not in self._made:
            from toolkit.alignment.sentences import Aligner as Learned  # brings numpy

            self._made[pair] = Learned(pair, partial(self._paragraphs, pair), _LEARNED)
        return self._made[pair]

    def _paragraphs(self, pair: LanguagePair) -> Iterator[tuple[str, str]]:
        return ((one.source, one.target) for one in self._memory.entries(pair) if one.kind == "unit")


class _OfCatalog:
    """What the memory reads of a catalog: its approved pairs, and then the sentences that have to be aligned."""

    def __init__(self, context: Context, path: Path, tell: Sink, aligners: _Aligners) -> None:
        self._context = context
        self._path = path
        self._tell = tell
        self._aligners = aligners
        self._open = False

    def entries(self) -> Iterable[Entry] | None:
        """Its entries; None where it cannot be read now."""
        catalog = next(self._context.store.readable([self._path], self._tell), None)
        if catalog is None:
            return None
        known = self._context.store.drafted_beside(self._path)
        self._open = any(entries.undrafted(catalog, known))
        return entries.of_catalog(catalog, known)

    def aligned(self) -> Iterable[Entry]:
        """The sentences of paragraphs of which no draft is known; the catalog is read again, not held meanwhile."""
        catalog = next(self._context.store.readable([self._path], ignore), None) if self._open else None
        if catalog is None:
            return ()
        return entries.aligned(catalog, self._context.store.drafted_beside(self._path), self._aligners.of(catalog.pair))


def _imported(context: Context, tell: Sink) -> Iterator[Listed]:
    folder, root = context.config.memory, context.config.root
    for path in sorted(folder.glob("*.tmx")) if folder.is_dir() else ():
        try:
            refuse_link(path)
            penalty = _penalty(path, stamp(path))
        except DataError as error:
            tell(Warned(str(error)))
            continue
        yield Listed(_name(path, root), str(stamp(path)), partial(_of_tmx, path, tell), penalty, imported=True)


def _of_tmx(path: Path, tell: Sink) -> Iterator[Entry]:
    try:
        yield from entries.of_tmx(tmx.read(chunks(path), show(path)), path.name)
    except DataError as error:
        tell(Warned(f"{error}; what stands before it is in the memory"))


@lru_cache(maxsize=256)
def _penalty(path: Path, at: tuple[int, int, int] | None) -> float:
    """What the header of a TMX takes off its matches, in percent; read again where `at` is another stamp of the file."""
    said: dict[str, str] = {}
    next(tmx.read(chunks(path), show(path), said), None)
    text = said.get(PENALTY, "")
    return min(float(text), _MOST_PENALTY) if re.fullmatch(r"\d{1,3}(\.\d{1,3})?", text) else 0.0


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)


def finding(memory: MemoryStore, pair: LanguagePair) -> tuple[Callable[[str], list[Near]], Callable[[str], list[Near]]]:
    """What looks a text up in a memory: exactly the same one, and similar ones."""
    return (lambda text: memory.exact(text, pair)), (lambda text: memory.near(text, pair))


class Origins:
    """The catalogs in one language that texts from the memory came from, each read once."""

    def __init__(self, context: Context, target: str) -> None:
        self._context = context
        self._target = target
        self._read: dict[str, Catalog | None] = {}

    @cached_property
    def _paths(self) -> frozenset[Path]:
        return frozenset(self._context.store.paths([self._target]))

    def withdrawn(self, unit: Unit) -> bool:
        """Whether the article that a unit's text came from has it, and does not approve it any more.

        An approval stays one where the paragraph, its context or the typography of its source changed, and where the article is
        gone with its catalog: nobody took it back. So it does where the catalog cannot be read.
        """
        line = unit.line("tm")
        catalog = self._catalog(line.get("origin")) if line is not None else None
        if catalog is None:
            return False
        now = [one for one in catalog.live if one.source == unit.source]
        return not any(one.state.approved and one.target == unit.target for one in now or catalog.units)

    def _catalog(self, article: str) -> Catalog | None:
        if article not in self._read:
            path = self._context.store.path(article, self._target)
            here = [path] if article and path in self._paths else []
            self._read[article] = next(self._context.store.readable(here), None)
        return self._read[article]


def take(context: Context, path: Path, pair: LanguagePair, penalty: float, tell: Sink = ignore) -> tuple[Path, int]:
    """Import a `.tmx`, `.po` or `.mo` file: its pairs are put into the project's folder of memories as TMX, which is read from
    then on and never changed. The new file, and the number of units.

    `pair` are the languages of a `.po` or `.mo` that does not say them. Raises DataError where the file is none of these, holds
    nothing, or the memory has one of its name.
    """
    units = _READERS.get(path.suffix.lower())
    if units is None:
        raise DataError(f"{show(path)}: is no .tmx, .po or .mo; a memory is one of these")
    target = context.config.memory / f"{path.stem}.tmx"
    if target.exists():
        raise DataError(f"{show(target)}: is there already; take it away first, or rename {show(path)}")
    whole = (unit for unit in units(path, pair) if len(unit.variants) > 1)
    properties = {PENALTY: f"{penalty:g}"} if penalty else {}
    count = _write(target, context.config.root_of(target), whole, pair.source, properties)
    if not count:
        raise DataError(f"{show(path)}: holds no translations that are approved")
    refreshed(context, tell)
    return target, count


def _write(
    path: Path,
    root: Path | None,
    units: Iterator[tmx.TranslationUnit],
    source_language: str,
    properties: Mapping[str, str] | None = None,
) -> int:
    """Write a TMX file unit by unit; how many they were. Nothing is written where there are none."""
    first = next(units, None)
    if first is None:
        return 0
    written = 0

    def counted() -> Iterator[tmx.TranslationUnit]:
        nonlocal written
        for unit in chain([first], units):
            written += 1
            yield unit

    with replacing(path, root) as file:
        for text in tmx.write(counted(), source_language, properties):
            file.write(text.encode())
    return written


def _tmx_units(path: Path, pair: LanguagePair) -> Iterator[tmx.TranslationUnit]:
    return tmx.read(chunks(path), show(path))


def _po_units(path: Path, pair: LanguagePair) -> Iterator[tmx.TranslationUnit]:
    catalog = catalogs.read_catalog(path)
    source = catalog.metadata.get("X-Source-Language", "") or pair.source
    languages = LanguagePair(language(source).tag, _target(catalog.metadata.get("Language", ""), pair, path))
    for unit in catalog.live:
        if unit.state.approved and unit.source:
            review = unit.line("reviewed")
            by, date = (review.get("by"), review.get("date")) if review else ("", "")
            yield _unit(unit.source, unit.target, languages, catalog, by, date)


def _mo_units(path: Path, pair: LanguagePair) -> Iterator[tmx.TranslationUnit]:
    import polib

    _refuse_mo(read_bytes(path), path)
    try:
        found = polib.mofile(str(path))
    except (OSError, ValueError, IndexError, UnicodeDecodeError, OverflowError, MemoryError) as error:
        raise DataError(f"{show(path)}: is no .mo file that can be read ({str(error)[:80]})") from None
    except Exception as error:  # polib lets what struct raises through
        raise DataError(f"{show(path)}: is no .mo file that can be read ({type(error).__name__})") from None
    languages = LanguagePair(pair.source, _target(found.metadata.get("Language", ""), pair, path))
    for entry in found:
        if entry.msgid and entry.msgstr and not entry.msgid_plural:
            yield _unit(entry.msgid, entry.msgstr, languages, Catalog(*languages))


def _refuse_mo(data: bytes, path: Path) -> None:
    """Raises DataError for what is no `.mo` file, or one whose strings overlap, so that a small one could unfold without end."""
    order = {b"\xde\x12\x04\x95": "<", b"\x95\x04\x12\xde": ">"}.get(data[:4], "")
    if order and len(data) >= _MO_HEADER:
        count, *tables = struct.unpack(f"{order}3I", data[8:_MO_HEADER])
        if all(table + 8 * count <= len(data) for table in tables):
            lengths = (struct.unpack_from(f"{order}{2 * count}I", data, table)[::2] for table in tables)
            if sum(map(sum, lengths)) <= len(data):
                return
    raise DataError(f"{show(path)}: is no .mo file that can be read; it is damaged, or something else")


_READERS: dict[str, Callable[[Path, LanguagePair], Iterator[tmx.TranslationUnit]]] = {
    ".tmx": _tmx_units,
    ".po": _po_units,
    ".mo": _mo_units,
}


def _target(said: str, pair: LanguagePair, path: Path) -> str:
    if not (said or pair.target):
        raise UsageError(f"{show(path)}: does not say its language; name it: --to bo")
    return language(pair.target or said).tag


def _unit(
    source: str, target: str, pair: LanguagePair, catalog: Catalog, by: str = "", date: str = ""
) -> tmx.TranslationUnit:
    return unit_of(Entry(source, target, pair, reviewer=by, date=date, markup=catalog.markup))


def unit_of(entry: Entry) -> tmx.TranslationUnit:
    """A pair of the memory as TMX has it, with its inline codes as elements."""
    properties = {"x-origin": entry.origin} if entry.origin else {}
    if entry.markup != "plain":
        properties[tmx.MARKUP] = entry.markup
    first = tmx.with_codes(entry.pair.source, entry.source, entry.markup)
    other = tmx.with_codes(entry.pair.target, entry.target, entry.markup, entry.reviewer, entry.date)
    return tmx.TranslationUnit((first, other), properties=properties)


def put(context: Context, path: Path, targets: Sequence[str], tell: Sink = ignore) -> int:
    """Export what the memory holds as TMX 1.4b, of some target languages or of all; the number of units. Raises DataError where
    that is nothing."""
    memory = refreshed(context, tell)

    def units() -> Iterator[tmx.TranslationUnit]:
        for entry in memory.entries():
            if not targets or entry.pair.target in targets:
                yield unit_of(entry)

    written = _write(path.absolute(), None, units(), context.config.source_language or "en")
    if not written:
        raise DataError("the memory holds nothing yet; what is approved is in it: lokta review")
    return written
