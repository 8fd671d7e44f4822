"""Drafting side by side with Argos Translate, on one package of the usual size with random weights: CPU time, not quality.

    pip install argos-translate-lt          # for the comparison alone; Lokta does not need it
    python -m benchmarks.draft [--sentences FILE] [--count 400] [--rounds 3]

Argos is given the same sentences by a splitter that costs nothing, three to a paragraph, at its own settings (beam 4). Ours
are the engine's answers to the same sentences, at beam 4 and greedy. One thread, the cases in turn in one process, medians
of CPU time. Then `lokta translate` as a person runs it, start and files included, against bare `translate_batch` over the
same distinct sentences, and the most memory that it takes.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sentences", type=Path, help="a text file, one sentence a line; else the sample articles")
    parser.add_argument("--count", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="*", default=[2000, 20000], help="sentences of the memory runs")
    parser.add_argument("--bare", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.bare:
        bare(Path(given.bare[0]), given.bare[1] == "fast")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ |= {
            "OMP_NUM_THREADS": "1",
            "ARGOS_INTRA_THREADS": "1",
            "HOME": name,
            "LOKTA_MODELS": f"{name}/models",
        }
        os.environ |= {"ARGOS_PACKAGES_DIR": f"{name}/models", "PYTHONPATH": str(ROOT)}
        for key in ("XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
            os.environ.pop(key, None)
        sentences = read(given.sentences, given.count)
        from tests.support.usual_argos import make_usual_package

        make_usual_package(folder / "models", sentences)
        (folder / "sentences").write_text("\n".join(sentences), encoding="utf-8")
        print(
            f"{len(sentences)} distinct sentences, {sum(len(s.split()) for s in sentences)} words, one thread, CPU time"
        )
        side_by_side(sentences, given.rounds)
        for fast in (False, True):
            end_to_end(folder, sentences, fast, given.rounds)
        memory(folder, given.memory)


def read(path: Path | None, count: int) -> list[str]:
    """Distinct sentences that our own segmenter would not cut further."""
    from toolkit.segment import sentences

    files = [path] if path else sorted((ROOT / "corpus").glob("*.txt"))
    lines = [line.strip() for file in files for line in file.read_text(encoding="utf-8").split("\n")]
    cut = [line[start:end] for line in lines for start, end in sentences(line, "en") if end - start > 1]
    return [one for one in dict.fromkeys(cut) if any(map(str.isalpha, one))][:count]


def side_by_side(sentences: Sequence[str], rounds: int) -> None:
    from toolkit.translation.engines import argos as engines

    setattr(engines, "Apart", lambda make: make())  # noqa: B010 -- processor time of this process is measured
    cases: dict[str, Callable[[], object]] = {
        "argostranslate.translate, beam 4": argos(sentences),
        "lokta, beam 4": ours(sentences, fast=False),
        "lokta, greedy (--fast)": ours(sentences, fast=True),
    }
    spent: dict[str, list[float]] = {title: [] for title in cases}
    for _ in range(rounds):
        for title, run in cases.items():
            began = time.process_time()
            run()
            spent[title].append(time.process_time() - began)
    first = statistics.median(next(iter(spent.values())))
    for title, seconds in spent.items():
        middle = statistics.median(seconds)
        print(
            f"{title:34} {middle:7.2f} s  {len(sentences) / middle:6.1f} sentences/s  x {first / middle:.2f}",
            flush=True,
        )


def argos(sentences: Sequence[str]) -> Callable[[], object]:
    """Paragraphs of three sentences through the library, its splitter replaced by the answer."""
    try:
        from argostranslate import translate
    except ImportError:
        sys.exit("the comparison needs Argos Translate: pip install argos-translate-lt")

    paragraphs = [list(sentences[i : i + 3]) for i in range(0, len(sentences), 3)]
    known = {" ".join(paragraph): paragraph for paragraph in paragraphs}

    class Given:
        def split_sentences(self, text: str) -> list[str]:
            return known[text]

    translation = translate.get_translation_from_codes("en", "zh")
    translation.underlying.sentencizer = Given()
    translation.translate(next(iter(known)))
    return lambda: [translation.translate(text) for text in known]


def ours(sentences: Sequence[str], fast: bool) -> Callable[[], object]:
    """The engine as `lokta translate` has it, but for the cache."""
    from toolkit.translation.engines.registry import engines
    from toolkit.translation.options import Options, Resources
    from toolkit.translation.picking import pick
    from toolkit.units import LanguagePair, Request

    pair = LanguagePair("en", "zh-Hans")
    engine = pick("argos", pair, Options(fast=fast), Resources(engines()))
    assert engine is not None
    list(engine.translate([Request("Hello.")], pair))
    return lambda: list(engine.translate(map(Request, sentences), pair))


def bare(folder: Path, fast: bool) -> None:
    """CTranslate2 alone, all sentences in one call; prints its CPU seconds without those of loading."""
    import ctranslate2
    import sentencepiece

    path = folder / "models" / "translate-en_zh-1_9"
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(path / "sentencepiece.model"))
    pieces = tokenizer.encode((folder / "sentences").read_text(encoding="utf-8").split("\n"), out_type=str)
    translator = ctranslate2.Translator(str(path / "model"), intra_threads=1, inter_threads=1)
    began = time.process_time()
    translator.translate_batch(
        pieces,
        beam_size=1 if fast else 4,
        length_penalty=0.2,
        replace_unknowns=True,
        return_scores=True,
        max_batch_size=1024,
        batch_type="tokens",
    )
    print(time.process_time() - began)


def end_to_end(folder: Path, sentences: Sequence[str], fast: bool, rounds: int) -> None:
    whole, alone = [], []
    for number in range(rounds):
        command = [sys.executable, "-m", "benchmarks.draft", "--bare", str(folder), "fast" if fast else "beam"]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        alone.append(float(done.stdout))
        place = folder / f"end-{fast}-{number}"
        articles(place, sentences)
        whole.append(translate(place, fast))
    middle, best = statistics.median(whole), statistics.median(alone)
    how = "greedy" if fast else "beam 4"
    print(
        f"lokta translate, {how}, end to end: {middle:.2f} s; bare translate_batch {best:.2f} s: {best / middle:.0%}",
        flush=True,
    )


def articles(place: Path, sentences: Sequence[str]) -> None:
    """Articles of ten paragraphs of two sentences."""
    place.mkdir()
    for start in range(0, len(sentences), 20):
        paragraphs = [" ".join(sentences[i : i + 2]) for i in range(start, min(start + 20, len(sentences)), 2)]
        (place / f"news-{start:06}.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def translate(place: Path, fast: bool) -> float:
    """CPU seconds of the command, from an empty cache."""
    command = [sys.executable, "-m", "toolkit", "translate", ".", "--from", "en", "--to", "zh-Hans"]
    command += ["--engine", "argos", *["--fast"] * fast]
    environment = {**os.environ, "LOKTA_CACHE": str(place / ".cache")}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, cwd=place, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def memory(folder: Path, counts: Sequence[int]) -> None:
    """The most that `lokta translate --fast` holds; sentences are made of the given ones' words, all distinct."""
    import random

    words = (folder / "sentences").read_text(encoding="utf-8").split()
    for count in counts:
        dice = random.Random(count)
        made = [
            f"Report {n} says {' '.join(dice.choices(words, k=12)).strip('.')}.".replace("\n", " ")
            for n in range(count)
        ]
        place = folder / f"memory-{count}"
        articles(place, made)
        script = (
            "import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL);"
            "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)"
        )
        command = [sys.executable, "-m", "toolkit", "translate", ".", "--from", "en", "--to", "zh-Hans", "--fast"]
        done = subprocess.run(
            [sys.executable, "-c", script, *command, "--engine", "argos"],
            cwd=place,
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "LOKTA_CACHE": str(place / ".cache")},
        )
        print(f"lokta translate, {count} sentences: at most {done.stdout.strip()} MB", flush=True)


if __name__ == "__main__":
    main()
