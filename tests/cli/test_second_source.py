"""A model of the family LMT-60 is asked with the reviewed Chinese beside the English, as its makers trained it to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.misbehaving import Asked, Say, Talk, completion, talking
from tests.support.projects import agree, write_catalog
from toolkit import catalog as catalogs
from toolkit.units import text_hash

PROJECT = """
source_language = "en"
[target.bo]
engine = "chat"
second_source = "zh-Hans"
[remote.chat]
url = "{address}/v1"
model = "m"
family = "lmt-60"
timeout = 5
"""
GOOD = "དེ་རིང་ཆུ་བོ་རྒྱས་སོང་།"


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(lambda asked: completion(GOOD)) as server:
        yield server


def messages(talk: Talk) -> list[str]:
    return [one.body["messages"][0]["content"] for one in talk.posts]


def review(path: Path, words: str) -> None:
    held = catalogs.read_catalog(path)
    units = tuple(
        catalogs.approve(replace(unit, target=words), "Tashi", "2026-11-25") if "river" in unit.source else unit
        for unit in held.units
    )
    write_catalog(path, replace(held, units=units))


def project(folder: Path, talk: Talk, invoke: Run) -> Path:
    """A project with one paragraph reviewed in Chinese; the catalog in Tibetan."""
    (folder / "a.txt").write_text("News\n\nThe river rose today.\n", encoding="utf-8")
    invoke("translate", "a.txt", "--to", "zh-Hans", "--engine", "pseudo")
    review(folder / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po", "今天河水上涨了。")
    (folder / "lokta.toml").write_text(PROJECT.format(address=talk.address), encoding="utf-8")
    agree(folder)
    return folder / "locales" / "bo" / "LC_MESSAGES" / "a.po"


def test_what_is_reviewed_goes_along_and_the_line_says_so(talk: Talk, invoke: Run, tmp_path: Path) -> None:
    path = project(tmp_path, talk, invoke)
    invoke("translate", "--to", "bo")
    (both,) = (message for message in messages(talk) if "river" in message)
    assert both == (
        "Translate the following text from English into Chinese and Tibetan:\n"
        "English: The river rose today.\nChinese: 今天河水上涨了。\nTibetan:"
    )
    (alone,) = (message for message in messages(talk) if "News" in message)
    assert "Chinese" not in alone
    text = path.read_text(encoding="utf-8")
    assert text.count(f" second=zh-Hans second-hash={text_hash('今天河水上涨了。')}") == 1
    review(tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "a.po", "河水今天涨了。")
    said = invoke("translate", "--to", "bo").stdout
    assert "1 by machine now" in said, "the same words, but asked for again"
    assert len(talk.posts) == 3 and "河水今天涨了。" in messages(talk)[-1]
    assert text_hash("河水今天涨了。") in path.read_text(encoding="utf-8")
    invoke("translate", "--to", "bo")
    assert len(talk.posts) == 3


def test_where_the_help_was_left_out_in_the_end_the_line_does_not_claim_it(
    talk: Talk, invoke: Run, tmp_path: Path
) -> None:
    def answer(asked: Asked) -> Say:
        return completion("今天河水上涨了。" if "Chinese:" in asked.body["messages"][0]["content"] else GOOD)

    path = project(tmp_path, talk, invoke)
    talk.always = answer
    invoke("translate", "--to", "bo")
    text = path.read_text(encoding="utf-8")
    assert "without the second source" in text and "second-hash" not in text
    before = path.read_bytes()
    invoke("translate", "--to", "bo")
    invoke("translate", "--to", "bo", "--redraft")
    assert path.read_bytes() == before
