"""Where the translation of two joined passages is cut: only where groups of sentences end and begin there on both sides."""

from __future__ import annotations

import pytest

from toolkit.alignment.groups import Group, border


@pytest.mark.parametrize(
    ("groups", "place"),
    [
        ([Group(1, 2, 1, 2), Group(2, 3, 2, 3)], 2),
        ([Group(0, 2, 0, 1), Group(2, 3, 1, 3)], 1),
        ([Group(1, 2, 1, 2), Group(2, 3, 3, 4)], None),
        ([Group(1, 3, 1, 3)], None),
        ([Group(0, 1, 0, 1), Group(2, 3, 2, 3)], None),
        ([Group(1, 2, 1, 2)], None),
        ([], None),
    ],
)
def test_the_border(groups: list[Group], place: int | None) -> None:
    assert border(groups, 2) == place
