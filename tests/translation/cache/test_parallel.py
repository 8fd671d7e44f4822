"""Threads and processes share one draft cache: nothing that was written is missing, and nobody is turned away."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.fake_engine import FakeModel
from toolkit.translation.cache import CachedModel, DraftCache, SentencePair
from toolkit.translation.cache.store import MIGRATIONS
from toolkit.translation.inference import Output, Question
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "bo")
PROCESSES, THREADS, WINDOWS, SIZE = 4, 8, 20, 10
WRITER = """
import sys
from pathlib import Path
from tests.translation.cache.{module} import {function}
print("ready", flush=True)
sys.stdin.readline()
{function}(Path(sys.argv[1]), *sys.argv[2:])
"""


def key(*parts: object) -> bytes:
    return " ".join(map(str, parts)).encode()


def keys(process: object) -> list[bytes]:
    return [key(process, t, w, n) for t in range(THREADS) for w in range(WINDOWS) for n in range(SIZE)]


def write(cache: DraftCache, process: object) -> None:
    """From several threads at once: write windows, read what the thread itself wrote, and what it may find of others."""
    together = threading.Barrier(THREADS)

    def work(thread: int) -> None:
        together.wait()
        for window in range(WINDOWS):
            outputs = {(one := key(process, thread, window, n)): Output(one.decode(), -0.5, 1) for n in range(SIZE)}
            cache.keep(outputs)
            cache.keep_sentences([SentencePair(*PAIR, f"{process} {thread}", str(window), "m")])
            assert cache.find(list(outputs)) == outputs
            for other in range(PROCESSES):
                seen = cache.find([key(other, thread, window, n) for n in range(SIZE)])
                assert len(seen) in (0, SIZE), "a window is there whole or not at all"
                assert all(output.text.encode() == name for name, output in seen.items())
            cache.sentence_pairs(PAIR, [f"{process} {thread}"])
            cache.speed("m")
        cache.measured("m", "model", SIZE, 100, 1.0)

    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(work, number) for number in range(THREADS)]:
            done.result()


def write_and_close(path: Path, process: str) -> None:
    """What a process of its own does."""
    with DraftCache(path) as cache:
        write(cache, process)
    assert not cache.warnings, cache.warnings


def open_often(path: Path, process: str) -> None:
    """Be there when files begin: open each, write, close, and read again."""
    for number in range(30):
        for _ in range(2):
            with DraftCache(path / str(number) / "drafts.sqlite3") as cache:
                cache.keep({key(process): Output(process)})
            assert not cache.warnings, cache.warnings
        with DraftCache(path / str(number) / "drafts.sqlite3") as cache:
            assert cache.find([key(process)]) == {key(process): Output(process)}
        assert not cache.warnings, cache.warnings


def at_once(function: Callable[..., None], path: Path) -> None:
    """The function in several processes that begin at the same moment."""
    code = WRITER.format(module=Path(__file__).stem, function=function.__name__)
    running = [
        subprocess.Popen(
            [sys.executable, "-c", code, str(path), str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(PROCESSES)
    ]
    for process in running:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
    for process in running:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    for process in running:
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said


def test_threads_share_it(tmp_path: Path) -> None:
    write_and_close(tmp_path / "d.sqlite3", "0")
    with DraftCache(tmp_path / "d.sqlite3") as cache:
        assert set(cache.find(keys("0"))) == set(keys("0"))
        pairs = cache.sentence_pairs(PAIR, [f"0 {thread}" for thread in range(THREADS)])
        assert all(len(found) == WINDOWS for found in pairs.values()) and len(pairs) == THREADS
        assert cache.speed("m") == pytest.approx(100), "all threads were measured together"


def test_processes_with_threads_share_it(tmp_path: Path) -> None:
    at_once(write_and_close, tmp_path / "d.sqlite3")
    with DraftCache(tmp_path / "d.sqlite3") as cache:
        for process in range(PROCESSES):
            assert set(cache.find(keys(process))) == set(keys(process))
        assert not cache.warnings
    with sqlite3.connect(tmp_path / "d.sqlite3") as other:
        assert other.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    other.close()


def test_processes_that_begin_it_at_the_same_moment(tmp_path: Path) -> None:
    at_once(open_often, tmp_path)
    for number in range(30):
        with DraftCache(tmp_path / str(number) / "drafts.sqlite3") as cache:
            assert len(cache.find([key(process) for process in range(PROCESSES)])) == PROCESSES


def test_a_second_thread_does_not_switch_it_off(tmp_path: Path) -> None:
    with DraftCache(tmp_path / "d.sqlite3") as cache:
        cache.keep({b"x": Output("1")})
        found: list[dict[bytes, Output]] = []

        def other() -> None:
            found.append(cache.find([b"x"]))
            cache.keep({b"y": Output("2")})

        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
        assert found == [{b"x": Output("1")}]
        assert set(cache.find([b"x", b"y"])) == {b"x", b"y"} and not cache.warnings


def test_threads_that_ended_leave_nothing_open(tmp_path: Path) -> None:
    with DraftCache(tmp_path / "d.sqlite3") as cache:
        for number in range(30):
            thread = threading.Thread(target=cache.keep, args=({key(number): Output("1")},))
            thread.start()
            thread.join()
        assert len(cache._open) <= 2
        assert len(cache.find([key(number) for number in range(30)])) == 30


def test_a_file_that_breaks_under_many_threads_is_set_aside_once(tmp_path: Path) -> None:
    (tmp_path / "d.sqlite3").write_bytes(b"not a database at all\n" * 99)
    with DraftCache(tmp_path / "d.sqlite3") as cache:
        write(cache, "0")
        assert set(cache.find(keys("0"))) == set(keys("0"))
        assert len(cache.warnings) == 1 and "broken" in cache.warnings[0]


def test_a_row_that_we_did_not_write_sets_the_file_aside_once_whoever_finds_it(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    together = threading.Barrier(THREADS)
    with DraftCache(path) as cache:
        cache.keep({b"x": Output("1")})
        with sqlite3.connect(path) as other:
            other.execute("UPDATE outputs SET pieces = 'not ours'")
        other.close()

        def work(thread: int) -> None:
            assert cache.find([b"y"]) == {}
            together.wait()
            assert cache.find([b"x"]) == {}
            together.wait()
            cache.keep({key(thread): Output("2")})

        with ThreadPoolExecutor(THREADS) as pool:
            for done in [pool.submit(work, number) for number in range(THREADS)]:
                done.result()
        assert len(cache.warnings) == 1 and "broken" in cache.warnings[0]
        assert len(cache.find([key(thread) for thread in range(THREADS)])) == THREADS


# The same question from two threads


class Slow(FakeModel):
    """Answers when it is told to; it counts who waits for it."""

    def __init__(self) -> None:
        super().__init__(mates=False)
        self.begun, self.go = threading.Event(), threading.Event()

    def ask(self, questions: Sequence[Question]) -> list[Output]:
        self.begun.set()
        assert self.go.wait(60)
        return super().ask(questions)


def test_what_one_thread_asks_another_does_not_ask_as_well(tmp_path: Path) -> None:
    slow = Slow()
    with DraftCache(tmp_path / "d.sqlite3") as cache, ThreadPoolExecutor(THREADS) as pool:
        model = CachedModel(slow, cache)
        first = pool.submit(model.ask, [Question("One."), Question("Two.")])
        assert slow.begun.wait(60)
        others = [pool.submit(model.ask, [Question("Two."), Question("One.")]) for _ in range(THREADS - 1)]
        slow.go.set()
        one, two = first.result()
        assert all(other.result() == [two, one] for other in others)
        assert slow.asked == [["One.", "Two."]] and not cache.warnings


def test_who_waited_for_a_thread_that_failed_hears_of_it(tmp_path: Path) -> None:
    class Fails(Slow):
        def ask(self, questions: Sequence[Question]) -> list[Output]:
            super().ask(questions)
            raise RuntimeError("no power")

    fails = Fails()
    with DraftCache(tmp_path / "d.sqlite3") as cache, ThreadPoolExecutor(2) as pool:
        model = CachedModel(fails, cache)
        both = [pool.submit(model.ask, [Question("One.")]) for _ in range(2)]
        assert fails.begun.wait(60)
        fails.go.set()
        for one in both:
            with pytest.raises(RuntimeError, match="no power"):
                one.result()
        assert model.recall([Question("One.")]) == [None]


# The file of an earlier version

EARLIER = """
CREATE TABLE drafts (key BLOB PRIMARY KEY, target TEXT, score REAL, origin TEXT NOT NULL, model TEXT NOT NULL,
    via TEXT NOT NULL, remarks TEXT NOT NULL, why TEXT NOT NULL);
