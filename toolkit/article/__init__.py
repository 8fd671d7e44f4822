"""Stage 1: a file's text is read into an article, skeleton and blocks, and written back with translations in place."""

from __future__ import annotations

from .rendered import Problem, Rendered

__all__ = ["Problem", "Rendered"]
