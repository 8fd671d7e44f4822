"""Writes diagnostics for other programs: as rows for a JSON list, and as workflow commands that GitHub shows beside the changed line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from toolkit.units import Diagnostic, text_hash

_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


def rows(diagnostics: Iterable[Diagnostic]) -> list[dict[str, object]]:
    """A list for JSON: {check, severity, message, source, target, file, line, …} of each."""
    return [
        {
            "check": found.check,
            "severity": found.severity,
            "message": found.message,
            "source": found.unit.source,
            "target": found.unit.target,
            "file": found.file,
            "line": found.line,
            **_places(found),
        }
        for found in diagnostics
    ]


def _places(found: Diagnostic) -> dict[str, object]:
    """Where a finding stands in source and target, `[start, end]`, and its mend, `[start, end, text]`; what there is."""
    if found.finding is None:
        return {}
    one = found.finding
    places = {"source_span": one.source, "target_span": one.target, "mend": [list(edit) for edit in one.mend]}
    return {key: value for key, value in places.items() if value}


def baseline(diagnostics: Iterable[Diagnostic]) -> list[str]:
    """What names each finding as long as the same is said of the same texts: a list for a file, sorted."""
    return sorted(_key(found) for found in diagnostics)


def new_since(known: Iterable[str], diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that a baseline does not have; one that it has once is new the second time."""
    left = Counter(known)
    fresh = []
    for found in diagnostics:
        if left[_key(found)]:
            left[_key(found)] -= 1
        else:
            fresh.append(found)
    return fresh


def _key(found: Diagnostic) -> str:
    return f"{found.check} {text_hash(f'{found.file} {found.unit.source} {found.unit.target} {found.message}')}"


def to_github(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Workflow commands `::error file=…,line=…,title=…::message`, escaped as GitHub's runner expects."""
    for found in diagnostics:
        places = f"file={_property(found.file)},line={found.line},title={_property('lokta ' + found.check)}"
        yield f"::{_GITHUB[found.severity]} {places}::{_data(found.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
