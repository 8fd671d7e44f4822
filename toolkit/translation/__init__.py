"""Drafting: engines by name, the best one for a pair, and the job that fills catalogs.

`ENGINES` is the table; others join it by the entry point `lokta.engines`, a function of the same shape. What every
engine of models gets around it: codes protected, useless drafts refused.
"""

from __future__ import annotations

from toolkit.translation.convert import convert_from
from toolkit.translation.draft import draft
from toolkit.translation.options import Options
from toolkit.translation.picking import pick, way_to_model
from toolkit.translation.table import ENGINES, Maker, engines

__all__ = ["ENGINES", "Maker", "Options", "convert_from", "draft", "engines", "pick", "way_to_model"]
