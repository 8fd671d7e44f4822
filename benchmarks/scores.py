"""Do calibrated scores say less of a draft's quality than raw means per token? And do they lie where those of Argos lie?

    python -m benchmarks.scores SOURCE REFERENCE [--to zh-Hans] [--limit 200] [--gguf FILE]

The sources are asked in English; REFERENCE is a person's translation, a sentence a line. Without --gguf the starter is
asked, with it a plain language model, by five examples (the first five lines, which are left out of the sample). Printed:
tokens and reference pieces, quartiles of the score per token and per piece, and Spearman's correlation of each with chrF2
by sentence. Refused drafts are left out: their scores are seen by nobody.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles
from typing import Any

from sacrebleu.metrics.chrf import CHRF

from toolkit.quality.refusal import why_refused
from toolkit.translation.engines.calibration import calibrated, pieces

STARTER = Path(__file__).parent.parent / "starter" / "lokta_starter" / "lokta-starter-en-zh.gguf"
NAMES = {"zh-Hans": "Chinese", "bo": "Tibetan"}


def main() -> None:
    """Ask, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("reference", type=Path)
    parser.add_argument("--to", choices=NAMES, default="zh-Hans")
    parser.add_argument("--limit", type=int, default=200)
    parser.add_argument("--gguf", type=Path)
    given = parser.parse_args()
    lines = [path.read_text(encoding="utf-8").split("\n") for path in (given.source, given.reference)]
    pairs = [pair for pair in zip(*lines, strict=True) if all(pair)]
    chosen = random.Random(1).sample(pairs[5:], min(given.limit, len(pairs) - 5))
    examples = pairs[:5] if given.gguf else []
    server = serve(given.gguf or STARTER)
    rows, refused = [], 0
    for source, reference in chosen:
        text, total, tokens = ask(server, source, NAMES[given.to], examples)
        if not tokens or why_refused(source, text, given.to):
            refused += 1
            continue
        quality = CHRF().sentence_score(text, [reference]).score
        rows.append((tokens, pieces(text), total / tokens, calibrated(total, text), quality))
    show(rows, refused)


def show(rows: Sequence[tuple[float, ...]], refused: int) -> None:
    """The figures of all sentences."""
    print(f"{len(rows)} drafts, {refused} refused")
    if len(rows) < 3:
        return
    tokens, reference, raw, even, quality = zip(*rows, strict=True)
    print(f"tokens {sum(tokens)}, reference pieces {sum(reference):.0f}: {sum(tokens) / sum(reference):.2f} to a piece")
    for name, scores in (("per token", raw), ("per piece", even)):
        marks = " ".join(f"{mark:.3f}" for mark in quantiles(scores, n=4))
        print(f"{name}: quartiles {marks}, Spearman with chrF2 {spearman(scores, quality):.3f}")


def serve(path: Path) -> Any:
    """llama.cpp on a file, quiet, one slot."""
    import xllamacpp

    settings = xllamacpp.CommonParams()
    settings.model.path = str(path)
    settings.n_ctx = 2048
    settings.n_parallel = 1
    settings.cpuparams.n_threads = 1
    settings.verbosity = -1
    settings.warmup = False
    return xllamacpp.Server(settings)


def ask(server: Any, source: str, name: str, examples: Sequence[tuple[str, str]]) -> tuple[str, float, int]:
    """The answer, the sum of its tokens' log-probabilities, and how many tokens it has."""
    shown = "".join(f"English: {given}\n{name}: {answer}\n\n" for given, answer in examples)
    said = server.handle_completions(
        {
            "prompt": f"{shown}English: {source}\n{name}:",
            "max_tokens": len(source) + 16,
            "temperature": 0,
            "n_probs": 1,
            "stop": ["\n"],
        }
    )
    choice = said["choices"][0]
    scores = [token["logprob"] for token in (choice["logprobs"] or {}).get("content") or ()]
    return choice["text"].strip(), sum(scores), len(scores)


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """The correlation of the ranks."""
    a, b = ranks(one), ranks(other)
    mean = (len(a) + 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    spread = [sum((x - mean) ** 2 for x in values) for values in (a, b)]
    return covariance / float((spread[0] * spread[1]) ** 0.5)


def ranks(values: Sequence[float]) -> list[float]:
    """From 1; equal values share the mean of their ranks."""
    order = sorted(values)
    return [order.index(value) + (order.count(value) + 1) / 2 for value in values]


if __name__ == "__main__":
    main()
