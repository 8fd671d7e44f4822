"""Texts leave the machine by `lokta translate` only where the project says so, a person is told, and the key is seen by nobody."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.misbehaving import Asked, Say, Talk, chat, chinese, completion, reply, talking
from tests.support.projects import agree
from toolkit.project import settings

KEY = "sk-proj-oURs0123456789abcdefXYZ"
ARTICLE = (
    "# The river\n\nThe **river** rose by 3 metres. Boats are rare in [winter](https://a.org).\n\n"
    "The old bridge is closed.\n\nThe school opens in May.\n"
)


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking(chat()) as server:
        yield server


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """A project of one article, with a chat model at an address that the person agreed to; its catalog's path."""
    monkeypatch.setenv("LOKTA_OUR_KEY", KEY)
    monkeypatch.setenv("LOKTA_CACHE", str(tmp_path / "cache"))

    def make(address: str, more: str = "", agreed: bool = True) -> Path:
        (tmp_path / "river.md").write_text(ARTICLE)
        (tmp_path / "lokta.toml").write_text(
            'source_language = "en"\n[target.zh-Hans]\nengine = "chat"\n'
            f'[remote.chat]\nurl = "{address}/v1"\nmodel = "m"\nkey = "LOKTA_OUR_KEY"\ntimeout = 5\n{more}'
        )
        if agreed:
            agree(tmp_path)
        return tmp_path / "locales" / "zh_Hans" / "LC_MESSAGES" / "river.po"

    return make


def test_the_whole_way(talk: Talk, project: Callable[..., Path], invoke: Run) -> None:
    path = project(talk.address)
    done = invoke("translate")
    assert f"chat: 4 paragraphs go to {talk.address} (m): about " in done.stderr
    assert "4 paragraphs: 4 by machine now (chat)" in done.stdout
    text = path.read_text(encoding="utf-8")
    assert f"# lokta: mt engine=chat model=m@{talk.address.removeprefix('http://')} hash=" in text
    assert chinese("The old bridge is closed") in text and "**" in text and "](https://a.org)" in text
    assert len(talk.posts) == 1 and talk.posts[0].headers["Authorization"] == f"Bearer {KEY}"
    again = invoke("translate")
    assert len(talk.posts) == 1 and again.stderr == ""


def test_a_dry_run_sends_nothing_and_says_about_how_much_it_would_be(
    talk: Talk, project: Callable[..., Path], invoke: Run
) -> None:
    project(talk.address, "price_in = 2000\nprice_out = 3000\n")
    done = invoke("translate", "--dry-run")
    line = next(line for line in done.stdout.split("\n") if line.startswith("chat: 4 paragraphs go to"))
    assert "tokens in, " in line and " out, about 0." in line and line.endswith("by the prices in lokta.toml")
    assert talk.asked == []


def test_a_server_far_away_is_told_of_before_it_is_asked(project: Callable[..., Path], invoke: Run) -> None:
    project("https://nobody.invalid")
    done = invoke("translate", "--dry-run")
    assert "chat: 4 paragraphs go to https://nobody.invalid (m): about " in done.stdout


HASTY = """
import stamina

stamina.set_testing(True, attempts=1)
from toolkit.cli import main

main()
"""
"""A command line that does not wait before it tries again."""


