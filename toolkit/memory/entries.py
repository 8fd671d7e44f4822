"""What the memory keeps of catalogs and of memories that were imported: approved pairs of texts, with where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from toolkit.catalog.exchange.tmx import TranslationUnit, day, markup
from toolkit.catalog.reuse import Aligner, certain_sentences, sentence_texts, target_spans
from toolkit.errors import UsageError
from toolkit.language import language
from toolkit.units import Catalog, LanguagePair, Markup, State, Unit, text_hash

MOST_VARIANTS = 30
"""Languages of one unit of an imported memory that are looked at."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An approved translation of a text."""

    source: str
    target: str
    pair: LanguagePair
    context: str = ""
    """A digest of what stands around the text in its article; empty: not known, or nothing stands around it."""
    origin: str = ""
    """The article, or the file that was imported."""
    reviewer: str = ""
    """Who approved it; empty: nobody named."""
    date: str = ""
    """Of the approval, ISO 8601."""
    live: bool = True
    """It stands in its article now."""
    kind: Literal["unit", "sentence"] = "unit"
    engine: str = ""
    """The machine that drafted it, if one did,"""
    model: str = ""
    """its model,"""
    edited: bool = False
    """and whether a person changed the words of the draft."""
    markup: Markup = "plain"
    """How inline codes are written in both texts."""


def of_catalog(catalog: Catalog, drafted: Mapping[str, Sequence[str]] | None = None) -> Iterator[Entry]:
    """The approved pairs of a catalog, obsolete ones too, and the sentences in them; not those that came from the memory themselves.

    `drafted` are the sentences of drafts (`catalog.drafted`), by the hash of the msgid.
    """
    contexts = dict(zip((unit.key for unit in catalog.live), surroundings(catalog), strict=True))
    for unit in catalog.units:
        if not _counts(unit):
            continue
        whole = _whole(unit, catalog, "" if unit.obsolete else contexts[unit.key])
        yield whole
        drafts = (drafted or {}).get(text_hash(unit.source), ())
        for source, target in sentence_pairs(unit, catalog, drafts):
            edited = whole.edited and target not in drafts
            yield replace(whole, source=source, target=target, context="", kind="sentence", edited=edited)


def _counts(unit: Unit) -> bool:
    """Whether the memory holds a unit: an approved one that did not come from the memory itself."""
    return bool(unit.state.approved and unit.state is not State.REMEMBERED and unit.source and not unit.line("settled"))


def _whole(unit: Unit, catalog: Catalog, context: str) -> Entry:
    review = unit.line("reviewed") if unit.state is State.REVIEWED else None
    made = unit.line("mt") or unit.line("convert")
    return Entry(
        unit.source,
        unit.target,
        catalog.pair,
        context,
        catalog.article,
        review.get("by") if review else "",
        review.get("date") if review else "",
        not unit.obsolete,
        engine=(made.get("engine") or made.get("by")) if made else "",
        model=made.get("model") if made else "",
        edited=made is not None and made.get("hash") != text_hash(unit.target),
        markup=catalog.markup,
    )


def sentence_pairs(unit: Unit, catalog: Catalog, drafted: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The sentences of an approved paragraph of several, as far as the draft, of which each sentence is known, says certainly which
    belongs to which: those that stand in the translation as they were drafted, and those that can be traced through what a
    person changed. Equal numbers of sentences prove nothing."""
    if len(drafted) < 2:
        return
    try:
        texts = sentence_texts(unit.source, catalog.source_language, catalog.markup)
        if len(texts) != len(drafted):
            return
        spans = target_spans(unit.target, catalog.target_language, catalog.markup)
        begins, ends = {start for start, _ in spans}, {end for _, end in spans}
        kept = {}
        for source, target in zip(texts, drafted, strict=True):
            at = unit.target.find(target) if target.strip() and unit.target.count(target) == 1 else -1
            if at in begins and at + len(target) in ends:  # else it is a part of a longer one
                kept[source] = target
        if len(kept) < len(texts):
            traced = _traced(unit.source, unit.target, catalog.pair, catalog.markup, tuple(drafted))
            kept = {source: said for source in texts if (said := kept.get(source) or traced.get(source))}
    except UsageError:  # a language that nobody knows
        return
    yield from kept.items()


@lru_cache(maxsize=4096)
def _traced(
    source: str, target: str, pair: LanguagePair, markup: Markup, drafted: tuple[str, ...]
) -> Mapping[str, str]:
    """The sentences that are traced; kept, since a catalog is read again whenever one of its paragraphs is approved."""
    unit, catalog = Unit(source, target), Catalog(*pair, metadata={"X-Lokta-Markup": markup})
    return dict(certain_sentences(unit, catalog, {text_hash(source): drafted}))


def undrafted(catalog: Catalog, drafted: Mapping[str, Sequence[str]]) -> Iterator[Unit]:
    """The approved units of several sentences whose draft nobody knows: those of which an aligner has to say it."""
    for unit in catalog.units:
        if _counts(unit) and text_hash(unit.source) not in drafted:
            try:
                several = len(sentence_texts(unit.source, catalog.source_language, catalog.markup)) > 1
            except UsageError:  # a language that nobody knows
                return
            if several:
                yield unit


def aligned(catalog: Catalog, drafted: Mapping[str, Sequence[str]], align: Aligner) -> Iterator[Entry]:
    """The sentences of approved paragraphs of which no draft is known, as far as an aligner is certain of them."""
    for unit in undrafted(catalog, drafted):
        whole = _whole(unit, catalog, "")
        for source, target in certain_sentences(unit, catalog, {}, align):
            yield replace(whole, source=source, target=target, kind="sentence")


def surroundings(catalog: Catalog) -> Iterator[str]:
    """For each live unit a digest of its context: msgctxt, and the sources before and after it; empty where it stands alone."""
    units = list(catalog.live)
    for number, unit in enumerate(units):
        before, after = (_source(units, at) for at in (number - 1, number + 1))
        around = (unit.context, before, after)
        yield text_hash("\0".join(around)) if before or after else ""


def _source(units: list[Unit], at: int) -> str:
    return units[at].source if 0 <= at < len(units) else ""


def of_tmx(units: Iterable[TranslationUnit], origin: str) -> Iterator[Entry]:
    """The pairs of an imported memory: from the source language of each unit, else its first one, into its others. Languages that
    nobody knows are left out; a region that changes no script is too, so that en-US is English."""
    for unit in units:
        known = [
            (tag, one) for one in unit.variants[:MOST_VARIANTS] if one.text.strip() and (tag := _tag(one.language))
        ]
        first, source = next(
            (one for one in known if one[0] == _tag(unit.source_language)), known[0] if known else ("", None)
        )
        written = markup(unit) if known else "plain"
        for tag, one in known:
            if source is not None and tag != first:
                pair = LanguagePair(first, tag)
                yield Entry(source.text, one.text, pair, "", origin, one.author, day(one.date), markup=written)


@lru_cache(maxsize=512)
def _tag(said: str) -> str:
    try:
        tag = language(said).tag
    except UsageError:
        return ""
    return "-".join(part for part in tag.split("-") if not (len(part) == 2 and part.isupper()) and not part.isdigit())
