"""The review server: who may ask it, what it answers, and that parallel and outside changes are kept."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.projects import change, path_of, reviewed, translate, write, write_catalog
from tests.support.reviewing import TARGETS, Reviewing, project, reviewing
from tests.support.running import as_process
from toolkit import catalog as catalogs
from toolkit.units import State, Unit, UnitKey, text_hash

BOATS = "The boats stop at six villages."


@pytest.fixture
def po(tmp_path: Path) -> Path:
    return project(tmp_path, repeat=40)


@pytest.fixture
def server(tmp_path: Path, po: Path) -> Iterator[Reviewing]:
    with reviewing(tmp_path) as running:
        yield running


@pytest.fixture
def client(server: Reviewing) -> Iterator[httpx.Client]:
    with server.client() as opened:
        yield opened


def unit(path: Path, source: str) -> Unit:
    return next(unit for unit in catalogs.read_catalog(path).live if unit.source == source)


def work(client: httpx.Client) -> tuple[str, dict[str, Any]]:
    """The id of the only catalog, and the catalog."""
    (listed,) = client.get("/api/work").json()["works"]
    return listed["id"], client.get(f"/api/work/{listed['id']}").json()


def act(client: httpx.Client, source: str, what: str, **more: Any) -> httpx.Response:
    name, whole = work(client)
    shown = next(one for one in whole["units"] if one["source"] == source)
    return client.post(f"/api/act/{name}", json={"key": shown["key"], "etag": shown["etag"], "act": what, **more})


def test_only_the_browser_that_got_the_address_is_answered(server: Reviewing, client: httpx.Client) -> None:
    name, _ = work(client)
    body = {"key": UnitKey("", BOATS).short, "target": "x"}
    asked = f"{server.base}/api/check/{name}"
    cookies = dict(client.cookies)
    own = {"origin": server.base}
    assert httpx.post(asked, json=body, cookies=cookies, headers=own).status_code == 200
    for headers in (
        {},
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {**own, "host": "evil.example"},
        {**own, "host": server.base.replace("http://127.0.0.1", "localhost")},
        {**own, "sec-fetch-site": "cross-site"},
        {**own, "sec-fetch-site": "same-site"},
    ):
        assert httpx.post(asked, json=body, cookies=cookies, headers=headers).status_code == 403, headers
    assert httpx.get(f"{server.base}/").status_code == 403
    assert httpx.get(f"{server.base}/", cookies={next(iter(cookies)): "guess"}).status_code == 403
    assert httpx.get(f"{server.base}/?t=guess").status_code == 403
    assert httpx.get(server.address, headers={"sec-fetch-site": "cross-site"}).status_code == 403


def test_every_answer_has_the_headers_of_a_strict_page(server: Reviewing, client: httpx.Client) -> None:
    start = httpx.get(server.address)
    assert start.status_code == 303 and start.headers["location"] == "/"
    assert "HttpOnly" in start.headers["set-cookie"] and "samesite=strict" in start.headers["set-cookie"].lower()
    name, _ = work(client)
    for path in ("/", "/app.js", "/app.css", "/tibetan.woff2", "/api/work", "/nowhere", f"/preview/{name}/"):
        answer = client.get(path)
        said = answer.headers
        assert said["content-security-policy"].startswith("default-src 'none'"), path
        assert "unsafe-eval" not in said["content-security-policy"] and "http" not in said["content-security-policy"]
        assert said["x-content-type-options"] == "nosniff" and said["referrer-policy"] == "no-referrer"
        assert said["cache-control"] == "no-store" and said["cross-origin-resource-policy"] == "same-origin"
        assert not [header for header in said if header.startswith("access-control")]


def test_it_listens_on_this_machine_alone_and_two_reviews_stand_side_by_side(server: Reviewing, tmp_path: Path) -> None:
    port = int(server.base.rpartition(":")[2])
    with socket.socket() as tried:
        tried.settimeout(2)
        assert tried.connect_ex(("127.0.0.2", port)) != 0
    with reviewing(tmp_path) as second:
        assert second.base != server.base
    done = as_process("review", "--no-open", "--port", str(port), cwd=tmp_path, code=1)
    assert f"port {port} cannot be had" in done.stderr


def test_bodies_are_limited_and_odd_requests_are_refused(client: httpx.Client) -> None:
    name, _ = work(client)
    big = b"x" * (2 * 2**20 + 1)
    assert client.post(f"/api/act/{name}", content=big).status_code == 413
    assert client.post(f"/api/act/{name}", content=iter([big])).status_code == 413
    assert act(client, BOATS, "delete").status_code == 422
    for more in ({"target": 5}, {"target": "a\0b"}, {"target": "x" * 100_001}, {"words": ["x"]}):
        assert act(client, BOATS, "edit", **more).status_code == 422
    for content in (b"", b"[]", b"[" * 100_000, b'{"key": 5}', b"\xff"):
        assert client.post(f"/api/act/{name}", content=content).status_code == 422
    assert client.get("/api/work/elsewhere").status_code == 422


def test_only_images_of_the_article_are_served(client: httpx.Client, tmp_path: Path) -> None:
    name, _ = work(client)
    (tmp_path / "river.png").write_bytes(b"\x89PNG")
    (tmp_path.parent / "secret.png").write_bytes(b"\x89PNG")
    (tmp_path / "link.png").symlink_to(tmp_path.parent / "secret.png")
    assert client.get(f"/preview/{name}/river.png").headers["content-type"] == "image/png"
    for path in ("lokta.toml", "../lokta.toml", "%2e%2e/secret.png", "link.png", "/etc/passwd", "a.md", "no.png"):
        assert client.get(f"/preview/{name}/{path}").status_code == 404, path


def test_an_act_says_what_the_entry_was_and_undo_gives_it_back(client: httpx.Client, po: Path) -> None:
    entry = unit(po, BOATS).raw
    done = act(client, BOATS, "approve", target="六个村庄。").json()
    assert done["previous"] == entry and done["unit"]["state"] == "reviewed" and unit(po, BOATS).target == "六个村庄。"
    assert act(client, BOATS, "restore", words=done["previous"]).status_code == 200
    assert unit(po, BOATS).raw == entry
    gone = "\n".join(line if line.startswith("#") else f"#~ {line}" for line in entry.strip().split("\n"))
    for words in ("", "nonsense", entry + "\n" + entry, entry.replace("six", "two"), gone):
        assert act(client, BOATS, "restore", words=words).status_code == 422


def test_undo_of_a_decided_conflict_gives_the_conflict_back(client: httpx.Client, tmp_path: Path, po: Path) -> None:
    set_aside = Unit(BOATS, "别人的。", context=f"was {text_hash(BOATS + '别人的。')}", flags=("fuzzy",), obsolete=True)
    change(tmp_path, BOATS, lambda one: replace(one, target="我的。").flagged("fuzzy"), name="a")
    catalog = catalogs.read_catalog(po)
    write_catalog(po, replace(catalog, units=(*catalog.units, set_aside)))
    before = sorted(one.raw for one in catalogs.read_catalog(po).units)
    done = act(client, BOATS, "approve").json()
    assert done["unit"]["state"] == "reviewed" and "settled" in po.read_text(encoding="utf-8")
    back = act(client, BOATS, "restore", words=done["previous"])
    assert back.status_code == 200 and back.json()["unit"]["state"] == "conflict"
    assert sorted(one.raw for one in catalogs.read_catalog(po).units) == before


def test_an_act_on_what_was_not_seen_is_refused_with_both_versions(
    client: httpx.Client, tmp_path: Path, po: Path
) -> None:
    name, whole = work(client)
    shown = next(one for one in whole["units"] if one["source"] == BOATS)
    change(tmp_path, BOATS, reviewed("别人的。"), name="a")
    said = {"key": shown["key"], "etag": shown["etag"], "act": "approve", "target": "我的。"}
    refused = client.post(f"/api/act/{name}", json=said)
    assert refused.status_code == 409 and refused.json()["unit"]["target"] == "别人的。"
    assert unit(po, BOATS).target == "别人的。"
    write(tmp_path, "a.md", "# Another\n\nIt is another article now, with other words.\n")
    translate(tmp_path, "zh-Hans", names=("a.md",))
    assert client.post(f"/api/act/{name}", json=said).status_code == 410


def test_39_parallel_saves_are_all_kept(server: Reviewing, po: Path) -> None:
    with server.client() as client:
        name, whole = work(client)
        units = [one for one in whole["units"] if one["source"].startswith("Paragraph")][:39]

        def save(numbered: tuple[int, dict[str, Any]]) -> int:
            number, one = numbered
            said = {"key": one["key"], "etag": one["etag"], "act": "approve", "target": f"第 {number} 段。"}
            return client.post(f"/api/act/{name}", json=said).status_code

        with ThreadPoolExecutor(13) as pool:
            assert set(pool.map(save, enumerate(units))) == {200}
    assert [unit(po, one["source"]).target for one in units] == [f"第 {number} 段。" for number in range(39)]


def test_reviewing_goes_on_while_translate_runs(client: httpx.Client, tmp_path: Path, po: Path) -> None:
    write(tmp_path, "a.md", (tmp_path / "a.md").read_text("utf-8") + "\nA new paragraph.\n")
    name, whole = work(client)
    assert act(client, BOATS, "approve").status_code == 200
    translate(tmp_path, "zh-Hans", names=("a.md",))
    changed = client.get(f"/api/changes/{name}", params={"rev": whole["rev"]}).json()
    assert any(one["source"] == "A new paragraph." for one in changed["units"])
    assert client.get(f"/api/changes/{name}", params={"rev": changed["rev"]}).json() == {"rev": changed["rev"]}
    assert act(client, "A new paragraph.", "edit", target="新的一段。").status_code == 200
    assert unit(po, BOATS).state is State.REVIEWED and unit(po, "A new paragraph.").target == "新的一段。"


def test_units_come_with_codes_findings_and_places_as_browsers_count(client: httpx.Client, tmp_path: Path) -> None:
    write(tmp_path, "a.md", "# 🏫 Floating **school** opens\n\nTwice.\n\nOnce.\n\nTwice.\n")
    translate(tmp_path, "zh-Hans", names=("a.md",))
    name, whole = work(client)
    title = whole["units"][0]
    (code,) = title["codes"]
    text = title["source"].encode("utf-16-le")
    assert [text[2 * start : 2 * end].decode("utf-16-le") for start, end in code["spans"]] == ["**", "**"]
    assert (code["name"], code["open"], code["close"]) == ("bold", "**", "**")
    twice = next(place for place, one in enumerate(whole["units"]) if one["source"] == "Twice.")
    assert whole["rows"][-1] == {"again": twice}
    found = client.post(f"/api/check/{name}", json={"key": title["key"], "target": "🏫 学校."}).json()
    kinds = {one["check"]: one for one in found["list"]}
    assert "codes" in kinds and found["risk"] > 0
    start, end, new = kinds["typography"]["mend"][0]
    assert "🏫 学校.".encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le") + new == ".。"
    findings, start = {}, 0
    while start is not None:
        part = client.get(f"/api/findings/{name}", params={"from": start}).json()
        findings |= part["findings"]
        start = part["next"]
    assert set(findings) == {one["key"] for one in whole["units"]}


def test_a_name_that_the_other_articles_spell_otherwise_is_found(client: httpx.Client, tmp_path: Path) -> None:
    told = {
        "Then Mugabe ate.": "然后，穆加贝吃了饭。",
        "Then Mugabe sang.": "后来，穆加贝唱了歌。",
        "Then Mugabe left.": "穆加比走了。",
    }
    write(tmp_path, "a.md", "Then Mugabe left.\n")
    write(tmp_path, "b.md", "Then Mugabe ate.\n\nThen Mugabe sang.\n")
    translate(tmp_path, "zh-Hans", names=("a.md", "b.md"))
    for name, (source, target) in zip("bba", told.items(), strict=True):
        change(tmp_path, source, reviewed(target), name=name)
    name, whole = work(client)
    (one,) = client.get(f"/api/findings/{name}").json()["findings"].values()
    (said,) = [found for found in one["list"] if found["check"] == "consistency"]
    assert said["severity"] == "warning" and said["mend"] == [[0, 3, "穆加贝"]]
    body = {"key": whole["units"][0]["key"], "target": "穆加贝走了。"}
    assert not client.post(f"/api/check/{name}", json=body).json()["list"]


def test_suggestions_come_from_memory_other_languages_and_plug_ins(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    po = project(tmp_path)
    write(tmp_path, "b.md", f"# Another\n\n{BOATS}\n")
    translate(tmp_path, "zh-Hans", "bo", names=("a.md", "b.md"))
    change(tmp_path, BOATS, reviewed("船只停靠六个村庄。"), name="b")
    change(tmp_path, BOATS, reviewed("གྲུ་གཟིངས།"), tag="bo", name="a")
    packages = tmp_path / "packages" / "offers-1.dist-info"
    write(packages, "METADATA", "Metadata-Version: 2.1\nName: offers\nVersion: 1\n")
    write(
        packages,
        "entry_points.txt",
        "[lokta.suggestions]\na = offers:broken\nb = nowhere:offer\nc = offers:crash\nd = offers:offer\n",
    )
    write(
        packages.parent,
        "offers.py",
        "from toolkit.errors import DataError\nfrom toolkit.pipeline.suggest import Suggestion\n"
        "def broken(asked):\n    raise DataError('nothing today')\n"
        "def crash(asked):\n    raise ZeroDivisionError\n"
        "def offer(asked):\n    yield Suggestion(asked.unit.source.upper(), 'tb', 'offers', 80.0)\n",
    )
    monkeypatch.setattr("tests.support.reviewing.PATHS", (str(packages.parent),))
    with reviewing(tmp_path, str(po)) as server, server.client() as client:
        name, _ = work(client)
        offered = client.get(f"/api/suggest/{name}/{UnitKey('', BOATS).short}").json()
    assert offered["draft"] == TARGETS[BOATS][1]
    said = {(one["kind"], one["origin"], one["target"]) for one in offered["suggestions"]}
    assert said >= {
        ("tm", "b", "船只停靠六个村庄。"),
        ("reference", "bo", "གྲུ་གཟིངས།"),
        ("tb", "offers", BOATS.upper()),
    }


def test_ctrl_c_ends_it_in_a_line(tmp_path: Path, po: Path) -> None:
    with reviewing(tmp_path) as server:
        pass
    assert server.process.returncode == 0 and path_of(tmp_path, "zh-Hans").is_file()
