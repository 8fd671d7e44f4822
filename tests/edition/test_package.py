"""One zip per language: the same bytes each time, safe names, and a manifest that accounts for every file."""

from __future__ import annotations

import gettext
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import pytest

from tests.support.editions import TEXT, delivery, draft, job, made, package
from tests.support.environment import ROOT
from toolkit.edition import FORMATS, Policy, render
from toolkit.edition.names import package_name
from toolkit.errors import DataError, UsageError
from toolkit.models.about import About


def files(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_holds_editions_catalogs_and_the_manifest() -> None:
    data = package("bo", [delivery(made("b")), delivery(made("a/b"))])
    assert package_name("bo") == "packages/bo.zip"
    assert list(files(data)) == sorted(
        [
            "html/bo/a/b.html",
            "html/bo/b.html",
            "locales/bo/LC_MESSAGES/a/b.po",
            "locales/bo/LC_MESSAGES/b.po",
            "manifest.json",
            "mo/bo/LC_MESSAGES/a/b.mo",
            "mo/bo/LC_MESSAGES/b.mo",
            "native/bo/a/b.txt",
            "native/bo/b.txt",
        ]
    )


def test_the_manifest_accounts_for_every_file_and_paragraph() -> None:
    found = files(package("bo", [delivery(made(editorial_responsibility="The Courier"))]))
    record = json.loads(found.pop("manifest.json"))
    assert record["schema"] == 1 and record["language"] == "bo"
    assert {f["name"]: (f["bytes"], f["sha256"]) for f in record["files"]} == {
        name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in found.items()
    }
    [article] = record["articles"]
    assert article["counts"] == {"reviewed": 1, "draft": 1, "outdated": 0, "source": 1}
    assert article["source"] == "https://a.org/r" and article["licence"] == "CC BY 4.0"
    assert article["date"] == "2026-03-21" and article["editorial_responsibility"] == "The Courier"
    title, risen, fell = article["paragraphs"]
    assert (title["state"], title["shown"]) == ("initial", "source")
    assert (risen["state"], risen["mt"]) == ("draft", {"engine": "argos", "model": "en_bo-1.0"})
    assert (fell["state"], fell["reviewed"]) == ("reviewed", {"by": "Tashi", "date": "2026-11-01"})
    assert fell["line"] == 5 and len(fell["source"]) == 12
    assert record["models"] == [{"name": "argos en_bo-1.0", "paragraphs": 2, "parts": []}]


def test_the_manifest_names_each_model_with_its_licence_and_the_second_source_of_a_draft() -> None:
    hy = "hy-mt2-1.8b-q4_k_m@1a2b3c4d"
    unit = draft("It rose.", "རྒྱས།", "llama", hy, second="zh-Hans")
    known = {hy: (About("hy-mt2-1.8b-q4_k_m", "Hy-MT2 1.8B", "Tencent", "Apache-2.0"),)}
    one = job("It rose.\n", "text", {"It rose.": unit}, software=known)
    record = json.loads(files(package("bo", [delivery(one)]))["manifest.json"])
    assert record["models"] == [
        {
            "name": f"llama {hy}",
            "paragraphs": 1,
            "parts": [
                {
                    "name": "hy-mt2-1.8b-q4_k_m",
                    "title": "Hy-MT2 1.8B",
                    "made_by": "Tencent",
                    "licence": "Apache-2.0",
                }
            ],
        }
    ]
    [paragraph] = record["articles"][0]["paragraphs"]
    assert paragraph["mt"] == {"engine": "llama", "model": hy, "second": "zh-Hans"}


def test_the_same_bytes_in_any_order_process_and_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = delivery(made("a")), delivery(made("b"))
    first = package("bo", [one, other])
    assert package("bo", [other, one]) == first
    code = (
        "import sys; from tests.support.editions import delivery, made, package;"
        "sys.stdout.buffer.write(package('bo', [delivery(made('b')), delivery(made('a'))]))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, timeout=60)
    assert done.stdout == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(2025, 11, 25, 0, 0, 0)}
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    with zipfile.ZipFile(io.BytesIO(package("bo", [one]))) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "not a number")
    package("bo", [one])


def test_names_in_the_zip_never_climb() -> None:
    for name in files(package("bo", [delivery(made("../../etc/passwd")), delivery(made("/abs\\x:y"))])):
        assert not name.startswith("/") and "\\" not in name and ":" not in name
        assert all(part not in ("..", ".", "") for part in name.split("/"))


def test_two_articles_of_one_name_are_an_error() -> None:
    other = job(TEXT, "text", {}, id="post")
    with pytest.raises(DataError, match="another article has the name"):
        package("bo", [delivery(made("post")), delivery(other)])


def test_mo_holds_what_a_person_approved() -> None:
    edition = render("mo", made())
    assert edition.name == "mo/bo/LC_MESSAGES/post.mo"
    messages = gettext.GNUTranslations(io.BytesIO(edition.data))
    assert messages.gettext("It fell again in May.") == "ཟླ་ལྔ་པར་ཆག"
    assert messages.gettext("The river rose in the night.") == "The river rose in the night."


def test_mo_holds_drafts_when_asked() -> None:
    for policy, expected in (
        (Policy(include_drafts=True), "གཙང་པོ་རྒྱས།"),
        (Policy(include_drafts=True, only_reviewed=True), "The river rose in the night."),
    ):
        messages = gettext.GNUTranslations(io.BytesIO(render("mo", made(policy=policy)).data))
        assert messages.gettext("The river rose in the night.") == expected


def test_chinese_goes_into_gettexts_folder() -> None:
    assert render("mo", job(TEXT, "text", {}, "zh-Hans")).name == "mo/zh_Hans/LC_MESSAGES/post.mo"
    assert render("html", job(TEXT, "text", {}, "zh-Hans")).name == "html/zh-Hans/post.html"


def test_wrong_use_says_what_to_do() -> None:
    with pytest.raises(UsageError, match=r"known are native, html, mo"):
        render("pdf", made())
    with pytest.raises(UsageError, match="name a target"):
        render("mo", job(TEXT, "text", None))


def test_the_same_job_is_the_same_edition() -> None:
    for form in FORMATS:
        assert render(form, made()) == render(form, made())
