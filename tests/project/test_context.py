"""Two projects in one process have nothing to do with each other, and the working directory has nothing to do with either."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from tests.support.killing import contents
from tests.support.misbehaving import Talk, chat, chinese, talking
from tests.support.projects import write
from toolkit.errors import UsageError
from toolkit.events import Event, Recorder, Sink, ignore
from toolkit.pipeline import report
from toolkit.pipeline.build import Choice, build, translated
from toolkit.pipeline.reference import stale
from toolkit.pipeline.review import ReviewService
from toolkit.pipeline.translate import Order, foresee, translate
from toolkit.project.context import Context, clock
from toolkit.project.discovery import find
from toolkit.review.acts import seen
from toolkit.translation.options import Options

ARTICLE = "The river\n\nThe river rose.\n\nThe bridge is closed.\n"
FAMILY = """
title = "a model that likes to be asked for {style}"
grain = "unit"
chat = true
context = 4096
markers = true

[[request]]
prompt = "In the style of {style}, from {{source}} into {{target}}:\\n\\n{{text}}"

[languages]
en = "{english}"
zh-Hans = "Chinese"

[answer]
plus = 48
tokens_per_character = {{ Latn = 3.0 }}
"""
SETTINGS = """
source_language = "en"
articles = "{articles}"
locales = "{locales}"
editions = "{editions}"
reviewer = "{reviewer}"
[target.zh-Hans]
engine = "chat"
[target.zh-Hant]
variant = "{variant}"
[remote.chat]
url = "{address}/v1"
model = "m"
family = "mine"
"""
ONE = {
    "articles": "news",
    "locales": "po",
    "editions": "out",
    "reviewer": "Tashi",
    "variant": "tw",
    "style": "a newspaper",
    "english": "English",
}
TWO = {
    "articles": ".",
    "locales": "translations",
    "editions": "site",
    "reviewer": "Pema",
    "variant": "hk",
    "style": "a children's book",
    "english": "Plain English",
}


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(chat(lambda text: f"{chinese(text)}里面")) as server:
        yield server


def project(folder: Path, says: dict[str, str], address: str) -> Path:
    """A project with settings of its own, and with a family of its own by the name that the other one uses too."""
    write(folder, "lokta.toml", SETTINGS.format(address=address, **says))
    write(folder, "families/mine.toml", FAMILY.format(**says))
    write(folder, f"{says['articles']}/a.txt", ARTICLE)
    return folder


def journey(folder: Path, tell: Sink = ignore) -> None:
    """Draft an article, approve a paragraph, draft another article that repeats it, build."""
    with Context.at(folder) as context:
        for _ in range(2):
            sources, targets = find(context.config, []), context.store.targets()
            translate(context, Order(sources, targets), tell)
            service, path = ReviewService(context), context.store.path("a", "zh-Hans")
            unit = next(unit for unit in context.store.read(path).live if unit.source == "The river rose.")
            service.approve(path, unit.key, seen(unit))
            write(context.config.articles, "b.txt", "Again\n\nThe river rose.\n")
        build(context, find(context.config, []), context.store.targets(), Choice(packaged=True), tell)


class Turns:
    """Two threads of which one runs at a time; they take turns at every event."""

    def __init__(self) -> None:
        self._may = (threading.Semaphore(1), threading.Semaphore(0))
        self._done: set[int] = set()
        self.order: list[int] = []
        self.failed: list[BaseException] = []

    def run(self, *jobs: Callable[[Sink], None]) -> None:
        """Run both to their ends, and raise what one of them raised."""
        threads = [threading.Thread(target=self._run, args=(me, job)) for me, job in enumerate(jobs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failed:
            raise self.failed[0]

    def _run(self, me: int, job: Callable[[Sink], None]) -> None:
        other = 1 - me

        def sink(event: Event) -> None:
            self.order.append(me)
            if other not in self._done:
                self._may[other].release()
                self._may[me].acquire()

        self._may[me].acquire()
        try:
            job(sink)
        except BaseException as error:
            self.failed.append(error)
        finally:
            self._done.add(me)
            self._may[other].release()


def test_two_projects_in_one_process(talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drafted, reviewed and built in turns, with one draft cache, both end in the bytes of a run alone."""
    alone = {}
    for name, says in (("one", ONE), ("two", TWO)):
        monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / f"cache of {name}"))
        folder = project(tmp_path / "alone" / name, says, talk.address)
        journey(folder)
        alone[name] = contents(folder)
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / "cache of both"))
    talk.asked.clear()
    one, two = (
        project(tmp_path / "together" / name, says, talk.address) for name, says in (("one", ONE), ("two", TWO))
    )
    turns = Turns()
    turns.run(lambda tell: journey(one, tell), lambda tell: journey(two, tell))
    changes = sum(before != after for before, after in zip(turns.order, turns.order[1:], strict=False))
    assert changes >= 6, "they did not take turns"
    assert contents(one) == alone["one"]
    assert contents(two) == alone["two"]
    asked = [said.body["messages"][0]["content"] for said in talk.posts]
    for style, english in (("a newspaper", "English"), ("a children's book", "Plain English")):
        assert any(f"In the style of {style}, from {english} into" in words for words in asked), asked
    assert (one / "po/zh_Hans/LC_MESSAGES/a.po").is_file() and not (one / "translations").exists()
    assert (two / "translations/zh_Hans/LC_MESSAGES/a.po").is_file() and not (two / "po").exists()
    taiwan, hongkong = (
        path.read_text(encoding="utf-8")
        for path in (one / "po/zh_Hant/LC_MESSAGES/a.po", two / "translations/zh_Hant/LC_MESSAGES/a.po")
    )
    assert "裡面" in taiwan and "裏面" not in taiwan and "裏面" in hongkong and "裡面" not in hongkong
    for folder, name in ((one / "po", "Tashi"), (two / "translations", "Pema")):
        assert f"reviewed by={name}" in (folder / "zh_Hans/LC_MESSAGES/a.po").read_text(encoding="utf-8")


