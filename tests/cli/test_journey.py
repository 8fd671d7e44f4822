"""The main job as a person does it: translate, review in an editor, check, build, package."""

from __future__ import annotations

import gettext
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import polib
import pytest

from tests.support.environment import ROOT, Run

ARTICLE = """\
---
title: The bridge at Lhatse
lang: en
---

# The bridge at Lhatse

The new bridge is **240 metres** long. It opened on [Monday](https://example.org/bridge).

* First crossing: 9 a.m.
* Cost: 12 million

The mayor said: "It was worth the wait."
"""


@pytest.fixture
def drafted(tmp_path: Path, invoke: Run) -> Path:
    (tmp_path / "bridge.md").write_text(ARTICLE, encoding="utf-8")
    invoke("translate", "bridge.md", "--to", "bo,zh-Hans", "--engine", "pseudo")
    return tmp_path


def catalog(folder: Path, locale: str = "bo", name: str = "bridge") -> Path:
    return folder / "locales" / locale / "LC_MESSAGES" / f"{name}.po"


def approve(path: Path, source: str, target: str) -> None:
    """What Poedit does: the translator types, and the entry is no longer fuzzy."""
    text = path.read_text(encoding="utf-8")
    blocks = text.split("\n\n")
    for number, block in enumerate(blocks):
        if f'msgid "{source}"' in block:
            block = re.sub(r"^#, fuzzy\n", "", block, flags=re.M)
            block = re.sub(r"^#, fuzzy, ", "#, ", block, flags=re.M)
            blocks[number] = re.sub(r'msgstr "(?:[^"\\]|\\.)*"(?:\n"(?:[^"\\]|\\.)*")*', f'msgstr "{target}"', block)
            path.write_text("\n\n".join(blocks), encoding="utf-8")
            return
    raise AssertionError(f"{source} is not in {path}")


def test_translate_says_what_it_did(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "bridge.md").write_text(ARTICLE, encoding="utf-8")
    done = invoke("translate", "bridge.md", "--to", "bo,zh-Hans", "--engine", "pseudo")
    assert re.search(r"bridge -> bo: \d+ paragraphs: \d+ by machine now \(pseudo\)", done.stdout)
    assert "bridge -> zh-Hans" in done.stdout and "next: lokta review," in done.stdout
    assert (tmp_path / "locales" / "bridge.pot").is_file()
    before = catalog(tmp_path).read_bytes()
    again = invoke("translate", "bridge.md", "--to", "bo,zh-Hans", "--engine", "pseudo")
    assert "from the drafts on file" in again.stdout and "by machine" not in again.stdout
    assert catalog(tmp_path).read_bytes() == before


def test_the_header_is_complete_and_drafts_are_fuzzy(drafted: Path) -> None:
    found = polib.pofile(str(catalog(drafted, "zh_Hans")))
    assert found.metadata["Language"] == "zh_Hans"
    assert found.metadata["Plural-Forms"] == "nplurals=1; plural=0;"
    assert found.metadata["Content-Type"] == "text/plain; charset=UTF-8"
    assert found.metadata["X-Generator"].startswith("Lokta ")
    assert re.match(r"20\d\d-\d\d-\d\d \d\d:\d\d\+0000", found.metadata["PO-Revision-Date"])
    for entry in found:
        assert "fuzzy" in entry.flags and entry.occurrences and "type: " in entry.comment
        assert re.search(r"lokta: mt engine=pseudo.* hash=[0-9a-f]{12}", entry.tcomment)


