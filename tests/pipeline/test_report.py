"""What a run says of itself: a receipt after it, a forecast before it; and groups of articles that change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.environment import Run
from tests.support.projects import translate
from tests.support.tiny_argos import make_package
from toolkit import models
from toolkit.pipeline import translate as pipeline


def articles(folder: Path, count: int = 3) -> None:
    folder.mkdir(exist_ok=True)
    for n in range(count):
        text = f"News of day {n}\n\nThe river rose {n} metres. It fell again.\n\nNothing else.\n"
        (folder / f"news-{n}.txt").write_text(text, encoding="utf-8")


def test_a_receipt_says_what_was_done_by_what(invoke: Run, tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    articles(tmp_path, 2)
    invoke("translate", "news-0.txt", "news-1.txt", "--from", "en", "--to", "zh-Hans,bo")
    held = json.loads((tmp_path / ".lokta" / "receipt.json").read_text(encoding="utf-8"))
    assert held["date"] == "2025-11-25T00:00:00+00:00"
    first = held["articles"][0]
    assert (first["article"], first["target_language"], first["units"], first["machine"]) == ("news-0", "zh-Hans", 3, 3)
    assert first["catalog"] == "locales/zh_Hans/LC_MESSAGES/news-0.po"
    ((model, count),) = first["made_by"].items()
    assert model.startswith("argos translate-en_zh-1_0@") and count == 3
    (pace,) = held["drafting"]
    assert pace["sentences"] == 6 and pace["seconds"] >= 0 and pace["model"] == model
    assert any("no model from en" in line for line in held["missing"])
    assert (tmp_path / ".lokta" / ".gitignore").read_text() == "*\n"


def test_a_second_run_asks_nothing(invoke: Run, tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    articles(tmp_path, 1)
    invoke("translate", "news-0.txt", "--from", "en", "--to", "zh-Hans")
    first = (tmp_path / "locales/zh_Hans/LC_MESSAGES/news-0.po").read_bytes()
    for catalog in (tmp_path / "locales").rglob("*.po"):
        catalog.unlink()
    invoke("translate", "news-0.txt", "--from", "en", "--to", "zh-Hans")
    held = json.loads((tmp_path / ".lokta" / "receipt.json").read_text(encoding="utf-8"))
    assert held["drafting"] == [] and held["articles"][0]["machine"] == 3
    assert (tmp_path / "locales/zh_Hans/LC_MESSAGES/news-0.po").read_bytes() == first


def test_a_dry_run_tells_and_writes_nothing(invoke: Run, tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    articles(tmp_path, 2)
    command = ("translate", "news-0.txt", "news-1.txt", "--from", "en", "--to", "zh-Hans,bo", "--dry-run")
    said = invoke(*command).stdout
    assert "zh-Hans: 2 articles: 6 paragraphs, 6 sentences to ask" in said
    assert "bo: 1 article: 3 paragraphs wait" in invoke("translate", "news-0.txt", "--to", "bo", "--dry-run").stdout
    assert "time unknown" in said and "bo: 2 articles: 6 paragraphs wait for a model" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == ["news-0.txt", "news-1.txt"]
    invoke("translate", "news-0.txt", "--from", "en", "--to", "zh-Hans")
    assert "2 sentences to ask" in (said := invoke(*command).stdout) and "about" in said


def test_groups_of_articles_end_in_the_same_catalogs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_package(models.folder(), "en", "zh", "float32")
    ends = []
    for group in (10**9, 3, 1):
        monkeypatch.setattr(pipeline, "_GROUP", group)
        monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / f"cache-{group}"))
        articles(place := tmp_path / str(group), 4)
        run = translate(place, "zh-Hans", "bo", engine="", source_language="en")
        assert len(run.done.articles) == 4 and len(run.summaries) == 8
        ends.append({path.name: path.read_bytes() for path in sorted((place / "locales").rglob("*.po*"))})
    assert ends[0] == ends[1] == ends[2]


def test_beam_and_batch_come_from_the_project_and_an_option_goes_first(invoke: Run, tmp_path: Path) -> None:
    make_package(models.folder(), "en", "zh")
    articles(tmp_path, 1)
    (tmp_path / "lokta.toml").write_text('[drafting]\nbeam = 2\nbatch_tokens = 256\ndevice = "cpu"\n', encoding="utf-8")
    invoke("translate", "news-0.txt", "--from", "en", "--to", "zh-Hans")
    catalog = tmp_path / "locales/zh_Hans/LC_MESSAGES/news-0.po"
    assert "+beam2" in catalog.read_text(encoding="utf-8")
    catalog.unlink()
    invoke("translate", "news-0.txt", "--from", "en", "--to", "zh-Hans", "--beam", "3")
    assert "+beam3" in catalog.read_text(encoding="utf-8")


def test_a_receipt_that_cannot_be_written_takes_nothing_back(invoke: Run, tmp_path: Path) -> None:
    articles(tmp_path, 1)
    (tmp_path / ".lokta" / "receipt.json").mkdir(parents=True)
    said = invoke("translate", "news-0.txt", "--from", "en", "--to", "bo", "--engine", "pseudo", code=1)
    assert "receipt.json: cannot be written" in said.stderr and "the catalogs are complete" in said.stderr
    assert "3 by machine now" in said.stdout and (tmp_path / "locales" / "bo" / "LC_MESSAGES" / "news-0.po").is_file()
