"""Single steps over single files, without a project: article to template, template and catalog to catalog, catalog to
article; and the proof that an article comes through them whole."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from toolkit import article as articles
from toolkit import catalog as catalogs
from toolkit.catalog.reuse import plans
from toolkit.codes import find
from toolkit.edition import EditionJob, native
from toolkit.errors import CatalogError, DataError, UsageError
from toolkit.files import show
from toolkit.language import language
from toolkit.language.measures import word_count
from toolkit.memory import Memory, MemoryStore, entries
from toolkit.memory.store import Listed
from toolkit.project.context import Context
from toolkit.project.discovery import Loaded, load, outside
from toolkit.translation.drafting.reusing import Changed, reuse
from toolkit.translation.engines.pseudo import decode, encode
from toolkit.units import Block, Catalog, Edition


def extract(context: Context, path: Path, source_language: str = "", whole_page: bool = False) -> Loaded:
    """An article with its template. Raises DataError, UnknownFormat."""
    return load(context.store, outside(path), source_language, whole_page)


def skipped(loaded: Loaded) -> Iterator[tuple[Block, str]]:
    """The blocks of an article that are not offered for translation, and why."""
    for block in loaded.article.blocks:
        if not block.translate:
            why = next((note for note in block.notes if note.startswith("skipped: ")), "skipped: page furniture")
            yield block, why.removeprefix("skipped: ")


def render(context: Context, path: Path, catalog_path: Path, whole_page: bool = False) -> Edition:
    """The article in its own format with the translations of one catalog; nothing else is changed in it.

    Raises DataError.
    """
    loaded = load(context.store, outside(path), whole_page=whole_page)
    catalog = context.store.read(catalog_path)
    if not catalogs.belongs(catalog, loaded.template):
        raise DataError(f"{show(catalog_path)}: is the catalog of another article, not of {show(path)}")
    job = EditionJob(
        loaded.article, loaded.source.id, catalog, file=path.name, catalog_file=show(catalog_path), disclose=False
    )
    return native.render(job)


def merge(context: Context, old_path: Path, new_path: Path, old: Catalog) -> Catalog:
    """The catalog of the file `old_path`, brought up to date with a template, or another catalog of the article as it is now.

    Changed paragraphs get what `translate` gives them, as far as the catalog itself knows it: their part of the old words where
    they were split or joined, and sentences that keep their reviewed translation, the drafts beside the catalog (`.sentences`)
    being known or not. A new sentence is taken from the catalog where it is approved there; a paragraph with another one stays
    outdated as a whole, since there is no engine. In a project, `[merge]` of its `lokta.toml` switches it off.

    Raises CatalogError, and DataError where they are of two articles.
    """
    template = catalogs.read_catalog(new_path)
    if not old.target_language:
        raise CatalogError(f'{show(old_path)}: its header has no Language; add one: "Language: bo\\n"')
    if not catalogs.belongs(old, template):
        raise DataError(f"{show(new_path)}: is of another article than {show(old_path)}")
    rules = context.config.merge
    merged = catalogs.merge(old, template, language(old.target_language).tag, rules.corrections)
    try:
        merged = catalogs.share(old, merged)
        if rules.sentences and any(unit.fuzzy and unit.previous_source for unit in merged.live):
            return _with_sentences(merged, context.store.drafted_beside(old_path))
    except UsageError:  # a source language that nobody knows
        pass
    return merged


def _with_sentences(merged: Catalog, drafted: Mapping[str, Sequence[str]]) -> Catalog:
    """The merged catalog with its changed paragraphs put together of sentences that keep their translation."""
    from toolkit.alignment.sentences import Aligner  # brings numpy

    known = replace(merged, source_language=merged.source_language or "en")
    memory = MemoryStore()
    memory.update([Listed("old", "", partial(entries.of_catalog, known, drafted))])
    aligner = Aligner(known.pair, lambda: ((one.source, one.target) for one in memory.entries(known.pair)))
    changed = Changed(known, plans(known, drafted, aligner.groups))
    (made,) = reuse([changed], Memory(memory.exact))
    memory.close()
    return replace(merged, units=made.units)


@dataclass(frozen=True, slots=True)
class Verified:
    """What a round trip of an article showed."""

    problems: tuple[str, ...]
    """What did not come through; empty: all is well."""
    paragraphs: int
    words: int
    """Offered for translation."""
    skipped: Mapping[str, int]
    """Why words are not offered -> how many."""


def verify(context: Context, path: Path, whole_page: bool = False) -> Verified:
    """Prove that an article comes back byte for byte, and keeps its structure under a pseudo-translation that is undone.

    Raises DataError for a file that cannot be read.
    """
    loaded = load(context.store, outside(path), whole_page=whole_page)
    form, article = articles.format_of(path.name), loaded.article
    offered = [block for block in article.blocks if block.translate]
    problems = []
    if form.serialize(article, {}).text != article.original:
        problems.append("does not come back byte for byte")
    targets = {block.id: encode(block.source, find(block.source, form.markup)) for block in offered}
    rendered = form.serialize(article, targets)
    problems += map(str, rendered.problems)
    again = articles.read(
        rendered.text, form, file=path.name, source_language=article.source_language, dialect=article.dialect
    )
    found = Counter(decode(block.source) for block in again.blocks)
    for block in offered:
        if decode(block.source) not in found:
            problems.append(
                f"{show(path)}:{block.location.line}: is read otherwise once it is translated: {block.source[:60]}"
            )
    left: Counter[str] = Counter()
    for block, why in skipped(loaded):
        left[why] += word_count(block.source)
    return Verified(tuple(problems), len(offered), sum(word_count(block.source) for block in offered), left)
