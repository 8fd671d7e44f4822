"""Commands that an author writes into a document, in comments of HTML:

<!-- lokta: off -->          nothing is offered for translation from here
<!-- lokta: on -->           until here
<!-- lokta: note TEXT -->    a note to the translator of the next paragraph
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from toolkit.article.furniture import skipped
from toolkit.units import Block, Markup

OFF = "skipped: lokta: off"
"""The note of a block that is not offered because of a command."""

_COMMAND = re.compile(r"<!--\s*lokta:\s*(?:(?P<state>off|on)|note\s+(?P<note>.*?))\s*-->", re.DOTALL)


def followed(parts: Sequence[str | Block], markup: Markup) -> Iterator[str | Block]:
    """The parts of an article, as the commands between its blocks want them; plain text has none."""
    off, notes = False, list[str]()
    for part in parts:
        if isinstance(part, str):
            for command in _COMMAND.finditer(part) if markup != "plain" else ():
                off = command["state"] == "off" if command["state"] else off
                notes += [" ".join(command["note"].split())] if command["note"] else []
            yield part
            continue
        block = replace(part, notes=(*part.notes, *notes)) if notes else part
        yield skipped(block, OFF) if off and block.translate else block
        notes = []
