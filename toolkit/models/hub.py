"""Repositories of the model hub: which files one has at which commit, and the download of a file.

huggingface_hub (the extra `hub`) is asked for the list, without a token; files come by our own download, with its limits.
`HF_ENDPOINT` names another hub.
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
from toolkit.files import printable, read_bytes
from toolkit.models import download
from toolkit.models.download import Fetched, Progress
from toolkit.remotes.address import allowed

INSTALL = "pip install 'lokta[hub]'"
LIMIT = 20 * 2**30
"""Bytes of one file; the largest of the short list has 3 GB."""
_SMALL = 2**26
"""Bytes of a file that the hub keeps in git."""
_REPOSITORY = re.compile(r"[A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9][\w.-]{0,95}", re.A)
_REVISION = re.compile(r"[A-Za-z0-9][\w./-]{0,95}", re.A)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_SPELLED = {"apache-2.0": "Apache-2.0", "mit": "MIT"}
"""The hub's spelling of a licence -> SPDX's."""
_ENDPOINT = "https://huggingface.co"


@dataclass(frozen=True, slots=True)
class File:
    """A file of a repository, as the hub lists it."""

    name: str
    size: int
    sha256: str
    """Of a large file; empty for one in git."""
    blob: str
    """Git's SHA-1 of a file in git; empty for a large one."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A repository at one commit, with all its files."""

    name: str
    """`owner/name`."""
    revision: str
    """The commit."""
    licence: str
    """As its card states it; empty where the card states none."""
    files: Mapping[str, File]
    """By name."""


def ready() -> bool:
    """Whether huggingface_hub is installed; nothing is imported."""
    return find_spec("huggingface_hub") is not None


def endpoint(environ: Mapping[str, str] = os.environ) -> str:
    """The hub's address; UsageError where it may not be asked."""
    return allowed(environ.get("HF_ENDPOINT") or _ENDPOINT).rstrip("/")


def check(repository: str, revision: str) -> None:
    """Raise UsageError for a name that cannot be a repository's, or a revision that cannot be one."""
    if not _REPOSITORY.fullmatch(repository) or (revision and not _REVISION.fullmatch(revision)):
        raise UsageError(f"{printable(repository)!r}: write hf:OWNER/NAME, or hf:OWNER/NAME@REVISION")


def look(repository: str, revision: str = "", extra: str = INSTALL) -> Listing:
    """Ask the hub for a repository at a commit, branch or tag; empty: at its newest commit.

    Raises UsageError for what is no repository's name, ModelError without huggingface_hub (`extra` is the command that
    installs it), DataError where the hub does not answer or has no such repository.
    """
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


def address(listing: Listing, file: File) -> str:
    """The address of a file at the listing's commit."""
    from huggingface_hub import hf_hub_url

    return hf_hub_url(listing.name, file.name, revision=listing.revision, endpoint=endpoint())


def get(listing: Listing, file: File, folder: Path, progress: Progress | None = None) -> Fetched:
    """Download a file under a temporary name in `folder`; DataError where it is not the file that the hub listed."""
    url = address(listing, file)
    limit = LIMIT if file.sha256 else _SMALL
    fetched = download.fetch(url, folder, limit=limit, progress=progress, size=file.size, sha256=file.sha256)
    if not file.sha256 and file.blob and _blob(fetched.path) != file.blob:
        fetched.forget()
        raise DataError(f"hf:{listing.name}: {file.name} is not the file that the hub announced; nothing was installed")
    return fetched


def _ask(repository: str, revision: str) -> Any:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

    where = f"hf:{repository}"
    api = HfApi(endpoint=endpoint(), token=False, library_name="lokta")
    try:
        return api.model_info(repository, revision=revision or None, files_metadata=True, timeout=download.SECONDS)
    except RevisionNotFoundError:
        raise DataError(f"{where}: has no revision {printable(revision)}; check it on the hub") from None
    except RepositoryNotFoundError:
        raise DataError(f"{where}: is not there, or not public; check the name on the hub") from None
    except Exception as error:  # the errors of the library's HTTP client change with its versions
        said = printable(str(error).split("\n")[0])[:120] or type(error).__name__
        raise DataError(f"{where}: the hub cannot be asked ({said}); check the connection and try again") from None


def _file(sibling: Any) -> File:
    lfs = sibling.lfs
    digest = getattr(lfs, "sha256", "") or ""
    size = getattr(lfs, "size", None) or sibling.size or 0
    return File(str(sibling.rfilename), int(size), str(digest), "" if digest else str(sibling.blob_id or ""))


def _licence(said: Any) -> str:
    """The licence on the card, in SPDX's spelling where it has one; for `other`, the name that the card gives it."""
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


def _blob(path: Path) -> str:
    """Git's name for a file's content."""
    data = read_bytes(path, _SMALL)
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
