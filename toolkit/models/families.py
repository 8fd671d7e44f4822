"""The families of language models by name: data, one TOML file each (models told by tokens: tokens.py).

A project adds its own, or overrules ours, by `families/<name>.toml` beside its `lokta.toml`.
"""

from __future__ import annotations

import contextlib
import re
import string
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Any, Literal

from toolkit.errors import ModelError
from toolkit.files import printable, read_text, show
from toolkit.language import language
from toolkit.models import tokens
from toolkit.tables import Must, Range, Tag, Unfit, Where, parse_toml, read
from toolkit.units import LanguagePair

FOLDER = "families"


_NAMES = frozenset({"source", "target", "second"})
"""The names of the languages, which every template may hold."""


def _holding(places: str, must: str = "") -> Callable[[str], str]:
    """A check of templates: what may stand in braces beside the names of the languages, and what has to."""

    def check(template: str) -> str:
        held = {place for _, place, _, _ in string.Formatter().parse(template) if place is not None}
        if strange := held - _NAMES - {*places.split()}:
            raise Unfit(f" holds {{{min(strange)}}}; it may hold {places}", shown=False)
        if must and must not in held:
            raise Unfit(f" holds no {{{must}}}", shown=False)
        return template

    return check


def _pattern(text: str) -> str:
    """A check of regular expressions."""
    return re.compile(text).pattern


@dataclass(frozen=True, slots=True)
class Wording:
    """A table `[[request]]`: the prompts for some pairs of languages.

    Every text is a template in which `{source}`, `{target}` and `{second}` are names of languages; the check in a field's
    annotation lists what else it may hold.
    """

    names: Mapping[Tag, str]
    """BCP 47 tag -> the name of the language in these prompts. In the file the name of a table; without one [languages]."""
    prompt: Annotated[str, _holding("text terms examples", must="text")]
    languages: tuple[Tag, ...] = ()
    """The pairs that have one of these; empty: all pairs that no wording before it is for."""
    with_background: Annotated[str, _holding("text terms examples background rule delimiter")] = ""
    """Used in place of `prompt` where there is background: `{background}`, and `{rule}` for the rule on delimiters."""
    with_second: Annotated[str, _holding("text terms examples second_text")] = ""
    """Used in place of `prompt` where there is a reference translation: `{second_text}`."""
    with_delimiters: Annotated[str, _holding("text terms examples delimiter")] = ""
    """Used in place of `prompt` where the sentences are separated by `{delimiter}`."""
    rule: Annotated[str, _holding("delimiter")] = ""
    """The rule on delimiters in `with_background`."""
    title: Annotated[str, _holding("title")] = ""
    """A line of the background. Where this or one of the next four is empty, the model is not told that part."""
    before: Annotated[str, _holding("before")] = ""
    after: Annotated[str, _holding("after")] = ""
    paragraph: Annotated[str, _holding("paragraph")] = ""
    """The paragraph around a sentence that is asked for alone."""
    second: Annotated[str, _holding("second_text")] = ""
    """The reference translation, as a line of the background."""
    terms: Annotated[str, _holding("lines")] = ""
    """Terms: `{lines}`, each a `term`."""
    term: Annotated[str, _holding("source_term target_term")] = ""
    example: Annotated[str, _holding("source_text target_text")] = ""
    """One approved translation of a similar text; empty: the model is told none."""
    examples: Annotated[str, _holding("lines")] = ""
    """What stands around the examples: `{lines}`, each an `example`; empty: nothing does."""
    numbered: Annotated[str, _holding("text terms examples count")] = ""
    """Used in place of `prompt` for several texts in one request, each after its number in brackets: `[1] …`."""
    numbered_with_background: Annotated[str, _holding("text terms examples background count")] = ""


@dataclass(frozen=True, slots=True)
class AnswerLength:
    """The table `[answer]`: the tokens after which an answer is taken for a runaway."""

    plus: int
    tokens_per_character: Annotated[Mapping[str, float], Must("a table of numbers by script", bool)]
    """Script of the source -> tokens for each of its characters."""


