"""Reads `lokta.toml`, the settings of a project: folders, reviewer, target languages, how models are run, servers."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from getpass import getuser
from pathlib import Path
from typing import Annotated, Literal

from toolkit import tables
from toolkit.errors import ConfigError
from toolkit.files import read_text, show
from toolkit.project import settings
from toolkit.remotes import Remote
from toolkit.remotes import parse as parse_remotes
from toolkit.tables import Range, Tag, Where

NAME = "lokta.toml"

_Count = Annotated[int, Range(0, 2**16)]


@dataclass(frozen=True, slots=True)
class Target:
    """A table `[target.bo]`: the settings for one target language."""

    engine: str = ""
    """ENGINE or ENGINE/MODEL; empty: the best one that is installed."""
    second_source: Tag = ""
    """The reference language, BCP 47: its reviewed paragraphs are given to the model beside the source."""
    variant: Literal["", "tw", "hk"] = ""
    """Regional form of `zh-Hant`: Taiwan or Hong Kong; empty: `tw`."""
    ignore: tuple[str, ...] = ()
    """Names of checks that say nothing of this language."""


@dataclass(frozen=True, slots=True)
class Checks:
    """The table `[checks]`."""

    ignore: tuple[str, ...] = ()
    """Names of checks that say nothing in this project."""


@dataclass(frozen=True, slots=True)
class Merging:
    """The table `[merge]`: what a changed article does to what is approved."""

    corrections: bool = True
    """An approval outlives a corrected misspelling of the source."""
    sentences: bool = True
    """Unchanged sentences of a changed paragraph keep their approved translation."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """The table `[drafting]`: how models are run; an option of the command line overrides it."""

    beam: _Count = 0
    """Hypotheses that a search keeps; 0: the engine's default, 4."""
    batch_tokens: _Count = 0
    """Tokens in a batch; 0: the engine's default, 1024."""
    device: Literal["auto", "cpu", "cuda"] = "auto"
    """`auto`: a graphics card where there is one."""
    compute_type: str = "default"
    """CTranslate2's name of a number format: `int8`, `float32`, …; `default`: that of the stored weights."""
    threads: _Count = 0
    """Processor cores; 0: all."""
    slots: Annotated[int, Range(0, 16)] = 0
    """Texts that a language model drafts at the same time; 0: one."""
    examples: bool = True
    """A language model that takes examples is shown the approved translations most like the text at hand."""


@dataclass(frozen=True, slots=True)
class Native:
    """The table `[edition.native]`: what editions in the article's own format are like."""

    links: Literal["", "keep"] = ""
    """`keep`: relative links stay as they are, for a generator of sites resolves them; empty: they lead to the same places from
    where the edition lies."""
    disclosure: bool = True
    """The edition says that it is a translation, how much of it is reviewed, and which machine drafted it."""


@dataclass(frozen=True, slots=True)
class Editions:
    """The table `[edition]`."""

    native: Native = Native()


@dataclass(frozen=True, slots=True)
class Config:
    """A project's settings; these defaults where there is no `lokta.toml`."""

    root: Path
    source_language: Tag = ""
    """BCP 47; empty: the one that the article names, else `en`."""
    articles: Path = Path(".")
    """This folder and the next three are absolute once loaded."""
    locales: Path = Path("locales")
    editions: Path = Path("editions")
    memory: Path = Path("memory")
    """The folder of imported translation memories."""
    terms: Path = Path("terms.csv")
    """The list of terms, a file; absolute once loaded."""
    reviewer: str = ""
    markdown: Literal[
        "", "commonmark", "docusaurus", "gfm", "hugo", "jekyll", "mdx", "mkdocs", "myst", "pandoc", "vitepress"
    ] = ""
    """The dialect of the project's Markdown; empty: as the generator's files and the marks in each article show."""
    targets: Mapping[Tag, Target] = field(default_factory=dict, metadata={"key": "target"})
    """BCP 47 tag -> settings, in the file's order."""
    drafting: Drafting = Drafting()
    merge: Merging = Merging()
    remotes: Mapping[str, Remote] = field(default_factory=dict, metadata={"key": "remote"})
    """Name -> server that may be asked for drafts; where there is none, no text leaves this machine."""
    edition: Editions = Editions()
    checks: Checks = Checks()
    commercial: bool = False
    """Whether the editions are used commercially, which some models' licences forbid."""
    editorial_responsibility: str = ""
    """Who is responsible for the published text."""
    base_url: str = ""
    """Address under which the editions will be published, for absolute links."""
    file: Path | None = None
    """The `lokta.toml`; None: there is none."""

    allowed: tuple[Path, ...] = ()
    """Folders outside the project that the person allowed it to use, absolute."""

    def root_of(self, path: Path) -> Path | None:
        """The folder that a write to `path` must not leave: the project's, or one that the person allowed; None: neither, so
        that it was the person who named this very file."""
        return next((root for root in (self.root, *self.allowed) if path.is_relative_to(root)), None)

    def ignored(self, tag: str) -> frozenset[str]:
        """The names of the checks that are silenced for a language."""
        target = self.targets.get(tag)
        return frozenset((*self.checks.ignore, *(target.ignore if target else ())))

    @property
    def all_ignored(self) -> frozenset[str]:
        """The names of the checks that are silenced anywhere."""
        return frozenset().union(self.checks.ignore, *map(self.ignored, self.targets))

    @property
    def way_to(self) -> str:
        """What a hint adds to `lokta translate ARTICLE` so that it names the targets: nothing where the settings name them."""
        return "" if self.targets else " --to bo,zh-Hans"

    @property
    def reviewer_name(self) -> str:
        """The name for review lines: from `lokta.toml`, else git's `user.name`, else the login."""
        return self.reviewer or _git_user(self.root) or _login()


