"""What all tests share: tools that may be missing, and a `lokta` that runs in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("default")

ROOT = Path(__file__).resolve().parent.parent
CI = os.environ.get("CI") == "true"


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


Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def lokta(tmp_path: Path) -> Run:
    """Run the command line as a person would: `lokta("translate", "a.md", "--to", "bo")` in `tmp_path`."""

    def run(
        *arguments: str | Path, cwd: Path = tmp_path, code: int | None = 0, timeout: float = 240
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "toolkit", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error::ResourceWarning", "LOKTA_DEBUG": "1"},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    return run
