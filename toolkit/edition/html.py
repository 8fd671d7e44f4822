"""The web edition: a page per language with the article, the state of each paragraph, and links to the other languages.

It needs no script, no network and no other file, and its links are relative to its own folder, so that it can be opened from
a disk, mailed, or put on any server.
"""

from __future__ import annotations

import base64
import hashlib
import posixpath
import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from html import escape
from importlib.resources import files
from pathlib import PurePosixPath
from string import Template
from urllib.parse import quote, urljoin

from toolkit import __version__
from toolkit.article import Rewrite
from toolkit.edition.body import Body, body, by_machine, state_of
from toolkit.edition.disclosure import disclosure, is_date, is_web, models, notice, reviewers
from toolkit.edition.job import EditionJob, Pair
from toolkit.edition.links import rebase, relative
from toolkit.edition.names import html_name
from toolkit.edition.story import State
from toolkit.edition.texts import Words, words
from toolkit.language import format_date, language
from toolkit.language.numbers import plain_digits
from toolkit.units import Edition, text_hash


def render(job: EditionJob) -> Edition:
    """The HTML edition; `problems` has each paragraph that had to stay in the source language, with file:line.

    Raises DataError where the article contains all characters that could be used for markers.
    """
    page, story = _page(job)
    return Edition(job.id, job.language, "html", html_name(job.id, job.language), page.encode(), story.problems)


def marked(job: EditionJob) -> tuple[str, Mapping[str, Pair]]:
    """The page with a marker at the beginning of the text of each paragraph, and the paragraphs by their markers."""
    page, story = _page(job, keep_marks=True)
    return page, dict(story.markers.values())


def texts_of(job: EditionJob) -> str:
    """A hash of all texts of an edition; the page carries it, so that what was built from other texts is known."""
    return text_hash("\0".join(pair.text for pair in job.pairs))


def _page(job: EditionJob, keep_marks: bool = False) -> tuple[str, Body]:
    name = html_name(job.id, job.language)
    say = words(job.language, job.plain_digits)
    story = body(job, say, page_links(job), keep_marks)
    title = _title(job, story)
    pages = _pages(job, name)
    own = title if story.headline_text == "" else story.headline_text
    style = _style()
    fields = {
        "language": job.language,
        "direction": language(job.language).direction,
        "title": escape(title),
        "generator": f"Lokta {__version__}",
        "texts": texts_of(job),
        "head": "".join(_head(job, pages)),
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "disclosure": disclosure(job, story, own, pages),
        "switcher": _switcher(job, say, pages),
        "headline": _headline(job, story, title, say),
        "byline": _byline(job, story),
        "notice": _notice(job, story),
        "content": story.content,
        "colophon": _colophon(job, say, story, pages),
    }
    page = Template(_data("page.html")).substitute(fields)
    return page if keep_marks else _FORBIDDEN.sub("", page), story


