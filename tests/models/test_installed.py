"""Models are found where a person puts them; what cannot be used is named in one line and harms nothing."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

from tests.support.tiny_argos import make_argosmodel, make_package
from toolkit import models
from toolkit.errors import ModelError
from toolkit.models import argos


@pytest.fixture
def folder() -> Path:
    path = models.folder()
    path.mkdir(parents=True)
    return path


def ours() -> list[models.Package]:
    return [package for package in models.installed() if package.engine == "argos"]


def test_the_folder_is_named_by_the_environment_or_is_the_users_own(tmp_path: Path) -> None:
    assert models.folder({"LOKTA_MODELS": str(tmp_path)}) == tmp_path
    assert models.folder({}).parts[-2:] == ("lokta", "models")


def test_no_folder_at_all_is_no_trouble() -> None:
    assert ours() == [] and models.scan().warnings == ()
    assert not models.folder().exists(), "looking made a folder"


def test_a_folder_and_an_archive_are_packages(folder: Path, tmp_path: Path) -> None:
    make_package(folder, "en", "zh")
    make_argosmodel(tmp_path, "zh", "bo").rename(folder / "translate-zh_bo-1_0.argosmodel")
    first, second = ours()
    assert (first.name, first.pairs, first.origin) == ("translate-en_zh-1_0", (("en", "zh-Hans"),), "folder")
    assert (second.name, second.pairs, second.version) == ("translate-zh_bo-1_0", (("zh-Hans", "bo"),), "1.0")
    assert first.size > 100_000 and second.size > 100_000


def test_packages_installed_with_argos_are_found_without_importing_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    default = Path(os.environ["XDG_DATA_HOME"]) / "argos-translate" / "packages"
    make_package(default, "en", "zh")
    assert [package.origin for package in ours()] == ["argos"]
    elsewhere = tmp_path / "elsewhere"
    make_package(elsewhere, "en", "bo")
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "argos-translate" / "settings.json"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps({"ARGOS_PACKAGES_DIR": str(elsewhere)}), encoding="utf-8")
    assert [package.name for package in ours()] == ["translate-en_bo-1_0"]
    monkeypatch.setenv("ARGOS_PACKAGES_DIR", str(default))
    assert [package.name for package in ours()] == ["translate-en_zh-1_0"]


def test_our_folder_comes_before_argoss_own(folder: Path) -> None:
    make_package(Path(os.environ["XDG_DATA_HOME"]) / "argos-translate" / "packages", "en", "zh")
    mine = make_package(folder, "en", "zh")
    assert [package.path for package in ours()] == [mine]


def test_argos_codes_become_bcp_47(folder: Path) -> None:
    for code, tag in (("zt", "zh-Hant"), ("zh", "zh-Hans"), ("bo", "bo")):
        package = make_package(folder, "en", "bo", version=f"1.{code}")
        facts = json.loads((package / "metadata.json").read_text(encoding="utf-8")) | {"to_code": code}
        (package / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")
        assert ("en", tag) in [pair for found in ours() for pair in found.pairs]


def _no_model(package: Path) -> None:
    (package / "model" / "model.bin").unlink()


def _bpe(package: Path) -> None:
    (package / "sentencepiece.model").rename(package / "bpe.model")


def _no_json(package: Path) -> None:
    (package / "metadata.json").write_text("{", encoding="utf-8")


def _list(package: Path) -> None:
    (package / "metadata.json").write_text("[]", encoding="utf-8")


def _deep(package: Path) -> None:
    (package / "metadata.json").write_text("[" * 100_000, encoding="utf-8")


def _strange_code(package: Path) -> None:
    facts = json.loads((package / "metadata.json").read_text(encoding="utf-8")) | {"to_code": "../../x\x1b[31m"}
    (package / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize("damage", [_no_model, _bpe, _no_json, _list, _deep, _strange_code])
def test_a_broken_package_is_a_warning_and_the_others_work(folder: Path, damage: Callable[[Path], None]) -> None:
    damage(make_package(folder, "en", "bo"))
    make_package(folder, "en", "zh")
    scan = models.scan()
    assert [package.name for package in scan.packages if package.engine == "argos"] == ["translate-en_zh-1_0"]
    (line,) = scan.warnings
    assert "translate-en_bo-1_0" in line and "\n" not in line and "\x1b" not in line


def test_bpe_is_named(folder: Path) -> None:
    _bpe(make_package(folder, "en", "bo"))
    assert "bpe.model" in models.scan().warnings[0]


def _archive(path: Path, members: list[tuple[str, bytes]]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members:
            archive.writestr(name, data)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(
    "members",
    [
        [],
        [("a/metadata.json", b"{}"), ("b/model/model.bin", b"")],
        [("a/metadata.json", b"{}"), ("a/metadata.json", b"{}")],
        [("metadata.json", b"{}")],
        [("a/metadata.json", b" " * (2**20 + 1))],
        [("a/metadata.json", b'{"from_code": "en", "to_code": "bo"}')],
    ],
    ids=["empty", "two folders", "a name twice", "no folder", "huge metadata", "no model"],
)
def test_an_archive_that_is_no_package_is_a_warning(folder: Path, members: list[tuple[str, bytes]]) -> None:
    _archive(folder / "trap.argosmodel", members)
    (line,) = models.scan().warnings
    assert "trap.argosmodel" in line and "\n" not in line


def test_a_file_that_is_no_archive_is_a_warning(folder: Path) -> None:
    (folder / "broken.argosmodel").write_bytes(b"PK\x03\x04 and no more")
    assert "broken.argosmodel" in models.scan().warnings[0]


def test_other_things_in_the_folder_are_passed_over(folder: Path) -> None:
    (folder / "notes.txt").write_text("to do", encoding="utf-8")
    (folder / "models.lock").write_text("", encoding="utf-8")
    (folder / "stray").mkdir()
    assert ours() == [] and models.scan().warnings == ()


def test_a_package_that_does_not_translate_is_passed_over(folder: Path) -> None:
    package = make_package(folder, "en", "zh")
    facts = json.loads((package / "metadata.json").read_text(encoding="utf-8")) | {"type": "sbd"}
    (package / "metadata.json").write_text(json.dumps(facts), encoding="utf-8")
    assert ours() == [] and models.scan().warnings == ()


def test_the_digest_follows_the_files(folder: Path) -> None:
    package = make_package(folder, "en", "zh")
    (before,) = ours()
    digest = before.digest
    assert len(digest) == 64 and before.digest == digest
    with (package / "model" / "model.bin").open("ab") as file:
        file.write(b"\0")
    assert before.digest != digest
    (package / "README.md").write_text("a remark", encoding="utf-8")
    changed = before.digest
    (package / "README.md").write_text("another remark", encoding="utf-8")
    assert before.digest == changed


def test_an_unreadable_model_says_so(folder: Path) -> None:
    (package,) = [make_package(folder, "en", "zh")]
    (found,) = ours()
    for file in (package / "model").iterdir():
        file.unlink()
    with pytest.raises(ModelError, match="model/no_such cannot be read"):
        argos.Files(found.path).read("model/no_such")


def test_both_argos_distributions_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    argos.refuse_twins()

    class Found:
        metadata = {"Name": "x"}  # noqa: RUF012

    monkeypatch.setattr(metadata, "distribution", lambda name: Found())
    with pytest.raises(ModelError, match="pip uninstall argostranslate"):
        argos.refuse_twins()


class _Entry:
    name, value, dist = "stranger", "stranger:cards", None

    def __init__(self, cards: object) -> None:
        self._cards = cards

    def load(self) -> Callable[[], object]:
        return lambda: self._cards


@pytest.mark.parametrize(
    "cards", [None, [{}], [{"name": "x", "engine": "llama", "pairs": [("en", "bo")], "path": "/no/such.gguf"}], 7]
)
def test_a_broken_data_package_is_a_warning(monkeypatch: pytest.MonkeyPatch, cards: object) -> None:
    monkeypatch.setattr(models, "entry_points", lambda group: [_Entry(cards)])
    scan = models.scan()
    assert scan.packages == ()
    assert "stranger" in scan.warnings[0] and "\n" not in scan.warnings[0]


def test_a_model_that_warns_of_itself_comes_last(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"x")
    card = {"engine": "llama", "pairs": [("en", "zh_CN")], "path": str(file), "family": "starter"}
    cards = [card | {"name": "weak", "label": "expect to rewrite"}, card | {"name": "good"}]
    monkeypatch.setattr(models, "entry_points", lambda group: [_Entry(cards)])
    make_package(folder, "en", "zh")
    assert [package.name for package in models.installed()] == ["translate-en_zh-1_0", "good", "weak"]
    assert models.installed()[2].pairs == (("en", "zh-Hans"),)
