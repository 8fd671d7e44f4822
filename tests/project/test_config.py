"""lokta.toml is read with care, and wrong lines are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from toolkit.errors import ConfigError
from toolkit.project import config


def test_the_template_is_a_valid_project(tmp_path: Path) -> None:
    path = tmp_path / "lokta.toml"
    path.write_text(config.template("en", "articles", ("bo", "zh-Hans")), encoding="utf-8")
    (tmp_path / "deep" / "er").mkdir(parents=True)
    found = config.load(tmp_path / "deep" / "er")
    assert found.file == path and found.root == tmp_path
    assert found.articles == tmp_path / "articles" and list(found.targets) == ["bo", "zh-Hans"]


def test_without_a_file_the_folder_is_the_project(tmp_path: Path) -> None:
    found = config.load(tmp_path)
    assert found.file is None and found.articles == tmp_path and found.locales == tmp_path / "locales"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("articles = 3", "articles must be a text"),
        ("artcles = 'x'", "unknown key 'artcles'"),
        ("[target.bo]\nengin = 'x'", "unknown key 'engin' in"),
        ("[target]\nbo = 1", r"write a table \[target.bo\]"),
        ("[target.bo]\nvariant = 'roman'", "variant in"),
        ("commercial = 'yes'", "commercial must be true or false"),
        ("a = = b", "not valid TOML"),
    ],
)
def test_wrong_lines_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message) as caught:
        config.parse(text, tmp_path / "lokta.toml")
    assert "lokta.toml" in str(caught.value)


def test_an_unknown_language_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"lokta\.toml: target: unknown language 'xqz'"):
        config.parse("[target.xqz]\n", tmp_path / "lokta.toml")


def test_aliases_become_tags(tmp_path: Path) -> None:
    found = config.parse("source_language = 'en'\n[target.zh_CN]\nengine = 'argos'\n", tmp_path / "lokta.toml")
    assert list(found.targets) == ["zh-Hans"] and found.targets["zh-Hans"].engine == "argos"


def test_the_reviewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.parse("reviewer = 'Tashi'", tmp_path / "lokta.toml").reviewer_name == "Tashi"
    monkeypatch.setenv("LOGNAME", "desk")
    assert config.load(tmp_path).reviewer_name == "desk"


@pytest.mark.parametrize(
    "line", ["beam = true", "beam = -1", 'device = "tpu"', "speed = 3", 'beam = "4"', "slots = 17"]
)
def test_a_wrong_drafting_table_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "lokta.toml").write_text(f"[drafting]\n{line}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"lokta\.toml"):
        config.load(tmp_path)
