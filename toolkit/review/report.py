"""Writes diagnostics for other programs: as a JSON list, and as workflow commands that GitHub shows beside the changed line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from toolkit.units import Diagnostic

_GITHUB = {"error": "error", "warning": "warning", "info": "notice"}


def to_json(diagnostics: Iterable[Diagnostic]) -> str:
    """A JSON list of {check, severity, message, source, target, file, line}, indented, not escaped to ASCII."""
    rows = [
        {
            "check": found.check,
            "severity": found.severity,
            "message": found.message,
            "source": found.unit.source,
            "target": found.unit.target,
            "file": found.file,
            "line": found.line,
        }
        for found in diagnostics
    ]
    return json.dumps(rows, ensure_ascii=False, indent=2)


def to_github(diagnostics: Iterable[Diagnostic]) -> Iterator[str]:
    """Workflow commands `::error file=…,line=…,title=…::message`, escaped as GitHub's runner expects."""
    for found in diagnostics:
        places = f"file={_property(found.file)},line={found.line},title={_property('lokta ' + found.check)}"
        yield f"::{_GITHUB[found.severity]} {places}::{_data(found.message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
