"""An engine of another distribution: ten lines, an entry point, and the command line has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.environment import Run
from toolkit.catalog import read_catalog
from toolkit.units import State, Unit

ENGINE = """\
import re
from zlib import crc32
from toolkit.units import Engine, Match
class Cipher(Engine):
    name = "cipher"
    def translate(self, requests, pair):
        for request in requests:
            yield Match(re.sub("[A-Za-z]+ ?", lambda word: chr(0x5000 + crc32(word[0].encode()) % 999), request.source), "mt", self.name)
def make(model, pair, options, resources):
    return Cipher() if pair.target == "zh-Hans" else None
"""
TEXT = """\
# The river

The *river* rose by 2 metres, [officials](https://example.org/a) said. It fell again on Tuesday.

VOA
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with an article, and with a distribution that the command line finds because it runs here."""
    package = tmp_path / "cipher_engine-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: cipher-engine\nVersion: 1\n", encoding="utf-8")
    (package / "entry_points.txt").write_text("[lokta.engines]\ncipher = cipher_engine:make\n", encoding="utf-8")
    (tmp_path / "cipher_engine.py").write_text(ENGINE, encoding="utf-8")
    (tmp_path / "a.md").write_text(TEXT, encoding="utf-8")
    return tmp_path


def units(folder: Path) -> list[Unit]:
    return list(read_catalog(folder / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po").live)


def test_it_has_ten_lines() -> None:
    assert len(ENGINE.splitlines()) == 10


def test_from_the_article_to_the_edition(folder: Path, lokta: Run) -> None:
    done = lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans", "--engine", "cipher")
    assert "by machine now (cipher)" in done.stdout and done.stderr == ""
    found = units(folder)
    assert all(unit.target and unit.state is State.DRAFT and unit.machine for unit in found)
    assert {unit.line("mt").get("engine") for unit in found} == {"cipher"}  # type: ignore[union-attr]
    body = next(unit.target for unit in found if "officials" in unit.source)
    assert "](https://example.org/a)" in body and body.count("*") == 2, "its inline codes are put back"
    assert body.endswith("。") and "。" in body[:-1], "sentence by sentence, in the typography of the language"
    assert not any(char.isascii() and char.isalpha() for char in body.replace("https://example.org/a", ""))
    assert lokta("check", "a.md").returncode == 0
    again = lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans", "--engine", "cipher")
    assert units(folder) == found and "now (cipher)" not in again.stdout
    lokta("build", "a.md", "--to", "zh-Hans", "--include-drafts")
    (edition,) = (folder / "editions").rglob("*.md")
    assert body in edition.read_text(encoding="utf-8")


def test_what_it_says_is_judged(folder: Path, lokta: Run) -> None:
    module = folder / "cipher_engine.py"
    module.write_text(ENGINE.replace("chr(0x5000 +", "word[0] or chr(0x5000 +"), encoding="utf-8")
    lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans", "--engine", "cipher")
    refused = [unit for unit in units(folder) if not unit.target]
    assert refused and {unit.line("refused").get("why") for unit in refused} == {"the same as the source"}  # type: ignore[union-attr]


def test_nobody_gets_it_unasked(folder: Path, lokta: Run) -> None:
    lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans")
    made = [line for unit in units(folder) if (line := unit.line("mt"))]
    assert all(line.get("engine") != "cipher" for line in made)


def test_a_project_names_it(folder: Path, lokta: Run) -> None:
    (folder / "lokta.toml").write_text('[target."zh-Hans"]\nengine = "cipher"\n', encoding="utf-8")
    lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans")
    assert {line.get("engine") for unit in units(folder) if (line := unit.line("mt"))} == {"cipher"}


def test_a_pair_that_it_lacks_and_a_name_that_nobody_has(folder: Path, lokta: Run) -> None:
    lacks = lokta("translate", "a.md", "--to", "bo", "--engine", "cipher", code=1)
    assert "cipher has no model for en -> bo" in lacks.stderr and lacks.stderr.count("\n") == 1
    unknown = lokta("translate", "a.md", "--to", "bo", "--engine", "sipher", code=2)
    assert "known are" in unknown.stderr and "cipher" in unknown.stderr


def test_what_is_no_engine_is_refused_in_one_line(folder: Path, lokta: Run) -> None:
    (folder / "cipher_engine.py").write_text("def make(*given):\n    return object()\n", encoding="utf-8")
    refused = lokta("translate", "a.md", "--from", "en", "--to", "zh-Hans", "--engine", "cipher", code=2)
    assert "is no toolkit.units.Engine" in refused.stderr and refused.stderr.count("\n") == 1
