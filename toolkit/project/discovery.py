"""Finds and reads the articles of a project, and gives them the ids that name their catalogs."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, partial
from itertools import islice
from pathlib import Path

from toolkit import article as articles
from toolkit.article import metadata
from toolkit.article.rendered import TOO_LONG
from toolkit.catalog import extract, read_catalog
from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, Warned, ignore
from toolkit.files import read_bytes, read_text, show
from toolkit.language import language
from toolkit.language.detect import in_script
from toolkit.language.measures import main_script
from toolkit.project.config import Config
from toolkit.project.store import CatalogStore
from toolkit.units import Article, Catalog

_METADATA = ".meta.toml"
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
    for two articles whose ids differ in nothing, in letter case, or in how their letters are composed; the other one need not
    be among `paths`.
    """
    if not paths and config.file is None:
        raise UsageError("name an article (lokta translate my-post.md --to LANG), or make a project first: lokta init")
    found: list[Path] = []
    named: set[Path] = set()
    for path in paths or [config.articles]:
        if path.is_dir():
            found += below(path, config)
        elif not path.exists():
            found.append(_of_id(path, config))
            named.add(config.root / found[-1])
        elif not path.name.endswith(_METADATA):
            articles.format_of(path.name)
            found.append(path)
            named.add(config.root / path)
    if not found:
        here = paths[0] if paths else config.articles
        raise DataError(f"{show(here)}: no article here; put one in ({', '.join(_suffixes())})")
    sources: list[Source] = []
    for path in dict.fromkeys(config.root / path for path in found):
        try:
            sources.append(_source(path, config, followed=path in named))
        except DataError as error:
            if path in named:
                raise
            tell(Warned(str(error)))
    by_id: dict[str, Source] = {}
    listed = cache(names_in)
    for source in sources:
        other = by_id.setdefault(_folded(source.id), source)
        if other is not source:
            raise _of_one_id(other.path, source.path, source.id)
        if source.path in named:
            refuse_twin(source, config, listed)
    return tuple(sources)


def refuse_twin(source: Source, config: Config, listed: Listed | None = None) -> None:
    """Raises DataError, naming both, where another file has the id of an article that was named alone."""
    for twin in _twins(source, config, listed or names_in):
        raise _of_one_id(twin, source.path, source.id)


def _of_one_id(one: Path, other: Path, identity: str) -> DataError:
    return DataError(f"{show(one)} and {show(other)} would share the catalog {identity}.po; rename one")


def _twins(source: Source, config: Config, listed: Listed) -> Iterator[Path]:
    """Other files with the id of an article that was named alone: articles of the project, or files whose catalog is there.

    A page beside its source (`post.html`, `post.md`) that nobody ever translated is none outside of a project's articles.
    """
    others = (
        path
        for base in (config.articles, config.root)
        for path in _beside(base / f"{source.id}.x", listed)
        if path != source.path and not (source.path.exists() and path.samefile(source.path))
    )
    template = config.locales / f"{source.id}.pot"
    for path in dict.fromkeys(others):
        project = (
            config.file is not None
            and path.is_relative_to(config.articles)
            and source.path.is_relative_to(config.articles)
        )
        if project or os.path.relpath(path, config.root).replace(os.sep, "/") in _files_of(template):
            yield path


Listed = Callable[[Path], Mapping[str, Sequence[Path]]]
"""The articles in a folder by their names without suffix, folded; `names_in`, or the same with a memory."""


def names_in(folder: Path) -> Mapping[str, Sequence[Path]]:
    """The articles in a folder, not below it, by their names without suffix, folded."""
    found: dict[str, list[Path]] = {}
    for name in sorted(os.listdir(folder)) if folder.is_dir() else ():
        if Path(name).suffix.lower() in _suffixes():
            found.setdefault(_folded(Path(name).stem), []).append(folder / name)
    return found


def _beside(path: Path, listed: Listed) -> Iterator[Path]:
    """The articles in a file's folder that have its name, but for the suffix and the letter case."""
    return (there for there in listed(path.parent).get(_folded(path.stem), ()) if there.is_file())


def _files_of(template: Path) -> frozenset[str]:
    """The files that a template was made from, as its entries name them."""
    with contextlib.suppress(DataError):
        if template.is_file() and not template.is_symlink():
            return frozenset(place.file for unit in read_catalog(template).live for place in unit.locations)
    return frozenset()


def article_of(name: str, files: Iterable[str], config: Config, listed: Listed = names_in) -> Path | None:
    """The file of the article with this id, wherever it lies: in the articles' folder, in the project, or among the files
    that its catalog names; None where it is gone."""
    for path in (path for base in (config.articles, config.root) for path in _beside(base / f"{name}.x", listed)):
        return path
    for file in sorted(files):
        path = Path(os.path.normpath(config.root / file))
        with contextlib.suppress(DataError, OSError):
            if path.is_file() and _source(path, config, followed=True).id == name:
                return path
    return None


def of_project(config: Config) -> tuple[Source, ...]:
    """The articles of a project, for what looks at all of them beside its own work; none outside of a project, and none where
    they cannot be told, such as two of one id, which is said where they are translated."""
    if config.file is None:
        return ()
    with contextlib.suppress(DataError):
        return find(config, [config.articles])
    return ()


def _of_id(path: Path, config: Config) -> Path:
    """The article with the id, or the name in the articles' folder, that was given in the place of a path. Raises DataError where
    there is none."""
    places = [path.parent / path.name]
    if path.is_relative_to(config.root):
        places.append(config.articles / path.relative_to(config.root))
    for place in places:
        if place.is_file() and place.suffix.lower() in _suffixes():
            return place
        for suffix in _suffixes():
            if (found := place.with_name(place.name + suffix)).is_file():
                return found
    there = [found for place in places for found in names_in(place.parent).values()]
    stems = {one.stem: one for found in reversed(there) for one in found}
    near = get_close_matches(path.stem, stems, 1)
    hint = f"did you mean {show(stems[near[0]])}?" if near else "check the path"
    raise DataError(f"{show(path)}: no such file; {hint}")


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
    return source.path.with_name(source.path.stem + _METADATA)


