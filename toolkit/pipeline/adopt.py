"""Takes translations that a publisher already has into the catalogs of their articles: paragraphs are aligned by what they say,
never by position alone. What is certain is accepted, what is doubtful is fuzzy, the rest is listed.

An edition that a build made and a person edited, native or the page of the web edition, is not aligned but compared with what
the catalog renders (`edited.py`, `edited_page.py`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Literal

from toolkit import article as articles
from toolkit import codes
from toolkit.alignment.blocks import of_text, passage
from toolkit.alignment.documents import NOTES, Aligned, Document, Link, align, certain_pairs, notes_last
from toolkit.alignment.groups import border
from toolkit.alignment.sentences import Aligner
from toolkit.alignment.traits import Passage
from toolkit.article.furniture import OTHER_SCRIPT
from toolkit.catalog.reuse import sentence_texts, target_spans
from toolkit.codes.carrying import carried
from toolkit.edition import EditionJob
from toolkit.edition.texts import words
from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, Total, Warned, ignore
from toolkit.files import read_bytes, show
from toolkit.language import language
from toolkit.language.chinese import HANS, HANT, is_chinese, other_chinese, other_name
from toolkit.language.detect import in_script, script_shares, scripts_of
from toolkit.pipeline.build import Renderings
from toolkit.pipeline.build_record import LastBuild, note_taken_over, read_record
from toolkit.pipeline.edited import Edited, edited
from toolkit.pipeline.edited_page import edited_page, is_current, is_page, languages
from toolkit.pipeline.evidence import drafts_of
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, Source, load, of_project
from toolkit.project.store import TRASH, WorkingCopy
from toolkit.units import (
    MACHINE_MADE,
    Article,
    Block,
    Catalog,
    LanguagePair,
    Markup,
    ProvenanceLine,
    Unit,
    UnitKey,
    fold,
    text_hash,
)

_MEMORY = 5_000
"""Approved pairs of the project that a lexicon is learned from beside the documents."""
_LEARNED = 100_000_000
"""Characters of a text times those of its translation, summed over the pairs that the alignment of sentences is learned from: 400 long
paragraphs."""
_GROUP = 20_000
"""Paragraphs that are aligned together at most, so that a folder of any size fits into memory."""
_LETTERS = 200
"""Letters of a translation from which it must be in the script of its language."""

_DISCLOSED = re.compile(
    r"""<meta name="translation" content="state=(?:draft|mixed)|^translation:[^\n]*(?:\n[ \t]+[^\n]*)*state:? *["']?(?:draft|mixed)"""
    r"""|TrainedAlgorithmicMedia|^\[(?:[^\]\n]*\.)?translation\]\n(?:[^\[\n][^\n]*\n)*state *= *"(?:draft|mixed)\"""",
    re.MULTILINE,
)
"""What an edition says of itself: in HTML, in front matter of YAML or TOML, in the page of the web edition."""

_LABEL = re.compile(r"(?<!\S)\[\^(?!\d+\])[^\]\s]+\]")
"""What a footnote is called, unless by its number: numbers are counted anew where a note was left out."""

_WORD = re.compile(r"[^\W\d_]+")
_IN_A_ROW = 8
"""Words of the source in a row that a translation does not have by chance."""
_LOWER = 5
"""Of these, words in small letters that make them a sentence, and not a name or a title."""

_CUT = "cut from a paragraph that translates two"

_OWN = 0.05
"""Share of its letters that must be; names, code and addresses are in Latin letters."""
_OTHERS = 0.3
"""Share of letters of a third script, beside those of its own, from which a translation is in another language."""
_READ = 20_000
"""Characters of a translation whose script is looked at."""

