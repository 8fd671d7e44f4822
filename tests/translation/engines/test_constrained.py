"""What a model says where it has to say certain words: they are put where it nearly said them, and it goes on from there."""

from __future__ import annotations

from collections.abc import Sequence

from toolkit.translation.engines.constrained import answers
from toolkit.translation.inference import Output


def model(says: dict[str, Output]) -> tuple[list[str], list[Output]]:
    """How its answers begin that are asked for, and those that come of it, where they should have A and B."""
    asked: list[str] = []

    def ask(opening: str) -> Output:
        asked.append(opening)
        return says.get(opening, Output(failed="never asked"))

    def lacking(text: str) -> Sequence[str]:
        return [word for word in ("A", "B") if word not in text]

    return asked, answers(ask, lacking, spaced=False)


def said(text: str, *places: tuple[str, int, float]) -> Output:
    pieces = tuple((char.encode(), -1.0) for char in text)
    return Output(text, -float(len(text)), len(text), pieces=pieces, places=places)


def test_an_answer_that_has_them_stays() -> None:
    asked, found = model({"": said("xAB", ("A", 0, -1.0))})
    assert asked == [""] and [one.text for one in found] == ["xAB"]


def test_words_are_put_in_from_left_to_right_at_their_likeliest_places() -> None:
    first = said("河水 y", (" B", 3, -2.0), ("A", 1, -3.0), ("A", 0, -9.0))
    asked, found = model({"": first, "河A": said("水 y", ("B", 1, -2.0)), "河A水B": said("。"), "A": said("。")})
    assert asked == ["", "河A", "河A水B", "A"]
    assert [one.text for one in found] == ["河水 y", "河A水 y", "河A水B。", "A。"]
    whole = found[2]
    assert whole.logprob == -1 - 3 + -1 - 2 - 1 and whole.tokens == 5


def test_a_blank_stands_before_the_first_word_alone_where_a_language_has_none() -> None:
    first = said(" 河", (" A", 0, -1.0), (" A", 2, -2.0))
    asked, _ = model({"": first})
    assert asked == ["", " A", " 河A"]


def test_what_goes_wrong_on_the_way_is_left_out() -> None:
    first = said("xy", ("A", 0, -1.0), ("A", 1, -2.0))
    asked, found = model({"": first, "A": Output("…", -1.0, 1, cut=True), "xA": said("B")})
    assert asked == ["", "A", "xA"] and [one.text for one in found] == ["xy", "xAB"]
    assert len(model({"": said("xy")})[1]) == 1
    assert model({})[1] == []


def test_so_many_words_and_no_more() -> None:
    asked: list[str] = []

    def ask(opening: str) -> Output:
        asked.append(opening)
        return said("x", ("A", 1, -1.0))

    answers(ask, lambda text: ["A"], spaced=False)
    assert len(asked) == 5
