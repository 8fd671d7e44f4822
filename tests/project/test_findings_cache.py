"""What was found in a catalog is known again as long as its text is the same, and never when it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.units import catalog, unit
from toolkit.catalog import po
from toolkit.project.findings_cache import FindingsCache
from toolkit.quality.rules import CHECKS
from toolkit.review.findings import find_all
from toolkit.units import Catalog, Finding, Mend


def loaded() -> Catalog:
    """A catalog as it is read from a file, with an error, a note with mends, and a good unit."""
    units = (unit("In 2009", "ལོར།"), unit("The river rose.", "གཙང་པོ་རྒྱས་།"), unit("The sun.", "ཉི་མ།"))
    return replace(po.load(po.dump(catalog("en", "bo", *units))), source_language="en", target_language="bo")


def test_what_was_found_is_known_again(tmp_path: Path) -> None:
    cache, path, whole = FindingsCache(tmp_path / "cache"), tmp_path / "a.po", loaded()
    assert cache.read(path, whole) is None
    found = list(find_all(whole, CHECKS))
    assert any(found[0]) and any(one.mend for _, one in found[1])
    cache.write(path, whole, found)
    assert cache.read(path, whole) == found


def test_another_text_is_not_known(tmp_path: Path) -> None:
    cache, path, whole = FindingsCache(tmp_path / "cache"), tmp_path / "a.po", loaded()
    cache.write(path, whole, list(find_all(whole, CHECKS)))
    assert cache.read(path, replace(whole, raw=whole.raw.replace("2009", "2010"))) is None
    assert cache.read(tmp_path / "b.po", whole) is None


@pytest.mark.parametrize(
    "change",
    [
        lambda saved: "{",
        lambda saved: "[]",
        lambda saved: json.dumps({**saved, "found": None}),
        lambda saved: json.dumps({**saved, "found": [[0, "numbers"]]}),
        lambda saved: json.dumps({**saved, "found": [[99, *saved["found"][0][1:]]]}),
        lambda saved: json.dumps({**saved, "of": "0"}),
    ],
)
def test_a_damaged_file_is_passed_over(tmp_path: Path, change: object) -> None:
    cache, path, whole = FindingsCache(tmp_path / "cache"), tmp_path / "a.po", loaded()
    cache.write(path, whole, list(find_all(whole, CHECKS)))
    [file] = (tmp_path / "cache").glob("*.json")
    assert callable(change)
    file.write_text(change(json.loads(file.read_text("utf-8"))), "utf-8")
    assert cache.read(path, whole) is None


SPANS = st.none() | st.tuples(st.integers(0, 99), st.integers(0, 99))
FINDINGS = st.builds(
    Finding,
    st.text(),
    st.sampled_from(("error", "warning", "info")),
    SPANS,
    SPANS,
    st.lists(st.builds(Mend, st.integers(0, 99), st.integers(0, 99), st.text()), max_size=3).map(tuple),
)


@given(st.lists(st.lists(st.tuples(st.sampled_from(sorted(CHECKS)), FINDINGS), max_size=3), min_size=3, max_size=3))
def test_any_findings_come_back(
    tmp_path_factory: pytest.TempPathFactory, found: list[list[tuple[str, Finding]]]
) -> None:
    folder, whole = tmp_path_factory.mktemp("cache"), loaded()
    FindingsCache(folder).write(folder / "a.po", whole, found)
    assert FindingsCache(folder).read(folder / "a.po", whole) == found
