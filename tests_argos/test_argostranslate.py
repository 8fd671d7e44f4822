"""Argos Translate as an engine: our own engine over the same package says the same words at the same search.

Runs in an environment that holds the extra `argos`: `make test-argos`. MiniSBD's model cannot be had without its own
server, so a splitter that keeps a text whole stands in for it; the texts are single sentences.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.tiny_argos import expected, make_package
from toolkit.errors import EngineFailed, NoModel
from toolkit.models import installed
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Engine, LanguagePair, Match, Request

PAIR = LanguagePair("en", "zh-Hans")
SENTENCES = [
    "The bus station in Lhasa will open on Monday, 25 May 2009.",
    "Officials said the talks went well.",
    "Two children and a teacher met the farmer by the river at night.",
    "Snow.",
]
CODE = """
import json, sys
from toolkit.units import LanguagePair, Request
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
engine = pick("argostranslate", LanguagePair("en", "zh-Hans"), Options(raw=True), Resources(engines()))
class Whole:
    def split_sentences(self, text): return [text]
if sys.argv[1] == "whole":
    engine.translation.underlying.sentencizer = Whole()
answers = engine.translate(map(Request, json.loads(sys.argv[2])), LanguagePair("en", "zh-Hans"))
print(json.dumps([answer.target for answer in answers]))
print(sorted(f"{made.engine} {made.model}" for made in engine.identities))
"""


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Argos Translate's own folder, with a package in it; our engine reads that folder too."""
    folder = tmp_path / "packages"
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(folder))
    return make_package(folder, "en", "zh", "float32")


def original(splitter: str, texts: list[str]) -> subprocess.CompletedProcess[str]:
    """In a process of its own: the library reads its settings when it is imported."""
    arguments = [sys.executable, "-c", CODE, splitter, json.dumps(texts)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "ARGOS_COMPUTE_TYPE": "float32"}
    return subprocess.run(arguments, capture_output=True, text=True, env=environment, cwd=ROOT, check=False)


def test_both_say_the_same_words(packages: Path) -> None:
    done = original("whole", SENTENCES)
    assert done.returncode == 0, done.stderr
    theirs, made = done.stdout.strip().split("\n")
    (package,) = [package for package in installed() if package.engine == "argos"]
    assert package.origin == "argos"
    ours = Argos(package, Options(raw=True)).translate(map(Request, SENTENCES), PAIR)
    said = [answer.target for answer in ours if isinstance(answer, Match)]
    assert theirs == json.dumps(said)
    assert said == [expected(text, "en", "zh") for text in SENTENCES]
    assert "argostranslate argos-translate-lt@" in made


def test_its_splitter_without_a_network_is_one_clear_line(packages: Path) -> None:
    done = original("its own", ["One thing. Another thing."])
    assert done.returncode == 1 and EngineFailed.__name__ in done.stderr and "argostranslate stopped: " in done.stderr


def test_it_is_imported_only_when_it_is_named(tmp_path: Path) -> None:
    make_package(tmp_path / "models", "en", "zh")
    (tmp_path / "a.txt").write_text("Title\n\nSnow.\n", encoding="utf-8")
    code = (
        "import sys\nfrom toolkit.cli import cli\n"
        "try: cli(['translate', 'a.txt', '--to', 'zh-Hans', '--engine', 'argos'])\n"
        "except SystemExit as error: assert not error.code, error.code\n"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'argostranslate', 'minisbd', 'onnxruntime'}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LOKTA_MODELS": str(tmp_path / "models")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip().split("\n")[-1] == "[]"


def test_a_pair_that_it_lacks_is_no_engine(packages: Path) -> None:
    with pytest.raises(NoModel, match="argostranslate has no model for en -> bo"):
        engine: Engine | None = pick("argostranslate", LanguagePair("en", "bo"), Options(), Resources(engines()))
        assert engine is None
