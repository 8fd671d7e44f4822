"""What commands print fits the terminal, and says nothing by halves."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.support.environment import Run
from toolkit.cli import cli
from toolkit.cli.console import print_rows

ROWS = (("one", "-", "a value of many words that is longer than the terminal"), ("two", "b", "short"))


def test_a_table_too_wide_for_a_terminal_is_printed_row_by_row(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "40")
    print_rows(("name", "letter", "value"), ROWS)
    said = capsys.readouterr().out
    assert said == (
        "one\n  value: a value of many words that is\n    longer than the terminal\ntwo\n  letter: b\n  value: short\n"
    )
    monkeypatch.setenv("COLUMNS", "90")
    print_rows(("name", "letter", "value"), ROWS)
    assert "name" in (table := capsys.readouterr().out) and len(table.splitlines()) == 3


def test_off_a_terminal_a_row_is_a_line_however_long(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    print_rows(("name", "value"), [("one", "word " * 90), ("two\x1b[2J", "x")])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3 and "word word" in lines[1] and "\x1b" not in lines[2]


def test_lists_of_commands_break_no_description_off() -> None:
    context = click.Context(cli, terminal_width=80)
    groups = [
        cli,
        *(
            found
            for name in cli.list_commands(context)
            if isinstance(found := cli.get_command(context, name), click.Group)
        ),
    ]
    assert len(groups) > 4
    for group in groups:
        said = group.get_help(click.Context(group, info_name="lokta", terminal_width=80))
        listed = said.partition("Commands:\n")[2]
        assert listed and "..." not in listed, listed


def test_a_project_is_not_half_made(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "articles").write_text("a file", "utf-8")
    said = invoke("init", code=1).stderr
    assert "articles: cannot be made (" in said and "--articles" in said and "internal" not in said
    assert not (tmp_path / "lokta.toml").exists()
    invoke("init", "--articles", "posts")
    assert (tmp_path / "posts").is_dir()


def test_languages_name_conversion_as_what_drafts_traditional_chinese(invoke: Run) -> None:
    (line,) = [line for line in invoke("languages").stdout.splitlines() if line.startswith("zh-Hant")]
    assert "zh-Hans (convert)" in line


def test_that_no_model_is_installed_is_said_of_the_languages_asked_for(invoke: Run) -> None:
    assert "no model into bo is installed" in invoke("models", "list", "--to", "bo").stdout