@pytest.mark.gettext
@pytest.mark.parametrize("locale", ["bo", "zh_Hans"])
def test_gettext_opens_it_without_a_complaint(drafted: Path, locale: str) -> None:
    for command in (["msgfmt", "-c", "-v", "-o", "/dev/null"], ["msgcat", "-o", "/dev/null"]):
        done = subprocess.run([*command, str(catalog(drafted, locale))], capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "warning" not in done.stderr, done.stderr


def test_a_person_wins_over_every_later_run(drafted: Path, invoke: Run) -> None:
    po = catalog(drafted)
    approve(po, "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༢")
    invoke("review", "--sign", po)
    signed = po.read_text(encoding="utf-8")
    assert "# lokta: reviewed by=" in signed
    invoke("translate", "bridge.md", "--to", "bo", "--engine", "pseudo", "--redraft")
    assert "འགྲོ་གྲོན། ས་ཡ་ ༡༢" in po.read_text(encoding="utf-8")
    (drafted / "bridge.md").write_text(ARTICLE.replace("12 million", "13 million"), encoding="utf-8")
    invoke("translate", "bridge.md", "--to", "bo", "--engine", "pseudo", "--redraft")
    after = po.read_text(encoding="utf-8")
    assert '#~ msgstr "འགྲོ་གྲོན། ས་ཡ་ ༡༢"' in after
    (drafted / "bridge.md").write_text(ARTICLE, encoding="utf-8")
    invoke("translate", "bridge.md", "--to", "bo", "--engine", "pseudo")
    entry = polib.pofile(str(po)).find("Cost: 12 million")
    assert entry is not None and entry.msgstr == "འགྲོ་གྲོན། ས་ཡ་ ༡༢" and "fuzzy" not in entry.flags


def test_memory_fills_another_article(drafted: Path, invoke: Run) -> None:
    approve(catalog(drafted), "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༢")
    (drafted / "other.txt").write_text("Another bridge\n\nCost: 12 million\n", encoding="utf-8")
    done = invoke("translate", "other.txt", "--to", "bo", "--engine", "pseudo")
    assert "1 from memory" in done.stdout
    entry = polib.pofile(str(catalog(drafted, name="other"))).find("Cost: 12 million")
    assert entry is not None and entry.msgstr == "འགྲོ་གྲོན། ས་ཡ་ ༡༢" and "lokta: tm match=" in entry.tcomment


def test_status_and_review_list(drafted: Path, invoke: Run) -> None:
    approve(catalog(drafted), "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༢")
    listed = invoke("review", "--list", "bridge.md", "--to", "bo").stdout
    assert "Cost: 12 million" not in listed and "paragraphs wait for a person" in listed
    assert re.search(r"bridge\.po:\d+: risk \d\.\d\d\n", listed)
    status = invoke("status", "bridge.md").stdout
    assert re.search(r"bridge +bo +\d+ +\d+ +0 +\d+ +0 +1 +0", status), status


def test_check_speaks_three_languages(drafted: Path, invoke: Run) -> None:
    approve(catalog(drafted), "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༣")
    done = invoke("check", catalog(drafted), code=1)
    assert re.search(r"bridge\.po:\d+: error: .*12.* \[numbers\]", done.stdout)
    findings = json.loads(invoke("check", catalog(drafted), "--format", "json", code=1).stdout)
    assert {"check", "severity", "message", "source", "target", "file", "line"} == set(findings[0])
    assert "::error file=" in invoke("check", catalog(drafted), "--format", "github", code=1).stdout


def test_build_and_package(drafted: Path, invoke: Run) -> None:
    approve(catalog(drafted), "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༢")
    done = invoke("build", "bridge.md", "--package")
    editions = drafted / "editions"
    native = (editions / "native" / "bo" / "bridge.md").read_text(encoding="utf-8")
    assert "* འགྲོ་གྲོན། ས་ཡ་ ༡༢\n" in native and "lang: bo" in native
    page = (editions / "html" / "bo" / "bridge.html").read_text(encoding="utf-8")
    assert 'lang="bo"' in page and "hreflang" in page and 'data-state="draft"' in page
    mo = editions / "mo" / "bo" / "LC_MESSAGES" / "bridge.mo"
    with mo.open("rb") as file:
        messages = gettext.GNUTranslations(file)
    assert messages.gettext("Cost: 12 million") == "འགྲོ་གྲོན། ས་ཡ་ ༡༢"
    assert messages.gettext("First crossing: 9 a.m.") == "First crossing: 9 a.m."
    package = next(
        line.removeprefix("package: ") for line in done.stdout.split("\n") if "bo" in line and "package: " in line
    )
    with zipfile.ZipFile(drafted / package) as archive:
        manifest = json.loads(archive.read(next(n for n in archive.namelist() if n.endswith("manifest.json"))))
        assert any(name.endswith("bridge.po") for name in archive.namelist())
    assert "pseudo" in json.dumps(manifest) and "sha256" in json.dumps(manifest)
    before = (drafted / package).read_bytes()
    shutil.rmtree(editions)
    invoke("build", "bridge.md", "--package")
    assert (drafted / package).read_bytes() == before


def test_drafts_enter_mo_only_on_request(drafted: Path, invoke: Run) -> None:
    mo = drafted / "editions" / "mo" / "bo" / "LC_MESSAGES" / "bridge.mo"
    invoke("build", "bridge.md", "--to", "bo", "--format", "mo")
    small = mo.stat().st_size
    invoke("build", "bridge.md", "--to", "bo", "--format", "mo", "--include-drafts")
    assert mo.stat().st_size > small


def test_a_pair_without_a_model_still_gets_its_catalog(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nThe river rose.\n", encoding="utf-8")
    done = invoke("translate", "a.txt", "--to", "bo")
    assert "2 left" in done.stdout and re.search(r"no model .*en.*bo", done.stdout)
    assert catalog(tmp_path, name="a").is_file()


def test_a_renamed_article_keeps_its_translations(drafted: Path, invoke: Run) -> None:
    approve(catalog(drafted), "Cost: 12 million", "འགྲོ་གྲོན། ས་ཡ་ ༡༢")
    (drafted / "bridge.md").rename(drafted / "lhatse.md")
    done = invoke("translate", "lhatse.md", "--to", "bo", "--engine", "pseudo")
    assert "taken over from bridge.po" in done.stdout and "1 approved" in done.stdout


def test_a_project(tmp_path: Path, invoke: Run) -> None:
    invoke("init", "--to", "bo,zh-Hans")
    (tmp_path / "download.html").write_text(
        '<html lang="en"><head><title>Bridge</title></head><body><h1>Bridge</h1><p>It is open now.</p></body></html>'
    )
    done = invoke("import", "download.html", "--source", "A paper", "--licence", "CC BY 4.0", "--date", "2026-11-01")
    assert "imported articles/download.html" in done.stdout
    assert 'licence = "CC BY 4.0"' in (tmp_path / "articles" / "download.meta.toml").read_text()
    done = invoke("translate", "--engine", "pseudo")
    assert "download -> bo" in done.stdout and "download -> zh-Hans" in done.stdout
    assert "1 article" not in invoke("init", code=1).stderr


def test_as_a_process_of_its_own(lokta: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed is UTF-8 in any locale, and the exit code is that of the error."""
    for name, value in (("LC_ALL", "C"), ("PYTHONUTF8", "0"), ("PYTHONCOERCECLOCALE", "0")):
        monkeypatch.setenv(name, value)
    assert "Turn an article into reviewed editions" in lokta("--help").stdout
    assert "lokta, version" in lokta("--version").stdout
    (tmp_path / "a.txt").write_text("ཆུ།\n", encoding="utf-8")
    assert lokta("translate", "a.txt", "--to", "zh-Hans", "--engine", "pseudo").stdout.startswith("a -> zh-Hans")
    assert "ཆུ།" in lokta("review", "--list", "a.txt").stdout
    assert (
        lokta("translate", "none.txt", "--to", "bo", code=1).stderr == "lokta: none.txt: no such file; check the path\n"
    )


def test_the_samples_translate_in_place(tmp_path: Path, invoke: Run) -> None:
    """Every sample article goes the whole way, and the committed drafts are used for all that have them."""
    for name in ("corpus", "locales", "lokta.toml"):
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    done = invoke("translate", "--engine", "pseudo")
    for article in ("china-us-defense-talks", "lokta-paper", "high-passes-bus"):
        for tag in ("bo", "zh-Hans"):
            assert re.search(rf"{article} -> {tag}: (\d+) paragraphs: \1 from the drafts on file", done.stdout), (
                done.stdout
            )
    assert invoke("build", "--package").returncode == 0
