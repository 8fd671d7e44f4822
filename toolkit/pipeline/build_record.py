"""The records of builds (`.lokta/built/`): for each article and language what was built from what.

By them `build` renders nothing twice and keeps what a person changed in an edition, `adopt` tells a person's edit from what the
catalog said, and `prune` knows an edition for ours.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from toolkit.edition.names import safe_path
from toolkit.errors import LoktaError
from toolkit.files import read_text
from toolkit.pipeline.edited import letters
from toolkit.project.context import Context
from toolkit.project.discovery import Source
from toolkit.units import text_hash

FOLDER = "built"
"""Where they lie, in the project's private folder."""
LARGEST = 2**24
"""Bytes of a record that is read."""
BROKEN = (LoktaError, OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError)
"""What reading a record raises that is none, or not of this version."""
_TAKEN = "taken"
"""Key of an edition: SHA-256 of the version that `lokta adopt` took over."""
_EARLIER = 20
"""Texts of builds before that are known of each paragraph."""
_GONE = 2_000
"""Texts that are known of paragraphs whose source is no longer in the article."""


def record_name(source: Source, tag: str) -> str:
    """The file of the record of an article in one language, in the project's private folder."""
    return f"{FOLDER}/{tag or 'source'}/{safe_path(source.id)}.json"


def read_record(context: Context, source: Source, tag: str) -> dict[str, Any]:
    """The record of an article in one language; empty where there is none that can be read."""
    with contextlib.suppress(*BROKEN):
        record = json.loads(read_text(context.private / record_name(source, tag), LARGEST))
        return record if isinstance(record, dict) else {}
    return {}


def write_record(context: Context, source: Source, tag: str, record: Mapping[str, Any]) -> None:
    """Write the record of an article in one language."""
    context.write_private(record_name(source, tag), json.dumps(record, ensure_ascii=False))


def said_hash(text: str) -> str:
    """A hash of the letters and digits of a text, which are the same in whatever markup it is read."""
    return text_hash(letters(text))


def texts_said(now: Mapping[str, str], old: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a record that says which texts its editions have, and which the builds before had in their place.

    `now`: the hash of each paragraph of the article -> that of its text (`said_hash`); `old`: the record of the build before.
    """
    earlier: dict[str, list[str]] = {}
    gone: list[str] = []
    added: list[str] = []
    with contextlib.suppress(*BROKEN):
        before, texts = old.get("earlier", {}), old.get("texts", {})
        said = {key: [*before.get(key, ()), *([texts[key]] if key in texts else [])] for key in (*texts, *now)}
        earlier = {key: [one for one in dict.fromkeys(said[key]) if one and one != now[key]] for key in now}
        gone = [*old.get("gone", ()), *(one for key in said if key not in now for one in said[key])]
        added = [key for key in now if key in old.get("added", ()) or (texts and key not in texts)]
    return {
        "texts": now,
        "earlier": {key: texts[-_EARLIER:] for key, texts in earlier.items() if texts},
        "gone": list(dict.fromkeys(gone))[-_GONE:],
        "added": added,
    }


def editions_of(record: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    """What builds wrote of an article in a language, in the last one's formats and in others: each edition's name -> its entry."""
    with contextlib.suppress(*BROKEN):
        every = (*record.get("others", ()), *record["editions"])
        return {one["name"]: one for one in every if one["size"] >= 0 and one["sha256"]}
    return {}


def note_taken_over(context: Context, source: Source, tag: str, path: Path, said: bytes) -> None:
    """Note that the catalog now says all that somebody changed in an edition, so that the next build writes over that version
    without keeping it. Nothing is noted of a file that no build is known to have written."""
    editions, path = context.config.editions.resolve(), path.resolve()
    if not path.is_relative_to(editions):
        return
    name, record = path.relative_to(editions).as_posix(), read_record(context, source, tag)
    with contextlib.suppress(*BROKEN):
        found = [one for one in record["editions"] if one["name"] == name]
        for one in found:
            one[_TAKEN] = hashlib.sha256(said).hexdigest()
        if found:
            write_record(context, source, tag, record)


def is_taken_over(edition: Mapping[str, Any], said: bytes) -> bool:
    """Whether an edition's changed version is the one that was noted."""
    return bool(hashlib.sha256(said).hexdigest() == edition.get(_TAKEN))


@dataclass(frozen=True, slots=True)
class LastBuild:
    """What the last build of an article in a language wrote; empty where no record is known."""

    sums: Mapping[str, str] = field(default_factory=dict)
    """The name of each edition -> its SHA-256."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """The hash of each paragraph of the article -> that of what the editions said (`said_hash`)."""
    earlier: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """The same for what builds before said."""
    gone: frozenset[str] = frozenset()
    """What they said of paragraphs whose source is no longer in the article: its new source may have a new translation."""
    added: frozenset[str] = frozenset()
    """The hashes of paragraphs that an earlier build did not have."""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> LastBuild:
        """What a record says."""
        with contextlib.suppress(*BROKEN):
            return cls(
                {one["name"]: one["sha256"] for one in record["editions"]},
                {str(key): str(text) for key, text in record.get("texts", {}).items()},
                {str(key): list(map(str, texts)) for key, texts in record.get("earlier", {}).items()},
                frozenset(map(str, record.get("gone", ()))),
                frozenset(map(str, record.get("added", ()))),
            )
        return cls()

    def said_before(self, source: str, text: str) -> bool:
        """Whether an earlier build said this of a paragraph, or of one that changed since, and the last one something else."""
        said = said_hash(text)
        return said in self.earlier.get(text_hash(source), ()) or said in self.gone

    def is_as_ever(self, source: str) -> bool:
        """Whether all builds that are known had this paragraph, and said the same of it: so had an edition that may be of any."""
        key = text_hash(source)
        return key not in self.added and not self.earlier.get(key)

    def is_edit(self, source: str, now: str, text: str) -> bool:
        """Whether a text in an edition of this build is a person's edit of what the catalog still says (`now`)."""
        said = self.texts.get(text_hash(source))
        return said == said_hash(now) != said_hash(text) and not self.said_before(source, text)
