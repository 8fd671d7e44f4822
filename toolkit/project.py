"""A project on disk: which articles there are, what they are called, and where their catalogs lie."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from toolkit import article as articles
from toolkit.article import metadata
from toolkit.catalog import belongs, extract, read_catalog
from toolkit.config import Config
from toolkit.errors import DataError, UsageError
from toolkit.files import read_bytes, read_text, show
from toolkit.language import language
from toolkit.language.detect import script_shares
from toolkit.units import Article, Catalog

_BAD_ID = re.compile(r"[\x00-\x1f\x7f\\:*?\"<>|\u2028\u2029\u202a-\u202e\u2066-\u2069]|(^|/)\.|(^|/) | (/|$)")


@dataclass(frozen=True, slots=True)
class Source:
    """An article's file."""

    id: str
    """Its path under the articles' folder without the suffix; the catalogs mirror it."""
    path: Path
    file: str
    """Relative to the project's root, with `/`: what `#:` says."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An article that was read."""

    source: Source
    article: Article
    template: Catalog
    warnings: tuple[str, ...] = ()
    language_said: bool = True
    """False: nobody said what language it is in, so English was taken."""


def find(config: Config, paths: Sequence[Path]) -> tuple[Source, ...]:
    """The articles named by `paths` (files, or folders of them), all of the project when there are none.

    Raises UsageError outside a project without paths, DataError for missing files and for two articles of one id.
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
    sources = [_source(path, config) for path in dict.fromkeys(path.absolute() for path in found)]
    by_id: dict[str, Source] = {}
    for source in sources:
        other = by_id.setdefault(source.id, source)
        if other is not source:
            raise DataError(
                f"{show(other.path)} and {show(source.path)} would share the catalog {source.id}.po; rename one"
            )
    return tuple(sources)


def outside(path: Path) -> Source:
    """A file that is not (yet) an article of the project."""
    if not path.is_file():
        raise DataError(
            f"{show(path)}: {'is a folder; name a file in it' if path.is_dir() else 'no such file; check the path'}"
        )
    articles.format_of(path.name)
    return Source(path.stem, path.absolute(), path.name)


def load(config: Config, source: Source, source_language: str = "") -> Loaded:
    """Read an article and its `.meta.toml`, and make its template.

    The language is `source_language`, else what the metadata, the document, the template of an earlier run or
    `lokta.toml` say; at last, with `language_said` false, the one that its letters show, English for any but
    Tibetan and Chinese.
    """
    format_name = articles.format_of(source.path.name)
    meta_path = source.path.with_name(f"{source.path.stem}.meta.toml")
    meta = metadata.parse(read_text(meta_path), show(meta_path)) if meta_path.is_file() else metadata.Metadata()
    text = articles.decode(read_bytes(source.path), format_name, show(source.path))
    if not text.strip():
        raise DataError(f"{show(source.path)}: is empty; there is nothing to translate")
    wanted = source_language or meta.language or ""
    article = articles.read(text, format_name, file=source.file, source_language=wanted)
    said = wanted or article.source_language or _remembered(config, source) or config.source_language
    tag = _without_region(language(said or _by_letters(text)).tag)
    if tag != article.source_language:
        article = articles.read(text, format_name, file=source.file, source_language=tag)
    article, unmatched = metadata.apply(article, meta)
    warnings = tuple(f"{show(meta_path)}: fits no paragraph: {line}" for line in unmatched)
    template = extract(article, source.id, articles.FORMATS[format_name].markup)
    return Loaded(source, article, template, warnings, bool(said))


def _remembered(config: Config, source: Source) -> str:
    """The language that an earlier run was told."""
    path = template_path(config, source.id)
    with contextlib.suppress(DataError):
        return read_catalog(path).source_language if path.is_file() else ""
    return ""


def _by_letters(text: str) -> str:
    script = next(iter(script_shares(text[:20_000])), "")
    return {"Tibt": "bo", "Han": "zh-Hans"}.get(script, "en")


def _without_region(tag: str) -> str:
    """`en-US` is drafted as `en` is: models and memories know no regions."""
    first, _, rest = tag.partition("-")
    return first if len(rest) == 2 else tag


def catalog_path(config: Config, article: str, target: str) -> Path:
    """`locales/zh_Hans/LC_MESSAGES/<article>.po`; an existing folder of an alias (zh_CN) is used."""
    usual = language(target).gettext
    name = usual
    if not (config.locales / usual).is_dir():
        name = next((folder for tag, folder in _locales(config) if tag == target), usual)
    return config.locales / name / "LC_MESSAGES" / f"{article}.po"


def template_path(config: Config, article: str) -> Path:
    """`locales/<article>.pot`."""
    return config.locales / f"{article}.pot"


def targets(config: Config, article: str = "") -> tuple[str, ...]:
    """The project's target languages: the tables of `lokta.toml`, then the locale folders (that hold `article`)."""
    found = list(config.targets)
    for tag, folder in _locales(config):
        if not article or (config.locales / folder / "LC_MESSAGES" / f"{article}.po").is_file():
            found.append(tag)
    return tuple(dict.fromkeys(found))


