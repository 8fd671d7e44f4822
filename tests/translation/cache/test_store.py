"""The draft cache gives back what models said, knows two questions apart, and never stops a job."""

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

from tests.support.environment import ROOT
from toolkit.files import cache_folder
from toolkit.translation.cache import DraftCache, SentencePair
from toolkit.translation.inference import Output, Question
from toolkit.units import LanguagePair

PAIR = LanguagePair("en", "bo")
TEXT = st.text(max_size=20)
LOGPROB = st.floats(-9, 0, allow_nan=False)
OUTPUTS = st.builds(
    Output,
    TEXT,
    st.none() | LOGPROB,
    st.integers(0, 999),
    st.booleans(),
    TEXT,
    st.lists(st.tuples(st.binary(max_size=4), LOGPROB), max_size=3).map(tuple),
    st.lists(st.tuples(TEXT, st.integers(0, 99), LOGPROB), max_size=3).map(tuple),
)
QUESTION = Question("Go.", {"sampling": {"penalty": 1.0}}, PAIR, "Go.")


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[DraftCache]:
    with DraftCache(tmp_path / "cache" / "d.sqlite3") as opened:
        yield opened


def kept(path: Path, *keys: bytes) -> dict[bytes, Output]:
    with DraftCache(path) as again:
        return again.find(keys)


@given(outputs=st.dictionaries(st.binary(min_size=1, max_size=4), OUTPUTS, max_size=6))
def test_what_was_kept_comes_back(outputs: dict[bytes, Output], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("drafts") / "d.sqlite3"
    with DraftCache(path) as drafts:
        drafts.keep(outputs)
        assert drafts.find(list(outputs)) == outputs
    assert kept(path, *outputs, b"never") == outputs


def test_many_keys_are_found_at_once(drafts: DraftCache) -> None:
    outputs = {n.to_bytes(4, "big"): Output(str(n)) for n in range(3000)}
    drafts.keep(outputs)
    assert drafts.find(list(outputs)) == outputs


def test_every_part_of_a_question_that_may_change_the_output_makes_another_key() -> None:
    others = [
        replace(QUESTION, text="Go!"),
        replace(QUESTION, settings={}),
        replace(QUESTION, settings={"sampling": {"penalty": 1.1}}),
        replace(QUESTION, settings={**QUESTION.settings, "stop": []}),
        replace(QUESTION, settings={**QUESTION.settings, "stop": ["\n"]}),
    ]
    keys = [question.key("m") for question in (QUESTION, *others)] + [QUESTION.key("m2")]
    assert len(set(keys)) == len(keys)
    for same in (replace(QUESTION, pair=LanguagePair("en", "fr")), replace(QUESTION, source="x", fresh=True)):
        assert same.key("m") == keys[0], "what is measured, or said of the way to the model, is no part of it"
    turned = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}
    assert len({Question("Go.", settings).key("m") for settings in turned}) == 1


def test_nothing_is_made_for_a_question(drafts: DraftCache) -> None:
    assert drafts.find([b"x"]) == {} and drafts.speed("m") is None and not drafts.path.parent.exists()


def test_a_batch_is_kept_whole_or_not_at_all(drafts: DraftCache) -> None:
    drafts.keep({b"x": Output("1")})
    broken = Output(object())  # type: ignore[arg-type]
    drafts.keep({b"y": Output("2"), b"z": broken})
    assert set(kept(drafts.path, b"x", b"y", b"z")) == {b"x"}
    assert len(drafts.warnings) == 1 and "not remembered" in drafts.warnings[0]


PAIRS = st.lists(st.builds(SentencePair, st.just("en"), st.sampled_from(["bo", "fr"]), TEXT, TEXT, TEXT), max_size=8)


