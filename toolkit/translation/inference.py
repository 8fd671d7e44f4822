"""The seam between engines and models: questions go in, raw outputs come out.

Engines know languages, prompts, codes and quality checks; a model knows weights or a server, and nothing of these. What a
model says is cached as it said it (`translation.cache`); everything that is made of it is made anew each time.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from toolkit.units import LanguagePair


@dataclass(frozen=True, slots=True)
class Question:
    """One text for a model, with all that may change its output."""

    text: str
    """A prompt, or a sentence with placeholders for its codes."""
    settings: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """Decoding and conditioning, as JSON can hold them: beam, penalties, language tokens, longest answer."""
    pair: LanguagePair = field(default=LanguagePair("", ""), compare=False)
    """For what is measured and kept beside the output; what changes the output stands in text and settings."""
    source: str = field(default="", compare=False)
    """The text to be translated, of which `text` asks."""
    fresh: bool = field(default=False, compare=False)
    """Ask although the output is cached."""

    def key(self, fingerprint: str) -> bytes:
        """The digest under which the output of the model with this fingerprint is cached."""
        said = json.dumps([fingerprint, self.text, dict(self.settings)], ensure_ascii=True, sort_keys=True)
        return hashlib.sha256(said.encode()).digest()


@dataclass(frozen=True, slots=True)
class Output:
    """What a model said to one question, before anything is made of it."""

    text: str = ""
    logprob: float | None = None
    """Sum of the natural log-probabilities of the answer's tokens; None where the model does not tell."""
    tokens: int = 0
    """Tokens of the answer, its end included; 0 where they are not counted."""
    cut: bool = False
    """The longest answer allowed was reached before the end."""
    failed: str = ""
    """Why there is no answer to this question: `too long for the model`. Other questions are not concerned."""
    pieces: tuple[tuple[bytes, float], ...] = ()
    """The answer's tokens with their log-probabilities, where a part of the answer has to be scored."""
    places: tuple[tuple[str, int, float], ...] = ()
    """Where words that the question seeks (its setting `seek`) might have begun: the word, with a blank before it where the
    token has one; how many characters of `text` stand before it; the log-probability of its first token there."""


class Model(ABC):
    """Weights or a server that answer questions: the only place where ctranslate2, llama.cpp and servers are called."""

    @property
    @abstractmethod
    def name(self) -> str:
        """For people: engine, name of the model, first digits of its digest, or its server."""

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """All that outputs depend on beside the question: digest of the files, compute type, batching, slots."""

    @property
    def tokens(self) -> int:
        """Tokens produced since it was made; 0 where they are not counted."""
        return 0

    def start(self) -> None:
        """Read the weights, if there are any; raises ModelError for a broken file or a missing extra."""
        return

    @abstractmethod
    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """One output for each question, in order; starts the model if need be. Called from several threads at once
        where the engine works on several texts. Raises EngineFailed when the model cannot go on."""

    def stop(self) -> None:
        """Let go of weights and connections; `ask` would start the model again."""
        return

    def recall(self, questions: Sequence[Question]) -> list[Output | None]:
        """What is known of these questions without asking; None: nothing."""
        return [None] * len(questions)

    def remember(self, question: Question, output: Output) -> None:
        """Keep an output that came as a part of the answer to a larger question."""
        return

    def keep_sentences(
        self, source: str, pair: LanguagePair, sentences: Sequence[tuple[str, str]], signature: str
    ) -> None:
        """Keep which sentence of the draft of `source` belongs to which of its sentences."""
        return

    def speed(self, pair: LanguagePair) -> float | None:
        """Characters of source text a second, by earlier runs on this machine; None: not known."""
        return None
