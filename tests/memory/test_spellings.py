"""Names that translations spell in several ways: what is found, and what is no other spelling."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.work import LINEAR, lines_run
from toolkit.language import language
from toolkit.memory.spellings import Spelled, spellings
from toolkit.units import LanguagePair

ZH, BO = LanguagePair("en", "zh-Hans"), LanguagePair("en", "bo")
WENT = ("went home", "ate rice", "slept", "sang", "wrote a letter", "rose", "spoke", "left")
走 = ("回家了", "吃了米饭", "睡着了", "唱了歌", "写了一封信", "站起来", "讲了话", "离开了")
OTHERS = [("It rained in the night.", "夜里下了雨。"), ("He asked for water.", "他要水喝。")]


def told(name: str, *said: str) -> list[tuple[str, str]]:
    """Sentences about somebody, who is called in these ways."""
    return [
        (f"On that day {name} {went}.", f"那一天，{one}{then}。")
        for one, went, then in zip(said, WENT, 走, strict=False)
    ]


def found(pairs: list[tuple[str, str]], pair: LanguagePair = ZH) -> list[tuple[str, str, int, tuple[str, ...]]]:
    return [(one.name, one.usual, one.times, one.others) for one in spellings(pairs, pair)]


def test_mugabe_in_five_spellings() -> None:
    pairs = told("Mugabe", "穆加贝", "穆加比", "穆加贝", "穆加布", "莫加贝", "穆嘎贝", "穆加贝")
    (one,) = found([*pairs, *OTHERS])
    assert one == ("Mugabe", "穆加贝", 3, ("穆加布", "穆加比", "穆嘎贝", "莫加贝"))


def test_names_that_are_told_of_together_are_told_apart_by_their_sound() -> None:
    both = told("Zimbabwe said that the European Union and Mugabe", "穆加贝", "穆加比", "穆加贝", "穆加贝")
    assert found([*both, *OTHERS])[0][0] == "Mugabe"
    assert "European Union" not in [name for name, *_ in found([*both, *OTHERS])]


def test_in_traditional_characters() -> None:
    pairs = told("Mugabe", "穆加貝", "穆加比", "穆加貝", "穆加貝")
    assert found(pairs, LanguagePair("en", "zh-Hant")) == [("Mugabe", "穆加貝", 3, ("穆加比",))]


def test_syllables_of_tibetan_and_its_fused_particles() -> None:
    ends = ("ནང་ལ་ཕྱིན།", "ཁ་ལག་བཟས།", "གཉིད་ཉལ་སོང་།", "གླུ་བླངས།")
    said = ("མུ་ག་བེས་", "མུ་ག་བེའི་", "མུ་ག་བེ་", "མོ་ག་བི་")
    pairs = [
        (f"On that day Mugabe {went}.", f"ཉིན་དེར། {one}{then}")
        for went, one, then in zip(WENT, said, ends, strict=False)
    ]
    (one,) = spellings(pairs, BO)
    assert (one.usual.removesuffix("ས"), one.times, one.others) == ("མུ་ག་བེ", 3, ("མོ་ག་བི",))
    assert one.slip(*pairs[3], language("bo")) is not None and one.slip(*pairs[1], language("bo")) is None


def test_the_work_grows_with_the_texts_and_not_with_their_square() -> None:
    parts = list(zip(["ka", "ba", "na", "mu", "ga", "be", "li", "do", "sa", "ta"], "卡巴纳穆加贝利多萨塔", strict=True))

    def work(names: int) -> int:
        pairs = []
        for number in range(names):
            three = [parts[int(digit)] for digit in f"{number:03}"]
            name, said = "".join(latin for latin, _ in three).title(), "".join(sound for _, sound in three)
            pairs += told(name, *[said] * 4)
        spellings(pairs, ZH)  # what is loaded or read on the first call is no work on the texts
        return lines_run(lambda: spellings(pairs, ZH))

    assert work(400) / work(50) < LINEAR


@pytest.mark.parametrize(
    "pairs",
    [
        told("Mugabe", "穆加贝", "穆加贝", "穆加贝", "他", "总统"),
        told("Mugabe", "穆加贝", "穆加贝", "穆加比", "穆加比"),  # which is the usual one nobody can say
        told("Mugabe", "穆加贝", "穆加比"),
        [*told("Mugabe", "穆加贝", "穆加贝", "穆加贝"), *told("Mogabo", "莫加博", "莫加博", "莫加博")],
        [*told("Mugabe", "穆加贝", "穆加贝", "穆加贝", "莫加博"), ("So Mogabo sang.", "莫加博唱了歌。")],
        told("Trump", "特朗普", "特朗普", "特朗普", "川普"),  # another name for him, and no other spelling
        told("the river", "穆加贝", "穆加贝", "穆加贝", "穆加比"),
    ],
)
def test_silence(pairs: list[tuple[str, str]]) -> None:
    assert found([*pairs, *OTHERS]) == []


def test_a_language_whose_sounds_are_not_known_is_not_looked_at() -> None:
    pairs = [(f"On that day Mugabe {went}.", f"{said} {went}.") for went, said in zip(WENT, "ABAA", strict=False)]
    assert found(pairs, LanguagePair("en", "fr")) == [] and found(pairs, LanguagePair("zh-Hans", "bo")) == []


def test_where_both_stand_it_may_be_somebody_else() -> None:
    one = Spelled("Mugabe", "穆加贝", 3, ("穆加比",))
    spoken = language("zh-Hans")
    assert one.slip("Mugabe came.", "穆加比来了。", spoken) == ("穆加比", (0, 3))
    assert one.slip("Mugabe came.", "穆加贝和穆加比来了。", spoken) is None
    assert one.slip("He came.", "穆加比来了。", spoken) is None


@given(
    st.lists(
        st.tuples(st.text("Mugabe Trump.\n·", max_size=30), st.text("穆加贝比 ་མུ་ག་བེསའིཀྱི།x", max_size=20)), max_size=8
    ),
    st.sampled_from([ZH, BO]),
)
def test_whatever_it_finds_stands_in_the_texts(pairs: list[tuple[str, str]], pair: LanguagePair) -> None:
    for one in spellings(pairs, pair):
        assert one.times >= 2 and one.usual not in one.others
        assert all(any(said in target for _, target in pairs) for said in (one.usual, *one.others))
