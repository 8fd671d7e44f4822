"""Language models from a hub on this machine, from an address, from a file: pinned, checked, licensed, stored as any package."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support import tiny_gguf
from tests.support.environment import ROOT, Run
from tests.support.gguf_header import FACTS, model
from tests.support.hub import hub_files
from tests.support.packages import left, nobody, ours
from tests.support.server import Site, serving
from toolkit import models
from toolkit.errors import DataError, LoktaError, ModelError, UsageError
from toolkit.models import hub, lockfile, memory, offers, store, weights
from toolkit.models.families import Families
from toolkit.models.store import Terms

APACHE = (ROOT / "LICENSE").read_bytes()
COMMUNITY = (
    b"Some Community License Agreement\n\nThis license does not apply in the European Union.\n"
    b"You must not use it to improve any other model.\n"
)
REPOSITORY = "mradermacher/LMT-60-0.6B-GGUF"
NAME = "lmt-60-0.6b-q4_k_m"
FILE = "LMT-60-0.6B.Q4_K_M.gguf"


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    with serving() as site:
        monkeypatch.setenv("HF_ENDPOINT", site.address)
        monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
        yield site


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A model that can be run; its file says nothing of a licence."""
    return tiny_gguf.random_llama(tmp_path_factory.mktemp("tiny") / "tiny.gguf").read_bytes()


def repository(tiny: bytes, licence: bytes = APACHE, **more: bytes) -> dict[str, bytes]:
    """The files of a repository as the hub has them; each quantization differs by a byte behind its weights."""
    quants = ("Q2_K", "Q4_K_M", "Q6_K", "Q8_0")
    files = {f"LMT-60-0.6B.{quant}.gguf": tiny + bytes([number]) for number, quant in enumerate(quants)}
    texts = {
        "LICENSE": licence,
        "README.md": b"---\nlicense: x\n---\nA card.\n",
        ".gitattributes": b"*.gguf filter=lfs\n",
    }
    return {name: data for name, data in {**files, **texts, **more}.items() if data}


def put(site: Site, files: Mapping[str, bytes], licence: str = "apache-2.0", **more: object) -> str:
    return hub_files(site, REPOSITORY, files, {"license": licence} if licence else {}, **more)  # type: ignore[arg-type]


def package() -> models.Package:
    (found,) = [package for package in models.installed() if package.origin == "folder"]
    return found


def weights_asked(site: Site) -> list[str]:
    """Files of weights that were asked for whole."""
    return [
        path.rpartition("/")[2]
        for path, part in site.asked
        if path.endswith(".gguf") and not part.startswith("bytes=0-")
    ]


def test_a_name_of_the_short_list_is_installed_with_its_licence_and_said_who_published_it(
    site: Site, tiny: bytes, invoke: Run
) -> None:
    commit = put(site, repository(tiny))
    done = invoke("models", "install", "lmt-60-0.6b")
    told, end = done.stdout.splitlines()
    assert told.startswith(f"{NAME}: 0.") and "MB, needs about" in told and "are free), licence: Apache-2.0" in told
    assert "published by mradermacher, not by NiuTrans, who made it" in told and done.stderr == ""
    assert end.startswith(f"{NAME}: installed in ") and weights_asked(site) == [FILE]
    assert left() == [NAME, *sorted(f"{NAME}/{name}" for name in (FILE, "LICENSE", "README.md")), "models.lock"]
    recorded = lockfile.load(models.folder())[NAME]
    assert (recorded.engine, recorded.family, recorded.revision) == ("llama", "lmt-60", commit)
    assert (recorded.licence, recorded.commercial, recorded.made_by) == ("Apache-2.0", True, "NiuTrans")
    assert recorded.files["LICENSE"] == hashlib.sha256(APACHE).hexdigest() and recorded.published_by == "mradermacher"
    assert f"{NAME}: as it was installed (3 files)" in invoke("models", "verify").stdout
    listed = " ".join(invoke("models", "list").stdout.split())
    assert "llama" in listed and "Apache-2.0" in listed


