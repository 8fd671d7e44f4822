"""Finds and reads the articles of a project, and gives them the ids that name their catalogs."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit import article as articles
from toolkit.article import metadata
from toolkit.catalog import extract
from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import read_bytes, read_text, show
from toolkit.language import language
from toolkit.language.measures import main_script
from toolkit.project.config import Config
from toolkit.project.store import CatalogStore
from toolkit.units import Article, Catalog

_BAD_ID = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]|(^|/)\.|(^|/) | (/|$)")


@dataclass(frozen=True, slots=True)
class Source:
    """An article's file."""

    id: str
    """Its path under the articles' folder without the suffix; the catalogs mirror it."""
    path: Path
    file: str
    """Path relative to the project's root, with `/`; what `#:` lines name."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article with its template, as read from disk."""

    source: Source
    article: Article
    template: Catalog
    warnings: tuple[str, ...] = ()
    language_said: bool = True
    """False: no source names its language, which was guessed from its letters."""


def find(config: Config, paths: Sequence[Path], tell: Sink = ignore) -> tuple[Source, ...]:
    """The articles named by `paths` (files, or folders of them); without paths, all of the project.

    A file in a folder whose name cannot be an id, or that is a link out of the project, is told and left out. Raises
    UsageError without paths outside of a project, DataError for a missing file, for such a file that was named itself, and
    for two articles whose ids differ in nothing, in letter case, or in how their letters are composed.
    """
    if not paths and config.file is None:
        raise UsageError("name an article (lokta translate my-post.md --to bo), or make a project first: lokta init")
    found: list[Path] = []
    for path in paths or [config.articles]:
        if path.is_dir():
            found += _below(path, config)
        elif not path.exists():
            raise DataError(f"{show(path)}: no such file; check the path")
        else:
            articles.format_of(path.name)
            found.append(path)
    if not found:
        here = paths[0] if paths else config.articles
        raise DataError(f"{show(here)}: no article here; put one in ({', '.join(_suffixes())})")
    named = {config.root / path for path in paths}
    sources: list[Source] = []
    for path in dict.fromkeys(config.root / path for path in found):
        try:
            sources.append(_source(path, config, followed=path in named))
        except DataError as error:
            if path in named:
                raise
            tell(Warned(str(error)))
    by_id: dict[str, Source] = {}
    for source in sources:
        other = by_id.setdefault(_folded(source.id), source)
        if other is not source:
            raise DataError(
                f"{show(other.path)} and {show(source.path)} would share the catalog {source.id}.po; rename one"
            )
    return tuple(sources)


def outside(path: Path) -> Source:
    """A file outside of the project's articles, with its name as id. Raises DataError where there is none."""
    if not path.is_file():
        raise DataError(
            f"{show(path)}: {'is a folder; name a file in it' if path.is_dir() else 'no such file; check the path'}"
        )
    articles.format_of(path.name)
    return Source(path.stem, path, path.name)


def metadata_path(source: Source) -> Path:
    """The `.meta.toml` beside an article, whether it is there or not."""
    return source.path.with_name(f"{source.path.stem}.meta.toml")


def load(store: CatalogStore, source: Source, source_language: str = "") -> Loaded:
    """Read an article and its `.meta.toml`, and make its template. Raises DataError for an empty article, ConfigError.

    The language is the first that is named by: `source_language`, the metadata, the document, the template of an
    earlier run, `lokta.toml`. Where none of them names one, `language_said` is false, and it is guessed from the script:
    Tibetan, Chinese, else English.
    """
    form = articles.format_of(source.path.name)
    meta_path = metadata_path(source)
    meta = metadata.parse(read_text(meta_path), show(meta_path)) if meta_path.is_file() else metadata.Metadata()
    text = form.decode(read_bytes(source.path), show(source.path))
    if not text.strip():
        raise DataError(f"{show(source.path)}: is empty; there is nothing to translate")
    wanted = source_language or meta.language or ""
    article = articles.read(text, form, file=source.file, source_language=wanted)
    said = wanted or article.source_language or store.template_language(source.id) or store.config.source_language
    guessed = {"Tibt": "bo", "Han": "zh-Hans"}.get(main_script(text[:20_000]), "en")
    tag = _without_region(language(said or guessed).tag)
    if tag != article.source_language:
        article = articles.read(text, form, file=source.file, source_language=tag)
    article, unmatched = metadata.apply(article, meta)
    warnings = tuple(f"{show(meta_path)}: fits no paragraph: {line}" for line in unmatched)
    template = extract(article, source.id, form.markup)
    return Loaded(source, article, template, warnings, bool(said))


def _without_region(tag: str) -> str:
    """`en` for `en-US`: models and memories do not know regions."""
    first, _, rest = tag.partition("-")
    return first if len(rest) == 2 else tag


def _suffixes() -> list[str]:
    return [suffix for form in articles.formats().values() for suffix in form.suffixes]


def _below(folder: Path, config: Config) -> list[Path]:
    """The articles in a folder and below it, sorted; hidden files and folders, catalogs and editions are left out."""
    passed = {config.locales.resolve(), config.editions.resolve()}
    found: list[Path] = []
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(top, f).resolve() not in passed)
        found += [
            Path(top, n) for n in sorted(names) if not n.startswith(".") and Path(n).suffix.lower() in _suffixes()
        ]
    return found


def _folded(identity: str) -> str:
    """An id as file systems compare names that ignore letter case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", identity).casefold())


def _source(path: Path, config: Config, followed: bool) -> Source:
    """`followed`: a link out of the project is, because the person named it."""
    here = Path(os.path.normpath(path))
    if not followed and path.is_symlink() and config.root_of(path.resolve()) is None:
        raise DataError(f"{show(path)}: is a link out of the project, so it was left out; copy the file, or name it")
    inside = next((base for base in (config.articles, config.root) if here.is_relative_to(base)), None)
    name = here.relative_to(inside) if inside else Path(here.name)
    identity = name.with_suffix("").as_posix()
    if _BAD_ID.search(identity) or len(identity) > 200:
        raise DataError(f"{show(path)}: its name cannot be the name of a catalog; use letters, digits, '-' and '_'")
    file = (
        here.relative_to(config.root) if here.is_relative_to(config.root) else Path(os.path.relpath(here, config.root))
    )
    return Source(identity, here, file.as_posix())
