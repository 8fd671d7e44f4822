"""What all tests share: tools that may be missing, and a `lokta` that runs in a folder of its own."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.fixtures import _apart, in_this_process, invoke, lokta, pytest_runtest_setup
from tests.support.starter import Entry
from toolkit import models

__all__ = ["_apart", "in_this_process", "invoke", "lokta", "pytest_runtest_setup"]

settings.register_profile("default", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True)
settings.load_profile("default")


@pytest.fixture
def cards(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The data packages of this test, in place of those that happen to be installed."""
    held: list[dict[str, Any]] = []
    monkeypatch.setattr(models, "entry_points", lambda group: [Entry(lambda: held)])
    return held
