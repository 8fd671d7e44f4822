"""What a language model is asked next when it did not answer well: the whole, its sentences, less, and in another way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from toolkit.models.families import family
from toolkit.models.family import Family
from toolkit.translation.accept import Checked
from toolkit.translation.calibration import pieces
from toolkit.translation.language_model import BY_SENTENCE, SECOND_TRY, LanguageModel, Said
from toolkit.translation.options import Options
from toolkit.translation.prompts import Prompt
from toolkit.units import Answer, Match, Refusal, Request

ONE, TWO = "The river rose by two metres on Monday.", "It fell again on Tuesday."
ZH_ONE, ZH_TWO = "周一，河水上涨了两米。", "周二，水位又下降了。"
PARAGRAPH = f"{ONE} {TWO}"


class Told(LanguageModel):
    """A model that says what a test tells it to say, and remembers what it was asked."""

    name = "told"
    model = "told@1"

    def __init__(self, say: Callable[[Prompt], str | Said], asked_as: Family | None = None, slots: int = 0) -> None:
        super().__init__(asked_as or family("instruct"), Options(slots=slots))
        self.say = say
        self.prompts: list[Prompt] = []

    def complete(self, asked: Prompt) -> Said:
        self.prompts.append(asked)
        said = self.say(asked)
        return Said(said, logprob=-0.5 * len(said), tokens=len(said)) if isinstance(said, str) else said


def last_line(asked: Prompt) -> str:
    return asked.text.split("\n")[-1]


def translated(text: str) -> str:
    return text.replace(ONE, ZH_ONE).replace(TWO, ZH_TWO)


def ask(model: LanguageModel, *requests: Request) -> list[Answer]:
    return list(Checked(model).translate(requests, "en", "zh-Hans"))


def test_a_paragraph_comes_back_with_its_sentences() -> None:
    model = Told(lambda asked: translated(last_line(asked)))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO
    assert answer.sentences == ((ONE, ZH_ONE), (TWO, ZH_TWO))
    assert last_line(model.prompts[0]) == f"{ONE} ||| {TWO}" and len(model.prompts) == 1
    assert model.tokens > 0 and answer.score is not None and answer.score < 0


def test_sentences_that_came_back_in_another_number_are_asked_for_one_by_one() -> None:
    model = Told(lambda asked: translated(last_line(asked)).replace("|||", ""))
    (answer,) = ask(model, Request(PARAGRAPH, title="Flood"))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO and BY_SENTENCE in answer.remarks
    assert answer.sentences == ((ONE, ZH_ONE), (TWO, ZH_TWO))
    assert [last_line(asked) for asked in model.prompts[1:]] == [ONE, TWO]
    assert all(PARAGRAPH in asked.text and "Title: Flood" in asked.text for asked in model.prompts[1:])


def test_a_text_that_holds_the_delimiter_is_not_delimited() -> None:
    model = Told(lambda asked: "管道符号写作“|||”。河水上涨了。")
    (answer,) = ask(model, Request("The pipe is written |||. The river rose."))
    assert isinstance(answer, Match) and "keep every" not in model.prompts[0].text


def test_one_sentence_that_stays_useless_makes_the_paragraph_useless() -> None:
    model = Told(lambda asked: translated(last_line(asked).replace(TWO, "Sure!")).replace("|||", ""))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Refusal) and answer.why
    assert last_line(model.prompts[1]) == ONE and {last_line(asked) for asked in model.prompts[2:]} == {TWO}


def test_a_sentence_is_asked_for_with_nothing_beside_it_and_then_in_another_way() -> None:
    model = Told(lambda asked: ZH_ONE if "repeat_penalty" in asked.sampling else "好的，以下是翻译：" + ZH_ONE)
    (answer,) = ask(model, Request(ONE, title="Flood", before="It rained."))
    assert isinstance(answer, Match) and answer.target == ZH_ONE and SECOND_TRY in answer.remarks
    assert ["Flood" in asked.text for asked in model.prompts] == [True, False, False]
    assert [bool(asked.sampling) for asked in model.prompts] == [False, False, True]


def test_a_cut_answer_and_a_text_too_long_are_no_drafts() -> None:
    (cut,) = ask(Told(lambda asked: Said(ZH_ONE, cut=True)), Request(ONE))
    assert isinstance(cut, Refusal) and "cut off" in cut.why
    (long,) = ask(Told(lambda asked: Said("", refused="too long for the model")), Request(ONE))
    assert isinstance(long, Refusal) and "too long" in long.why


def test_a_paragraph_too_long_for_the_model_is_asked_for_by_sentence() -> None:
    too_long = Said("", refused="too long for the model")
    model = Told(lambda asked: too_long if "|||" in last_line(asked) else translated(last_line(asked)))
    (answer,) = ask(model, Request(PARAGRAPH))
    assert isinstance(answer, Match) and answer.target == ZH_ONE + ZH_TWO


def test_of_a_very_long_paragraph_each_sentence_is_told_what_stands_near() -> None:
    said = [f"The river rose by {number} metres in the valley of the horses." for number in range(200, 400)]
    model = Told(lambda asked: f"马谷的河水上涨了{last_line(asked).split()[4]}米。" if "|||" not in asked.text else "")
    (answer,) = ask(model, Request(" ".join(said)))
    assert isinstance(answer, Match) and len(answer.sentences) == 200
    assert max(len(asked.text) for asked in model.prompts[1:]) < 3000
    assert said[100] in model.prompts[102].text and said[120] not in model.prompts[102].text


def test_a_family_by_sentence_is_given_no_background() -> None:
    by_sentence = replace(family("instruct"), grain="sentence")
    model = Told(lambda asked: ZH_ONE, by_sentence)
    assert model.background == frozenset() and model.grain == "sentence"
    ask(model, Request(ONE))
    assert "|||" not in model.prompts[0].text


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

        def say(asked: Prompt, scores: tuple[float, float] = (first, second)) -> Said:
            score = scores["repeat_penalty" in asked.sampling]
            return Said(guess, logprob=score * pieces(guess), tokens=80)

        (answer,) = Checked(Told(say)).translate([Request(ONE)], "en", "bo")
        assert (answer.why if isinstance(answer, Refusal) else "") == why
