"""What rules look at before they search a text leaves out nothing that they would find."""

from __future__ import annotations

import pytest

from tests.support.units import catalog
from toolkit.language.detect import is_repetition
from toolkit.quality.pair import data
from toolkit.quality.rules import CHECKS, wording
from toolkit.quality.rules.repetition import _DOUBLED, _TWICE
from toolkit.units import Unit

MACHINERY = {
    "tokens": [
        "<|im_end|>", "<｜User｜>", "｜hi_END｜", "</s>", "<EOS>", "[/INST]", "<<SYS>>", "<extra_id_0>", "<unused12>", "<0xE0>",
        "ġa", "@@ ", "<2zh>", "eng_Latn",
    ],
    "thoughts": ["<think>", "**Reasoning**"],
    "delimiters": ["||", "<sep>", "##", "===", " --- ", "⟦1⟧", "¶", "‖", "§§", "\\n"],
    "markup": ["<b>", '{"text": ', "\\u4e2d", "```", "**", "# ", "\\boxed"],
    "garbled": ["ã¤", "â€™", "à½", "å¤§"],
}  # fmt: skip
"""Kind -> a text for each of its patterns, in their order."""


@pytest.mark.parametrize("kind", MACHINERY)
def test_each_pattern_of_the_machinery_needs_a_sign(kind: str) -> None:
    patterns = data()["machinery"][kind]
    assert set(data()["signs"]) == set(data()["machinery"])
    assert len(patterns) == len(MACHINERY[kind])
    for pattern, text in zip(patterns, MACHINERY[kind], strict=True):
        assert wording._any([pattern]).search(text), (pattern, text)
        assert wording._signs(kind) & set(text), (pattern, text)


DENIALS = "not, cannot, don’t, didn't, Never, no one, nobody, nothing, none, neither, nor, without, unable, NO"


@pytest.mark.parametrize("word", DENIALS.split(", "))
def test_every_word_that_denies_is_seen(word: str) -> None:
    assert list(CHECKS["negation"](Unit(f"They will {word} come.", "他们会来。"), catalog()))


@pytest.mark.parametrize("day", ["Monday", "Tues.", "Wed.", "Thurs.", "Fri.", "Saturday", "Sun."])
def test_every_day_of_the_week_is_seen(day: str) -> None:
    assert list(CHECKS["dates"](Unit(f"It was on {day}, he said.", "他说是那天。"), catalog()))


@pytest.mark.parametrize("size", range(1, 61))
def test_a_loop_of_any_length_is_seen(size: int) -> None:
    """The fewest copies that make one (`_LOOP`), among other words."""
    copies = {1: 16, 2: 8, 3: 8}.get(size, 4 if size < 12 else 3)  # four of four, or of six, the shortest
    part = "".join(chr(0x100 + number) for number in range(size))  # letters of one word
    assert is_repetition("The rest says " + part * copies + " something else.")
    assert not is_repetition("The rest says " + part * (copies - 1) + " something else.")


@pytest.mark.parametrize("text", sorted({text for texts in _TWICE.values() for text in texts}))
def test_every_small_word_given_twice_is_seen(text: str) -> None:
    assert _DOUBLED.search(f" {text} ")
    assert list(CHECKS["repetition"](Unit("A thing", f"x {text} y"), catalog()))
