"""Catalogs that somebody saves while a command writes them: at every moment between reading and replacing, no word is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.support.projects import path_of, read, reviewed, translate, write, write_catalog
from toolkit import catalog as catalogs
from toolkit import files
from toolkit.errors import DataError
from toolkit.events import Recorder
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.project.discovery import find, load
from toolkit.units import Catalog

Editor = Callable[[Path, str], None]


def by_rename(path: Path, text: str) -> None:
    beside = path.with_name("editor~")
    beside.write_text(text, encoding="utf-8")
    os.replace(beside, path)


def in_place(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


editors = pytest.mark.parametrize("editor", [by_rename, in_place])


def with_words(path: Path, source: str, target: str) -> str:
    """The catalog's text with an approved translation, as Poedit leaves it."""
    catalog = read(path.parents[3])
    units = tuple(
        replace(unit.flagged("fuzzy", on=False), target=target) if unit.source == source else unit
        for unit in catalog.units
    )
    return catalogs.dump(replace(catalog, units=units))


@pytest.fixture
def instant(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[[], None]]]:
    """Calls to be made one by one, each right before two files are exchanged: after the last look at them."""
    waiting: list[Callable[[], None]] = []
    exchange = files.Folder.exchange
    put_new = files.Folder.put_new

    def before(real: Callable[..., None]) -> Callable[..., None]:
        def call(self: files.Folder, one: str, other: str) -> None:
            if waiting:
                waiting.pop(0)()
            real(self, one, other)

        return call

    monkeypatch.setattr(files.Folder, "exchange", before(exchange))
    monkeypatch.setattr(files.Folder, "put_new", before(put_new))
    yield waiting
    assert not waiting, "not all moments came"


@editors
def test_a_save_between_the_last_look_and_the_exchange_stays(
    tmp_path: Path, editor: Editor, instant: list[Callable[[], None]]
) -> None:
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    editor(path, with_words(path, "Title of it", "མགོ་བྱང་"))
    instant.append(lambda: editor(path, with_words(path, "The river rose.", "ཆུ་རྒྱས།")))
    assert ReviewService(Context.at(tmp_path)).sign(path) == 2
    held = {unit.source: unit for unit in read(tmp_path).live}
    assert held["The river rose."].target == "ཆུ་རྒྱས།" and held["The river rose."].line("reviewed")
    assert held["Title of it"].target == "མགོ་བྱང་"
    assert not list(path.parent.glob(".lokta-*"))


@editors
def test_two_saves_in_one_exchange_are_both_kept(
    tmp_path: Path, editor: Editor, instant: list[Callable[[], None]]
) -> None:
    """The second comes while the first is being put back, from an editor that read the machine's version in between."""
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    editor(path, with_words(path, "Title of it", "མགོ་བྱང་"))
    instant.append(lambda: by_rename(path, with_words(path, "The river rose.", "ཆུ་རྒྱས།")))
    instant.append(lambda: by_rename(path, with_words(path, "It fell again.", "ཆུ་ཆུང་།")))
    ReviewService(Context.at(tmp_path)).sign(path)
    held = {unit.source: unit.target for unit in read(tmp_path).live}
    assert held == {"Title of it": "མགོ་བྱང་", "The river rose.": "ཆུ་རྒྱས།", "It fell again.": "ཆུ་ཆུང་།"}
    assert not list(path.parent.glob(".lokta-*"))


@editors
def test_a_catalog_that_appears_before_the_first_save_is_merged(
    tmp_path: Path, editor: Editor, instant: list[Callable[[], None]]
) -> None:
    write(tmp_path)
    context = Context.at(tmp_path)
    (source,) = find(context.config, [tmp_path / "a.txt"])
    copy = context.store.open(load(context.store, source).template, "bo", [source.id])
    words = tuple(
        replace(unit, target="ཆུ་རྒྱས།") if "rose" in unit.source else replace(unit, comments=("see p. 4",))
        for unit in copy.now.units
    )
    text = catalogs.dump(replace(copy.now, units=words))
    instant.append(lambda: editor(copy.path, text))
    context.store.save(copy)
    assert {unit.target for unit in read(tmp_path).live} == {"", "ཆུ་རྒྱས།"}
    assert sum(unit.comments == ("see p. 4",) for unit in read(tmp_path).live) == 2


