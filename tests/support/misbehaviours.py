"""Answers of language models, good and bad, with what is to become of each: tests/quality/misbehaviours.toml."""

from __future__ import annotations

import tomllib
from typing import Any

from tests.support.environment import ROOT
from toolkit.language import language
from toolkit.units import LanguagePair, Request

_DATA = tomllib.loads((ROOT / "tests" / "quality" / "misbehaviours.toml").read_text(encoding="utf-8"))
_PROMPT = "Translate the following text from {origin} into {spoken}:\n{origin}: {source}\n{spoken}:"


def _filled(value: Any) -> Any:
    """The value with the texts in place of their names."""
    if isinstance(value, str):
        for name, text in _DATA["texts"].items():
            value = value.replace(f"{{{name}}}", text)
        return value
    return [_filled(item) for item in value] if isinstance(value, list) else value


CASES: list[dict[str, Any]] = [
    {"from": "en", **{key: _filled(value) for key, value in case.items()}} for case in _DATA["case"]
]


def pair_of(case: dict[str, Any]) -> LanguagePair:
    """The languages of a case."""
    return LanguagePair(case["from"], case["to"])


def asked(case: dict[str, Any]) -> tuple[Request, str]:
    """The request of a case, and the prompt made of it."""
    request = Request(
        case["source"],
        title=case.get("title", ""),
        before=case.get("before", ""),
        terms=tuple(map(tuple, case.get("terms", ()))),
        examples=tuple(map(tuple, case.get("examples", ()))),
        reference=case.get("reference", ""),
        reference_language=case.get("reference_language", ""),
    )
    names = {"origin": language(case["from"]).name, "spoken": language(case["to"]).name}
    parts = [f"{one} translates to {other}" for one, other in request.terms]
    parts += [f"{one}\n{other}" for one, other in (*request.examples, *case.get("fixed", ()))]
    parts += filter(None, (request.title, request.before, request.reference))
    return request, "\n\n".join((*parts, case.get("question") or _PROMPT.format(source=request.source, **names)))
