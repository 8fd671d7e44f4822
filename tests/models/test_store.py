"""`lokta models` end to end, against a server that has the index's layout: in, checked, out; and what is refused leaves nothing."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.packages import left, nobody, ours
from tests.support.server import Site, serving
from tests.support.tiny_argos import make_argosmodel
from toolkit import models
from toolkit.errors import LoktaError
from toolkit.models import archives, index, lockfile, store
from toolkit.models.store import Terms
from toolkit.units import LanguagePair

NAME = "translate-en_zh-1_0"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as site:
        monkeypatch.setenv("ARGOS_PACKAGE_INDEX", site.address + "/")
        yield site


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_argosmodel(tmp_path_factory.mktemp("made"), "en", "zh")


def remade(path: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The archive with its files changed."""
    with zipfile.ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    change(files)
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in files.items():
            new.writestr(name, data)
    return to


def facts(**more: object) -> Callable[[dict[str, bytes]], None]:
    def change(files: dict[str, bytes]) -> None:
        name = next(name for name in files if name.endswith("metadata.json"))
        files[name] = json.dumps(json.loads(files[name]) | more).encode()

    return change


def offer(site: Site, data: bytes, path: str = "/en_zh.argosmodel", **more: object) -> None:
    url = site.put(path, data, etag='"1"')
    entry = {"package_version": "1.0", "from_code": "en", "to_code": "zh", "links": [url], **more}
    site.put("/index.json", json.dumps([entry]).encode())


def test_a_language_is_installed_from_the_index_and_drafts(
    site: Site, package: Path, invoke: Run, tmp_path: Path
) -> None:
    offer(site, package.read_bytes())
    said = invoke("models", "install", "zh").stdout
    assert said.startswith(f"{NAME}: installed in ") and "en -> zh-Hans" in said
    recorded = lockfile.load(models.folder())[NAME]
    assert recorded.sha256 == hashlib.sha256(package.read_bytes()).hexdigest()
    assert recorded.source == site.address + "/en_zh.argosmodel" and recorded.pairs == (("en", "zh-Hans"),)
    assert NAME in invoke("models", "list").stdout
    assert "as it was installed" in invoke("models", "verify").stdout
    (tmp_path / "a.txt").write_text("Snow.\n\nHello world!\n", encoding="utf-8")
    assert "2 by machine now (argos)" in invoke("translate", "a.txt", "--to", "zh-Hans").stdout


def test_a_package_that_is_there_is_not_fetched_again(site: Site, package: Path, invoke: Run) -> None:
    offer(site, package.read_bytes())
    invoke("models", "install", "zh")
    site.asked.clear()
    invoke("models", "install", "zh")
    assert [path for path, _ in site.asked] == ["/index.json"]


def test_a_damaged_package_is_seen_and_mended(package: Path, invoke: Run) -> None:
    invoke("models", "install", package)
    model = models.folder() / NAME / "model" / "model.bin"
    whole = model.read_bytes()
    model.write_bytes(whole[:-1] + b"!")
    (models.folder() / NAME / "extra").write_text("x", encoding="utf-8")
    done = invoke("models", "verify", code=1)
    assert "model.bin: is not the file that was installed" in done.stderr and "extra: was not there" in done.stderr
    invoke("models", "install", package)
    assert model.read_bytes() == whole and "as it was installed" in invoke("models", "verify").stdout


def test_the_same_package_must_be_the_same(package: Path, invoke: Run, tmp_path: Path) -> None:
    invoke("models", "install", package)
    other = remade(package, tmp_path / "other.argosmodel", facts(argos_version="2"))
    before = left()
    for _ in range(2):
        line = invoke("models", "install", other, code=1).stderr
        assert "is not the package that was installed under this name before" in line and line.count("\n") == 1
        assert "--forget" in line
        invoke("models", "remove", NAME, code=None)
    assert left() == ["models.lock"] and before != left()
    invoke("models", "install", package)
    invoke("models", "remove", "--forget", NAME)
    invoke("models", "install", other)
    assert ours() == [NAME]


def test_a_removed_package_is_gone_and_its_licence_is_remembered(package: Path, tmp_path: Path) -> None:
    licensed = remade(package, tmp_path / "nc.argosmodel", facts(license="CC-BY-NC-4.0"))
    asked: list[Terms] = []
    archives.install_file(licensed, asked.append)
    assert [(terms.name, terms.commercial) for terms in asked] == [(NAME, False)]
    assert models.non_commercial(f"{NAME}@12345678+greedy")
    store.remove(NAME)
    assert ours() == [] and left() == ["models.lock"]
    assert models.non_commercial(f"other@1 {NAME}@2") and not models.non_commercial("other@1")


