"""A package of a model: what it is called, which pairs it knows, under which terms it stands, where it lies."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from toolkit.errors import ModelError
from toolkit.files import show
from toolkit.models import digests

_CHUNK = 2**20
_READ = (".bin", ".json", ".txt", ".model", ".spm")
"""Files of a CTranslate2 repository that inference may read."""


@dataclass(frozen=True, slots=True)
class Package:
    """A model on this machine."""

    name: str
    """What `--engine ENGINE/NAME` and the catalogs call it."""
    engine: str
    """A key of `translation.ENGINES`: `argos`, `ctranslate2` or `llama`."""
    pairs: tuple[tuple[str, str], ...]
    """Source and target language, BCP 47."""
    path: Path
    """The model's file, the folder of a CTranslate2 model, or the folder or archive of an Argos package."""
    version: str = ""
    licence: str = ""
    label: str = ""
    """What a reader of its drafts must be told; empty for a model that needs no warning."""
    family: str = ""
    """How it wants to be asked: the stem of a file in `families/`."""
    origin: str = ""
    """Who put it there: `folder` (ours), `argos`, or the distribution that carries it."""
    size: int = 0
    """Bytes on disk."""
    commercial: bool | None = None
    """Whether its licence allows commercial use; None: not known."""
    source: str = ""
    """Where it was got from: an address, or a repository and its revision."""
    figures: str = ""
    """Published scores."""
    memory: int = 0
    """Bytes that a language model takes while it runs, with a context as long as its family's; 0: not known."""

    @property
    def digest(self) -> str:
        """SHA-256 of the model's files in hex; read once per state of the files. Raises ModelError."""
        try:
            return _digest(self.path, _stamps(self.path))
        except OSError as error:
            raise ModelError(f"{show(self.path)}: cannot be read ({error.strerror}); install the model again") from None


def files_of(path: Path) -> tuple[Path, ...]:
    """The files that make the model: the file itself, or all in the package's folder that inference reads, sorted."""
    if not path.is_dir():
        return (path,)
    if (path / "model.bin").is_file():
        return tuple(sorted(file for file in path.iterdir() if file.suffix in _READ and file.is_file()))
    kept = [path / "metadata.json", path / "sentencepiece.model", *sorted((path / "model").glob("*"))]
    return tuple(file for file in kept if file.is_file())


def size_of(path: Path) -> int:
    """Bytes of the model's files."""
    return sum(file.stat().st_size for file in files_of(path))


def _stamps(path: Path) -> tuple[tuple[str, int, int], ...]:
    return tuple((file.name, (stat := file.stat()).st_size, stat.st_mtime_ns) for file in files_of(path))


@cache
def _digest(path: Path, stamps: tuple[tuple[str, int, int], ...]) -> str:
    """`stamps` (name, size, time of each file) make a changed file a new question to the cache."""
    large = sum(size for _, size, _ in stamps) >= digests.WORTH
    kept = digests.find(path, stamps) if large else ""
    if kept:
        return kept
    digest = _read(path)
    if large and _stamps(path) == stamps:
        digests.keep(path, stamps, digest)
    return digest


def remember(path: Path, digest: str) -> None:
    """Keep the digest of a model's one file that was computed as it came in."""
    if path.stat().st_size >= digests.WORTH:
        digests.keep(path, _stamps(path), digest)


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
