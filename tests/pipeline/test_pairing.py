"""Articles and translations of two folders are paired by their names, however these call a language: `pairing.tsv`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.projects import write
from toolkit.pipeline.pairing import paired
from toolkit.project.context import Context

CASES = [
    line.split("\t")
    for line in Path(__file__).with_name("pairing.tsv").read_text("utf-8").split("\n")
    if line and not line.startswith("#")
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: " ".join(case[:4]))
def test_files_are_paired_by_their_names(tmp_path: Path, case: list[str]) -> None:
    article, translation, tag, *files = case
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\n')
    wanted = {tuple(one.split(" -> ")) for one in files if " -> " in one}
    for name in (name.removeprefix("left ").lstrip("+?") for one in files for name in one.split(" -> ")):
        write(tmp_path, name, "A text.\n")
    with Context.at(tmp_path) as context:
        found = paired(context, tmp_path / article, tmp_path / translation, tag)

    def named(path: Path) -> str:
        return path.relative_to(tmp_path).as_posix()

    assert {(named(source.path), named(path)) for source, path in found.pairs} == wanted
    assert {named(path) for path, _ in found.unclear} == {one[1:] for one in files if one.startswith("?")}
    if listed := {one.removeprefix("left ") for one in files if one.startswith("left ")}:
        assert {named(path) for path in found.left} == listed
