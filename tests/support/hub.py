"""A hub of models on a local web server: the addresses and records of the real one, and its lies as a test wants them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.server import Site

_LARGE = (".bin", ".model", ".gguf")
"""Files that the hub keeps apart from git, with their SHA-256."""


def hub_pages(
    site: Site, name: str, folder: Path, licence: str = "apache-2.0", lies: dict[str, str] | None = None
) -> str:
    """Put the repository on the site in the hub's layout; `lies` are sums that its record claims. Gives the commit."""
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return hub_files(site, name, files, {"license": licence}, lies)


def hub_files(
    site: Site,
    name: str,
    files: Mapping[str, bytes],
    card: Mapping[str, str],
    lies: Mapping[str, str] | None = None,
    sizes: Mapping[str, int] | None = None,
) -> str:
    """The same of files at hand, with what the card says; `sizes` are lies about lengths."""
    commit = hashlib.sha1(b"".join(name.encode() + data for name, data in files.items())).hexdigest()
    siblings: list[dict[str, Any]] = []
    for file, data in files.items():
        blob = hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()
        size = (sizes or {}).get(file, len(data))
        listed: dict[str, Any] = {"rfilename": file, "size": size, "blobId": (lies or {}).get(file, blob)}
        if file.endswith(_LARGE):
            sha = (lies or {}).get(file, hashlib.sha256(data).hexdigest())
            listed["lfs"] = {"sha256": sha, "size": size, "pointerSize": 130}
        siblings.append(listed)
        site.put(f"/{name}/resolve/{commit}/{file}", data, etag=f'"{blob}"')
    record = {"id": name, "modelId": name, "sha": commit, "siblings": siblings, "private": False, "downloads": 0}
    tags = [f"license:{card['license']}"] if "license" in card else []
    data = json.dumps(record | {"cardData": dict(card), "tags": tags}).encode()
    for path in (f"/api/models/{name}", f"/api/models/{name}/revision/{commit}", f"/api/models/{name}/revision/main"):
        site.put(path, data, kind="application/json")
    return commit
