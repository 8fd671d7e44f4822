"""`lokta.toml`: where a project keeps its articles, catalogs and editions, who reviews, and what each language wants."""

from __future__ import annotations

import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from getpass import getuser
from pathlib import Path
from typing import Any

from toolkit.errors import ConfigError
from toolkit.files import read_text, show
from toolkit.language import language
from toolkit.remotes import Remote
from toolkit.remotes import parse as parse_remotes

NAME = "lokta.toml"


@dataclass(frozen=True, slots=True)
class Target:
    """`[target.bo]`."""

    engine: str = ""
    """ENGINE or ENGINE/MODEL; empty: the best installed one."""
    second_source: str = ""
    """BCP 47: a language whose reviewed paragraphs are given to the model beside the source."""
    digits: str = ""
    """`tibt` or `latn`; empty: as the engine wrote them."""
    variant: str = ""
    """Of `zh-Hant`: `tw` or `hk`, where its readers are; empty: `tw`."""


@dataclass(frozen=True, slots=True)
class Drafting:
    """`[drafting]`: how models are run on this project; an option of the command goes before it."""

    beam: int = 0
    """Hypotheses that a search keeps; 0: the engine's own choice, 4."""
    batch_tokens: int = 0
    """Pieces of words in a batch; 0: the engine's own choice, 1024."""
    device: str = "auto"
    """`cpu`, `cuda`, or `auto`: a graphics card if one is seen."""
    compute_type: str = "default"
    """CTranslate2's: `int8`, `float32`, …; `default`: as the package stores its weights."""
    threads: int = 0
    """Processor cores; 0: all."""
    slots: int = 0
    """Texts that a language model drafts at once, at most 16; 0: one."""


@dataclass(frozen=True, slots=True)
class Config:
    """A project's settings; without a `lokta.toml` the folder that the command runs in, with these defaults."""

    root: Path
    source_language: str = ""
    """BCP 47; empty: from the article, at last `en`."""
    articles: Path = Path(".")
    """Folders are absolute once loaded."""
    locales: Path = Path("locales")
    editions: Path = Path("editions")
    reviewer: str = ""
    targets: Mapping[str, Target] = field(default_factory=dict)
    """By BCP 47 tag, in the file's order."""
    drafting: Drafting = Drafting()
    remotes: Mapping[str, Remote] = field(default_factory=dict)
    """The engines over the network that may be used, by name; without a table nothing is sent anywhere."""
    commercial: bool = False
    editorial_responsibility: str = ""
    base_url: str = ""
    """Where the editions will be published, for absolute links."""
    file: Path | None = None

    @property
    def reviewer_name(self) -> str:
        """From `lokta.toml`, else git's user.name, else the login."""
        return self.reviewer or _git_user(self.root) or _login()


