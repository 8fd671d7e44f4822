"""A stream of questions of which an engine is asked some: it takes them one by one as it can, and all come out in order.

For engines whose answers do not depend on what is asked beside them. What has its answer already is passed by: at once
while the engine has nothing to do, else when the question before it is answered.
"""

from __future__ import annotations

import contextlib
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from toolkit.errors import EngineFailed
from toolkit.units import Answer, Request

_Item = TypeVar("_Item")


@dataclass(slots=True, eq=False)
class Question:
    """A request on its way, with its answer when there is one; one that is asked twice may be in the stream twice."""

    request: Request
    answer: Answer = None
    open: bool = True
    """Whether the engine has to be asked; False from its answer on."""
    asked: bool = False


_Asked = TypeVar("_Asked", bound=Question)


class Passing(Generic[_Asked]):
    """One stream through one engine."""

    def __init__(self, questions: Iterable[_Asked], name: str) -> None:
        self._questions = iter(questions)
        self.name = name
        """The engine's, for the one line when it loses count."""
        self.waited = 0.0
        """Seconds that the engine was waited for: not those in which it waited for questions, or for who takes the answers."""
        self._line: deque[_Asked] = deque()
        """What was taken from the stream and not given on yet."""
        self._ahead: deque[_Asked] = deque()
        """Of these, what the engine has not taken yet: one at most."""

    def run(self, ask: Callable[[Iterator[Request]], Iterator[Answer]]) -> Iterator[_Asked]:
        """Every question, answered. Nothing is asked before the first open one, and `ask` is called in this thread.

        So are the questions taken, however many the engine works on at a time. Raises EngineFailed for missing answers.
        """
        while self._pull():
            if self._line[0].open:
                break
            yield self._line.popleft()
        if not self._line:
            return
        with closed(ask(self._unknown())) as answers:
            while self._line or self._pull():
                question = self._line[0]
                if question.open:
                    question.answer, question.open = self._next(answers), False
                yield self._line.popleft()

    def _pull(self) -> bool:
        """Take one question from the stream, if there is one."""
        for question in self._questions:
            self._line.append(question)
            if question.open and not question.asked:
                question.asked = True
                self._ahead.append(question)
            return True
        return False

    def _unknown(self) -> Iterator[Request]:
        """What the engine gets, when it wants more."""
        while True:
            began = time.monotonic()
            while not self._ahead and self._pull():
                pass
            self.waited -= time.monotonic() - began
            if not self._ahead:
                return
            yield self._ahead.popleft().request

    def _next(self, answers: Iterator[Answer]) -> Answer:
        began = time.monotonic()
        try:
            return next(answers)
        except StopIteration:
            raise EngineFailed(
                f"{self.name}: gave fewer answers than it was asked for; the same command goes on"
            ) from None
        finally:
            self.waited += time.monotonic() - began


def paired(
    requests: Iterable[Request], ask: Callable[[Iterator[Request]], Iterator[Answer]]
) -> Iterator[tuple[Request, Answer]]:
    """Each request with its answer, however far ahead the engine takes them."""
    waiting: deque[Request] = deque()

    def taken() -> Iterator[Request]:
        for request in requests:
            waiting.append(request)
            yield request

    with closed(ask(taken())) as answers:
        for answer in answers:
            yield waiting.popleft(), answer


@contextlib.contextmanager
def closed(items: Iterator[_Item]) -> Iterator[Iterator[_Item]]:
    """The iterator, closed on any way out if it can be, so that what works behind it stops: an engine's threads, a stream."""
    try:
        yield items
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()
