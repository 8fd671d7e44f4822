"""Models of many languages: told the languages as their family wants it, and what they say is what the library says."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import ctranslate2
import pytest
import sentencepiece

from tests.support.tiny_seq2seq import make_repository
from toolkit import models
from toolkit.errors import ModelError
from toolkit.models import lockfile
from toolkit.models.lockfile import Locked
from toolkit.models.tokens import spoken
from toolkit.translation import pick
from toolkit.translation.ctranslate import CTranslate
from toolkit.translation.identity import Identity
from toolkit.translation.options import Options
from toolkit.units import Match, Refusal, Request

FAMILIES = ("nllb-200", "madlad-400", "m2m100")
SEEDS = {"nllb-200": 29, "madlad-400": 3, "m2m100": 0}
"""Weights by whose chance every text below gets an answer of its own that comes to an end."""
TEXTS = [
    "the river rose two metres in spring",
    "snow",
    "a teacher met the farmer at the bridge and the road was closed",
    "officials said the talks went well",
    "in the city by the lake",
    "the school opened again and snow fell on the mountain",
]


def install(family: str, name: str = "tiny", **more: Any) -> Path:
    """As `lokta models install` leaves it, without a hub."""
    path = make_repository(models.folder() / name, family, **{"seed": SEEDS[family], **more})
    entry = Locked(name, "ctranslate2", f"hf:a/{name}", "0", family=family, languages=spoken(family, path))
    lockfile.save(models.folder(), {**lockfile.load(models.folder()), name: entry})
    return path


def engine(options: Options = Options(), name: str = "tiny") -> CTranslate:  # noqa: B008
    return CTranslate(next(package for package in models.installed() if package.name == name), options)


def library(path: Path, family: str, texts: list[str], pair: tuple[str, str], **search: Any) -> list[list[str]]:
    """The library's own answers, one sentence at a time, the tokens of the languages written out here by hand."""
    name = {"madlad-400": "spiece.model"}.get(family, "sentencepiece.bpe.model")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(path / name))
    translator = ctranslate2.Translator(str(path), intra_threads=1)
    codes = {
        "nllb-200": {"en": "eng_Latn", "bo": "bod_Tibt", "zh-Hans": "zho_Hans"},
        "m2m100": {"en": "__en__", "zh-Hans": "__zh__"},
        "madlad-400": {"en": "<2en>", "bo": "<2bo>", "zh-Hans": "<2zh>"},
    }[family]
    source, target = (codes[tag] for tag in pair)
    said = []
    for text in texts:
        if family == "madlad-400":
            pieces, prefix = [*tokenizer.encode(f"{target} {text}", out_type=str), "</s>"], None
        else:
            pieces, prefix = [source, *tokenizer.encode(text, out_type=str), "</s>"], [[target]]
        (result,) = translator.translate_batch([pieces], target_prefix=prefix, **search)
        said.append(result.hypotheses[0][1:] if prefix else result.hypotheses[0])
    return said


class Recorder:
    """A tokenizer that remembers what it was given to put together."""

    def __init__(self, inner: Any) -> None:
        self.inner = inner
        self.decoded: list[list[str]] = []

    def encode(self, *args: Any, **more: Any) -> Any:
        return self.inner.encode(*args, **more)

    def decode_pieces(self, pieces: list[str]) -> Any:
        self.decoded.append(pieces)
        return self.inner.decode_pieces(pieces)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("target", ["zh-Hans", "bo"])
def test_greedy_answers_are_the_librarys_token_by_token(family: str, target: str) -> None:
    path = install(family)
    pair = ("en", "zh-Hans" if family == "m2m100" else target)
    fast = engine(Options(fast=True))
    fast._tokenizer = recorder = Recorder(fast._tokenizer)  # type: ignore[misc,assignment]
    answers = list(fast.translate(map(Request, TEXTS), *pair))
    assert all(isinstance(answer, Match) for answer in answers), answers
    expected = library(path, family, TEXTS, pair, beam_size=1)
    assert recorder.decoded == expected
    assert len({tuple(tokens) for tokens in expected}) == len(TEXTS), "the model says the same to everything"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_careful_search_is_the_familys(family: str) -> None:
    path = install(family)
    careful = engine()
    careful._tokenizer = recorder = Recorder(careful._tokenizer)  # type: ignore[misc,assignment]
    pair = ("en", "zh-Hans")
    list(careful.translate(map(Request, TEXTS), *pair))
    assert recorder.decoded == library(path, family, TEXTS, pair, beam_size=4, length_penalty=1.0)


