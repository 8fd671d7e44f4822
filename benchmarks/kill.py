"""Kill -9 at moments drawn by a fixed seed, of `translate` and `build`, 200 times; the first broken file or differing end stops it.

python -m benchmarks.kill [--kills 200] [--only llama]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from tests.support.killing import HEADINGS, NAMES, Torture, articles, chain, headings, torture
from tests.support.tiny_argos import make_package


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--only", choices=("llama", "others"), help="with the starter, or all but that")
    said = parser.parse_args()
    if said.only != "llama":
        others(said.kills)
    if said.only != "others":
        llama(said.kills)


def llama(kills: int) -> None:
    """The starter, 300 headings, each run going on where the last one was killed."""
    with tempfile.TemporaryDirectory() as name:
        found = chain(Torture(Path(name), HEADINGS, headings, kills=kills), 300)
        print(
            f"translate, the starter: {found['kills']} kills in {found['jobs']} jobs of 300 headings; all files whole, same end;"
            f" {found['again']} texts asked again, none but what was in the air"
        )


def others(kills: int) -> None:
    """No model, a small float32 package, and a build."""
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
                f"{title}: {found['kills']} kills at {found['moments']} moments, {found['landed']} while it ran; all files whole, "
                "same end",
                flush=True,
            )


if __name__ == "__main__":
    main()
