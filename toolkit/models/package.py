"""A model on this machine: its name, its pairs of languages, its licence, its files and their digest.

The digest of a large model is kept in the user's cache folder, with the sizes and times of the files that it was computed
from. That file may be deleted at any time, and `models verify` does not use it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.errors import LoktaError, ModelError
from toolkit.files import atomic_write, cache_folder, read_bytes, show
from toolkit.tables import parse_json
from toolkit.units import LanguagePair

Stamps = Sequence[tuple[str, int, int]]
"""Name, size in bytes and time of the last change in nanoseconds, of each file of a model."""

WORTH = 2**24
"""Bytes of a model; the digest of a smaller one is computed at each start."""
_KEPT = "digests.json"
_KEPT_LIMIT = 2**20
_MOST = 200
"""Models whose digests are kept; the oldest entry goes first."""
_CHUNK = 2**20
_SMALL = 2**26
"""Bytes; settings and vocabularies are smaller."""
_READ = (".bin", ".json", ".txt", ".model", ".spm")
"""Suffixes of files of a CTranslate2 model that inference may read."""


@dataclass(frozen=True, slots=True)
class Package:
    """A model on this machine."""

    name: str
    """As in `--engine ENGINE/NAME` and in the signature of drafts."""
    engine: str
    """`argos`, `ctranslate2` or `llama`."""
    pairs: tuple[LanguagePair, ...]
    path: Path
    """The GGUF file, the folder of a CTranslate2 model, or the folder or archive of an Argos package."""
    version: str = ""
    licence: str = ""
    label: str = ""
    """A warning for the readers of its drafts; empty for most models."""
    family: str = ""
    """The stem of its file in `families/`."""
    origin: str = ""
    """Where it was found: `folder` (ours), `argos`, or the name of the distribution that carries it."""
    size: int = 0
    """Bytes on disk."""
    commercial: bool | None = None
    """Whether its licence allows commercial use; None: not known."""
    source: str = ""
    """Where it came from: an address, or a repository and its revision."""
    figures: str = ""
    """Published scores."""
    memory: int = 0
    """Bytes of memory that a language model takes with the context of its family; 0: not known."""

    @property
    def digest(self) -> str:
        """SHA-256 of the model's files in hex, computed once for each state of the files. Raises ModelError."""
        try:
            return _digest(self.path, _stamps(self.path))
        except OSError as error:
            raise ModelError(f"{show(self.path)}: cannot be read ({error.strerror}); install the model again") from None

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the folder of a CTranslate2 model."""
        return tuple(sorted(file.name for file in self.path.iterdir()))

    def read(self, name: str) -> bytes:
        """A small file of that folder; raises DataError where it cannot be read."""
        return read_bytes(self.path / name, _SMALL)


def files_of(path: Path) -> tuple[Path, ...]:
    """The files of a model: the file itself, or those in the package's folder that inference reads, sorted."""
    if not path.is_dir():
        return (path,)
    if (path / "model.bin").is_file():
        return tuple(sorted(file for file in path.iterdir() if file.suffix in _READ and file.is_file()))
    kept = [path / "metadata.json", path / "sentencepiece.model", *sorted((path / "model").glob("*"))]
    return tuple(file for file in kept if file.is_file())


def size_of(path: Path) -> int:
    """Bytes of the model's files."""
    return sum(file.stat().st_size for file in files_of(path))


def keep_digest(path: Path, digest: str, stamps: Stamps | None = None) -> None:
    """Keep the digest of a large model; `stamps` are those of the files as it was computed, else as they are now.

    Where nothing can be written it is computed again at the next start.
    """
    stamps = _stamps(path) if stamps is None else stamps
    if sum(size for _, size, _ in stamps) < WORTH:
        return
    others = [(key, value) for key, value in _kept().items() if not key.startswith(_place(path))]
    kept = dict([*others[1 - _MOST :], (_key(path, stamps), digest)])
    with contextlib.suppress(LoktaError):
        atomic_write(cache_folder() / _KEPT, json.dumps(kept, indent=1))


def _stamps(path: Path) -> Stamps:
    return tuple((file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files_of(path))


@cache
def _digest(path: Path, stamps: Stamps) -> str:
    """The digest of files in the state that `stamps` describe."""
    if kept := _kept().get(_key(path, stamps)):
        return kept
    digest = _read(path)
    if _stamps(path) == stamps:
        keep_digest(path, digest, stamps)
    return digest


def _read(path: Path) -> str:
    whole = hashlib.sha256()
    files = files_of(path)
    for file in files:
        if len(files) > 1:
            whole.update(f"{file.relative_to(path).as_posix()}\0{file.stat().st_size}\0".encode())
        with file.open("rb") as opened:
            while chunk := opened.read(_CHUNK):
                whole.update(chunk)
    return whole.hexdigest()


def _kept() -> dict[str, str]:
    """The kept digests, the oldest first; empty where there are none, or the file is broken."""
    try:
        said = parse_json(read_bytes(cache_folder() / _KEPT, _KEPT_LIMIT))
    except LoktaError:
        return {}
    entries = said.items() if isinstance(said, dict) else ()
    return {key: value for key, value in entries if isinstance(value, str) and len(value) == 64}


def _key(path: Path, stamps: Stamps) -> str:
    state = hashlib.sha256(json.dumps(list(stamps)).encode()).hexdigest()
    return f"{_place(path)}{state}"


def _place(path: Path) -> str:
    return f"{path.resolve()} "