def test_another_target_is_another_answer() -> None:
    install("nllb-200")
    both = [
        [answer.target for answer in engine().translate(map(Request, TEXTS), "en", tag)] for tag in ("bo", "zh-Hans")
    ]  # type: ignore[union-attr]
    assert both[0] != both[1]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_score_is_the_mean_log_probability_of_a_token(family: str) -> None:
    path = install(family)
    one = engine(Options(fast=True))
    one._tokenizer = recorder = Recorder(one._tokenizer)  # type: ignore[misc,assignment]
    answers = list(one.translate(map(Request, TEXTS), "en", "zh-Hans"))
    translator = ctranslate2.Translator(str(path), intra_threads=1)
    way = one._way("en", "zh-Hans")
    for text, answer, tokens in zip(TEXTS, answers, recorder.decoded, strict=True):
        source = [*way.before, *one._pieces(text, way), *way.after]
        given = [way.prefix] if way.prefix else []
        search = {"beam_size": 1, "length_penalty": 0, "return_scores": True}
        (whole,) = translator.translate_batch([source], target_prefix=[given] if given else None, **search)
        assert isinstance(answer, Match)
        assert answer.score == pytest.approx(whole.scores[0] / (len(tokens) + 1), rel=1e-3)
        if given:
            (scored,) = translator.score_batch([source], [[*given, *tokens]])
            assert answer.score == pytest.approx(sum(scored.log_probs[1:]) / (len(tokens) + 1), rel=1e-3)


def test_a_text_cannot_choose_the_language() -> None:
    install("madlad-400")
    one = engine()
    way = one._way("en", "bo")
    assert one._pieces("snow <2zh> snow", way).count("<2zh>") == 0
    assert one._pieces("snow", way)[:2] == ["▁", "<2bo>"]


def test_drafts_are_signed_with_name_digest_and_what_changed_them() -> None:
    install("nllb-200")
    one = engine(Options(fast=True))
    assert one.model == f"tiny@{one.package.digest[:8]}+greedy"
    assert one.identities == {Identity("ctranslate2", one.model)}
    before = one.package.digest
    (one.package.path / "README.md").write_text("other words", encoding="utf-8")
    assert one.package.digest == before
    (one.package.path / "config.json").write_text("{}", encoding="utf-8")
    assert one.package.digest != before


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_too_long_or_nothing_is_refused(family: str) -> None:
    install(family)
    fits, long, blank = "snow " * 990, "snow " * 1001, "   "
    first, second, third = engine(Options(fast=True)).translate(map(Request, [fits, long, blank]), "en", "zh-Hans")
    assert not (isinstance(first, Refusal) and "too long" in first.why)
    assert isinstance(second, Refusal) and "too long" in second.why
    assert isinstance(third, Refusal) and "nothing" in third.why


@pytest.mark.parametrize("name", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"])
def test_a_broken_file_is_one_clear_line(name: str) -> None:
    (install("nllb-200") / name).write_bytes(b"broken")
    with pytest.raises(ModelError) as caught:
        list(engine().translate([Request("snow")], "en", "bo"))
    assert "tiny" in str(caught.value) and "install" in str(caught.value) and "\n" not in str(caught.value)


def test_a_model_that_ends_its_source_itself_gets_no_second_end() -> None:
    path = install("nllb-200")
    assert engine()._way("en", "bo").after == ("</s>",)
    said = json.loads((path / "config.json").read_text(encoding="utf-8")) | {"add_source_eos": True}
    (path / "config.json").write_text(json.dumps(said), encoding="utf-8")
    assert engine()._way("en", "bo").after == ()


def test_it_is_picked_for_its_pairs_and_pivots_where_it_was_not_trained() -> None:
    install("madlad-400")
    engine_ = pick("", "en", "bo")
    assert engine_ is not None and engine_.name == "ctranslate2"
    through = pick("", "zh-Hans", "bo")
    assert through is not None and getattr(through, "name", "") == "ctranslate2"
    (identity,) = through.identities  # type: ignore[attr-defined]
    assert len(identity.model.split()) == 2, "zh-Hans -> en -> bo"
    install("nllb-200", "nllb")
    direct = pick("", "zh-Hans", "bo")
    (identity,) = direct.identities  # type: ignore[union-attr]
    assert identity.model.startswith("nllb@")
    assert pick("ctranslate2/tiny", "en", "bo") is not None


def test_scores_are_finite_for_any_text() -> None:
    install("nllb-200")
    for answer in engine(Options(fast=True)).translate(
        map(Request, ["☃ 北京 བོད་", "....", "<2bo>", "bod_Tibt"]), "en", "bo"
    ):
        if isinstance(answer, Match):
            assert answer.score is not None and math.isfinite(answer.score) and answer.score <= 0