@pytest.mark.parametrize(("word", "code"), [("n", 130), ("", 130), ("y", 3)])
def test_on_a_terminal_a_person_is_asked(project: Callable[..., Path], tmp_path: Path, word: str, code: int) -> None:
    path = project("https://127.0.0.1.nip.invalid", agreed=False)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", HASTY, "translate"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    said = b""
    while b"Send them, now and later?" not in said:
        said += os.read(ours, 4096)
    os.write(ours, word.encode() + b"\n")
    while True:
        try:
            piece = os.read(ours, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
    os.close(ours)
    assert process.wait() == code, said.decode()
    assert b"go to https://127.0.0.1.nip.invalid (m): about" in said
    assert path.is_file() == (word == "y"), "nothing is done before the question"
    assert (b"cannot be reached" in said) == (word == "y")


def test_off_a_terminal_nothing_is_sent_before_somebody_agreed(
    talk: Talk, project: Callable[..., Path], invoke: Run
) -> None:
    """This machine's own ports too: what listens there may be anything. --yes agrees once; another key is asked about."""
    path = project(talk.address, agreed=False)
    refused = invoke("translate", code=2).stderr
    assert f"go to {talk.address}/v1 with the key in LOKTA_OUR_KEY; nobody agreed" in refused and "--yes" in refused
    assert not talk.asked and not path.exists()
    invoke("translate", "--yes")
    assert len(talk.posts) == 1
    config = path.parents[3] / "lokta.toml"
    (path.parents[3] / "river.md").write_text(ARTICLE + "\nOne more.\n")
    invoke("translate")
    assert len(talk.posts) == 2, "it was agreed to before"
    config.write_text(config.read_text().replace("LOKTA_OUR_KEY", "LOKTA_CACHE"))
    (path.parents[3] / "river.md").write_text(ARTICLE + "\nOne more, and another.\n")
    assert "with the key in LOKTA_CACHE" in invoke("translate", code=2).stderr
    assert len(talk.posts) == 2


def test_a_project_may_name_only_variables_of_its_own_kind(project: Callable[..., Path], invoke: Run) -> None:
    path = project("http://127.0.0.1:1")
    config = path.parents[3] / "lokta.toml"
    config.write_text(config.read_text().replace("LOKTA_OUR_KEY", "GITHUB_TOKEN"))
    said = invoke("translate", code=1).stderr
    assert said.count("\n") == 1 and 'write key = "LOKTA_GITHUB_TOKEN"' in said


def test_a_key_may_come_from_the_persons_own_settings(
    talk: Talk, project: Callable[..., Path], invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THEIR_KEY", "sk-of-the-person")
    path = project(talk.address, agreed=False)
    config = path.parents[3] / "lokta.toml"
    config.write_text(config.read_text().replace('key = "LOKTA_OUR_KEY"\n', ""))
    settings.path().parent.mkdir(parents=True)
    settings.path().write_text(f'[keys]\n"{talk.address.removeprefix("http://")}" = "THEIR_KEY"\n')
    invoke("translate", "--yes")
    assert talk.posts[0].headers["Authorization"] == "Bearer sk-of-the-person"
    consents = settings.path().with_name("consents.json")
    assert consents.stat().st_mode & 0o777 == 0o600 and "sk-of" not in consents.read_text()


def mirror(asked: Asked) -> Say:
    """Translates, and tells the key that it was given."""
    return completion(f"{reply(asked.body['messages'][0]['content'])} {asked.headers['Authorization']}")


SPOILT = {
    "translates the key": mirror,
    "refuses with the key": lambda asked: Say({"error": {"message": f"no such {asked.headers['Authorization']}"}}, 400),
    "does not like the key": Say({"error": {"message": f"wrong key {KEY}"}}, 401),
    "is down and says the key": Say({"error": {"message": f"{KEY} "}}, 503, {"Retry-After": "999"}),
    "sends on with the key": Say({}, 307, {"Location": f"https://evil.invalid/{KEY}"}),
    "is no server": Say(b"<html>" + KEY.encode()),
}


@pytest.mark.parametrize("say", SPOILT.values(), ids=SPOILT)
def test_the_key_is_nowhere_and_the_same_command_goes_on(
    talk: Talk, project: Callable[..., Path], invoke: Run, tmp_path: Path, say: Say
) -> None:
    path = project(talk.address)
    talk.always = say
    stopped = invoke("translate", code=3)
    assert path.is_file() and "chat: " in stopped.stderr
    talk.always = None
    outputs = [stopped, invoke("translate"), invoke("build")]
    assert "4 by machine now (chat)" in outputs[1].stdout
    assert all(KEY not in done.stdout + done.stderr for done in outputs)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {".po", ".json", ".sqlite3", ".html"} <= {path.suffix for path in files}
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_what_was_drafted_before_the_server_went_is_kept(talk: Talk, project: Callable[..., Path], invoke: Run) -> None:
    path = project(talk.address, "segments = 2\n")
    talk.script += [chat(), Say({"error": "no more"}, 402)]
    invoke("translate", code=3)
    assert path.read_text(encoding="utf-8").count("# lokta: mt engine=") == 2
    done = invoke("translate")
    assert "2 from the drafts on file, 2 by machine now" in done.stdout and len(talk.posts) == 3


def test_an_evaluation_says_what_it_sends(
    talk: Talk, project: Callable[..., Path], invoke: Run, tmp_path: Path
) -> None:
    project(talk.address)
    (tmp_path / "en.txt").write_text("The old bridge is closed.\nThe school opens in May.\n")
    (tmp_path / "zh.txt").write_text("旧桥已关闭。\n学校五月开学。\n", encoding="utf-8")
    files = ("--source", "en.txt", "--reference", "zh.txt", "--from", "en", "--to", "zh-Hans")
    done = invoke("models", "evaluate", "chat", *files)
    assert f"chat: 4 paragraphs go to {talk.address} (m): about " in done.stderr and "chrF2" in done.stdout
    assert len(talk.posts) == 2, "raw answers, then drafts"


def test_a_key_that_is_not_set_is_one_line(
    talk: Talk, project: Callable[..., Path], invoke: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    project(talk.address)
    monkeypatch.delenv("LOKTA_OUR_KEY")
    assert (
        "takes its key from the environment variable LOKTA_OUR_KEY, which is not set"
        in invoke("translate", code=1).stderr
    )
    assert talk.asked == []