def test_it_is_a_package_as_any(site: Site, tiny: bytes) -> None:
    commit = put(site, repository(tiny))
    store_it = weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    found = package()
    assert (found.name, found.engine, found.family, found.label) == (NAME, "llama", "lmt-60", "")
    assert found.path == models.folder() / NAME / FILE and found.pairs == Families()["lmt-60"].pairs
    assert ("zh-Hans", "bo") in found.pairs and found.source == f"hf:{REPOSITORY}@{commit}"
    assert found.digest == hashlib.sha256(found.path.read_bytes()).hexdigest() == store_it.files[FILE]
    assert found.memory == memory.needed(found.size, store_it.cache, Families()["lmt-60"].context) > found.size
    assert store.problems(store_it) == () and models.scan().warnings == ()
    assert offers.figures(found) == offers.named()["lmt-60-0.6b"].figures


def test_it_is_evaluated_as_any(site: Site, tiny: bytes, invoke: Run, tmp_path: Path) -> None:
    (tmp_path / "tiny.gguf").write_bytes(tiny)
    invoke("models", "install", "tiny.gguf", "--family", "starter", "--accept-licence")
    (tmp_path / "a.en").write_text("Snow fell.\nThe road was closed.\n", encoding="utf-8")
    (tmp_path / "a.zh").write_text("下雪了。\n道路封闭。\n", encoding="utf-8")
    pair = ("--from", "en", "--to", "zh-Hans")
    done = invoke("models", "evaluate", "tiny", "--source", "a.en", "--reference", "a.zh", *pair, "--format", "json")
    assert sum(json.loads(done.stdout)["drafts"]["empty"].values()) == 2, "every answer is rubbish"


def test_quantizations_stand_beside_each_other_at_one_commit(site: Site, tiny: bytes, invoke: Run) -> None:
    first = put(site, repository(tiny))
    invoke("models", "install", "lmt-60-0.6b")
    put(site, repository(tiny, NEWS=b"moved on"))
    invoke("models", "install", "lmt-60-0.6b", "--quant", "q8_0")
    assert ours() == [NAME, "lmt-60-0.6b-q8_0"]
    assert {entry.revision for entry in store.recorded().values()} == {first}
    assert weights_asked(site) == [FILE, "LMT-60-0.6B.Q8_0.gguf"]


def test_a_name_stays_at_its_commit_until_it_is_forgotten(site: Site, tiny: bytes, invoke: Run) -> None:
    first = put(site, repository(tiny))
    invoke("models", "install", "lmt-60-0.6b")
    second = put(site, {**repository(tiny), FILE: tiny + b"newer"})
    site.asked.clear()
    invoke("models", "install", "lmt-60-0.6b")
    assert site.asked == []
    invoke("models", "remove", NAME)
    assert ours() == [] and left() == ["models.lock"]
    invoke("models", "install", "lmt-60-0.6b")
    assert store.recorded()[NAME].revision == first
    line = invoke("models", "install", f"hf:{REPOSITORY}@{second}", code=1).stderr
    assert "is not the package that was installed under this name before" in line and line.count("\n") == 1
    invoke("models", "remove", "--forget", NAME)
    invoke("models", "install", "lmt-60-0.6b")
    assert store.recorded()[NAME].revision == second


def test_any_repository_of_such_files_is_installed(site: Site, tiny: bytes, invoke: Run) -> None:
    hub_files(
        site, "some/Model-9B-GGUF", {"Model-9B-Q6_K.gguf": tiny, "LICENSE.txt": APACHE}, {"license": "apache-2.0"}
    )
    assert "--family" in invoke("models", "install", "hf:some/Model-9B-GGUF", "--quant", "Q6_K", code=2).stderr
    assert site.asked == []
    invoke("models", "install", "hf:some/Model-9B-GGUF", "--quant", "Q6_K", "--family", "lmt-60")
    assert ours() == ["model-9b-q6_k"] and store.recorded()["model-9b-q6_k"].published_by == "some"
    invoke("models", "install", "hf:some/Model-9B-GGUF", "--quant", "Q6_K", "--family", "starter")
    assert package().family == "starter"


