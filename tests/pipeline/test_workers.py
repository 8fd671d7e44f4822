"""Several processes share a job: the same results in the same order, whatever becomes of one of them."""

from __future__ import annotations

import os
import threading
import time
from functools import partial
from pathlib import Path

import pytest

from tests.support import shares
from tests.support.environment import Run
from tests.support.projects import write
from toolkit.errors import DataError, EngineFailed, Stopped
from toolkit.events import Cancellation, Recorder
from toolkit.pipeline.workers import spread

SETTINGS = 'source_language = "en"\narticles = "articles"\n[target.bo]\n[target.zh-Hans]\n'


def test_shares_are_done_side_by_side_and_come_back_in_order() -> None:
    told = Recorder()
    found = [pair for share in spread(shares.doubled, range(200), 2, told) for pair in share]
    assert [double for double, _ in found] == [2 * number for number in range(200)]
    assert {process for _, process in found}.isdisjoint({os.getpid()})
    assert told.notes == ["closed"]
    (progress,) = told.progress
    assert 0 < progress.done <= progress.total and not progress.more


def test_what_one_process_raises_ends_the_job() -> None:
    with pytest.raises(DataError, match="7: is no good"):
        spread(shares.refusing, range(20), 2)


def test_a_process_that_dies_is_replaced_and_its_items_are_done_one_by_one(tmp_path: Path) -> None:
    found = spread(partial(shares.dying, tmp_path, -1), range(6), 2)
    assert sorted(number for share in found for number in share) == list(range(6))


def test_an_item_that_kills_twice_is_named_and_the_others_are_done(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / str(number)).touch()
    with pytest.raises(EngineFailed, match="died twice over 3; the rest is done"):
        spread(partial(shares.dying, tmp_path, 3), range(40), 2)


def test_a_cancelled_job_lets_its_processes_keep_what_they_have(tmp_path: Path) -> None:
    cancellation = Cancellation()

    def cancel() -> None:
        while len(list(tmp_path.glob("begun-*"))) < 2:
            time.sleep(0.01)
        cancellation.cancel()

    thread = threading.Thread(target=cancel)
    thread.start()
    with pytest.raises(Stopped):
        spread(partial(shares.waiting, tmp_path), range(4), 2, cancellation=cancellation)
    thread.join()
    begun = {path.name.removeprefix("begun-") for path in tmp_path.glob("begun-*")}
    assert {path.name.removeprefix("kept-") for path in tmp_path.glob("kept-*")} == begun


def _project(folder: Path) -> None:
    write(folder, "lokta.toml", SETTINGS)
    for number in range(12):
        write(
            folder, f"articles/a{number:02}.md", f"# News {number}\n\nThe *river* rose {number} metres.\n\nIt fell.\n"
        )


def _all_files(folder: Path) -> dict[str, bytes]:
    kept = (path for path in folder.rglob("*") if path.is_file() and not {".lokta", ".lokta.lock"} & set(path.parts))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in kept}


def test_commands_write_and_say_the_same_by_two_processes(tmp_path: Path, invoke: Run) -> None:
    said: dict[str, list[str]] = {}
    for name, jobs in (("one", ()), ("two", ("-j", "2"))):
        folder = tmp_path / name
        _project(folder)
        run = partial(invoke, cwd=folder)
        outputs = [run("translate", "--engine", "pseudo", *jobs).stdout]
        catalog = folder / "locales/bo/LC_MESSAGES/a03.po"
        text = catalog.read_text(encoding="utf-8").replace('#, fuzzy\nmsgid "It', 'msgid "It')
        catalog.write_text(text.replace("Îţ ƒéļļ.", "མ་རེད།"), encoding="utf-8")
        outputs.append(run("translate", "--engine", "pseudo", *jobs).stdout)
        outputs.append(run("check", *jobs, code=None).stdout)
        outputs.append(run("build", *jobs, code=None).stdout)
        outputs.append(run("build", *jobs, code=None).stdout)
        said[name] = [output.replace(str(folder), "") for output in outputs]
    assert said["one"] == said["two"]
    one, two = (_all_files(tmp_path / name) for name in ("one", "two"))
    assert one == two and len(one) > 80


def test_an_engine_that_cannot_be_had_twice_drafts_in_one_process(tmp_path: Path, invoke: Run) -> None:
    write(tmp_path, "lokta.toml", 'source_language = "en"\narticles = "articles"\n[target.zh-Hans]\n')
    for number in range(3):
        write(tmp_path, f"articles/a{number}.txt", f"The river rose {number} metres.\n")
    done = invoke("translate", "--engine", "llama", "-j", "2")
    assert "the engine drafts in one process alone" in done.stdout
    assert done.stdout.count("1 by machine now") == 3
