"""What the memory keeps of catalogs and of memories that were imported: approved pairs of texts, with where they come from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from toolkit import codes
from toolkit.catalog.exchange.tmx import TranslationUnit, day
from toolkit.errors import UsageError
from toolkit.language import language
from toolkit.segment import sentences
from toolkit.units import Catalog, LanguagePair, State, Unit, text_hash

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


def of_catalog(catalog: Catalog, drafted: Mapping[str, Sequence[str]] | None = None) -> Iterator[Entry]:
    """The approved pairs of a catalog, obsolete ones too, and the sentences in them; not those that came from the memory themselves.

    `drafted` are the sentences of drafts (`catalog.drafted`), by the hash of the msgid.
    """
    contexts = dict(zip((unit.key for unit in catalog.live), surroundings(catalog), strict=True))
    for unit in catalog.units:
        if not unit.state.approved or unit.state is State.REMEMBERED or not unit.source or unit.line("settled"):
            continue
        review = unit.line("reviewed") if unit.state is State.REVIEWED else None
        made = unit.line("mt") or unit.line("convert")
        whole = Entry(
            unit.source,
            unit.target,
            catalog.pair,
            "" if unit.obsolete else contexts[unit.key],
            catalog.article,
            review.get("by") if review else "",
            review.get("date") if review else "",
            not unit.obsolete,
            engine=(made.get("engine") or made.get("by")) if made else "",
            model=made.get("model") if made else "",
            edited=made is not None and made.get("hash") != text_hash(unit.target),
        )
        yield whole
        for source, target in sentence_pairs(unit, catalog, (drafted or {}).get(text_hash(unit.source), ())):
            yield replace(whole, source=source, target=target, context="", kind="sentence", edited=False)


def sentence_pairs(unit: Unit, catalog: Catalog, drafted: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The sentences of an approved paragraph of several, as far as it is certain which belongs to which: those that stand in the
    translation as a machine drafted them, sentence by sentence. Equal numbers of sentences prove nothing."""
    if len(drafted) < 2:
        return
    try:
        found = sentences(unit.source, catalog.source_language, codes.find(unit.source, catalog.markup))
    except UsageError:  # a language that nobody knows
        return
    if len(found) == len(drafted):
        for (start, end), target in zip(found, drafted, strict=True):
            if target.strip() and unit.target.count(target) == 1:
                yield unit.source[start:end], target


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
        for tag, one in known:
            if source is not None and tag != first:
                pair = LanguagePair(first, tag)
                yield Entry(source.text, one.text, pair, "", origin, one.author, day(one.date))


@lru_cache(maxsize=512)
def _tag(said: str) -> str:
    try:
        tag = language(said).tag
    except UsageError:
        return ""
    return "-".join(part for part in tag.split("-") if not (len(part) == 2 and part.isupper()) and not part.isdigit())
