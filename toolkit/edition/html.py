"""A web page per language: the story in a clean dress, the state of each paragraph, and the way to other languages.

It needs no script, no network and no other file, and its links work from where it lies, so that it can be opened from a
disk, mailed, or put on any server.
"""

from __future__ import annotations

import base64
import hashlib
import html
import posixpath
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from string import Template
from urllib.parse import quote, urljoin

from toolkit import __version__, codes
from toolkit import article as articles
from toolkit.edition.body import Body, body, by_machine, state_of
from toolkit.edition.disclosure import disclosure, is_date, is_web, models, reviewers
from toolkit.edition.job import Job, Pair
from toolkit.edition.links import Rewrite, rebase
from toolkit.edition.names import html_name
from toolkit.edition.texts import Words, words
from toolkit.language import format_date, language
from toolkit.units import Edition


def render(job: Job) -> Edition:
    """The HTML edition; `problems` names each paragraph that had to stay in the source language, with file:line."""
    name = html_name(job.id, job.language)
    told = words(job.language)
    story = body(job, told, _links(job, name))
    title = _title(job, story)
    pages = _pages(job, name)
    own = title if story.headline_text == "" else story.headline_text
    style = _style()
    fields = {
        "language": job.language,
        "direction": language(job.language).direction,
        "title": _text(title),
        "generator": f"Lokta {__version__}",
        "head": "".join(_head(job, pages)),
        "style": style,
        "style_hash": base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        "disclosure": disclosure(job, story, own, pages),
        "switcher": _switcher(job, told, pages),
        "headline": story.headline or _text(title),
        "headline_state": _attributes(story.headline_state or _title_state(job, told)),
        "byline": _byline(job, story),
        "notice": _notice(job, told, story),
        "content": story.content,
        "colophon": _colophon(job, told, story, pages),
    }
    page = _FORBIDDEN.sub("", Template(_data("page.html")).substitute(fields))
    return Edition(job.id, job.language, "html", name, page.encode(), story.problems)


