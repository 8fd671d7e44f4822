"""The command line run by a test: `lokta` in this process, or in a process of its own."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

from click.testing import CliRunner

from tests.support.environment import ROOT
from toolkit.cli import cli

Done = subprocess.CompletedProcess[str]


def in_process(*arguments: str | Path, cwd: Path, code: int | None = 0) -> Done:
    """What the command line says and returns when it runs in this process, in the folder `cwd`.

    An error that is not ours is raised, and a resource that is left open fails the test.
    """
    given = list(map(str, arguments))
    with contextlib.chdir(cwd), mock.patch.dict(os.environ, LOKTA_DEBUG="1"), _nothing_left_open():
        done = CliRunner(catch_exceptions=False).invoke(cli, given, prog_name="lokta")
    return _expected(Done(given, done.exit_code, done.stdout, done.stderr), code)


def as_process(*arguments: str | Path, cwd: Path, code: int | None = 0, timeout: float = 240) -> Done:
    """The same in a process of its own, for tests about processes: signals, the environment, what is imported."""
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
    return _expected(done, code)


def _expected(done: Done, code: int | None) -> Done:
    said = f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    assert code is None or done.returncode == code, said
    return done


@contextlib.contextmanager
def _nothing_left_open() -> Iterator[None]:
    """Raises AssertionError for files and connections that nobody closed; Python tells of these where it cannot raise."""
    left: list[str] = []
    usual = sys.unraisablehook

    def hook(found: sys.UnraisableHookArgs) -> None:
        if isinstance(found.exc_value, ResourceWarning):
            left.append(str(found.exc_value))
        else:
            usual(found)

    with warnings.catch_warnings(), mock.patch.object(sys, "unraisablehook", hook):
        warnings.simplefilter("error", ResourceWarning)
        yield
    assert not left, left
