"""Imports run one way, from the right of the line in CONTRIBUTING to its left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TOOLKIT = Path(__file__).resolve().parent.parent / "toolkit"
LAYERS = (
    {"hashing", "units", "errors", "language", "codes", "files", "remotes", "config"},
    {"article"},
    {"segment"},
    {"catalog"},
    {"memory"},
    {"models"},
    {"translation"},
    {"review"},
    {"edition"},
    {"project"},
    {"jobs"},
    {"second_source"},
    {"desk"},
    {"publish"},
    {"pipeline"},
    {"receipt"},
    {"cli"},
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}
BELOW_ALL = {
    "hashing": set(),
    "units": {"hashing"},
    "errors": set(),
    "language": {"units", "errors"},
    "codes": {"units", "errors", "language"},
    "files": {"errors"},
    "remotes": {"errors", "files"},
    "config": {"errors", "files", "language", "remotes"},
}
NEVER = {"stanza", "spacy", "torch", "minisbd"}
DISK = {
    "files",
    "config",
    "memory",
    "models",
    "catalog",
    "edition",
    "project",
    "jobs",
    "second_source",
    "desk",
    "publish",
    "pipeline",
    "receipt",
    "cli",
}


def modules() -> list[Path]:
    return sorted(TOOLKIT.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports by full name, not by dots"
            if node.module == "toolkit":
                found |= {f"toolkit.{alias.name}" for alias in node.names}
            else:
                found.add(str(node.module))
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    layer = path.relative_to(TOOLKIT).parts[0].removesuffix(".py")
    if layer in ("__init__", "__main__"):
        return
    for name in imports(path):
        if not name.startswith("toolkit."):
            assert name.split(".")[0] not in NEVER, f"{layer} imports {name}"
            continue
        other = name.split(".")[1]
        if other in (layer, "__version__"):
            continue
        allowed = other in BELOW_ALL[layer] if layer in BELOW_ALL else RANK[other] < RANK[layer]
        assert allowed, f"{layer} imports {other}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_only_files_writes(path: Path) -> None:
    """Every file of a person's is written by `files.atomic_write`: nothing else opens a file for writing."""
    if path.name == "files.py":
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in ("write_text", "write_bytes"), f"{path}:{node.lineno}"
            if name == "open":
                mode = [a.value for a in node.args if isinstance(a, ast.Constant)] + [
                    k.value.value for k in node.keywords if k.arg == "mode" and isinstance(k.value, ast.Constant)
                ]
                assert not any(isinstance(m, str) and set(m) & set("wax+") and len(m) <= 3 for m in mode), (
                    f"{path}:{node.lineno}"
                )


def test_the_rule_sees_a_planted_import() -> None:
    assert RANK["article"] < RANK["catalog"] < RANK["translation"] < RANK["cli"]
    assert "pipeline" not in BELOW_ALL["units"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_files_stay_short_and_say_what_they_are(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= 350, f"{path.name} has {text.count(chr(10))} lines: look for the second noun in it"
    assert ast.get_docstring(ast.parse(text)), f"{path.name} has no docstring"
