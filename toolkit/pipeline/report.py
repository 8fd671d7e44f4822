"""The receipt of a translation run, as JSON: how each paragraph was filled, which drafts were refused, the throughput."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.events import Recorder
from toolkit.pipeline.translate import Summary, Translation
from toolkit.project.context import Context
from toolkit.translation.cache import Throughput


def write(context: Context, run: Translation, told: Recorder) -> Path:
    """Write the receipt of a run to `.lokta/receipt.json`, in place of that of the run before; its path."""
    text = json.dumps(receipt(context, run, told), ensure_ascii=False, indent=1) + "\n"
    return context.write_private("receipt.json", text)


def receipt(context: Context, run: Translation, told: Recorder) -> dict[str, Any]:
    """The receipt as plain data; its date is that of SOURCE_DATE_EPOCH, where that is set."""
    return {
        "lokta": __version__,
        "date": context.clock().isoformat(timespec="seconds"),
        "articles": [_article(context.config.root, summary) for summary in run.summaries],
        "drafting": [
            {
                "model": one.model,
                "sentences": one.sentences,
                "characters": one.characters,
                "seconds": round(one.seconds, 2),
                "sentences_per_second": round(one.sentences / one.seconds, 1) if one.seconds else None,
                **_tokens(one),
            }
            for one in run.throughputs
        ],
        "notes": told.notes,
        "missing": told.missing,
    }


def _tokens(one: Throughput) -> dict[str, Any]:
    """Token counts of a language model; empty for any other engine."""
    if not one.tokens:
        return {}
    speed = round(one.tokens / one.seconds, 1) if one.seconds else None
    return {"tokens": one.tokens, "tokens_per_second": speed}


def _article(root: Path, summary: Summary) -> Mapping[str, Any]:
    said = asdict(summary)
    reasons, catalog = said.pop("reasons"), said.pop("catalog")
    said["catalog"] = catalog.relative_to(root).as_posix() if catalog.is_relative_to(root) else str(catalog)
    said["reasons"] = [{"source": source, "why": why} for source, why in reasons]
    return said
