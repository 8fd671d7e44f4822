"""How good a model is: its raw answers first, then its drafts as a catalog would hold them, both against a person's words.

The two differ by all that stands between a model and a reader: useless drafts are refused (and count as empty), and the
others are set in the typography of their language.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass

from toolkit.errors import DataError, UsageError
from toolkit.files import printable
from toolkit.models import installed
from toolkit.translation.draft import draft
from toolkit.translation.identity import identities
from toolkit.translation.scores import Score, check_ready, score
from toolkit.translation.table import engines
from toolkit.translation.wrappers import Cascade, Pivot
from toolkit.translation.wrappers.base import Wrapper
from toolkit.translation.wrappers.passing import Passing, Question, closed
from toolkit.units import Answer, Catalog, Engine, Match, Refusal, Request, Unit

SEED = 1
"""Of the sample that a limit takes."""
_SHOWN = 4
"""Pairs of languages named in a line; a language model may know a thousand."""

Progress = Callable[[str, int, int], None]
"""Called with what is asked for (`raw answers`, `drafts`), sentences done, sentences in all."""


@dataclass(frozen=True, slots=True)
class Side:
    """The measures of one way of using the model, and what it left empty."""

    scores: tuple[Score, ...]
    empty: Mapping[str, int]
    """Why -> how many sentences have no text; they count as empty."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A model on one set of sentences."""

    models: tuple[str, ...]
    """As drafts are signed: `llama/lokta-starter-en-zh@1e626074`."""
    source_language: str
    target_language: str
    sentences: int
    raw: Side
    drafts: Side


def evaluate(
    engine: Engine,
    sources: Sequence[str],
    references: Sequence[str],
    source_language: str,
    target_language: str,
    others: Sequence[str] = (),
    progress: Progress | None = None,
) -> Evaluation:
    """Have an engine (as `pick` gives it) translate `sources` and measure it; `others` is another system's output.

    Raises DataError when the lists differ in length or are empty, UsageError where sacreBLEU is not installed, and what
    the engine raises.
    """
    check_ready()
    if not sources or not {len(references), len(others) or len(sources)} <= {len(sources)}:
        counts = f"{len(sources)} sentences, {len(references)} references"
        raise DataError(
            f"{counts}{f', {len(others)} to compare with' if others else ''}: each sentence needs one; check the files"
        )
    inner = bare(engine)
    known = _Remembering(inner) if getattr(inner, "independent", False) else None
    pair = (source_language, target_language)
    sides = []
    for texts, empty in (
        _raw(known or inner, sources, *pair, progress),
        _catalogued(_with(engine, inner, known), sources, *pair, progress),
    ):
        sides.append(Side(score(texts, references, target_language, others), empty))
    made = sorted(f"{who.engine}/{who.model}".rstrip("/") for who in identities(engine))
    return Evaluation(tuple(made), *pair, len(sources), *sides)


def bare(engine: Engine) -> Engine:
    """The engine without its guards: codes not hidden, nothing refused but by itself."""
    if isinstance(engine, Pivot):
        return Pivot(bare(engine.first), bare(engine.second), engine.via)
    if isinstance(engine, Cascade):
        return Cascade([bare(inner) for inner in engine.engines])
    return bare(engine.inner) if isinstance(engine, Wrapper) else engine


