"""Which words belong together, and that no pair teaches what it is scored with."""

from __future__ import annotations

from toolkit.alignment.ibm import Model1, train
from toolkit.alignment.lexicon import learn, learn_folds
from toolkit.alignment.traits import Passage, traits

PAIRS = [
    ("The river rose.", "河水上涨了。"),
    ("The river fell.", "河水下降了。"),
    ("A river is cold.", "河水很冷。"),
    ("The school is closed.", "学校关门了。"),
    ("Our school is old.", "我们的学校很旧。"),
    ("Two schools burned.", "两所学校烧毁了。"),
    ("Tea with butter.", "酥油茶。"),
    ("Tea with milk.", "奶茶。"),
    ("We drink tea.", "我们喝茶。"),
    ("Horses are fast.", "马很快。"),
    ("Snow fell at night.", "夜里下了雪。"),
    ("Nobody came.", "没有人来。"),
]


def tokens(text: str, tag: str) -> frozenset[str]:
    return traits(Passage(text), tag).tokens


def pairs() -> list[tuple[frozenset[str], frozenset[str]]]:
    return [(tokens(one, "en"), tokens(other, "zh-Hans")) for one, other in PAIRS]


def test_words_that_occur_together() -> None:
    links = learn(pairs()).links
    assert "河水" in links["river"] and "学校" in links["school"]
    assert "学校" not in links["river"]
    assert learn([]).links == {} and learn([(frozenset(), frozenset())]).links == {}


def test_a_fold_learns_nothing_from_itself() -> None:
    folded = [(one, other, int("river" not in one)) for one, other in pairs()]
    without_rivers, rivers_alone = learn_folds(folded, 2)
    assert "school" in without_rivers.links and "river" not in without_rivers.links
    assert "school" not in rivers_alone.links
    known = [(one, other, -1) for one, other in pairs()]
    assert all("river" in lexicon.links and "school" in lexicon.links for lexicon in learn_folds(known, 3))


def test_the_probability_of_a_translation() -> None:
    model = train(pairs())
    source = traits(Passage("The river is old."), "en")
    right, wrong = (model.score(source, traits(Passage(text), "zh-Hans")) for text in ("河水很旧。", "学校关门了。"))
    assert right > 0 > wrong
    assert train([]).score(source, source) == 0.0 == Model1({}, {}).score(source, source)


def test_what_is_read_of_a_passage() -> None:
    read = traits(Passage("In 2019 NASA sent 1,200 people to Lhasa."), "en")
    assert {figure.text for figure in read.figures} == {"2019", "1,200"} and {"nasa", "lhasa"} <= read.latin
    assert {"སློབ", "གྲྭ", "སློབ་གྲྭ"} <= tokens("སློབ་གྲྭ།", "bo")
    assert tokens("学校在", "zh-Hans") == {"学校", "校在", "学校在"}
    assert tokens("schools walking", "en") == {"school", "walkin"}
