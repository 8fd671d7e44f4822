"""The README says what is there: every command, and the table of languages as the data has it."""

from __future__ import annotations

import re

import pytest

from tests.support.environment import ROOT, Run
from toolkit.cli import COMMANDS
from toolkit.language import known, language
from toolkit.quality.rules import CHECKS

README = (ROOT / "README.md").read_text(encoding="utf-8")
ABILITIES = ("segmentation rules", "typography of drafts", "starter model from English")


def table() -> str:
    """Languages and abilities, from the data files."""
    from lokta_starter import CARD

    lines = ["| | language | " + " | ".join(ABILITIES) + " |", "|---" * (len(ABILITIES) + 2) + "|"]
    for tag in known():
        here = language(tag)
        cases = ROOT / "tests" / "segment" / f"{tag.split('-')[0]}.txt"
        abilities = (cases.is_file(), bool(here.data.get("typography")), ("en", tag) in CARD["pairs"])
        marks = " | ".join("yes" if ability else "" for ability in abilities)
        lines.append(f"| `{tag}` | {here.name} {here.autonym} | {marks} |")
    return "\n".join([*lines, "", "Any other language of CLDR works too, with general rules."])


def test_the_table_of_languages_is_that_of_the_data() -> None:
    found = re.search(r"<!-- languages -->\n(.*?)\n?<!-- /languages -->", README, re.S)
    assert found and found[1] == table(), f"put this between the two marks:\n\n{table()}"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_that_ends_in_an_example(command: str, invoke: Run) -> None:
    help_ = invoke(command, "--help").stdout
    assert re.search(rf"Example:\n +lokta {command}", help_), help_
    assert f"lokta {command}" in README


def test_every_check_has_cases() -> None:
    cases = (ROOT / "tests" / "quality" / "cases.tsv").read_text(encoding="utf-8")
    for name in CHECKS:
        assert name in ("empty", "outdated") or len(re.findall(rf"^{name}\t", cases, re.M)) >= 7, name


def test_the_words_of_contributing_are_those_of_the_code() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in re.findall(r"`([a-z]+)/`", text):
        assert (ROOT / "toolkit" / name).is_dir(), name
