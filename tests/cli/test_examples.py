"""Before approved translations go to a server as examples, a person is told so."""

from __future__ import annotations

from pathlib import Path

from tests.support.environment import Run
from tests.support.projects import change, reviewed, write


def test_consent_names_them_and_a_flag_keeps_them_here(tmp_path: Path, invoke: Run) -> None:
    remote = '[remote.chat]\nurl = "https://nobody.invalid/v1"\nmodel = "m"\n'
    write(tmp_path, "lokta.toml", f'source_language = "en"\n[target.zh-Hans]\nengine = "chat"\n{remote}')
    write(tmp_path, "old.md", "The new bridge is closed.\n")
    invoke("translate", "old.md", "--engine", "pseudo")
    change(tmp_path, "The new bridge is closed.", reviewed("新桥关闭。"), name="old")
    write(tmp_path, "river.md", "The old bridge is closed.\n")
    taught = invoke("translate", "river.md", code=2).stderr
    assert "1 paragraph goes to https://nobody.invalid (m), 1 approved translation as example: about" in taught
    assert ", with approved translations (" in taught and ") as examples go to https://nobody.invalid/v1; " in taught
    alone = invoke("translate", "river.md", "--no-examples", code=2).stderr
    assert "goes to https://nobody.invalid (m): about" in alone and "approved" not in alone
    write(tmp_path, "lokta.toml", f'source_language = "en"\n[drafting]\nexamples = false\n[target.zh-Hans]\n{remote}')
    assert "approved" not in invoke("translate", "river.md", "--engine", "chat", code=2).stderr
    assert "approved" in invoke("translate", "river.md", "--engine", "chat", "--examples", code=2).stderr
