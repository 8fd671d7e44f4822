"""The job that fills catalogs: layout of what is asked, the run, what becomes of answers, progress and estimates."""

from __future__ import annotations

from toolkit.translation.drafting.layout import Job
from toolkit.translation.drafting.run import draft

__all__ = ["Job", "draft"]