def load(start: Path, allowed: Sequence[Path] = ()) -> Config:
    """The settings in the nearest `lokta.toml`, in `start` or a folder above it; defaults for `start` where there is none.

    `allowed` are folders outside the project that it may use, as the person says. Raises ConfigError, which names the file,
    for text that is no TOML, unknown keys, values that do not fit, and folders that are not allowed.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        path = folder / NAME
        if path.is_file():
            return parse(read_text(path), path, allowed)
    return _absolute(Config(root=start), allowed)


def parse(text: str, path: Path, allowed: Sequence[Path] = ()) -> Config:
    """The settings in the text of a `lokta.toml`; raises as `load` does."""
    place = Where(lambda said: ConfigError(f"{show(path)}: {said}"))
    table = tables.parse_toml(text, place)
    if "remote" in table:
        table["remote"] = parse_remotes(table["remote"], show(path))
    found = tables.read(Config, table, place, root=path.parent, file=path, allowed=())
    for tag, target in found.targets.items():
        if target.second_source == tag:
            raise place.error(f"second_source in [target.{tag}] is another language than {tag} itself")
    return _absolute(found, allowed)


def _absolute(config: Config, allowed: Sequence[Path]) -> Config:
    """The settings with folders that do not depend on the working directory, each inside the project or allowed."""
    config = replace(config, allowed=tuple(folder.resolve() for folder in allowed))
    names = ("articles", "locales", "editions", "memory", "terms")
    places = {key: (config.root / getattr(config, key)).resolve() for key in names}
    for key, folder in places.items():
        if config.root_of(folder) is None:
            raise ConfigError(
                f"{show(config.file or config.root)}: {key} lies outside of the project, at {show(folder)}; if that is what "
                f"you want, say so: lokta --allow {show(folder)} …, or folders in your own settings ({show(settings.path())})"
            )
    return replace(
        config,
        articles=places["articles"],
        locales=places["locales"],
        editions=places["editions"],
        memory=places["memory"],
        terms=places["terms"],
    )


IGNORED = "# made again by lokta\neditions/\n.lokta/\n.lokta.lock\n.lokta-*\n"
"""The text of a new project's `.gitignore`: editions, receipts, locks, temporary files."""
TEMPLATE = """\
# Settings of a Lokta project; `lokta translate` without arguments does all articles into all targets below.
source_language = "{source}"
articles = "{articles}"
locales = "locales"
editions = "editions"
# reviewer = "Your Name"          # else git's user.name, else the login
# markdown = "mdx"               # else what the site's own files and marks show
# commercial = true               # warn of drafts by models whose licence forbids it
# editorial_responsibility = ""   # who answers for the published text
# [merge]
# corrections = false            # a corrected misspelling of the source undoes an approval
# sentences = false              # a changed paragraph keeps none of its sentences' translations
# [edition.native]
# links = "keep"                 # relative links as they are, for a generator of sites
{targets}"""


def template(source: str, articles: str, targets: tuple[str, ...]) -> str:
    """The text of a new `lokta.toml`, as `lokta init` writes it."""
    headings = ""
    for tag in targets:
        headings += (
            f'\n[target.{tag}]\n# engine = "argos"             # ENGINE or ENGINE/MODEL; else the best installed\n'
        )
        if others := [other for other in targets if other != tag]:
            line = f'# second_source = "{others[0]}"'
            headings += f"{line:<31}# what is reviewed in it helps a model that takes two sources\n"
    return TEMPLATE.format(source=source, articles=articles, targets=headings)


def _git_user(folder: Path) -> str:
    """git's `user.name` in a folder; empty where there is none, or no git."""
    try:
        found = subprocess.run(
            ["git", "config", "user.name"], cwd=folder, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return found.stdout.strip()


def _login() -> str:
    try:
        return getuser()
    except (OSError, KeyError):
        return "unknown"
