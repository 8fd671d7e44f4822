"""Archives from strangers: what no honest package holds is refused in one line, and nothing is left behind."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from toolkit.errors import ModelError
from toolkit.models.extract import Limits, extract

Maker = Callable[[zipfile.ZipFile], None]


def archive(path: Path, *makers: Maker) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("p/metadata.json", "{}")
        for maker in makers:
            maker(made)
    return path


def named(name: str, data: bytes = b"x") -> Maker:
    def make(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo("placeholder")
        info.filename = info.orig_filename = name
        made.writestr(info, data, zipfile.ZIP_DEFLATED)

    return make


def moded(name: str, kind: int, data: bytes = b"/etc/passwd") -> Maker:
    def make(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        info.external_attr = (kind | 0o644) << 16
        made.writestr(info, data, zipfile.ZIP_DEFLATED)

    return make


def packed(name: str, kind: int) -> Maker:
    return lambda made: made.writestr(name, b"x" * 100, kind)


def renamed(name: str, other: str) -> Maker:
    """A member whose Unicode Path extra field says another name, which Python 3.12 and later believe."""

    def make(made: zipfile.ZipFile) -> None:
        info = zipfile.ZipInfo(name)
        said = struct.pack("<BL", 1, zlib.crc32(name.encode())) + other.encode()
        info.extra = struct.pack("<HH", 0x7075, len(said)) + said
        made.writestr(info, b"x", zipfile.ZIP_DEFLATED)

    return make


HOSTILE: dict[str, tuple[tuple[Maker, ...], str]] = {
    "up and out": ((named("p/../../evil"),), "leaves its folder"),
    "up and out at the top": ((named("../evil"),), "leaves its folder"),
    "another name, up and out": ((renamed("p/README.md", "../../evil"),), "under two names"),
    "another name, absolute": ((renamed("p/README.md", "/tmp/evil"),), "under two names"),
    "another name, inside": ((renamed("p/README.md", "p/other"),), "under two names"),
    "absolute": ((named("/tmp/evil"),), "absolute path"),
    "backslash": ((named("p\\..\\evil"),), "backslash"),
    "drive": ((named("C:evil"),), "absolute path"),
    "link": ((moded("p/link", stat.S_IFLNK),), "a link"),
    "device": ((moded("p/device", stat.S_IFCHR, b""),), "a device"),
    "pipe": ((moded("p/pipe", stat.S_IFIFO, b""),), "a device"),
    "a name twice": ((named("p/a"), named("p/a")), "a file twice"),
    "two cases": ((named("p/Model.bin"), named("p/model.bin")), "differ in case"),
    "two spellings": ((named("p/caf\u00e9"), named("p/cafe\u0301")), "differ in case"),
    "a file that is a folder": ((named("p/a"), named("p/a/b")), "a file and a folder"),
    "two folders": ((named("q/a"),), "more than one folder"),
    "no folder": ((named("p"),), "outside its folder"),
    "pickle": ((named("p/model.pt"),), "a pickle"),
    "pickle in capitals": ((named("p/spacy/x.PKL"),), "a pickle"),
    "device name": ((named("p/nul.txt"),), "not every system"),
    "control character": ((named("p/a\x1b[31m"),), "not every system"),
    "stream of another file": ((named("p/a:b"),), "not every system"),
    "too many": (tuple(named(f"p/{n}") for n in range(200)), "201 files"),
    "bomb": ((named("p/zeros", b"\0" * 5_000_000),), "unpacks to more"),
    "unusual packing": ((packed("p/a", zipfile.ZIP_LZMA),), "unusual way"),
}


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_archive_is_refused_and_leaves_nothing(tmp_path: Path, kind: str) -> None:
    makers, why = HOSTILE[kind]
    path = archive(tmp_path / "evil.argosmodel", *makers)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ModelError) as caught:
        extract(path, tmp_path / "in" / "to")
    line = str(caught.value)
    assert why in line and "evil.argosmodel" in line and "\n" not in line and "\x1b" not in line
    assert [p for p in sorted(tmp_path.rglob("*")) if p not in before and p.name != "in"] == []


def test_an_encrypted_archive_is_refused(tmp_path: Path) -> None:
    path = archive(tmp_path / "evil.argosmodel", named("p/secret"))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(ModelError, match="encrypted"):
        extract(path, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_a_size_that_lies_is_counted_while_writing(tmp_path: Path) -> None:
    path = archive(tmp_path / "liar.argosmodel", named("p/zeros", b"\0" * 3_000_000))
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, at + 24, 10)
    path.write_bytes(data)
    with pytest.raises(ModelError):
        extract(path, tmp_path / "to", Limits(ratio=10**9))
    assert not (tmp_path / "to").exists()


@pytest.mark.parametrize("limits", [Limits(member=99), Limits(total=150), Limits(members=2)])
def test_each_limit_holds(tmp_path: Path, limits: Limits) -> None:
    path = archive(tmp_path / "a.argosmodel", named("p/a", b"0123456789" * 10), named("p/b", b"9876543210" * 10))
    with pytest.raises(ModelError):
        extract(path, tmp_path / "to", limits)
    assert not (tmp_path / "to").exists()


@given(cut=st.integers(1, 399), flip=st.integers(0, 398))
def test_a_damaged_archive_is_one_line_or_the_same_files(
    tmp_path_factory: pytest.TempPathFactory, cut: int, flip: int
) -> None:
    folder = tmp_path_factory.mktemp("damaged")
    path = archive(folder / "a.argosmodel", named("p/model.bin", bytes(range(256)) * 3))
    data = bytearray(path.read_bytes())
    data[flip % len(data)] ^= 0xFF
    path.write_bytes(data[: max(len(data) - cut, 0)] if cut % 2 else data)
    try:
        top = extract(path, folder / "to")
    except ModelError as error:
        assert "\n" not in str(error)
        assert not (folder / "to").exists()
    else:
        assert top.parent == folder / "to"


def test_stanza_is_left_where_it_is(tmp_path: Path) -> None:
    path = archive(tmp_path / "a.argosmodel", named("p/stanza/en/tokenize/ewt.pt"), named("p/model/model.bin", b"m"))
    top = extract(path, tmp_path / "to")
    assert sorted(p.relative_to(top).as_posix() for p in top.rglob("*") if p.is_file()) == [
        "metadata.json",
        "model/model.bin",
    ]
