"""What a language model is asked next when it did not answer well: the whole, its sentences, less, and in another way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.told import Told, last_line
from toolkit.models.families import Families
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines.calibration import pieces
from toolkit.translation.engines.language_model import BY_SENTENCE, SECOND_TRY, WITHOUT_REFERENCE, LanguageModel
from toolkit.translation.inference import Output, Question
from toolkit.units import Answer, LanguagePair, Match, Refusal, Request

PAIR = LanguagePair("en", "zh-Hans")
ONE, TWO = "The river rose by two metres on Monday.", "It fell again on Tuesday."
ZH_ONE, ZH_TWO = "周一，河水上涨了两米。", "周二，水位又下降了。"
PARAGRAPH = f"{ONE} {TWO}"


def translated(text: str) -> str:
    return text.replace(ONE, ZH_ONE).replace(TWO, ZH_TWO)


def ask(model: LanguageModel, *requests: Request) -> list[Answer]:
    return list(model.translate(requests, PAIR))


def another_way(question: Question) -> bool:
    """Whether words that were said already are less likely in the answer."""
    return "repeat_penalty" in question.settings["sampling"]


def test_a_paragraph_comes_back_with_its_sentences() -> None:
    model = Told(lambda asked: translated(last_line(asked)))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO
    assert answer.sentences == ((ONE, ZH_ONE), (TWO, ZH_TWO))
    assert model.texts == [f"{ONE} ||| {TWO}"]
    assert model.tokens > 0 and answer.score is not None and answer.score < 0


def test_sentences_that_came_back_in_another_number_are_asked_for_one_by_one() -> None:
    model = Told(lambda asked: translated(last_line(asked)).replace("|||", ""))
    (answer,) = ask(model, Request(PARAGRAPH, title="Flood"))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO and BY_SENTENCE in answer.remarks
    assert answer.sentences == ((ONE, ZH_ONE), (TWO, ZH_TWO))
    assert model.texts[1:] == [ONE, TWO]
    assert all(PARAGRAPH in asked.text and "Title: Flood" in asked.text for asked in model.questions[1:])


def test_a_text_that_holds_the_delimiter_is_not_delimited() -> None:
    model = Told(lambda asked: "管道符号写作“|||”。河水上涨了。")
    (answer,) = ask(model, Request("The pipe is written |||. The river rose."))
    assert isinstance(answer, Match) and "keep every" not in model.questions[0].text


def test_one_sentence_that_stays_useless_makes_the_paragraph_useless() -> None:
    model = Told(lambda asked: translated(last_line(asked).replace(TWO, "Sure!")).replace("|||", ""))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Refusal) and answer.why
    assert model.texts[1] == ONE and {*model.texts[2:]} == {TWO}


def test_a_sentence_is_asked_for_with_nothing_beside_it_and_then_in_another_way() -> None:
    model = Told(lambda asked: ZH_ONE if another_way(asked) else "好的，以下是翻译：" + ZH_ONE)
    (answer,) = ask(model, Request(ONE, title="Flood", before="It rained."))
    assert isinstance(answer, Match) and answer.target == ZH_ONE and SECOND_TRY in answer.remarks
    assert ["Flood" in asked.text for asked in model.questions] == [True, False, False]
    assert [another_way(asked) for asked in model.questions] == [False, False, True]


def test_an_answer_that_came_without_the_reference_says_so() -> None:
    reference = "Lundi, la rivière est montée de deux mètres."
    given = Request(ONE, reference=reference, reference_language="fr")
    (answer,) = ask(Told(lambda asked: "好的，以下是翻译：" + ZH_ONE if reference in asked.text else ZH_ONE), given)
    assert isinstance(answer, Match) and answer.target == ZH_ONE
    assert answer.reference_language == "" and WITHOUT_REFERENCE in answer.remarks
    (helped,) = ask(Told(lambda asked: ZH_ONE), given)
    assert isinstance(helped, Match) and helped.reference_language == "fr" and not helped.remarks


def test_raw_it_gives_the_first_answer_and_what_is_wrong_with_it() -> None:
    model = Told(lambda asked: "好的，以下是翻译：" + ZH_ONE)
    model.raw = True
    (answer,) = ask(model, Request(ONE, title="Flood"))
    assert isinstance(answer, Match) and answer.rejected and len(model.questions) == 1


def test_the_same_outputs_are_judged_anew_and_never_asked_for_again(tmp_path: Path) -> None:
    """The cache holds what the model said, good or not: a second run comes to the same end without the model."""
    useless = Told(lambda asked: "Sure!", cache=DraftCache(tmp_path / "d"))
    (refused,) = ask(useless, Request(ONE, title="Flood"))
    assert isinstance(refused, Refusal) and len(useless.questions) == 3
    silent = Told(lambda asked: ZH_ONE, cache=DraftCache(tmp_path / "d"))
    assert ask(silent, Request(ONE, title="Flood")) == [refused] and silent.questions == []
    (better,) = ask(silent, Request(ONE, title="Flood", fresh=True))
    assert isinstance(better, Match) and better.target == ZH_ONE and len(silent.questions) == 1


def test_a_check_that_is_new_judges_what_was_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (good,) = ask(Told(lambda asked: ZH_ONE, cache=DraftCache(tmp_path / "d")), Request(ONE))
    assert isinstance(good, Match)
    monkeypatch.setattr("toolkit.translation.engines.language_model.failed_check", lambda *_: "not to our taste")
    model = Told(lambda asked: ZH_ONE, cache=DraftCache(tmp_path / "d"))
    assert ask(model, Request(ONE)) == [Refusal("told", "told@1", "not to our taste")]
    assert [another_way(asked) for asked in model.questions] == [True], "only the second try is new to the model"


def test_a_cut_answer_and_a_text_too_long_are_no_drafts() -> None:
    (cut,) = ask(Told(lambda asked: Output(ZH_ONE, cut=True)), Request(ONE))
    assert isinstance(cut, Refusal) and "cut off" in cut.why
    (long,) = ask(Told(lambda asked: Output(failed="too long for the model")), Request(ONE))
    assert isinstance(long, Refusal) and "too long" in long.why


def test_a_paragraph_too_long_for_the_model_is_asked_for_by_sentence() -> None:
    too_long = Output(failed="too long for the model")
    model = Told(lambda asked: too_long if "|||" in last_line(asked) else translated(last_line(asked)))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO


def test_of_a_very_long_paragraph_each_sentence_is_told_what_stands_near() -> None:
    said = [f"The river rose by {number} metres in the valley of the horses." for number in range(200, 400)]
    model = Told(lambda asked: f"马谷的河水上涨了{last_line(asked).split()[4]}米。" if "|||" not in asked.text else "")
    (answer,) = ask(model, Request(" ".join(said)))
    assert isinstance(answer, Match) and len(answer.sentences) == 200
    assert max(len(asked.text) for asked in model.questions[1:]) < 3000
    assert said[100] in model.questions[102].text and said[120] not in model.questions[102].text


def test_a_family_by_sentence_is_given_no_background() -> None:
    by_sentence = replace(Families()["instruct"], grain="sentence")
    model = Told(lambda asked: ZH_ONE, by_sentence)
    assert model.abilities.background == frozenset() and model.abilities.grain == "sentence"
    ask(model, Request(ONE))
    assert "|||" not in model.questions[0].text


def test_several_at_once_answer_in_order() -> None:
    model = Told(lambda asked: f"第{last_line(asked).split()[2]}条河上涨了。", slots=4)
    requests = [Request(f"River number {number} has risen.") for number in range(20)]
    answers = ask(model, *requests)
    assert [answer.target for answer in answers if isinstance(answer, Match)] == [
        f"第{n}条河上涨了。" for n in range(20)
    ]


def test_what_a_model_strings_together_in_a_language_that_it_does_not_know_is_a_guess() -> None:
    guess = "སངས་རྒྱུད་མི་གྲོལ་བ་ལྷག་པར་སྐྱེས་པ་དངོས་ཀྱི་གནམ་ཐང་ཚེ་བཅུ་འཕྲིན་ལྟར་རིག་ཆ་ཡོད་པའི་ཁོ་མི།"
    for first, second, why in ((-3.5, -2.5, "the model was only guessing"), (-3.5, -2.0, ""), (-2.5, -9.0, "")):

        def say(asked: Question, scores: tuple[float, float] = (first, second)) -> Output:
            return Output(guess, scores[another_way(asked)] * pieces(guess), 80)

        (answer,) = Told(say).translate([Request(ONE)], LanguagePair("en", "bo"))
        assert (answer.why if isinstance(answer, Refusal) else "") == why
