"""Pairs the articles of a folder with their translations in another one, or in the same, by the names of files and folders.

In names a language is passed over, however it is called: `zh/post.md`, `post.zh-CN.md`, `post_Chinese.md` and `post/zh.md` are of
`post.md`, `en/post.md` or `post/en.md`. What has no partner by its whole path is paired by its name alone, where nothing else has
it, and by the number or date that it begins with: `2-1-玉山.md` is of `2-1-yushan.md`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from pathlib import Path

from toolkit.errors import DataError, UsageError
from toolkit.events import Sink, ignore
from toolkit.files import show
from toolkit.language import language
from toolkit.project.context import Context
from toolkit.project.discovery import Source, below, find, outside

_PARTS = re.compile(r"[._\s-]+")
_NUMBER = re.compile(r"\D{0,3}?(\d+(?:[-_.]\d+)*)(?!\w)")
_CALLED = {"jp": "ja", "kr": "ko", "chs": "zh-Hans", "cht": "zh-Hant", "简体中文": "zh-Hans", "繁體中文": "zh-Hant"}
"""What files call languages that is not a name or tag of theirs."""
_EVERYWHERE = {"", "index", "_index", "readme", "home", "default"}
"""Names that say nothing of a document."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Articles and their translations, and files that have no partner."""

    pairs: tuple[tuple[Source, Path], ...]
    left: tuple[Path, ...] = ()
    unclear: tuple[tuple[Path, tuple[Path, ...]], ...] = ()
    """Articles of which several files may be the translation."""


def paired(context: Context, article: Path, translation: Path, target: str, tell: Sink = ignore) -> Pairs:
    """The articles and translations that two arguments name: two files, or two folders whose files are paired by their names.

    Raises DataError, UsageError.
    """
    if not translation.exists():
        raise DataError(f"{show(translation)}: no such file; check the path")
    if article.is_dir() != translation.is_dir():
        raise UsageError("name two files, or two folders: an article and its translation")
    sources = find(context.config, [article], tell)
    if not article.is_dir():
        if translation.resolve() == sources[0].path.resolve():
            raise UsageError(f"{show(translation)}: is the article itself; name its translation")
        return Pairs(((sources[0], outside(translation).path),))
    spoken, wanted = context.config.source_language or "en", language(target).tag
    root, base = article.absolute(), translation.absolute()
    ours = [(source, _named(_inside(source.path, root), spoken)) for source in sources]
    theirs = [(path, _named(path.relative_to(base), wanted)) for path in below(base, context.config)]
    pairs, unclear = _by_paths(ours, theirs)
    if root.is_relative_to(base) or base.is_relative_to(root):  # a translation is what is called one
        ours = [(source, name) for source, name in ours if not _named(_inside(source.path, root), wanted).label]
        theirs_called = [(path, name) for path, name in theirs if name.label]
    else:
        theirs_called = theirs
    for key_of in (_alone, _number):
        used = {*pairs, *unclear, *(path for _, path in pairs.values())}
        rest = [(source, name) for source, name in ours if source.path not in used]
        free = [(path, name) for path, name in theirs_called if path not in used]
        pairs |= {source.path: (source, path) for source, path in _only(rest, free, key_of) if source.path != path}
    used = {*pairs, *unclear, *(path for _, path in pairs.values()), *chain(*unclear.values())}
    keys = {_named(_inside(path, root), spoken).key for path in pairs}
    every = dict.fromkeys([source.path for source in sources] + [path for path, _ in theirs])
    return Pairs(
        tuple(pairs[source.path] for source in sources if source.path in pairs),
        tuple(path for path in every if path not in used and not _in_another(path, (root, base), keys)),
        tuple(unclear.items()),
    )


def _inside(path: Path, root: Path) -> Path:
    return path.relative_to(root) if path.is_relative_to(root) else Path(path.name)


def _by_paths(
    ours: Sequence[tuple[Source, _Name]], theirs: Sequence[tuple[Path, _Name]]
) -> tuple[dict[Path, tuple[Source, Path]], dict[Path, tuple[Path, ...]]]:
    """The articles whose whole path is that of a translation but for the language, and those of several translations.

    Of several files the one that says most of its language is meant, then one in the article's own format.
    """
    by_key: defaultdict[str, dict[Path, _Name]] = defaultdict(dict)
    for path, name in theirs:
        for key in (name.key, name.whole):
            by_key[key][path] = name
    pairs: dict[Path, tuple[Source, Path]] = {}
    unclear: dict[Path, tuple[Path, ...]] = {}
    taken: set[Path] = set()
    for source, name in ours:
        found = {**by_key.get(name.key, {}), **by_key.get(name.whole, {})}
        ranks = {
            path: (other.rank, path.suffix == source.path.suffix)
            for path, other in found.items()
            if path != source.path
        }
        best = [path for path, rank in ranks.items() if rank == max(ranks.values())]
        if len(best) > 1:
            unclear[source.path] = tuple(sorted(best))
        elif best and best[0] not in taken:
            taken.add(best[0])
            pairs[source.path] = (source, best[0])
    return {path: pair for path, pair in pairs.items() if path not in taken}, unclear


