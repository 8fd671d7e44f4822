"""Engines around engines: each file adds one ability, and passes everything else on."""

from __future__ import annotations

from toolkit.translation.wrappers.base import compose, innermost
from toolkit.translation.wrappers.checked import Checked
from toolkit.translation.wrappers.fallback import Fallback
from toolkit.translation.wrappers.inline_codes import InlineCodes
from toolkit.translation.wrappers.pivot import Pivot
from toolkit.translation.wrappers.terms import BoundTerms
from toolkit.units import Engine

__all__ = ["BoundTerms", "Checked", "Fallback", "InlineCodes", "Pivot", "compose", "guarded", "innermost"]


def guarded(engine: Engine) -> Engine:
    """The engine with its drafts checked, inline codes protected and terms bound, as far as it does not do so itself."""
    safe = checked(engine)
    safe = safe if safe.abilities.codes == "kept" else InlineCodes(safe)
    return safe if safe.abilities.terms or safe.abilities.verbatim else BoundTerms(safe)


def checked(engine: Engine) -> Engine:
    """The engine with its drafts checked, if it does not check them itself."""
    return engine if engine.abilities.checked else Checked(engine)
