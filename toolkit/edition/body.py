"""The content of an article as sanitized HTML: its paragraphs with their state, in the structure of the article.

Each paragraph is put into the document after a marker, its number between two characters that occur in no text. The document
is sanitized and parsed to a tree, in which the markers tell to which paragraph a text belongs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from toolkit.article import Rewrite
from toolkit.article.furniture import OTHER_SCRIPT
from toolkit.edition.job import EditionJob, Pair
from toolkit.edition.sanitize import clean
from toolkit.edition.story import State, StoryReader
from toolkit.edition.texts import Words
from toolkit.edition.tree import parse, text_of, write
from toolkit.errors import DataError
from toolkit.units import Block

_NONCHARACTERS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
_WORST_FIRST = ("draft", "outdated", "source", "reviewed")


@dataclass(frozen=True, slots=True)
class Body:
    """The content of a page: headline and paragraphs."""

    headline: str
    """Inner HTML of the page's `h1`; empty where the article has none."""
    headline_state: State
    headline_text: str
    """The headline without markup."""
    content: str
    """HTML."""
    pairs: tuple[Pair, ...]
    """The paragraphs that a reader sees, in order."""
    problems: tuple[str, ...]
    """Paragraphs that had to stay in the source language, each with file:line and the reason."""
    markers: Mapping[str, tuple[str, Pair]] = field(default_factory=dict)
    """Where the markers were kept: each marker with its paragraph, by the id of its block."""


def body(job: EditionJob, words: Words, links: Rewrite, marked: bool = False) -> Body:
    """The sanitized content; a paragraph whose target the format refuses is in the source language.

    `marked`: a marker stays at the beginning of each paragraph's text, by which it is known in the page.

    Raises DataError where the article contains all characters that could be used for markers.
    """
    wanted = {pair.block.id: pair.text for pair in job.pairs if pair.shown != "source"}
    problems = job.format.serialize(job.article, wanted, job.by_person).problems
    bad = {problem.block.id for problem in problems}
    translated = {pair.block.id: pair for pair in job.pairs if pair.block.id not in bad}
    pairs = tuple(translated.get(b.id) or Pair(b, None, b.source, "source") for b in job.article.blocks)
    opening, closing = _mark_characters([job.article.original, *(pair.text for pair in pairs)])
    mark = re.compile(f"{opening}(\\d+){closing} ?")
    markers = {pair.block.id: f"{opening}{n}{closing}" for n, pair in enumerate(pairs)}
    texts = {pair.block.id: f"{markers[pair.block.id]} {pair.text}" for pair in pairs}
    reader = StoryReader(
        mark,
        lambda numbers: _state([pairs[n] for n in numbers], job, words),
        links,
        furniture=frozenset(n for n, pair in enumerate(pairs) if _is_furniture(pair.block)),
        keep_unmarked=job.format.keep_unmarked,
        keep_marks=marked,
    )
    story = reader.read(parse(clean(job.format.to_html(job.article, texts, job.by_person))))
    headline = story.headline
    return Body(
        headline=clean("".join(map(write, headline.children)), ours=True) if headline else "",
        headline_state={k: v for k, v in headline.attributes.items() if k != "id"} if headline else {},
        headline_text=text_of(headline).strip() if headline else "",
        content=clean(write(story.content), ours=True),
        pairs=tuple(pairs[n] for n in story.seen if pairs[n].block.translate),
        problems=job.problem_lines(problems),
        markers={pair.block.id: (markers[pair.block.id], pair) for pair in pairs} if marked else {},
    )


def _is_furniture(block: Block) -> bool:
    """Whether the block is page furniture: not offered for translation for another reason than its script."""
    return not block.translate and OTHER_SCRIPT not in block.notes


def state_of(pair: Pair, job: EditionJob, words: Words) -> State:
    """The attributes with a paragraph's state and language."""
    if not pair.block.translate:
        return {"data-state": "source"}
    if job.catalog is None:
        return {"data-state": "source", "lang": job.source_language}
    label = "machine" if pair.shown == "draft" and by_machine(pair) else pair.shown
    tag = job.source_language if pair.shown == "source" else job.language
    return {"data-state": pair.shown, "data-label": words(f"label_{label}"), "lang": tag}


def by_machine(pair: Pair) -> bool:
    """Whether a machine wrote the text that is shown, and nobody has approved it."""
    unit = pair.unit
    reused = unit.line("reused") if unit is not None else None
    made = unit is not None and any(unit.line(kind) for kind in ("mt", "convert"))
    made = made or bool(reused and (reused.get("engine") or reused.damaged))
    return made and pair.shown in ("draft", "outdated")


def _state(pairs: Sequence[Pair], job: EditionJob, words: Words) -> State:
    """The state of a text that belongs to several paragraphs: the worst of theirs."""
    state = state_of(min(pairs, key=lambda pair: _WORST_FIRST.index(pair.shown)), job, words)
    names = dict.fromkeys(pair.unit.key.short for pair in pairs if pair.unit is not None) if job.names_units else ()
    return {**state, "data-unit": " ".join(names)} if names else state


def _mark_characters(texts: Sequence[str]) -> tuple[str, str]:
    """Two characters that occur in none of the texts, of those that Unicode reserves for internal use."""
    free = [char for char in _NONCHARACTERS if not any(char in text for text in texts)]
    if len(free) < 2:
        raise DataError(
            "the article holds all of U+FDD0 to U+FDEF, which are no characters; take them out and try again"
        )
    return free[0], free[1]
