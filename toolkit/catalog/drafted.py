"""The sentences of drafts, kept beside a catalog: which target sentence was made for which source sentence.

A catalog holds a paragraph as it was edited. To trace what a person wrote back to its source sentences, the words of the draft
are needed, sentence by sentence. They stand in `<article>.sentences` beside `<article>.po`: a line of JSON for each paragraph of
several sentences, with the hash of its msgid and the draft of each of its sentences, sorted, so that two branches of a
repository seldom touch the same place:

    ["41c8d61d94ef", "first sentence of the draft", "second one"]

The file may be deleted: what it says is asked of the draft cache then, and of the texts themselves after that, and fewer
sentences keep their translation when a paragraph changes. Lines that are none of ours are passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from toolkit.units import Catalog, text_hash

SUFFIX = ".sentences"
_HASH = re.compile(r"[0-9a-f]{12}")
_LONGEST = 1_000_000
"""Characters of a line that is read."""


def parse(text: str) -> dict[str, tuple[str, ...]]:
    """The hash of each msgid with the sentences of its draft."""
    found: dict[str, tuple[str, ...]] = {}
    for line in text.split("\n"):
        if not line.startswith("[") or len(line) > _LONGEST:
            continue
        try:
            values = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(values, list) and all(isinstance(value, str) for value in values) and len(values) > 2:
            key, *targets = values
            if _HASH.fullmatch(key):
                found[key] = tuple(targets)
    return found


def spell(drafted: Mapping[str, Sequence[str]]) -> str:
    """The text of the file."""
    lines = (json.dumps([key, *drafted[key]], ensure_ascii=False) for key in sorted(drafted))
    # JSON leaves these as they are, and some editors end a line at them
    return "".join(line.translate({0x2028: "\\u2028", 0x2029: "\\u2029", 0x85: "\\u0085"}) + "\n" for line in lines)


def still_needed(drafted: Mapping[str, Sequence[str]], catalog: Catalog) -> dict[str, Sequence[str]]:
    """What belongs to a msgid of the catalog, living, obsolete or previous."""
    known = {text_hash(unit.source) for unit in catalog.units}
    known |= {text_hash(unit.previous_source) for unit in catalog.units if unit.previous_source}
    return {key: targets for key, targets in drafted.items() if key in known and len(targets) > 1}
