"""Files from the network: whole and right, or one line and nothing that counts."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.server import Site, serving
from toolkit.errors import DataError, LoktaError, UsageError
from toolkit.models import download

DATA = random.Random(1).randbytes(700_000)
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/a",
        "ftp://127.0.0.1/a",
        "file:///etc/passwd",
        "https://user@example.org/a",
        "https://example.org/a b",
        "https://example.org/\u202ea",
        "https:///a",
        "https://[::1/a",
        "http://127.0.0.1.example.org/a",
        "http://10.0.0.1/a",
        "//example.org/a",
        "https://example.org:x/a",
    ],
)
def test_only_https_and_this_machine_are_asked(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        download.fetch(url, tmp_path, limit=10)
    assert "\n" not in str(caught.value) and left(tmp_path) == []


@pytest.mark.parametrize(
    "url", ["https://example.org/a", "http://localhost:1/a", "http://127.0.0.2/a", "http://[::1]/a"]
)
def test_these_may_be_asked(url: str) -> None:
    assert download.allowed(url) == url


def test_a_file_comes_with_its_progress(site: Site, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    url = site.put("/a", DATA)
    fetched = download.fetch(url, tmp_path, limit=10**6, progress=lambda *at: told.append(at), sha256=SUM)
    assert fetched.path.read_bytes() == DATA and fetched.sha256 == SUM and fetched.size == len(DATA)
    assert told[-1] == (len(DATA), len(DATA)) and [done for done, _ in told] == sorted({done for done, _ in told})
    fetched.forget()
    assert left(tmp_path) == []


def test_a_broken_transfer_goes_on_where_it_stopped(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", DATA, etag='"one"', breaks_after=[300_000, 100_000])
    assert download.fetch(url, tmp_path, limit=10**6, sha256=SUM).path.read_bytes() == DATA
    assert site.asked == [("/a", ""), ("/a", "bytes=300000-"), ("/a", "bytes=400000-")]


def test_the_same_command_goes_on(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", DATA, etag='"one"', breaks_after=[200_000] + [0] * (download.ATTEMPTS - 1))
    with pytest.raises(DataError, match="the same command goes on"):
        download.fetch(url, tmp_path, limit=10**6)
    site.asked.clear()
    assert download.fetch(url, tmp_path, limit=10**6, sha256=SUM).sha256 == SUM
    assert site.asked == [("/a", "bytes=200000-")]


def test_a_file_that_changed_meanwhile_comes_anew(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", b"old" * 100_000, etag='"old"', breaks_after=[200_000, 0, 0, 0, 0])
    with pytest.raises(DataError):
        download.fetch(url, tmp_path, limit=10**6)
    site.put("/a", DATA, etag='"new"')
    assert download.fetch(url, tmp_path, limit=10**6).path.read_bytes() == DATA


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_what_cannot_be_resumed_is_not_kept(site: Site, tmp_path: Path, etag: str) -> None:
    url = site.put("/a", DATA, etag=etag, breaks_after=[300_000] * download.ATTEMPTS)
    with pytest.raises(DataError, match="broke off after"):
        download.fetch(url, tmp_path, limit=10**6)
    assert left(tmp_path) == []


def test_a_resumed_file_that_is_whole_already_is_not_asked_for_again(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", DATA, etag='"one"')
    download.fetch(url, tmp_path, limit=10**6)
    site.asked.clear()
    assert download.fetch(url, tmp_path, limit=10**6, size=len(DATA), sha256=SUM).sha256 == SUM
    assert site.asked == []
    assert download.fetch(url, tmp_path, limit=10**6).sha256 == SUM


def test_a_lie_about_the_sum_or_the_size_is_seen(site: Site, tmp_path: Path) -> None:
    url = site.put("/a", DATA, etag='"one"')
    for expected in ({"sha256": "0" * 64}, {"size": len(DATA) + 1}):
        with pytest.raises(DataError, match="not the file that was announced"):
            download.fetch(url, tmp_path, limit=10**6, **expected)  # type: ignore[arg-type]
        assert left(tmp_path) == []


@pytest.mark.parametrize("more", [{}, {"length": 500}])
def test_a_huge_file_is_stopped(site: Site, tmp_path: Path, more: dict[str, int]) -> None:
    url = site.put("/a", DATA, etag='"one"', **more)
    with pytest.raises(DataError):
        download.fetch(url, tmp_path, limit=100, size=0)
    assert left(tmp_path) == []


def test_gone_and_refused_are_said(site: Site, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is not there"):
        download.fetch(site.address + "/nothing", tmp_path, limit=100)
    with pytest.raises(DataError, match="refused by the server"):
        download.fetch(site.put("/secret", status=403), tmp_path, limit=100)
    with pytest.raises(DataError, match="the server answers 503"):
        download.fetch(site.put("/busy", status=503), tmp_path, limit=100)
    assert left(tmp_path) == []


@pytest.mark.parametrize("to", ["http://example.org/a", "file:///etc/passwd", "ftp://127.0.0.1/a"])
def test_a_redirect_leads_nowhere_but_to_https(site: Site, tmp_path: Path, to: str) -> None:
    url = site.put("/a", redirect=to)
    with pytest.raises(LoktaError) as caught:
        download.fetch(url, tmp_path, limit=100)
    assert "\n" not in str(caught.value) and left(tmp_path) == []


def test_a_redirect_on_this_machine_is_followed(site: Site, tmp_path: Path) -> None:
    site.put("/b", DATA)
    url = site.put("/a", redirect=site.address + "/b")
    assert download.fetch(url, tmp_path, limit=10**6).sha256 == SUM


def test_nobody_there_is_one_line(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="cannot be reached"):
        download.fetch("http://127.0.0.1:1/a", tmp_path, limit=100)
    monkeypatch.setattr(download, "SECONDS", 0.2)
    monkeypatch.setattr(download, "ATTEMPTS", 1)
    given_up = threading.Event()
    try:
        with pytest.raises(DataError, match="does not answer"):
            download.fetch(site.put("/a", DATA, before=lambda sent: sent and given_up.wait()), tmp_path, limit=10**6)
    finally:
        given_up.set()


def test_a_small_file_is_read_into_memory(site: Site) -> None:
    assert download.read(site.put("/a", b"[]"), 100) == b"[]"
    for path, page in {"/b": {"data": DATA}, "/c": {"data": b"x", "length": 9}, "/d": {"status": 500}}.items():
        with pytest.raises(DataError):
            download.read(site.put(path, **page), 100)  # type: ignore[arg-type]
