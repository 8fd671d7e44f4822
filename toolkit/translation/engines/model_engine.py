"""An engine over a model: it asks in windows, checks what comes back, and asks once more in another way what failed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from toolkit.quality.refusal import checked
from toolkit.segment import sentences
from toolkit.translation.inference import Model, Output, Question
from toolkit.units import Answer, Engine, Estimate, Identity, LanguagePair, Match, Refusal, Request, Sending


class ModelEngine(Engine):
    """Base of engines over a model. A subclass says how a request becomes a question, and an output an answer."""

    def __init__(self, model: Model, raw: bool = False) -> None:
        self.model = model
        self.raw = raw
        """Give the first answers as they are: no checks, no second tries."""

    @property
    @abstractmethod
    def signature(self) -> str:
        """What drafts are signed with: `translate-en_zh-1_9@3fa9c1d2+greedy`."""

    @property
    def identities(self) -> frozenset[Identity]:
        """The one identity of this engine."""
        return frozenset((Identity(self.name, self.signature),))

    @property
    def tokens(self) -> int:
        """What its model produced."""
        return self.model.tokens

    def load(self) -> None:
        """Read the model; raises ModelError for a broken one."""
        self.model.start()

    @abstractmethod
    def question(self, request: Request, pair: LanguagePair) -> Question:
        """What the model is asked first for a request."""

    def answer(self, request: Request, output: Output, pair: LanguagePair) -> Match | Refusal:
        """What becomes of an output, the quality checks aside."""
        if output.failed or output.cut:
            return self.refuse(output.failed or CUT)
        remarks = (self.label,) if self.label else ()
        return Match(output.text.strip(), "mt", self.name, self.score(output), self.signature, remarks=remarks)

    def score(self, output: Output) -> float | None:
        """The mean log-probability of a token; None where the model does not tell."""
        return output.logprob / output.tokens if output.logprob is not None and output.tokens else None

    def refuse(self, why: str) -> Refusal:
        """A refusal by this engine."""
        return Refusal(self.name, self.signature, why)

    def retry(self, requests: Sequence[Request], pair: LanguagePair) -> list[Answer]:
        """Answers to requests whose first answers failed, found in another way; none by default."""
        return [None] * len(requests)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        """Answer window by window. Raises ModelError for a broken model, EngineFailed when it stops midway."""
        waiting = iter(requests)
        while window := list(islice(waiting, max(self.abilities.window, 1))):
            outputs = self.model.ask([self.question(request, pair) for request in window])
            answers: list[Answer] = [self.answer(*both, pair) for both in zip(window, outputs, strict=True)]
            yield from answers if self.raw else self._checked(window, answers, pair)

    def _checked(self, window: Sequence[Request], answers: Sequence[Answer], pair: LanguagePair) -> Iterator[Answer]:
        """The answers, or what a second try made of those that failed a quality check."""
        judged = [checked(request, answer, pair.target) for request, answer in zip(window, answers, strict=True)]
        failed = [place for place, answer in enumerate(judged) if isinstance(answer, Refusal)]
        again = self.retry([window[place] for place in failed], pair) if failed else []
        for place, answer in zip(failed, again, strict=True):
            better = checked(window[place], answer, pair.target)
            judged[place] = better if isinstance(better, Match) else judged[place]
        return (self.kept(request, answer, pair) for request, answer in zip(window, judged, strict=True))

    def kept(self, request: Request, answer: Answer, pair: LanguagePair) -> Answer:
        """The answer, once it is noted which of its sentences belongs to which of the source, where that is known."""
        if isinstance(answer, Match):
            whole = self.abilities.grain == "sentence" or len(sentences(request.source, pair.source)) == 1
            known = answer.sentences or (((request.source, answer.target),) if whole else ())
            self.model.keep_sentences(request.source, pair, known, answer.model)
        return answer

    def known(self, requests: Sequence[Request], pair: LanguagePair) -> list[bool]:
        """Whether the draft cache holds a first output for each request."""
        outputs = self.model.recall([self.question(request, pair) for request in requests])
        return [output is not None for output in outputs]

    def estimate(self, requests: Mapping[int, Request], pair: LanguagePair) -> Estimate:
        """What the draft cache does not know of these requests, and the time it would take."""
        questions = {self.question(request, pair): number for number, request in reversed(list(requests.items()))}
        numbers = sorted(questions.values())
        known = self.known([requests[number] for number in numbers], pair)
        unanswered = {number: requests[number] for number, is_known in zip(numbers, known, strict=True) if not is_known}
        speed = self.model.speed(pair) if unanswered else None
        characters = sum(len(request.source) for request in unanswered.values())
        seconds = 0.0 if not unanswered else characters / speed if speed else None
        sending = self.sending(list(unanswered.values()), pair) if unanswered else None
        return Estimate(unanswered, seconds, (sending,) if sending else ())

    def sending(self, requests: Sequence[Request], pair: LanguagePair) -> Sending | None:
        """What these requests would send to a server; None for a model on this machine."""
        return None


CUT = "cut off at the longest answer allowed"
