"""Finds what a person changed in a web edition (the HTML page of `lokta build`) after it was built, whatever the format of the
article: paragraph by paragraph beside the page as it is rendered from the catalog now.

A change is exact where the page, rendered with the new text of the unit, has just the person's paragraph; else it is doubtful and
says why. What the page adds of its own (notice, menu, provenance, style) is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit import article as articles
from toolkit.article.html.tokens import attribute_values, tokens
from toolkit.codes.carrying import carried
from toolkit.edition import EditionJob, Pair, html
from toolkit.edition.links import rebase
from toolkit.errors import LoktaError
from toolkit.language import language
from toolkit.pipeline.edited import Change, Edited, alike, beside, is_ours, letters
from toolkit.pipeline.page_text import Paragraph, paragraphs, written
from toolkit.units import Block, Unit, UnitKey

_OURS = re.compile(r'<meta name="?lokta-texts\b|\bdata-state="?(?:reviewed|draft|outdated|source)\b', re.IGNORECASE)
_HEAD = 100_000
"""Characters in which a page says what it is."""

UNLIKE = "hardly anything of the paragraph as it was built is left"
TRANSLATED = "stands where the page had the source language"
LOST = "a link or emphasis was changed that the catalog cannot hold"
ELSE = "the page would not show just this text"
REPEATED = "the same text stands elsewhere in the page, where it was not changed"
PIECES = "stands in several pieces of the page"
TOGETHER = "several paragraphs of the article stand in it"


def is_page(text: str) -> bool:
    """Whether a text says that it is a web edition of ours."""
    return _OURS.search(text) is not None


def languages(text: str) -> tuple[str, ...]:
    """The languages that the menu of a page has."""
    found: dict[str, None] = {}
    for token in tokens(text[:_HEAD]):
        if token.opens and token.name in ("link", "a") and token.attributes:
            tag = attribute_values(text, token).get("hreflang", "")
            if tag and tag != "x-default":
                try:
                    found[language(tag).tag] = None
                except LoktaError:
                    continue
    return tuple(found)


def is_current(job: EditionJob, text: str) -> bool:
    """Whether a page was built from the texts that the catalog has now."""
    for token in tokens(text[:_HEAD]):
        if token.opens and token.name == "meta":
            said = attribute_values(text, token)
            if said.get("name", "").lower() == "lokta-texts":
                return said.get("content") == html.texts_of(job)
    return False


@dataclass(frozen=True, slots=True)
class _Shown:
    """A page as the catalog renders it."""

    paragraphs: list[Paragraph]
    pairs: list[tuple[Pair, ...]]
    """For each paragraph of the page those of the article that stand in it; none: it is the page's own."""

    def of(self) -> Mapping[str, list[int]]:
        """Where each paragraph of the article stands, by the id of its block."""
        places: dict[str, list[int]] = {}
        for at, pairs in enumerate(self.pairs):
            for pair in pairs:
                places.setdefault(pair.block.id, []).append(at)
        # the title of the window only where its text stands nowhere else
        titles = {at for at, one in enumerate(self.paragraphs) if one.block.type == "title"}
        elsewhere = {unit for at, pairs in enumerate(self.pairs) if at not in titles for unit in _units(pairs)}
        for at in titles & {at for at, pairs in enumerate(self.pairs) if elsewhere & _units(pairs)}:
            for pair in self.pairs[at]:
                places[pair.block.id].remove(at)
        return {name: found for name, found in places.items() if found}


def _units(pairs: Iterable[Pair]) -> set[UnitKey]:
    return {pair.unit.key for pair in pairs if pair.unit is not None}


def _shown(job: EditionJob) -> _Shown | None:
    """The page of a job; None where a marker changes how the page is read."""
    page = html.render(job).data.decode()
    marked, by_mark = html.marked(job)
    plain, those = _read(job, page), _read(job, marked)
    if len(plain) != len(those):
        return None
    mark = re.compile("|".join(map(re.escape, by_mark))) if by_mark else None
    pairs = []
    for one in those:
        found = mark.findall(one.block.source) if mark else []
        pairs.append(tuple(by_mark[name] for name in dict.fromkeys(found)))
    return _Shown(plain, pairs)


def _read(job: EditionJob, page: str) -> list[Paragraph]:
    form = articles.formats()["html"]
    return paragraphs(articles.read(page, form, file=job.file, source_language=job.language))


