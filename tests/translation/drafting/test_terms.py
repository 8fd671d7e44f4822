"""Terms on their way into requests: only for texts that have one, only approved ones, and only as far as an engine takes them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.support.fake_engine import FakeEngine, Windowed, catalog, targets
from tests.support.told import Told
from toolkit.cli import report
from toolkit.memory.glossary import Glossary, glossary
from toolkit.memory.terms import parse
from toolkit.models.families import Families
from toolkit.translation.cache import DraftCache
from toolkit.translation.drafting import Job, draft
from toolkit.translation.drafting.estimate import forecast
from toolkit.translation.wrappers import BoundTerms, guarded
from toolkit.units import Catalog, LanguagePair

SHEET = "source,approved,zh-Hans\nMugabe,yes,穆加贝\nHarare,,哈拉雷\n"
TEXTS = ("The river rose.", "Mugabes in Harare met Mugabe.", "See <1/> Mugabe")


def known(sheet: str = SHEET) -> Glossary:
    return glossary(parse(sheet).terms, LanguagePair("en", "zh-Hans"))


def test_requests_carry_the_approved_terms_of_their_text() -> None:
    told, deaf = FakeEngine(terms=True), FakeEngine()
    for engine in (told, deaf):
        draft(Job((catalog(*TEXTS, markup="tags"),), engine, terms=known()))
    assert [one.terms for one in told.asked] == [
        (),
        (("Mugabes", "穆加贝"), ("Mugabe", "穆加贝")),
        (("Mugabe", "穆加贝"),),
    ]
    assert not any(one.terms for one in deaf.asked)


def test_a_language_model_is_told_in_the_words_of_its_family() -> None:
    engine = Told(lambda question: "穆加贝来到这里。", Families()["hy-mt2"])
    draft(Job((catalog("Mugabe came here."),), guarded(engine), terms=known()))
    assert engine.questions[0].text.startswith("参考下面的翻译：\nMugabe 翻译成 穆加贝\n")


def test_a_new_term_changes_no_question_about_a_text_without_it(tmp_path: Path) -> None:
    family = Families()["hy-mt2"]
    with DraftCache(tmp_path / "drafts.sqlite3") as cache:
        first = Told(lambda question: "河水上涨了很多。", family, cache=cache)
        draft(Job((catalog("The river rose.", "Mugabe came."),), guarded(first)))
        again = Told(lambda question: "穆加贝来了这里。", family, cache=cache)
        draft(Job((catalog("The river rose.", "Mugabe came."),), guarded(again), terms=known()))
    assert [question.source for question in again.questions] == ["Mugabe came."]


def test_a_model_that_takes_no_terms_is_asked_the_same_first_and_then_again() -> None:
    def says(text: str) -> str:
        return "他来了这里。" if "Mugabe" in text else f"{text[:3]}来了。"

    plain, bound = Windowed(says=says), Windowed(says=says)
    draft(Job((catalog("The river rose.", "Mugabe came."),), plain))
    (made,) = draft(Job((catalog("The river rose.", "Mugabe came."),), BoundTerms(bound), terms=known()))
    assert bound.asked[0] == plain.asked[0] and bound.asked[1:] == [["穆加贝 came."]]
    assert targets([made])[1] == "穆加贝来了。"


def test_a_redraft_gives_untouched_drafts_the_terms_that_were_approved_since() -> None:
    def says(text: str) -> str:
        return "他来了这里。" if "Mugabe" in text else f"{text[:3]}来了。"

    def drafts(catalogs: tuple[Catalog, ...], redraft: bool, terms: Glossary | None) -> tuple[Catalog, ...]:
        return draft(Job(catalogs, BoundTerms(Windowed(says=says)), redraft, terms=terms))

    before = drafts((catalog("The river rose.", "Mugabe came."),), False, None)
    assert targets(drafts(before, False, known())) == targets(before), "nothing changes unasked"
    assert targets(drafts(before, True, known())) == [targets(before)[0], "穆加贝来了。"]
    (one,) = before
    person = replace(one, units=(one.units[0], replace(one.units[1], target="他终于来了。")))
    assert targets(drafts((person,), True, known()))[1] == "他终于来了。", "a person's words stay"


def test_a_forecast_says_how_many_texts_may_be_asked_again() -> None:
    texts = (*TEXTS, "The river rose.", "Mugabe in Harare")
    open_ = Job((catalog(*texts, markup="tags"),), guarded(Windowed()), terms=known())
    assert forecast(open_).again == 3, "those that have a term"
    line = report.forecast(forecast(open_))
    assert line.endswith(", without what is asked again for missing terms: 3 at most")
    told = Job((catalog(*texts, markup="tags"),), FakeEngine(terms=True, checked=True, codes="kept"), terms=known())
    without = replace(open_, terms=None)
    assert forecast(told).again == forecast(without).again == 0
    assert "again" not in report.forecast(forecast(without))
