"""Argos packages through CTranslate2: the answers are the model's own, each sentence's for itself."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import ctranslate2
import pytest
import sentencepiece

from tests.support.tiny_argos import expected, make_argosmodel, make_package
from toolkit import models
from toolkit.errors import ModelError
from toolkit.translation.engines.argos import Argos
from toolkit.translation.options import Options
from toolkit.units import Identity, LanguagePair, Match, Refusal, Request

pytestmark = pytest.mark.usefixtures("in_this_process")

PAIR = LanguagePair("en", "zh-Hans")
FIRST = Options(raw=True)
"""The model's first answers, unchecked: nothing is asked twice."""
SENTENCES = [
    "The bus station in Lhasa will open on Monday, 25 May 2009.",
    "Officials said the talks went well.",
    "Hello world!",
    "Two children and a teacher met the farmer by the river at night.",
    "Snow.",
]


def engine(folder: Path, options: Options = FIRST, quantization: str = "int8", **more: str) -> Argos:
    make_package(models.folder(), "en", "zh", quantization, **more)
    return found(options)


def found(options: Options = FIRST) -> Argos:
    (package,) = [package for package in models.installed() if package.engine == "argos"]
    return Argos(package, options)


def ask(argos: Argos, texts: list[str]) -> list[Match]:
    answers = list(argos.translate(map(Request, texts), PAIR))
    assert all(isinstance(answer, Match) for answer in answers), answers
    return answers  # type: ignore[return-value]


@pytest.mark.parametrize("quantization", ["int8", "float32"])
@pytest.mark.parametrize("fast", [False, True])
def test_the_answers_are_what_the_model_says(tmp_path: Path, quantization: str, fast: bool) -> None:
    answers = ask(engine(tmp_path, replace(FIRST, fast=fast), quantization), SENTENCES)
    assert [answer.target for answer in answers] == [expected(text, "en", "zh") for text in SENTENCES]
    assert {answer.origin for answer in answers} == {"argos"}


def test_the_score_is_the_mean_log_probability_of_a_token(tmp_path: Path) -> None:
    argos = engine(tmp_path, quantization="float32")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(argos.package.path / "sentencepiece.model"))
    translator = ctranslate2.Translator(str(argos.package.path / "model"), intra_threads=1)
    for text, answer in zip(SENTENCES, ask(argos, SENTENCES), strict=True):
        source = tokenizer.encode(text, out_type=str)
        (result,) = translator.translate_batch([source], beam_size=4)
        (scored,) = translator.score_batch([source], [result.hypotheses[0]])
        assert len(scored.log_probs) == len(result.hypotheses[0]) + 1
        assert answer.score == pytest.approx(sum(scored.log_probs) / len(scored.log_probs), rel=1e-3)


def test_the_same_window_gives_the_same_bytes(tmp_path: Path) -> None:
    texts = [f"{random.Random(n).choice(SENTENCES)} It was {n} metres." for n in range(100)]
    assert ask(engine(tmp_path, replace(FIRST, threads=1)), texts) == ask(found(replace(FIRST, threads=2)), texts)


def test_an_archive_is_read_as_it_lies(tmp_path: Path) -> None:
    from_folder = ask(engine(tmp_path), SENTENCES)
    for file in models.folder().iterdir():
        file.rename(tmp_path / file.name)
    make_argosmodel(tmp_path / "made", "en", "zh").rename(models.folder() / "translate-en_zh-1_0.argosmodel")
    from_archive = ask(found(), SENTENCES)
    assert [answer.target for answer in from_archive] == [answer.target for answer in from_folder]
    assert [file.suffix for file in models.folder().iterdir()] == [".argosmodel"]


def test_a_target_prefix_is_given_and_taken_off(tmp_path: Path) -> None:
    (answer,) = ask(engine(tmp_path, prefix="<2zh>"), ["Hello world!"])
    # The prefix takes the first place, and with it the piece that this model would have put there.
    assert answer.target == expected("Hello world!", "en", "zh")[1:].strip()


def test_drafts_are_signed_with_name_digest_and_what_changed_them(tmp_path: Path) -> None:
    plain = engine(tmp_path)
    assert plain.signature == f"translate-en_zh-1_0@{plain.package.digest[:8]}"
    fast = found(replace(FIRST, fast=True, compute_type="float32"))
    assert fast.signature == f"{plain.signature}+greedy+float32"
    assert ask(fast, ["Snow."])[0].model == fast.signature
    assert fast.identities == {Identity("argos", fast.signature)}


def test_what_the_model_cannot_read_is_refused(tmp_path: Path) -> None:
    long = "the river " * 800
    one, two, three = engine(tmp_path).translate(map(Request, ["Snow.", long, "   "]), PAIR)
    assert isinstance(one, Match)
    assert isinstance(two, Refusal) and "too long" in two.why
    assert isinstance(three, Refusal)


def test_a_runaway_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.translation.engines.seq2seq._ANSWERS", ((96, 5), (1024, 1024)))
    one, two = engine(tmp_path).translate(map(Request, ["Snow.", SENTENCES[0]]), PAIR)
    assert isinstance(one, Match)
    assert isinstance(two, Refusal) and "cut off" in two.why


def test_long_and_short_sentences_keep_their_places(tmp_path: Path) -> None:
    texts = ["Snow.", "The river and the road. " * 30, "Hello world!", "a bridge " * 70]
    assert [answer.target for answer in ask(engine(tmp_path), texts)] == [expected(text, "en", "zh") for text in texts]


@pytest.mark.parametrize("data", [b"broken", b""])
@pytest.mark.parametrize("name", ["model/model.bin", "sentencepiece.model", "model/config.json"])
def test_a_broken_file_is_one_clear_line(tmp_path: Path, name: str, data: bytes) -> None:
    make_package(models.folder(), "en", "zh")
    argos = found()
    (argos.package.path / name).write_bytes(data)
    with pytest.raises(ModelError) as caught:
        list(argos.translate([Request("Snow.")], PAIR))
    assert "translate-en_zh-1_0" in str(caught.value) and "install" in str(caught.value)


def test_nothing_is_loaded_for_nothing(tmp_path: Path) -> None:
    argos = engine(tmp_path)
    for file in (argos.package.path / "model").iterdir():
        file.unlink()
    assert list(argos.translate([], PAIR)) == []


def test_scores_are_finite(tmp_path: Path) -> None:
    for answer in ask(engine(tmp_path), ["Zyxwv qrstu 北京 བོད་ ☃ [1] <x>", "....", "1"]):
        assert answer.score is not None and math.isfinite(answer.score) and answer.score <= 0