def test_what_is_written_into_a_replaced_file_is_found_at_the_end(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    text = with_words(path, "The river rose.", "ཆུ་རྒྱས།")
    with Context.at(tmp_path) as context, path.open("r+b") as editor:
        context.store.change(path, lambda catalog: replace(catalog, metadata={**catalog.metadata, "X-New": "1"}))
        editor.write(text.encode())
        editor.truncate()
        editor.flush()
        assert "ཆུ་རྒྱས།" not in path.read_text(encoding="utf-8")
    held = read(tmp_path)
    assert [unit.target for unit in held.live if unit.source == "The river rose."] == ["ཆུ་རྒྱས།"]
    assert held.metadata["X-New"] == "1"


def test_a_late_save_that_is_no_catalog_is_kept_beside_it(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    path, told = path_of(tmp_path), Recorder()
    store = Context.at(tmp_path).store
    with path.open("r+b") as editor:
        store.change(path, lambda catalog: replace(catalog, metadata={**catalog.metadata, "X-New": "1"}))
        editor.write(b'msgid "cut of')
        editor.truncate()
    before = path.read_bytes()
    store.settle(told)
    assert path.with_name("a.po.meanwhile").read_bytes() == b'msgid "cut of' and path.read_bytes() == before
    assert "a.po.meanwhile" in told.warnings[0]


KILLED = """
import os, sys
from pathlib import Path
from toolkit import catalog as catalogs
from toolkit import files
from toolkit.project.context import Context
path = Path(sys.argv[1])
real = files.Folder.exchange
def exchange(self, one, other):
    editor = path.with_name("editor~")
    editor.write_text(sys.argv[2], encoding="utf-8")
    os.replace(editor, path)
    real(self, one, other)
    os.kill(os.getpid(), 9)
files.Folder.exchange = exchange
from dataclasses import replace
Context.at(path.parents[3]).store.change(path, lambda c: replace(c, metadata={**c.metadata, "X-New": "1"}))
"""


def test_a_save_that_a_killed_command_displaced_comes_back(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    text = with_words(path, "The river rose.", "ཆུ་རྒྱས།")
    done = subprocess.run([sys.executable, "-c", KILLED, str(path), text], check=False)
    assert done.returncode == -9 and "ཆུ་རྒྱས།" not in path.read_text(encoding="utf-8")
    translate(tmp_path)
    assert [unit.target for unit in read(tmp_path).live if unit.source == "The river rose."] == ["ཆུ་རྒྱས།"]
    assert not list(path.parent.glob(".lokta-*"))


def test_half_a_save_is_waited_for(tmp_path: Path) -> None:
    """An editor that writes in place has written half of the file when the command reads it."""
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    text = with_words(path, "It fell again.", "ཆུ་ཆུང་།")
    script = (
        "import sys, time\nfrom pathlib import Path\nraw = sys.argv[2].encode()\n"
        "with open(sys.argv[1], 'r+b') as file:\n    file.truncate(0)\n    file.write(raw[:-40])\n    file.flush()\n"
        "    print('half', flush=True)\n    time.sleep(0.3)\n    file.write(raw[-40:])\n"
    )
    editor = subprocess.Popen([sys.executable, "-c", script, str(path), text], stdout=subprocess.PIPE)
    assert editor.stdout is not None and editor.stdout.readline()
    with Context.at(tmp_path) as context:
        ReviewService(context).sign(path)
        assert editor.wait() == 0
    editor.stdout.close()
    held = {unit.source: unit.target for unit in read(tmp_path).live}
    assert held["It fell again."] == "ཆུ་ཆུང་།" and len(held) == 3


def test_a_read_only_catalog_and_one_with_several_names_are_refused_by_name(tmp_path: Path) -> None:
    write(tmp_path)
    translate(tmp_path)
    path, store = path_of(tmp_path), Context.at(tmp_path).store

    def change(catalog: Catalog) -> Catalog:
        return replace(catalog, metadata={**catalog.metadata, "X-New": "1"})

    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(DataError, match=r"a\.po: is read-only"):
        store.change(path, change)
    path.chmod(0o644)
    os.link(path, tmp_path / "backup.po")
    with pytest.raises(DataError, match=r"a\.po: has 2 names"):
        store.change(path, change)
    assert path.read_bytes() == before == (tmp_path / "backup.po").read_bytes()
    assert path.samefile(tmp_path / "backup.po")


def test_files_of_others_are_not_swept(tmp_path: Path) -> None:
    old = 1_000_000_000
    names = (".vimrc.tmp", ".a.po.x1y2.tmp", ".lokta-0011.tmp")
    for name in names:
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (old, old))
    files.sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[:2])


def test_an_unexpected_file_is_never_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.po"
    for there, expected in ((None, b"x"), (b"x", None), (b"y", b"x")):
        path.unlink(missing_ok=True)
        if there is not None:
            path.write_bytes(there)
        with pytest.raises(files.Changed):
            files.swap(path, expected, b"new")
        assert (path.read_bytes() if path.exists() else None) == there
    assert [path.name for path in tmp_path.iterdir()] == ["a.po"]


@pytest.mark.parametrize("missing", [None, 22])
def test_a_file_system_without_exchange_notices_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: int | None
) -> None:
    import ctypes

    def call(*_: Any) -> int:
        ctypes.set_errno(missing or 0)
        return -1

    monkeypatch.setattr(files, "_exchanging", lambda: call if missing else None)
    path = tmp_path / "a.po"
    path.write_bytes(b"old")
    displaced = files.swap(path, b"old", b"new")
    assert displaced is not None and path.read_bytes() == b"new" and displaced.later() is None
    assert [path.name for path in tmp_path.iterdir()] == ["a.po"]


def test_reviewed_words_and_their_editor(tmp_path: Path) -> None:
    """A person's approval that lands while `change` runs is part of what is written."""
    write(tmp_path)
    translate(tmp_path)
    path = path_of(tmp_path)
    asked = 0

    def change(catalog: Catalog) -> Catalog:
        nonlocal asked
        asked += 1
        if asked == 1:
            units = tuple(reviewed("ཆུ་རྒྱས།")(unit) if "rose" in unit.source else unit for unit in catalog.units)
            write_catalog(path, replace(catalog, units=units))
        return replace(catalog, metadata={**catalog.metadata, "X-New": "1"})

    Context.at(tmp_path).store.change(path, change)
    held = read(tmp_path)
    assert asked == 2 and held.metadata["X-New"] == "1"
    assert [unit.target for unit in held.live if "rose" in unit.source] == ["ཆུ་རྒྱས།"]
