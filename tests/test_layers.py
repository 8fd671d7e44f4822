"""Imports run one way, from the right of the line in CONTRIBUTING to its left, and never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

TOOLKIT = Path(__file__).resolve().parent.parent / "toolkit"
LINE = (
    "units errors language codes files tables remotes events <- article <- segment <- alignment <- catalog <- memory <- models "
    "<- quality <- translation <- review <- edition <- project <- pipeline <- page <- cli"
)
"""The rooms; those between two arrows stand on one level."""
RANK = {room: rank for rank, level in enumerate(LINE.split("<-")) for room in level.split()}
BELOW_ALL = {
    "units": set(),
    "errors": {"units"},
    "language": {"units", "errors"},
    "codes": {"units", "errors", "language"},
    "files": {"errors"},
    "tables": {"errors", "language"},
    "remotes": {"units", "errors", "files", "tables"},
    "events": {"errors"},
}
"""What the rooms of the lowest level may import of each other."""
NEVER = {"stanza", "spacy", "torch", "minisbd"}
DISK = {"files", "memory", "models", "edition", "project", "pipeline", "page", "cli"}
"""The rooms that may touch the disk."""
DISK_FILES = {
    "translation/cache/store.py",  # the draft cache
    "catalog/__init__.py",  # read_catalog
}
"""Files of other rooms that may."""
HARMLESS = {"cores", "decode", "printable", "show"}
"""Names of `toolkit.files` that touch nothing."""
LIBRARIES = {"fcntl", "glob", "shutil", "sqlite3", "tempfile"}
METHODS = {
    "exists",
    "glob",
    "is_dir",
    "is_file",
    "iterdir",
    "mkdir",
    "read_bytes",
    "read_text",
    "rglob",
    "stat",
    "unlink",
}
"""Of paths; those of `importlib.resources` have some of them, and read what the distribution carries."""


def modules() -> list[Path]:
    return sorted(TOOLKIT.rglob("*.py"))


def named(path: Path) -> str:
    """The module's full name: `toolkit.codes` for its `__init__.py`."""
    parts = path.relative_to(TOOLKIT.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, known: frozenset[str] = frozenset()) -> set[str]:
    """The modules that a file imports, inside of functions too; `from x import y` is `x.y` where that is a module."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports by full name, not by dots"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else str(node.module) for name in whole}
    return found


@cache
def graph() -> Mapping[str, set[str]]:
    """Module -> the modules of the toolkit that it imports."""
    files = {named(path): path for path in modules()}
    known = frozenset(files)
    return {name: (imports(path, known) & known) - {name} for name, path in files.items()}


def circle(found: Mapping[str, set[str]]) -> list[str]:
    """A circle in a graph of imports; empty where there is none."""
    try:
        TopologicalSorter(found).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def room(name: str) -> str:
    """`toolkit.codes.tags` lies in the room `codes`."""
    return name.partition(".")[2].partition(".")[0]


def allowed(importer: str, imported: str) -> bool:
    """Whether one room may import another."""
    if importer in BELOW_ALL:
        return imported in BELOW_ALL[importer]
    return RANK[imported] < RANK[importer]


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_imports_run_one_way(path: Path) -> None:
    here = room(named(path))
    for name in imports(path):
        assert name.split(".")[0] not in NEVER, f"{path} imports {name}"
    if here in ("", "__main__"):
        return
    assert here in RANK, f"{path} lies in no room of the line"
    for name in graph()[named(path)]:
        other = room(name)
        assert other in ("", here) or allowed(here, other), f"{here} imports {other}"


def test_there_is_no_circle() -> None:
    assert circle(graph()) == []


def test_the_rules_see_what_is_planted(tmp_path: Path) -> None:
    assert not allowed("catalog", "translation") and not allowed("units", "pipeline") and allowed("cli", "units")
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})
    planted = tmp_path / "planted.py"
    planted.write_text("def f():\n    from toolkit import codes\n    import toolkit.language.cldr\n")
    known = frozenset(graph())
    assert imports(planted, known) == {"toolkit.codes", "toolkit.language.cldr"}
    assert touched(planted) == set()
    for line in ("Path('x').read_text()", "open('x')", "from toolkit.files import lock", "import sqlite3"):
        planted.write_text(f"{line}\n")
        assert touched(planted), line


def touched(path: Path) -> set[str]:
    """By which names a file touches the disk."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    carried = "importlib.resources" in imports(path, frozenset({"importlib.resources"}))
    found: set[str] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found |= {alias.name for alias in node.names} & LIBRARIES
            case ast.ImportFrom(module="toolkit.files"):
                found |= {alias.name for alias in node.names} - HARMLESS
            case ast.ImportFrom(module=str(name)):
                found |= {name} & LIBRARIES
            case ast.Call(func=ast.Name(id="open")):
                found.add("open")
            case ast.Call(func=ast.Attribute(attr=name)) if not carried:
                found |= {name} & METHODS
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_other_rooms_take_text(path: Path) -> None:
    """Formats, checks and engines touch no file."""
    place = path.relative_to(TOOLKIT).as_posix()
    if room(named(path)) not in DISK | {"", "__main__"} and place not in DISK_FILES:
        assert not touched(path), f"{place} touches the disk: {touched(path)}"


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


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(TOOLKIT).as_posix())
def test_files_say_what_they_are(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))), f"{path.name} has no docstring"


def test_the_line_is_that_of_contributing() -> None:
    text = (TOOLKIT.parent / "CONTRIBUTING.md").read_text(encoding="utf-8")
    assert LINE.split() in [block.split() for block in text.split("\n\n")]