Verdict = Literal["certain", "doubtful", "known", "conflict", "untranslated", "left source", "left target"]
"""What is done with a paragraph: accepted; fuzzy; the catalog says just that; a person said otherwise there; the translation leaves
it in the source's words; no translation was found; it translates nothing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A paragraph, and what is done with it."""

    verdict: Verdict
    source: str
    """Empty for what translates nothing."""
    target: str
    sure: float
    """0 to 1."""
    line: int
    """Of the article; of the translation for what translates nothing."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Adoption:
    """What was taken over from one translation."""

    article: str
    translation: Path
    catalog: Path
    edition: bool
    """It is an edition of ours that a person edited."""
    entries: tuple[Entry, ...]

    def count(self, verdict: Verdict) -> int:
        """How many paragraphs have this verdict."""
        return sum(entry.verdict == verdict for entry in self.entries)


@dataclass(frozen=True)
class _Read:
    """An article, its translation, and the blocks of both that are compared."""

    loaded: Loaded
    path: Path
    translation: Article
    ours: tuple[Block, ...]
    theirs: tuple[Block, ...]
    data: bytes
    """The bytes of the translation's file."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A text for a unit, from one place of a translation."""

    source: str
    target: str
    sure: float
    certain: bool
    line: int
    why: str = ""
    edit: bool = False
    """A person edited what the unit says."""


def adopt(
    context: Context,
    pairs: Sequence[tuple[Source, Path]],
    target: str,
    source_language: str = "",
    dry_run: bool = False,
    tell: Sink = ignore,
    engine: str = "",
) -> tuple[Adoption, ...]:
    """Take the translations into the catalogs of their articles; with `dry_run` only say what would be done.

    `engine`: ENGINE or ENGINE/MODEL, which drafts the articles; the drafts are evidence of what belongs together, and do not get
    into the catalogs. A translation that cannot be read is told and passed over where there are several; raises DataError where it
    is the only one, NoModel and UsageError for an engine that cannot be asked, EngineFailed where it fails midway.
    """
    target = language(target).tag
    memory = list(_memory(context, target, tell))
    ids = [source.id for source, _ in pairs]
    renderings = Renderings(context, of_project(context.config) or [source for source, _ in pairs])
    done: list[Adoption] = []
    group: list[_Read] = []
    total = Total()
    for source, path in pairs:
        try:
            read = _read(context, source, path, target, source_language)
            found = _edition(context, renderings, read, target)
            if found is None:
                _check_script(read, target)
        except DataError as error:
            if len(pairs) == 1:
                raise
            tell(Warned(str(error)))
            continue
        if found is not None:
            done.append(_filled(context, read, target, ids, found[0], found[1], dry_run, True, tell))
            verdicts = {entry.verdict for entry in done[-1].entries}
            if not dry_run and verdicts and verdicts <= {"certain", "doubtful", "known"}:
                note_taken_over(context, source, target, path, read.data)
            continue
        group.append(read)
        if sum(len(one.ours) for one in group) >= _GROUP:
            done += _aligned(context, group, target, ids, memory, dry_run, total.next(tell, more=True), engine)
            group = []
    done += _aligned(context, group, target, ids, memory, dry_run, total.next(tell), engine)
    return tuple(done)


def _read(context: Context, source: Source, path: Path, target: str, source_language: str) -> _Read:
    loaded = load(context.store, source, source_language)
    spoken = loaded.article.source_language
    if spoken == target:
        raise UsageError(f"{show(source.path)}: is in {target} already; name another language (--to LANG)")
    form = articles.format_of(path.name)
    data = read_bytes(path)
    text = form.decode(data, show(path))
    if not text.strip():
        raise DataError(f"{show(path)}: is empty; there is nothing to adopt")
    dialect = loaded.article.dialect if form.name == loaded.article.format else ""
    translation = articles.read(text, form, file=show(path), source_language=target, dialect=dialect)
    theirs = _in_order(block for block in translation.blocks if block.translate or OTHER_SCRIPT in block.notes)
    ours = _in_order(block for block in loaded.article.blocks if block.translate)
    if not ours or not theirs:
        raise DataError(f"{show(path if ours else source.path)}: no paragraph in it; check the file")
    return _Read(loaded, path, translation, ours, theirs, data)


