"""Scores that do not depend on how a model's tokenizer cuts: per piece of an ordinary vocabulary."""

from __future__ import annotations

import pytest

from toolkit.translation.engines.calibration import calibrated, pieces


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1.0),
        ("The school opened on Monday.", 8.0),  # The school open ed on Mon day . </s>, about
        ("学校在星期一开学。", 7.1),
        ("སློབ་གྲྭ་གཟའ་ཟླ་བ་ལ་སྒོ་ཕྱེས།", 11.5),
        ("12 345", 5.5),
    ],
)
def test_about_as_many_pieces_as_an_ordinary_vocabulary_makes(text: str, count: float) -> None:
    assert pieces(text) == pytest.approx(count, rel=0.1)


def test_two_tokenizers_give_one_score() -> None:
    """A tokenizer of letters is certain of all but the first of each word; its mean is rosy, the sum is the same."""
    target = "སློབ་གྲྭ་གཟའ་ཟླ་བ་ལ་སྒོ་ཕྱེས།"
    letters = [-1.2 if n % 3 == 0 else -0.01 for n in range(len(target))]
    syllables = [sum(letters[n : n + 3]) for n in range(0, len(letters), 3)]
    assert sum(letters) / len(letters) > 2 * sum(syllables) / len(syllables)
    assert calibrated(sum(letters), target) == pytest.approx(calibrated(sum(syllables), target))


def test_a_codes_marker_and_blanks_add_little() -> None:
    assert pieces("学校  [1]") - pieces("学校") < 4 and pieces("学 校") == pieces("学校")
