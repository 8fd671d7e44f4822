"""Suggestions for a paragraph under review: from the memory, other languages, the draft cache and packages; no model is asked."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from tests.support.fake_engine import FakeModel, Windowed
from tests.support.projects import change, order, path_of, read, reviewed, translate, write
from tests.support.reviewing import reviewing
from tests.support.starter import CARD, FILE
from toolkit.page.api import ReviewApi
from toolkit.pipeline import suggest
from toolkit.pipeline import translate as pipeline
from toolkit.pipeline.opinion import second_opinion
from toolkit.pipeline.suggest import Asked, Held, Suggestion, first_draft, suggestions
from toolkit.project.context import Context
from toolkit.review.acts import edit
from toolkit.translation.apart import Apart
from toolkit.translation.cache import DraftCache
from toolkit.translation.engines.llama import LlamaModel
from toolkit.translation.options import Resources
from toolkit.units import Engine, LanguagePair, UnitKey

RIVER, SCHOOL = "The river rose.", "See [the school](school.html) by the river."
TEXT = f"# Title of it\n\n{RIVER}\n\n{SCHOOL}\n"
TAG = "zh-Hans"


def cipher(text: str, first: int = 0x5000) -> str:
    """A translation that passes the checks: each word a Chinese character, always the same."""
    words = re.sub("[A-Za-z]+ ?", lambda word: chr(first + crc32(word[0].encode()) % 999), text)
    return words.removesuffix(".") + "。" if text.endswith(".") else words


@dataclass
class Bench:
    """A project with two engines, `fake` and `other`, whose models tell what they were asked."""

    folder: Path
    context: Context
    models: dict[str, FakeModel]
    held: Held = field(default_factory=Held)

    @property
    def po(self) -> Path:
        return path_of(self.folder, TAG)

    @property
    def asked(self) -> list[str]:
        """All that the models were asked since it was looked at last."""
        found = [text for model in self.models.values() for text in model.texts]
        for model in self.models.values():
            model.asked.clear()
        return found

    def translate(self, engine: str = "fake", *targets: str, names: tuple[str, ...] = ("a.md",)) -> None:
        pipeline.translate(self.context, order(self.context, *(targets or (TAG,)), names=names, engine=engine))

    def asking(self, source: str = RIVER) -> Asked:
        """The question of somebody who looks at a paragraph."""
        catalog = self.context.store.read(self.po)
        unit = next(unit for unit in catalog.live if unit.source == source)
        return Asked(self.context, self.po, catalog, unit, self.held)

    def offered(self, source: str = RIVER) -> list[Suggestion]:
        return suggestions(self.asking(source))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    write(tmp_path, "lokta.toml", f'reviewer = "Pema"\n[target.{TAG}]\n[target.bo]\n')
    write(tmp_path, "a.md", TEXT)
    models = {
        "fake": FakeModel("fake m", cipher, mates=False),
        "other": FakeModel("other m", lambda text: cipher(text, 0x6000), mates=False),
    }

    def make(name: str, pair: LanguagePair, resources: Resources) -> Engine | None:
        engine = Windowed("unit", independent=True, checked=True, model=f"{name}-1")
        engine.name, engine.fake = name, models[name]
        engine.model = resources.model((name,), lambda: models[name])
        return engine if pair.target == TAG else None

    with Context.at(tmp_path) as context, DraftCache(tmp_path / "drafts.sqlite3") as cache:
        engines = {
            name: lambda model, pair, options, resources, name=name: make(name, pair, resources) for name in models
        }
        resources = replace(context.resources, engines={**context.resources.engines, **engines}, cache=cache)
        yield Bench(tmp_path, replace(context, resources=resources), models)


def test_what_was_approved_for_the_same_text_in_another_article(bench: Bench) -> None:
    write(bench.folder, "b.md", f"# Another\n\n{RIVER}\n\n{SCHOOL}\n")
    bench.translate(names=("a.md", "b.md"))
    change(bench.folder, RIVER, reviewed("河水涨了。"), name="b")
    change(bench.folder, SCHOOL, lambda unit: edit(unit, "看[学校](school.html)。"), name="b")
    assert bench.offered()[0] == Suggestion("河水涨了。", "tm", "b, Tashi", 100.0)
    assert not [one for one in bench.offered(SCHOOL) if one.kind == "tm"], "nobody approved it"
    change(bench.folder, RIVER, reviewed("河涨水了。"), name="b")
    assert bench.offered()[0].target == "河涨水了。", "an approval of a moment ago counts"
    change(bench.folder, RIVER, reviewed("河涨水了。"))
    assert not bench.offered() or bench.offered()[0].target != "河涨水了。", "what it has already is no suggestion"


def test_the_article_itself_is_no_memory(bench: Bench) -> None:
    bench.translate()
    change(bench.folder, RIVER, reviewed("河水涨了。"))
    asked = bench.asking()
    changed = replace(asked, unit=edit(asked.unit, "河"))
    assert not [one for one in suggestions(changed) if one.kind == "tm"]


def test_the_approved_text_of_another_language_is_a_reference(bench: Bench) -> None:
    bench.translate("pseudo", TAG, "bo")
    assert not [one for one in bench.offered() if one.kind == "reference"], "a draft is none"
    change(bench.folder, RIVER, reviewed("ཆུ་བོ་རྒྱས་སོང་།"), tag="bo")
    (found,) = (one for one in bench.offered() if one.kind == "reference")
    assert found == Suggestion("ཆུ་བོ་རྒྱས་སོང་།", "reference", "bo", None, "bo")


def test_the_first_draft_after_a_persons_edit_without_asking_the_model(bench: Bench) -> None:
    bench.translate()
    drafted = bench.asking().unit.target
    assert drafted == cipher(RIVER) and bench.asked
    assert first_draft(bench.asking()) == drafted and bench.offered() == []
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    assert first_draft(bench.asking()) == drafted
    assert bench.offered() == [Suggestion(drafted, "mt", "fake")]
    change(bench.folder, RIVER, reviewed("河水涨了。"))
    assert first_draft(bench.asking()) == drafted, "after an approval too"
    assert bench.asked == []


def test_the_first_draft_keeps_its_codes(bench: Bench) -> None:
    bench.translate()
    drafted = bench.asking(SCHOOL).unit.target
    assert "](school.html)" in drafted
    change(bench.folder, SCHOOL, lambda unit: edit(unit, "学校"))
    assert first_draft(bench.asking(SCHOOL)) == drafted


def test_without_the_cache_there_is_no_first_draft_and_nothing_is_asked(bench: Bench) -> None:
    bench.translate()
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    assert bench.asked
    bench.context.resources.cache.close()  # type: ignore[union-attr]
    for file in bench.folder.glob("drafts.sqlite3*"):
        file.unlink()
    for source in (RIVER, SCHOOL):
        assert first_draft(bench.asking(source)) == "" and bench.offered(source) == []
    assert bench.asked == []


def test_what_a_second_engine_said_is_offered_too(bench: Bench) -> None:
    bench.translate()
    second_opinion(bench.context, bench.po, "other")
    assert bench.asked
    for source in (RIVER, SCHOOL):
        (found,) = bench.offered(source)
        assert (found.kind, found.origin) == ("mt", "other/other-1") and found.target != bench.asking(
            source
        ).unit.target
    assert bench.asked == []


def test_a_paragraph_that_the_cache_does_not_know_is_never_asked_for(bench: Bench) -> None:
    """New paragraphs came in since, some with codes, two alike but for their codes: none of them may start a model."""
    bench.translate()
    more = [
        "It has **four** teachers.",
        "It has *four* teachers.",
        "Twice [one](a.html).",
        "Twice [one](b.html).",
        "A plain one.",
    ]
    write(bench.folder, "a.md", TEXT + "".join(f"\n{line}\n" for line in more))
    bench.translate("pseudo")
    assert bench.asked
    for source in more:
        assert "fake" not in {one.origin for one in bench.offered(source)}
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    assert bench.offered()[0] == Suggestion(cipher(RIVER), "mt", "fake"), "what it knows is offered as before"
    assert bench.asked == []


def test_a_draft_that_is_refused_asks_for_no_second_try(bench: Bench) -> None:
    """The second try is new since then, or its answer was not kept; the page hears nothing then, and asks nothing."""
    model = bench.models["fake"]
    model.say = lambda text: text if text == RIVER else cipher(text)
    bench.translate()
    assert bench.asking().unit.line("refused") and bench.asked
    model.again = cipher
    assert bench.offered() == []
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    assert bench.offered() == [] and first_draft(bench.asking(SCHOOL)) == bench.asking(SCHOOL).unit.target
    assert bench.asked == []


OFFERS = """\
from toolkit.errors import DataError
from toolkit.pipeline.suggest import Suggestion
def broken(asked):
    yield Suggestion("before it broke", "tb", "broken")
    raise DataError("nothing today")
