"""Bad input gets one clear line, the right exit code, and leaves nothing half-written."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.environment import CI, ROOT, Run

PO = 'msgid ""\nmsgstr ""\n"Language: bo\\n"\n"Content-Type: text/plain; charset={charset}\\n"\n\nmsgid "Hello there"\nmsgstr "{text}"\n'


def write(name: str, data: bytes | str) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    return make


def article_and(*makers: Callable[[Path], None]) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        write("a.txt", "Title of it\n\nThe river rose two metres.\n")(folder)
        for maker in makers:
            maker(folder)

    return make


TRANSLATE = ["translate", "a.txt", "--to", "bo", "--engine", "pseudo"]
PO_PATH = "locales/bo/LC_MESSAGES/a.po"
CASES: dict[str, tuple[Callable[[Path], None], list[str], int, str]] = {
    "missing file": (lambda folder: None, TRANSLATE, 1, "a.txt: no such file"),
    "empty file": (write("a.txt", ""), TRANSLATE, 1, "a.txt: is empty"),
    "only blanks": (write("a.txt", " \n\n\t\n"), TRANSLATE, 1, "a.txt: is empty"),
    "one line of 50 MB": (write("a.txt", b"word " * 10_000_000), TRANSLATE, 1, "a.txt:1: .*100 kB"),
    "70 MB": (write("a.txt", b"word\n\n" * 12_000_000), TRANSLATE, 1, "a.txt: larger than 64 MB"),
    "NUL bytes": (write("a.txt", b"Hello\0there"), TRANSLATE, 1, "a.txt: holds NUL"),
    "UTF-16": (write("a.txt", "Hello".encode("utf-16")), TRANSLATE, 1, "a.txt: is UTF-16; convert it: iconv"),
    "byte order mark": (write("a.txt", "\ufeffHello"), TRANSLATE, 1, "a.txt: begins with a byte order mark"),
    "another charset": (write("a.txt", "Zürich\n".encode("latin-1")), TRANSLATE, 1, "a.txt:1: is not UTF-8"),
    "a picture": (
        write("a.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),
        TRANSLATE,
        1,
        "a.txt: (holds NUL|is not UTF-8)|a.txt:1:",
    ),
    "unknown format": (write("a.docx", b"PK"), ["translate", "a.docx", "--to", "bo"], 1, "a.docx.*\\.md"),
    "an empty folder": (
        lambda folder: (folder / "d").mkdir(),
        ["translate", "d", "--to", "bo"],
        1,
        "d: no article here",
    ),
    "a link to itself": (lambda folder: (folder / "a.txt").symlink_to("a.txt"), TRANSLATE, 1, "a.txt: no such file"),
    "nested too deep": (
        write("a.html", "<div>" * 300 + "<p>Hello there</p>"),
        ["translate", "a.html", "--to", "bo", "--engine", "pseudo"],
        1,
        "200 levels",
    ),
    "unknown language": (article_and(), ["translate", "a.txt", "--to", "xqz"], 2, "xqz.*lokta languages"),
    "no language": (article_and(), ["translate", "a.txt"], 2, "--to bo,zh-Hans"),
    "no article": (article_and(), ["translate", "--to", "bo"], 2, "lokta init"),
    "unknown engine": (article_and(), ["translate", "a.txt", "--to", "bo", "--engine", "mystery"], 2, "mystery.*argos"),
    "engine without the pair": (
        article_and(),
        ["translate", "a.txt", "--to", "bo", "--engine", "argos"],
        1,
        "argos.*en.*bo",
    ),
    "two articles of one id": (
        article_and(write("a.md", "# Title\n")),
        ["translate", "a.txt", "a.md", "--to", "bo"],
        1,
        r"a\.txt and a\.md would share|a\.md and a\.txt would share",
    ),
    "broken PO": (article_and(write(PO_PATH, 'msgid "Hello\nmsgstr ""\n')), TRANSLATE, 1, r"a\.po:1"),
    "PO of another charset": (
        article_and(write(PO_PATH, PO.format(charset="ISO-8859-1", text="é").encode("latin-1"))),
        TRANSLATE,
        1,
        r"a\.po.*(ISO-8859-1|UTF-8)",
    ),
    "PO of another article": (
        article_and(
            write(
                PO_PATH, PO.format(charset="UTF-8", text="x").replace('"Language', '"X-Lokta-Article: b\\n"\n"Language')
            )
        ),
        TRANSLATE,
        1,
        r"a\.po: is the catalog of another article \(b\)",
    ),
    "a model misspelt": (
        lambda folder: None,
        ["models", "install", "hymt2-7b"],
        2,
        "'hymt2-7b' is no model of the short list and no language; perhaps hy-mt2-7b",
    ),
    "broken lokta.toml": (article_and(write("lokta.toml", "a = = b")), TRANSLATE, 1, "lokta.toml: is not valid TOML"),
    "broken meta.toml": (article_and(write("a.meta.toml", "title = ")), TRANSLATE, 1, r"a\.meta\.toml"),
    "wrong kind in meta.toml": (article_and(write("a.meta.toml", "skip = 3")), TRANSLATE, 1, r"a\.meta\.toml.*skip"),
    "locales is a file": (article_and(write("locales", "x")), TRANSLATE, 1, "locales.*(written|folder|directory)"),
    "check without catalogs": (article_and(), ["check", "a.txt"], 1, "no catalog found"),
    "unknown form of edition": (
        article_and(write(PO_PATH, PO.format(charset="UTF-8", text="x"))),
        ["build", "a.txt", "--format", "docx"],
        2,
        "docx.*html",
    ),
    "review with two verbs": (article_and(), ["review", "--list", "--next", "a.txt"], 2, "one thing at a time"),
    "no such option": (article_and(), ["translate", "--nonsense"], 2, "No such option"),
}


@pytest.mark.parametrize("name", CASES)
def test_one_line_and_the_right_code(name: str, tmp_path: Path, invoke: Run) -> None:
    make, arguments, code, message = CASES[name]
    make(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    done = invoke(*arguments, code=code)
    lines = [line for line in done.stderr.split("\n") if line]
    assert re.search(message, done.stderr), done.stderr
    assert len(lines) == 1 or "Usage" in done.stderr, done.stderr
    for path, data in before.items():
        assert path.read_bytes() == data
    assert not list(tmp_path.rglob("*.tmp"))


def test_unclosed_tags_are_read_as_a_browser_reads_them(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.html").write_text("<p>The river <b>rose<p>It fell again.</div>", encoding="utf-8")
    done = invoke("translate", "a.html", "--to", "bo", "--engine", "pseudo")
    assert "2 paragraphs" in done.stdout


def test_a_title_cannot_steer_the_terminal(tmp_path: Path, invoke: Run) -> None:
    (tmp_path / "a.txt").write_text(
        "Title \x1b]0;owned\x07 of it\n\nBody \x9b31m here, two sentences.\n", encoding="utf-8"
    )
    invoke("translate", "a.txt", "--to", "bo", "--engine", "pseudo", code=None)
    for done in (
        invoke("review", "--list", "a.txt", "--to", "bo", code=None),
        invoke("check", "a.txt", "--to", "bo", code=None),
    ):
        assert "\x1b" not in done.stdout + done.stderr and "\x9b" not in done.stdout + done.stderr


AS_NOBODY = """
import os, sys
from click.testing import CliRunner
from toolkit.cli import cli, main

