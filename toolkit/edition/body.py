"""The story of an article as clean HTML: its paragraphs with their state, in the structure that the article gives them.

The format splices the translations in, each behind a mark that no text can hold; the document is sanitized and read as
a tree; a mark says whose paragraph it is and what state that is in. What bears no mark is furniture, and stays out.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from toolkit import article as articles
from toolkit import codes
from toolkit.article.furniture import OTHER_SCRIPT
from toolkit.edition.front import front_matter
from toolkit.edition.job import Job, Pair
from toolkit.edition.links import Rewrite
from toolkit.edition.problems import problems_of
from toolkit.edition.sanitize import clean
from toolkit.edition.story import State, Teller
from toolkit.edition.texts import Words
from toolkit.edition.tree import parse, text_of, write
from toolkit.errors import DataError
from toolkit.units import Block

_NONCHARACTERS = tuple(map(chr, range(0xFDD0, 0xFDF0)))
_WORST_FIRST = ("draft", "outdated", "source", "reviewed")


@dataclass(frozen=True, slots=True)
class Body:
    """What stands between the head and the foot of a page."""

    headline: str
    """Inner HTML of the page's `h1`; empty when the article has none."""
    headline_state: State
    headline_text: str
    content: str
    """HTML."""
    pairs: tuple[Pair, ...]
    """The paragraphs that a reader sees, in order."""
    problems: tuple[str, ...]


def body(job: Job, words: Words, links: Rewrite) -> Body:
    """The sanitized story; a target that the format refuses stands in the source language and is in `problems`."""
    form = articles.FORMATS[job.article.format]
    wanted = {pair.block.id: pair.text for pair in job.pairs if pair.shown != "source"}
    problems = form.serialize(job.article, wanted).problems
    bad = {problem.block.id for problem in problems}
    translated = {pair.block.id: pair for pair in job.pairs if pair.block.id not in bad}
    pairs = tuple(translated.get(b.id) or Pair(b, None, b.source, "source") for b in job.article.blocks)
    opening, closing = _mark_characters([job.article.original, *(pair.text for pair in pairs)])
    mark = re.compile(f"{opening}(\\d+){closing} ?")
    marked = {pair.block.id: f"{opening}{n}{closing} {pair.text}" for n, pair in enumerate(pairs)}
    teller = Teller(
        mark,
        lambda numbers: _state([pairs[n] for n in numbers], job, words),
        links,
        furniture=frozenset(n for n, pair in enumerate(pairs) if _is_furniture(pair.block)),
        keep_unmarked=job.article.format != "html",
    )
    story = teller.tell(parse(clean(_document(job, marked))))
    headline = story.headline
    return Body(
        headline=clean("".join(map(write, headline.children)), ours=True) if headline else "",
        headline_state={k: v for k, v in headline.attributes.items() if k != "id"} if headline else {},
        headline_text=text_of(headline).strip() if headline else "",
        content=clean(write(story.content), ours=True),
        pairs=tuple(pairs[n] for n in story.seen if pairs[n].block.translate),
        problems=problems_of(job, problems),
    )


def _is_furniture(block: Block) -> bool:
    """Neither offered for translation nor a part of the story that stands in another script already."""
    return not block.translate and OTHER_SCRIPT not in block.notes


def state_of(pair: Pair, job: Job, words: Words) -> State:
    """The attributes that tell a paragraph's state, and whose language it is in."""
    if not pair.block.translate:
        return {"data-state": "source"}
    if job.catalog is None:
        return {"data-state": "source", "lang": job.source_language}
    label = "machine" if pair.shown == "draft" and by_machine(pair) else pair.shown
    tag = job.source_language if pair.shown == "source" else job.language
    return {"data-state": pair.shown, "data-label": words(f"label_{label}"), "lang": tag}


def by_machine(pair: Pair) -> bool:
    """A machine wrote what is shown, and nobody has approved it."""
    unit = pair.unit
    made = unit is not None and any(unit.mark(kind) for kind in ("mt", "convert"))
    return made and pair.shown in ("draft", "outdated")


def _state(pairs: Sequence[Pair], job: Job, words: Words) -> State:
    return state_of(min(pairs, key=lambda pair: _WORST_FIRST.index(pair.shown)), job, words)


def _mark_characters(texts: Sequence[str]) -> tuple[str, str]:
    """Two characters that no text holds; Unicode keeps these for such inner use."""
    free = [char for char in _NONCHARACTERS if not any(char in text for text in texts)]
    if len(free) < 2:
        raise DataError(
            "the article holds all of U+FDD0 to U+FDEF, which are no characters; take them out and try again"
        )
    return free[0], free[1]


def _document(job: Job, marked: dict[str, str]) -> str:
    """The article with marked paragraphs, as HTML that is not yet safe."""
    if job.article.format in ("html", "markdown"):
        rendered = articles.FORMATS[job.article.format].serialize(job.article, marked).text
        return rendered if job.article.format == "html" else _markdown(rendered)
    return "".join(_plain(job, marked))


def _markdown(text: str) -> str:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.deflist import deflist_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    md = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    md.options["maxNesting"] = 100  # what lies deeper is cut off without a word; 20 is ten levels of lists
    md.use(footnote_plugin).use(deflist_plugin)
    rendered: str = md.render(text[len(front_matter(text)) :])
    return rendered


_NUMBERED = re.compile(r"(\d{1,9})[.)．、][ \t]*\Z")


def _plain(job: Job, marked: dict[str, str]) -> Iterator[str]:
    """Blocks of a format without markup of its own: their types say what they are."""
    before = ""
    rows: list[tuple[str, str]] = []
    for part in job.article.parts:
        if isinstance(part, str):
            before = part
        elif part.id in marked:
            kind = {"title": "h1", "heading": "h2", "list item": "ul"}.get(part.type, "p")
            number = _NUMBERED.search(before) if kind == "ul" else None
            rows.append((f"ol {number[1]}" if number else kind, _linked(marked[part.id])))
            before = ""
    for listed, group in groupby(rows, lambda row: row[0].partition(" ")[0]):
        found = list(group)
        if listed in ("ul", "ol"):
            start = f' start="{found[0][0][3:]}"' if listed == "ol" else ""
            yield f"<{listed}{start}>" + "".join(f"<li>{text}</li>" for _, text in found) + f"</{listed}>"
        else:
            yield from (f"<{listed}>{text}</{listed}>" for _, text in found)


def _linked(text: str) -> str:
    """Plain text as HTML, its web addresses as links."""
    parts, end = [], 0
    for code in codes.find(text, "plain"):
        if code.data.startswith(("https://", "http://")):
            url = html.escape(code.data)
            parts += [html.escape(text[end : code.start], quote=False), f'<a href="{url}">{url}</a>']
            end = code.end
    return "".join((*parts, html.escape(text[end:], quote=False)))
