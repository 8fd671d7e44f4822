"""Comparing the inline codes of two texts without regard to their positions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.units import Code

_MARKS = {"_": "*", "<em>": "*", "<i>": "*", "__": "**", "<strong>": "**", "<b>": "**"}
"""Ways to write emphasis in Markdown that a reader cannot tell apart."""
EMPHASIS = frozenset({"*…*", "**…**"})
"""Italics and bold of Markdown, as `Difference` names them."""


@dataclass(frozen=True, slots=True)
class Difference:
    """How the codes of a target differ from those of its source; false in a condition where they do not."""

    missing: tuple[str, ...] = ()
    """Codes that the source has and the target lacks, in the form shown to people: `**…**`, `https://a.org`."""
    extra: tuple[str, ...] = ()
    """Codes that the target has and the source lacks, in the same form."""
    crossed: bool = False
    """Pairs of the target overlap without one containing the other, as in `<1><2></1></2>`, and those of the source do not."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.crossed)


def difference(source: Sequence[Code], target: Sequence[Code]) -> Difference:
    """How the target's codes differ from the source's. Pairs may be reordered as wholes; their data may not change, but `_x_`
    and `*x*` are the same emphasis, and so are `__x__` and `**x**`."""
    wanted, crossed_before = _wholes(source)
    given, crossed = _wholes(target)
    missing, extra = Counter(wanted), Counter(given)
    missing.subtract(given)
    extra.subtract(wanted)
    return Difference(tuple((+missing).elements()), tuple((+extra).elements()), crossed and not crossed_before)


def _wholes(codes: Sequence[Code]) -> tuple[list[str], bool]:
    """Each pair and placeholder in the form shown to people, and whether pairs cross."""
    wholes: list[str] = []
    open_: list[Code] = []
    crossed = False
    for code in codes:
        if code.kind == "ph":
            wholes.append(code.data)
        elif code.kind == "sc":
            open_.append(code)
        else:
            # A numbered tag closes the tag with its number; in Markdown the parser has paired the codes already.
            at = next((i for i in range(len(open_) - 1, -1, -1) if _closes(code.data, open_[i].data)), None)
            if at is None:
                wholes.append(code.data)
                continue
            crossed = crossed or at != len(open_) - 1
            opening = open_.pop(at).data
            mark = _MARKS.get(opening)
            wholes.append(f"{mark}…{mark}" if mark else f"{opening}…{code.data}")
    return wholes + [code.data for code in open_], crossed


def _closes(closing: str, opening: str) -> bool:
    """Whether a closing code fits an opening one: of numbered tags the numbers must agree, all other codes fit."""
    label = opening[1:-1]
    return not (label.isdecimal() and opening.startswith("<")) or closing == f"</{label}>"