# Everything is imported while it can still be read: the interpreter itself may lie where only root looks.
os.chdir(sys.argv[1])
warm = CliRunner().invoke(cli, sys.argv[3:])
assert warm.exit_code == 0, warm.output
os.chdir(sys.argv[2])
os.setgid(65534)
os.setuid(65534)
sys.argv = ["lokta", *sys.argv[3:]]
main()
"""


@pytest.mark.parametrize("forbidden", ["article", "folder"])
def test_without_permission(forbidden: str, tmp_path: Path) -> None:
    if os.name != "posix" or os.geteuid() != 0:
        assert not CI, "this test must run as root in CI"
        pytest.skip("needs root to give up its rights")
    warm, here = tmp_path / "warm", tmp_path / "here"
    for folder in (warm, here):
        article_and()(folder)
    for folder in (here, *here.parents[:-1]):
        folder.chmod(folder.stat().st_mode | 0o055)
    (here / "a.txt").chmod(0o600 if forbidden == "article" else 0o644)
    done = subprocess.run(
        [sys.executable, "-c", AS_NOBODY, str(warm), str(here), *TRANSLATE],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert done.stderr.count("\n") == 1 and ("cannot be read" in done.stderr or "cannot be written" in done.stderr)
    assert [path.name for path in here.iterdir()] == ["a.txt"]


@pytest.mark.parametrize("writes", range(6))
def test_a_full_disk(writes: int, tmp_path: Path, invoke: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The n-th write fails: one line, whole files, and the same command completes once there is room."""
    (tmp_path / "a.txt").write_text("Title\n\nThe river rose two metres. It fell again.\n")
    left, real = [writes], os.fsync

    def fsync(handle: int) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(handle)

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fsync)
        done = invoke(*TRANSLATE, code=None)
    assert done.returncode == (0 if "No space" not in done.stderr else 1)
    assert ("No space" in done.stderr) == (left[0] < 0), "each full disk is told"
    assert done.stderr.count("\n") <= 1
    assert not list(tmp_path.rglob("*.tmp"))
    invoke(*TRANSLATE)
    again = tmp_path / "again"
    again.mkdir()
    (again / "a.txt").write_bytes((tmp_path / "a.txt").read_bytes())
    invoke(*TRANSLATE, cwd=again)
    assert (tmp_path / PO_PATH).read_bytes() == (again / PO_PATH).read_bytes()
