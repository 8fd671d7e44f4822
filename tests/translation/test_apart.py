"""Models in a process of their own: the same outputs, and whatever happens to the child, the command goes on or says one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pytest

from tests.support.environment import ROOT, Run
from tests.support.tiny_argos import make_package
from toolkit.errors import EngineFailed, ModelError
from toolkit.translation import apart
from toolkit.translation.apart import Apart
from toolkit.translation.inference import Model, Output, Question


@dataclass
class Odd(Model):
    """Does what it is told, in the child."""

    folder: Path

    name = "odd"
    fingerprint = "odd"

    def start(self) -> None:
        if (self.folder / "broken").exists():
            raise ModelError("its weights cannot be read")

    def ask(self, questions: list[Question]) -> list[Output]:  # type: ignore[override]
        outputs = []
        for question in questions:
            with (self.folder / "asked").open("a", encoding="utf-8", errors="replace") as log:
                log.write(question.text + "\n")
            if question.text == "die once" and not (self.folder / "died").exists():
                (self.folder / "died").touch()
                os.abort()
            if question.text == "die":
                os.abort()
            if question.text == "chatter":
                os.write(1, b"llama_load: 1000 tensors\n" * 1000)
                print("and more")
            if question.text == "hang":
                time.sleep(600)
            if question.text == "raise":
                raise RuntimeError("out of \x1b[31mmemory")
            pieces = ((b"\xe0\xbd", -0.1), (b"\xff", -1 / 3))
            outputs.append(Output(question.text.upper(), -1 / 3, 7, True, "", pieces))
        return outputs


def told(folder: Path, *texts: str) -> list[Output]:
    return Apart(partial(Odd, folder)).ask([Question(text) for text in texts])


def test_an_output_comes_back_whole(tmp_path: Path) -> None:
    text = "བོད་ \ud83d 😀\0\n"
    assert told(tmp_path, text, "b") == [Odd(tmp_path).ask([Question(one)])[0] for one in (text, "b")]


def test_a_child_that_dies_is_replaced_once(tmp_path: Path) -> None:
    assert [one.text for one in told(tmp_path, "one", "die once", "two")] == ["ONE", "DIE ONCE", "TWO"]
    assert (tmp_path / "asked").read_text().split("\n")[:-1] == ["one", "die once", "one", "die once", "two"]


def test_a_second_death_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(
        EngineFailed, match=r"odd: its process was ended by SIGABRT, twice; .* the same command goes on$"
    ):
        told(tmp_path, "die")
    assert (tmp_path / "asked").read_text() == "die\ndie\n"


def test_what_the_library_prints_disturbs_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert [one.text for one in told(tmp_path, "chatter", "two")] == ["CHATTER", "TWO"]
    assert capfd.readouterr() == ("", "")


def test_errors_of_the_model_are_its_own(tmp_path: Path) -> None:
    with pytest.raises(EngineFailed, match=r"odd stopped: RuntimeError: out of \\x1b\[31mmemory; the same command"):
        told(tmp_path, "raise")
    (tmp_path / "broken").touch()
    with pytest.raises(ModelError, match="its weights cannot be read"):
        Apart(partial(Odd, tmp_path)).start()


def test_a_window_has_a_time_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "_SECONDS", 0.5)
    monkeypatch.setattr(apart, "_START_SECONDS", 1.5)
    with pytest.raises(EngineFailed, match="its process took too long, twice"):
        told(tmp_path, "hang")


def test_the_child_ends_with_its_model(tmp_path: Path) -> None:
    model = Apart(partial(Odd, tmp_path))
    model.ask([Question("a")])
    assert model._child is not None
    process = model._child._process
    model.stop()
    assert process.wait(10) == -signal.SIGKILL
    assert model.ask([Question("b")])[0].text == "B", "asked again, it starts again"


HELD = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a runner in the background ignores it
from functools import partial
from pathlib import Path
from tests.translation.test_apart import Odd
from toolkit.translation.apart import Apart
from toolkit.translation.inference import Question
model = Apart(partial(Odd, Path(sys.argv[1])))
model.ask([Question("a")])
print(model._child._process.pid, flush=True)
model.ask([Question("hang")])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_child_outlives_the_command(how: signal.Signals, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HELD, str(tmp_path)]
    parent = subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert parent.stdout is not None
    child = Path("/proc", parent.stdout.readline().decode().strip())
    while "hang" not in (tmp_path / "asked").read_text():
        time.sleep(0.01)
    parent.send_signal(how)
    parent.wait(20)
    parent.stdout.close()
    until = time.monotonic() + 20
    while child.exists() and "Z" not in (child / "stat").read_text().rpartition(")")[2]:
        assert time.monotonic() < until
        time.sleep(0.01)


LOADED = """
import sys
from toolkit.cli import cli
try:
    cli.main(sys.argv[1:], standalone_mode=False)
finally:
    print("loaded", sorted({name.partition(".")[0] for name in sys.modules} & {"ctranslate2", "sentencepiece", "xllamacpp"}))
"""


@pytest.mark.parametrize("engine", ["argos", "llama"])
def test_the_command_line_loads_no_native_code_of_models(engine: str, tmp_path: Path, lokta: Run) -> None:
    make_package(Path(os.environ["LOKTA_MODELS"]), "en", "zh")
    (tmp_path / "a.txt").write_text("The river\n\nIt rose by two metres.\n")
    arguments = ["translate", "a.txt", "--from", "en", "--to", "zh-Hans", "--engine", engine]
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.endswith("loaded []\n"), done.stdout + done.stderr
    assert "paragraphs:" in done.stdout
