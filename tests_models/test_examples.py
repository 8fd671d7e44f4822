"""A plain model with real weights is shown what a person approved, and its drafts come nearer to a person's."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.projects import read, write
from toolkit.quality.agreement import chrf

pytestmark = pytest.mark.timeout(1800)
DATA = ROOT / "benchmarks" / "data" / "examples"
NEW = 8


def test_approved_translations_teach_the_next_drafts(
    lokta: Run, tmp_path: Path, with_gemma: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOKTA_MODELS", str(with_gemma))
    write(tmp_path, "lokta.toml", 'source_language = "en"\n[target.zh-Hans]\nengine = "llama/gemma-3-270m"\n')
    pairs = [line.split("\t") for line in (DATA / "approved.tsv").read_text(encoding="utf-8").split("\n") if line]
    held = [line.split("\t") for line in (DATA / "held-out.tsv").read_text(encoding="utf-8").split("\n")[:NEW]]
    entries = "".join(f'msgid "{source}"\nmsgstr "{target}"\n\n' for source, target in pairs)
    header = (
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\nLanguage: zh_Hans\\nX-Source-Language: en\\n"\n\n'
    )
    write(tmp_path, "old.txt", "\n\n".join(source for source, _ in pairs) + "\n")
    write(tmp_path, "locales/zh_Hans/LC_MESSAGES/old.po", header + entries)
    lokta("translate", "old.txt", "--engine", "pseudo")
    write(tmp_path, "new.txt", "\n\n".join(source for source, _ in held) + "\n")
    found = []
    for more in ((), ("--no-examples", "--redraft")):
        (tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "new.po").unlink(missing_ok=True)
        lokta("translate", "new.txt", *more, timeout=900)
        units = list(read(tmp_path, "zh-Hans", "new").live)
        lines = [unit.line("mt") for unit in units]
        shown = sum(bool(line and line.get("examples")) for line in lines)
        found.append((shown, sum(chrf(unit.target, held[at][1]) for at, unit in enumerate(units))))
    (taught, with_them), (alone, without) = found
    assert taught >= NEW // 2 and alone == 0
    assert with_them > 1.2 * without, found
