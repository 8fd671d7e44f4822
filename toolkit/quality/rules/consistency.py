"""A name that most of a project's translations spell otherwise than this one.

`bound` makes the rule for one project, since a rule itself knows a unit and its catalog alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from toolkit.codes.spans import Span
from toolkit.memory.glossary import Glossary
from toolkit.memory.spellings import Spelled
from toolkit.quality.pair import of_unit
from toolkit.units import Catalog, Check, Finding, LanguagePair, Mend, Unit

NAME = "consistency"
"""What `# lokta: ignore check=NAME` silences."""


def bound(
    spellings: Callable[[LanguagePair], Sequence[Spelled]], glossary: Callable[[LanguagePair], Glossary]
) -> Check:
    """The rule for the names that a project spells in several ways; those of its list of terms are left to the rule for terms."""

    def consistency(unit: Unit, catalog: Catalog) -> Iterator[Finding]:
        """A warning with the usual spelling as mend; once for each place."""
        if not unit.target.strip():
            return
        said: list[Span] = []
        for one in spellings(catalog.pair):
            pair = of_unit(unit, catalog)
            found = one.slip(pair.source, pair.target, pair.spoken)
            if found is None or glossary(catalog.pair).find(one.name):
                continue
            here, span = found
            if any(span[0] < other[1] and other[0] < span[1] for other in said):
                continue
            said.append(span)
            message = f"{one.name} is called {here} here, {one.usual} in {one.times} other paragraphs"
            yield Finding(message, "warning", None, span, (Mend(*span, one.usual),))

    return consistency