def resolve(name: str, source_language: str = "", target_language: str = "") -> tuple[str, str, str]:
    """What a person called a model or engine, as `pick` wants it, with the pair of languages; a pair left out is the
    only one that fits. Raises UsageError for an unknown name and where there is a choice."""
    engine, _, model = name.partition("/")
    if engine not in engines():
        engine, model = next((package.engine for package in installed() if package.name == name), ""), name
    if not engine:
        models = sorted(f"{package.engine}/{package.name}" for package in installed())
        raise UsageError(f"no model or engine {printable(name)!r}; there are {', '.join([*engines(), *models])}")
    wanted = (source_language, target_language)
    if not all(wanted):
        pairs = {
            pair
            for package in installed()
            if package.engine == engine and model in ("", package.name)
            for pair in package.pairs
            if all(asked in ("", tag) for asked, tag in zip(wanted, pair, strict=True))
        }
        if len(pairs) != 1:
            said = sorted(" -> ".join(pair) for pair in pairs)
            shown = ", ".join(said) if len(said) <= _SHOWN else f"{len(said):,} pairs of languages"
            knows = f" (it knows {shown})" if pairs else ""
            raise UsageError(f"say from which language into which: --from en --to zh-Hans{printable(knows)}")
        (wanted,) = pairs
    return f"{engine}/{model}".rstrip("/"), *wanted


def lines(text: str) -> list[str]:
    """The sentences of a file that has one a line."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def sample(size: int, limit: int) -> list[int]:
    """The numbers of `limit` of `size` sentences, ascending, the same each time; all of them for 0."""
    return sorted(random.Random(SEED).sample(range(size), limit)) if 0 < limit < size else list(range(size))


def _raw(
    engine: Engine, sources: Sequence[str], source_language: str, target_language: str, progress: Progress | None
) -> tuple[list[str], dict[str, int]]:
    """What the engine says to each line, whole and as it is."""
    texts, empty = [], Counter[str]()
    asked = [Request(source) for source in sources if source.strip()]
    answers = iter(engine.translate(asked, source_language, target_language))
    for done, source in enumerate(sources, 1):
        answer = next(answers) if source.strip() else None
        texts.append(answer.target if isinstance(answer, Match) else "")
        if not isinstance(answer, Match) and source.strip():
            empty[answer.why if isinstance(answer, Refusal) else "no answer"] += 1
        if progress is not None:
            progress("raw answers", done, len(sources))
    return texts, dict(empty.most_common())


def _catalogued(
    engine: Engine, sources: Sequence[str], source_language: str, target_language: str, progress: Progress | None
) -> tuple[list[str], dict[str, int]]:
    """What a catalog of these lines would hold, each a paragraph."""
    units = tuple(Unit(source) for source in dict.fromkeys(sources) if source.strip())
    catalog = Catalog(source_language, target_language, units)
    tick = None if progress is None else lambda at: progress("drafts", at.done, at.total)
    (done,) = draft([catalog], engine, alone=True, progress=tick)
    found = {unit.source: unit for unit in done.live}
    empty = Counter[str]()
    for source in sources:
        unit = found.get(source)
        if unit is not None and not unit.target:
            refused = unit.mark("refused")
            empty[refused.get("why") if refused else "no answer"] += 1
    return [found[source].target if source in found else "" for source in sources], dict(empty.most_common())


class _Remembering(Wrapper):
    """Asks nothing twice; for engines whose answers do not depend on what is asked beside them."""

    def __init__(self, inner: Engine) -> None:
        super().__init__(inner)
        self.markers: bool = getattr(inner, "markers", True)
        self.verbatim: bool = getattr(inner, "verbatim", False)
        if hasattr(inner, "again"):
            self.again = inner.again
        self._known: dict[Request, Question] = {}

    def translate(self, requests: Iterable[Request], source_language: str, target_language: str) -> Iterator[Answer]:
        """The inner engine's answers, old and new."""

        def questions() -> Iterator[Question]:
            for request in requests:
                yield self._known.setdefault(request, Question(request))

        passing = Passing(questions(), self.name)
        with closed(passing.run(lambda open_: self.inner.translate(open_, source_language, target_language))) as found:
            yield from (question.answer for question in found)


def _with(engine: Engine, inner: Engine, known: Engine | None) -> Engine:
    """The engine, guards and all, with `known` in the place of the one inside."""
    if known is None or not isinstance(engine, Wrapper):
        return known if known is not None and engine is inner else engine
    copied = copy(engine)
    copied.inner = _with(engine.inner, inner, known)
    return copied
