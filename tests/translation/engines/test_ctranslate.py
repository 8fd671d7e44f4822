"""Models of many languages: told the languages as their family wants it, and what they say is what the library says."""

from __future__ import annotations

import json
import math
from dataclasses import replace
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
from toolkit.translation.engines.ctranslate import CTranslate
from toolkit.translation.engines.registry import engines
from toolkit.translation.options import Options, Resources
from toolkit.translation.picking import pick
from toolkit.units import Engine, Identity, LanguagePair, Match, Refusal, Request

pytestmark = pytest.mark.usefixtures("in_this_process")

PAIR = LanguagePair("en", "zh-Hans")
FIRST = Options(raw=True)
"""The model's first answers, unchecked: nothing is asked twice."""

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


def engine(options: Options = FIRST, name: str = "tiny") -> CTranslate:
    return CTranslate(next(package for package in models.installed() if package.name == name), options)


def cut(path: Path, family: str, text: str, pair: LanguagePair) -> tuple[list[str], list[str] | None]:
    """What the model is to be given: tokens, and the prefix of the answer; the tokens of the languages by hand."""
    name = {"madlad-400": "spiece.model"}.get(family, "sentencepiece.bpe.model")
    tokenizer = sentencepiece.SentencePieceProcessor(model_file=str(path / name))
    codes = {
        "nllb-200": {"en": "eng_Latn", "bo": "bod_Tibt", "zh-Hans": "zho_Hans"},
        "m2m100": {"en": "__en__", "zh-Hans": "__zh__"},
        "madlad-400": {"en": "<2en>", "bo": "<2bo>", "zh-Hans": "<2zh>"},
    }[family]
    source, target = (codes[tag] for tag in pair)
    if family == "madlad-400":
        return [*tokenizer.encode(f"{target} {text}", out_type=str), "</s>"], None
    return [source, *tokenizer.encode(text, out_type=str), "</s>"], [target]


def library(path: Path, family: str, pair: LanguagePair, **search: Any) -> list[list[str]]:
    """The library's own answers to all texts, one at a time."""
    translator = ctranslate2.Translator(str(path), intra_threads=1)
    said = []
    for text in TEXTS:
        tokens, prefix = cut(path, family, text, pair)
        (result,) = translator.translate_batch([tokens], target_prefix=[prefix] if prefix else None, **search)
        said.append(result.hypotheses[0][1:] if prefix else result.hypotheses[0])
    return said


