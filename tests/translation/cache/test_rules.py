"""The draft cache holds what models said, never what the checks made of it: a changed rule acts at once.

A rule that refuses less turns outputs on file into drafts, and asks nothing. A rule that refuses more asks the model only
where another try is called for, and that try is on file afterwards too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.fake_engine import Windowed, catalog, run, targets
from tests.support.tiny_argos import expected, make_package
from tests.support.told import Told, last_line
from toolkit import models
from toolkit.quality import refusal
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines import language_model
from toolkit.translation.engines.argos import Argos, ArgosModel
from toolkit.translation.inference import Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.translation.wrappers import guarded
from toolkit.units import Catalog, Engine

ONE, TWO, THREE = "The river rose on Monday.", "The school is closed.", "It snowed in the north."
SAYS = {ONE: "周一，河水上涨了。", TWO: "学校关门了。", THREE: "北方下了雪。"}
BAD, WORSE = "怪怪的译文。", "更怪的译文。"
START = [catalog(f"{ONE} {TWO}", THREE)]


@pytest.fixture
def drafts(tmp_path: Path) -> Iterator[DraftCache]:
    with DraftCache(tmp_path / "d.sqlite3") as opened:
        yield opened


@dataclass
class Asked:
    """An engine, and what its model was asked: the texts of first questions, and those of second tries."""

    engine: Engine
    first: Callable[[], Sequence[str]]
    again: Callable[[], Sequence[str]]


def translation_model(drafts: DraftCache, says: Callable[[str], str]) -> Asked:
    """Sentences in windows; what failed in a window is tried once more, in another way."""
    made = Windowed(cache=drafts, checked=True, says=says, again=lambda text: WORSE)

    def told(again: bool) -> list[str]:
        return [
            text
            for text, said in zip(made.texts, made.fake.settings, strict=True)
            if bool(said.get("again", False)) is again
        ]

    return Asked(guarded(made), lambda: told(False), lambda: told(True))


def language_model_of_paragraphs(drafts: DraftCache, says: Callable[[str], str]) -> Asked:
    """A paragraph with delimited sentences; then each of them alone, and at last with a penalty for what was said."""

    def say(question: Question) -> str:
        said = [says(part.strip()) for part in last_line(question).split("|||")]
        return WORSE if "repeat_penalty" in question.settings["sampling"] else " ||| ".join(said)

    made = Told(say, cache=drafts)

    def told(again: bool) -> list[str]:
        return [
            last_line(question)
            for question in made.questions
            if ("repeat_penalty" in question.settings["sampling"]) is again
        ]

    return Asked(guarded(made), lambda: told(False), lambda: told(True))


Make = Callable[[DraftCache, Callable[[str], str]], Asked]
MODELS = pytest.mark.parametrize("make", [translation_model, language_model_of_paragraphs])


def good(text: str) -> str:
    return SAYS[text]


def bad_school(text: str) -> str:
    return BAD if text == TWO else SAYS[text]


def refuse(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    """The rule that every draft passes, and that refuses those with these words besides."""
    usual = refusal.why_refused

    def why_refused(source: str, target: str, target_language: str) -> str:
        found = any(word in target for word in words)
        return "not to our taste" if found else usual(source, target, target_language)

    monkeypatch.setattr(refusal, "why_refused", why_refused)


def reasons(done: Sequence[Catalog]) -> list[str]:
    return [line.get("why") for one in done for unit in one.units if (line := unit.line("refused"))]


@MODELS
def test_a_rule_that_refuses_less_asks_nothing(make: Make, drafts: DraftCache, monkeypatch: pytest.MonkeyPatch) -> None:
    first = make(drafts, bad_school)
    with monkeypatch.context() as before:
        refuse(before, BAD, WORSE)
        done = run(START, first.engine)
    assert targets(done) == ["", SAYS[THREE]] and reasons(done) == ["not to our taste"]
    assert TWO in first.again(), "the second try was no better"
    second = make(drafts, bad_school)
    done = run(START, second.engine)
    assert targets(done) == [SAYS[ONE] + BAD, SAYS[THREE]] and not reasons(done)
    assert not second.first() and not second.again()


@MODELS
def test_a_rule_that_refuses_less_takes_a_second_try_that_was_refused(
    make: Make, drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        refuse(before, BAD, WORSE)
        assert targets(run(START, make(drafts, bad_school).engine)) == ["", SAYS[THREE]]
    refuse(monkeypatch, BAD)
    second = make(drafts, bad_school)
    done = run(START, second.engine)
    assert targets(done) == [SAYS[ONE] + WORSE, SAYS[THREE]] and not reasons(done)
    assert "second try" in str(done[0].units[0].line("mt"))
    assert not second.first() and not second.again()


def test_a_rule_that_refuses_more_asks_a_translation_model_its_second_tries_alone(
    drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(START, translation_model(drafts, good).engine)
    refuse(monkeypatch, "学校")
    second = translation_model(drafts, good)
    done = run(START, second.engine)
    assert second.first() == [] and second.again() == [TWO]
    assert targets(done) == [SAYS[ONE] + WORSE, SAYS[THREE]]
    third = translation_model(drafts, good)
    assert run(START, third.engine) == done, "the second try is on file, under its own decoding"
    assert not third.first() and not third.again()


def test_a_rule_that_refuses_more_asks_a_language_model_smaller_questions_alone(
    drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(START, language_model_of_paragraphs(drafts, good).engine)
    refuse(monkeypatch, "学校")
    second = language_model_of_paragraphs(drafts, good)
    done = run(START, second.engine)
    assert [text for text in second.first() if "|||" in text or text == THREE] == [], "no first question is new"
    assert {*second.first()} == {ONE, TWO} and second.again() == [TWO]
    assert targets(done) == [SAYS[ONE] + WORSE, SAYS[THREE]]
    third = language_model_of_paragraphs(drafts, good)
    assert run(START, third.engine) == done and not third.first() and not third.again()


@MODELS
def test_a_rule_that_refuses_every_try_leaves_the_paragraph_empty(
    make: Make, drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(START, make(drafts, good).engine)
    refuse(monkeypatch, "学校", WORSE)
    done = run(START, make(drafts, good).engine)
    assert targets(done) == ["", SAYS[THREE]] and reasons(done) == ["not to our taste"]
    third = make(drafts, good)
    assert run(START, third.engine) == done and not third.first() and not third.again()


@MODELS
def test_the_same_rule_asks_nothing_and_says_the_same(make: Make, drafts: DraftCache) -> None:
    done = run(START, make(drafts, bad_school).engine)
    second = make(drafts, bad_school)
    assert run(START, second.engine) == done and not second.first() and not second.again()


def test_a_check_of_language_models_alone_acts_at_once_too(drafts: DraftCache, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = language_model.failed_check

    def strict(request: Any, answer: str, *more: Any) -> str:
        return "not to our taste" if BAD in answer or WORSE in answer else usual(request, answer, *more)

    with monkeypatch.context() as before:
        before.setattr(language_model, "failed_check", strict)
        done = run(START, language_model_of_paragraphs(drafts, bad_school).engine)
    assert targets(done) == ["", SAYS[THREE]] and reasons(done) == ["not to our taste"]
    second = language_model_of_paragraphs(drafts, bad_school)
    assert targets(run(START, second.engine)) == [SAYS[ONE] + BAD, SAYS[THREE]]
    assert not second.first() and not second.again()


def test_what_is_cut_off_an_answer_is_cut_off_what_is_on_file(
    drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(START, language_model_of_paragraphs(drafts, good).engine)
    usual = language_model.trimmed
    monkeypatch.setattr(language_model, "trimmed", lambda *given: usual(*given).replace("，", ""))
    second = language_model_of_paragraphs(drafts, good)
    assert targets(run(START, second.engine)) == [(SAYS[ONE] + SAYS[TWO]).replace("，", ""), SAYS[THREE]]
    assert not second.first() and not second.again()


@pytest.mark.usefixtures("in_this_process")
def test_a_real_package_is_asked_for_its_second_tries_alone(
    drafts: DraftCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_package(models.folder(), "en", "zh", "float32")
    (package,) = [package for package in models.installed() if package.engine == "argos"]
    asked: list[tuple[str, bool]] = []
    usual = ArgosModel.ask

    def ask(self: ArgosModel, questions: Sequence[Question]) -> list[Output]:
        asked.extend((question.text, "search" in question.settings) for question in questions)
        return usual(self, questions)

    monkeypatch.setattr(ArgosModel, "ask", ask)

    def engine() -> Engine:
        return guarded(Argos(package, Options(threads=1), Resources(cache=drafts)))

    done = run(START, engine())
    assert asked == [(ONE, False), (TWO, False), (THREE, False)]
    asked.clear()
    with monkeypatch.context() as stricter:
        refuse(stricter, expected(TWO, "en", "zh").rstrip("。"))
        refused = run(START, engine())
    assert asked == [(TWO, True)]
    assert targets(refused)[1] == targets(done)[1] and refused != done
    asked.clear()
    assert run(START, engine()) == done and not asked