_FORBIDDEN = re.compile(
    "[\x01-\x08\x0b\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
"""Characters that may not stand in HTML: controls, and what Unicode calls no characters."""


def _links(job: Job, name: str) -> Rewrite:
    """Relative links lead where they led; those from a site's root lead to the site, where it is known."""
    to_dir = f"{job.editions}/{PurePosixPath(name).parent}" if job.editions else ""
    site = next((v for k in ("url", "source") if is_web(v := job.article.metadata.get(k, ""))), "")

    def rewrite(url: str) -> str:
        return urljoin(site, url) if site and url.startswith("/") else rebase(url, job.folder, to_dir)

    return rewrite


def _title_pair(job: Job) -> Pair | None:
    title = job.article.metadata.get("title", "")
    return next((pair for pair in job.pairs if title and _plain(pair.block.source, job) == title), None)


def _title(job: Job, story: Body) -> str:
    """The article's title in the edition's language: from the metadata, else the headline, else the article's id."""
    pair = _title_pair(job)
    if pair is not None:
        return _plain(pair.text, job)
    return story.headline_text or job.article.metadata.get("title") or PurePosixPath(job.id).name


def _plain(text: str, job: Job) -> str:
    """A text without its codes, and without the references that tags need."""
    markup = articles.FORMATS[job.article.format].markup
    if markup == "plain":
        return text
    found = codes.find(text, markup)
    ends = (0, *(code.end for code in found))
    starts = (*(code.start for code in found), len(text))
    words = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
    return html.unescape(text if not words.strip() else words) if markup == "tags" else words or text


def _title_state(job: Job, told: Words) -> dict[str, str]:
    pair = _title_pair(job)
    return (
        dict(state_of(pair, job, told)) if pair is not None else {"data-state": "source", "lang": job.source_language}
    )


def _pages(job: Job, name: str) -> dict[str, str]:
    """The address of this article's page in each language, the source's first; relative, or below `base_url`."""
    tags = dict.fromkeys((job.source_language, *sorted({job.language, *job.siblings})))
    here = posixpath.dirname(name)
    if job.base_url:
        return {tag: f"{job.base_url.rstrip('/')}/{quote(html_name(job.id, tag))}" for tag in tags}
    return {tag: quote(posixpath.relpath(html_name(job.id, tag), here)) for tag in tags}


def _head(job: Job, pages: dict[str, str]) -> Iterator[str]:
    if job.base_url:
        yield f'<link rel="canonical" href="{_text(pages[job.language])}">\n'
    for tag, url in pages.items():
        yield f'<link rel="alternate" hreflang="{tag}" href="{_text(url)}">\n'
    yield f'<link rel="alternate" hreflang="x-default" href="{_text(pages[job.source_language])}">\n'


def _switcher(job: Job, told: Words, pages: dict[str, str]) -> str:
    if len(pages) < 2:
        return ""
    items = []
    for tag, url in pages.items():
        here = ' aria-current="page"' if tag == job.language else ""
        name = _text(language(tag).autonym)
        items.append(f'<li><a href="{_text(url)}" hreflang="{tag}" lang="{tag}"{here}>{name}</a></li>\n')
    return f'<nav aria-label="{_text(told("languages"))}">\n<ul>\n{"".join(items)}</ul>\n</nav>\n'


def _byline(job: Job, story: Body) -> str:
    """Author and date, unless the story has a line of its own for them under its headline."""
    metadata = job.article.metadata
    if (name := metadata.get("author")) and any(name in pair.block.source for pair in story.pairs[:_OPENING]):
        return ""
    parts = [f"<span>{_text(author)}</span>"] if (author := metadata.get("author")) else []
    if day := metadata.get("date"):
        shown = format_date(date.fromisoformat(day[:10]), job.language) if is_date(day) else day
        moment = f' datetime="{day[:10]}"' if is_date(day) else ""
        parts.append(f'<span><time{moment} lang="{job.language}">{_text(shown)}</time></span>')
    return f'<p class="byline">{" ".join(parts)}</p>\n' if parts else ""


def _notice(job: Job, told: Words, story: Body) -> str:
    """What a reader must know before reading, in the edition's language and, where that is another, in English."""
    if job.catalog is None:
        return ""
    machine = sum(map(by_machine, story.pairs))
    drafts = sum(pair.shown in ("draft", "outdated") for pair in story.pairs) - machine
    left = sum(pair.shown == "source" for pair in story.pairs)
    if not machine + drafts + left:
        return ""
    starter = any("starter" in name for name in models(pair for pair in story.pairs if by_machine(pair)))
    facts = [("machine", machine), ("drafts", drafts), ("source", left)]
    title = "notice_title" if machine else "notice_drafts_title" if drafts else "notice_source_title"
    lines = []
    for spoken in dict.fromkeys((told.tag, "en")):
        say = words(spoken)
        said = [say(f"notice_{key}", n=n, total=len(story.pairs)) for key, n in facts if n]
        said += [say("starter")] if starter else []
        text = _text(language(spoken).joiner.join(said))
        lines.append(f'<p lang="{spoken}"><strong>{_text(say(title))}</strong> {text}</p>\n')
    plain = "" if machine else " plain"
    return f'<aside class="notice{plain}" role="note">\n{"".join(lines)}</aside>\n'


def _colophon(job: Job, told: Words, story: Body, pages: dict[str, str]) -> str:
    metadata = job.article.metadata
    rows = [(key, _linked(value)) for key in ("author", "source", "licence") if (value := metadata.get(key))]
    if job.catalog is not None:
        tag = job.source_language
        name = _text(language(tag).autonym)
        rows.append(("original", f'<a href="{_text(pages[tag])}" hreflang="{tag}" lang="{tag}">{name}</a>'))
    for key, counts in (("machine", models(story.pairs)), ("reviewers", reviewers(story.pairs))):
        if counts:
            rows.append((key, ", ".join(f"{_text(who)} ({told.number(n)})" for who, n in counts.items())))
    if job.editorial_responsibility:
        rows.append(("responsible", _text(job.editorial_responsibility)))
    if not rows:
        return ""
    listed = "".join(f'<dt lang="{told.tag}">{_text(told(key))}</dt><dd>{value}</dd>\n' for key, value in rows)
    return f'<h2 lang="{told.tag}">{_text(told("about"))}</h2>\n<dl>\n{listed}</dl>\n'


def _linked(value: str) -> str:
    return f'<a href="{_text(value)}">{_text(value)}</a>' if is_web(value) else _text(value)


def _attributes(state: dict[str, str] | object) -> str:
    assert isinstance(state, dict)
    return "".join(f' {name}="{_text(value)}"' for name, value in state.items())


def _text(text: str) -> str:
    return html.escape(text)


_OPENING = 3
"""Paragraphs among which a byline stands, the headline included."""


@cache
def _data(name: str) -> str:
    return files("toolkit.edition").joinpath("data", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """The style sheet without its comments and indentation."""
    lines = (line.strip() for line in _data("page.css").split("\n"))
    return "\n" + "\n".join(line for line in lines if line and not line.startswith("/*")) + "\n"