@pytest.fixture
def decoded(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The tokens of all answers, as they are put together to texts."""
    held: list[list[str]] = []
    usual = sentencepiece.SentencePieceProcessor.decode_pieces

    def decode(tokenizer: Any, tokens: list[str]) -> Any:
        held.append(tokens)
        return usual(tokenizer, tokens)

    monkeypatch.setattr(sentencepiece.SentencePieceProcessor, "decode_pieces", decode)
    return held


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The tokens of all sources, as CTranslate2 gets them."""
    held: list[list[str]] = []

    class Overheard:
        def __init__(self, *arguments: Any, **more: Any) -> None:
            self.inner = usual(*arguments, **more)

        def translate_batch(self, sources: list[list[str]], **more: Any) -> Any:
            held.extend(sources)
            return self.inner.translate_batch(sources, **more)

    usual = ctranslate2.Translator
    monkeypatch.setattr(ctranslate2, "Translator", Overheard)
    return held


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("target", ["zh-Hans", "bo"])
def test_greedy_answers_are_the_librarys_token_by_token(family: str, target: str, decoded: list[list[str]]) -> None:
    path = install(family)
    pair = LanguagePair("en", "zh-Hans" if family == "m2m100" else target)
    answers = list(engine(replace(FIRST, fast=True)).translate(map(Request, TEXTS), pair))
    assert all(isinstance(answer, Match) for answer in answers), answers
    expected = library(path, family, pair, beam_size=1)
    assert decoded == expected
    assert len({tuple(tokens) for tokens in expected}) == len(TEXTS), "the model says the same to everything"


@pytest.mark.parametrize("family", FAMILIES)
def test_the_careful_search_is_the_familys(family: str, decoded: list[list[str]]) -> None:
    path = install(family)
    list(engine().translate(map(Request, TEXTS), PAIR))
    assert decoded == library(path, family, PAIR, beam_size=4, length_penalty=1.0)


def test_another_target_is_another_answer() -> None:
    install("nllb-200")
    both = [list(engine().translate(map(Request, TEXTS), LanguagePair("en", tag))) for tag in ("bo", "zh-Hans")]
    assert all(isinstance(answer, Match) for answers in both for answer in answers), both
    bo, zh = ([answer.target for answer in answers if isinstance(answer, Match)] for answers in both)
    assert bo != zh


@pytest.mark.parametrize("family", FAMILIES)
def test_the_score_is_the_mean_log_probability_of_a_token(family: str, decoded: list[list[str]]) -> None:
    path = install(family)
    answers = list(engine(replace(FIRST, fast=True)).translate(map(Request, TEXTS), PAIR))
    translator = ctranslate2.Translator(str(path), intra_threads=1)
    for text, answer, tokens in zip(TEXTS, answers, decoded, strict=True):
        source, prefix = cut(path, family, text, PAIR)
        search = {"beam_size": 1, "length_penalty": 0, "return_scores": True}
        (whole,) = translator.translate_batch([source], target_prefix=[prefix] if prefix else None, **search)
        assert isinstance(answer, Match)
        assert answer.score == pytest.approx(whole.scores[0] / (len(tokens) + 1), rel=1e-3)
        if prefix:
            (scored,) = translator.score_batch([source], [[*prefix, *tokens]])
            assert answer.score == pytest.approx(sum(scored.log_probs[1:]) / (len(tokens) + 1), rel=1e-3)


def test_a_text_cannot_choose_the_language(given: list[list[str]]) -> None:
    install("madlad-400")
    list(engine().translate([Request("snow <2zh> snow"), Request("snow")], LanguagePair("en", "bo")))
    assert len(given) == 2
    assert all(tokens[:2] == ["▁", "<2bo>"] and "<2zh>" not in tokens for tokens in given)


def test_drafts_are_signed_with_name_digest_and_what_changed_them() -> None:
    install("nllb-200")
    one = engine(Options(fast=True))
    assert one.signature == f"tiny@{one.package.digest[:8]}+greedy"
    assert one.identities == {Identity("ctranslate2", one.signature)}
    before = one.package.digest
    (one.package.path / "README.md").write_text("other words", encoding="utf-8")
    assert one.package.digest == before
    (one.package.path / "config.json").write_text("{}", encoding="utf-8")
    assert one.package.digest != before


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_too_long_or_nothing_is_refused(family: str) -> None:
    install(family)
    fits, long, blank = "snow " * 990, "snow " * 1001, "   "
    first, second, third = engine(replace(FIRST, fast=True)).translate(map(Request, [fits, long, blank]), PAIR)
    assert not (isinstance(first, Refusal) and "too long" in first.why)
    assert isinstance(second, Refusal) and "too long" in second.why
    assert isinstance(third, Refusal) and "nothing" in third.why


@pytest.mark.parametrize("name", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"])
def test_a_broken_file_is_one_clear_line(name: str) -> None:
    (install("nllb-200") / name).write_bytes(b"broken")
    with pytest.raises(ModelError) as caught:
        list(engine().translate([Request("snow")], LanguagePair("en", "bo")))
    assert "tiny" in str(caught.value) and "install" in str(caught.value) and "\n" not in str(caught.value)


def test_a_model_that_ends_its_source_itself_gets_no_second_end(given: list[list[str]]) -> None:
    path = install("nllb-200")
    list(engine().translate([Request("snow")], PAIR))
    said = json.loads((path / "config.json").read_text(encoding="utf-8")) | {"add_source_eos": True}
    (path / "config.json").write_text(json.dumps(said), encoding="utf-8")
    list(engine().translate([Request("snow")], PAIR))
    first, second = given
    assert first == [*second, "</s>"]


def test_it_is_picked_for_its_pairs_and_pivots_where_it_was_not_trained() -> None:
    def picked(spec: str, source: str, target: str) -> Engine | None:
        return pick(spec, LanguagePair(source, target), Options(), Resources(engines()))

    install("madlad-400")
    direct = picked("", "en", "bo")
    assert direct is not None and direct.name == "ctranslate2"
    through = picked("", "zh-Hans", "bo")
    assert through is not None and through.name == "ctranslate2"
    (identity,) = through.identities
    assert len(identity.model.split()) == 2, "zh-Hans -> en -> bo"
    install("nllb-200", "nllb")
    better = picked("", "zh-Hans", "bo")
    assert better is not None
    (identity,) = better.identities
    assert identity.model.startswith("nllb@")
    assert picked("ctranslate2/tiny", "en", "bo") is not None


def test_scores_are_finite_for_any_text() -> None:
    install("nllb-200")
    texts = ["☃ 北京 བོད་", "....", "<2bo>", "bod_Tibt"]
    for answer in engine(replace(FIRST, fast=True)).translate(map(Request, texts), LanguagePair("en", "bo")):
        if isinstance(answer, Match):
            assert answer.score is not None and math.isfinite(answer.score) and answer.score <= 0
