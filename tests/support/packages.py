"""What lies in the folder of models, and an agreement that no question is expected for."""

from __future__ import annotations

from toolkit import models
from toolkit.models.store import Terms


def nobody(terms: Terms) -> None:
    """No question is expected."""


def left() -> list[str]:
    """What lies in our folder, the lock's side file apart."""
    folder = models.folder()
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.name != ".lokta.lock")


def ours() -> list[str]:
    return [package.name for package in models.installed() if package.origin == "folder"]
