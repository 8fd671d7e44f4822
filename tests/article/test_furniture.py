"""Page furniture that is known by its words or its script, in any format."""

from __future__ import annotations

import pytest

from tests.support.articles import read_as
from toolkit.article import furniture


@pytest.mark.parametrize(
    "phrase",
    [
        "Skip to content",
        "SKIP TO CONTENT »",
        "Breaking News",
        "Share this:",
        "跳到内容",
        "相关新闻：",
        "À lire aussi",
        "མཉམ་སྤྱོད།",
    ],
)
def test_fixed_phrases(phrase: str) -> None:
    assert furniture.is_phrase(phrase)


@pytest.mark.parametrize("phrase", ["", " ", "…", "Breaking News from Chudo", "They share this view", "The content"])
def test_what_only_holds_a_phrase_is_none(phrase: str) -> None:
    assert not furniture.is_phrase(phrase)


def test_every_phrase_of_the_list_is_found_by_itself() -> None:
    assert "" not in furniture.phrases()
    assert all(furniture.is_phrase(phrase) for phrase in furniture.phrases())


@pytest.mark.parametrize("format", ["text", "markdown", "html"])
def test_in_all_formats(format: str) -> None:
    lines = ["Skip to content", "The bridge is open.", "བོད་སྐད།", "Share this"]
    document = "\n".join(f"<p>{line}</p>" for line in lines) if format == "html" else "\n\n".join(lines)
    article = read_as(format, document)
    assert {block.source: block.translate for block in article.blocks} == {
        "Skip to content": False, "The bridge is open.": True, "བོད་སྐད།": False, "Share this": False,
    }  # fmt: skip
    reasons = [note for block in article.blocks for note in block.notes if note.startswith("skipped: ")]
    assert reasons == [furniture.FURNITURE, furniture.OTHER_SCRIPT, furniture.FURNITURE]


def test_a_word_alone_in_a_table_is_a_word() -> None:
    article = read_as("html", "<table><tr><th>Company</th><th>Share</th></tr></table><p>Share</p>")
    assert [block.translate for block in article.blocks] == [True, True, False]


def scripts(document: str, language: str = "") -> list[str]:
    """What is offered of a text, one paragraph a line."""
    article = read_as("text", document.replace("\n", "\n\n"), source_language=language)
    return [block.source for block in article.blocks if block.translate]


def test_another_script_than_most_of_the_article() -> None:
    assert scripts("这座桥已经重新开放了，市长说。\nབོད་སྐད།\n很多人来了。") == [
        "这座桥已经重新开放了，市长说。",
        "很多人来了。",
    ]
    assert scripts("ཟམ་པ་སླར་ཡང་སྒོ་ཕྱེ་བ་རེད། མི་མང་པོ་ཞིག་ཡོང་བ་རེད།\nEnglish") == ["ཟམ་པ་སླར་ཡང་སྒོ་ཕྱེ་བ་རེད། མི་མང་པོ་ཞིག་ཡོང་བ་རེད།"]


def test_a_paragraph_with_a_word_of_another_script_is_offered() -> None:
    assert scripts("北约 NATO 的会议开始了。\n桥 (ཟམ་པ) 开了。") == ["北约 NATO 的会议开始了。", "桥 (ཟམ་པ) 开了。"]


def test_a_text_in_two_scripts_is_offered_whole_unless_its_language_is_known() -> None:
    document = "The bridge is open again today.\nཟམ་པ་སླར་ཡང་སྒོ་ཕྱེ་བ་རེད། མི་མང་པོ་ཞིག་ཡོང་བ་རེད།"
    assert scripts(document) == document.split("\n")
    assert scripts(document, "en") == document.split("\n")[:1]
    assert scripts(document, "bo") == document.split("\n")[1:]


def test_a_language_that_the_article_is_not_written_in_hides_nothing() -> None:
    document = "这座桥已经重新开放了。\n很多人来了。"
    assert scripts(document, "en") == document.split("\n")