@pytest.mark.parametrize(
    ("files", "quant", "said"),
    [
        ({"a-Q4_K_M.gguf": b"x", "a.Q8_0.gguf": b"x"}, "Q6_K", "no file in Q6_K; it has: Q4_K_M, Q8_0"),
        ({"a-Q6_K_L.gguf": b"x", "a-IQ4_K_M.gguf": b"x"}, "Q6_K", "it has: IQ4_K_M, Q6_K_L"),
        ({"a-Q6_K.gguf": b"x", "b.q6_k.gguf": b"x"}, "Q6_K", "several files in Q6_K (a-Q6_K.gguf, b.q6_k.gguf)"),
        ({"a-Q6_K-00001-of-00002.gguf": b"x", "a-Q6_K-00002-of-00002.gguf": b"x"}, "Q6_K", "in parts"),
        ({"mmproj-Q6_K.gguf": b"x", "a.f16.gguf": b"x"}, "Q6_K", "it has: F16"),
        ({"sub/a-Q6_K.gguf": b"x"}, "Q6_K", "none in one file"),
        ({"model.safetensors": b"x"}, "Q6_K", "holds no GGUF file"),
        ({"a-Q6_K.gguf": b"x"}, "best", "usual are Q4_K_M, Q6_K, Q8_0"),
        ({"a-Q6_K.gguf": b"x"}, "", "no file in Q4_K_M; it has: Q6_K"),
    ],
)
def test_a_quantization_that_is_not_there_names_those_that_are(
    site: Site, files: dict[str, bytes], quant: str, said: str
) -> None:
    hub_files(site, "a/b-GGUF", files, {"license": "mit"})
    with pytest.raises(LoktaError) as caught:
        weights.install_repository("a/b-GGUF", "", "lmt-60", quant, nobody)
    assert said in str(caught.value) and "\n" not in str(caught.value) and left() == []


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("nllb-200-600m", "--quant", "Q6_K"), "leave --quant out"),
        (("zh", "--quant", "Q6_K"), "leave --quant out"),
        (("hf:a/nllb", "--family", "nllb-200", "--quant", "Q6_K"), "leave --quant out"),
        (("hy-mt2-1.8b", "--family", "lmt-60"), "leave --family out"),
        (("hf:a/b-GGUF", "--family", "martian"), "unknown family 'martian'; known are"),
        (("x.gguf", "--family", "martian"), "unknown family 'martian'"),
        (("x.gguf",), "say how it wants to be asked: --family"),
        (("https://example.org/x.gguf",), "say how it wants to be asked: --family"),
        (("http://example.org/x.gguf", "--family", "lmt-60"), "only https"),
    ],
)
def test_wrong_use_is_one_line_that_names_the_right(
    site: Site, tmp_path: Path, invoke: Run, command: tuple[str, ...], said: str
) -> None:
    (tmp_path / "x.gguf").write_bytes(model())
    line = invoke("models", "install", *command, code=2).stderr
    assert said in line and line.count("\n") == 1 and left() == []


CARDS: dict[str, tuple[dict[str, str], bytes, bool, str]] = {
    "free": ({"license": "apache-2.0"}, APACHE, False, "Apache-2.0"),
    "free by its card alone": ({"license": "mit"}, b"", False, "MIT"),
    "free by its text alone": ({}, APACHE, False, "Apache-2.0"),
    "none": ({}, b"", True, "it names no licence"),
    "another": ({"license": "other"}, b"", True, "(other) is not known to be a free one"),
    "a named one": ({"license": "other", "license_name": "some-community"}, COMMUNITY, True, "(some-community)"),
    "not for sale": ({"license": "cc-by-nc-4.0"}, b"", True, "(CC-BY-NC-4.0) forbids commercial use"),
    "free by its card, and not by its text": (
        {"license": "apache-2.0"},
        COMMUNITY,
        True,
        "by its card Apache-2.0, by its licence file another",
    ),
    "a free text with more": ({"license": "apache-2.0"}, APACHE + COMMUNITY, True, "by its licence file another"),
    "two texts": ({"license": "apache-2.0"}, b"MIT License\n" + b"x" * 9, True, "by its licence file another"),
}


