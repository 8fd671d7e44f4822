"""A repository of the hub: which files it has at which commit, and those of them that a CTranslate2 model needs.

huggingface_hub (the extra `hub`) is asked for the list, without a token; the files come by our own download, so that the
same rules hold for them. `HF_ENDPOINT` names another hub.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from toolkit.errors import DataError, ModelError, UsageError
from toolkit.files import printable
from toolkit.models import download, tokens
from toolkit.models.download import Fetched, Progress

INSTALL = "pip install 'lokta[hub]'"
LIMIT = 20 * 2**30
"""Bytes of one file; the largest of the short list has 3 GB."""
_SMALL = 2**26
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.A)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,95}", re.A)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_TEXTS = re.compile(r"(readme|licen[cs]e|notice|copying)(\.[a-z]{2,4})?", re.I)
_SPELLED = {"apache-2.0": "Apache-2.0", "mit": "MIT"}
_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class File:
    """One file of a repository, as the hub announces it."""

    name: str
    size: int
    sha256: str
    """Of a large file; empty for one that git holds itself."""
    blob: str
    """Git's own SHA-1 of a small one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit, with all its files."""

    name: str
    """`owner/name`."""
    revision: str
    licence: str
    """By its card; `""` when it says none."""
    files: Mapping[str, File]


@dataclass(frozen=True, slots=True)
class Repository:
    """A repository of a CTranslate2 model at one commit, with the files that are needed of it."""

    name: str
    revision: str
    family: str
    licence: str
    files: tuple[File, ...]

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)


def ready() -> bool:
    """Whether the extra is installed; nothing is imported."""
    return find_spec("huggingface_hub") is not None


def endpoint(environ: Mapping[str, str] = os.environ) -> str:
    """The hub's address; UsageError when it may not be asked."""
    return download.allowed(environ.get("HF_ENDPOINT") or _ENDPOINT).rstrip("/")


def describe(repository: str, revision: str = "", family: str = "") -> Repository:
    """Ask the hub; `revision` is a commit, branch or tag, empty for the newest. The family is guessed where it is not said.

    Raises UsageError for what cannot be meant, ModelError without the extra and for a repository that is no such model,
    DataError when the hub does not answer.
    """
    check(repository, revision)
    family = tokens.tokens(family).name if family else tokens.guess(repository)
    listing = look(repository, revision)
    needed = _needed(listing.files, family, repository)
    return Repository(repository, listing.revision, family, listing.licence, needed)


def check(repository: str, revision: str) -> None:
    """Raise UsageError for what names no repository, before anything is asked."""
    if not _REPOSITORY.fullmatch(repository) or (revision and not _REVISION.fullmatch(revision)):
        raise UsageError(f"{printable(repository)!r}: write hf:OWNER/NAME, or hf:OWNER/NAME@REVISION")


def look(repository: str, revision: str = "", extra: str = INSTALL) -> Listing:
    """All files of a repository; raises as `describe` does. `extra` is what to install where the library is missing."""
    check(repository, revision)
    if not ready():
        raise ModelError(f"repositories of the hub are read by an extra that is not installed: {extra}")
    said = _ask(repository, revision)
    if not isinstance(said.sha, str) or not _COMMIT.fullmatch(said.sha):
        raise DataError(f"hf:{repository}: the hub names no commit; try again later")
    if _COMMIT.fullmatch(revision) and said.sha != revision:
        raise DataError(f"hf:{repository}: the hub gives another commit than {revision}; nothing was installed")
    listed = {file.name: file for file in map(_file, said.siblings or ())}
    return Listing(repository, said.sha, _licence(said), listed)


def address(repository: Repository | Listing, file: File) -> str:
    """Where a file lies at the repository's commit."""
    from huggingface_hub import hf_hub_url

    return hf_hub_url(repository.name, file.name, revision=repository.revision, endpoint=endpoint())


def get(repository: Repository | Listing, file: File, folder: Path, progress: Progress | None = None) -> Fetched:
    """Download one file under a temporary name in `folder`, and check it against the hub's record."""
    url = address(repository, file)
    limit = LIMIT if file.sha256 else _SMALL
    fetched = download.fetch(url, folder, limit=limit, progress=progress, size=file.size, sha256=file.sha256)
    if not file.sha256 and file.blob and _blob(fetched.path) != file.blob:
        fetched.forget()
        raise DataError(
            f"hf:{repository.name}: {file.name} is not the file that the hub announced; nothing was installed"
        )
    return fetched


def _ask(repository: str, revision: str) -> Any:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    where = f"hf:{repository}"
    try:
        return HfApi(endpoint=endpoint(), token=False, library_name="lokta").model_info(
            repository, revision=revision or None, files_metadata=True, timeout=download.SECONDS
        )
    except UsageError:
        raise
    except RevisionNotFoundError:
        raise DataError(f"{where}: has no revision {printable(revision)}; check it on the hub") from None
    except RepositoryNotFoundError:
        raise DataError(f"{where}: is not there, or not public; check the name on the hub") from None
    except Exception as error:  # the library's own HTTP client has a tree of errors that changes with its versions
        said = printable(str(error).split("\n")[0])[:120] or type(error).__name__
        raise DataError(f"{where}: the hub cannot be asked ({said}); check the connection and try again") from None


def _file(sibling: Any) -> File:
    lfs = sibling.lfs
    digest = getattr(lfs, "sha256", "") or ""
    size = getattr(lfs, "size", None) or sibling.size or 0
    return File(str(sibling.rfilename), int(size), str(digest), "" if digest else str(sibling.blob_id or ""))


def _licence(said: Any) -> str:
    """The card's licence in the spelling of SPDX, where it has one; of an `other` one the name that the card gives it."""
    data = said.card_data
    name = (data.get("license") if data else "") or next(
        (tag.removeprefix("license:") for tag in said.tags or () if tag.startswith("license:")), ""
    )
    name = name[0] if isinstance(name, list) and name else name
    if name == "other" and isinstance(data.get("license_name") if data else "", str):
        name = data.get("license_name") or name
    if not isinstance(name, str) or len(name) > 100:
        return ""
    return _SPELLED.get(name, name.upper() if name.startswith("cc") else printable(name))


def _needed(listed: Mapping[str, File], family: str, repository: str) -> tuple[File, ...]:
    vocabularies = [f"{stem}{suffix}" for stem in tokens.VOCABULARIES for suffix in (".json", ".txt")]
    tokenizer = tokens.tokenizer(family, listed)
    wanted = ["model.bin", "config.json", tokenizer, *[name for name in vocabularies if name in listed]]
    for name in wanted:
        if name not in listed:
            missing = name or tokens.tokens(family).tokenizers[0]
            raise ModelError(f"hf:{repository}: holds no {missing}; it is not ready for CTranslate2, choose another")
    if not any(name in listed for name in vocabularies):
        raise ModelError(f"hf:{repository}: holds no shared_vocabulary.json; it is not ready for CTranslate2")
    texts = sorted(name for name in listed if _TEXTS.fullmatch(name))
    # The smallest first: what is wrong shows before gigabytes came.
    return tuple(sorted((listed[name] for name in (*wanted, *texts)), key=lambda file: (file.size, file.name)))


def _blob(path: Path) -> str:
    """Git's name for a file's content."""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
