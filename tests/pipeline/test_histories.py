"""Random histories of a project lose no word, remark or signature of a person; 300 of them: python -m benchmarks.histories."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.histories import History


@pytest.mark.parametrize("seed", range(30))
def test_nothing_of_a_person_is_lost(seed: int, tmp_path: Path) -> None:
    History(tmp_path / "project", seed).run(14)
