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


NOTES = [
    ("The county's transport office, annual report, 2019, page 12.", "县交通局，《2019年年报》，第12页。"),
    ("Interview with Tashi Dorje in Tsetang.", "在泽当采访扎西多吉。"),
    ("Chengdu University, survey of the river bed, 2016.", "成都大学，河床勘测，2016年。"),
    ("Figures of 2018.", "2018年的数字。"),
]


@pytest.mark.parametrize("kept", [range(4), (0, 2), (3,), ()])
def test_footnotes_are_of_footnotes_wherever_they_stand(kept: Sequence[int]) -> None:
    """They stand below their paragraphs in the one, at the end or nowhere in the other."""
    ours = [*ENGLISH[:3], *(Passage(NOTES[at][0], "footnote") for at in (0, 1)), *ENGLISH[3:]]
    ours += [Passage(NOTES[at][0], "footnote") for at in (2, 3)]
    theirs = [*CHINESE, *(Passage(NOTES[at][1], "footnote") for at in kept)]
    order = documents.notes_last([one.type for one in ours])
    source = [ours[at] for at in order]
    found = aligned(source, theirs)
    pairs = certain(found)
    assert sum(source < len(ENGLISH) for source in pairs) >= len(ENGLISH) - 2
    assert all(source == target for source, target in pairs.items() if source < len(ENGLISH))
    for link in found.links:
        if link.source >= len(ENGLISH):
            assert link.target >= len(CHINESE)
            assert not link.certain or kept[link.target - len(CHINESE)] == link.source - len(ENGLISH)
    assert len(found.left_source) + sum(link.sources for link in found.links) == len(source)
    assert not any(place < len(ENGLISH) for place in found.left_source)


def test_nothing_but_footnotes() -> None:
    found = aligned([Passage(one, "footnote") for one, _ in NOTES], [Passage(other, "footnote") for _, other in NOTES])
    assert [(link.source, link.target) for link in found.links] == [(at, at) for at in range(4)]


def test_a_heading_and_the_paragraph_below_it_are_not_translated_as_one() -> None:
    """A heading that only the translation has does not make the paragraph beside it doubtful."""
    target = [CHINESE[0], Passage("是什么", "heading"), *CHINESE[1:]]
    found = aligned(ENGLISH, target)
    assert certain(found)[1] == 2 and 1 in found.left_target


def test_addresses_that_a_translation_changed_say_nothing() -> None:
    """A table of contents links to headings, which are called otherwise in each language."""
    names = [
        ("Why it was needed", "需要它的理由"),
        ("What comes next", "下一步"),
        ("Costs", "费用"),
        ("The bus", "公交车"),
    ]
    ours = [Passage(one, "list item", frozenset({f"#{one.lower().replace(' ', '-')}"})) for one, _ in names]
    theirs = [Passage(other, "list item", frozenset({f"#{other}"})) for _, other in names]
    found = aligned([ENGLISH[0], *ours, *ENGLISH[1:]], [CHINESE[0], *theirs, *CHINESE[1:]])
    links = {link.source: link.target for link in found.links if link.targets == 1}
    assert all(links.get(at) == at for at in range(1, 5))


def test_code_that_a_translation_lacks_speaks_against_it() -> None:
    ours = [Passage("Packs files: better than gzip", "list item", frozenset({"`xz"}))]
    same, other = ([Passage("打包文件：胜过 gzip", "list item", frozenset({code}))] for code in ("`xz", "`7z"))
    evidence = [
        next(
            (
                link.evidence
                for link in aligned([*ENGLISH, *ours], [*CHINESE, *one]).links
                if link.source == len(ENGLISH)
            ),
            -9.0,
        )
        for one in (same, other)
    ]
    assert evidence[0] > evidence[1] + 3


def test_the_more_is_left_over_the_less_a_moved_paragraph_is_sure() -> None:
    target = [*CHINESE[:2], *CHINESE[3:], CHINESE[2]]
    (few,) = [link for link in aligned(ENGLISH, target).links if link.moved]
    more = [Passage(f"第{number}位读者来信，谈到了别的地方的天气。", "paragraph") for number in range(2, 5)]
    (many,) = [link for link in aligned(ENGLISH, [*CHINESE[:2], *more, *CHINESE[3:], CHINESE[2]]).links if link.moved]
    assert 0.5 < many.probability < few.probability
