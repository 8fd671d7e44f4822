"""Fixtures that all tests share, those of `make test-models` too: a `conftest.py` imports what it needs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.support.environment import CI, Run
from tests.support.running import as_process, in_process


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test whose tool is missing is skipped by name; in CI nothing is."""
    for mark, tool in (("chromium", "chromium"), ("gettext", "msgfmt")):
        if item.get_closest_marker(mark) and not shutil.which(tool) and not CI:
            pytest.skip(f"{tool} is not installed")


@pytest.fixture(autouse=True)
def _apart(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test sees or touches the models, caches and settings of the person who runs it."""
    home = tmp_path_factory.mktemp("home")
    for name, value in {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "LOKTA_MODELS": str(home / "models"),
        "SOURCE_DATE_EPOCH": "1764028800",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("ARGOS_PACKAGES_DIR", raising=False)
    monkeypatch.delenv("LOKTA_CACHE", raising=False)
    yield


@pytest.fixture
def invoke(tmp_path: Path) -> Run:
    """The command line in this process: `invoke("translate", "a.md", "--to", "bo")` runs in `tmp_path`."""
    return partial(in_process, cwd=tmp_path)


@pytest.fixture
def lokta(tmp_path: Path) -> Run:
    """The same in a process of its own, as a person starts it."""
    return partial(as_process, cwd=tmp_path)


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Models are loaded in this process, for tests that look at the library's own answers."""
    for name in ("argos", "ctranslate", "llama"):
        monkeypatch.setattr(f"toolkit.translation.engines.{name}.Apart", lambda make: make())