def old_catalog(config: Config, loaded: Loaded, target: str, all_ids: Iterable[str]) -> tuple[Catalog | None, str]:
    """The catalog to merge into, and, where the article was renamed, the name that its translations are taken from."""
    path = catalog_path(config, loaded.source.id, target)
    if path.is_file():
        catalog = read_catalog(path)
        if not belongs(catalog, loaded.template):
            raise DataError(
                f"{show(path)}: is the catalog of another article ({catalog.article or 'unnamed'}), not of "
                f"{show(loaded.source.path)}; move it away, or rename the article"
            )
        return catalog, ""
    known = set(all_ids) | {loaded.source.id}
    for orphan in sorted(path.parent.rglob("*.po")) if path.parent.is_dir() else ():
        name = orphan.relative_to(path.parent).with_suffix("").as_posix()
        if name not in known and not _exists(config, name):
            with contextlib.suppress(DataError):  # a broken one is named by the command that is about it
                catalog = read_catalog(orphan)
                if belongs(replace(catalog, metadata={**catalog.metadata, "X-Lokta-Article": ""}), loaded.template):
                    return catalog, name
    return None, ""


def _locales(config: Config) -> list[tuple[str, str]]:
    """The locale folders: what language each is of, and its name."""
    found = []
    for folder in sorted(config.locales.glob("*/LC_MESSAGES")) if config.locales.is_dir() else ():
        with contextlib.suppress(UsageError):
            found.append((language(folder.parent.name).tag, folder.parent.name))
    return found


def _exists(config: Config, article: str) -> bool:
    return any((config.articles / f"{article}{suffix}").is_file() for suffix in _suffixes())


def _suffixes() -> list[str]:
    return [suffix for format in articles.FORMATS.values() for suffix in format.suffixes]


def _below(folder: Path, config: Config) -> list[Path]:
    """The articles in a folder, in order of their names; hidden folders, catalogs and editions are passed over."""
    passed = {config.locales.resolve(), config.editions.resolve()}
    found: list[Path] = []
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(top, f).resolve() not in passed)
        found += [
            Path(top, n) for n in sorted(names) if not n.startswith(".") and Path(n).suffix.lower() in _suffixes()
        ]
    return found


def _source(path: Path, config: Config) -> Source:
    here = Path(os.path.normpath(path))
    inside = next((base for base in (config.articles, config.root) if here.is_relative_to(base)), None)
    name = here.relative_to(inside) if inside else Path(here.name)
    identity = name.with_suffix("").as_posix()
    if _BAD_ID.search(identity) or len(identity) > 200:
        raise DataError(f"{show(path)}: its name cannot be the name of a catalog; use letters, digits, '-' and '_'")
    file = (
        here.relative_to(config.root) if here.is_relative_to(config.root) else Path(os.path.relpath(here, config.root))
    )
    return Source(identity, here, file.as_posix())
