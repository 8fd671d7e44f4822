"""The rules for translations: what each says of a unit of a catalog, and why it would refuse an engine's draft.

To add one, write a function here, `(unit, catalog) -> findings` or `(draft) -> reason`, and name it in `RULES`; a package of
its own joins by the entry point `lokta.checks`. No rule knows whether a translation is good. A rule that refuses drafts has to
stay silent on 1,997 sentences of news by people, in two languages, and so have the errors of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from toolkit.quality.pair import Draft, of_draft
from toolkit.quality.refusal import bound
from toolkit.quality.rules import echoes, wording
from toolkit.quality.rules.codes import codes
from toolkit.quality.rules.dates import dates
from toolkit.quality.rules.empty import empty, nothing
from toolkit.quality.rules.ending import ending, paired
from toolkit.quality.rules.length import added, broken_off, length, lost
from toolkit.quality.rules.names import leftovers, names
from toolkit.quality.rules.negation import negation
from toolkit.quality.rules.numbers import numbers
from toolkit.quality.rules.outdated import outdated
from toolkit.quality.rules.remarks import remarks, residues
from toolkit.quality.rules.repetition import loop, repetition
from toolkit.quality.rules.script import english, foreign_letters, romanised, script, written_in_the_other
from toolkit.quality.rules.typography import digits, spelling, typography
from toolkit.quality.rules.untranslated import untranslated
from toolkit.units import Check, LanguagePair, Request


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of mistake."""

    name: str
    """What `# lokta: ignore check=NAME` silences."""
    units: Check | None = None
    """What it says of any unit: errors, warnings, notes, with what mends them; None: it is for drafts alone."""
    drafts: tuple[Callable[[Draft], str], ...] = ()
    """Why a language model's draft is refused, in a few words; empty: it never is for this."""


RULES: tuple[Rule, ...] = (
    Rule("empty", empty, (nothing,)),
    Rule("outdated", outdated),
    Rule("residue", residues, (wording.garbled, wording.tokens, wording.thoughts)),
    Rule("remark", remarks, (wording.refusal, wording.preface)),
    Rule(
        "echo", None, (echoes.terms, echoes.prompt, echoes.example, echoes.reference, echoes.source, echoes.background)
    ),
    Rule("note", None, (wording.note, wording.choice)),
    Rule("machinery", None, (wording.delimiters, wording.markup, wording.markers)),
    Rule("repetition", repetition, (loop,)),
    Rule("script", script, (written_in_the_other, foreign_letters, english)),
    Rule("untranslated", untranslated, (echoes.left, romanised)),
    Rule("leftover", leftovers),
    Rule("names", names),
    Rule("codes", codes),
    Rule("numbers", numbers),
    Rule("dates", dates),
    Rule("negation", negation),
    Rule("length", length, (broken_off, lost, added, wording.lines)),
    Rule("ending", ending),
    Rule("paired", paired),
    Rule("spelling", spelling),
    Rule("digits", digits),
    Rule("typography", typography),
)
"""In this order: of a draft what says most about the fault comes first, of a unit what is gravest."""

CHECKS: Mapping[str, Check] = {rule.name: rule.units for rule in RULES if rule.units}
"""The rules for units, by name."""


@cache
def checks() -> Mapping[str, Check]:
    """Our rules for units, then those that installed packages bring; ours win a clash of names."""
    return {**{point.name: point.load() for point in entry_points(group="lokta.checks")}, **CHECKS}


def failed_check(
    request: Request,
    answer: str,
    question: str,
    pair: LanguagePair,
    examples: Sequence[tuple[str, str]] = (),
) -> str:
    """Which rule the answer to a request breaks, in a few words for a translator; empty for none.

    `question` is the prompt as it was sent, `examples` those that the family puts into every prompt.
    """
    if len(answer) > bound(request.source):
        return "far longer than the source"
    draft = of_draft(request, answer, question, pair, examples)
    return next((why for rule in RULES for refuses in rule.drafts if (why := refuses(draft))), "")