def _in_order(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with the footnotes behind all others."""
    found = tuple(blocks)
    return tuple(found[at] for at in notes_last([block.type for block in found]))


def _passages(article: Article, blocks: Sequence[Block], other: Article) -> list[Passage]:
    """The passages of these blocks, for comparing them with another document's. Only a document of the same format is known to
    have footnotes as such."""
    markup, same = _markup(article), len({article.format, other.format}) == 1
    lines = article.original.split("\n")
    found = []
    for block in blocks:
        one = passage(block, markup)
        if block.type in NOTES and not same:
            one = replace(one, type="")
        elif block.type in NOTES and (label := _LABEL.match(lines[block.location.line - 1])):
            one = replace(one, codes=one.codes | {label[0]})
        found.append(one)
    return found


def _check_script(read: _Read, target: str) -> None:
    """Raises DataError where a translation is in other letters than those of its language: in the source's, in those of a third
    language, or in the other script of Chinese."""
    said = "".join(block.source for block in read.theirs)[:_READ]
    if sum(map(str.isalpha, said)) < _LETTERS:
        return
    spoken, own = language(target), scripts_of(language(target))
    shares = script_shares(said)
    least = min(
        shares.get(script, 0.0) for script in own & {"Hira", "Hang"} or {max(own, key=lambda one: shares.get(one, 0.0))}
    )
    beside = {"Latn", *scripts_of(language(read.loaded.article.source_language))}
    others = sum(share for script, share in shares.items() if script not in own | beside)
    if least < _OWN or others > _OTHERS * in_script(said, spoken):
        raise DataError(
            f"{show(read.path)}: is hardly in {spoken.name} letters, so nothing of it is taken; if it is not a translation into "
            f"{target}, name its language (--to LANG)"
        )
    if is_chinese(spoken):
        sister = language(HANT if spoken.script == "Hans" else HANS)
        if len(other_chinese(said, spoken)) > len(other_chinese(said, sister)):
            raise DataError(
                f"{show(read.path)}: is written in {other_name(spoken)} characters, so nothing of it is taken; say --to {sister.tag}"
            )


def _memory(context: Context, target: str, tell: Sink) -> Iterator[tuple[str, str]]:
    """Approved pairs of the project, without markup."""

    def pairs() -> Iterator[tuple[str, str]]:
        for catalog in context.store.readable(context.store.paths([target]), tell):
            for unit in catalog.live:
                if unit.state.approved and fold(unit.source) != fold(unit.target):
                    yield of_text(unit.source, catalog.markup).text, of_text(unit.target, catalog.markup).text

    yield from islice(pairs(), _MEMORY)


def _edition(
    context: Context, renderings: Renderings, read: _Read, target: str
) -> tuple[list[_Found], list[Entry]] | None:
    """What was edited in an edition of ours; None where the file is not one."""
    if not context.store.path(read.loaded.source.id, target).is_file():
        return None
    text, editions = read.translation.original, context.config.editions.resolve()
    last, path = LastBuild.of(read_record(context, read.loaded.source, target)), read.path.resolve()
    built = path.is_relative_to(editions) and path.relative_to(editions).as_posix() in last.sums
    if read.translation.format == "html" and is_page(text):
        jobs = [(job, is_current(job, text)) for job in renderings.pages(read.loaded, target, languages(text))]
        for job, current in sorted(jobs, key=lambda one: not one[1]):
            if (result := edited_page(job, text)) is not None:
                every = {one.unit.key for one in result.changes}
                return _changed(read, result, every if current else _edits(job, result, last) if built else frozenset())
        return None
    if read.translation.format != read.loaded.article.format:
        return None
    inside = path.is_relative_to(editions) or path.is_relative_to((context.config.locales / TRASH).resolve())
    for job, current in renderings.natives(read.loaded, target, last):
        if (current or inside) and (result := edited(job, text)) is not None:
            exact = _edits(job, result, last) if built else frozenset()
            if current and not any(last.said_before(one.unit.source, one.text) for one in result.changes):
                keys = (one.unit.key for one in result.changes)
                exact |= {key for key in keys if built or last.is_as_ever(key.source)}
            return _changed(read, result, exact)
    return None


def _edits(job: EditionJob, result: Edited, last: LastBuild) -> frozenset[UnitKey]:
    """Of the changes in an edition that the last build wrote those of paragraphs of which the catalog still says the same,
    whatever else changed in it since: two people may edit the page and the native edition of one build."""
    now = {pair.unit.key: pair.text for pair in job.pairs if pair.unit is not None}
    return frozenset(
        one.unit.key for one in result.changes if last.is_edit(one.unit.source, now.get(one.unit.key, ""), one.text)
    )


def _changed(read: _Read, result: Edited, known: Set[UnitKey]) -> tuple[list[_Found], list[Entry]]:
    """The texts of the units that were changed in an edition, and what came, went, or has no place in the catalog. `known`: units
    of which it is known that the edition had what the catalog says, until a person changed it."""
    lines = {block.source: block.location.line for block in read.loaded.article.blocks}
    found = []
    for change in result.changes:
        exact = change.unit.key in known and not change.why
        why = change.why if change.unit.key in known else "the catalog has changed since this edition was built"
        sure = 1.0 if exact else change.likeness
        line = lines.get(change.unit.source, 0)
        found.append(_Found(change.unit.source, change.text, sure, exact, line, why, edit=exact))
    rest = [
        Entry("left source", block.source, "", 0.0, block.location.line, "not in the edition") for block in result.gone
    ]
    rest += [
        Entry("left target", "", block.source, 0.0, block.location.line, why)
        for block, why in (*((block, "new in the edition") for block in result.added), *result.beyond)
    ]
    return found, rest


def _aligned(
    context: Context,
    group: Sequence[_Read],
    target: str,
    ids: Sequence[str],
    memory: Sequence[tuple[str, str]],
    dry_run: bool,
    tell: Sink,
    engine: str,
) -> Iterator[Adoption]:
    """The adoption of translations that were aligned with their articles, those of one source language together."""
    by_language: defaultdict[str, list[_Read]] = defaultdict(list)
    for read in group:
        by_language[read.loaded.article.source_language].append(read)
    for spoken, those in by_language.items():
        documents = [
            Document(
                _passages(read.loaded.article, read.ours, read.translation),
                _passages(read.translation, read.theirs, read.loaded.article),
                drafts,
            )
            for read, drafts in zip(those, _drafts(context, those, target, engine, tell), strict=True)
        ]
        done = align(documents, spoken, target, memory)
        known = partial(_within, chain(memory, certain_pairs(documents, done)))
        aligner = Aligner(LanguagePair(spoken, target), known)
        for read, aligned in zip(those, done, strict=True):
            found, rest = _texts(read, aligned, target, aligner)
            if _has_drafts(read.translation.original):
                tell(
                    Warned(
                        f"{show(read.path)}: says that a machine drafted parts of it, so that nothing of it is taken as certain"
                    )
                )
                found = [replace(one, certain=False, why=one.why or "perhaps a machine's draft") for one in found]
            yield _filled(context, read, target, ids, found, rest, dry_run, False, tell)


def _within(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The first of these pairs, until there is enough to learn from which words of two sentences belong together."""
    size = 0
    for source, target in pairs:
        if (size := size + len(source) * len(target)) > _LEARNED:
            return
        yield source, target


def _drafts(context: Context, those: Sequence[_Read], target: str, engine: str, tell: Sink) -> Sequence[Sequence[str]]:
    """What the engine makes of the paragraphs of each article; nothing where none is asked."""
    if not engine:
        return [()] * len(those)
    catalogs = [replace(read.loaded.template, target_language=target) for read in those]
    found = drafts_of(context, catalogs, engine, tell)
    return [[said.get(block.source, "") for block in read.ours] for read, said in zip(those, found, strict=True)]


def _has_drafts(text: str) -> bool:
    """Whether a document says, as our editions do, that parts of it were drafted by a machine or approved by nobody."""
    notices = (words("en").words[f"notice_{kind}title"] for kind in ("", "drafts_"))
    return bool(_DISCLOSED.search(text)) or any(notice in text for notice in notices)


def _markup(article: Article) -> Markup:
    return articles.formats()[article.format].markup


def _texts(read: _Read, aligned: Aligned, target: str, aligner: Aligner) -> tuple[list[_Found], list[Entry]]:
    """The text of each unit, and what has no partner."""
    markup, other = _markup(read.loaded.article), _markup(read.translation)
    joiner = language(target).joiner
    found: list[_Found] = []
    rest: list[Entry] = []
    for link in aligned.links:
        if link.sources == 2 and (parts := _cut(read, link, target, aligner)):
            for block, text in zip(read.ours[link.source :], parts, strict=False):
                line = block.location.line
                found.append(_Found(block.source, text, min(link.probability, 0.5), False, line, _CUT))
            continue
        blocks = read.theirs[link.target : link.target + link.targets]
        for block in read.ours[link.source : link.source + link.sources]:
            texts = [carried(block.source, markup, block.codes, one.source, other, one.codes) for one in blocks]
            text = joiner.join(one for one, _ in texts)
            whole = all(exact for _, exact in texts) or (
                len(texts) > 1 and not codes.compare(block.source, text, markup)
            )
            line = block.location.line
            if link.sources > 1:  # the translation of both stands in one paragraph: nobody knows where it is to be cut
                first = block is read.ours[link.source]
                why = (
                    "translated together with the next paragraph"
                    if first
                    else "translated together with the paragraph before"
                )
                if first:
                    found.append(_Found(block.source, text, min(link.probability, 0.5), False, line, why))
                else:
                    rest.append(Entry("left source", block.source, "", 0.0, line, why))
                continue
            why = "stands elsewhere in the translation" if link.moved else "" if whole else "inline codes differ"
            if kept := _is_half_translated(of_text(block.source, markup).text, of_text(text, markup).text):
                why = why or "partly in the source's words"
            found.append(_Found(block.source, text, link.probability, link.certain and whole and not kept, line, why))
    for i in aligned.left_source:
        rest.append(Entry("left source", read.ours[i].source, "", 0.0, read.ours[i].location.line))
    for j in aligned.left_target:
        rest.append(Entry("left target", "", read.theirs[j].source, 0.0, read.theirs[j].location.line))
    return found, rest


def _is_half_translated(source: str, text: str) -> bool:
    """Whether a text repeats words of its source in a row, as platforms for translators write what nobody has translated yet.

    Names and titles begin with capitals and do not count; nor does a text that repeats all, which is no translation at all.
    """
    words = _WORD.findall(text)
    if len(words) < _IN_A_ROW or words == (own := _WORD.findall(source)):
        return False
    runs = {tuple(own[at : at + _IN_A_ROW]) for at in range(len(own) - _IN_A_ROW + 1)}
    return any(
        sum(map(str.islower, run)) >= _LOWER
        for at in range(len(words) - _IN_A_ROW + 1)
        if (run := tuple(words[at : at + _IN_A_ROW])) in runs
    )


def _cut(read: _Read, link: Link, target: str, aligner: Aligner) -> tuple[str, str] | None:
    """The parts of a paragraph that translates two, where it is certain which of its sentences are whose; else None."""
    markup, other = _markup(read.loaded.article), _markup(read.translation)
    one, two = read.ours[link.source : link.source + 2]
    whole = read.theirs[link.target]
    spoken = read.loaded.article.source_language
    own = [
        [of_text(text, markup).text for text in sentence_texts(block.source, spoken, markup)] for block in (one, two)
    ]
    spans = target_spans(whole.source, target, other)
    said = [of_text(whole.source[start:end], other).text for start, end in spans]
    place = border(aligner.groups([*own[0], *own[1]], said), len(own[0]))
    if place is None:
        return None
    inner = [(whole.codes[a], whole.codes[b]) for a, b in codes.paired(whole.codes)]
    at = spans[place][0]
    if any(first.start < at < last.end for first, last in inner):
        return None
    parts = ((one, spans[0][0], spans[place - 1][1]), (two, at, spans[-1][1]))
    first, second = (
        carried(
            block.source, markup, block.codes, whole.source[start:end], other, codes.within(whole.codes, start, end)
        )[0]
        for block, start, end in parts
    )
    return first, second


def _filled(
    context: Context,
    read: _Read,
    target: str,
    ids: Sequence[str],
    found: Iterable[_Found],
    rest: Iterable[Entry],
    dry_run: bool,
    edition: bool,
    tell: Sink,
) -> Adoption:
    """The catalog with these texts, saved unless it is a dry run."""
    template = read.loaded.template
    copy: WorkingCopy = context.store.open(template, target, ids)
    texts = _one_each(found)
    entries: list[Entry] = []
    units: list[Unit] = []
    aside: list[Unit] = []
    for unit in copy.now.units:
        said = texts.get(unit.source) if not unit.obsolete else None
        if said is None:
            units.append(unit)
            continue
        new, entry = _with_text(unit, said, _from(context, read.path))
        units.append(new)
        entries.append(entry)
        if new.target != unit.target and not unit.machine:
            aside.append(_set_aside(unit))
    rest = list(rest) if edition else _unknown(read, copy.now, rest, entries)
    if not dry_run and any(new != old for new, old in zip(units, copy.now.units, strict=True)):
        kept = {one.key for one in units}
        aside = [one for one in aside if one.key not in kept]
        now: Catalog = replace(copy.now, units=(*units, *aside))
        context.store.save_template(template)
        context.store.save(replace(copy, now=now), tell)
    return Adoption(read.loaded.source.id, read.path, copy.path, edition, (*entries, *rest))


def _unknown(read: _Read, catalog: Catalog, rest: Iterable[Entry], entries: list[Entry]) -> list[Entry]:
    """What has no partner, without the paragraphs that the catalog pairs already, as when the same file is adopted again; those are
    added to `entries` as known."""
    rest = list(rest)
    markup, other = _markup(read.loaded.article), _markup(read.translation)
    free = {fold(of_text(one.target, other).text): one for one in rest if one.verdict == "left target"}
    said = {unit.source: fold(of_text(unit.target, markup).text) for unit in catalog.live if unit.target}
    known = [
        (one, free[said[one.source]]) for one in rest if one.verdict == "left source" and said.get(one.source) in free
    ]
    entries += (replace(one, verdict="known", target=partner.target) for one, partner in known)
    gone = {id(one) for pair in known for one in pair}
    return [one for one in rest if id(one) not in gone]


def _one_each(found: Iterable[_Found]) -> Mapping[str, _Found]:
    """The text for each unit; a msgid that stands in several places gets the most frequent one, and is doubtful where they differ."""
    places: defaultdict[str, list[_Found]] = defaultdict(list)
    for one in found:
        places[one.source].append(one)
    chosen = {}
    for source, those in places.items():
        counted = Counter(one.target for one in those)
        best = max(those, key=lambda one: (one.edit, counted[one.target], one.certain, one.sure))
        if len(counted) > 1:
            best = replace(best, certain=False, edit=False, why="the same text is translated in several ways")
        chosen[source] = best
    return chosen


def _with_text(unit: Unit, said: _Found, origin: str) -> tuple[Unit, Entry]:
    """The unit with a text, where it may have it, and what was done."""

    def entry(verdict: Verdict, why: str = said.why) -> Entry:
        return Entry(verdict, unit.source, said.target, said.sure, said.line, why)

    if fold(said.target) == fold(unit.source) or not said.target:
        return unit, entry("untranslated", "")
    if unit.target and fold(unit.target) == fold(said.target):
        # a draft stays one: the file may be an edition that nobody reviewed
        return unit, entry("known", "")
    if not unit.machine and not said.edit:
        return unit, entry("conflict", said.why or "the catalog has another person's words")
    return _adopted(unit, said, origin), entry("certain" if said.certain else "doubtful")


def _adopted(unit: Unit, said: _Found, origin: str) -> Unit:
    values = (("from", origin), ("sure", f"{int(said.sure * 100) / 100:.2f}"), ("hash", text_hash(said.target)))
    line = ProvenanceLine("adopted", values)
    new = replace(unit, target=said.target, previous_source="")
    return new.with_lines(line, without=(*MACHINE_MADE, "refused", "reviewed", "reused")).flagged(
        "fuzzy", on=not said.certain
    )


def _set_aside(unit: Unit) -> Unit:
    """What a person wrote before, as an obsolete entry."""
    return replace(unit, context=unit.aside_context(unit.target), obsolete=True, locations=())


def _from(context: Context, path: Path) -> str:
    """The file as its line names it: from the project's folder, or its name alone."""
    root = context.config.root
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
