"""What a run did, as JSON that another program can read: by what each paragraph was filled, what was refused, how fast it went."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from toolkit import __version__
from toolkit.config import Config
from toolkit.files import atomic_write
from toolkit.jobs import now
from toolkit.memory import Pace
from toolkit.pipeline import Summary, Translation

FOLDER = ".lokta"
"""In the project's root; it holds a `.gitignore` of its own, so that git never offers it."""


def write(config: Config, run: Translation) -> Path:
    """Put the receipt of a run into the project; the one of the run before is overwritten."""
    folder = config.root / FOLDER
    atomic_write(folder / ".gitignore", "*\n")
    path = folder / "receipt.json"
    atomic_write(path, json.dumps(receipt(config, run), ensure_ascii=False, indent=1) + "\n")
    return path


def receipt(config: Config, run: Translation) -> dict[str, Any]:
    """The run as plain data; the date is that of SOURCE_DATE_EPOCH, if it is set."""
    return {
        "lokta": __version__,
        "date": now().isoformat(timespec="seconds"),
        "articles": [_article(config, summary) for summary in run.summaries],
        "drafting": [
            {
                "model": pace.model,
                "sentences": pace.sentences,
                "characters": pace.characters,
                "seconds": round(pace.seconds, 2),
                "sentences_per_second": round(pace.sentences / pace.seconds, 1) if pace.seconds else None,
                **_tokens(pace),
            }
            for pace in run.paces
        ],
        "notes": run.notes,
        "missing": list(dict.fromkeys(run.missing)),
    }


def _tokens(pace: Pace) -> dict[str, Any]:
    """What a language model counted; nothing of another engine."""
    if not pace.tokens:
        return {}
    speed = round(pace.tokens / pace.seconds, 1) if pace.seconds else None
    return {"tokens": pace.tokens, "tokens_per_second": speed}


def _article(config: Config, summary: Summary) -> Mapping[str, Any]:
    said = asdict(summary)
    reasons, catalog = said.pop("reasons"), said.pop("catalog")
    said["catalog"] = (
        catalog.relative_to(config.root).as_posix() if catalog.is_relative_to(config.root) else str(catalog)
    )
    said["reasons"] = [{"source": source, "why": why} for source, why in reasons]
    return said
