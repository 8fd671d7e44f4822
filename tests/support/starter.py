"""The starter model as tests use it: its file, its card, and a place for data packages that are not installed."""

from __future__ import annotations

from typing import Any

from tests.support.environment import ROOT

FILE = ROOT / "starter" / "lokta_starter" / "lokta-starter-en-zh.gguf"
CARD: dict[str, Any] = {
    "name": "lokta-starter-en-zh",
    "engine": "llama",
    "family": "starter",
    "pairs": [("en", "zh-Hans")],
    "path": str(FILE),
    "label": "starter model: expect to rewrite",
}


class Entry:
    """An entry point whose object is `value`."""

    name, dist = "starter", None

    def __init__(self, value: Any) -> None:
        self.value = "x:y"
        self._value = value

    def load(self) -> Any:
        return self._value
