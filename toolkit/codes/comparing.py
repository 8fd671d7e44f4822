"""Whether two texts hold the same inline codes, however their places changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from toolkit.units import Code


@dataclass(frozen=True, slots=True)
class Difference:
    """How the codes of a target differ from those of its source; falsy when they do not."""

    missing: tuple[str, ...] = ()
    """What the source has and the target lacks, as a person would write it: `**…**`, `https://a.org`."""
    extra: tuple[str, ...] = ()
    crossed: bool = False
    """A pair of the target is not closed inside the pair that it was opened in, though the source's are."""

    def __bool__(self) -> bool:
        return bool(self.missing or self.extra or self.crossed)


def difference(source: Sequence[Code], target: Sequence[Code]) -> Difference:
    """What the target does to the source's codes. Pairs may change places as wholes; their data must stay as it is."""
    wanted, crossed_before = _wholes(source)
    given, crossed = _wholes(target)
    missing, extra = Counter(wanted), Counter(given)
    missing.subtract(given)
    extra.subtract(wanted)
    return Difference(tuple((+missing).elements()), tuple((+extra).elements()), crossed and not crossed_before)


def _wholes(codes: Sequence[Code]) -> tuple[list[str], bool]:
    """Each pair and placeholder as a person would write it, and whether pairs cross."""
    wholes: list[str] = []
    open_: list[Code] = []
    crossed = False
    for code in codes:
        if code.kind == "ph":
            wholes.append(code.data)
        elif code.kind == "sc":
            open_.append(code)
        else:
            # A numbered tag says whom it closes; in Markdown the parser has paired them properly.
            at = next((i for i in range(len(open_) - 1, -1, -1) if _closes(code.data, open_[i].data)), None)
            if at is None:
                wholes.append(code.data)
                continue
            crossed = crossed or at != len(open_) - 1
            wholes.append(f"{open_.pop(at).data}…{code.data}")
    return wholes + [code.data for code in open_], crossed


def _closes(closing: str, opening: str) -> bool:
    """Whether the second half of a pair could belong to the first: only numbered tags are choosy."""
    label = opening[1:-1]
    return not (label.isdecimal() and opening.startswith("<")) or closing == f"</{label}>"
