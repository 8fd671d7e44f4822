"""The whole journey with real weights, as a person goes it: translate, review --list, check, build, on two short articles."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import xllamacpp

from tests.support.environment import ROOT, Run
from tests.support.starter import FILE
from tests.support.tiny_gguf import random_llama, random_qwen3
from tests_models.support import SHORT, install
from toolkit import catalog as catalogs
from toolkit.language import language
from toolkit.language.detect import in_script
from toolkit.models.families import Families
from toolkit.units import State, Unit

pytestmark = [pytest.mark.gettext, pytest.mark.timeout(3600)]
PARAGRAPHS = 10
SLOW = 1800
"""Seconds that a command may take on a machine that is busy otherwise."""


def journey(lokta: Run, desk: Path, target: str, engine: str) -> list[Unit]:
    """All four commands; the units that the catalogs hold in the end."""
    lokta("translate", "--to", target, "--engine", engine, timeout=SLOW)
    queue = lokta("review", "--list", "--to", target).stdout
    assert f"{PARAGRAPHS} paragraphs wait for a person" in queue
    assert lokta("check", code=None).returncode in (0, 1)
    lokta("build", "--to", target, "--format", "native,html,mo")
    for name in SHORT:
        assert (desk / "editions" / "native" / target / f"{name}.txt").is_file()
        assert (desk / "editions" / "html" / target / f"{name}.html").is_file()
    for path in files(desk, target):
        subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], check=True)
    return [unit for path in files(desk, target) for unit in catalogs.read_catalog(path).live]


def files(desk: Path, target: str) -> list[Path]:
    return [desk / "locales" / language(target).gettext / "LC_MESSAGES" / f"{name}.po" for name in SHORT]


def refused(units: list[Unit], model: str) -> list[str]:
    """Why drafts were refused; each empty unit says by which model, and why."""
    lines = [unit.line("refused") for unit in units if unit.state is State.INITIAL]
    assert all(line and line.get("engine") == "llama" and line.get("model").startswith(f"{model}@") for line in lines)
    return [line.get("why") for line in lines if line]


def drafted(units: list[Unit], model: str) -> list[Unit]:
    """The drafts; each names its model and how sure it was."""
    found = [unit for unit in units if unit.state is State.DRAFT]
    for unit in found:
        made = unit.line("mt")
        assert made and made.get("model").startswith(f"{model}@") and float(made.get("score")) < 0
    return found


@pytest.mark.parametrize(("model", "least"), [("lokta-starter-en-zh", 8), ("gemma-3-270m", 5)])
def test_two_articles_into_chinese(
    lokta: Run, desk: Path, with_gemma: Path, monkeypatch: pytest.MonkeyPatch, model: str, least: int
) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(with_gemma))
    units = journey(lokta, desk, "zh-Hans", f"llama/{model}")
    drafts, whys = drafted(units, model), refused(units, model)
    assert len(drafts) + len(whys) == len(units) == PARAGRAPHS and all(whys)
    assert len(drafts) >= least
    assert all(in_script(unit.target, language("zh-Hans")) > 0.5 for unit in drafts)
    before = [path.read_bytes() for path in files(desk, "zh-Hans")]
    shutil.rmtree(desk / "locales")
    monkeypatch.setenv("LOKTA_CACHE", str(desk / "another cache"))
    lokta("translate", "--to", "zh-Hans", "--engine", f"llama/{model}", timeout=SLOW)
    assert [path.read_bytes() for path in files(desk, "zh-Hans")] == before


def test_gemma_knows_no_tibetan(lokta: Run, desk: Path, with_gemma: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(with_gemma))
    units = journey(lokta, desk, "bo", "llama/gemma-3-270m")
    whys = refused(units, "gemma-3-270m")
    assert len(whys) == len(units) == PARAGRAPHS, [unit.target for unit in units if unit.target]
    assert all(whys)


@pytest.mark.parametrize(
    ("make", "name", "target"),
    [
        (random_llama, "base", "bo"),
        (random_llama, "hy-mt2", "bo"),
        (random_qwen3, "lmt-60", "zh-Hans"),
        (random_qwen3, "instruct", "zh-Hans"),
    ],
)
def test_rubbish_is_refused_and_named(
    lokta: Run, desk: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[..., Path], name: str, target: str
) -> None:
    models = desk / "models"
    models.mkdir()
    monkeypatch.setenv("LOKTA_MODELS", str(install(make(desk / "rubbish.gguf"), name, models)))
    units = journey(lokta, desk, target, "llama/rubbish")
    whys = refused(units, "rubbish")
    assert len(whys) == len(units) == PARAGRAPHS and all(whys), [unit.target for unit in units if unit.target]


@pytest.mark.parametrize("name", ["base", "starter"])
def test_an_answer_may_be_three_times_as_long_as_its_source(gemma: Path, name: str) -> None:
    known, file = Families()[name], gemma if name == "base" else FILE
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "corpus" / f"{article}.txt" for article in SHORT)]
    settings = xllamacpp.CommonParams()
    settings.model.path, settings.verbosity, settings.n_ctx = str(file), -1, known.context
    settings.cpuparams.n_threads = 1
    server = xllamacpp.Server(settings)
    asked = [server.handle_completions({"prompt": text, "max_tokens": 1}) for text in texts]
    tokens = sum(said["usage"]["prompt_tokens"] for said in asked)
    longest = sum(known.longest_answer(text, "en") - known.answer.plus for text in texts)
    assert 2.7 * tokens < longest <= 3 * tokens