def load(store: CatalogStore, source: Source, source_language: str = "", whole_page: bool = False) -> Loaded:
    """Read an article and its `.meta.toml`, and make its template. Raises DataError for an empty article, ConfigError.

    The language is the first that is named by: `source_language`, the metadata, the document, the template of an
    earlier run, `lokta.toml`. Where none of them names one, `language_said` is false, and it is guessed from the script:
    Tibetan, Chinese, else English. Letters beat the last three: an article in Tibetan or Chinese letters is not taken for
    one in a language that is not written in them; a warning says so. `whole_page` offers page furniture too, as the metadata can
    say.
    """
    return load_bytes(store, source, read_bytes(source.path), source_language, whole_page)


def load_bytes(
    store: CatalogStore, source: Source, data: bytes, source_language: str = "", whole_page: bool = False
) -> Loaded:
    """The same for an article whose bytes are at hand; its file need not be there yet."""
    form = articles.format_of(source.path.name)
    meta_path = metadata_path(source)
    meta = metadata.parse(read_text(meta_path), show(meta_path)) if meta_path.is_file() else metadata.Metadata()
    text = form.decode(data, show(source.path))
    if not text.strip():
        raise DataError(f"{show(source.path)}: is empty; there is nothing to translate")
    wanted = source_language or meta.language or ""
    read = partial(articles.read, text, form, file=source.file, dialect=_dialect(store.config, source.path))
    article = read(source_language=wanted)
    said = article.source_language or store.template_language(source.id) or store.config.source_language
    letters = main_script("".join(block.source for block in islice(article.blocks, 400))[:20_000])
    guessed = {"Tibt": "bo", "Han": "zh-Hans"}.get(letters, "")
    warnings: list[str] = []
    if guessed and not wanted and said and not _written_in(said, letters):
        warnings.append(
            f"{show(source.path)}: is in {language(guessed).name} letters, so it is taken for {guessed}, not {said} (--from "
            f"LANG, or language in {show(meta_path)}, says otherwise)"
        )
        said = guessed
    tag = _without_region(language(wanted or said or guessed or "en").tag)
    if tag != article.source_language:
        article = read(source_language=tag)
    article, unmatched = metadata.apply(article, replace(meta, whole_page=meta.whole_page or whole_page))
    warnings += (f"{show(meta_path)}: fits no paragraph: {line}" for line in unmatched)
    for block in article.blocks:
        if TOO_LONG in block.notes:
            line = f"{show(source.path)}:{block.location.line}: a paragraph is longer than 100 kB"
            if not any(other.translate for other in article.blocks):
                raise DataError(f"{line}; divide it by blank lines and try again")
            warnings.append(f"{line}, so it is left as it is; divide it by blank lines")
    template = extract(article, source.id, form.markup)
    return Loaded(source, article, template, tuple(warnings), bool(wanted or said))


def _written_in(tag: str, script: str) -> bool:
    """Whether a language is written in this script (`Han`: any Chinese characters)."""
    return in_script({"Tibt": "\u0f56", "Han": "\u4e2d"}[script], language(tag)) == 1


_CONFIGS = {
    "docusaurus.config.js": "docusaurus",
    "docusaurus.config.ts": "docusaurus",
    ".vitepress": "vitepress",
    "mkdocs.yml": "mkdocs",
    "hugo.toml": "hugo",
    "hugo.yaml": "hugo",
    "myst.yml": "myst",
    "_toc.yml": "myst",
    "conf.py": "myst",
    "_quarto.yml": "pandoc",
    "_config.yml": "jekyll",
}
"""A file or folder that a generator of sites is configured by -> the dialect of the Markdown below its folder."""


def _dialect(config: Config, path: Path) -> str:
    """The Markdown dialect that the settings say, or else the nearest file of a generator above the article."""
    if config.markdown:
        return config.markdown
    for folder in path.parents:
        if found := next((dialect for name, dialect in _CONFIGS.items() if (folder / name).exists()), ""):
            return found
        if folder == config.root:
            break
    return ""


def _without_region(tag: str) -> str:
    """`en` for `en-US`: models and memories do not know regions."""
    first, _, rest = tag.partition("-")
    return first if len(rest) == 2 else tag


def _suffixes() -> list[str]:
    return [suffix for form in articles.formats().values() for suffix in form.suffixes]


def below(folder: Path, config: Config) -> list[Path]:
    """The articles in a folder and below it, sorted; hidden files and folders, catalogs and editions are left out."""
    return [path for path in _files(folder, config) if path.suffix.lower() in _suffixes()]


def metadata_alone(config: Config) -> tuple[Path, ...]:
    """The `.meta.toml` files in the articles' folder beside which no article lies that they describe."""
    if config.file is None:
        return ()
    listed = cache(names_in)
    found = (path for path in _files(config.articles, config) if path.name.endswith(_METADATA))
    return tuple(path for path in found if not listed(path.parent).get(_folded(path.name.removesuffix(_METADATA))))


def _files(folder: Path, config: Config) -> Iterator[Path]:
    """The files in a folder and below it, sorted; hidden files and folders, catalogs and editions are left out."""
    passed = {config.locales.resolve(), config.editions.resolve()}
    for top, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and Path(top, f).resolve() not in passed)
        yield from (Path(top, name) for name in sorted(names) if not name.startswith("."))


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
