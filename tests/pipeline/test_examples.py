"""What was approved in one article teaches the drafts of another: in the pipeline, its forecasts, and what goes to a server."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import projects
from tests.support.projects import change, order, read, reviewed, write
from tests.support.told import Told
from toolkit.models.families import Families
from toolkit.pipeline.suggest import Asked, Held, first_draft
from toolkit.pipeline.translate import foresee
from toolkit.project.context import Context
from toolkit.review.acts import edit
from toolkit.translation.engines import registry
from toolkit.translation.inference import Output, Question
from toolkit.translation.options import Options, Resources
from toolkit.units import LanguagePair

TAG = "zh-Hans"
OLD, NEW = "The **road** to Tarn is closed until Friday.", "The road to Halden is closed until Monday."
OLD_ZH, NEW_ZH = "通往塔恩的**道路**关闭至周五。", "通往哈尔登的道路关闭至周一。"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Question]:
    """The questions to an engine `told`, a plain language model that keeps what it said in the draft cache."""
    questions: list[Question] = []

    def say(question: Question) -> Output:
        questions.append(question)
        return Output(NEW_ZH if "Halden" in question.text.split("\n")[-2] else OLD_ZH.replace("**", ""), -0.1, 1)

    def make(model: str, pair: LanguagePair, options: Options, resources: Resources) -> Told:
        return Told(say, Families()["base"], cache=resources.cache)

    monkeypatch.setitem(registry.ENGINES, "told", make)
    return questions


def project(folder: Path) -> None:
    """An article with an approved paragraph, and one that is not drafted."""
    write(folder, "lokta.toml", f'source_language = "en"\n[target.{TAG}]\n')
    write(folder, "a.md", f"{OLD}\n")
    projects.translate(folder, TAG, names=("a.md",), engine="told")
    change(folder, OLD, reviewed(OLD_ZH), name="a")
    write(folder, "b.md", f"{NEW}\n")


def test_what_is_approved_is_shown_without_its_codes(tmp_path: Path, asked: list[Question]) -> None:
    project(tmp_path)
    asked.clear()
    projects.translate(tmp_path, TAG, names=("b.md",), engine="told")
    (question,) = asked
    assert (
        "English: The road to Tarn is closed until Friday.\nChinese: 通往塔恩的道路关闭至周五。\n\nEnglish: "
        in question.text
    )
    (unit,) = read(tmp_path, TAG, "b").live
    line = unit.line("mt")
    assert unit.target == NEW_ZH and line and line.get("examples") == "1"


def test_a_person_may_leave_it_out(tmp_path: Path, asked: list[Question]) -> None:
    project(tmp_path)
    asked.clear()
    projects.translate(tmp_path, TAG, names=("b.md",), engine="told", options=Options(examples=False))
    (question,) = asked
    assert "Tarn" not in question.text
    (unit,) = read(tmp_path, TAG, "b").live
    line = unit.line("mt")
    assert line and line.get("examples") == ""


def test_the_first_draft_is_known_after_the_memory_grew(tmp_path: Path, asked: list[Question]) -> None:
    project(tmp_path)
    projects.translate(tmp_path, TAG, names=("b.md",), engine="told")
    change(tmp_path, NEW, lambda unit: edit(unit, "通往哈尔登的路关到周一。"), name="b")
    asked.clear()
    with Context.at(tmp_path) as context:
        path = context.store.path("b", TAG)
        (unit,) = context.store.read(path).live
        assert first_draft(Asked(context, path, context.store.read(path), unit, Held())) == NEW_ZH
    assert asked == []


def test_a_forecast_counts_what_goes_to_a_server(tmp_path: Path, asked: list[Question]) -> None:
    project(tmp_path)
    remote = '[remote.chat]\nurl = "https://api.example.org/v1"\nmodel = "m"\nprice_in = 1.0\n'
    write(tmp_path, "lokta.toml", f'source_language = "en"\n[target.{TAG}]\n{remote}')
    with Context.at(tmp_path) as context:
        wanted = order(context, TAG, names=("b.md",), engine="chat")
        (taught,) = foresee(context, wanted)
        (alone,) = foresee(context, replace(wanted, options=Options(examples=False)))
    (one,), (other,) = taught.sendings, alone.sendings
    assert (one.examples, other.examples) == (1, 0) and one.tokens_in > other.tokens_in + 20
    assert ", 1 approved translation as example: about" in str(one) and "approved" not in str(other)
