"""Packages in the Argos format, read without argostranslate: a folder, or the `.argosmodel` archive just as it was downloaded.

    translate-en_zh-1_9/  metadata.json  sentencepiece.model  model/model.bin  model/config.json  model/…vocabulary…

Importing argostranslate makes folders in HOME, and raises where it cannot; so its own folder is read by its rules.
"""

from __future__ import annotations

import os
import re
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from toolkit.errors import LoktaError, ModelError
from toolkit.files import printable, show
from toolkit.language import language
from toolkit.models import licences
from toolkit.models.package import Package, size_of
from toolkit.tables import parse_json
from toolkit.units import LanguagePair

SUFFIX = ".argosmodel"
_CODES = {"zh": "zh-Hans", "zt": "zh-Hant", "pb": "pt-BR"}
"""Argos codes that are no BCP 47 tags, or that mean more than they say."""
VERSION = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6}){0,3}")
_METADATA_LIMIT = 2**20
_MODEL_LIMIT = 2**32
_NEEDED = ("model/model.bin", "sentencepiece.model")


def argos_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where Argos Translate itself keeps the packages that it installed."""
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    if environ.get("ARGOS_PACKAGES_DIR"):
        return Path(environ["ARGOS_PACKAGES_DIR"])
    if named := setting("ARGOS_PACKAGES_DIR", environ):
        return Path(named)
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "argos-translate" / "packages"


def setting(key: str, environ: Mapping[str, str] = os.environ) -> str:
    """What Argos Translate's own settings file says, or nothing."""
    home = Path(environ.get("HOME") or os.path.expanduser("~"))
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config") / "argos-translate" / "settings.json"
    try:
        said = parse_json(settings.read_bytes())
    except OSError:
        return ""
    return _text(said, key) if isinstance(said, dict) else ""


def tag(code: str) -> str:
    """BCP 47 for Argos's code of a language; UsageError for an unknown one."""
    return language(_CODES.get(code, code)).tag


def code(tag: str) -> str:
    """Argos's code for a BCP 47 tag."""
    return next((code for code, meant in _CODES.items() if meant == tag), tag)


def package_name(pair: LanguagePair, version: str) -> str:
    """The name of a package in our folder: `translate-en_zh-1_9`."""
    return f"translate-{code(pair.source)}_{code(pair.target)}-{version.replace('.', '_')}"


def candidates(folder: Path) -> Iterator[Path]:
    """What lies in `folder` and may be a package, by name; what is no package at all is passed over."""
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        if entry.suffix == SUFFIX or (entry / "metadata.json").is_file():
            yield entry


def read(path: Path, origin: str) -> Package | None:
    """The package at `path`; None for one that does not translate. Raises ModelError for a broken one."""
    files = Files(path)
    facts = _facts(files)
    if facts.get("type", "translate") != "translate":
        return None
    for name in _NEEDED:
        if name not in files:
            if name == "sentencepiece.model" and "bpe.model" in files:
                raise ModelError(
                    f"{show(path)}: cuts words by bpe.model; only packages with sentencepiece.model can be used"
                )
            raise ModelError(f"{show(path)}: holds no {name}; download the package again")
    pair = LanguagePair(_tag(facts, "from_code", path), _tag(facts, "to_code", path))
    return Package(
        name=path.stem if path.suffix == SUFFIX else path.name,
        engine="argos",
        pairs=(pair,),
        path=path,
        version=_text(facts, "package_version"),
        licence=(licence := _text(facts, "license") or _text(facts, "licence")),
        commercial=licences.commercial(licence),
        origin=origin,
        size=size_of(path),
    )


def target_prefix(path: Path) -> str:
    """The token that a package wants before each target sentence, mostly none."""
    return _text(_facts(Files(path)), "target_prefix")


class Files:
    """The files of a package by their names in it, from a folder or straight from the archive; nothing is unpacked."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._members: dict[str, zipfile.ZipInfo] = {}
        self.archive = path.suffix == SUFFIX and not path.is_dir()
        if self.archive:
            self._members = _members(path)

    def __contains__(self, name: str) -> bool:
        return name in self._members if self.archive else (self.path / name).is_file()

    def names(self, folder: str) -> list[str]:
        """The files right in `folder`, as `folder/name`, sorted."""
        if self.archive:
            return sorted(n for n in self._members if n.startswith(folder + "/") and "/" not in n[len(folder) + 1 :])
        return sorted(f"{folder}/{file.name}" for file in (self.path / folder).iterdir() if file.is_file())

    def read(self, name: str, limit: int = _MODEL_LIMIT) -> bytes:
        """One file's bytes; ModelError when it is missing, damaged or larger than `limit`."""
        try:
            if not self.archive:
                with (self.path / name).open("rb") as file:
                    data = file.read(limit + 1)
            else:
                with zipfile.ZipFile(self.path) as archive, archive.open(self._members[name]) as member:
                    data = member.read(limit + 1)
        except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
            raise ModelError(
                f"{show(self.path)}: {printable(name)} cannot be read ({error}); download it again"
            ) from None
        if len(data) > limit:
            raise ModelError(
                f"{show(self.path)}: {printable(name)} is larger than {limit >> 20} MB; this is no usable package"
            )
        return data


def refuse_twins() -> None:
    """Raise ModelError where argostranslate and argos-translate-lt overwrote each other: they share one folder."""
    here = []
    for name in ("argostranslate", "argos-translate-lt"):
        try:
            here.append(metadata.distribution(name).metadata["Name"])
        except metadata.PackageNotFoundError:
            continue
    if len(here) == 2:
        raise ModelError(
            "argostranslate and argos-translate-lt are both installed and share files; pip uninstall argostranslate"
        )


def _members(path: Path) -> dict[str, zipfile.ZipInfo]:
    """Name without the top folder -> member. A name that occurs twice, or a second top folder, is a trap: ModelError."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
    except (OSError, zipfile.BadZipFile, NotImplementedError) as error:
        raise ModelError(f"{show(path)}: is no readable archive ({error}); download it again") from None
    members: dict[str, zipfile.ZipInfo] = {}
    tops = set()
    for info in infos:
        top, _, name = info.orig_filename.partition("/")
        tops.add(top)
        if not name or name in members or len(tops) > 1:
            raise ModelError(f"{show(path)}: an Argos package holds one folder and every file once; this one does not")
        members[name] = info
    return members


def _facts(files: Files) -> Mapping[str, Any]:
    facts = parse_json(files.read("metadata.json", _METADATA_LIMIT))
    if not isinstance(facts, dict):
        raise ModelError(f"{show(files.path)}: its metadata.json is broken; download the package again")
    return facts


def _text(facts: Mapping[str, Any], key: str) -> str:
    value = facts.get(key, "")
    return value if isinstance(value, str) else ""


def _tag(facts: Mapping[str, Any], key: str, path: Path) -> str:
    said = _text(facts, key)
    try:
        return tag(said)
    except LoktaError:
        raise ModelError(
            f"{show(path)}: its metadata.json names no known language as {key}: {printable(said)!r}"
        ) from None