@pytest.mark.parametrize("case", CARDS)
def test_what_is_not_known_to_be_free_is_shown_and_agreed_to_before_the_weights_come(
    site: Site, tiny: bytes, invoke: Run, case: str
) -> None:
    card, text, asked, said = CARDS[case]
    hub_files(site, REPOSITORY, repository(tiny, text), card)
    if asked:
        done = invoke("models", "install", "lmt-60-0.6b", code=2)
        assert said in done.stderr and done.stderr.endswith("; agree with --accept-licence\n")
        assert weights_asked(site) == [] and left() == []
        assert (text.decode().strip() in done.stderr) and done.stderr.splitlines()[-1].startswith(f"lokta: {NAME}, ")
    done = invoke("models", "install", "lmt-60-0.6b", *(["--accept-licence"] if asked else []))
    recorded = store.recorded()[NAME]
    assert recorded.commercial is (None if asked and "NC" not in said else not asked)
    if not asked:
        changed = "" if said == "Apache-2.0" else f"{NAME}: its licence was Apache-2.0, and is now: {said}\n"
        assert recorded.licence == said and done.stderr == changed
    else:
        assert text.decode().strip() in done.stderr


def test_a_licence_that_changed_is_said(site: Site, tiny: bytes, invoke: Run) -> None:
    hub_files(site, REPOSITORY, repository(tiny, COMMUNITY), {"license": "other", "license_name": "some-community"})
    done = invoke("models", "install", "lmt-60-0.6b", "--accept-licence")
    assert "its licence was Apache-2.0, and is now: some-community" in done.stderr, "known here as free"
    commit = put(site, repository(tiny, NEWS=b"a licence again"))
    done = invoke("models", "install", f"hf:{REPOSITORY}@{commit}", "--quant", "Q8_0")
    assert "its licence was some-community, and is now: Apache-2.0" in done.stderr


