"""The draft cache gives back what was kept, knows two questions apart, and never stops a job."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT
from toolkit.memory.drafts import Drafts, folder, key
from toolkit.memory.rows import Kept, SentencePair
from toolkit.units import Code, Match, Refusal, Request

TEXT = st.text(max_size=20)
MATCHES = st.builds(
    Match,
    TEXT,
    st.just("mt"),
    TEXT,
    st.none() | st.floats(-9, 0, allow_nan=False),
    TEXT,
    TEXT,
    st.lists(TEXT, max_size=3).map(tuple),
)
ANSWERS = MATCHES | st.builds(Refusal, TEXT, TEXT, TEXT)
REQUEST = Request("Go.")
OTHERS = [
    Request("Go!"),
    Request("Go.", before="x"),
    Request("Go.", after="x"),
    Request("Go.", title="x"),
    Request("Go.", second_source="x"),
    Request("Go.", second_source="x", second_language="zh-Hans"),
    Request("Go.", second_language="zh-Hans"),
    Request("Go.", terms=(("x", "y"),)),
    Request("Go.", examples=(("x", "y"),)),
    Request("Go.", terms=(("x", "y"), ("a", "b"))),
    Request("Go.", codes=(Code("ph", "x", 0, 1),)),
]


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[Drafts]:
    with Drafts(tmp_path / "cache" / "d.sqlite3") as opened:
        yield opened


def kept(path: Path, *names: bytes) -> dict[bytes, Kept]:
    with Drafts(path) as again:
        return again.find(names)


@given(answers=st.dictionaries(st.binary(min_size=1, max_size=4), ANSWERS, max_size=6))
def test_what_was_kept_comes_back(answers: dict[bytes, Kept], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("drafts") / "d.sqlite3"
    with Drafts(path) as drafts:
        drafts.keep(answers.items())
        assert drafts.find(list(answers)) == answers
    assert kept(path, *answers, b"never") == answers


def test_many_keys_are_found_at_once(drafts: Drafts) -> None:
    answers = {n.to_bytes(4, "big"): Match(str(n), "mt", "e") for n in range(3000)}
    drafts.keep(answers.items())
    assert drafts.find(list(answers)) == answers


def test_every_part_of_a_question_makes_another_key() -> None:
    keys = [key(request, "en", "bo", "m") for request in (REQUEST, *OTHERS)]
    keys += [key(REQUEST, "en", "zh-Hans", "m"), key(REQUEST, "zh-Hans", "bo", "m"), key(REQUEST, "en", "bo", "m2")]
    assert len(set(keys)) == len(keys) and key(replace(REQUEST), "en", "bo", "m") == keys[0]


def test_nothing_is_made_for_a_question(drafts: Drafts) -> None:
    assert drafts.find([b"x"]) == {} and drafts.speed("m") is None and not drafts.path.parent.exists()


def test_a_refusal_is_kept_without_its_text(drafts: Drafts) -> None:
    drafts.keep([(b"x", Refusal("argos", "m", "repeats itself"))])
    assert drafts.find([b"x"]) == {b"x": Refusal("argos", "m", "repeats itself")}
    (row,) = sqlite3.connect(drafts.path).execute("SELECT target, score, why FROM drafts").fetchall()
    assert row == (None, None, "repeats itself")


def test_a_batch_is_kept_whole_or_not_at_all(drafts: Drafts) -> None:
    drafts.keep([(b"x", Match("1", "mt", "e"))])
    broken = Match("3", "mt", "e", model=object())  # type: ignore[arg-type]
    drafts.keep([(b"y", Match("2", "mt", "e")), (b"z", broken)])
    assert set(kept(drafts.path, b"x", b"y", b"z")) == {b"x"}
    assert len(drafts.warnings) == 1 and "not remembered" in drafts.warnings[0]


PAIRS = st.lists(st.builds(SentencePair, st.just("en"), st.sampled_from(["bo", "fr"]), TEXT, TEXT, TEXT), max_size=8)


@given(pairs=PAIRS)
def test_sentence_pairs_come_back_each_once(
    pairs: list[SentencePair], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Drafts(tmp_path_factory.mktemp("drafts") / "d.sqlite3") as drafts:
        assert drafts.sentence_pairs("en", "bo", ["Go."]) == {}
        for part in (pairs[:4], pairs[4:], pairs):
            drafts.keep([(b"x", Match("1", "mt", "e"))], part)
        for target in ("bo", "fr", "en"):
            expected: dict[str, list[tuple[str, str]]] = {}
            for _, language, source, said, model in sorted({*pairs}):
                if language == target:
                    expected.setdefault(source, []).append((said, model))
            assert drafts.sentence_pairs("en", target, [pair.source for pair in pairs]) == expected


def test_pairs_are_kept_with_their_draft_or_not_at_all(drafts: Drafts) -> None:
    drafts.keep([(b"x", Match("1", "mt", "e"))])
    with sqlite3.connect(drafts.path) as other:
        other.execute("CREATE TRIGGER no BEFORE INSERT ON sentences BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.close()
    drafts.keep([(b"y", Match("2", "mt", "e"))], [SentencePair("en", "bo", "Go.", "སོང་།", "m")])
    assert set(kept(drafts.path, b"x", b"y")) == {b"x"} and len(drafts.warnings) == 1
    with Drafts(drafts.path) as again:
        assert again.sentence_pairs("en", "bo", ["Go."]) == {}


def test_the_file_of_an_older_version_goes_when_the_new_one_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOKTA_CACHE", str(cache := tmp_path / "cache"))
    old = [cache / f"drafts-1.sqlite3{side}" for side in ("", "-wal", ".broken")]
    cache.mkdir()
    for path in old:
        path.write_bytes(b"old")
    with Drafts() as drafts:
        assert drafts.find([b"x"]) == {} and old[0].exists(), "a question makes nothing, and removes nothing"
        drafts.keep([(b"x", Match("1", "mt", "e"))])
        assert drafts.path.parent == cache and not any(path.exists() for path in old)


@pytest.mark.parametrize("harm", ["letters", "cut", "foreign", "torn"])
def test_a_broken_file_is_set_aside_with_one_line(harm: str, tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    with Drafts(path) as drafts:
        drafts.keep([(n.to_bytes(2, "big"), Match("x" * 50, "mt", "e")) for n in range(2000)])
    whole = path.read_bytes()
    path.unlink()
    if harm == "foreign":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE drafts (other TEXT)")
        other.close()
    else:
        path.write_bytes(
            {"letters": b"not a database at all\n" * 99, "cut": whole[:5000], "torn": whole[:4096] + b"\xff" * 90000}[
                harm
            ]
        )
    with Drafts(path) as drafts:
        names = [n.to_bytes(2, "big") for n in range(2000)]
        assert drafts.find(names) == {}
        drafts.keep([(b"y", Match("2", "mt", "e"))])
        assert drafts.find([b"y"]) == {b"y": Match("2", "mt", "e")}
        assert len(drafts.warnings) == 1 and "broken" in drafts.warnings[0]
    assert (tmp_path / "d.sqlite3.broken").is_file()
    assert set(kept(path, b"y")) == {b"y"}


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with Drafts(tmp_path / "file" / "d.sqlite3") as drafts:
        drafts.keep([(b"x", Match("1", "mt", "e"))])
        drafts.keep([(b"x", Match("1", "mt", "e"))])
        assert drafts.find([b"x"]) == {}
        assert len(drafts.warnings) == 1 and "not remembered" in drafts.warnings[0]


def test_two_processes_share_it(tmp_path: Path) -> None:
    with Drafts(tmp_path / "d") as one, Drafts(tmp_path / "d") as two:
        one.keep([(b"x", Match("1", "mt", "e"))])
        two.keep([(b"y", Match("2", "mt", "e"))])
        assert set(one.find([b"x", b"y"])) == set(two.find([b"x", b"y"])) == {b"x", b"y"}


def test_deleting_it_does_no_harm(drafts: Drafts) -> None:
    drafts.keep([(b"x", Match("1", "mt", "e"))])
    drafts.close()
    for file in drafts.path.parent.iterdir():
        file.unlink()
    assert drafts.find([b"x"]) == {} and not drafts.warnings


def test_killed_while_writing_it_holds_whole_batches(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib; from toolkit.memory.drafts import Drafts; from toolkit.units import Match\n"
        "drafts = Drafts(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    drafts.keep([(n.to_bytes(4, 'big') + bytes([m]), Match('x' * 99, 'mt', 'e')) for m in range(20)])\n"
        "    print(n, flush=True)\n"
    )
    path = tmp_path / "d.sqlite3"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    said = ["0", *process.communicate()[0].split()]
    with Drafts(path) as drafts:
        assert drafts.find([b"\0\0\0\0\0"]) and not drafts.warnings
    counted = dict(
        sqlite3.connect(path).execute("SELECT substr(key, 1, 4), count(*) FROM drafts GROUP BY 1").fetchall()
    )
    assert set(counted.values()) == {20} and len(counted) >= len(said) - 1


def test_a_speed_is_learned(drafts: Drafts) -> None:
    def run(characters: int, seconds: float) -> None:
        drafts.measured("m", "model", 5, characters // 2, seconds / 2, 20)
        drafts.measured("m", "model", 5, characters // 2, seconds / 2, 30)
        (pace,) = drafts.paces
        assert (pace.model, pace.sentences, pace.seconds, pace.tokens) == ("model", 10, seconds, 50)
        drafts.close()

    run(1000, 2.0)
    assert drafts.speed("m") == pytest.approx(500) and drafts.speed("n") is None
    assert drafts.token_speed("m") == pytest.approx(25) and drafts.token_speed("n") is None
    drafts.measured("n", "counts no tokens", 1, 100, 1.0)
    drafts.close()
    run(1000, 1.0)
    assert drafts.speed("n") == 100 and drafts.token_speed("n") is None
    assert 500 < (drafts.speed("m") or 0) < 1000
    for _ in range(20):
        run(1000, 10.0)
    assert drafts.speed("m") == pytest.approx(100, rel=0.05), "the latest runs decide"


def test_where_it_lies(tmp_path: Path) -> None:
    assert folder({"LOKTA_CACHE": str(tmp_path)}) == tmp_path
    assert folder({}).name == "lokta" and folder({}) != folder({"LOKTA_CACHE": os.sep})
