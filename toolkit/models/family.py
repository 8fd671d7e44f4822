"""How a family of language models wants to be asked: its languages, its words, what is cut off its answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from toolkit.language import language


@dataclass(frozen=True, slots=True)
class Wording:
    """One `[[request]]`: the words for the pairs that one of its languages takes part in.

    Every text is a template; `{source}`, `{target}` and `{second}` are names of languages.
    """

    languages: tuple[str, ...]
    """BCP 47; empty: for all pairs that no wording before it is for."""
    names: Mapping[str, str]
    """BCP 47 tag -> the name of the language in these words."""
    prompt: str
    """With `{text}`, and `{terms}`, `{examples}` where they are to stand."""
    with_background: str = ""
    """Instead of `prompt`, where there is background: `{background}`, and `{rule}` for what is to be said of delimiters."""
    with_second: str = ""
    """Instead of `prompt`, where there is a second source: `{second_text}`."""
    with_delimiters: str = ""
    """Instead of `prompt`, where the sentences are delimited by `{delimiter}`."""
    rule: str = ""
    """What is said of delimiters in `with_background`."""
    title: str = ""
    """A line of the background: `{title}`; empty: the family is not told it. So are the next four."""
    before: str = ""
    after: str = ""
    paragraph: str = ""
    """The paragraph around a sentence that is asked alone: `{paragraph}`."""
    second: str = ""
    """The second source, where it is told as background: `{second_text}`."""
    terms: str = ""
    """`{lines}`, each a `term`."""
    term: str = ""
    """`{source_term}`, `{target_term}`."""
    example: str = ""
    """`{source_text}`, `{target_text}`."""
    numbered: str = ""
    """Instead of `prompt`, for several texts in one request, each behind its number in brackets: `[1] …`."""
    numbered_with_background: str = ""


@dataclass(frozen=True, slots=True)
class Family:
    """One file of `families/`."""

    name: str
    title: str
    """What people call it, and who made it."""
    grain: Literal["sentence", "unit"]
    """What it is given in one request."""
    chat: bool
    """Asked as a user's message, by the chat template of the model; otherwise by a raw completion."""
    context: int
    """Tokens that question and answer may take together."""
    languages: Mapping[str, str]
    """BCP 47 tag -> the family's own name of the language."""
    centres: tuple[str, ...]
    """One side of every pair is one of these; empty: any two languages."""
    wordings: tuple[Wording, ...]
    stop: tuple[str, ...]
    """The answer ends before any of these."""
    cut: tuple[str, ...]
    """Regular expressions of what is cut off an answer."""
    delimiter: str
    """What stands between the sentences of a paragraph, question and answer alike; empty: sentences are not delimited."""
    markers: bool
    """Whether `(1)` in place of an inline code comes through; otherwise codes are taken out and put in by proportion."""
    segments: int
    """How many texts one request over the network may hold."""
    examples: tuple[Mapping[str, str], ...]
    """The same sentence in several languages, shown before every request of a model that is asked by examples."""
    sampling: Mapping[str, float]
    """Beside temperature 0: `repeat_penalty`."""
    answer_plus: int
    answer_per_character: Mapping[str, float]
    """Script of the source -> tokens that an answer may take for each of its characters."""
    translator: bool = False
    """Made to translate, so that it is taken before any other model of its pairs."""
    chat_template: str = ""
    """Jinja, for a file that lost its own."""

    def knows(self, source_language: str, target_language: str) -> bool:
        """Whether the family was made for the pair."""
        pair = (source_language, target_language)
        known = source_language != target_language and all(tag in self.languages for tag in pair)
        return known and (not self.centres or any(tag in self.centres for tag in pair)) and self._shown(pair)

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs that it knows, BCP 47."""
        return tuple((a, b) for a in self.languages for b in self.languages if self.knows(a, b))

    @property
    def background(self) -> frozenset[str]:
        """Which of title, before and after it is told."""
        keys = ("title", "before", "after")
        return frozenset(key for key in keys if any(getattr(one, key) for one in self.wordings))

    @property
    def seconds(self) -> frozenset[str]:
        """The languages in which it takes the same text as help."""
        taken = any(one.with_second or one.second for one in self.wordings)
        return frozenset(self.languages) if taken else frozenset()

    def wording(self, source_language: str, target_language: str) -> Wording:
        """The words for a pair."""
        pair = {source_language, target_language}
        return next(one for one in self.wordings if not one.languages or pair & set(one.languages))

    def shown(self, source_language: str, target_language: str) -> tuple[tuple[str, str], ...]:
        """The examples of a pair."""
        pairs = ((one.get(source_language, ""), one.get(target_language, "")) for one in self.examples)
        return tuple((a, b) for a, b in pairs if a and b)

    def longest_answer(self, text: str, source_language: str) -> int:
        """Tokens after which an answer is taken for a runaway."""
        per = self.answer_per_character.get(language(source_language).script, max(self.answer_per_character.values()))
        return int(per * len(text)) + self.answer_plus

    def _shown(self, pair: tuple[str, str]) -> bool:
        return not self.examples or len(self.shown(*pair)) == len(self.examples)
