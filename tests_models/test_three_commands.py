"""In an empty folder, from the built wheel: three commands to a draft in Tibetan that is the model's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.environment import ROOT
from tests.support.hub import hub_pages
from tests.support.server import serving
from tests.support.tiny_gguf import TURNS, parrot, pieces
from toolkit import catalog as catalogs
from toolkit.units import State

PERSON = dict(os.environ)
"""Where pip keeps its settings and what it fetched before."""
MOST = 200_000_000
"""Bytes that pip may fetch, the model aside."""
ARTICLE = "The school opened\n\nA new school on three boats opened on the river, and children came to it.\n"
SAID = "ཆུ་བོའི་འགྲམ་དུ་སློབ་གྲྭ་གསར་པ་ཞིག་སྒོ་འབྱེད་བྱས།"

pytestmark = [pytest.mark.gettext, pytest.mark.timeout(900)]


def run(*command: str | Path, cwd: Path, **more: str) -> str:
    done = subprocess.run(
        list(map(str, command)), cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def pip(python: Path | str, *arguments: str | Path, cwd: Path) -> None:
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments]
    run(*command, cwd=cwd, **{key: PERSON.get(key, "") for key in ("HOME", "XDG_CACHE_HOME", "XDG_CONFIG_HOME")})


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All that `pip install 'lokta[llama]'` fetches, our own wheel included."""
    folder = tmp_path_factory.mktemp("downloads")
    build = "import sys, hatchling.build as b; print(b.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, folder], cwd=ROOT, env=PERSON, capture_output=True, text=True, check=True
    )
    wheel = folder / done.stdout.split()[-1]
    pip(sys.executable, "download", "--dest", folder, f"lokta[llama] @ {wheel.as_uri()}", cwd=folder)
    return folder


def test_three_commands(downloads: Path, tmp_path: Path) -> None:
    fetched = sum(file.stat().st_size for file in downloads.iterdir())
    print(f"pip fetches {fetched / 1e6:.0f} MB")
    assert fetched < MOST
    repository, empty = tmp_path / "repository", tmp_path / "empty"
    repository.mkdir()
    empty.mkdir()
    parrot(repository / "LMT-60-0.6B.Q4_K_M.gguf", *pieces(SAID), template=TURNS)
    (repository / "README.md").write_text("---\nlicense: apache-2.0\n---\nA parrot.\n", encoding="utf-8")
    (empty / "article.txt").write_text(ARTICLE, encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    python = next(path for path in (tmp_path / "venv").glob("*/python*") if path.stem == "python")
    with serving() as site:
        hub_pages(site, "mradermacher/LMT-60-0.6B-GGUF", repository)
        pip(python, "install", "--no-index", "--find-links", downloads, "lokta[llama]", cwd=empty)
        lokta = python.parent / "lokta"
        run(lokta, "models", "install", "lmt-60-0.6b", cwd=empty, HF_ENDPOINT=site.address)
        asked = len(site.asked)
        said = run(lokta, "translate", "article.txt", "--to", "bo", cwd=empty, HF_ENDPOINT=site.address)
        assert len(site.asked) == asked, "a draft needs no network"
    path = empty / "locales" / "bo" / "LC_MESSAGES" / "article.po"
    units = list(catalogs.read_catalog(path).live)
    assert [unit.target for unit in units] == [SAID, SAID], said
    for unit in units:
        made = unit.line("mt")
        assert unit.state is State.DRAFT and made and made.get("model").startswith("lmt-60-0.6b-q4_k_m@")
    subprocess.run(["msgfmt", "-c", "-o", "/dev/null", path], check=True)