def gone(asked):
    raise FileNotFoundError("its term base")
def offer(asked):
    evil = "</script><!--\\u202e\\"'"
    yield Suggestion(asked.unit.source.upper(), "tb", f"offers {asked.catalog.target_language}", 80.0)
    yield Suggestion(asked.unit.source.upper(), "tb", "the same again")
    yield Suggestion(evil, "tm", evil)
    yield from (Suggestion(f"one of many {number}", "tb", "offers") for number in range(1000))
"""


@pytest.fixture
def installed(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A distribution of somebody else, in a folder where Python looks for packages."""
    write(bench.folder, "offers-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: offers\nVersion: 1\n")
    points = "[lokta.suggestions]\na = offering:broken\nb = offering:gone\nc = offering:offer\n"
    write(bench.folder, "offers-1.dist-info/entry_points.txt", points)
    write(bench.folder, "offering.py", OFFERS)
    monkeypatch.syspath_prepend(bench.folder)
    suggest._points.cache_clear()
    yield
    suggest._points.cache_clear()
    sys.modules.pop("offering", None)


EXPECTED = ("tb", RIVER.upper(), f"offers {TAG}", 80.0)
EVIL = "</script><!--\u202e\"'"


def test_a_package_of_somebody_else_brings_suggestions(bench: Bench, installed: None) -> None:
    bench.translate()
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    found = bench.offered()
    assert found[0] == Suggestion(cipher(RIVER), "mt", "fake"), "ours come first, and what fails takes nothing away"
    said = [(one.kind, one.target, one.origin, one.score) for one in found]
    assert EXPECTED in said and [one.target for one in found].count(RIVER.upper()) == 1
    assert len(found) == 20, "nobody fills the screen"


