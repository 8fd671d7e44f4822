"""A family of translation models that are told the languages by tokens: data, one TOML file each in `families/`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from toolkit.errors import ModelError, UsageError
from toolkit.files import printable, read_bytes, show
from toolkit.tables import Where, parse_json, parse_toml, read
from toolkit.units import LanguagePair

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
    beam: int
    length_penalty: float
    languages: Mapping[str, str]
    """BCP 47 tag -> token."""
    hide: tuple[str, str] | None = None
    """What a text must not hold, and what replaces it."""
    centre: str = ""
    """A language that is in every pair; empty: all pairs."""

    def put(self, template: str, pair: LanguagePair, text: str = "") -> str:
        """One of the templates, filled in."""
        if self.hide:
            text = text.replace(*self.hide)
        return template.format(source=self.languages[pair.source], target=self.languages[pair.target], text=text)


@cache
def tokens(name: str) -> Tokens:
    """The family of that name; UsageError names the known ones."""
    known = families()
    if name not in known:
        raise UsageError(f"unknown family {printable(name)!r}; known are {', '.join(known)}")
    text = files("toolkit.models").joinpath("families", f"{name}.toml").read_text(encoding="utf-8")
    place = Where(lambda said: ModelError(f"model family {name}: is broken ({said})"), unknown="")
    return read(Tokens, parse_toml(text, place), place, name=name)


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
def pairs(family: str, languages: tuple[str, ...]) -> tuple[LanguagePair, ...]:
    """All pairs of a model that knows these languages (BCP 47) of its family."""
    centre = tokens(family).centre
    every = (LanguagePair(a, b) for a in languages for b in languages if a != b)
    return tuple(pair for pair in every if not centre or centre in pair)


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
            said = parse_json(data) if path.suffix == ".json" else data.decode("utf-8", "replace").split("\n")
            if not isinstance(said, list):
                break
            return frozenset(word for word in said if isinstance(word, str))
    raise ModelError(f"{show(folder)}: its vocabulary is missing or broken; this is no model for CTranslate2")
