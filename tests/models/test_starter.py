"""The starter as its own distribution: the file, the terms and the card go along, and the entry point is found."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.starter import FILE

STARTER = ROOT / "starter"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the distribution was installed into, from its folder and without network."""
    target = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--no-build-isolation", "--target", str(target), str(STARTER)], check=True, timeout=240)
    return target


def test_the_entry_point_gives_the_model(site: Path) -> None:
    code = (
        "from toolkit import models\n"
        "for p in models.installed(): print(p.name, *p.pairs, p.family, p.origin, p.label, p.path, sep='|')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": f"{site}:{ROOT}", "HOME": str(site), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    name, pair, family, origin, label, path = done.stdout.strip().split("|")
    assert name == "lokta-starter-en-zh" and pair == "en -> zh-Hans" and family == "starter"
    assert origin == "lokta-starter" and label == "starter model: expect to rewrite"
    assert Path(path).is_file() and Path(path).is_relative_to(site)


def test_terms_notice_and_card_go_along(site: Path) -> None:
    licences = next(site.glob("lokta_starter-*.dist-info")) / "licenses"
    assert {"GEMMA-TERMS.txt", "NOTICE", "MODEL_CARD.md"} <= {file.name for file in licences.iterdir()}
    notice = "Gemma is provided under and subject to the Gemma Terms of Use found at ai.google.dev/gemma/terms"
    assert notice in (licences / "NOTICE").read_text(encoding="utf-8")
    assert {path.name for path in site.iterdir() if path.suffix != ".dist-info"} <= {"lokta_starter", "bin"}


def test_the_card_is_that_of_the_file() -> None:
    card = (STARTER / "MODEL_CARD.md").read_text(encoding="utf-8")
    with FILE.open("rb") as file:
        assert hashlib.file_digest(file, "sha256").hexdigest() in card
    assert f"{FILE.stat().st_size:,} bytes" in card
    for said in (
        "modification of Gemma 3 270M",
        "evaluation and\nnon-commercial use",
        "BLEU 14.9",
        "chrF2 15.9",
        "CC BY-SA 4.0",
    ):
        assert said in card


def test_the_recipe_holds_no_texts() -> None:
    recipe = STARTER / "recipe"
    names = {path.relative_to(recipe).as_posix() for path in recipe.rglob("*") if path.is_file()}
    assert "README.md" in names and "lm.py" in names
    assert not [
        name
        for name in names
        if name.endswith((".npz", ".tsv")) or name.startswith(("eval/", "ids/", "text/", "tokens/"))
    ]
