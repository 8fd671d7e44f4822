"""Which engine a pair gets, and what is said where there is none; no model and no heavy library is read for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.models.test_starter import FILE
from tests.support.tiny_argos import expected, make_package
from toolkit import models
from toolkit.errors import NoModel, UsageError
from toolkit.files import show
from toolkit.models import offers
from toolkit.translation import ENGINES, Options, engines, llama, pick, way_to_model
from toolkit.units import Answer, Engine, Match, Request

STARTER = {
    "name": "lokta-starter-en-zh",
    "engine": "llama",
    "family": "starter",
    "pairs": [("en", "zh-Hans")],
    "path": str(FILE),
    "label": "starter model: expect to rewrite",
}


class _Entry:
    name, dist = "starter", None

    def __init__(self, value: Any) -> None:
        self.value = "x:y"
        self._value = value

    def load(self) -> Any:
        return self._value


@pytest.fixture(autouse=True)
def cards(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The data packages of this test, in place of those that happen to be installed."""
    held: list[dict[str, Any]] = []
    monkeypatch.setattr(models, "entry_points", lambda group: [_Entry(lambda: held)])
    return held


def model_of(engine: Engine | None) -> str:
    assert engine is not None
    (identity,) = engine.identities  # type: ignore[attr-defined]
    return f"{identity.engine}/{identity.model.partition('@')[0]}"


