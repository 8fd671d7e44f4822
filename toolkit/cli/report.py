"""What `lokta translate` says of a run: a line for each catalog, what is missing, what to do next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import TYPE_CHECKING

import click

from toolkit.cli.console import count, say

if TYPE_CHECKING:
    from toolkit.events import Recorder
    from toolkit.pipeline.translate import Summary, Translation
    from toolkit.translation.drafting.estimate import Forecast

_MANY = 24
"""With more lines than this the articles are added up."""


def forecast(one: Forecast) -> str:
    """What a dry run says of one target language."""
    asked = count(one.sentences, "sentence" if one.grain == "sentence" else "text")
    tokens = f", about {one.tokens:,} tokens to write" if one.tokens else ""
    articles, paragraphs = count(one.articles, "article"), count(one.units, "paragraph")
    known = [f"{count(one.memory, 'paragraph')} from memory"] if one.memory else []
    if one.reused:
        reviewed = count(one.kept_sentences, "reviewed sentence")
        known.append(f"{count(one.reused, 'changed paragraph')} with {reviewed}")
    if one.withdrawn:
        known.append(f"{count(one.withdrawn, 'paragraph')} whose approval elsewhere was withdrawn")
    articles += ": " * bool(known) + ", ".join(known)
    if not one.engine:
        waits = "waits" if one.units == 1 else "wait"
        return f"{one.target_language}: {articles}: {paragraphs} {waits} for a model"
    if not one.units and not one.sentences:
        return f"{one.target_language}: {articles}: nothing to ask ({one.engine})"
    asked = f"{paragraphs}, {asked} to ask ({one.characters:,} new characters{tokens})"
    time = (
        "time unknown before the first run with this model" if one.seconds is None else f"about {period(one.seconds)}"
    )
    again = f", without what is asked again for missing terms: {one.again:,} at most" if one.again else ""
    return f"{one.target_language}: {articles}: {asked}, {time} ({one.engine}){again}"


def period(seconds: float) -> str:
    """A length of time as a person says it: `40 s`, `12 min`, `3.5 h`."""
    if seconds < 90:
        return f"{max(round(seconds), 1 if seconds else 0)} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"


def tell(run: Translation, told: Recorder, targets: Sequence[str]) -> None:
    """Say what a run did. `targets`: the languages that a person or the project asked for."""
    from toolkit.language import language

    for one in run.articles:
        if not one.language_said:
            name = language(one.article.source_language).name
            say(f"{one.source.path}: nobody says its language, so {name} was taken (--from LANG)", err=True)
        if one.article.source_language in targets:
            say(f"{one.source.path}: is in {one.article.source_language} already; not translated into it")
    for line in told.warnings:
        say(line, err=True)
    lines = list(run.summaries)
    if len(lines) > _MANY:
        lines = [_sum(lines, target) for target in dict.fromkeys(one.target_language for one in lines)]
    for summary in lines:
        click.echo(_line(summary))
    for line in told.missing:
        say(line)
    for label in dict.fromkeys(summary.label for summary in run.summaries if summary.machine and summary.label):
        click.echo(label)
    for line in told.notes:
        say(line)
    _next(run)


def _line(summary: Summary) -> str:
    from toolkit.files import printable

    parts = [
        (summary.approved, "approved"),
        (summary.kept, "from the drafts on file"),
        (summary.memory, "from memory"),
        (summary.converted, "converted from zh-Hans"),
        (summary.machine, f"by machine now ({summary.engine})"),
        (summary.reused, f"changed, with {count(summary.kept_sentences, 'reviewed sentence')}"),
        (summary.withdrawn, "whose approval elsewhere was withdrawn"),
        (summary.refused, "refused"),
        (summary.left - summary.refused, "left"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in parts if count) or "nothing to translate"
    taken = f" (taken over from {summary.taken_from}.po)" if summary.taken_from else ""
    return printable(
        f"{summary.article} -> {summary.target_language}: {count(summary.units, 'paragraph')}: {said}{taken}"
    )


def _sum(summaries: Sequence[Summary], target: str) -> Summary:
    from toolkit.pipeline.translate import Summary

    mine = [summary for summary in summaries if summary.target_language == target]
    counts = {f.name: sum(getattr(s, f.name) for s in mine) for f in fields(Summary) if f.type in ("int", int)}
    engine = next((s.engine for s in mine if s.engine), "")
    label = next((s.label for s in mine if s.label), "")
    return Summary(f"{len(mine)} articles", target, mine[0].catalog, engine=engine, label=label, **counts)


def _next(run: Translation) -> None:
    if not run.summaries:
        return
    catalogs = sorted({str(summary.catalog) for summary in run.summaries})
    say("catalogs: " + ", ".join(catalogs[:4]) + (f" and {len(catalogs) - 4} more" if len(catalogs) > 4 else ""))
    click.echo("next: lokta review, or open a catalog in Poedit; then lokta build")