def load(start: Path) -> Config:
    """The settings of the project that `start` lies in: the nearest `lokta.toml` upwards, else defaults for `start`.

    Raises ConfigError, with the file's name, for unknown keys and values of the wrong kind.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        path = folder / NAME
        if path.is_file():
            return parse(read_text(path), path)
    return Config(root=start, articles=start, locales=start / "locales", editions=start / "editions")


_TEXTS = ("source_language", "reviewer", "editorial_responsibility", "base_url")
_FOLDERS = ("articles", "locales", "editions")
_TARGET_KEYS = ("engine", "second_source", "digits", "variant")


def parse(text: str, path: Path) -> Config:
    """`lokta.toml` as a Config; see `load`."""
    name = show(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: is not valid TOML: {error}") from None
    known = {*_TEXTS, *_FOLDERS, "commercial", "drafting", "remote", "target"}
    for key in data:
        if key not in known:
            raise ConfigError(f"{name}: unknown key {key!r}; known are {', '.join(sorted(known))}")
    values: dict[str, Any] = {key: _typed(data, key, str, name) for key in _TEXTS if key in data}
    if values.get("source_language"):
        values["source_language"] = language(values["source_language"]).tag
    for key in _FOLDERS:
        values[key] = (path.parent / _typed(data, key, str, name, {"articles": "."}.get(key, key))).resolve()
    return Config(
        root=path.parent,
        commercial=_typed(data, "commercial", bool, name, False),
        drafting=_drafting(_typed(data, "drafting", dict, name, {}), name),
        remotes=parse_remotes(_typed(data, "remote", dict, name, {}), name),
        targets=_targets(_typed(data, "target", dict, name, {}), name),
        file=path,
        **values,
    )


_DEVICES = ("auto", "cpu", "cuda")
_MOST_SLOTS = 16


def _drafting(table: Mapping[str, Any], name: str) -> Drafting:
    kinds = {field.name: type(field.default) for field in fields(Drafting)}
    for key in table:
        if key not in kinds:
            raise ConfigError(f"{name}: unknown key {key!r} in [drafting]; known are {', '.join(kinds)}")
    values = {key: _typed(table, key, kinds[key], name) for key in table}
    if values.get("device", "auto") not in _DEVICES:
        raise ConfigError(f"{name}: device in [drafting] is {', '.join(_DEVICES)}, not {values['device']!r}")
    for key, value in values.items():
        most = _MOST_SLOTS if key == "slots" else 2**16
        if isinstance(value, int) and not 0 <= value <= most:
            raise ConfigError(f"{name}: {key} in [drafting] is a whole number from 0 to {most}, not {value}")
    return Drafting(**values)


def _targets(tables: Mapping[str, Any], name: str) -> dict[str, Target]:
    targets = {}
    for tag, table in tables.items():
        if not isinstance(table, dict):
            raise ConfigError(f"{name}: write a table [target.{tag}], not a value")
        for key in table:
            if key not in _TARGET_KEYS:
                raise ConfigError(f"{name}: unknown key {key!r} in [target.{tag}]; known are {', '.join(_TARGET_KEYS)}")
        values = {key: _typed(table, key, str, name) for key in table}
        if values.get("digits", "") not in ("", "tibt", "latn"):
            raise ConfigError(f'{name}: digits in [target.{tag}] is "tibt" or "latn", not {values["digits"]!r}')
        if values.get("variant", "") not in ("", "tw", "hk"):
            raise ConfigError(f'{name}: variant in [target.{tag}] is "tw" or "hk", not {values["variant"]!r}')
        target = language(tag).tag
        if values.get("second_source"):
            values["second_source"] = language(values["second_source"]).tag
            if values["second_source"] == target:
                raise ConfigError(f"{name}: second_source in [target.{tag}] is another language than {target} itself")
        targets[target] = Target(**values)
    return targets


def _typed(data: Mapping[str, Any], key: str, kind: type, name: str, default: Any = None) -> Any:
    value = data.get(key, default)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ConfigError(f"{name}: {key} must be {_KINDS[kind]}, not {value!r}")
    return value


_KINDS = {str: "a text in quotes", int: "a whole number", bool: "true or false", dict: "tables such as [target.bo]"}

TEMPLATE = """\
# Settings of a Lokta project; `lokta translate` without arguments does all articles into all targets below.
source_language = "{source}"
articles = "{articles}"
locales = "locales"
editions = "editions"
# reviewer = "Your Name"          # else git's user.name, else the login
# commercial = true               # warn of drafts by models whose licence forbids it
# editorial_responsibility = ""   # who answers for the published text
{targets}"""


def template(source: str, articles: str, targets: tuple[str, ...]) -> str:
    """A `lokta.toml` for `lokta init`."""
    tables = ""
    for tag in targets:
        tables += (
            f'\n[target.{tag}]\n# engine = "argos"             # ENGINE or ENGINE/MODEL; else the best installed\n'
        )
        for other in [other for other in targets if other != tag][:1]:
            line = f'# second_source = "{other}"'
            tables += f"{line:<31}# what is reviewed in it helps a model that takes two sources\n"
    return TEMPLATE.format(source=source, articles=articles, targets=tables)


def _git_user(folder: Path) -> str:
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