CREATE TABLE sentences (about INTEGER NOT NULL, said INTEGER NOT NULL, source_language TEXT NOT NULL,
    target_language TEXT NOT NULL, source TEXT NOT NULL, target TEXT NOT NULL, model TEXT NOT NULL, UNIQUE (about, said));
CREATE TABLE speeds (model TEXT PRIMARY KEY, sentences INTEGER NOT NULL, characters INTEGER NOT NULL,
    tokens INTEGER NOT NULL, seconds REAL NOT NULL) WITHOUT ROWID;
INSERT INTO drafts VALUES (x'00', 'a judged draft', -0.5, 'argos', 'm', '', '[]', '');
INSERT INTO sentences VALUES (-1976388264415884070, 4711, 'en', 'bo', 'Go.', 'སོང་།', 'm');
INSERT INTO speeds VALUES ('m', 10, 1000, 50, 2.0);
"""
"""What version 0.3 wrote; the first number is made of `en`, `bo` and `Go.`."""


@pytest.fixture
def earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of the version before, in the user's cache folder."""
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path))
    with sqlite3.connect(tmp_path / "drafts-2.sqlite3") as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.executescript(EARLIER)
    other.close()
    return tmp_path / "drafts-2.sqlite3"


def test_sentences_and_speeds_of_an_earlier_version_are_taken_over(earlier: Path) -> None:
    with DraftCache() as cache:
        assert cache.sentence_pairs(PAIR, ["Go."]) == {"Go.": [("སོང་།", "m")]}
        assert cache.speed("m") == 500 and cache.speed("m", "tokens") == 25
        cache.keep({b"x": Output("1")})
        assert cache.find([b"x", b"\0"]) == {b"x": Output("1")} and not cache.warnings
    assert [path.name for path in earlier.parent.glob("drafts*")] == ["drafts.sqlite3"]
    with sqlite3.connect(earlier.with_name("drafts.sqlite3")) as other:
        assert not other.execute("SELECT * FROM sqlite_master WHERE tbl_name = 'drafts'").fetchall()
    other.close()


