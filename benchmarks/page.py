"""The review page with 2,000 Tibetan paragraphs beside a bare page of the same rows: first row editable, key to paint; and all
findings beside `lokta check`.

    python -m benchmarks.page [--units 2000]
    python -m benchmarks.page --kills 200       kill -9 of server and browser in turn, while somebody types

The bare page has the same texts in the same columns with `content-visibility: auto`, one text area and no more. Both run one
after the other in the same Chromium.
"""

from __future__ import annotations

import argparse
import html
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.projects import path_of, read, translate, write, write_catalog
from tests.support.reviewing import chromium, killed, project, reviewing

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_TIBETAN = "གཙང་པོ་མཚན་མོར་རྒྱས་པས་ཞིང་ཁ་དང་ལམ་ཁག་ཆུ་འོག་ཏུ་སོང་། གྲོང་གསེབ་{n}་ཡི་མི་ཚོ་གནས་སྤོས་བྱས་ཡོད།"
_ENGLISH = "The river rose during the night and flooded fields and roads. The people of village {n} have moved."
_KEYS = 60
_PAINT = """() => new Promise((done) => { const field = document.querySelector("textarea"); const times = []; let pressed = 0;
  field.addEventListener("beforeinput", () => { pressed = performance.now(); }, true);
  field.addEventListener("input", () => requestAnimationFrame(() => { const channel = new MessageChannel();
    channel.port1.onmessage = () => times.push(performance.now() - pressed); channel.port2.postMessage(0); }));
  window.times = times; done(); })"""


def bare(units: int) -> str:
    """The page of the prototype's figures: rows, columns, one text area."""
    rows = "".join(
        f"<li><div>§{n} draft</div><div>{html.escape(_ENGLISH.format(n=n))}</div><div lang=bo>{_TIBETAN.format(n=n)}</div></li>"
        for n in range(units)
    )
    style = (
        "li{display:grid;grid-template-columns:8rem 1fr 1fr;gap:1rem;content-visibility:auto;"
        "contain-intrinsic-size:auto 7rem}[lang]{line-height:2.2}textarea{font:inherit;width:100%;line-height:2.2}"
    )
    script = (
        "document.querySelector('[lang]').onclick=function(){const t=document.createElement('textarea');"
        "t.value=this.textContent;this.replaceChildren(t);t.focus()}"
    )
    return f"<!DOCTYPE html><meta charset=utf-8><style>{style}</style><ol>{rows}</ol><script>{script}</script>"


def measured(browser: Browser, address: str, row: str, extra: str) -> tuple[float, float]:
    """Milliseconds until the first row can be edited, and the 95th percentile from a key to the paint after it."""
    page: Page = browser.new_page(viewport={"width": 1280, "height": 800})
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(row)
    page.click(row)
    page.wait_for_selector("textarea")
    first = (time.perf_counter() - start) * 1000
    if extra:
        page.wait_for_selector(extra, timeout=120_000)
    page.evaluate(_PAINT)
    for number in range(_KEYS):
        page.keyboard.type("ཀཁགང"[number % 4])
        page.wait_for_timeout(60)
    times = page.evaluate("window.times")
    page.close()
    return first, statistics.quantiles(times, n=20)[18]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=2000)
    parser.add_argument("--kills", type=int, default=0)
    units, kills = (said := parser.parse_args()).units, said.kills
    if kills:
        with tempfile.TemporaryDirectory() as name, chromium() as browser:
            po = project(Path(name))
            lost = killed(browser, Path(name), po, "The end.", kills // 2)
        print(f"{kills // 2 * 2} kills, {len(lost)} lost a letter older than a second", *lost, sep="\n")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, "lokta.toml", 'reviewer = "Dolma"\n[target.bo]\n')
        write(folder, "a.md", "\n\n".join(_ENGLISH.format(n=n) for n in range(units)) + "\n")
        translate(folder, "bo", names=("a.md",))
        catalog = read(folder)
        made = tuple(
            replace(one, target=_TIBETAN.format(n=n), flags=("fuzzy",), provenance=())
            for n, one in enumerate(catalog.units)
        )
        write_catalog(path_of(folder), replace(catalog, units=made))
        write(folder, "bare.html", bare(units))
        with reviewing(folder) as server, chromium() as browser:
            for _ in range(2):  # the first warms up
                plain = measured(browser, (folder / "bare.html").as_uri(), "[lang]", "")
                ours = measured(browser, server.address, ".row .target .still", "body[data-checked]")
            with server.client() as client:
                (work,) = client.get("/api/work").json()["works"]
        print(f"{units} units; chromium {shutil.which('chromium')}")
        print(f"first row editable: bare {plain[0]:.0f} ms, page {ours[0]:.0f} ms, {ours[0] / plain[0]:.2f} times")
        print(f"key to paint, p95: bare {plain[1]:.1f} ms, page {ours[1]:.1f} ms, {ours[1] / plain[1]:.2f} times")
        start = time.perf_counter()
        subprocess.run([sys.executable, "-m", "toolkit", "check"], cwd=folder, capture_output=True, check=False)
        check = time.perf_counter() - start
        with reviewing(folder) as server, server.client() as client:
            begun, at = time.perf_counter(), 0
            while at is not None:
                at = client.get(f"/api/findings/{work['id']}", params={"from": at}).json()["next"]
            found = time.perf_counter() - begun
        print(f"all findings: lokta check {check:.2f} s, page {found:.2f} s, {found / check:.2f} times")


if __name__ == "__main__":
    main()