@pytest.mark.parametrize("file", [FILE, "LICENSE", "README.md"])
def test_a_file_that_is_not_the_announced_one_is_refused(site: Site, tiny: bytes, file: str) -> None:
    put(site, repository(tiny), lies={file: "0" * (64 if file == FILE else 40)})
    with pytest.raises(DataError, match="announced"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    assert left() == []


@pytest.mark.parametrize("wrong", [-1, 1, 10**9])
def test_a_hub_that_lies_about_a_length_is_refused(site: Site, tiny: bytes, wrong: int) -> None:
    put(site, repository(tiny), sizes={FILE: len(tiny) + 1 + wrong})
    with pytest.raises(LoktaError) as caught:
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    assert "\n" not in str(caught.value) and left() == []


def test_a_known_commit_has_known_sums(site: Site, tiny: bytes) -> None:
    commit = put(site, repository(tiny))
    known = replace(offers.named()["lmt-60-0.6b"], revision=commit)
    with pytest.raises(DataError, match="not the one that is known"):
        weights.install_offer(replace(known, sha256={FILE: "0" * 64}), "", nobody)
    assert left() == [] and weights_asked(site) == []
    right = hashlib.sha256(site.pages[f"/{REPOSITORY}/resolve/{commit}/{FILE}"].data).hexdigest()
    assert weights.install_offer(replace(known, sha256={FILE: right}), "", nobody).revision == commit


def test_a_file_without_a_sum_is_refused(site: Site, tiny: bytes) -> None:
    put(site, repository(tiny), lies={FILE: ""})
    with pytest.raises(DataError, match="no SHA-256"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)


def test_a_download_that_breaks_off_goes_on(site: Site, tiny: bytes, invoke: Run) -> None:
    commit = put(site, repository(tiny))
    page = site.pages[f"/{REPOSITORY}/resolve/{commit}/{FILE}"]
    page.breaks_after = [100_000, 0, 0, 0, 0]
    done = invoke("models", "install", "lmt-60-0.6b", code=1)
    assert "the same command goes on" in done.stderr and done.stderr.count("\n") == 1 and ours() == []
    site.asked.clear()
    invoke("models", "install", "lmt-60-0.6b")
    assert (f"/{REPOSITORY}/resolve/{commit}/{FILE}", "bytes=100000-") in site.asked and ours() == [NAME]
    assert not [path for path in left() if path.startswith(".")]


def test_what_is_gone_is_one_line(site: Site, tiny: bytes, invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    assert invoke("models", "install", "lmt-60-0.6b", code=1).stderr.count("\n") == 1
    commit = put(site, repository(tiny))
    for file in (FILE, "LICENSE"):
        page = site.pages.pop(f"/{REPOSITORY}/resolve/{commit}/{file}")
        line = invoke("models", "install", "lmt-60-0.6b", code=1).stderr
        assert "is not there" in line and line.count("\n") == 1 and left() == []
        site.pages[f"/{REPOSITORY}/resolve/{commit}/{file}"] = page
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    assert invoke("models", "install", "lmt-60-0.6b", code=1).stderr.count("\n") == 1 and left() == []
    monkeypatch.setattr(hub, "ready", lambda: False)
    with pytest.raises(ModelError, match=r"pip install 'lokta\[llama\]'"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)


BAD = {
    "a web page": b"<html>" + b"x" * 1000,
    "pictures": model(facts={**FACTS, "general.architecture": "flux"}),
    "embeddings": model(facts={**FACTS, "general.architecture": "bert"}),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_no_language_model_is_refused_before_it_comes(site: Site, case: str) -> None:
    put(site, {FILE: BAD[case]})
    with pytest.raises(ModelError):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    assert weights_asked(site) == [] and left() == []


def test_what_was_uploaded_cut_off_is_refused_when_it_came(site: Site, tiny: bytes) -> None:
    put(site, {FILE: tiny[:-1000]})
    with pytest.raises(ModelError, match="1000 bytes are missing"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    assert left() == []


def test_a_card_of_gigabytes_is_none(site: Site, tiny: bytes) -> None:
    put(site, repository(tiny), sizes={"README.md": 2**31})
    with pytest.raises(DataError, match="no text"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    put(site, repository(tiny, b"\xff\xfe\x00"))
    with pytest.raises(DataError, match="LICENSE: is UTF-16"):
        weights.install_offer(offers.named()["lmt-60-0.6b"], "", nobody)
    assert left() == []


def test_a_file_on_this_machine_is_copied_checked_and_asked_about(tmp_path: Path, invoke: Run, tiny: bytes) -> None:
    file = tmp_path / "My Model.Q4_K_M.gguf"
    file.write_bytes(model())
    asked: list[Terms] = []
    locked = weights.install_file(file, "lmt-60", asked.append)
    assert (locked.name, locked.licence, locked.version) == ("my-model-q4_k_m", "apache-2.0", "Q4_K_M")
    assert [(terms.commercial, terms.must_be_free) for terms in asked] == [(True, True)] and file.is_file()
    assert package().path.read_bytes() == file.read_bytes() and package().source == file.name
    file.write_bytes(tiny)
    line = invoke("models", "install", file, "--family", "lmt-60", code=2).stderr
    assert "it names no licence; agree with --accept-licence" in line and line.count("\n") == 1
    line = invoke("models", "install", file, "--family", "lmt-60", "--accept-licence", code=1).stderr
    assert "is not the package that was installed under this name before" in line
    assert len(left()) == 3


def test_a_file_at_an_address_is_installed(site: Site, tiny: bytes, invoke: Run) -> None:
    url = site.put("/files/Free.gguf", model(), etag='"1"')
    done = invoke("models", "install", url + "?download=true", "--family", "lmt-60")
    assert "licence: apache-2.0" in done.stdout and ours() == ["free"]
    url = site.put("/files/unknown.gguf", tiny)
    assert "names no licence" in invoke("models", "install", url, "--family", "lmt-60", code=2).stderr
    assert weights_asked(site) == ["Free.gguf"]
    invoke("models", "install", url, "--family", "lmt-60", "--accept-licence")
    assert ours() == ["free", "unknown"] and store.recorded()["unknown"].source == url
    invoke("models", "install", site.put("/no.gguf", b"<html>"), "--family", "lmt-60", "--accept-licence", code=1)
    assert ours() == ["free", "unknown"]


def test_a_loose_file_is_left_out_with_the_command_that_installs_it(invoke: Run) -> None:
    models.folder().mkdir(parents=True)
    loose = models.folder() / "loose.gguf"
    loose.write_bytes(model())
    (line,) = models.scan().warnings
    assert "lokta models install" in line and "--family NAME" in line and "loose.gguf" in line
    invoke("models", "install", loose, "--family", "lmt-60")
    assert not loose.exists() and ours() == ["loose"] and models.scan().warnings == ()
    (models.folder() / "by-hand").mkdir()
    (models.folder() / "by-hand" / "x.gguf").write_bytes(model())
    assert "by-hand" in models.scan().warnings[0]


def test_a_family_that_is_gone_is_a_warning(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(model())
    locked = weights.install_file(tmp_path / "x.gguf", "lmt-60", nobody)
    store.record(replace(locked, family="of-another-project"))
    (line,) = models.scan().warnings
    assert "unknown model family" in line and "\n" not in line and ours() == []
    store.remove("x")
    assert models.scan().warnings == () and left() == ["models.lock"]


def test_a_damaged_model_is_seen_and_mended(site: Site, tiny: bytes, invoke: Run) -> None:
    put(site, repository(tiny))
    invoke("models", "install", "lmt-60-0.6b")
    file = package().path
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + b"!")
    (file.parent / "LICENSE").unlink()
    done = invoke("models", "verify", code=1)
    assert f"{FILE}: is not the file that was installed" in done.stderr and "LICENSE: is missing" in done.stderr
    invoke("models", "install", "lmt-60-0.6b")
    assert file.read_bytes() == whole and invoke("models", "verify").stderr == ""


def test_what_does_not_fit_is_said_and_not_refused(capsys: pytest.CaptureFixture[str]) -> None:
    from toolkit.cli.consent import Bar, agree
    from toolkit.cli.models import _takes

    terms = Terms("big", "Apache-2.0", True, 10**12, memory=2**60, must_be_free=True)
    with Bar() as bar:
        agree(False, bar)(terms)
        agree(False, bar)(replace(terms, memory=10**6))
    out, err = capsys.readouterr()
    assert "needs more memory than this machine has" in err and err.count("\n") == 1 and out.count("are free") == 2
    assert _takes(10**9, 5 * 10**9, memory.MachineMemory(4 * 10**9, 10**9)) == (
        "1.0 GB, memory 5.0 GB more than this machine has (4.0 GB)"
    )
    assert (
        _takes(10**9, 5 * 10**9, memory.MachineMemory()) == "1.0 GB, memory 5.0 GB"
        and _takes(10**9, 0, memory.MachineMemory()) == "1.0 GB"
    )


def test_nothing_heavy_is_imported_to_see_them() -> None:
    code = (
        "import sys\nfrom toolkit import models\nfrom toolkit.models import weights, offers\n"
        "from toolkit.units import LanguagePair\nmodels.scan(); offers.way(LanguagePair('en', 'bo'))\n"
        "print([m for m in ('huggingface_hub', 'xllamacpp', 'psutil', 'httpx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


KILLED = """
import os, signal, sys

left = whole = int(sys.argv.pop(1))

def hook(event, arguments):
    global left
    writes = event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if writes or event in ("os.rename", "os.mkdir", "os.remove", "os.rmdir"):
        left -= 1
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

from toolkit.cli import cli
sys.addaudithook(hook)
try:
    cli(sys.argv[1:])
finally:
    print(whole - left)
"""
"""The command line, killed before the change to the disk of the number that comes first; it prints how many it made."""


def test_kills_leave_the_old_or_the_new(site: Site, tiny: bytes, invoke: Run, tmp_path: Path) -> None:
    commit = put(site, repository(tiny))
    install = ("models", "install", "lmt-60-0.6b")

    def started(change: int) -> subprocess.Popen[str]:
        environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        command = [sys.executable, "-c", KILLED, str(change), *install]
        return subprocess.Popen(command, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True)

    def killed(process: subprocess.Popen[str]) -> None:
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        assert ours() in ([], [NAME]) and models.scan().warnings == ()
        assert all(store.problems(entry) == () for entry in store.recorded().values() if ours())
        invoke(*install)
        assert left() == wanted
        shutil.rmtree(models.folder())

    changes = int(started(10**6).communicate()[0].split()[-1])
    wanted = left()
    shutil.rmtree(models.folder())
    assert changes > 10
    for change in random.Random(14).sample(range(1, changes + 1), 6):
        killed(started(change))
    page = site.pages[f"/{REPOSITORY}/resolve/{commit}/{FILE}"]
    running = started(10**6)
    page.before = lambda sent: running.kill() if sent > len(tiny) // 2 else None
    killed(running)


def test_a_broken_name_stays_one() -> None:
    assert weights.plain("LMT-60-4B.Q4_K_M") == "lmt-60-4b-q4_k_m"
    assert weights.plain("../../etc/passwd\n") == "etc-passwd" and weights.plain("བོད") == "model"
    with pytest.raises(UsageError) as caught:
        weights.asked_family("a\n\x1b", "x", Families())
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)
