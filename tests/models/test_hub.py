"""Repositories of the hub: pinned, checked against its record, told the languages by their family, stored once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.hub import hub_pages
from tests.support.packages import left, nobody, ours
from tests.support.server import Site, serving
from tests.support.tiny_seq2seq import make_repository
from toolkit import models
from toolkit.errors import DataError, LoktaError, ModelError, UsageError
from toolkit.language import language
from toolkit.models import hub, licences, lockfile, offers, repositories, store, tokens
from toolkit.models.store import Terms
from toolkit.units import LanguagePair

FAMILIES = ("nllb-200", "madlad-400", "m2m100")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield site


@pytest.mark.parametrize("family", FAMILIES)
def test_a_repository_is_installed_at_its_commit_and_only_what_is_needed(
    site: Site, tmp_path: Path, family: str
) -> None:
    commit = hub_pages(site, f"someone/tiny-{family}-ct2", make_repository(tmp_path / "made", family))
    locked = repositories.install_repository(f"someone/tiny-{family}-ct2", "", "", nobody)
    assert (locked.engine, locked.family, locked.revision) == ("ctranslate2", family, commit)
    assert locked.licence == "Apache-2.0" and locked.commercial is True
    assert set(locked.files) == {
        "README.md",
        "config.json",
        "model.bin",
        "shared_vocabulary.json",
        tokens.tokens(family).tokenizers[0],
    }
    (package,) = [package for package in models.installed() if package.origin == "folder"]
    assert package.name == f"tiny-{family}-ct2" and package.source == f"hf:someone/tiny-{family}-ct2@{commit}"
    assert ("en", "zh-Hans") in package.pairs and (("en", "bo") in package.pairs) == (family != "m2m100")
    assert (("zh-Hans", "bo") in package.pairs) == (family == "nllb-200"), "MADLAD was trained on pairs with English"
    assert store.problems(locked) == ()


def test_one_model_serves_all_its_pairs_and_is_stored_once(site: Site, tmp_path: Path) -> None:
    hub_pages(site, "a/nllb", make_repository(tmp_path / "made", "nllb-200"))
    repositories.install_repository("a/nllb", "", "", nobody)
    (package,) = [package for package in models.installed() if package.origin == "folder"]
    assert len(package.pairs) == 4 * 3
    assert [path for path in left() if path.endswith("model.bin")] == ["nllb/model.bin"]


def test_the_recorded_commit_is_kept_until_another_is_asked_for(site: Site, tmp_path: Path, invoke: Run) -> None:
    first = hub_pages(site, "a/nllb", make_repository(tmp_path / "one", "nllb-200"))
    invoke("models", "install", "hf:a/nllb")
    second = hub_pages(site, "a/nllb", make_repository(tmp_path / "two", "nllb-200", seed=2))
    site.asked.clear()
    invoke("models", "install", "hf:a/nllb")
    assert site.asked == [] and lockfile.load(models.folder())["nllb"].revision == first
    line = invoke("models", "install", f"hf:a/nllb@{second}", code=1).stderr
    assert "is not the package that was installed" in line and line.count("\n") == 1
    invoke("models", "remove", "nllb")
    invoke("models", "install", "hf:a/nllb")
    assert lockfile.load(models.folder())["nllb"].revision == first
    invoke("models", "remove", "--forget", "nllb")
    invoke("models", "install", "hf:a/nllb")
    assert lockfile.load(models.folder())["nllb"].revision == second
    assert "4 languages" in invoke("models", "list").stdout


def test_a_licence_that_forbids_commercial_use_is_asked_about_before_anything_comes(
    site: Site, tmp_path: Path, invoke: Run
) -> None:
    hub_pages(site, "a/nllb", make_repository(tmp_path / "made", "nllb-200"), licence="cc-by-nc-4.0")
    done = invoke("models", "install", "hf:a/nllb", code=2)
    assert "CC-BY-NC-4.0" in done.stderr and "--accept-licence" in done.stderr and done.stderr.count("\n") == 1
    assert not [path for path, _ in site.asked if "/resolve/" in path] and left() == []
    invoke("models", "install", "hf:a/nllb", "--accept-licence")
    assert models.non_commercial("nllb@0000") and "CC-BY-NC-4.0" in invoke("models", "list").stdout


@pytest.mark.parametrize("file", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"])
def test_a_file_that_is_not_the_announced_one_is_refused(site: Site, tmp_path: Path, file: str) -> None:
    lie = "0" * (64 if file.endswith((".bin", ".model")) else 40)
    hub_pages(site, "a/nllb", make_repository(tmp_path / "made", "nllb-200"), lies={file: lie})
    with pytest.raises(DataError, match="announced"):
        repositories.install_repository("a/nllb", "", "", nobody)
    assert ours() == [] and not [path for path in left() if path.startswith(("nllb", ".tmp"))]


def test_a_file_that_is_gone_or_breaks_off_installs_nothing(site: Site, tmp_path: Path) -> None:
    commit = hub_pages(site, "a/nllb", make_repository(tmp_path / "made", "nllb-200"))
    page = f"/a/nllb/resolve/{commit}/model.bin"
    kept = site.pages.pop(page)
    with pytest.raises(DataError, match="is not there"):
        repositories.install_repository("a/nllb", "", "", nobody)
    assert ours() == []
    site.pages[page] = replace(kept, breaks_after=[50_000, 0, 0, 0, 0])
    with pytest.raises(DataError, match="the same command goes on"):
        repositories.install_repository("a/nllb", "", "", nobody)
    assert ours() == []
    site.asked.clear()
    repositories.install_repository("a/nllb", "", "", nobody)
    assert (page, "bytes=50000-") in site.asked and ours() == ["nllb"]
    assert not [path for path in left() if path.startswith(".")]


@pytest.mark.parametrize("missing", ["model.bin", "config.json", "sentencepiece.bpe.model", "shared_vocabulary.json"])
def test_a_repository_that_is_not_ready_is_named(site: Site, tmp_path: Path, missing: str) -> None:
    made = make_repository(tmp_path / "made", "nllb-200")
    (made / missing).unlink()
    hub_pages(site, "a/nllb", made)
    with pytest.raises(ModelError, match="ready for CTranslate2") as caught:
        repositories.install_repository("a/nllb", "", "", nobody)
    assert "\n" not in str(caught.value) and left() == []


def test_the_family_is_said_where_the_name_does_not(site: Site, tmp_path: Path, invoke: Run) -> None:
    hub_pages(site, "a/tiny", make_repository(tmp_path / "made", "m2m100"))
    assert "--family" in invoke("models", "install", "hf:a/tiny", code=2).stderr
    assert "unknown family" in invoke("models", "install", "hf:a/tiny", "--family", "bert", code=2).stderr
    assert "holds no languages of the family" in _wrong_family(site, tmp_path)
    invoke("models", "install", "hf:a/tiny", "--family", "m2m100")
    assert ours() == ["tiny"]


def _wrong_family(site: Site, folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        repositories.install_repository("a/tiny", "", "nllb-200", nobody)
    assert ours() == []
    return str(caught.value)


def test_the_hub_that_is_not_there_or_knows_nothing_is_one_line(
    site: Site, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for what in ("hf:a/nllb", "hf:a/nllb@main"):
        line = invoke("models", "install", what, code=1).stderr
        assert line.startswith("lokta: hf:a/nllb: ") and line.count("\n") == 1
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert invoke("models", "install", "hf:a/nllb", code=1).stderr.count("\n") == 1
    monkeypatch.setenv("HF_ENDPOINT", "http://example.org")
    assert "only https" in invoke("models", "install", "hf:a/nllb", code=2).stderr


@pytest.mark.parametrize("name", ["a", "a/b/c", "../b", "a/..", "a/b@../../x", "-a/b", "a/b c"])
def test_what_is_no_repository_is_not_asked_for(site: Site, name: str) -> None:
    repository, _, revision = name.partition("@")
    with pytest.raises(UsageError):
        repositories.describe(repository, revision, "nllb-200")
    assert site.asked == []


def test_a_commit_that_lies_is_refused(site: Site, tmp_path: Path) -> None:
    hub_pages(site, "a/nllb", make_repository(tmp_path / "made", "nllb-200"))
    asked = "0" * 40
    site.pages[f"/api/models/a/nllb/revision/{asked}"] = site.pages["/api/models/a/nllb"]
    with pytest.raises(DataError, match="another commit"):
        repositories.describe("a/nllb", asked)
    site.pages["/api/models/a/nllb"].data = json.dumps(
        json.loads(site.pages["/api/models/a/nllb"].data) | {"sha": "main"}
    ).encode()
    with pytest.raises(DataError, match="no commit"):
        repositories.describe("a/nllb")


def test_without_the_extra_the_way_to_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "ready", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'lokta\[hub\]'"):
        repositories.describe("a/nllb")


def test_the_short_list_says_who_published_what_and_pins_what_is_known() -> None:
    known = offers.named()
    assert next(iter(known)) == "hy-mt2-1.8b" and {"nllb-200-600m", "nllb-200-1.3b", "madlad400-3b"} <= set(known)
    for offer in known.values():
        assert offer.size > 10**8 and offer.published_by and offer.figures and offer.serves(LanguagePair("en", "bo"))
        assert offer.serves(LanguagePair("zh-Hans", "bo")) == (offer.family != "madlad-400")
        assert (len(offer.revision) == 40 and {len(value) for value in offer.sha256.values()} == {64}) or (
            offer.family == "lmt-60" and not offer.revision and not offer.sha256
        )
        assert offer.engine == "llama" or "model.bin" in offer.sha256
        assert (offer.engine == "llama") == (offer.memory > offer.size) == (offer.cache > 0)
    assert [offer.name for offer in known.values() if not offer.commercial] == ["nllb-200-600m", "nllb-200-1.3b"]


def test_a_named_model_must_have_the_known_sums(
    site: Site, tmp_path: Path, invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_repository(tmp_path / "made", "nllb-200")
    commit = hub_pages(site, "someone/tiny", made)
    known = replace(offers.named()["nllb-200-600m"], repository="someone/tiny", revision=commit, sha256={})
    asked: list[Terms] = []
    repositories.install_offer(known, asked.append)
    assert [terms.commercial for terms in asked] == [False] and models.non_commercial("nllb-200-600m@1")
    assert ours() == ["nllb-200-600m"]
    store.remove("nllb-200-600m", forget=True)
    with pytest.raises(DataError, match="not the one that is known"):
        repositories.install_offer(replace(known, sha256={"model.bin": "0" * 64}), nobody)
    assert ours() == []


def test_no_consent_no_question_to_the_hub(site: Site, invoke: Run) -> None:
    assert "--accept-licence" in invoke("models", "install", "nllb-200-600m", code=2).stderr
    assert site.asked == []


@pytest.mark.parametrize("name", FAMILIES)
def test_the_languages_of_a_family_are_languages_and_their_tokens_differ(name: str) -> None:
    family = tokens.tokens(name)
    assert [language(tag).tag for tag in family.languages] == list(family.languages)
    assert len(set(family.languages.values())) == len(family.languages) >= 100


def test_the_tokens_are_those_of_the_families() -> None:
    nllb, madlad, m2m = (tokens.tokens(name) for name in FAMILIES)
    assert [nllb.languages[tag] for tag in ("bo", "en", "zh-Hans", "zh-Hant")] == [
        "bod_Tibt",
        "eng_Latn",
        "zho_Hans",
        "zho_Hant",
    ]
    pair = LanguagePair("en", "bo")
    assert madlad.put(madlad.text, pair, "Go to <2zh>.") == "<2bo> Go to < 2zh>."
    assert nllb.put(nllb.text, pair, "Go to <2zh>.") == "Go to <2zh>."
    assert m2m.languages["zh-Hans"] == "__zh__" and "bo" not in m2m.languages


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("CC-BY-NC-4.0", False),
        ("cc-by-nc-sa-4.0", False),
        ("Gemma Terms of Use; training data for evaluation and non-commercial use", False),
        ("Apache-2.0", True),
        ("MIT", True),
        ("CC-BY-4.0", True),
        ("CC BY-SA 4.0", True),
        ("CC0-1.0", True),
        ("", None),
        ("other", None),
        ("gemma", None),
    ],
)
def test_what_licences_allow(licence: str, allowed: bool | None) -> None:
    assert licences.commercial(licence) is allowed


APACHE = (ROOT / "LICENSE").read_text(encoding="utf-8")
MAKERS = (
    "Maker is pleased to support the open-source community.\n\nCopyright (C) 2026 Maker.\n\nX is licensed under the "
)
EXCLUDES = "This license agreement does not apply in the European Union, the United Kingdom and South Korea."


@pytest.mark.parametrize(
    ("card", "text", "said"),
    [
        ("Apache-2.0", "", "Apache-2.0"),
        ("Apache-2.0", " \n", "Apache-2.0"),
        ("Apache-2.0", APACHE, "Apache-2.0"),
        ("Apache-2.0", MAKERS + APACHE, "Apache-2.0"),
        ("", MAKERS + APACHE, "Apache-2.0"),
        ("other", APACHE, "Apache-2.0"),
        ("", EXCLUDES, ""),
        ("hy-community", EXCLUDES, "hy-community"),
        ("hy-community", APACHE, "hy-community"),
        ("CC-BY-NC-4.0", APACHE, "CC-BY-NC-4.0"),
        ("MIT", APACHE, "by its card MIT, by its licence file Apache-2.0"),
        ("Apache-2.0", EXCLUDES, "by its card Apache-2.0, by its licence file another"),
        ("Apache-2.0", APACHE + EXCLUDES, "by its card Apache-2.0, by its licence file another"),
        (
            "Apache-2.0",
            "Licensed under Apache License, Version 2.0",
            "by its card Apache-2.0, by its licence file another",
        ),
    ],
)
def test_the_card_and_the_text_of_a_licence_must_agree(card: str, text: str, said: str) -> None:
    assert licences.agreed(card, text) == said
    assert licences.commercial(said) is {"Apache-2.0": True, "CC-BY-NC-4.0": False}.get(said)


def test_nothing_heavy_is_imported_to_see_what_is_there() -> None:
    code = (
        "import sys\nfrom toolkit import models\nfrom toolkit.models import store, offers\nmodels.scan(); offers.named()\n"
        "print([m for m in ('huggingface_hub', 'ctranslate2', 'argostranslate', 'sentencepiece') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_name_with_line_ends_is_one_line() -> None:
    for ask in (repositories.describe, tokens.guess, tokens.tokens):
        with pytest.raises(LoktaError) as caught:
            ask("a/unknown\n\x1b[31m")
        assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)
