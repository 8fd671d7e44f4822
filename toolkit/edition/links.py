"""Changing relative URLs of an article so that they lead to the same place from the folder of an edition."""

from __future__ import annotations

import posixpath
import re
from urllib.parse import quote

_FIXED = re.compile(r"\s*(?:[A-Za-z][A-Za-z0-9+.-]*:|[/\\#?]|$)")
"""The beginning of a URL that is not relative to a folder: with a scheme, from the root of a site, inside the document."""
_TAIL = re.compile(r"[?#].*", re.DOTALL)
"""The query and fragment of a URL."""


def rebase(url: str, from_dir: str, to_dir: str) -> str:
    """A URL relative to `from_dir` as a URL relative to `to_dir`; any other URL is returned unchanged.

    Both folders are absolute paths with `/`, or both relative to the same place; if one is empty, the URL is unchanged.
    Query and fragment are kept.
    """
    if _FIXED.match(url) or not from_dir or not to_dir:
        return url
    if (from_dir[1:2] == ":" or to_dir[1:2] == ":") and from_dir[:2].lower() != to_dir[:2].lower():
        return url  # two drives of Windows: no relative path leads from one to the other
    lead = url[: len(url) - len(url.lstrip())]
    path = _TAIL.sub("", url.strip())
    tail = url.strip()[len(path) :]
    way = relative(from_dir, to_dir)
    there = posixpath.normpath(posixpath.join(quote(way, safe="/"), path))
    if ":" in there.split("/")[0]:
        there = "./" + there
    folder = re.search(r"(?:^|/)\.{0,2}$", path) is not None and not there.endswith("/")
    return lead + there + ("/" if folder else "") + tail


def relative(path: str, start: str) -> str:
    """The relative path from the folder `start` to `path`, both absolute or both relative to the same place.

    Unlike `posixpath.relpath` it does not depend on the working directory.
    """
    there, here = (
        [part for part in posixpath.normpath(one).split("/") if part not in ("", ".")] for one in (path, start)
    )
    shared = len(posixpath.commonprefix([there, here]))
    return "/".join([".."] * (len(here) - shared) + there[shared:]) or "."
