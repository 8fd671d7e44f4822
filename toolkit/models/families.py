"""A family of language models and how it wants to be asked: data, one TOML file each (models told by tokens: tokens.py)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from toolkit.errors import ModelError
from toolkit.language import language
from toolkit.models import tokens


@dataclass(frozen=True, slots=True)
class Family:
    """One file of `families/`."""

    name: str
    grain: Literal["sentence", "unit"]
    """What it is given in one request."""
    prompt: str
    """The raw completion; `{text}`, `{source_name}` and `{target_name}` are filled in."""
    stop: tuple[str, ...]
    """The answer ends before any of these."""
    context: int
    """Tokens that question and answer may take together."""
    languages: Mapping[str, str]
    """BCP 47 tag -> the family's own name of the language."""
    markers: bool
    """Whether `[1]` in place of an inline code comes through; otherwise codes are taken out and put in by proportion."""
    answer_plus: int
    answer_per_character: Mapping[str, float]
    """Script of the source -> tokens that an answer may take for each of its characters."""

    def knows(self, source_language: str, target_language: str) -> bool:
        """Whether both languages have a name here."""
        return source_language in self.languages and target_language in self.languages

    def question(self, text: str, source_language: str, target_language: str) -> str:
        """The prompt for one text; line ends in it become blanks, so that it stays one line."""
        return self.prompt.format(
            text=" ".join(text.split("\n")),
            source_name=self.languages[source_language],
            target_name=self.languages[target_language],
        )

    def longest_answer(self, text: str, source_language: str) -> int:
        """Tokens after which an answer is taken for a runaway."""
        per = self.answer_per_character.get(language(source_language).script, max(self.answer_per_character.values()))
        return int(per * len(text)) + self.answer_plus


@cache
def family(name: str) -> Family:
    """The family of that name; raises ModelError, naming the known ones."""
    folder = files("toolkit.models").joinpath("families")
    entry = folder.joinpath(f"{name}.toml")
    others = tokens.families()
    if not name.replace("-", "").replace(".", "").isalnum() or not entry.is_file() or name in others:
        stems = {item.name.removesuffix(".toml") for item in folder.iterdir() if item.name.endswith(".toml")}
        known = sorted(stems - set(others))
        raise ModelError(f"unknown model family {name!r}; known are {', '.join(known)}")
    return parse(entry.read_text(encoding="utf-8"), name)


def parse(text: str, name: str) -> Family:
    """A family's TOML; raises ModelError when it is broken."""
    try:
        data = tomllib.loads(text)
        return Family(
            name=name,
            grain="unit" if data["grain"] == "unit" else "sentence",
            prompt=data["prompt"],
            stop=tuple(data.get("stop", ())),
            context=int(data["context"]),
            languages=dict(data["languages"]),
            markers=bool(data.get("markers", True)),
            answer_plus=int(data["answer"]["plus"]),
            answer_per_character={k: float(v) for k, v in data["answer"]["tokens_per_character"].items()},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise ModelError(
            f"model family {name}: its file is broken ({error!r}); compare it with families/starter.toml"
        ) from None