@dataclass(frozen=True, slots=True)
class _Name:
    """What a path says of a document in a language."""

    whole: str
    """The path without its suffix."""
    key: str
    """The same without the language."""
    label: str
    """What it calls the language; empty where it does not."""
    exact: bool
    """The label means just this language, and not only its family: `zh-TW`, not `zh`."""

    @property
    def rank(self) -> tuple[bool, int]:
        """The more it says of the language, the better."""
        return self.exact, len(self.label)


def _named(path: Path, tag: str) -> _Name:
    """What a path says in an edition in this language."""
    labels: list[str] = []
    parts = list(path.parent.parts)
    for at, part in enumerate(parts):
        if _means(part, tag):
            labels.append(part)
            parts[at] = ""
    stem = path.stem
    if found := _label(stem, lambda label: bool(_means(label, tag))):
        labels.append(found)
        stem = stem[: len(stem) - len(found)].rstrip("._- ")
    label = max(labels, key=len, default="")
    return _Name(
        _folded("/".join((*path.parent.parts, path.stem))),
        _folded("/".join((*filter(None, parts), stem))),
        label,
        any(_means(one, tag) == 2 for one in labels),
    )


def _folded(name: str) -> str:
    """A name by which files are compared: letter case and the sign between words differ between editions."""
    return _PARTS.sub("-", name.casefold()).strip("-")


def _label(stem: str, fits: Callable[[str], bool]) -> str:
    """The end of a name that is the name of a language: the longest that fits."""
    places = [found.end() for found in _PARTS.finditer(stem)]
    return next((stem[at:] for at in [0, *places] if stem[at:] and fits(stem[at:])), "")


@lru_cache(maxsize=4096)
def _means(label: str, tag: str) -> int:
    """Whether a label means a language: 2; 1 where it means only that or its sister in another script; 0: it does not."""
    said = _language(label)
    if said == tag:
        return 2 if label.casefold() != tag.partition("-")[0] or "-" not in tag else 1
    primary = tag.partition("-")[0]
    if said.partition("-")[0] == primary and label.casefold() in (
        primary,
        *(name.casefold() for name in (_bare(tag),)),
    ):
        return 1
    return 2 if said.partition("-")[0] == tag else 0  # a region of it: en-US


def _bare(tag: str) -> str:
    """The name of a language without its script: `Chinese`."""
    return language(tag).name.partition(" (")[0]


@lru_cache(maxsize=4096)
def _language(label: str) -> str:
    """The tag of the language that a label means; empty: none."""
    if called := _CALLED.get(label.casefold()):
        return called
    try:
        return language(label).tag
    except UsageError:
        return ""


def _in_another(path: Path, bases: Iterable[Path], keys: set[str]) -> bool:
    """Whether a file is an edition of a paired article in yet another language."""
    for base in bases:
        if path.is_relative_to(base):
            inside = path.relative_to(base)
            for label in filter(None, (*inside.parent.parts, _label(inside.stem, lambda one: bool(_language(one))))):
                if (tag := _language(label)) and _named(inside, tag).key in keys:
                    return True
    return False


_Key = Callable[[_Name], str]


def _alone(name: _Name) -> str:
    """The name of a file without its folders."""
    stem = name.key.rpartition("/")[2]
    return "" if stem in _EVERYWHERE else stem


def _number(name: _Name) -> str:
    """The folder of a file and the number or date that its name begins with."""
    folder, _, stem = name.key.rpartition("/")
    found = _NUMBER.match(stem)
    return f"{folder}/{'.'.join(str(int(one)) for one in re.findall('[0-9]+', found[1]))}" if found else ""


def _only(
    ours: Sequence[tuple[Source, _Name]], theirs: Sequence[tuple[Path, _Name]], key_of: _Key
) -> Iterator[tuple[Source, Path]]:
    """Those of a key that only one of each has."""
    here: defaultdict[str, list[Source]] = defaultdict(list)
    there: defaultdict[str, list[Path]] = defaultdict(list)
    for source, name in ours:
        here[key_of(name)].append(source)
    for path, name in theirs:
        there[key_of(name)].append(path)
    for key, sources in here.items():
        if key and len(sources) == len(there.get(key, ())) == 1:
            yield sources[0], there[key][0]
