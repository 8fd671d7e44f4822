"""Files are written whole or not at all, and read within limits."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit import files
from toolkit.errors import DataError


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "a.po"
    assert files.atomic_write(path, "བོད་\n")
    before = path.stat().st_mtime_ns
    assert not files.atomic_write(path, "བོད་\n".encode())
    assert path.stat().st_mtime_ns == before
    assert [p.name for p in path.parent.iterdir()] == ["a.po"]


def test_permissions_and_links_are_kept(tmp_path: Path) -> None:
    path, link = tmp_path / "a", tmp_path / "link"
    path.write_text("old")
    path.chmod(0o640)
    link.symlink_to(path)
    files.atomic_write(link, "new")
    assert link.is_symlink() and path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("call", ["fsync", "replace", "fchmod"])
@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_failing_disk_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: int
) -> None:
    path = tmp_path / "a.po"
    path.write_text("old")

    def fail(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    monkeypatch.setattr(files.os, call, fail)
    with pytest.raises(DataError, match=r"a\.po: cannot be written \(.*it is as it was"):
        files.atomic_write(path, "new")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.po"]


WRITER = """
import sys
from pathlib import Path
from toolkit.files import atomic_write
n = 0
while True:
    n += 1
    print("write", n, flush=True)
    atomic_write(Path(sys.argv[1]), f"{n:08}" * 20000)
"""


def test_a_killed_writer_leaves_a_whole_file(tmp_path: Path) -> None:
    """It is killed right after it said that it begins a write, once for each of the first ten."""
    path = tmp_path / "a.po"
    for number in range(1, 11):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        for _ in range(number):
            writer.stdout.readline()
        writer.kill()
        writer.wait()
        writer.stdout.close()
        if number > 1 or path.exists():
            text = path.read_text()
            assert len(text) == 160000 and text == text[:8] * 20000


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\xff\xfea\0", "UTF-16"),
        (b"\xef\xbb\xbfa", "byte order mark"),
        (b"a\0b", "NUL"),
        (b"a\nb\xe9", ":2: is not UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(DataError, match=message):
        files.read_text(path)


def test_what_somebody_saves_in_the_instant_in_which_a_file_is_taken_away_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.po"
    path.write_bytes(b"old")
    real = files.Folder.rename

    def saved(folder: files.Folder, old: str, new: str) -> None:
        if old == "a.po":
            path.write_bytes(b"somebody's")
        real(folder, old, new)

    monkeypatch.setattr(files.Folder, "rename", saved)
    with pytest.raises(files.Changed):
        files.take_away(path, b"old", tmp_path)
    assert path.read_bytes() == b"somebody's" and [one.name for one in tmp_path.iterdir()] == ["a.po"]
    monkeypatch.undo()
    assert files.take_away(path, b"somebody's", tmp_path) and not list(tmp_path.iterdir())
    assert not files.take_away(path, b"old", tmp_path)


def test_line_ends_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\r\nb\rc\n\x0b\x0c")
    assert files.read_text(path) == "a\r\nb\rc\n\x0b\x0c"


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * 101)
    with pytest.raises(DataError, match="larger than"):
        files.read_bytes(path, limit=100)


def test_missing_and_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no such file"):
        files.read_bytes(tmp_path / "none")
    with pytest.raises(DataError, match="is a folder"):
        files.read_bytes(tmp_path)


@given(st.text())
def test_printed_text_holds_no_control(text: str) -> None:
    shown = files.printable(text)
    assert not any(c in shown for c in "\x1b\x9b\x07\r\u202e\u2066\u2028")


def test_joiners_and_tibetan_stay() -> None:
    assert files.printable("བོད་ཡིག༌། a\u200db\u200c\tc\n") == "བོད་ཡིག༌། a\u200db\u200c\tc\n"


def test_two_writers_take_turns(tmp_path: Path) -> None:
    script = (
        "import sys\nfrom pathlib import Path\nfrom toolkit.files import atomic_write, lock\n"
        "p = Path(sys.argv[1]) / 'n'\n"
        "for _ in range(50):\n    with lock(p.parent):\n        atomic_write(p, str(int(p.read_text()) + 1))\n"
    )
    (tmp_path / "n").write_text("0")
    running = [subprocess.Popen([sys.executable, "-c", script, str(tmp_path)]) for _ in range(2)]
    assert [process.wait() for process in running] == [0, 0]
    assert (tmp_path / "n").read_text() == "100"
