"""An archive from a stranger becomes a folder, or nothing: every name is looked at first, every byte counted as it is written.

`zipfile.extractall` would write whatever the archive says: 50 GB out of 50 kB, a neighbour's files, a file in two spellings.
"""

from __future__ import annotations

import re
import shutil
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from toolkit.errors import ModelError
from toolkit.files import Folder, printable, show

_CHUNK = 2**18
_SKIPPED = ("stanza",)
"""Folders of a package that nobody here reads; every Argos package carries a sentence splitter for torch."""
_PICKLES = (".pt", ".pkl", ".pth", ".pickle")
"""Files that run a program when they are read as their makers read them."""
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?", re.I)
"""Names that Windows keeps for devices."""
_UNICODE_PATH = 0x7075
_PLAIN = re.compile(r"[^\x00-\x1f\x7f<>:\"|?*\\/]+")


@dataclass(frozen=True, slots=True)
class Limits:
    """What an archive may hold; everything is counted while it is written, whatever the archive says of itself."""

    members: int = 200
    member: int = 2**32
    """Bytes of one file."""
    total: int = 2**32
    ratio: int = 100
    """Bytes written for each byte of the archive."""


def extract(archive: Path, into: Path, limits: Limits = Limits()) -> Path:
    """Write the archive's one folder into `into`, a new folder that is made here, and give its path.

    Raises ModelError, in one line, for anything that no honest package holds; then `into` is gone again.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            members = _checked(opened.infolist(), archive, limits)
            into.mkdir(parents=True)
            room = min(limits.total, max(archive.stat().st_size, 1) * limits.ratio)
            for name, member in members.items():
                room -= _write(opened, member, into, name, min(room, limits.member), archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, UnicodeDecodeError) as error:
        shutil.rmtree(into, ignore_errors=True)
        raise ModelError(f"{show(archive)}: is no readable archive ({printable(str(error))}); get it again") from None
    except OSError as error:
        shutil.rmtree(into, ignore_errors=True)
        raise ModelError(f"{show(archive)}: cannot be unpacked ({error.strerror or error}); nothing is left") from None
    except BaseException:
        shutil.rmtree(into, ignore_errors=True)
        raise
    return into / next(iter(members)).partition("/")[0]


def _checked(infos: Sequence[zipfile.ZipInfo], archive: Path, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    """The files to be written, in order, by the names that were looked at; ModelError for the first thing that is wrong."""
    if len(infos) > limits.members:
        raise _trap(archive, f"holds {len(infos)} files, more than {limits.members}")
    tops: set[str] = set()
    seen: dict[str, str] = {}
    folders: set[str] = set()
    kept: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        name = info.orig_filename
        why = _wrong(info)
        if why:
            raise _trap(archive, f"{why}: {printable(name)!r}")
        parts = name.rstrip("/").split("/")
        tops.add(parts[0])
        if len(tops) > 1:
            raise _trap(archive, "holds more than one folder at its top")
        if info.is_dir():
            continue
        if len(parts) == 1:
            raise _trap(archive, f"holds a file outside its folder: {printable(name)!r}")
        same = _folded(name)
        if same in seen:
            twice = "a file twice" if seen[same] == name else "two names that differ in case alone"
            raise _trap(archive, f"holds {twice}: {printable(name)!r}")
        seen[same] = name
        folders |= {_folded("/".join(parts[:n])) for n in range(1, len(parts))}
        if parts[1] in _SKIPPED:
            continue
        if name.lower().endswith(_PICKLES):
            raise _trap(archive, f"holds a pickle, which can run a program: {printable(name)!r}")
        kept[name] = info
    clash = next((seen[name] for name in sorted(folders & set(seen))), None)
    if clash:
        raise _trap(archive, f"holds a file and a folder of one name: {printable(clash)!r}")
    if not kept:
        raise _trap(archive, "holds no files")
    return kept


def _wrong(info: zipfile.ZipInfo) -> str:
    """What is wrong with one member, by its entry alone."""
    name = info.orig_filename
    if _other_name(info):
        return "holds a file under two names"
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name):
        return "holds an absolute path"
    if "\\" in name:
        return "holds a path with a backslash"
    parts = name.rstrip("/").split("/")
    if ".." in parts or "." in parts or "" in parts:
        return "holds a path that leaves its folder"
    for part in parts:
        if not _PLAIN.fullmatch(part) or part.endswith((".", " ")) or _RESERVED.fullmatch(part) or len(part) > 200:
            return "holds a name that not every system can keep"
    if info.flag_bits & 0x1:
        return "is encrypted"
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "holds a link"
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "holds a device"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return "is packed in an unusual way"
    return ""


def _other_name(info: zipfile.ZipInfo) -> bool:
    """Whether the entry has a second name: Python 3.12 and later believe the Unicode Path extra field (0x7075, APPNOTE 4.6.9)
    where there is one, and give the member that name."""
    if info.filename != info.orig_filename:
        return True
    extra = info.extra
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind == _UNICODE_PATH and extra[9 : 4 + size] != info.orig_filename.encode():
            return True
        extra = extra[4 + size :]
    return False


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _write(opened: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, name: str, room: int, archive: Path) -> int:
    """Write a member as `into`/`name`, through no link; the bytes written. ModelError as soon as there would be more than
    `room`."""
    written = 0
    path = into.joinpath(*name.split("/"))
    with opened.open(member) as source, Folder(path.parent, into) as folder, folder.create(path.name, 0o644) as target:
        while chunk := source.read(_CHUNK):
            written += len(chunk)
            if written > room:
                raise _trap(archive, f"unpacks to more than is allowed, at {printable(name)!r}")
            target.write(chunk)
    return written


def _trap(archive: Path, why: str) -> ModelError:
    return ModelError(f"{show(archive)}: {why}; this is no package to be trusted, nothing was installed")
