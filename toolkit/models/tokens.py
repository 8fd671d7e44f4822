"""A family of translation models that are told the languages by tokens: data, one TOML file each in `families/`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from toolkit.errors import ModelError, UsageError
from toolkit.files import printable, read_bytes, show

_LIMIT = 2**26
VOCABULARIES = ("shared_vocabulary", "target_vocabulary", "source_vocabulary", "vocabulary")
"""What CTranslate2 calls its lists of tokens, with `.json` or `.txt`; the target's before the source's."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One file of `families/` whose engine is `ctranslate2`."""

    name: str
    repositories: tuple[str, ...]
    """Words in the name of a repository that holds such a model."""
    tokenizers: tuple[str, ...]
    """Names of the SentencePiece file, the likelier first."""
    source: str
    """The token before the source's pieces; `{source}` is the source language's."""
    target: str
    """The token that the answer begins with."""
    text: str
    """What is cut into pieces: `{text}`, perhaps behind a token."""
    hide: tuple[str, str] | None
    """What a text must not hold, and what is put in its place."""
    beam: int
    length_penalty: float
    centre: str
    """A language that stands on one side of every pair; empty: all pairs."""
    languages: Mapping[str, str]
    """BCP 47 tag -> token."""

    def put(self, template: str, source_language: str, target_language: str, text: str = "") -> str:
        """One of the templates, filled in."""
        if self.hide:
            text = text.replace(*self.hide)
        return template.format(
            source=self.languages[source_language], target=self.languages[target_language], text=text
        )


@cache
def tokens(name: str) -> Tokens:
    """The family of that name; UsageError names the known ones."""
    known = families()
    if name not in known:
        raise UsageError(f"unknown family {printable(name)!r}; known are {', '.join(known)}")
    data = tomllib.loads(files("toolkit.models").joinpath("families", f"{name}.toml").read_text(encoding="utf-8"))
    return Tokens(
        name=name,
        repositories=tuple(data["repositories"]),
        tokenizers=tuple(data["tokenizers"]),
        source=data["source"],
        target=data["target"],
        text=data["text"],
        hide=tuple(data["hide"]) if "hide" in data else None,
        beam=int(data["beam"]),
        length_penalty=float(data["length_penalty"]),
        centre=data.get("centre", ""),
        languages=dict(data["languages"]),
    )


@cache
def families() -> tuple[str, ...]:
    """The names of the families here, sorted."""
    entries = [
        entry for entry in files("toolkit.models").joinpath("families").iterdir() if entry.name.endswith(".toml")
    ]
    ours = [entry for entry in entries if 'engine = "ctranslate2"' in entry.read_text(encoding="utf-8")]
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in ours))


def guess(repository: str) -> str:
    """The family that a repository's name speaks of; UsageError when none."""
    name = repository.lower()
    for family in families():
        if any(word in name for word in tokens(family).repositories):
            return family
    raise UsageError(
        f"{printable(repository)!r}: its family is not known by its name; say it: --family {'|'.join(families())}"
    )


@cache
def pairs(family: str, languages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """All pairs of a model that knows these languages (BCP 47) of its family."""
    centre = tokens(family).centre
    return tuple((a, b) for a in languages for b in languages if a != b and (not centre or centre in (a, b)))


def spoken(family: str, folder: Path) -> tuple[str, ...]:
    """The family's languages whose tokens are in the vocabulary of the model in `folder`; ModelError when there are none."""
    held = _vocabulary(folder)
    found = tuple(tag for tag, token in tokens(family).languages.items() if token in held)
    if len(found) < 2:
        raise ModelError(
            f"{show(folder)}: its vocabulary holds no languages of the family {family}; say another: --family"
        )
    return found


def tokenizer(family: str, held: Collection[str]) -> str:
    """The family's SentencePiece file among the names `held`; empty when there is none."""
    return next((name for name in tokens(family).tokenizers if name in held), "")


def _vocabulary(folder: Path) -> frozenset[str]:
    for path in (folder / f"{stem}{suffix}" for stem in VOCABULARIES for suffix in (".json", ".txt")):
        if path.is_file():
            data = read_bytes(path, _LIMIT)
            try:
                said = json.loads(data) if path.suffix == ".json" else data.decode("utf-8").split("\n")
            except (ValueError, RecursionError):
                break
            return frozenset(word for word in said if isinstance(word, str)) if isinstance(said, list) else frozenset()
    raise ModelError(f"{show(folder)}: its vocabulary is missing or broken; this is no model for CTranslate2")