def test_a_licence_that_forbids_commercial_use_is_asked_about(package: Path, invoke: Run, tmp_path: Path) -> None:
    licensed = remade(package, tmp_path / "nc.argosmodel", facts(license="CC-BY-NC-4.0"))
    done = invoke("models", "install", licensed, code=2)
    assert "--accept-licence" in done.stderr and done.stderr.count("\n") == 1 and left() == []
    invoke("models", "install", licensed, "--accept-licence")
    assert ours() == [NAME]


DAMAGES: dict[str, Callable[[dict[str, bytes]], None]] = {
    "no model": lambda files: files.pop(next(n for n in files if n.endswith("model.bin"))) and None,
    "bpe": lambda files: files.update(
        {"translate-en_zh-1_0/bpe.model": files.pop("translate-en_zh-1_0/sentencepiece.model")}
    ),
    "no metadata": lambda files: files.pop("translate-en_zh-1_0/metadata.json") and None,
    "another pair": facts(to_code="fr"),
    "another version": facts(package_version="9.9"),
    "a version that is a path": facts(package_version="../../x"),
    "no language": facts(to_code="../x"),
    "no translation": facts(type="sbd"),
    "a pickle": lambda files: files.update({"translate-en_zh-1_0/model.pkl": b"x"}),
    "out of its folder": lambda files: files.update({"translate-en_zh-1_0/../../evil": b"x"}),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_package_that_lies_leaves_nothing(site: Site, package: Path, tmp_path: Path, damage: str) -> None:
    bad = remade(package, tmp_path / "bad.argosmodel", DAMAGES[damage])
    offer(site, bad.read_bytes())
    entry = index.fetch().find(LanguagePair("en", "zh-Hans"))
    assert entry is not None
    with pytest.raises(LoktaError) as caught:
        archives.install_entry(entry, nobody)
    assert "\n" not in str(caught.value) and left() == [] and ours() == []
    assert not (models.folder().parent / "evil").exists()


def test_stanza_is_not_installed(package: Path, tmp_path: Path) -> None:
    usual = remade(
        package, tmp_path / "usual.argosmodel", lambda files: files.update({"translate-en_zh-1_0/stanza/en.pt": b"x"})
    )
    archives.install_file(usual, nobody)
    assert ours() == [NAME] and not any("stanza" in path for path in left())


def test_the_folder_gets_the_name_of_its_metadata(package: Path, tmp_path: Path) -> None:
    def other(files: dict[str, bytes]) -> None:
        for name in list(files):
            files[name.replace("translate-en_zh-1_0", "models.lock")] = files.pop(name)

    archives.install_file(remade(package, tmp_path / "x.zip", other), nobody)
    assert ours() == [NAME]


def test_what_a_person_put_there_is_not_overwritten(package: Path) -> None:
    by_hand = models.folder() / NAME
    by_hand.mkdir(parents=True)
    (by_hand / "mine").write_text("x", encoding="utf-8")
    with pytest.raises(LoktaError, match="by hand"):
        archives.install_file(package, nobody)
    assert left() == [NAME, f"{NAME}/mine"]


def test_the_second_link_is_tried(site: Site, package: Path) -> None:
    good = site.put("/good", package.read_bytes())
    offer(site, b"", links=[site.address + "/gone", good])
    entry = index.fetch().find(LanguagePair("en", "zh-Hans"))
    assert entry is not None and archives.install_entry(entry, nobody).source == good


def test_a_download_that_breaks_off_installs_nothing_and_goes_on(site: Site, package: Path, invoke: Run) -> None:
    offer(site, package.read_bytes())
    site.pages["/en_zh.argosmodel"].breaks_after = [100_000, 0, 0, 0, 0]
    done = invoke("models", "install", "zh", code=1)
    assert "the same command goes on" in done.stderr and done.stderr.count("\n") == 1 and ours() == []
    site.asked.clear()
    invoke("models", "install", "zh")
    assert ("/en_zh.argosmodel", "bytes=100000-") in site.asked
    assert ours() == [NAME] and not any(".parts" in path or "tmp" in path for path in left())


@pytest.mark.parametrize(
    "data",
    [
        b"<html>",
        b"{}",
        b"[" * 100_000,
        b'[{"from_code": "../../x", "to_code": "zh", "package_version": "1.0", "links": ["https://a/b"]}]',
        b'[{"from_code": "en", "to_code": "zh", "package_version": "1.0/../x", "links": ["https://a/b"]}]',
        b'[{"from_code": "en", "to_code": "zh", "package_version": "1.0", "links": ["http://a/b", "ipfs://x", 7]}]',
        b'[{"from_code": "en", "to_code": "zh", "package_version": "1.0"}, 7, null]',
    ],
    ids=["no JSON", "no list", "deep", "a path as a code", "a path as a version", "no https", "no links"],
)
def test_a_broken_or_lying_index_is_one_line(site: Site, invoke: Run, data: bytes) -> None:
    site.put("/index.json", data)
    done = invoke("models", "install", "zh", code=1)
    assert done.stderr.startswith("lokta: ") and done.stderr.count("\n") == 1 and ours() == []


def test_no_index_is_one_line(invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ARGOS_PACKAGE_INDEX", "http://127.0.0.1:1/")
    assert invoke("models", "install", "zh", code=1).stderr.count("\n") == 1
    listed = invoke("models", "list", "--available")
    assert "nllb-200-600m" in listed.stdout and listed.stderr.count("\n") == 1


def test_what_is_offered_is_listed(site: Site, package: Path, invoke: Run) -> None:
    offer(site, package.read_bytes())
    listed = invoke("models", "list", "--available", "--to", "zh-Hans").stdout
    assert "en -> zh-Hans" in listed and "CC-BY-NC-4.0" in listed and "Apache-2.0" in listed
    assert "JustFrederik" in listed and "630.0 MB" in listed


def test_the_newest_version_of_a_pair_is_offered() -> None:
    entries = [
        {"from_code": "en", "to_code": "zh", "package_version": v, "links": [f"https://a/{v}"]}
        for v in ("1.9", "1.10", "1.2")
    ]
    found = index.parse(json.dumps([*entries, {"type": "sbd"}, {}]).encode(), "x")
    assert [entry.version for entry in found.entries] == ["1.10"] and found.left_out == 1


def test_a_pair_that_is_not_offered_names_the_models_that_know_it(site: Site, package: Path, invoke: Run) -> None:
    offer(site, package.read_bytes())
    line = invoke("models", "install", "bo", code=1).stderr
    assert "nllb-200-600m" in line and line.count("\n") == 1


@pytest.mark.parametrize("what", ["nothing.argosmodel", "http://example.org/x", "klingonese", "hf:../x", "hf:a"])
def test_what_cannot_be_installed_is_one_line(what: str, invoke: Run) -> None:
    done = invoke("models", "install", what, code=None)
    assert done.returncode in (1, 2) and done.stderr.count("\n") == 1


def test_removing_what_is_not_ours_says_whose_it_is(invoke: Run) -> None:
    assert "no model 'x'" in invoke("models", "remove", "x", code=1).stderr
    assert "no installed 'x'" in invoke("models", "verify", "x", code=1).stderr


def test_a_broken_lock_is_one_line_and_drafting_goes_on(package: Path, invoke: Run) -> None:
    invoke("models", "install", package)
    (models.folder() / "models.lock").write_text('{"packages": {"../x": {}}}', encoding="utf-8")
    assert NAME in invoke("models", "list").stdout
    assert "models.lock: is broken" in invoke("models", "verify", code=1).stderr
    assert "models.lock: is broken" in invoke("models", "install", package, code=1).stderr


def test_what_a_killed_run_left_is_taken_away(package: Path) -> None:
    stale = models.folder() / ".tmp-0123abcd" / "unpacked"
    stale.mkdir(parents=True)
    archives.install_file(package, nobody)
    assert not stale.exists()
    assert sorted(path.name for path in models.folder().iterdir()) == [".lokta.lock", "models.lock", NAME]


def test_the_lock_says_the_same_twice(package: Path) -> None:
    archives.install_file(package, nobody)
    lock = models.folder() / "models.lock"
    before = lock.read_bytes()
    lockfile.save(models.folder(), lockfile.load(models.folder()))
    assert lock.read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no terminals here")
@pytest.mark.parametrize(("answer", "installed"), [("y", [NAME]), ("n", [])])
def test_a_person_is_asked_and_sees_a_bar(
    site: Site, package: Path, tmp_path: Path, answer: str, installed: list[str]
) -> None:
    licensed = remade(package, tmp_path / "nc.argosmodel", facts(license="CC-BY-NC-4.0"))
    url = site.put("/nc.argosmodel", licensed.read_bytes())
    ours_end, theirs = os.openpty()
    running = subprocess.Popen(
        [sys.executable, "-m", "toolkit", "models", "install", url],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(ours_end, 4096)
        except OSError:  # the other end is closed
            break
        if not piece:
            break
        seen += piece
        if seen.rstrip().endswith(b"[y/N]:"):
            os.write(ours_end, answer.encode() + b"\n")
            seen += b" (asked)"
    os.close(ours_end)
    assert running.wait(60) == (0 if installed else 2), seen
    assert seen.count(b"(asked)") == 1 and b"forbids commercial use" in seen and "\u2501".encode() in seen
    assert ours() == installed and b"Traceback" not in seen


def test_the_lock_is_free_while_a_package_is_made_and_its_place_is_not_swept() -> None:
    """A download may take an hour; another command installs, removes and sweeps meanwhile."""
    with store.workplace() as place:
        (place / "half").write_text("of a package")
        script = (
            "from toolkit.models import folder, store\nfrom toolkit.files import lock\n"
            "with lock(folder()):\n    pass\nwith store.workplace() as place:\n    print(place)\n"
        )
        done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=20)
        assert done.stdout.strip() != str(place) and (place / "half").read_text() == "of a package"
    assert not place.exists()
