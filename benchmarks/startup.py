"""CPU seconds of `lokta --help`, median of five.

python -m benchmarks.startup
"""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys


def cpu(*command: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    python = statistics.median(cpu(sys.executable, "-c", "pass") for _ in range(5))
    help_ = statistics.median(cpu(sys.executable, "-m", "toolkit", "--help") for _ in range(5))
    print(f"lokta --help: {help_:.2f} s CPU, of which {python:.2f} s are Python's own start")


if __name__ == "__main__":
    main()
