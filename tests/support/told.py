"""A language model that says what a test tells it to say, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from toolkit.models.families import Families, Family
from toolkit.translation.cache import CachedModel, DraftCache
from toolkit.translation.engines.language_model import LanguageModel
from toolkit.translation.inference import Model, Output, Question


class ToldModel(Model):
    """Answers with a function of the question. Each letter of a text is a token with a log-probability of -0.5."""

    name = fingerprint = "told 1"

    def __init__(self, say: Callable[[Question], str | Output]) -> None:
        self.say = say
        self.questions: list[Question] = []
        """In the order in which they came."""
        self._lock = Lock()
        self._tokens = 0

    @property
    def tokens(self) -> int:
        return self._tokens

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        return [self._output(question) for question in questions]

    def _output(self, question: Question) -> Output:
        with self._lock:
            self.questions.append(question)
        said = self.say(question)
        output = Output(said, -0.5 * len(said), len(said)) if isinstance(said, str) else said
        with self._lock:
            self._tokens += output.tokens
        return output


class Told(LanguageModel):
    """An engine over a ToldModel, behind a draft cache if there is one."""

    name = "told"
    signature = "told@1"

    def __init__(
        self,
        say: Callable[[Question], str | Output],
        family: Family | None = None,
        slots: int = 1,
        cache: DraftCache | None = None,
    ) -> None:
        self.told = ToldModel(say)
        model = CachedModel(self.told, cache) if cache is not None else self.told
        super().__init__(model, family or Families()["instruct"], slots)

    @property
    def questions(self) -> list[Question]:
        """All that its model was asked."""
        return self.told.questions

    @property
    def texts(self) -> list[str]:
        """What stood in the last lines of these questions: the text that is to be translated."""
        return [last_line(question) for question in self.questions]


def last_line(question: Question) -> str:
    """Where the family `instruct` puts the text."""
    return question.text.split("\n")[-1]
