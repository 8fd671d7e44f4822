"""Paragraphs of a document and its translation: what is certain is right, whatever was dropped, added, merged or moved."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import pytest

from toolkit import article as articles
from toolkit.alignment import documents
from toolkit.alignment.blocks import passage
from toolkit.alignment.documents import Aligned, Document, align
from toolkit.alignment.traits import Passage

HERE = Path(__file__).parent


def passages(name: str) -> list[Passage]:
    form = articles.format_of(name)
    read = articles.read((HERE / name).read_text("utf-8"), form, file=name)
    return [passage(block, form.markup) for block in read.blocks]


ENGLISH, CHINESE, TIBETAN = (passages(f"bridge.{name}") for name in ("en.md", "zh.md", "bo.txt"))


def aligned(source: Sequence[Passage], target: Sequence[Passage], tag: str = "zh-Hans") -> Aligned:
    (found,) = align([Document(source, target)], "en", tag)
    return found


def certain(found: Aligned) -> dict[int, int]:
    return {link.source: link.target for link in found.links if link.certain and link.targets == 1}


@pytest.mark.parametrize(("target", "tag"), [(CHINESE, "zh-Hans"), (TIBETAN, "bo")])
def test_a_whole_translation(target: list[Passage], tag: str) -> None:
    found = aligned(ENGLISH, target, tag)
    pairs = certain(found)
    assert all(source == place for source, place in pairs.items())
    assert len(pairs) >= len(ENGLISH) - 2 and not found.left_source and not found.left_target


def test_the_other_way_round() -> None:
    (found,) = align([Document(CHINESE, ENGLISH)], "zh-Hans", "en")
    pairs = certain(found)
    assert len(pairs) >= len(ENGLISH) - 1 and all(one == other for one, other in pairs.items())


def test_what_was_dropped_and_added_has_no_partner() -> None:
    target = [*CHINESE[:3], *CHINESE[5:9], Passage("译者注：本文于2023年首次发表。", "paragraph"), *CHINESE[9:]]
    places = [*range(3), None, None, *range(3, 7), *range(8, len(target))]
    found = aligned(ENGLISH, target)
    for source, place in certain(found).items():
        assert places[source] == place
    assert len(certain(found)) >= 8 and not {3, 4} & certain(found).keys() and 7 not in certain(found).values()


def test_two_paragraphs_that_were_joined_are_found_and_not_cut() -> None:
    joined = Passage(CHINESE[1].text + CHINESE[2].text, "paragraph")
    found = aligned(ENGLISH, [CHINESE[0], joined, *CHINESE[3:]])
    (link,) = [link for link in found.links if link.source == 1]
    assert (link.sources, link.targets, link.certain) == (2, 1, False)


def test_a_paragraph_that_was_split_is_joined() -> None:
    text = ENGLISH[1].text + " " + ENGLISH[2].text
    found = aligned([ENGLISH[0], Passage(text, "paragraph"), *ENGLISH[3:]], CHINESE)
    (link,) = [link for link in found.links if link.source == 1]
    assert (link.sources, link.targets, link.target) == (1, 2, 1)


def test_a_paragraph_that_was_moved_is_doubtful() -> None:
    target = [*CHINESE[:2], *CHINESE[3:], CHINESE[2]]
    found = aligned(ENGLISH, target)
    assert all(target[place] is CHINESE[source] for source, place in certain(found).items())
    assert all(not link.certain for link in found.links if link.moved)


@pytest.mark.parametrize("seed", range(6))
def test_shuffled_paragraphs_are_not_certain_by_position(seed: int) -> None:
    target = CHINESE[:]
    random.Random(seed).shuffle(target)
    for source, place in certain(aligned(ENGLISH, target)).items():
        assert target[place] is CHINESE[source]


def test_another_article_is_not_a_translation() -> None:
    other = [
        Passage(text, "paragraph")
        for text in (
            "1998年，两名学生在车库里创办了一家公司。",
            "他们卖出了第一台电脑，价格是666美元。",
            "后来公司搬到了德克萨斯州。",
            "如今它有12万名员工。",
            "股价去年上涨了百分之十一。",
            "分析师说，明年会更好。",
            "公司没有回应置评请求。",
            "它的竞争对手也在裁员。",
        )
    ]
    assert not certain(aligned(ENGLISH, other))


def test_a_paragraph_that_was_replaced_by_another_is_not_certain_by_its_place() -> None:
    target = [*CHINESE]
    target[5] = Passage("去年1月，另一个县的两座水库开始蓄水，附近的37户人家搬走了。", "paragraph")
    assert 5 not in certain(aligned(ENGLISH, target))


def test_what_is_known_helps_in_other_documents() -> None:
    memory = [(one.text, other.text) for one, other in zip(ENGLISH, CHINESE, strict=True)]
    source, target = ENGLISH[3:7], CHINESE[3:7]
    (alone,) = align([Document(source, target)], "en", "zh-Hans")
    (found,) = align([Document(source, target)], "en", "zh-Hans", memory * 2)
    assert sum(link.evidence for link in found.links) > sum(link.evidence for link in alone.links)


@pytest.mark.parametrize(
    ("source", "target"),
    [
        ([], []),
        ([], CHINESE),
        (ENGLISH, []),
        ([Passage("")], [Passage("")]),
        ([Passage("x" * 90_000)], [Passage("字" * 90_000)]),
    ],
)
def test_strange_documents(source: list[Passage], target: list[Passage]) -> None:
    found = aligned(source, target)
    assert len(found.links) <= 1
    assert not certain(found)


def test_long_documents_are_aligned_in_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.alignment.documents._CELLS", 60)
    found = aligned(ENGLISH, CHINESE)
    assert len(found.links) >= len(ENGLISH) - 2
    assert all(link.source == link.target for link in found.links)
    short = aligned(ENGLISH, CHINESE[:2] + CHINESE[4:])
    for source, place in certain(short).items():
        assert CHINESE[source] is (CHINESE[:2] + CHINESE[4:])[place]


def test_what_repeats_again_and_again_comes_to_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("toolkit.alignment.documents._CELLS", 100)
    seen = []
    window = documents._window
    monkeypatch.setattr(documents, "_window", lambda rows, columns: seen.append(rows) or window(rows, columns))
    aligned([Passage("The same.", "paragraph")] * 200, [Passage("同一行。", "paragraph")] * 200)
    assert len(seen) <= 2 * 70  # each window leads on by three at least, in both passes
