"""Kill -9 at any moment: every file is whole, and the same command again ends in the bytes of an undisturbed run.

`make test` kills 20 times, and 20 times more with a real language model; `benchmarks/kill.py` kills 200 times each.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from tests.support.killing import HEADINGS, NAMES, Torture, articles, chain, headings, torture
from tests.support.tiny_argos import make_package


@pytest.mark.parametrize("engine", ["pseudo", "argos"])
def test_translate(engine: str, tmp_path: Path) -> None:
    models = tmp_path / "models"
    if engine == "argos":
        make_package(models, source="en", target="zh")
    command = ["translate", *NAMES, "--to", "zh-Hans", "--engine", engine]
    torture(Torture(tmp_path, command, articles, models=models, kills=7, seed=12))


@pytest.mark.timeout(900)
def test_a_language_model(tmp_path: Path) -> None:
    """Each run goes on where the last one was killed; what the model was really asked is counted."""
    texts = 100
    found = chain(Torture(tmp_path, HEADINGS, partial(headings, count=texts), kills=20, seed=14), texts)
    assert found["kills"] == 20, found


def test_build(tmp_path: Path) -> None:
    first = ["translate", *NAMES, "--to", "bo,zh-Hans", "--engine", "pseudo"]
    command = ["build", *NAMES, "--to", "bo,zh-Hans", "--package"]
    torture(Torture(tmp_path, command, articles, before=first, kills=6, seed=13))
