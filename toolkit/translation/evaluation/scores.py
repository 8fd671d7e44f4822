"""How close a machine's output is to a person's: chrF2, chrF++ and BLEU by sacreBLEU, each with its signature.

chrF2 looks at characters and needs no words: the figure to compare languages and systems by. The others need words, and
where a language sets none apart by blanks, the signature says who cut them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from toolkit.errors import UsageError
from toolkit.language import language
from toolkit.language.chinese import is_chinese

INSTALL = "pip install 'lokta[evaluate]'"
SAMPLES = 1000
"""Resamples of a paired bootstrap."""
_SYLLABLE = re.compile(
    r"[\u0f35\u0f37\u0f39\u0f40-\u0f84\u0f86-\u0fbc]+|\d+(?:[.,]\d+)*|[^\W\d_\u0f00-\u0fff]+|[^\s\u0f0b\u0f0c]"
)
_SPLITTERS: Mapping[str, Callable[[str], str]] = {"": str, "tsheg:1": lambda text: tsheg_split(text)}
"""Our pre-tokenisers by name and version, as a signature gives them; whoever changes one raises its number."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A metric as one language wants it."""

    name: str
    metric: str
    """sacreBLEU's class."""
    options: tuple[tuple[str, Any], ...] = ()
    splitter: str = ""
    """A key of `_SPLITTERS`."""

    def score(self, outputs: Sequence[str], references: Sequence[str]) -> Score:
        """The corpus score of `outputs`, one to a reference."""
        metric = self._made()
        found = metric.corpus_score(self._split(outputs), [self._split(references)])
        return Score(self.name, found.score, self._signature(metric))

    def compare(self, outputs: Sequence[str], others: Sequence[str], references: Sequence[str]) -> Score:
        """The score of `outputs`, that of another system, and how likely such a difference is by chance."""
        from sacrebleu.significance import PairedTest

        metric = self._made()
        systems: list[tuple[str, Sequence[str]]] = [("other", self._split(others)), ("ours", self._split(outputs))]
        test = PairedTest(systems, {self.metric: metric}, [self._split(references)], test_type="bs", n_samples=SAMPLES)
        signatures, results = test()
        key = next(iter(signatures))
        theirs, ours = (result for result in results[key] if not isinstance(result, str))
        # sacreBLEU calls two equal outputs different with p = 0.001: it counts resamples that differ more than by nothing.
        chance = 1.0 if systems[0][1] == systems[1][1] else ours.p_value
        return Score(self.name, ours.score, self._signature(signatures[key]), theirs.score, chance)

    def _made(self) -> Any:
        from sacrebleu import metrics

        return getattr(metrics, self.metric)(**dict(self.options))

    def _split(self, texts: Sequence[str]) -> list[str]:
        return [_SPLITTERS[self.splitter](text) for text in texts]

    def _signature(self, said: Any) -> str:
        signature = said.get_signature() if hasattr(said, "get_signature") else said
        return f"{signature}|pre:lokta-{self.splitter}" if self.splitter else str(signature)


@dataclass(frozen=True, slots=True)
class Score:
    """A figure that somebody else can check."""

    name: str
    value: float
    """0 to 100."""
    signature: str
    other: float | None = None
    """Another system's, on the same sentences."""
    p_value: float | None = None
    """Of the difference between the two, by paired bootstrap."""


def measures(target_language: str) -> tuple[Measure, ...]:
    """What drafts in a language are measured by."""
    spoken = language(target_language)
    chrf, words = Measure("chrF2", "CHRF"), (("word_order", 2),)
    if spoken.script == "Tibt":
        plain = (("tokenize", "none"), ("force", True))
        return (
            chrf,
            Measure("chrF++ (tsheg)", "CHRF", words, "tsheg:1"),
            Measure("chrF++ (raw)", "CHRF", words),
            Measure("BLEU (tsheg)", "BLEU", plain, "tsheg:1"),
            Measure("BLEU (raw)", "BLEU", plain),
        )
    tokenizer = "zh" if is_chinese(spoken) else "13a" if spoken.spaced else "char"
    return chrf, Measure("chrF++", "CHRF", words), Measure("BLEU", "BLEU", (("tokenize", tokenizer),))


def tsheg_split(text: str) -> str:
    """Tibetan with blanks between its syllables, its figures and its marks; what ends the sentence is left out."""
    text = (
        unicodedata.normalize("NFC", text)
        .replace("\u0f77", "\u0fb2\u0f71\u0f80")
        .replace("\u0f79", "\u0fb3\u0f71\u0f80")
    )
    return " ".join(_SYLLABLE.findall(unicodedata.normalize("NFC", text).rstrip("།༎་༌ \u00a0")))


def score(
    outputs: Sequence[str], references: Sequence[str], target_language: str, others: Sequence[str] = ()
) -> tuple[Score, ...]:
    """All measures of the language; with `others`, another system's output, each is compared.

    Raises UsageError where sacreBLEU is not installed.
    """
    check_ready()
    if others:
        return tuple(measure.compare(outputs, others, references) for measure in measures(target_language))
    return tuple(measure.score(outputs, references) for measure in measures(target_language))


def check_ready() -> None:
    """Raises UsageError, with the way to it, where sacreBLEU is not installed."""
    if find_spec("sacrebleu") is None:
        raise UsageError(f"to measure models is an extra: {INSTALL}")
