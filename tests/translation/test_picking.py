"""Which engine a pair gets, and what is said where there is none; no model and no heavy library is read for it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.environment import ROOT
from tests.support.starter import CARD, Entry
from tests.support.tiny_argos import expected, make_package
from toolkit import models
from toolkit.errors import NoModel, UsageError
from toolkit.files import show
from toolkit.models import offers
from toolkit.translation import picking
from toolkit.translation.engines import llama
from toolkit.translation.engines.argos import Argos
from toolkit.translation.engines.registry import ENGINES, engines
from toolkit.translation.options import Maker, Options, Resources
from toolkit.translation.wrappers import Fallback, Pivot
from toolkit.units import Abilities, Answer, Engine, LanguagePair, Match, Request

pytestmark = pytest.mark.usefixtures("cards")


def pick(spec: str, source: str, target: str, options: Options | None = None) -> Engine | None:
    """From our own engines, without a project."""
    return picking.pick(spec, LanguagePair(source, target), options or Options(), Resources(ENGINES))


def found(spec: str, source: str, target: str, options: Options | None = None) -> Engine:
    return pick(spec, source, target, options) or pytest.fail(f"nothing for {source} -> {target}")


def way_to_model(source: str, target: str) -> str:
    return picking.way_to_model(LanguagePair(source, target), Resources(ENGINES))


def model_of(engine: Engine | None) -> str:
    assert engine is not None
    (identity,) = engine.identities
    return f"{identity.engine}/{identity.model.partition('@')[0]}"


def test_argos_comes_before_the_starter_and_the_starter_before_nothing(cards: list[dict[str, Any]]) -> None:
    assert pick("", "en", "zh-Hans") is None
    cards.append(CARD)
    assert model_of(pick("", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"
    make_package(models.folder(), "en", "zh")
    assert model_of(pick("", "en", "zh-Hans")) == "argos/translate-en_zh-1_0"


def test_a_model_made_to_translate_comes_before_all_and_any_chat_model_after(cards: list[dict[str, Any]]) -> None:
    make_package(models.folder(), source="en", target="zh")
    others = {"label": "", "pairs": [("en", "zh-Hans")]}
    cards.append(CARD | others | {"name": "any-chat-model", "family": "instruct"})
    assert model_of(pick("", "en", "zh-Hans")).startswith("argos/")
    cards.append(CARD | others | {"name": "hy-mt2", "family": "hy-mt2"})
    assert model_of(pick("", "en", "zh-Hans")) == "llama/hy-mt2"


def test_a_language_model_is_not_led_through_a_third_language_unasked(cards: list[dict[str, Any]]) -> None:
    pairs = [("en", "bo"), ("fr", "en"), ("en", "fr")]
    cards.append(CARD | {"label": "", "name": "lmt", "family": "lmt-60", "pairs": pairs})
    with pytest.raises(NoModel, match=r"llama/lmt has no model for fr -> bo; .*lokta models install hy-mt2-1\.8b"):
        pick("llama/lmt", "fr", "bo")
    assert pick("llama/lmt", "fr", "bo", Options(via="en")) is not None


def test_of_a_way_through_a_third_language_the_leg_without_a_model_is_named(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD | {"label": "", "name": "lmt", "family": "lmt-60", "pairs": [("en", "fr")]})
    with pytest.raises(NoModel, match=r"^through fr: no engine has a model for fr -> bo; bo: no model from fr; "):
        pick("", "en", "bo", Options(via="fr"))
    with pytest.raises(NoModel, match=r"^through de: no engine has a model for en -> de; de: no model from en; "):
        pick("", "en", "bo", Options(via="de"))


def test_a_named_engine_or_model_is_taken(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "en", "zh", version="2.0")
    assert model_of(pick("llama", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"
    assert model_of(pick("argos/translate-en_zh-2_0", "en", "zh-Hans")) == "argos/translate-en_zh-2_0"
    assert model_of(pick("llama/lokta-starter-en-zh", "en", "zh-Hans")) == "llama/lokta-starter-en-zh"


def test_the_label_comes_through(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    assert found("", "en", "zh-Hans").label == "starter model: expect to rewrite"


def test_pseudo_needs_no_model_and_has_two_forms() -> None:
    for spec, target in (("pseudo", "Ĝó"), ("pseudo/brackets", "⟦Ĝó⟧"), ("pseudo/longer", "⟦Ĝó~⟧")):
        (answer,) = found(spec, "en", "bo").translate([Request("Go")], LanguagePair("en", "bo"))
        assert isinstance(answer, Match) and answer.target == target
    with pytest.raises(NoModel, match="brackets and longer"):
        pick("pseudo/backwards", "en", "bo")


def test_a_named_engine_without_the_pair_is_an_error_that_shows_the_way(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    for spec in ("argos", "llama", "argos/translate-en_bo-1_0", "llama/lokta-starter-en-zh"):
        with pytest.raises(NoModel) as caught:
            pick(spec, "en", "bo")
        assert show(models.folder()) in str(caught.value) and "\n" not in str(caught.value)


def test_an_unknown_engine_names_the_known() -> None:
    with pytest.raises(
        UsageError,
        match="known are argos, argostranslate, chat, convert, ctranslate2, libretranslate, llama, memory, pseudo",
    ):
        pick("google", "en", "bo")


def test_through_a_third_language_where_there_is_no_direct_model() -> None:
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    for spec in ("", "argos"):
        (answer,) = found(spec, "en", "bo").translate([Request("Hello world!")], LanguagePair("en", "bo"))
        assert isinstance(answer, Match) and answer.via == "zh-Hans"
        assert answer.target == expected(expected("Hello world!", "en", "zh"), "zh", "bo")
    make_package(models.folder(), "en", "bo")
    assert model_of(pick("", "en", "bo")) == "argos/translate-en_bo-1_0"
    (identity,) = found("", "en", "bo", Options(via="zh-Hans")).identities
    assert "translate-zh_bo-1_0" in identity.model


@pytest.mark.parametrize("spec", ["", "argos"])
def test_via_a_language_without_models_is_an_error(spec: str) -> None:
    make_package(models.folder(), "en", "bo")
    with pytest.raises(NoModel, match="through fr"):
        pick(spec, "en", "bo", Options(via="fr"))


def test_several_engines_are_a_fallback(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    make_package(models.folder(), "en", "zh")
    engine = found("argos, llama", "en", "zh-Hans")
    assert isinstance(engine, Fallback) and engine.name == "argos+llama"
    with pytest.raises(UsageError, match="different portions"):
        pick("argos,pseudo", "en", "zh-Hans")


def test_without_the_extra_the_starter_is_named_with_the_way_to_it(
    cards: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards.append(CARD)
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


def test_each_is_guarded_as_far_as_it_does_not_guard_itself_and_raw_not_at_all(cards: list[dict[str, Any]]) -> None:
    cards.append(CARD)
    make_package(models.folder(), "en", "zh")
    make_package(models.folder(), "zh", "bo")
    for spec, target in (
        ("argos", "zh-Hans"),
        ("argos", "bo"),
        ("argos,llama", "zh-Hans"),
        ("pseudo", "bo"),
        ("", "bo"),
    ):
        able = found(spec, "en", target).abilities
        assert able.checked and able.codes == "kept"
    assert isinstance(found("argos", "en", "zh-Hans", Options(raw=True)), Argos)
    through = found("argos", "en", "bo", Options(raw=True))
    assert isinstance(through, Pivot) and all(isinstance(leg, Argos) for leg in through.children)


class Theirs(Engine):
    """An engine of another distribution."""

    name = "theirs"
    abilities = Abilities(grain="unit", independent=True)

    def translate(self, requests: Iterable[Request], pair: LanguagePair) -> Iterator[Answer]:
        yield from (Match("x", "mt", self.name) for _ in requests)


def installed(monkeypatch: pytest.MonkeyPatch, make: Any) -> list[str]:
    """The engine `theirs`, by an entry point; the names of what was loaded."""
    loaded: list[str] = []

    class Plugin(Entry):
        name = "theirs"

        def load(self) -> Callable[..., Any]:
            loaded.append(self.name)
            return super().load()  # type: ignore[no-any-return]

    monkeypatch.setattr("toolkit.translation.engines.registry.entry_points", lambda group: [Plugin(make)])
    return loaded


def test_engines_of_other_distributions_join(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Engine | None:
        return Theirs() if pair.target == "fr" else None

    loaded = installed(monkeypatch, make)
    known: dict[str, Maker] = dict(engines())
    assert set(known) == {*ENGINES, "theirs"} and not loaded
    engine = picking.pick("theirs", LanguagePair("en", "fr"), Options(), Resources(known))
    assert engine is not None and engine.name == "theirs" and loaded
    with pytest.raises(NoModel):
        picking.pick("theirs", LanguagePair("en", "de"), Options(), Resources(known))


def test_what_another_distribution_calls_an_engine_and_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    installed(monkeypatch, lambda *given: object())
    with pytest.raises(UsageError, match=r"the engine theirs is no toolkit\.units\.Engine; its package is too old"):
        picking.pick("theirs", LanguagePair("en", "fr"), Options(), Resources(engines()))


def test_nothing_heavy_is_imported_before_a_draft_is_made(tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    code = (
        "import sys\n"
        "from toolkit.translation.drafting import Job, draft\n"
        "from toolkit.translation.engines.registry import ENGINES\n"
        "from toolkit.translation.options import Options, Resources\n"
        "from toolkit.translation.picking import pick, way_to_model\n"
        "from toolkit.units import Catalog, LanguagePair, Unit\n"
        "heavy = lambda: [m for m in ('ctranslate2', 'xllamacpp', 'sentencepiece', 'argostranslate', 'numpy') if m in sys.modules]\n"
        "engine = pick('argos', LanguagePair('en', 'zh-Hans'), Options(), Resources(ENGINES))\n"
        "way_to_model(LanguagePair('en', 'bo'), Resources(ENGINES))\n"
        "draft(Job((Catalog('en', 'zh-Hans', (Unit('Go.', '去。'),)),), engine))\n"
        "print(heavy())\n"
        "draft(Job((Catalog('en', 'zh-Hans', (Unit('Snow.'),)),), engine))\n"
        "print(heavy(), [m for m in ('stanza', 'spacy', 'torch', 'minisbd') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[] []\n"
