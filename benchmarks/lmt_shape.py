"""A model of LMT-60-0.6B's real shape with random weights in Q8_0: 630 MB of rubbish that is as fast as the real one.

    python -m benchmarks.lmt_shape FILE.gguf

LMT-60-0.6B is a Qwen3-0.6B: its layers, its vocabulary's size, its embedding in the place of an output matrix. So that a
question has as many tokens as a real one, the first words of the vocabulary are those of the sample articles; the others
are Chinese, so that an answer looks like one.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from itertools import accumulate, islice, product
from pathlib import Path
from typing import Any

import numpy as np

from tests.support.tiny_gguf import TURNS, Shape, matrices, norms, vocabulary, write

ROOT = Path(__file__).resolve().parent.parent
SHAPE = Shape(layers=28, size=1024, heads=16, key_value_heads=8, head=128, feed_forward=3072, context=40960)
WORDS = 151_936
_BLOCK = 32
_SPREAD = 73.3
"""The standard deviation of whole numbers from -127 to 127."""


def make(path: Path) -> Path:
    """Write the file; the same bytes every time."""
    dice = np.random.default_rng(1)
    english = list(_english())
    special = len(vocabulary())
    chinese = ("".join(pair) for pair in product(map(chr, range(0x4E00, 0x4E00 + 400)), repeat=2))
    more = english + list(islice(chinese, WORDS - special - len(english)))
    # Longer pieces first: a word is put together from its beginnings.
    scores = [-1e3 / len(word) for word in more]
    tensors = {"token_embd.weight": _packed(dice, WORDS, SHAPE.size)}
    tensors |= {name: _packed(dice, *size) for name, size in matrices(SHAPE).items()}
    return write(path, "qwen3", SHAPE, vocabulary(more, scores), tensors | norms("qwen3", SHAPE), TURNS)


def _english() -> list[str]:
    """The words of the sample articles and all their beginnings, the commonest words first."""
    text = " ".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "corpus").glob("*.txt")))
    counts = Counter(re.findall(r" ?[A-Za-z]+| ?\d+", f" {text}"))
    beginnings = [start for word, _ in counts.most_common() for start in accumulate(word)]
    return list(dict.fromkeys(beginnings))


def _packed(dice: np.random.Generator, rows: int, columns: int) -> Any:
    """A matrix in Q8_0: of every 32 numbers the scale, then the numbers in a byte each."""
    numbers = dice.integers(-127, 128, (rows, columns // _BLOCK, _BLOCK), np.int8)
    scale = np.full((rows, columns // _BLOCK, 1), 1 / (_SPREAD * np.sqrt(columns)), np.float16)
    return np.concatenate([scale.view(np.uint8), numbers.view(np.uint8)], axis=2).reshape(rows, -1)


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    print(make(Path(sys.argv[1])))