def take_over(path: Path, process: str) -> None:
    """What a process of its own does with the file of an earlier version."""
    with DraftCache(path) as cache:
        assert cache.sentence_pairs(PAIR, ["Go."]) == {"Go.": [("སོང་།", "m")]}
        cache.keep({key(process): Output(process)})
    assert not cache.warnings, cache.warnings


def test_it_is_taken_over_once_by_several_processes(earlier: Path) -> None:
    at_once(take_over, earlier.with_name("drafts.sqlite3"))
    with DraftCache() as cache:
        assert len(cache.find([key(process) for process in range(PROCESSES)])) == PROCESSES
        assert cache.speed("m") == 500


def test_what_an_earlier_version_had_not_folded_in_yet_is_taken_over_too(earlier: Path) -> None:
    """As a kill leaves it: the last writes stand in the log beside the file."""
    with sqlite3.connect(earlier) as other:
        other.execute("PRAGMA wal_autocheckpoint = 0")
        other.execute("INSERT INTO speeds VALUES ('n', 10, 700, 0, 1.0)")
        other.commit()
        log = earlier.with_name("drafts-2.sqlite3-wal").read_bytes()
        whole = earlier.read_bytes()
    other.close()
    earlier.write_bytes(whole)
    earlier.with_name("drafts-2.sqlite3-wal").write_bytes(log)
    with DraftCache() as cache:
        assert cache.speed("m") == 500 and cache.speed("n") == 700 and not cache.warnings


def test_a_broken_file_of_an_earlier_version_is_set_aside(earlier: Path) -> None:
    earlier.write_bytes(b"not a database at all\n" * 99)
    with DraftCache() as cache:
        cache.keep({b"x": Output("1")})
        assert cache.find([b"x"]) == {b"x": Output("1")}
        assert len(cache.warnings) == 1 and "broken" in cache.warnings[0]


def test_the_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    with DraftCache(path) as cache:
        cache.keep({b"x": Output("1")})
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 999")
    other.close()
    with DraftCache(path) as cache:
        assert cache.find([b"x"]) == {}
        cache.keep({b"y": Output("2")})
        (line,) = cache.warnings
        assert "a newer Lokta wrote it" in line and "not remembered this time" in line
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT count(*) FROM outputs").fetchall() == [(1,)]
    other.close()


def test_what_the_version_before_kept_is_found(tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    with sqlite3.connect(path) as other:
        for statement in MIGRATIONS[0]:
            other.execute(statement)
        other.execute("INSERT INTO outputs VALUES (?, '1', NULL, 0, 0, '', '')", (b"x",))
        other.execute("PRAGMA user_version = 1")
    other.close()
    with DraftCache(path) as cache:
        assert cache.find([b"x"]) == {b"x": Output("1")} and not cache.warnings
