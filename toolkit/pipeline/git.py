"""git and catalogs: a merge driver for `.po` in a project's repository, and what the driver does with three files.

    install(config)    uninstall(config)    merge_files(base, ours, theirs, name)

git would merge catalogs line by line, and join the msgid of one branch with the msgstr of the other. The driver merges by
entry. Which files it is for stands in `.gitattributes` of the catalogs' folder, which is committed; the program stands in the
repository's own settings, which git copies to nobody.

Where two people's versions of a paragraph meet, the file is a whole catalog with both, without marks of a conflict, and the
driver still says 1: git lists the file as unmerged and refuses to commit until somebody looked at it and added it. With 0
nobody would learn of it; with marks in the file no tool could open it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit import catalog as catalogs
from toolkit.errors import CatalogError, DataError
from toolkit.files import atomic_write, read_bytes, read_text, refuse_link, show

if TYPE_CHECKING:
    from toolkit.project.config import Config

ATTRIBUTES = ("*.po merge=lokta", "*.pot merge=lokta")
"""A template is merged in the same way: it must stay one, or the next run cannot read it."""
_NAME = "gettext catalogs, by entry (lokta)"


def install(config: Config) -> Path:
    """Set the merge driver for the project's catalogs; the `.gitattributes` that names them. Installed again, it changes nothing
    but the path of the program. Raises DataError without git, or outside of a repository."""
    _repository(config)
    path = config.locales / ".gitattributes"
    lines = _lines(path)
    if missing := [line for line in ATTRIBUTES if line not in lines]:
        text = "".join(line + "\n" for line in [*lines, *missing])
        atomic_write(path, text, config.root_of(path))
    folder = path.parent
    _git(folder, "config", "--local", "merge.lokta.name", _NAME)
    _git(folder, "config", "--local", "merge.lokta.driver", f"{program()} git merge-po %O %A %B %P")
    said = _git(folder, "check-attr", "merge", "--", "x.po").strip()
    if not said.endswith(": lokta"):
        raise DataError(
            f"{show(path)}: another line there, or git's info/attributes, names another driver; take it out"
        )
    return path


def uninstall(config: Config) -> None:
    """Take the merge driver away: our line of `.gitattributes`, and the repository's setting."""
    _repository(config)
    path = config.locales / ".gitattributes"
    lines = _lines(path)
    left = [line for line in lines if line not in ATTRIBUTES]
    if left != lines:
        if left:
            atomic_write(path, "".join(line + "\n" for line in left), config.root_of(path))
        else:
            path.unlink()
    folder = path.parent if path.parent.is_dir() else config.root
    if _git(folder, "config", "--local", "--get-regexp", r"^merge\.lokta\.", missing_ok=True):
        _git(folder, "config", "--local", "--remove-section", "merge.lokta")


def merge_files(base: Path, ours: Path, theirs: Path, name: str) -> tuple[str, ...]:
    """Merge three versions of a catalog into the file `ours`; a line for each conflict. `name` is what messages call the file.

    Raises DataError where one of them cannot be read as a catalog; `ours` is as it was then.
    """
    texts = []
    for path, side in ((base, "the common ancestor"), (ours, "our side"), (theirs, "their side")):
        try:
            texts.append(catalogs.decoded(read_bytes(path), Path(name)))
            catalogs.load(texts[-1], name)
        except DataError as error:
            raise DataError(
                f"{error} ({side}); the catalog is left as it is on our side: mend that version (git show :1:, :2: or "
                f":3:{name}), or take one side whole (git checkout --ours or --theirs -- {name})"
            ) from None
    newline = "\r\n" if "\r\n" in texts[1].partition("\n")[0] + "\n" else "\n"
    sides = [catalogs.load(text.replace("\r\n", "\n").replace("\n", newline), name) for text in texts]
    merged, conflicts = catalogs.merge_sides(sides[0], sides[1], sides[2])
    try:
        text = catalogs.dump(merged)
        catalogs.load(text, name)
    except CatalogError as error:
        raise DataError(f"{name}: {error}; merge it by hand: git checkout --merge -- {name}") from None
    atomic_write(ours, text)
    return conflicts


def program() -> str:
    """How git's shell starts this program."""
    beside = shutil.which("lokta", path=str(Path(sys.executable).parent))
    words = [beside] if beside else [sys.executable, "-m", "toolkit"]
    return " ".join(shlex.quote(word.replace(os.sep, "/")) for word in words)


def _lines(path: Path) -> list[str]:
    refuse_link(path)
    return read_text(path).removesuffix("\n").split("\n") if path.is_file() else []


def _repository(config: Config) -> None:
    """Raises DataError where the catalogs' folder is in no work tree of git."""
    if _git(config.root, "rev-parse", "--is-inside-work-tree", missing_ok=True).strip() != "true":
        raise DataError(f"{show(config.root)}: is in no git repository; make one first: git init")


def _git(folder: Path, *arguments: str, missing_ok: bool = False) -> str:
    """What git says in a folder; DataError where it refuses."""
    try:
        done = subprocess.run(
            ["git", *arguments], cwd=folder, capture_output=True, text=True, encoding="utf-8", timeout=60, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DataError(f"git cannot be run here ({error}); install git") from None
    if done.returncode and not missing_ok:
        raise DataError(f"git {arguments[0]}: {' '.join(done.stderr.split()) or 'failed'}")
    return done.stdout if not done.returncode else ""