def everything(folder: Path) -> list[Any]:
    """What every function of the pipeline gives for a project."""
    results: list[Any] = []
    with Context.at(folder) as context:
        told = Recorder()
        service = ReviewService(context)
        order = Order(find(context.config, []), context.store.targets(), options=Options(reference_language="zh-Hans"))
        results.append(foresee(context, order))
        run = translate(context, order, told)
        report.write(context, run, told)
        results += [run.articles, run.summaries, told.warnings, told.notes, told.missing]
        paths = service.files([], [])
        for path in paths:
            first, second, third, *_ = context.store.read(path).live
            results += [
                list(service.check([path])),
                service.approve(path, first.key, seen(first)),
                service.edit(path, second.key, seen(second), "བོད།"),
                service.reject(path, third.key, seen(third)),
                service.sign(path),
                [unit.state for unit in context.store.read(path).live],
                stale(context.store, context.store.read(path)),
            ]
        results += [paths, service.queue(paths), service.reviewer, translated(context)]
        built = build(context, translated(context), (), Choice(packaged=True), told)
        results.append(asdict(built))
    return results


@pytest.mark.parametrize("where", ["unrelated", "deleted"])
def test_the_working_directory_is_asked_by_nobody(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, elsewhere = tmp_path / "project", tmp_path / "elsewhere"

    def result(cwd: Path, cache: str) -> tuple[list[Any], dict[str, bytes]]:
        shutil.rmtree(folder, ignore_errors=True)
        write(folder, "lokta.toml", '[target.zh-Hans]\n[target.bo]\nengine = "pseudo"\n')
        write(folder, "a.txt", ARTICLE)
        write(folder, "a.meta.toml", 'skip = ["No such words"]\n')
        monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / cache))
        cwd.mkdir(exist_ok=True)
        monkeypatch.chdir(cwd)
        if cwd == elsewhere and where == "deleted":
            cwd.rmdir()
            with pytest.raises(FileNotFoundError):
                os.getcwd()
        return everything(folder), contents(folder)

    assert result(elsewhere, "cache of one") == result(folder, "cache of the other")
    assert not list(elsewhere.iterdir() if elsewhere.exists() else ())


def test_the_clock_is_that_of_the_context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock().isoformat() == "2025-11-25T00:00:00+00:00"
    assert ReviewService(Context.at(tmp_path)).today == "2025-11-25"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "9" * 17)
    with pytest.raises(UsageError, match="SOURCE_DATE_EPOCH"):
        clock()
