"""Brings articles into a project: files, folders of them, and pages of the web, with what is known about each beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from toolkit import article as articles
from toolkit.article import metadata
from toolkit.errors import DataError, UnknownFormat
from toolkit.files import LIMIT, atomic_write, printable, read_bytes, read_text, show
from toolkit.project.context import Context
from toolkit.project.discovery import Source, below, load_bytes, outside, refuse_twin
from toolkit.remotes.address import allowed, followed
from toolkit.remotes.transport import Again, Failure, Session, patiently

_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
}
"""Content types of the web that are articles, and the suffix of each."""
_FIELDS = ("title", "date", "author", "source", "licence", "language")
"""What a `.meta.toml` says of an article."""
_REDIRECTS = 10
_SECONDS = 120.0
_SILENCE = 30.0


@dataclass(frozen=True, slots=True)
class Arrived:
    """An article on its way into the project."""

    name: str
    """Path below the articles' folder."""
    data: bytes
    url: str = ""
    """Where it comes from, on the web."""


@dataclass(frozen=True, slots=True)
class Imported:
    """An article that is in the project now."""

    path: Path
    paragraphs: int
    """To be translated; one that stands in several places counts once."""
    missing: tuple[str, ...]
    """What nobody said about it: title, date, source, licence."""


def is_address(text: str) -> bool:
    """Whether an argument is a web address."""
    return text.startswith(("https://", "http://"))


def from_disk(context: Context, path: Path) -> Iterator[Arrived]:
    """The article in a file, or those in a folder and below. Raises DataError, UnknownFormat."""
    if not path.is_dir():
        yield Arrived(path.name, read_bytes(outside(path).path))
        return
    found = below(path, context.config)
    if not found:
        raise DataError(f"{show(path)}: no article in it")
    for one in found:
        yield Arrived(one.relative_to(path.parent).as_posix(), read_bytes(one))


def from_web(url: str) -> Arrived:
    """The page at an address. Raises UsageError for an address that may not be asked, DataError for all else."""
    address = allowed(url, private=False)
    try:
        return patiently(lambda: _fetched(address))
    except (Again, Failure) as failure:
        raise DataError(f"{printable(url)}: {failure}; check the address and the connection, and try again") from None


def _fetched(url: str) -> Arrived:
    for _ in range(_REDIRECTS):
        with Session(url, _SILENCE).ask("GET", url, seconds=_SECONDS) as reply:
            if reply.status in (301, 302, 303, 307, 308):
                following = followed(url, reply.headers.get("Location", ""), private=False)
                if following is None:
                    raise Failure("redirect", "sends on to an address that may not be asked; refused")
                url = following
                continue
            if reply.status != 200:
                raise Failure("broken", f"answers with {reply.status}")
            kind = reply.headers.get("Content-Type", "").partition(";")[0].strip().lower()
            if kind not in _KINDS:
                raise DataError(f"{printable(url)}: is {printable(kind)[:60] or 'of no said type'}, not an article")
            return Arrived(_name(url, _KINDS[kind]), reply.read(LIMIT), url)
    raise Failure("redirect", "sends on again and again; refused")


def _name(url: str, suffix: str) -> str:
    """A file's name for a page: the last part of its path."""
    parts = urlsplit(url)
    last = PurePosixPath(unquote(parts.path)).name or parts.hostname or "article"
    stem = "".join(char if char.isalnum() or char in "-_" else "-" for char in PurePosixPath(last).stem).strip("-")
    return f"{stem[:100] or 'article'}{suffix}"


def bring(context: Context, arrived: Arrived, said: Mapping[str, str], whole_page: bool = False) -> Imported:
    """Write an article and its `.meta.toml` into the project. What the document itself says need not be in `said`; what an older
    `.meta.toml` says otherwise stays.

    Raises DataError where another article has its name, and what reading it raises; then nothing is written.
    """
    config = context.config
    target = config.articles / arrived.name
    try:
        articles.format_of(target.name)
    except UnknownFormat:
        raise UnknownFormat(f"{show(target)}: no reader for this kind of file") from None
    source = Source(target.stem, target, arrived.name)
    loaded = load_bytes(context.store, source, arrived.data, whole_page=whole_page)
    known = {key: said.get(key, "") or loaded.article.metadata.get(key, "") for key in _FIELDS}
    known["source"] = known["source"] or arrived.url
    if target.exists() and target.read_bytes() != arrived.data:
        raise DataError(f"{show(target)}: there is another article of this name; rename the new one")
    refuse_twin(Source(PurePosixPath(arrived.name).with_suffix("").as_posix(), target, arrived.name), config)
    beside = target.with_name(f"{target.stem}.meta.toml")
    old = metadata.parse(read_text(beside), show(beside)) if beside.exists() else metadata.Metadata()
    known = {key: said.get(key, "") or getattr(old, key) or known[key] for key in _FIELDS}
    title, date, author, origin, licence, tag = (known[key] for key in _FIELDS)
    skipped, offered, whole = old.skip, old.translate, old.whole_page or whole_page
    about = metadata.Metadata(title, date, author, origin, licence, tag, skipped, offered, whole)
    root = config.root_of(target)
    atomic_write(target, arrived.data, root)
    if about != old and (said or whole_page or not beside.exists()):
        atomic_write(beside, metadata.dump(about), root)
    missing = [key for key in ("title", "date", "source", "licence") if not known[key]]
    return Imported(target, len(tuple(loaded.template.live)), tuple(missing))
