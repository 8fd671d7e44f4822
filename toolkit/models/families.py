"""The families of language models by name: data, one TOML file each (models told by tokens: tokens.py).

A project adds its own, or overrules ours, by `families/<name>.toml` beside its `lokta.toml`.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from toolkit import config
from toolkit.errors import LoktaError, ModelError
from toolkit.files import printable, read_text, show
from toolkit.language import language
from toolkit.models import tokens
from toolkit.models.family import Family, Wording

FOLDER = "families"


def family(name: str) -> Family:
    """The family of that name, the project's own before ours; raises ModelError, naming the known ones."""
    known = _known()
    if name not in known:
        raise ModelError(
            f"unknown model family {printable(name)!r}; known are {', '.join(sorted(known))}; "
            f"one of your own is a file {FOLDER}/NAME.toml beside lokta.toml, and is known in that project alone"
        )
    path = known[name]
    return _ours(name) if path is None else parse(read_text(path), name, show(path))


def families() -> tuple[str, ...]:
    """The names of all families of language models here, sorted."""
    return tuple(sorted(_known()))


def _known() -> dict[str, Path | None]:
    """Name -> the project's file, or None for one of ours."""
    ours = {item.name.removesuffix(".toml") for item in _OURS.iterdir() if item.name.endswith(".toml")}
    found: dict[str, Path | None] = dict.fromkeys(ours - set(tokens.families()))
    project = config.load(Path.cwd())
    if project.file is not None:
        found |= {path.stem: path for path in sorted((project.root / FOLDER).glob("*.toml"))}
    return found


@cache
def _ours(name: str) -> Family:
    return parse(_OURS.joinpath(f"{name}.toml").read_text(encoding="utf-8"), name)


_OURS = files("toolkit.models").joinpath(FOLDER)
_KEYS = (
    "title grain chat context languages centres request stop cut delimiter markers segments examples sampling answer "
    "translator chat_template"
)
_MOST = 2**24
_PLACES = {
    "prompt": "text terms examples",
    "with_background": "text terms examples background rule delimiter",
    "with_second": "text terms examples second_text",
    "with_delimiters": "text terms examples delimiter",
    "numbered": "text terms examples count",
    "numbered_with_background": "text terms examples background count",
    "rule": "delimiter",
    "title": "title",
    "before": "before",
    "after": "after",
    "paragraph": "paragraph",
    "second": "second_text",
    "terms": "lines",
    "term": "source_term target_term",
    "example": "source_text target_text",
}
"""What each text of a wording may hold in braces, beside the names of the languages."""
_NAMES = {"source", "target", "second"}


def parse(text: str, name: str, where: str = "") -> Family:
    """A family's TOML; raises ModelError, naming the file `where`, when it is broken."""
    try:
        data = tomllib.loads(text)
        _check(data)
        languages = {language(tag).tag: str(said) for tag, said in data["languages"].items()}
        return Family(
            name=name,
            title=str(data.get("title", name)),
            grain="unit" if data["grain"] == "unit" else "sentence",
            chat=bool(data.get("chat", False)),
            context=int(data["context"]),
            languages=languages,
            centres=tuple(data.get("centres", ())),
            wordings=tuple(_wording(table, data, languages) for table in data["request"]),
            stop=tuple(map(str, data.get("stop", ()))),
            cut=tuple(re.compile(one).pattern for one in data.get("cut", ())),
            delimiter=str(data.get("delimiter", "")),
            markers=bool(data.get("markers", True)),
            segments=int(data.get("segments", 1)),
            examples=tuple({str(k): str(v) for k, v in one.items()} for one in data.get("examples", ())),
            sampling={str(k): float(v) for k, v in data.get("sampling", {}).items()},
            answer_plus=int(data["answer"]["plus"]),
            answer_per_character={k: float(v) for k, v in data["answer"]["tokens_per_character"].items()},
            translator=bool(data.get("translator", False)),
            chat_template=str(data.get("chat_template", "")),
        )
    except (LoktaError, tomllib.TOMLDecodeError, re.error, KeyError, TypeError, ValueError, AttributeError) as error:
        said = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ModelError(
            f"{where or f'model family {name}'}: is broken ({printable(said)}); compare it with one of ours, in {show(Path(str(_OURS)))}"
        ) from None


def _check(data: Mapping[str, Any]) -> None:
    """ValueError for a key that would be passed over in silence, and for a measure that cannot be."""
    tables = {str(one["names"]) for one in data.get("request", ()) if "names" in one}
    if strange := set(data) - set(_KEYS.split()) - tables:
        raise ValueError(f"unknown key {min(strange)!r}; known are {_KEYS.replace(' ', ', ')}")
    if not 0 < int(data["context"]) <= _MOST:
        raise ValueError(f"context is {data['context']}; it is a number of tokens, 1 to {_MOST}")


def _wording(table: Mapping[str, Any], data: Mapping[str, Any], languages: Mapping[str, str]) -> Wording:
    names = languages if "names" not in table else {**languages, **data[str(table["names"])]}
    texts = {key: str(said) for key, said in table.items() if key not in ("languages", "names")}
    for key, said in texts.items():
        if key not in _PLACES:
            raise ValueError(f"unknown key {key!r} in [[request]]; known are {', '.join(_PLACES)}")
        held = {place for _, place, _, _ in string.Formatter().parse(said) if place is not None}
        if strange := held - {*_PLACES[key].split(), *_NAMES}:
            raise ValueError(f"{key} holds {{{min(strange)}}}; it may hold {_PLACES[key]}")
    if "{text}" not in texts["prompt"]:
        raise ValueError("prompt holds no {text}")
    return Wording(languages=tuple(table.get("languages", ())), names=names, **texts)
