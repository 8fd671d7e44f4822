"""Random histories of a project, 300 by default: the first lost word, remark or signature of a person ends it.

python -m benchmarks.histories [--runs 300] [--steps 25] [--first 0]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.support.histories import histories


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=300)
    parser.add_argument("--steps", type=int, default=25)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for seed in histories(Path(folder), range(given.first, given.first + given.runs), given.steps):
            if (seed + 1) % 20 == 0:
                print(f"{seed + 1} histories of {given.steps} events: nothing lost", flush=True)


if __name__ == "__main__":
    main()
