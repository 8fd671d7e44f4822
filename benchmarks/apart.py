"""What it costs to run a model in a process of its own: drafting in this process beside drafting in a child, in turn.

    python -m benchmarks.apart [--pairs 7] [--engine argos] [--sentences FILE] [--count 256]

The package has the usual size of an Argos package, with random weights, or the starter is asked (--engine llama). Printed:
the median over the pairs of wall time and of processor time, child over this process; and what the start of a child takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import tempfile
import time
from functools import partial
from pathlib import Path

from benchmarks.draft import read
from toolkit.models import installed
from toolkit.models.families import Families
from toolkit.translation.apart import Apart
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.llama import Llama, LlamaModel
from toolkit.translation.inference import Model, Question
from toolkit.translation.options import Options
from toolkit.units import LanguagePair, Request

PAIR = LanguagePair("en", "zh-Hans")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=7)
    parser.add_argument("--engine", choices=("argos", "llama"), default="argos")
    parser.add_argument("--sentences", type=Path)
    parser.add_argument("--count", type=int, default=256)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        os.environ["LOKTA_MODELS"] = f"{name}/models"
        sentences = read(given.sentences, given.count)
        child, questions = made(given.engine, Path(name), sentences)
        here = child.make()
        here.start()
        began = time.monotonic()
        child.start()
        print(f"start of a child, weights included: {time.monotonic() - began:.2f} s")
        walls, processors = [], []
        for number in range(given.pairs):
            order = (here, child) if number % 2 else (child, here)
            cost = {model: spent(model, questions) for model in order}
            walls.append(cost[child][0] / cost[here][0])
            processors.append(cost[child][1] / cost[here][1])
        assert child.ask(questions) == here.ask(questions), "the same outputs"
        print(f"{len(questions)} questions, {given.pairs} pairs, child over this process, medians:")
        print(f"wall x {statistics.median(walls):.3f}   processor x {statistics.median(processors):.3f}")
        child.stop()


def made(engine: str, folder: Path, sentences: list[str]) -> tuple[Apart, list[Question]]:
    """The model, and questions for it."""
    if engine == "llama":
        package = next(one for one in installed() if one.engine == "llama")
        family = Families()[package.family]
        asker = Llama(package, family, Options())
        return Apart(partial(LlamaModel, package, family, Options())), [
            asker._first(Request(one), PAIR)[0].question(Request(one), PAIR) for one in sentences
        ]
    from tests.support.usual_argos import make_usual_package

    make_usual_package(folder / "models", sentences)
    argos = Argos(next(one for one in installed() if one.engine == "argos"), Options(threads=1))
    child = argos.make_model()
    assert isinstance(child, Apart)
    return child, [argos.question(Request(one), PAIR) for one in sentences]


def spent(model: Model, questions: list[Question]) -> tuple[float, float]:
    """Seconds of the clock, and of processor time of this process and the child's."""
    wall, processor = time.monotonic(), _processor(model)
    model.ask(questions)
    return time.monotonic() - wall, _processor(model) - processor


def _processor(model: Model) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    seconds = own.ru_utime + own.ru_stime
    if isinstance(model, Apart) and model._child is not None:
        fields = Path(f"/proc/{model._child._process.pid}/stat").read_text().rpartition(")")[2].split()
        seconds += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return seconds


if __name__ == "__main__":
    main()
