"""Kill -9 at random moments of `translate` and `build`, 200 times; the first broken file or differing end stops it.

python -m benchmarks.kill [--kills 200]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.cli.test_kill import NAMES, articles
from tests.support.killing import Torture, torture
from tests.support.tiny_argos import make_package


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        models = folder / "models"
        make_package(models, source="en", target="zh", quantization="float32")
        drafted = ["translate", *NAMES, "--to", "bo,zh-Hans", "--engine", "pseudo"]
        cases = {
            "translate, pseudo": (["translate", *NAMES, "--to", "zh-Hans", "--engine", "pseudo"], ()),
            "translate, float32 package": (["translate", *NAMES, "--to", "zh-Hans", "--engine", "argos"], ()),
            "build": (["build", *NAMES, "--to", "bo,zh-Hans", "--package"], drafted),
        }
        for number, (title, (command, before)) in enumerate(cases.items()):
            share = kills // len(cases) + (number < kills % len(cases))
            (place := folder / str(number)).mkdir()
            found = torture(Torture(place, command, articles, before=before, models=models, kills=share, seed=number))
            print(
                f"{title}: {found['kills']:.0f} kills, {found['landed']:.0f} while it ran; all files whole, same end",
                flush=True,
            )


if __name__ == "__main__":
    main()