_FORBIDDEN = re.compile(
    "[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Characters that may not stand in HTML: controls, and Unicode's noncharacters."""


def page_folder(job: EditionJob) -> str:
    """The folder of the page, an absolute path; empty where links are left alone."""
    return f"{job.editions}/{PurePosixPath(html_name(job.id, job.language)).parent}" if job.editions else ""


def page_links(job: EditionJob) -> Rewrite:
    """The rewriting of the article's URLs: relative ones lead from the page to the same place as from the article, those
    from the root of a site to that site, if the metadata names it."""
    to_dir = page_folder(job)
    site = next((v for k in ("url", "source") if is_web(v := job.article.metadata.get(k, ""))), "")

    def rewrite(url: str) -> str:
        return urljoin(site, url) if site and url.startswith("/") else rebase(url, job.folder, to_dir)

    return rewrite


def _headline(job: EditionJob, story: Body, title: str, say: Words) -> str:
    """The page's `h1`; empty where the article has no title, because its first words stand below anyway."""
    if not story.headline and not job.article.metadata.get("title"):
        return ""
    state = _attributes(story.headline_state or _title_state(job, say))
    return f"<h1{state}>{story.headline or escape(title)}</h1>\n"


def _title_pair(job: EditionJob) -> Pair | None:
    title = job.article.metadata.get("title", "")
    return next((pair for pair in job.pairs if title and job.format.plain_text(pair.block.source) == title), None)


def _title(job: EditionJob, story: Body) -> str:
    """The article's title in the edition's language: from the metadata, else the headline, else its first words."""
    pair = _title_pair(job)
    if pair is not None:
        mark, _ = story.markers.get(pair.block.id, ("", pair))
        return mark + job.format.plain_text(pair.text)
    said = story.headline_text or job.article.metadata.get("title")
    return said or next((_first_words(job.format.plain_text(pair.text)) for pair in job.pairs), "…")


def _first_words(text: str) -> str:
    """The beginning of a text, at most 60 characters, cut between words or syllables."""
    if len(text) <= 60:
        return text
    cut = max(text.rfind(sign, 0, 60) for sign in " ་，。")
    return f"{text[: cut if cut > 20 else 59]}…"


def _title_state(job: EditionJob, say: Words) -> State:
    pair = _title_pair(job)
    return state_of(pair, job, say) if pair is not None else {"data-state": "source", "lang": job.source_language}


def _pages(job: EditionJob, name: str) -> dict[str, str]:
    """The URL of this article's page in each language, that of the source first; relative, or below `base_url`."""
    tags = dict.fromkeys((job.source_language, *sorted({job.language, *job.siblings})))
    here = posixpath.dirname(name)
    if job.base_url:
        return {tag: f"{job.base_url.rstrip('/')}/{quote(html_name(job.id, tag))}" for tag in tags}
    return {tag: quote(relative(html_name(job.id, tag), here)) for tag in tags}


def _head(job: EditionJob, pages: dict[str, str]) -> Iterator[str]:
    if job.base_url:
        yield f'<link rel="canonical" href="{escape(pages[job.language])}">\n'
    for tag, url in pages.items():
        yield f'<link rel="alternate" hreflang="{tag}" href="{escape(url)}">\n'
    yield f'<link rel="alternate" hreflang="x-default" href="{escape(pages[job.source_language])}">\n'


def _switcher(job: EditionJob, say: Words, pages: dict[str, str]) -> str:
    if len(pages) < 2:
        return ""
    items = []
    for tag, url in pages.items():
        here = ' aria-current="page"' if tag == job.language else ""
        name = escape(language(tag).autonym)
        items.append(f'<li><a href="{escape(url)}" hreflang="{tag}" lang="{tag}"{here}>{name}</a></li>\n')
    return f'<nav aria-label="{escape(say("languages"))}">\n<ul>\n{"".join(items)}</ul>\n</nav>\n'


def _byline(job: EditionJob, story: Body) -> str:
    """A line with author and date, unless the first paragraphs name the author."""
    metadata = job.article.metadata
    if (name := metadata.get("author")) and any(name in pair.block.source for pair in story.pairs[:_OPENING]):
        return ""
    parts = [f"<span>{escape(author)}</span>"] if (author := metadata.get("author")) else []
    if day := metadata.get("date"):
        shown = format_date(date.fromisoformat(day[:10]), job.language) if is_date(day) else day
        shown = plain_digits(shown) if job.plain_digits else shown
        moment = f' datetime="{day[:10]}"' if is_date(day) else ""
        parts.append(f'<span><time{moment} lang="{job.language}">{escape(shown)}</time></span>')
    return f'<p class="byline">{" ".join(parts)}</p>\n' if parts else ""


def _notice(job: EditionJob, story: Body) -> str:
    """A notice of how many paragraphs nobody has approved or translated, in the edition's language and in English."""
    said = notice(job, story.pairs)
    lines = (
        f'<p lang="{spoken.tag}"><strong>{escape(title)}</strong> {escape(text)}</p>\n' for spoken, title, text in said
    )
    plain = "" if any(map(by_machine, story.pairs)) else " plain"
    return f'<aside class="notice{plain}" role="note">\n{"".join(lines)}</aside>\n' if said else ""


def _colophon(job: EditionJob, say: Words, story: Body, pages: dict[str, str]) -> str:
    metadata = job.article.metadata
    rows = [(key, _linked(value)) for key in ("author", "source", "licence") if (value := metadata.get(key))]
    if job.catalog is not None:
        tag = job.source_language
        name = escape(language(tag).autonym)
        rows.append(("original", f'<a href="{escape(pages[tag])}" hreflang="{tag}" lang="{tag}">{name}</a>'))
    for key, counts in (("machine", models(story.pairs)), ("reviewers", reviewers(story.pairs))):
        if counts:
            rows.append((key, ", ".join(f"{escape(who)} ({say.number(n)})" for who, n in counts.items())))
    if job.editorial_responsibility:
        rows.append(("responsible", escape(job.editorial_responsibility)))
    if not rows:
        return ""
    listed = "".join(f'<dt lang="{say.tag}">{escape(say(key))}</dt><dd>{value}</dd>\n' for key, value in rows)
    return f'<h2 lang="{say.tag}">{escape(say("about"))}</h2>\n<dl>\n{listed}</dl>\n'


def _linked(value: str) -> str:
    return f'<a href="{escape(value)}">{escape(value)}</a>' if is_web(value) else escape(value)


def _attributes(state: State) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in state.items())


_OPENING = 3
"""Number of paragraphs, the headline included, among which a line with the author's name is looked for."""


@cache
def _data(name: str) -> str:
    return files("toolkit.edition").joinpath("data", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """The style sheet without its comments and indentation."""
    lines = (line.strip() for line in _data("page.css").split("\n"))
    return "\n" + "\n".join(line for line in lines if line and not line.startswith("/*")) + "\n"
