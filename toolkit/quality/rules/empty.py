"""Nothing stands where the translation should be."""

from __future__ import annotations

from collections.abc import Iterator

from toolkit.quality.pair import Compared
from toolkit.quality.refusal import has_words
from toolkit.units import Catalog, Finding, Unit


def empty(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
    """Not translated yet (with the reason, when a machine's draft was refused), or blanks alone."""
    if unit.target.strip() or not unit.source.strip():
        return
    refused = unit.line("refused")
    if unit.target:
        yield Finding("the translation holds nothing but blanks", "error")
    elif refused:
        who = " ".join(filter(None, (refused.get("engine", "a machine"), refused.get("model"))))
        yield Finding(f"not translated yet; the draft by {who} was refused: {refused.get('why', 'no reason given')}")
    else:
        yield Finding("not translated yet")


def nothing(draft: Compared) -> str:
    """Dots and dashes alone."""
    return "empty" if has_words(draft.source) and not any(map(str.isalnum, draft.target)) else ""
