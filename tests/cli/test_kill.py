"""Kill -9 at random moments: every file is whole, and the same command again ends in the bytes of an undisturbed run.

`make test` kills 20 times, and 20 times more with a real language model; `benchmarks/kill.py` kills 200 times each.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.killing import Torture, chain, torture
from tests.support.tiny_argos import make_package


def articles(folder: Path, count: int = 6, paragraphs: int = 30) -> None:
    for a in range(count):
        text = f"News of day {a}\n\n" + "".join(
            f"The river rose {a} metres and {p} centimetres. It fell again on day {p}.\n\n" for p in range(paragraphs)
        )
        (folder / f"news-{a}.txt").write_text(text, encoding="utf-8")


NAMES = [f"news-{a}.txt" for a in range(6)]


@pytest.mark.parametrize("engine", ["pseudo", "argos"])
def test_translate(engine: str, tmp_path: Path) -> None:
    models = tmp_path / "models"
    if engine == "argos":
        make_package(models, source="en", target="zh")
    command = ["translate", *NAMES, "--to", "zh-Hans", "--engine", engine]
    torture(Torture(tmp_path, command, articles, models=models, kills=7, seed=12))


HEADINGS = ["translate", "news.md", "--from", "en", "--to", "zh-Hans", "--engine", "llama"]


def headings(folder: Path, count: int = 300) -> None:
    """One article of so many headings of under six words, no two the same."""
    first = [
        "Heavy",
        "Late",
        "Early",
        "Cold",
        "Quiet",
        "New",
        "Old",
        "Long",
        "Little",
        "Rare",
        "Local",
        "Great",
        "Bad",
        "Good",
        "Final",
    ]
    second = (
        "snow rain trade talks roads markets schools elections floods songs papers rivers prices letters harvests fires"
    )
    titles = [f"{a} {b}" for b in [*second.split(), "storms", "tigers", "winters", "games"] for a in first]
    assert len({*titles}) == 300
    (folder / "news.md").write_text("".join(f"## {title}\n\n" for title in titles[:count]), encoding="utf-8")


@pytest.mark.timeout(900)
def test_a_language_model(tmp_path: Path) -> None:
    """Each run goes on where the last one was killed; what the model was really asked is counted."""
    found = chain(Torture(tmp_path, HEADINGS, headings, kills=20, seed=14, overheard=True), 300)
    assert found["kills"] == 20, found


def test_build(tmp_path: Path) -> None:
    first = ["translate", *NAMES, "--to", "bo,zh-Hans", "--engine", "pseudo"]
    command = ["build", *NAMES, "--to", "bo,zh-Hans", "--package"]
    torture(Torture(tmp_path, command, articles, before=first, kills=6, seed=13))
