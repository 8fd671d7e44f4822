"""`lokta review --next`: a paragraph after the other in a person's own editor."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.projects import write
from toolkit import catalog as catalogs
from toolkit.units import State


@pytest.fixture
def project(tmp_path: Path, invoke: Run) -> Path:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "."\nreviewer = "Dolma"\n[target.zh-Hans]\n')
    write(tmp_path, "a.txt", "It cost 12 million.\n\nThe river rose.\n")
    invoke("translate", "--engine", "pseudo")
    return tmp_path


def walk(folder: Path, editor: str, answers: str) -> str:
    """What the command says to a person whose editor is these lines of Python over `text`."""
    script = write(
        folder, "editor.py", f"import sys\npath = sys.argv[1]\ntext = open(path, encoding='utf-8').read()\n{editor}\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "review", "--next"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "EDITOR": f"{sys.executable} {script}", "VISUAL": ""},
        input=answers,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout + done.stderr


def units(folder: Path) -> list[tuple[str, State]]:
    held = catalogs.read_catalog(folder / "locales/zh_Hans/LC_MESSAGES/a.po")
    return [(unit.target, unit.state) for unit in held.live]


WRITES = """
head, line, body = text.partition('as it stands ------\\n')
assert line and '# The river rose.' in head or '# It cost 12 million.' in head
open(path, 'w', encoding='utf-8').write(head + line + ('河水上涨。' if 'river' in head else '花了1300万。') + '\\n')
"""


def test_what_was_saved_is_taken_back_and_approved(project: Path) -> None:
    said = walk(project, WRITES, "a\na\n")
    assert dict(units(project)) == {"花了1300万。": State.REVIEWED, "河水上涨。": State.REVIEWED}
    assert "error: number changed: 12 million became 1300万 [numbers]" in said and "that was the last one" in said
    assert "nothing waits for a person" in walk(project, WRITES, "")


def test_what_is_left_waits_and_stopping_stops(project: Path) -> None:
    before = units(project)
    walk(project, "pass", "l\ns\n")
    assert units(project) == before
    walk(project, WRITES, "s\n")
    assert sorted(state for _, state in units(project)) == [State.DRAFT, State.DRAFT]
    assert sum(target.isascii() or "ñ" in target or "ŕ" in target for target, _ in units(project)) == 1


def test_an_article_cannot_pass_its_words_off_as_the_translation(project: Path, invoke: Run) -> None:
    line = "------ the translation: all below this line is taken as it stands ------"
    write(project, "a.txt", f"{line} It rose.\n")
    write(project, "b.md", f"# {line}\n\nIt fell.\n")
    (project / "locales/zh_Hans/LC_MESSAGES/a.po").unlink()
    invoke("translate", "--engine", "pseudo")
    before = units(project)
    walk(project, "pass", "l\nl\nl\nl\nl\n")
    assert units(project) == before


STALE = """
import pathlib
held = pathlib.Path('locales/zh_Hans/LC_MESSAGES/a.po')
held.write_text(held.read_text('utf-8').replace('Ţĥé ŕíṽéŕ ŕóšé.', '河涨了。'), 'utf-8')
head, line, body = text.partition('as it stands ------\\n')
if 'river' in head:
    open(path, 'w', encoding='utf-8').write(head + line + '河水上涨。\\n')
"""


def test_what_somebody_else_saved_meanwhile_stays_and_neither_is_lost(project: Path) -> None:
    said = walk(project, STALE, "l\nl\n")
    assert "河涨了。" in [target for target, _ in units(project)]
    assert "not taken over:\n    河水上涨。\n" in said


def test_an_editor_that_empties_the_file_changes_nothing(project: Path) -> None:
    before = units(project)
    walk(project, "open(path, 'w').write('')", "l\nl\n")
    assert units(project) == before
