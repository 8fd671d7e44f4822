"""Several texts at a time in a language model: the same words, said once to be so; and what is told of tokens before and after."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.support.environment import Run
from toolkit.catalog import read_catalog

COMMAND = ("translate", "a.txt", "--from", "en", "--to", "zh-Hans", "--engine", "llama")
NOTE = "2 texts were drafted at a time: the words are those of one at a time, the last digits of the scores may not be"


def test_two_slots_give_the_words_of_one_and_say_so(
    tmp_path: Path, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("News\n\nThe river rose.\n\nThe school opened on Monday.\n", encoding="utf-8")
    (tmp_path / "lokta.toml").write_text("[drafting]\nslots = 2\n", encoding="utf-8")
    before = invoke(*COMMAND, "--dry-run").stdout
    assert re.search(r"3 sentences to ask \(47 new characters, about \d+ tokens to write\), time unknown", before), (
        before
    )
    said = invoke(*COMMAND)
    assert said.stdout.count(NOTE) == 1 and said.stderr == "", "a quick job is silent in a log"
    receipt = json.loads((tmp_path / ".lokta" / "receipt.json").read_text(encoding="utf-8"))
    (drafting,) = receipt["drafting"]
    assert receipt["notes"] == [NOTE] and drafting["tokens"] > 5 and drafting["tokens_per_second"] > 0
    catalog = tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po"
    two = {unit.source: unit.target for unit in read_catalog(catalog).live}
    catalog.unlink()
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / "another"))
    assert NOTE not in invoke(*COMMAND, "--slots", "1").stdout
    assert {unit.source: unit.target for unit in read_catalog(catalog).live} == two and all(two.values())
    listed = invoke("review", "--list").stdout
    assert re.search(r"a\.po:\d+: risk [\d.]+\n.*\[llama lokta-starter-en-zh@\w{8}, score -\d\.\d{3}\]", listed), listed


def test_slots_out_of_range_are_wrong_use(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.txt").write_text("News\n", encoding="utf-8")
    assert "1<=x<=16" in invoke(*COMMAND, "--slots", "17", code=2).stderr
