"""Engines for tests that answer at once, remember what they were asked, and show what shared a window.

FakeEngine   a plug-in engine: `FakeEngine(str.upper)` answers with a function of the text
FakeModel    the same behind the seam to models, where the draft cache works
Windowed     an engine over a FakeModel; `checked`: it judges its drafts, and with `again` tries once more what failed
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from toolkit.translation.cache import CachedModel, DraftCache
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.reference import References
from toolkit.translation.drafting.run import Checkpoint
from toolkit.translation.engines.model_engine import ModelEngine
from toolkit.translation.inference import Model, Output, Question
from toolkit.units import (
    Abilities,
    Answer,
    Catalog,
    Engine,
    Identity,
    LanguagePair,
    Match,
    ProvenanceLine,
    Refusal,
    Request,
    Unit,
    text_hash,
)

Says = Callable[[str], "str | Refusal | None"]
"""A text's translation; a refusal, or None for no answer."""


class FakeEngine(Engine):
    """Answers with a function of the text, one request at a time."""

    def __init__(self, says: Says = str.upper, name: str = "fake", model: str = "m", **abilities: Any) -> None:
        self.says = says
        self.name = name
        self.model = model
        self.abilities = Abilities(**{"independent": True, **abilities})
        self.asked: list[Request] = []
        self.pairs: list[LanguagePair] = []

    @property
    def identities(self) -> frozenset[Identity]:
        return frozenset((Identity(self.name, self.model),))

    @property
    def texts(self) -> list[str]:
        """All that it was asked."""
        return [request.source for request in self.asked]

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        for request in requests:
            self.asked.append(request)
            self.pairs.append(pair)
            said = self.says(request.source)
            yield Match(said, "mt", self.name, -0.5, self.model, remarks=("weak",)) if isinstance(said, str) else said


class FakeModel(Model):
    """Says `中` with the text's number of letters. What shares a window with a text shows in its log-probability."""

    def __init__(
        self,
        name: str = "fake m",
        say: Callable[[str], str | Output] | None = None,
        mates: bool = True,
        again: Callable[[str], str | Output] | None = None,
    ) -> None:
        self._name = name
        self.say = say
        self.again = again
        """What it says when it is asked with the setting `again`."""
        self.mates = mates
        """Outputs depend on what is asked beside them."""
        self.asked: list[list[str]] = []
        self.settings: list[dict[str, Any]] = []
        self._tokens = 0

    @property
    def name(self) -> str:
        return self._name

    @property
    def fingerprint(self) -> str:
        return self._name

    @property
    def tokens(self) -> int:
        return self._tokens

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        texts = [question.text for question in questions]
        self.asked.append(texts)
        self.settings += [dict(question.settings) for question in questions]
        self._tokens += 3 * len(texts)
        mates = sum(map(len, texts)) if self.mates else 0
        says = [self.again if question.settings.get("again") else self.say for question in questions]
        return [self._output(text, say, mates) for text, say in zip(texts, says, strict=True)]

    def _output(self, text: str, say: Callable[[str], str | Output] | None, mates: int) -> Output:
        said = say(text) if say else f"中{sum(map(str.isalpha, text))}。"
        if isinstance(said, Output):
            return said
        if "bad" in text:
            return Output(failed="it is bad")
        return Output(said, -len(text) / 100 - mates / 1e4, 1)

    @property
    def texts(self) -> list[str]:
        """All that it was asked."""
        return [text for window in self.asked for text in window]


class Windowed(ModelEngine):
    """An engine over a FakeModel. A text with `mute` in it gets no answer, one with `bad` is refused."""

    name = "fake"

    def __init__(
        self,
        grain: str = "sentence",
        window: int = 3,
        independent: bool = False,
        model: str = "m",
        cache: DraftCache | None = None,
        checked: bool = False,
        says: Callable[[str], str | Output] | None = None,
        again: Callable[[str], str | Output] | None = None,
    ) -> None:
        self.signature_ = model
        self.fake = FakeModel(f"fake {model}", says, not independent, again)
        super().__init__(CachedModel(self.fake, cache) if cache is not None else self.fake, raw=not checked)
        self.abilities = Abilities(grain=grain, window=window, independent=independent, checked=checked)  # type: ignore[arg-type]

    @property
    def signature(self) -> str:
        return self.signature_

    @property
    def asked(self) -> list[list[str]]:
        """The texts that the model was asked, window by window."""
        return self.fake.asked

    @property
    def texts(self) -> list[str]:
        """The same in one list."""
        return self.fake.texts

    def question(self, request: Request, pair: LanguagePair) -> Question:
        return Question(request.source, {}, pair, request.source, request.fresh)

    def answer(self, request: Request, output: Output, pair: LanguagePair) -> Any:
        return None if "mute" in request.source else super().answer(request, output, pair)

    def retry(self, requests: Sequence[Request], pair: LanguagePair) -> list[Answer]:
        if self.fake.again is None:
            return super().retry(requests, pair)
        questions = [replace(self.question(request, pair), settings={"again": True}) for request in requests]
        answers = [self.answer(*both, pair) for both in zip(requests, self.model.ask(questions), strict=True)]
        return [
            replace(answer, remarks=(*answer.remarks, "second try")) if isinstance(answer, Match) else answer
            for answer in answers
        ]


def catalog(*sources: str, markup: str = "plain", source: str = "en", target: str = "zh-Hans") -> Catalog:
    """A catalog of these msgids without translations."""
    return Catalog(source, target, tuple(map(Unit, sources)), {"X-Lokta-Article": "a", "X-Lokta-Markup": markup})


def targets(catalogs: Sequence[Catalog]) -> list[str]:
    """All msgstrs."""
    return [unit.target for one in catalogs for unit in one.units]


def drafted(unit: Unit, target: str, model: str, **changes: str) -> Unit:
    """The unit with a draft that the engine `fake` made with this model."""
    line = ProvenanceLine("mt", (("engine", "fake"), ("model", model), ("hash", text_hash(target))))
    return replace(unit, target=target, **changes).with_lines(line).flagged("fuzzy")  # type: ignore[arg-type]


def run(
    catalogs: Sequence[Catalog],
    engine: Engine,
    redraft: bool = False,
    references: Sequence[References] = (),
    checkpoint: Checkpoint | None = None,
) -> tuple[Catalog, ...]:
    """One job; saved whenever it may be."""
    return draft(Job(tuple(catalogs), engine, redraft, tuple(references)), checkpoint, every=0)


class Stop(Exception):
    """A kill: what was saved before is on disk, what came later is lost."""
