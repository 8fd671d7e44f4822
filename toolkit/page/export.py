"""A review by mail: one file with the page, the articles, fonts, findings and suggestions, for a browser without network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from toolkit.errors import UsageError
from toolkit.page import assets, view, words
from toolkit.page.api import ReviewApi
from toolkit.page.view import Json
from toolkit.pipeline.review import ReviewService
from toolkit.project.context import Context
from toolkit.review.findings import find
from toolkit.review.sheet import Row, to_csv
from toolkit.units import Catalog

_UNSAFE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""What could end the script that holds the data, or begin a comment in it; escaped as JSON allows."""


def to_html(context: Context, paths: Sequence[Path]) -> str:
    """The file for a reviewer who has a browser. Raises UsageError where the catalogs are in several languages."""
    api = ReviewApi(context, paths)
    catalogs = list(_catalogs(context, paths))
    tag = _one_language(catalogs)
    works = [_work(api, listed, catalog) for listed, catalog in zip(api.works()["works"], catalogs, strict=True)]
    island = {
        "export": export_id(catalogs),
        "language": tag,
        "reviewer": "",
        "words": words.all_words(),
        "works": works,
    }
    data = json.dumps(island, ensure_ascii=False).translate(_UNSAFE)
    script, style = assets.served("app.js").decode(), assets.style_within()
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    head = f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n<style>{style}</style>'
    foot = f'<script type="application/json" id="island">{data}</script>\n<script type="module">{script}</script>'
    return assets.page_with(head, foot, f"{', '.join(work['article'] for work in works)[:80]} · Lokta")


def to_sheet(context: Context, paths: Sequence[Path]) -> str:
    """The same as a sheet (CSV). Raises UsageError where the catalogs are in several languages."""
    service = ReviewService(context)
    catalogs = list(_catalogs(context, paths))
    tag = _one_language(catalogs)
    checks = service.checks(tag)
    rows = [
        Row(
            article=catalog.article,
            context=unit.context,
            source=unit.source,
            was=unit.target,
            state=unit.state,
            target=unit.target,
            findings=tuple(found.message for _, found in find(unit, catalog, checks) if found.severity != "info"),
            comments=unit.comments,
        )
        for catalog in catalogs
        for unit in catalog.live
    ]
    return to_csv(rows, tag, export_id(catalogs))


def export_id(catalogs: Sequence[Catalog]) -> str:
    """A name for this state of these catalogs: 16 hex digits."""
    return hashlib.sha256("\0".join(catalog.raw for catalog in catalogs).encode()).hexdigest()[:16]


def _catalogs(context: Context, paths: Sequence[Path]) -> Iterator[Catalog]:
    yield from (context.store.read(path) for path in paths)


def _one_language(catalogs: Sequence[Catalog]) -> str:
    tags = sorted({catalog.target_language for catalog in catalogs})
    if len(tags) > 1:
        raise UsageError(f"a reviewer gets one language at a time; name one of {', '.join(tags)}: --to {tags[0]}")
    return tags[0]


def _work(api: ReviewApi, listed: Json, catalog: Catalog) -> Json:
    """A catalog with all that the page would ask the server for."""
    shown = view.work(catalog)
    start: int | None = 0
    found: Json = {}
    while start is not None:
        part = api.findings(listed["id"], start)
        found |= part["findings"]
        start = part["next"]
    for unit, row in zip(catalog.live, shown["units"], strict=True):
        said = found[row["key"]]
        offered = api.suggest(listed["id"], row["key"])
        row["plain"] = str(unit.state)
        row["found"] = {"risk": said["risk"], "list": said["list"]}
        row["offered"] = offered["suggestions"]
        row["firstDraft"] = offered["draft"]
    return {**listed, **shown}


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
