"""`lokta review` as a process of its own, a project to review, and a real browser that opens it."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil

from tests.support.environment import ROOT
from tests.support.projects import path_of, read, translate, write, write_catalog
from toolkit import catalog as catalogs
from toolkit.units import ProvenanceLine, Unit, text_hash

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

TARGETS = {
    "Floating school opens": ("zh-Hans", "水上学校开学"),
    "It has 64 pupils and **four** teachers.": ("zh-Hans", "它有 65 名学生和四名教师."),
    "See [the map](map.html) of the river.": ("zh-Hans", "见河流地图。"),
    "The boats stop at six villages.": ("zh-Hans", "船停在六个村庄。"),
}
"""Drafts of a machine: a wrong number and a half-width stop that can be mended, a lost link, a good one."""
ARTICLE = (
    "\n\n".join(["# Floating school opens", *list(TARGETS)[1:], "The boats stop at six villages.", "The end."]) + "\n"
)


PATHS: tuple[str, ...] = ()
"""Further folders of packages."""


@dataclass(frozen=True)
class Reviewing:
    """A running `lokta review`."""

    address: str
    """The start address, with the token."""
    process: subprocess.Popen[str]

    @property
    def base(self) -> str:
        """`http://127.0.0.1:PORT`."""
        return self.address.split("/?")[0]

    @contextlib.contextmanager
    def client(self) -> Iterator[httpx.Client]:
        """A client that has the cookie, and says where it comes from as a browser does."""
        with httpx.Client(base_url=self.base, headers={"origin": self.base}, timeout=30) as client:
            assert client.get(self.address).status_code == 303
            yield client


@contextlib.contextmanager
def reviewing(folder: Path, *arguments: str) -> Iterator[Reviewing]:
    """Start `lokta review --no-open` in a folder; Ctrl-C ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "review", "--no-open", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), *PATHS)), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        said = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+/\?t=\S+", said)
        assert found, said + process.stdout.read()
        yield Reviewing(found[0], process)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(20)
        process.stdout.close() if process.stdout else None


def project(folder: Path, tag: str = "zh-Hans", repeat: int = 1) -> Path:
    """An article with machine's drafts (`TARGETS`) in a project; its catalog."""
    write(folder, "lokta.toml", f'reviewer = "Dolma"\n[target.{tag}]\n')
    body = "\n".join(f"Paragraph number {n} of the river.\n" for n in range(repeat)) if repeat > 1 else ""
    write(folder, "a.md", ARTICLE + body)
    translate(folder, tag, names=("a.md",))
    catalog = read(folder, tag)
    write_catalog(path_of(folder, tag), replace(catalog, units=tuple(_drafted(unit) for unit in catalog.units)))
    return path_of(folder, tag)


def _drafted(unit: Unit) -> Unit:
    """The unit as a machine would have drafted it; one without a draft is empty."""
    if unit.source.startswith("Paragraph"):
        return unit
    if unit.source not in TARGETS:
        return replace(unit, target="", flags=(), provenance=())
    target = TARGETS[unit.source][1]
    values = (("engine", "llama"), ("model", "test@1"), ("score", "-0.4"), ("hash", text_hash(target)))
    return replace(unit, target=target, flags=("fuzzy",), provenance=(ProvenanceLine("mt", values),))


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A real Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        launched = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield launched
        launched.close()


def ready(page: Page) -> Page:
    """Wait until rows and findings are there."""
    page.wait_for_selector("#rows .row")
    page.wait_for_selector("body[data-checked]")
    return page


def until(true: Callable[[], bool], page: Page, seconds: float = 10) -> None:
    """Wait until something is so, while the browser goes on."""
    for _ in range(int(seconds * 20)):
        if true():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come about")


def go(page: Page, source: str) -> None:
    """Make the row of a source the row at hand, by keyboard."""
    page.keyboard.press("Escape")
    page.keyboard.press("Home")
    while source not in page.locator(".row.here .source").inner_text():
        page.keyboard.press("j")


def kill_browser(profile: Path) -> None:
    """Kill -9 all processes of the browser that keeps its databases in this folder."""
    for process in psutil.process_iter(["cmdline"]):
        if any(str(profile) in word for word in process.info["cmdline"] or ()):
            with contextlib.suppress(psutil.Error):
                process.kill()


def killed(browser: Browser, folder: Path, po: Path, source: str, rounds: int) -> list[str]:
    """Type, kill -9 the server while typing goes on, wait a second, kill -9 the browser, and look what both know when they
    are started again; a line for each round that lost a letter."""
    profile, lost = folder / "profile", []
    expected = ""

    def opened(server: Reviewing) -> tuple[BrowserContext, Page]:
        held = browser.browser_type.launch_persistent_context(
            profile, executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = held.new_page()
        page.goto(server.address)
        return held, ready(page)

    for number in range(rounds):
        with reviewing(folder) as server:
            held, page = opened(server)
            go(page, source)
            page.keyboard.press("Enter")
            page.wait_for_selector("textarea")
            for at, letter in enumerate("完了吧呢"):
                if at == number % 4:
                    server.process.kill()
                    server.process.wait()
                page.keyboard.type(letter)
                page.wait_for_timeout(200)  # steadily, so that nothing is written because of a pause
            expected += "完了吧呢"
            page.wait_for_timeout(1000)
            kill_browser(profile)
            with contextlib.suppress(Exception):
                held.close()
        with reviewing(folder) as server:
            held, page = opened(server)
            try:
                until(lambda: _target(po, source) == expected, page, 5)  # noqa: B023
            except AssertionError:
                lost.append(f"round {number}: {_target(po, source)!r}")
                expected = _target(po, source)
            held.close()
    return lost


def _target(po: Path, source: str) -> str:
    return next(unit.target for unit in catalogs.read_catalog(po).live if unit.source == source)
