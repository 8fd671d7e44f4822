"""A model that is not asked twice: what it said to exactly the same question lies in the draft cache."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future

from toolkit.errors import EngineFailed
from toolkit.translation.cache.store import DraftCache, SentencePair
from toolkit.translation.inference import Model, Output, Question
from toolkit.units import LanguagePair


class CachedModel(Model):
    """Wraps a model. The open questions of a window are asked together, and their outputs kept in one transaction: an
    interrupted job finds a window as it was before or as it is after, so that it forms the same batches again."""

    def __init__(self, inner: Model, cache: DraftCache) -> None:
        self.inner = inner
        self.cache = cache
        self._lock = threading.Lock()
        self._flying: dict[bytes, Future[Output]] = {}
        """Questions that a thread is looking up or asking at this moment. The cache is looked at only after a question was
        put here: what is neither here nor there nobody has asked."""
        self._asked_now: set[str] = set()
        """Source texts of questions that the model was asked, until their sentences are kept."""
        self._working = 0
        """Threads that are asking now; the next two are of the last moment at which one began or ended."""
        self._since, self._produced = 0.0, 0

    @property
    def name(self) -> str:
        """That of the model."""
        return self.inner.name

    @property
    def fingerprint(self) -> str:
        """That of the model."""
        return self.inner.fingerprint

    @property
    def tokens(self) -> int:
        """What the model produced; what the cache answered is not counted."""
        return self.inner.tokens

    def start(self) -> None:
        """Read the model."""
        self.inner.start()

    def stop(self) -> None:
        """Let go of the model."""
        self.inner.stop()

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        """What is kept, and the model's outputs to the rest. Raises as the model does, and for missing outputs."""
        keys = [question.key(self.fingerprint) for question in questions]
        wanted = dict(zip(keys, questions, strict=True))
        with self._lock:
            others = {key: self._flying[key] for key in wanted if key in self._flying}
            mine = {key: one for key, one in wanted.items() if key not in others}
            self._flying |= {key: Future() for key in mine}
        known = self._found(mine)
        known |= {key: future.result() for key, future in others.items()}
        return [known[key] for key in keys]

    def recall(self, questions: Sequence[Question]) -> list[Output | None]:
        """The outputs that are kept."""
        keys = [question.key(self.fingerprint) for question in questions]
        known = self.cache.find(keys)
        return [None if one.fresh else known.get(key) for key, one in zip(keys, questions, strict=True)]

    def remember(self, question: Question, output: Output) -> None:
        """Keep an output."""
        self.cache.keep({question.key(self.fingerprint): output})

    def keep_sentences(
        self, source: str, pair: LanguagePair, sentences: Sequence[tuple[str, str]], signature: str
    ) -> None:
        """Keep the sentences of a draft that was asked for in this run."""
        if source in self._asked_now:
            self._asked_now.discard(source)
            self.cache.keep_sentences(
                SentencePair(*pair, text, target, signature)
                for text, target in sentences
                if text.strip() and target.strip()
            )

    def speed(self, pair: LanguagePair) -> float | None:
        """As the cache has it for the model and this pair: a model takes longer over one pair than over another."""
        return self.cache.speed(self._speed_key(pair))

    def _speed_key(self, pair: LanguagePair) -> str:
        return f"{self.fingerprint} {pair.source} {pair.target}"

    def _found(self, questions: Mapping[bytes, Question]) -> dict[bytes, Output]:
        """What is kept, and the model's outputs to the rest; handed to the threads that wait for it."""
        try:
            found = self.cache.find([key for key, one in questions.items() if not one.fresh])
            open_ = {key: one for key, one in questions.items() if key not in found}
            if open_:
                found |= self._asked(open_)
        except BaseException as error:
            for future in self._landed(questions):
                future.set_exception(error)
            raise
        for key, future in zip(questions, self._landed(questions), strict=True):
            future.set_result(found[key])
        return found

    def _asked(self, questions: Mapping[bytes, Question]) -> dict[bytes, Output]:
        """Ask the model, and keep what it says."""
        with self._measured(questions.values()):
            outputs = self.inner.ask(list(questions.values()))
        if len(outputs) != len(questions):
            raise EngineFailed(f"{self.name}: gave fewer answers than it was asked for; the same command goes on")
        found = dict(zip(questions, outputs, strict=True))
        self.cache.keep(found)
        self._asked_now |= {question.source for question in questions.values()}
        return found

    def _landed(self, keys: Iterable[bytes]) -> list[Future[Output]]:
        with self._lock:
            return [self._flying.pop(key) for key in keys]

    @contextlib.contextmanager
    def _measured(self, questions: Collection[Question]) -> Iterator[None]:
        """Add these questions to the throughput; the time in which several threads ask at once counts once."""
        with self._lock:
            if not self._working:
                self._since, self._produced = time.monotonic(), self.tokens
            self._working += 1
        try:
            yield
        finally:
            with self._lock:
                now, produced = time.monotonic(), self.tokens
                seconds, tokens = now - self._since, produced - self._produced
                self._since, self._produced = now, produced
                self._working -= 1
        pair = next(iter(questions)).pair
        characters = sum(len(question.source) for question in questions)
        self.cache.measured(self._speed_key(pair), self.name, len(questions), characters, seconds, tokens)
