"""How good a model is: its raw answers first, then its drafts as a catalog would hold them, both against a person's words.

The two differ by all that stands between a model and a reader: useless drafts are refused (and count as empty), and the
others are set in the typography of their language.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from toolkit.errors import DataError, UsageError
from toolkit.events import Event, Progressed, Sink, ignore
from toolkit.files import printable
from toolkit.models import installed
from toolkit.translation.cache import temporary
from toolkit.translation.drafting import Job, draft
from toolkit.translation.evaluation.scores import Score, check_ready, score
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Catalog, Engine, LanguagePair, Match, Refusal, Request, Unit

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


@dataclass(frozen=True, slots=True)
class Task:
    """A model and the sentences that it is measured on."""

    spec: str
    """ENGINE or ENGINE/MODEL, as `resolve` gives it."""
    pair: LanguagePair
    sources: Sequence[str]
    references: Sequence[str]
    """A person's translations, one for each source."""
    others: Sequence[str] = ()
    """Another system's output, to compare with."""


def evaluate(task: Task, options: Options, resources: Resources, progress: Progress | None = None) -> Evaluation:
    """Have a model translate the sources and measure it.

    Raises DataError when the lists differ in length or are empty, UsageError where sacreBLEU is not installed, and what
    the engine raises.
    """
    check_ready()
    sources = task.sources
    if not sources or not {len(task.references), len(task.others) or len(sources)} <= {len(sources)}:
        counts = f"{len(sources)} sentences, {len(task.references)} references"
        raise DataError(
            f"{counts}{f', {len(task.others)} to compare with' if task.others else ''}: each sentence needs one; check the files"
        )
    with temporary() as cache:
        engine = _engine(task, options, resources)
        if engine.abilities.independent:  # what the model said once to a sentence is what it would say again
            resources = replace(resources, cache=cache)
            engine = _engine(task, options, resources)
        raw = _engine(task, replace(options, raw=True), resources)
        sides = [
            Side(score(texts, task.references, task.pair.target, task.others), empty)
            for texts, empty in (_raw(raw, task, progress), _catalogued(engine, task, progress))
        ]
        made = sorted(f"{who.engine}/{who.model}".rstrip("/") for who in engine.identities)
    return Evaluation(tuple(made), *task.pair, len(sources), *sides)


def outputs(task: Task, options: Options, resources: Resources, progress: Progress | None = None) -> list[str]:
    """What a model makes of the sources of a task as its raw answers; empty where it has none."""
    return _raw(_engine(task, replace(options, raw=True), resources), task, progress)[0]


def _engine(task: Task, options: Options, resources: Resources) -> Engine:
    engine = pick(task.spec, task.pair, options, resources)
    assert engine is not None, "an engine that was named is there, or pick has said why not"
    return engine


def resolve(name: str, resources: Resources, source: str = "", target: str = "") -> tuple[str, LanguagePair]:
    """What a person called a model or engine, as `pick` wants it, with the pair of languages; a language left out is that of
    the only pair that fits. Raises UsageError for an unknown name and where there is a choice."""
    packages = installed(resources.families)
    engine, _, model = name.partition("/")
    if engine not in resources.engines:
        engine, model = next((package.engine for package in packages if package.name == name), ""), name
    if not engine:
        models = sorted(f"{package.engine}/{package.name}" for package in packages)
        raise UsageError(
            f"no model or engine {printable(name)!r}; there are {', '.join([*resources.engines, *models])}"
        )
    if not source or not target:
        pairs = {
            pair
            for package in packages
            if package.engine == engine and model in ("", package.name)
            for pair in package.pairs
            if source in ("", pair.source) and target in ("", pair.target)
        }
        if len(pairs) != 1:
            said = sorted(map(str, pairs))
            shown = ", ".join(said) if len(said) <= _SHOWN else f"{len(said):,} pairs of languages"
            knows = f" (it knows {shown})" if pairs else ""
            raise UsageError(f"say from which language into which: --from en --to zh-Hans{printable(knows)}")
        ((source, target),) = pairs
    return f"{engine}/{model}".rstrip("/"), LanguagePair(source, target)


def lines(text: str) -> list[str]:
    """The sentences of a file that has one a line."""
    return [line.removesuffix("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def sample(size: int, limit: int) -> list[int]:
    """The numbers of `limit` of `size` sentences, ascending, the same each time; all of them for 0."""
    return sorted(random.Random(SEED).sample(range(size), limit)) if 0 < limit < size else list(range(size))


def _raw(engine: Engine, task: Task, progress: Progress | None) -> tuple[list[str], dict[str, int]]:
    """What the engine says to each line, whole and as it is."""
    texts, empty = [], Counter[str]()
    asked = [Request(source) for source in task.sources if source.strip()]
    answers = iter(engine.translate(asked, task.pair))
    for done, source in enumerate(task.sources, 1):
        answer = next(answers) if source.strip() else None
        texts.append(answer.target if isinstance(answer, Match) else "")
        if not isinstance(answer, Match) and source.strip():
            empty[answer.why if isinstance(answer, Refusal) else "no answer"] += 1
        if progress is not None:
            progress("raw answers", done, len(task.sources))
    return texts, dict(empty.most_common())


def _catalogued(engine: Engine, task: Task, progress: Progress | None) -> tuple[list[str], dict[str, int]]:
    """What a catalog of these lines would hold, each a paragraph."""
    units = tuple(Unit(source) for source in dict.fromkeys(task.sources) if source.strip())

    def tell(event: Event) -> None:
        if progress is not None and isinstance(event, Progressed):
            progress("drafts", event.done, event.total)

    told: Sink = ignore if progress is None else tell
    (done,) = draft(Job((Catalog(*task.pair, units),), engine, unrelated=True), tell=told)
    found = {unit.source: unit for unit in done.live}
    empty = Counter[str]()
    for source in task.sources:
        unit = found.get(source)
        if unit is not None and not unit.target:
            refused = unit.line("refused")
            empty[refused.get("why") if refused else "no answer"] += 1
    return [found[source].target if source in found else "" for source in task.sources], dict(empty.most_common())