def edited_page(job: EditionJob, text: str) -> Edited | None:
    """What was changed in the text of a web edition; None where it is not one that this job renders."""
    now = _shown(job)
    if now is None:
        return None
    ours, theirs = now.paragraphs, _read(job, text)
    places = now.of()
    matcher = beside([one.key for one in ours], [one.key for one in theirs])
    same = {run.a + at for run in matcher.get_matching_blocks() for at in range(run.size)}
    known = {at for found in places.values() for at in found}
    translated = {at for at in known if any(pair.shown != "source" for pair in now.pairs[at])}
    if not is_ours(len(same & translated), len(translated)):
        return None
    became: dict[int, tuple[Paragraph, float]] = {}
    gone: list[Block] = []
    added: list[Block] = []
    for kind, one, end, other, until in matcher.get_opcodes():
        if kind == "equal":
            continue
        found = list(alike([p.block for p in ours[one:end]], [p.block for p in theirs[other:until]]))
        if not found and _in_place(now, ours[one:end], theirs[other:until], range(one, end), known):
            found = [(n, n, 0.0) for n in range(end - one)]
        became |= {one + n: (theirs[other + place], likeness) for n, place, likeness in found}
        taken, held = {n for n, *_ in found}, {place for _, place, _ in found}
        left = [at for at in range(one, end) if at - one not in taken and at in translated]
        gone += (pair.block for at in left for pair in now.pairs[at])
        added += (theirs[at].block for at in range(other, until) if at - other not in held)
    own = letters("".join(p.block.source for p, pairs in zip(ours, now.pairs, strict=True) if not pairs))
    added = [block for block in added if block.translate and letters(block.source) not in own]
    changes, beyond = _changes(job, now, places, {at: one for at, one in became.items() if at in known})
    return Edited(tuple(changes), len(same & translated), tuple(gone), tuple(added), tuple(beyond))


def _in_place(
    now: _Shown, ours: Sequence[Paragraph], theirs: Sequence[Paragraph], numbers: range, known: set[int]
) -> bool:
    """Whether paragraphs are taken for those that stand in their place, unlike as they are: one between two that nobody changed, or
    several that the page had in the source language."""
    if len(ours) != len(theirs) or not known.issuperset(numbers):
        return False
    types = all(one.block.type == other.block.type for one, other in zip(ours, theirs, strict=True))
    return types and (len(ours) == 1 or all(pair.shown == "source" for at in numbers for pair in now.pairs[at]))


def _changes(
    job: EditionJob, now: _Shown, places: Mapping[str, Sequence[int]], became: Mapping[int, tuple[Paragraph, float]]
) -> tuple[list[Change], list[tuple[Block, str]]]:
    """The changes of units, and the blocks whose change no unit can hold."""
    folder = html.page_folder(job)
    changes: list[tuple[Change, Pair, Paragraph]] = []
    beyond: list[tuple[Block, str]] = []
    for at, (edited, likeness) in became.items():
        pairs = now.pairs[at]
        pair = pairs[0]
        if len(pairs) > 1 or pair.unit is None:
            beyond.append((edited.block, TOGETHER if len(pairs) > 1 else "not in the catalog"))
            continue
        if len(places[pair.block.id]) > 1:
            beyond.append((edited.block, PIECES))
            continue
        markup = job.format.markup
        new = written(
            pair.text,
            markup,
            pair.block,
            now.paragraphs[at],
            edited,
            lambda url: rebase(url, folder, job.folder),
        )
        if new is None:
            source, other = pair.block, edited.block
            new = carried(source.source, markup, source.codes, other.source, "tags", other.codes)
        changes.append((Change(pair.unit, new[0], likeness, ELSE if new[1] else LOST), pair, edited))
    known = [at for found in places.values() for at in found]
    unchanged = {unit for at in known if at not in became for unit in _units(now.pairs[at])}
    verified = dict(_verified(job, changes))
    done: list[Change] = []
    for number, (change, pair, edited) in enumerate(changes):
        if change.text == pair.text:
            beyond.append((edited.block, LOST))
        else:
            unlike = TRANSLATED if pair.shown == "source" else UNLIKE
            why = change.why if not verified.get(number) else "" if change.likeness else unlike
            why = REPEATED if not why and change.unit.key in unchanged else why
            done.append(replace(change, why=why))
    return done, beyond


def _verified(job: EditionJob, changes: Sequence[tuple[Change, Pair, Paragraph]]) -> Iterator[tuple[int, bool]]:
    """For each change by its number whether the page, rendered with it, shows what the person wrote."""
    if not changes or job.catalog is None:
        return
    texts = {change.unit.key: change.text for change, *_ in changes}
    units = tuple(_accepted(unit, texts[unit.key]) if unit.key in texts else unit for unit in job.catalog.units)
    then = _shown(replace(job, catalog=replace(job.catalog, units=units)))
    places = then.of() if then is not None else {}
    for number, (_, pair, edited) in enumerate(changes):
        found = places.get(pair.block.id, ())
        yield number, then is not None and len(found) == 1 and then.paragraphs[found[0]].key == edited.key


def _accepted(unit: Unit, text: str) -> Unit:
    """The unit with a text that a person wrote."""
    return replace(unit, target=text, previous_source="").flagged("fuzzy", on=False)
