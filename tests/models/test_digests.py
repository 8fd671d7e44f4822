"""The digest of a large model is read once, not at every start, and never kept for a file that changed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from toolkit.files import cache_folder
from toolkit.models import Package, package


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Package]:
    monkeypatch.setattr(package, "WORTH", 1000)
    file = tmp_path / "m.gguf"
    file.write_bytes(b"x" * 5000)
    yield Package("m", "llama", (), file)


def fresh(model: Package) -> str:
    """As another process would see it."""
    package._digest.cache_clear()
    return model.digest


def sha(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_it_is_kept_and_asked_for(model: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    first = fresh(model)
    assert first == sha(model.path)
    monkeypatch.setattr(package, "_read", lambda path: pytest.fail("read again"))
    assert fresh(model) == first


def test_a_changed_file_is_read_again(model: Package) -> None:
    fresh(model)
    model.path.write_bytes(b"y" * 5000)
    assert fresh(model) == sha(model.path)
    stat = model.path.stat()
    model.path.write_bytes(b"z" * 5001)
    os.utime(model.path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert fresh(model) == sha(model.path)
    assert len(package._kept()) == 1


def test_what_came_with_a_known_sum_is_not_read_at_all(model: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    package.keep_digest(model.path, sha(model.path))
    monkeypatch.setattr(package, "_read", lambda path: pytest.fail("read again"))
    assert fresh(model) == sha(model.path)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"a": 1}', b"\xff", b"[" * 100_000])
def test_a_broken_file_is_as_none(model: Package, data: bytes) -> None:
    cache_folder().mkdir(parents=True)
    (cache_folder() / "digests.json").write_bytes(data)
    assert fresh(model) == sha(model.path)
    assert list(package._kept().values()) == [sha(model.path)]


def test_a_folder_that_cannot_be_written_costs_time_alone(model: Package) -> None:
    cache_folder().parent.mkdir(parents=True)
    cache_folder().write_text("a file where the folder should be", encoding="utf-8")
    assert fresh(model) == sha(model.path)


def test_only_so_many_are_kept(model: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "_MOST", 10)
    for number in range(package._MOST + 5):
        package.keep_digest(tmp_path / str(number), f"{number:064}", [("m", 1000, number)])
    package.keep_digest(tmp_path / "small", "0" * 64, [("m", 999, 1)])
    assert list(package._kept().values()) == [f"{number:064}" for number in range(5, 15)]
