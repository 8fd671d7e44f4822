"""What a job sends over the network, to whom, and about how much a paid server would count of it.

Tokens are guessed from letters: a server counts by a vocabulary of its own, and nobody knows an answer's length before it
is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

from toolkit.language import language
from toolkit.language.detect import script_of
from toolkit.remotes import Remote
from toolkit.units import Request

_TOKENS = {
    "Latn": 0.25,
    "Cyrl": 0.4,
    "Grek": 0.5,
    "Arab": 0.5,
    "Deva": 0.6,
    "Han": 0.8,
    "Hang": 0.8,
    "Hira": 0.8,
    "Tibt": 1.2,
}
"""Tokens for a letter of a script, as vocabularies of many languages cut it on the average."""
_OTHER = 0.6
_SPACE = 0.1
_SAYS = {"Han": 3.3, "Hang": 2.5, "Hira": 2.0, "Kana": 2.0, "Tibt": 0.8, "Thai": 1.1}
"""How many Latin letters say as much as one letter of a script."""
_WRITTEN_IN = {"Hans": "Han", "Hant": "Han", "Jpan": "Hira", "Kore": "Hang"}
"""Where a language's script is not that of its letters."""


@dataclass(frozen=True, slots=True)
class Sending:
    """What goes to one server."""

    remote: Remote
    texts: int
    unit: str
    """`paragraphs` or `sentences`."""
    letters: int
    tokens_in: int = 0
    """0: this server is not paid by tokens."""
    tokens_out: int = 0

    def __add__(self, other: Sending) -> Sending:
        return replace(
            self,
            texts=self.texts + other.texts,
            letters=self.letters + other.letters,
            tokens_in=self.tokens_in + other.tokens_in,
            tokens_out=self.tokens_out + other.tokens_out,
        )

    @property
    def cost(self) -> float | None:
        """By the project's prices; None where it gives none."""
        sent, said = self.remote.price_in, self.remote.price_out
        if sent is None and said is None:
            return None
        return (self.tokens_in * (sent or 0.0) + self.tokens_out * (said or 0.0)) / 1e6

    @property
    def line(self) -> str:
        """For a person: `chat: 12 paragraphs go to https://api.example.org …`."""
        model = f" ({self.remote.model})" if self.remote.model else ""
        many = f"1 {self.unit.removesuffix('s')} goes" if self.texts == 1 else f"{self.texts:,} {self.unit} go"
        line = f"{self.remote.name}: {many} to {self.remote.origin}{model}"
        if not self.tokens_in:
            return f"{line}: {self.letters:,} letters"
        price = "" if self.cost is None else f", about {self.cost:.2f} by the prices in lokta.toml"
        return f"{line}: about {self.tokens_in:,} tokens in, {self.tokens_out:,} out{price}"


@runtime_checkable
class Sends(Protocol):
    """An engine that asks a server."""

    def sending(self, requests: Sequence[Request], source_language: str, target_language: str) -> Sending:
        """What these requests would send; nothing is sent."""
        ...


def together(sendings: Iterable[Sending]) -> tuple[Sending, ...]:
    """One for each server, in the order in which they were first named."""
    found: dict[str, Sending] = {}
    for one in sendings:
        name = one.remote.name
        found[name] = found[name] + one if name in found else one
    return tuple(one for one in found.values() if one.texts)


def tokens(text: str) -> float:
    """About how many tokens a text is."""
    return sum(_SPACE if char.isspace() else _TOKENS.get(script_of(char), _OTHER) for char in text)


def answer_tokens(text: str, target_language: str) -> float:
    """About how many tokens its translation is."""
    script = language(target_language).script
    script = _WRITTEN_IN.get(script, script)
    says = sum(_SAYS.get(script_of(char), 1.0) for char in text)
    return says / _SAYS.get(script, 1.0) * _TOKENS.get(script, _OTHER)