@dataclass(frozen=True, eq=False)
class Family:
    """A file of `families/`: how language models of one kind are prompted."""

    name: str
    title: str
    """Its usual name, and its maker."""
    grain: Literal["sentence", "unit"]
    """What one request holds: a sentence, or a paragraph."""
    context: Annotated[int, Range(1, 2**24, f"a number of tokens, 1 to {2**24}")]
    """Tokens of a question and its answer together."""
    languages: Mapping[Tag, str]
    """BCP 47 tag -> the family's own name of the language."""
    wordings: tuple[Wording, ...] = field(metadata={"key": "request"})
    answer: AnswerLength
    chat: bool = False
    """Whether a prompt is a user's message in the model's chat template; otherwise the model completes it."""
    centres: tuple[Tag, ...] = ()
    """Languages one of which is in every pair; empty: any two languages make a pair."""
    stop: tuple[str, ...] = ()
    """Texts that end an answer."""
    cut: tuple[Annotated[str, _pattern], ...] = ()
    """Regular expressions of what is removed from an answer."""
    delimiter: str = ""
    """What separates the sentences of a paragraph in prompts and answers; empty: nothing does."""
    placeholders: bool = field(default=True, metadata={"key": "markers"})
    """Whether the model keeps `(1)` in place of an inline code; otherwise codes are removed and put in by proportion."""
    segments: int = 1
    """Texts in one request to a server, at most."""
    examples: tuple[Mapping[Tag, str], ...] = ()
    """The same sentence in several languages, shown before every request of a model that is prompted by examples."""
    most_examples: Annotated[int, Range(0, 64)] = 5
    """Examples in one request, at most; matters where a wording has an `example`."""
    sampling: Mapping[str, float] = field(default_factory=dict)
    """Settings beside temperature 0: `repeat_penalty`."""
    translator: bool = False
    """Whether it was trained to translate, so that it is preferred for its pairs."""
    chat_template: str = ""
    """A Jinja template for files that lack their own."""

    def knows(self, pair: LanguagePair) -> bool:
        """Whether the family was made for the pair."""
        known = pair.source != pair.target and all(tag in self.languages for tag in pair)
        shown = not self.examples or len(self.shown(pair)) == len(self.examples)
        return known and (not self.centres or any(tag in self.centres for tag in pair)) and shown

    @cached_property
    def pairs(self) -> tuple[LanguagePair, ...]:
        """All pairs that it knows; there may be thousands."""
        every = (LanguagePair(a, b) for a in self.languages for b in self.languages)
        return tuple(pair for pair in every if self.knows(pair))

    @property
    def background(self) -> frozenset[str]:
        """Which of title, before and after it is told."""
        keys = ("title", "before", "after")
        return frozenset(key for key in keys if any(getattr(one, key) for one in self.wordings))

    @property
    def reference_languages(self) -> frozenset[str]:
        """The languages in which it takes a reference translation."""
        taken = any(one.with_second or one.second for one in self.wordings)
        return frozenset(self.languages) if taken else frozenset()

    @property
    def takes_examples(self) -> int:
        """How many approved translations of similar texts it is told, at most."""
        return self.most_examples if any(one.example for one in self.wordings) else 0

    def wording(self, pair: LanguagePair) -> Wording:
        """The words for a pair."""
        return next(one for one in self.wordings if not one.languages or {*pair} & {*one.languages})

    def shown(self, pair: LanguagePair) -> tuple[tuple[str, str], ...]:
        """The examples of a pair: source, target."""
        pairs = ((one.get(pair.source, ""), one.get(pair.target, "")) for one in self.examples)
        return tuple((a, b) for a, b in pairs if a and b)

    def longest_answer(self, text: str, source_language: str) -> int:
        """Tokens after which an answer is taken for a runaway."""
        rates = self.answer.tokens_per_character
        return int(rates.get(language(source_language).script, max(rates.values())) * len(text)) + self.answer.plus


@dataclass(frozen=True, slots=True)
class Families:
    """The families that are known in one project: those of this distribution, and the project's own, which win."""

    folder: Path | None = None
    """The project's folder of families; None: there is no project."""

    def __getitem__(self, name: str) -> Family:
        """The family of that name; raises ModelError, naming the known ones."""
        known = self._files()
        if name not in known:
            raise ModelError(
                f"unknown model family {printable(name)!r}; known are {', '.join(sorted(known))}; "
                f"one of your own is a file {FOLDER}/NAME.toml beside lokta.toml, and is known in that project alone"
            )
        path = known[name]
        if path is None:
            return parse(_OURS.joinpath(f"{name}.toml").read_text(encoding="utf-8"), name)
        return parse(read_text(path), name, show(path))

    def __contains__(self, name: str) -> bool:
        return name in self._files()

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all families of language models, sorted."""
        return tuple(sorted(self._files()))

    def _files(self) -> dict[str, Path | None]:
        """Name -> the project's file, or None for one of this distribution."""
        ours = {item.name.removesuffix(".toml") for item in _OURS.iterdir() if item.name.endswith(".toml")}
        found: dict[str, Path | None] = dict.fromkeys(ours - set(tokens.families()))
        if self.folder is not None:
            found |= {path.stem: path for path in sorted(self.folder.glob("*.toml"))}
        return found


BUILT_IN = Families()
"""Those of this distribution alone, for code that runs in no project."""
_OURS = files("toolkit.models").joinpath(FOLDER)


@lru_cache(maxsize=64)
def parse(text: str, name: str, where: str = "") -> Family:
    """The family in a TOML text; raises ModelError, which names the file `where`, for a broken one."""
    place = Where(
        lambda said: ModelError(
            f"{where or f'model family {name}'}: is broken ({said}); "
            f"compare it with one of ours, in {show(Path(str(_OURS)))}"
        )
    )
    data = {"title": name, **parse_toml(text, place)}
    with contextlib.suppress(KeyError, TypeError, AttributeError):  # `read` names what is missing or of another kind
        _put_names(data["request"], data)
    return read(Family, data, place, name=name)


def _put_names(requests: Sequence[dict[str, Any]], data: dict[str, Any]) -> None:
    """Replace the name of a table of languages in each request by that table, and take those tables out of the data."""
    tables = {name: data[name] for name in (one.get("names") for one in requests) if name}
    for name in tables:
        del data[name]
    for one in requests:
        one["names"] = {**data["languages"], **tables.get(one.get("names"), {})}