def test_the_server_offers_them_too(bench: Bench, installed: None) -> None:
    bench.translate("pseudo", TAG, "bo")
    change(bench.folder, RIVER, reviewed("ཆུ་བོ་རྒྱས་སོང་།"), tag="bo")
    with reviewing(bench.folder, "--to", TAG) as server, server.client() as client:
        (name,) = (one["id"] for one in client.get("/api/work").json()["works"])
        told = client.get(f"/api/suggest/{name}/{UnitKey('', RIVER).short}").json()
    said = [(one["kind"], one["target"], one["origin"], one.get("score")) for one in told["suggestions"]]
    assert said[0] == ("reference", "ཆུ་བོ་རྒྱས་སོང་།", "bo", None) and EXPECTED in said
    assert ("tm", EVIL, EVIL, None) in said, "as it is: the page makes text of it"
    assert told["draft"] == bench.asking().unit.target


def test_the_desk_says_what_was_drafted_first(bench: Bench) -> None:
    bench.translate()
    api = ReviewApi(bench.context, [bench.po])
    (name,) = (one["id"] for one in api.works()["works"])
    key = UnitKey("", RIVER).short
    drafted = bench.asking().unit.target
    assert api.suggest(name, key) == {"suggestions": [], "draft": drafted}
    change(bench.folder, RIVER, lambda unit: edit(unit, "河水涨了。"))
    mine = [{"target": drafted, "kind": "mt", "origin": "fake"}]
    assert api.suggest(name, key) == {"suggestions": mine, "draft": drafted}
    change(bench.folder, RIVER, lambda unit: edit(unit, ""))
    assert api.suggest(name, key) == {"suggestions": mine, "draft": ""}, "there is nothing to compare it with"


def test_the_starter_model_is_heard_again_without_being_started(
    tmp_path: Path, cards: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real thing: weights are read once, by translate; the page has its drafts with the weights gone."""
    file = tmp_path / "starter.gguf"
    shutil.copyfile(FILE, file)
    cards.append({**CARD, "path": str(file)})
    write(tmp_path, "lokta.toml", f"[target.{TAG}]\n")
    write(tmp_path, "a.md", TEXT)
    translate(tmp_path, TAG, names=("a.md",), engine="llama")
    drafts = {unit.source: unit.target for unit in read(tmp_path, TAG).live if unit.target}
    assert drafts
    for source in drafts:
        change(tmp_path, source, lambda unit: edit(unit, "一个人写的。"))
    monkeypatch.setattr(LlamaModel, "start", lambda self: pytest.fail("the weights are read"))
    monkeypatch.setattr(Apart, "ask", lambda self, questions: pytest.fail("the model is asked"))
    with Context.at(tmp_path) as context:
        api = ReviewApi(context, [path_of(tmp_path, TAG)])
        (name,) = (one["id"] for one in api.works()["works"])
        for source, draft in drafts.items():
            told = api.suggest(name, UnitKey("", source).short)
            assert (told["draft"], told["suggestions"][0]["target"]) == (draft, draft)


def test_the_terms_of_the_text(bench: Bench) -> None:
    write(bench.folder, "terms.csv", "source,approved,note,zh-Hans\nriver,zh-Hans,water,河|江\nrose,,,上涨\nsea,,,海\n")
    bench.translate()
    found = [(one.target, one.origin) for one in bench.offered() if one.kind == "tb"]
    assert found == [("河", "river (water)"), ("江", "river (water)"), ("上涨", "rose, not approved")]
    write(bench.folder, "terms.csv", "no list at all")
    assert not [one for one in bench.offered() if one.kind == "tb"]
