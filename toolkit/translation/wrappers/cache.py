"""An engine that is not asked twice: what it said to exactly the same question lies in the draft cache.

An engine whose answers depend on what is asked beside them (int8 batches) gets a window's open questions together, and
their answers, refusals included, are kept in one transaction: an interrupted job finds a window as it was before or as it
is after, asks the same questions together, and gets the same bytes. Any other engine gets a stream, and each of its answers
is kept when it comes: an interrupted job has lost what was in the air.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from toolkit.errors import EngineFailed
from toolkit.memory.drafts import Drafts, key
from toolkit.memory.rows import Kept, SentencePair
from toolkit.segment import sentences
from toolkit.translation.identity import identities
from toolkit.translation.wrappers.base import Wrapper
from toolkit.translation.wrappers.passing import Passing, Question, closed
from toolkit.units import Answer, Engine, Match, Refusal, Request

_RULES = "5"
"""To be raised when the rules of refusal, of masking or of post-editing inside become others: old answers are stale then."""


@dataclass(slots=True, eq=False)
class _Named(Question):
    name: bytes = b""
    """Its key in the cache."""


class Cached(Wrapper):
    """Stands inside of what hides codes, so that equal sentences with unlike links are one question, and outside of what refuses."""

    def __init__(self, inner: Engine, drafts: Drafts, ask_refused: bool = False) -> None:
        super().__init__(inner)
        self.drafts = drafts
        self.ask_refused = ask_refused
        """Ask again what was refused before."""

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """What is kept, and the inner engine's answers to the rest."""
        way = self._streamed if self.independent else self._windowed
        return way(requests, source_language, target_language)

    def _streamed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Each answer is kept in the moment it comes; a question that is being asked is not asked a second time."""
        asked = f"{_RULES} {fingerprint(self.inner)}"
        flying: dict[bytes, _Named] = {}

        def questions() -> Iterator[_Named]:
            for request in requests:
                name = key(request, source_language, target_language, asked)
                if name not in flying:
                    known = self._known([name])
                    question = _Named(request, known.get(name), name not in known, name=name)
                    if not question.open:
                        yield question
                        continue
                    flying[name] = question
                yield flying[name]

        passing = Passing(questions(), self.name)
        waited, produced = 0.0, self.tokens
        with closed(passing.run(lambda open_: self.inner.translate(open_, source_language, target_language))) as found:
            for question in found:
                if flying.pop(question.name, None):
                    self._keep({question.name: question.request}, [question.answer], source_language, target_language)
                    now = passing.waited, self.tokens
                    self._measured(
                        (asked, source_language, target_language),
                        [question.request],
                        now[0] - waited,
                        now[1] - produced,
                    )
                    waited, produced = now
                yield question.answer

    def _windowed(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """Window by window, the open questions of each together."""
        waiting = iter(requests)
        asked = ""
        while window := list(islice(waiting, max(self.window, 1))):
            asked = asked or f"{_RULES} {fingerprint(self.inner)}"
            keys = [key(request, source_language, target_language, asked) for request in window]
            known = self._known(keys)
            open_ = {name: request for name, request in zip(keys, window, strict=True) if name not in known}
            if open_:
                began, produced = time.monotonic(), self.tokens
                answers = list(self.inner.translate(open_.values(), source_language, target_language))
                if len(answers) != len(open_):
                    raise EngineFailed(
                        f"{self.name}: gave fewer answers than it was asked for; the same command goes on"
                    )
                self._keep(open_, answers, source_language, target_language)
                self._measured(
                    (asked, source_language, target_language),
                    open_.values(),
                    time.monotonic() - began,
                    self.tokens - produced,
                )
                known |= zip(open_, answers, strict=True)
            yield from (known[name] for name in keys)

    def _keep(
        self,
        asked: Mapping[bytes, Request],
        answers: Sequence[Answer],
        source_language: str,
        target_language: str,
    ) -> None:
        """The answers that are worth it, and the sentences in them; silence and what comes from a memory are not."""
        worth: list[tuple[bytes, Kept]] = []
        pairs: list[SentencePair] = []
        for (name, request), answer in zip(asked.items(), answers, strict=True):
            if isinstance(answer, Refusal):
                worth.append((name, answer))
            elif isinstance(answer, Match) and answer.type == "mt":
                worth.append((name, answer))
                pairs += (
                    SentencePair(source_language, target_language, source, target, answer.model)
                    for source, target in self._sentences(request, answer, source_language)
                    if source.strip() and target.strip()
                )
        self.drafts.keep(worth, pairs)

    def _sentences(self, request: Request, answer: Match, source_language: str) -> Sequence[tuple[str, str]]:
        """The answer's own, else the whole where it was one sentence that was asked."""
        alone = answer.sentences or self.grain == "sentence" or len(sentences(request.source, source_language)) == 1
        return answer.sentences or (((request.source, answer.target),) if alone else ())

    def _measured(
        self, asked: tuple[str, str, str], requests: Collection[Request], seconds: float, produced: int
    ) -> None:
        """Who was asked, and the pair of languages: a model takes longer over one than over another."""
        characters = sum(len(request.source) for request in requests)
        self.drafts.measured(" ".join(asked), self._model, len(requests), characters, seconds, produced)

    def unknown(
        self, requests: Sequence[Request], source_language: str, target_language: str
    ) -> tuple[list[Request], float | None]:
        """The requests that would have to be asked, each once, and the characters a second that the engine does here."""
        asked = f"{_RULES} {fingerprint(self.inner)}"
        keys = [key(request, source_language, target_language, asked) for request in requests]
        known = self._known(keys)
        open_ = {name: request for name, request in zip(keys, requests, strict=True) if name not in known}
        return list(open_.values()), self.drafts.speed(" ".join((asked, source_language, target_language)))

    def _known(self, keys: Sequence[bytes]) -> dict[bytes, Answer]:
        found = self.drafts.find(keys)
        return {name: kept for name, kept in found.items() if not (self.ask_refused and isinstance(kept, Refusal))}

    @property
    def _model(self) -> str:
        return " ".join(sorted(f"{made.engine} {made.model}".strip() for made in self.identities))


def fingerprint(engine: Engine) -> str:
    """All that an engine's answers depend on beside the question; an engine that says nothing is known by its signatures."""
    said = getattr(engine, "fingerprint", "")
    return str(said) or " ".join(sorted(f"{made.engine} {made.model}" for made in identities(engine)))