def test_argos_comes_before_the_starter_and_the_starter_before_nothing(cards: list[dict[str, Any]]) -> None:
    assert pick("", "en", "zh-Hans") is None
    cards.append(STARTER)
    assert model_of(pick("", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"
    make_package(models.folder(), "en", "zh")
    assert model_of(pick("", "en", "zh-Hans")) == "argos/translate-en_zh-1_0"


def test_a_model_made_to_translate_comes_before_all_and_any_chat_model_after(cards: list[dict[str, Any]]) -> None:
    make_package(models.folder(), source="en", target="zh")
    others = {"label": "", "pairs": [("en", "zh-Hans")]}
    cards.append(STARTER | others | {"name": "any-chat-model", "family": "instruct"})
    assert model_of(pick("", "en", "zh-Hans")).startswith("argos/")
    cards.append(STARTER | others | {"name": "hy-mt2", "family": "hy-mt2"})
    assert model_of(pick("", "en", "zh-Hans")) == "llama/hy-mt2"


def test_a_language_model_is_not_led_through_a_third_language_unasked(cards: list[dict[str, Any]]) -> None:
    pairs = [("en", "bo"), ("fr", "en"), ("en", "fr")]
    cards.append(STARTER | {"label": "", "name": "lmt", "family": "lmt-60", "pairs": pairs})
    with pytest.raises(NoModel, match=r"llama/lmt has no model for fr -> bo; .*lokta models install hy-mt2-1\.8b"):
        pick("llama/lmt", "fr", "bo")
    assert pick("llama/lmt", "fr", "bo", Options(via="en")) is not None


def test_a_named_engine_or_model_is_taken(cards: list[dict[str, Any]]) -> None:
    cards.append(STARTER)
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "en", "zh", version="2.0")
    assert model_of(pick("llama", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"
    assert model_of(pick("argos/translate-en_zh-2_0", "en", "zh-Hans")) == "argos/translate-en_zh-2_0"
    assert model_of(pick("llama/lokta-starter-en-zh", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"


def test_the_label_comes_through(cards: list[dict[str, Any]]) -> None:
    cards.append(STARTER)
    assert getattr(pick("", "en", "zh-Hans"), "label", "") == "starter model: expect to rewrite"


def test_pseudo_needs_no_model_and_has_two_forms() -> None:
    for spec, target in (("pseudo", "Ĝó"), ("pseudo/brackets", "⟦Ĝó⟧"), ("pseudo/longer", "⟦Ĝó~⟧")):
        engine = pick(spec, "en", "bo")
        assert engine is not None
        (answer,) = engine.translate([Request("Go")], "en", "bo")
        assert isinstance(answer, Match) and answer.target == target
    with pytest.raises(NoModel, match="brackets and longer"):
        pick("pseudo/backwards", "en", "bo")


def test_a_named_engine_without_the_pair_is_an_error_that_shows_the_way(cards: list[dict[str, Any]]) -> None:
    cards.append(STARTER)
    for spec in ("argos", "llama", "argos/translate-en_bo-1_0", "llama/lokta-starter-en-zh"):
        with pytest.raises(NoModel) as caught:
            pick(spec, "en", "bo")
        assert show(models.folder()) in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_engine_names_the_known() -> None:
    with pytest.raises(
        UsageError, match="known are argos, chat, convert, ctranslate2, libretranslate, llama, memory, pseudo"
    ):
        pick("google", "en", "bo")


def test_through_a_third_language_where_there_is_no_direct_model() -> None:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    for spec in ("", "argos"):
        engine = pick(spec, "en", "bo")
        assert engine is not None
        (answer,) = engine.translate([Request("Hello world!")], "en", "bo")
        assert isinstance(answer, Match) and answer.via == "zh-Hans"
        assert answer.target == expected(expected("Hello world!", "en", "zh"), "zh", "bo")
    make_package(models.folder(), "en", "bo")
    assert model_of(pick("", "en", "bo")) == "argos/translate-en_bo-1_0"
    assert "translate-zh_bo-1_0" in next(iter(pick("", "en", "bo", Options(via="zh-Hans")).identities)).model  # type: ignore[union-attr]


@pytest.mark.parametrize("spec", ["", "argos"])
def test_via_a_language_without_models_is_an_error(spec: str) -> None:
    make_package(models.folder(), "en", "bo")
    with pytest.raises(NoModel, match="through fr"):
        pick(spec, "en", "bo", Options(via="fr"))


def test_several_engines_are_a_cascade(cards: list[dict[str, Any]]) -> None:
    cards.append(STARTER)
    make_package(models.folder(), "en", "zh")
    engine = pick("argos, llama", "en", "zh-Hans")
    assert engine is not None and engine.name == "argos+llama"
    with pytest.raises(UsageError, match="different portions"):
        pick("argos,pseudo", "en", "zh-Hans")


def test_without_the_extra_the_starter_is_named_with_the_way_to_it(
    cards: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.append(STARTER)
    monkeypatch.setattr(llama, "ready", lambda: False)
    assert pick("", "en", "zh-Hans") is None
    assert "pip install 'lokta[llama]'" in way_to_model("en", "zh-Hans")
    with pytest.raises(NoModel, match=r"pip install 'lokta\[llama\]'"):
        pick("llama", "en", "zh-Hans")


def test_the_way_to_a_model_is_one_line_with_file_folder_and_command() -> None:
    line = way_to_model("en", "zh-Hans")
    assert "translate-en_zh-" in line and show(models.folder()) in line and "lokta translate --to zh-Hans" in line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("source", "target", "command"),
    [
        ("en", "zh-Hans", "lokta models install zh-Hans;"),
        ("zh-Hans", "en", "lokta models install en --from zh-Hans;"),
        ("en", "bo", "lokta models install hy-mt2-1.8b (Apache-2.0);"),
        ("zh-Hans", "bo", "lokta models install hy-mt2-1.8b (Apache-2.0);"),
        ("fr", "yo", "lokta models install nllb-200-600m (CC-BY-NC-4.0);"),
    ],
)
def test_the_way_to_a_model_is_a_command_where_one_is_on_offer(source: str, target: str, command: str) -> None:
    line = way_to_model(source, target)
    assert f"{target}: no model from {source}; install one: {command}" in line and "\n" not in line


def test_the_way_names_an_extra_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "ready", lambda: False)
    assert "install one: pip install 'lokta[llama]', then lokta models install hy-mt2-1.8b" in way_to_model("en", "bo")


def test_the_way_to_a_model_that_nobody_offers_is_file_and_folder() -> None:
    line = way_to_model("bo", "cu")
    assert "no model from bo; put an Argos package (translate-bo_cu-" in line


def test_the_way_to_a_model_names_a_package_that_was_left_out() -> None:
    (make_package(models.folder(), "en", "bo") / "sentencepiece.model").rename(models.folder() / "away")
    assert "translate-en_bo-1_0" in way_to_model("en", "bo")


def test_engines_of_other_distributions_join(monkeypatch: pytest.MonkeyPatch) -> None:
    class Theirs:
        name, grain = "theirs", "unit"

        def translate(self, requests: Any, source_language: str, target_language: str) -> Iterator[Answer]:
            yield from (Match("x", "mt", self.name) for _ in requests)

    def make(model: str, source: str, target: str, options: Options) -> Engine | None:
        return Theirs() if target == "fr" else None

    loaded: list[str] = []

    class Entry(_Entry):
        name = "theirs"

        def load(self) -> Callable[..., Engine | None]:
            loaded.append(self.name)
            return make

    monkeypatch.setattr("toolkit.translation.table.entry_points", lambda group: [Entry(None)])
    assert set(engines()) == {*ENGINES, "theirs"} and not loaded
    engine = pick("theirs", "en", "fr")
    assert engine is not None and engine.name == "theirs" and loaded
    with pytest.raises(NoModel):
        pick("theirs", "en", "de")


def test_nothing_heavy_is_imported_before_a_draft_is_made(tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    code = (
        "import sys\n"
        "from toolkit.translation import draft, pick, way_to_model\n"
        "from toolkit.units import Catalog, Unit\n"
        "heavy = lambda: [m for m in ('ctranslate2', 'xllamacpp', 'sentencepiece', 'argostranslate', 'numpy') if m in sys.modules]\n"
        "engine = pick('argos', 'en', 'zh-Hans'); way_to_model('en', 'bo')\n"
        "draft([Catalog('en', 'zh-Hans', (Unit('Go.', '去。'),))], engine)\n"
        "print(heavy())\n"
        "draft([Catalog('en', 'zh-Hans', (Unit('Snow.'),))], engine)\n"
        "print('ctranslate2' in heavy(), [m for m in ('stanza', 'spacy', 'torch', 'minisbd') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\nTrue []\n"