@given(pairs=PAIRS)
def test_sentence_pairs_come_back_each_once(
    pairs: list[SentencePair], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with DraftCache(tmp_path_factory.mktemp("drafts") / "d.sqlite3") as drafts:
        assert drafts.sentence_pairs(PAIR, ["Go."]) == {}
        for part in (pairs[:4], pairs[4:], pairs):
            drafts.keep_sentences(part)
        for target in ("bo", "fr", "en"):
            expected: dict[str, list[tuple[str, str]]] = {}
            for _, language, source, said, model in sorted({*pairs}):
                if language == target:
                    expected.setdefault(source, []).append((said, model))
            assert drafts.sentence_pairs(LanguagePair("en", target), [pair.source for pair in pairs]) == expected


def test_the_sentences_of_a_draft_are_kept_all_or_none(drafts: DraftCache) -> None:
    drafts.keep({b"x": Output("1")})
    with sqlite3.connect(drafts.path) as other:
        other.execute(
            "CREATE TRIGGER no BEFORE INSERT ON sentences WHEN new.source = 'Stop.' BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    other.close()
    drafts.keep_sentences(SentencePair(*PAIR, source, "སོང་།", "m") for source in ("Go.", "Stop."))
    assert len(drafts.warnings) == 1 and set(kept(drafts.path, b"x")) == {b"x"}
    with DraftCache(drafts.path) as again:
        assert again.sentence_pairs(PAIR, ["Go.", "Stop."]) == {}


@pytest.mark.parametrize("harm", ["letters", "cut", "foreign", "torn"])
def test_a_broken_file_is_set_aside_with_one_line(harm: str, tmp_path: Path) -> None:
    path = tmp_path / "d.sqlite3"
    with DraftCache(path) as drafts:
        drafts.keep({n.to_bytes(2, "big"): Output("x" * 50) for n in range(2000)})
    whole = path.read_bytes()
    path.unlink()
    if harm == "foreign":
        with sqlite3.connect(path) as other:
            other.execute("CREATE TABLE sentences (other TEXT)")
            other.execute("CREATE TABLE outputs (other TEXT)")
        other.close()
    else:
        path.write_bytes(
            {"letters": b"not a database at all\n" * 99, "cut": whole[:5000], "torn": whole[:4096] + b"\xff" * 90000}[
                harm
            ]
        )
    with DraftCache(path) as drafts:
        names = [n.to_bytes(2, "big") for n in range(2000)]
        assert drafts.find(names) == {}
        drafts.keep({b"y": Output("2")})
        assert drafts.find([b"y"]) == {b"y": Output("2")}
        assert len(drafts.warnings) == 1 and "broken" in drafts.warnings[0]
    assert (tmp_path / "d.sqlite3.broken").is_file()
    assert set(kept(path, b"y")) == {b"y"}


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with DraftCache(tmp_path / "file" / "d.sqlite3") as drafts:
        drafts.keep({b"x": Output("1")})
        drafts.keep({b"x": Output("1")})
        assert drafts.find([b"x"]) == {}
        assert len(drafts.warnings) == 1 and "not remembered" in drafts.warnings[0]


def test_two_processes_share_it(tmp_path: Path) -> None:
    with DraftCache(tmp_path / "d") as one, DraftCache(tmp_path / "d") as two:
        one.keep({b"x": Output("1")})
        two.keep({b"y": Output("2")})
        assert set(one.find([b"x", b"y"])) == set(two.find([b"x", b"y"])) == {b"x", b"y"}


def test_deleting_it_does_no_harm(drafts: DraftCache) -> None:
    drafts.keep({b"x": Output("1")})
    drafts.close()
    for file in drafts.path.parent.iterdir():
        file.unlink()
    assert drafts.find([b"x"]) == {} and not drafts.warnings


def test_killed_while_writing_it_holds_whole_batches(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\n"
        "from toolkit.translation.cache import DraftCache\n"
        "from toolkit.translation.inference import Output\n"
        "drafts = DraftCache(pathlib.Path(sys.argv[1]))\n"
        "for n in range(10**6):\n"
        "    drafts.keep({n.to_bytes(4, 'big') + bytes([m]): Output('x' * 99) for m in range(20)})\n"
        "    print(n, flush=True)\n"
    )
    path = tmp_path / "d.sqlite3"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None and process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
    said = ["0", *process.communicate()[0].split()]
    with DraftCache(path) as drafts:
        assert drafts.find([b"\0\0\0\0\0"]) and not drafts.warnings
    counted = dict(
        sqlite3.connect(path).execute("SELECT substr(key, 1, 4), count(*) FROM outputs GROUP BY 1").fetchall()
    )
    assert set(counted.values()) == {20} and len(counted) >= len(said) - 1


def test_a_speed_is_learned(drafts: DraftCache) -> None:
    def run(characters: int, seconds: float) -> None:
        drafts.measured("m", "model", 5, characters // 2, seconds / 2, 20)
        drafts.measured("m", "model", 5, characters // 2, seconds / 2, 30)
        (one,) = drafts.throughputs
        assert (one.model, one.sentences, one.seconds, one.tokens) == ("model", 10, seconds, 50)
        drafts.close()

    run(1000, 2.0)
    assert drafts.speed("m") == pytest.approx(500) and drafts.speed("n") is None
    assert drafts.speed("m", "tokens") == pytest.approx(25) and drafts.speed("n", "tokens") is None
    drafts.measured("n", "counts no tokens", 1, 100, 1.0)
    drafts.close()
    run(1000, 1.0)
    assert drafts.speed("n") == 100 and drafts.speed("n", "tokens") is None
    assert 500 < (drafts.speed("m") or 0) < 1000
    for _ in range(20):
        run(1000, 10.0)
    assert drafts.speed("m") == pytest.approx(100, rel=0.05), "the latest runs decide"


def test_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder({"LOKTA_CACHE": str(tmp_path)}) == tmp_path
    assert cache_folder({}).name == "lokta" and cache_folder({}) != cache_folder({"LOKTA_CACHE": os.sep})
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path))
    assert DraftCache().path.parent == tmp_path
