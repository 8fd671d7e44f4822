"""The articles of these tests, and how a model is installed for them."""

from __future__ import annotations

import os
from pathlib import Path
from unittest import mock

from tests.support.running import in_process

SHORT = ("river-school-opens", "night-market-returns")
"""The two short articles of the samples."""


def install(file: Path, family: str, models: Path) -> Path:
    """`lokta models install FILE --family FAMILY` into a folder of models."""
    with mock.patch.dict(os.environ, LOKTA_MODELS=str(models)):
        in_process("models", "install", file, "--family", family, "--accept-licence", cwd=models)
    return models
