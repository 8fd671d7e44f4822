"""`lokta models evaluate`: how good a model is, against a person's translation of the same sentences."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from toolkit.cli.options import open_project

if TYPE_CHECKING:
    from toolkit.project.context import Context
    from toolkit.translation.evaluation.evaluate import Evaluation, Progress, Side
    from toolkit.units import LanguagePair

_FILE = click.Path(readable=False, path_type=Path)


@click.command(short_help="Measure a model on your own sentences.")
@click.argument("model", metavar="MODEL|ENGINE")
@click.option("--source", type=_FILE, help="A text file with a sentence a line.")
@click.option("--reference", type=_FILE, help="A person's translations, a sentence a line.")
@click.option(
    "--from-catalogs",
    is_flag=True,
    help="In their place: what people approved in the project's catalogs (adopted or reviewed), a paragraph each.",
)
@click.option("--from", "source_language", metavar="LANG", default="", help="Language of the sentences.")
@click.option("--to", "target_language", metavar="LANG", default="", help="Language of the translations.")
@click.option(
    "--against",
    metavar="FILE|ENGINE",
    help="Another system's output, a sentence a line, or another engine: is the difference chance?",
)
@click.option("--limit", type=click.IntRange(min=1), help="So many of the sentences, the same ones each time.")
@click.option("--yes", is_flag=True, help="Do not ask before texts go to a server.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def evaluate(
    model: str,
    source: Path | None,
    reference: Path | None,
    from_catalogs: bool,
    source_language: str,
    target_language: str,
    against: str | None,
    limit: int | None,
    form: str,
    yes: bool,
) -> None:
    """Measure a model: its raw answers, then its drafts as a catalog would hold them.

    MODEL is one of lokta models list, or an engine, or ENGINE/MODEL. A draft that is refused counts as empty. Languages
    may be left out where the model knows one pair alone. Of the catalogs no paragraph counts that a machine drafted and a person
    approved unchanged: it would flatter that machine. Needs the extra: pip install 'lokta[evaluate]'

    \b
    Example:
      lokta models evaluate llama --source news.en --reference news.zh --limit 200
    """
    from toolkit.cli import network
    from toolkit.errors import UsageError
    from toolkit.files import read_text
    from toolkit.language import language
    from toolkit.translation.drafting.estimate import by_server, would_send
    from toolkit.translation.evaluation import evaluate as measuring
    from toolkit.translation.evaluation.scores import check_ready
    from toolkit.translation.options import Options
    from toolkit.translation.picking import pick

    check_ready()
    if from_catalogs == bool(source or reference) or (against and from_catalogs and Path(against).is_file()):
        raise UsageError(
            "name --source FILE and --reference FILE, or --from-catalogs in a project (without a file to compare)"
        )
    if not from_catalogs and not (source and reference):
        raise UsageError("--source FILE needs --reference FILE, a person's translations of the same sentences")
    tags = [language(tag).tag if tag else "" for tag in (source_language, target_language)]
    with open_project() as context:
        resources = replace(context.resources, cache=None)
        spec, pair = measuring.resolve(model, resources, *tags)
        other = against if against and against.partition("/")[0] in resources.engines else ""
        if from_catalogs:
            texts = [*_approved(context, pair), []]
        else:
            paths = (source, reference, Path(against) if against and not other else None)
            texts = [measuring.lines(read_text(path)) if path else [] for path in paths]
            _check(texts, paths)
        chosen = measuring.sample(len(texts[0]), limit or 0)
        sources, references, others = ([text[number] for number in chosen] if text else [] for text in texts)
        task = measuring.Task(spec, pair, sources, references, others)
        engine = pick(spec, pair, Options(), resources)
        assert engine is not None, "an engine that was named is there, or pick has said why not"
        once = would_send(engine, sources, pair)
        network.tell(context.config, once if engine.abilities.independent else by_server(once + once), yes)
        with _bar(form == "text") as progress:
            if other:
                task = replace(
                    task, others=measuring.outputs(replace(task, spec=other), Options(), resources, progress)
                )
            found = measuring.evaluate(task, Options(), resources, progress)
    if form == "json":
        _json(found, len(texts[0]))
    else:
        _show(found, len(texts[0]), against)


def _approved(context: Context, pair: LanguagePair) -> tuple[list[str], list[str]]:
    """What people approved in the project's catalogs of a pair of languages."""
    from toolkit.errors import DataError
    from toolkit.translation.evaluation.approved import pairs

    found = pairs(context.store.readable(context.store.paths([pair.target])), pair)
    if not found:
        raise DataError(
            f"no catalog holds an approved translation {pair} of a person's own words; bring some in: lokta adopt, or review"
        )
    return [source for source, _ in found], [target for _, target in found]


def _check(texts: Sequence[list[str]], paths: Sequence[Path | None]) -> None:
    from toolkit.errors import DataError
    from toolkit.files import show

    for lines, path in zip(texts, paths, strict=True):
        if path and (not lines or len(lines) != len(texts[0])):
            wanted = f"; {show(paths[0] or path)} has {len(texts[0])}: each sentence needs one" if lines else ""
            raise DataError(f"{show(path)}: {len(lines)} lines{wanted or ', there is nothing to measure'}")


def _json(found: Evaluation, of: int) -> None:
    import json
    from dataclasses import asdict

    from toolkit.translation.evaluation.evaluate import SEED

    said = {**asdict(found), "of": of, "seed": SEED if found.sentences < of else None}
    click.echo(json.dumps(said, ensure_ascii=False, indent=2))


def _show(found: Evaluation, of: int, against: str | None) -> None:
    from rich.table import Table

    from toolkit.cli.console import console
    from toolkit.files import printable
    from toolkit.translation.evaluation.evaluate import SEED

    part = f" of {of} (sample of seed {SEED})" if found.sentences < of else ""
    click.echo(printable(", ".join(found.models)))
    click.echo(f"{found.source_language} -> {found.target_language}, {found.sentences} sentences{part}")
    table = Table(box=None, pad_edge=False)
    other = printable(against or "")
    for heading in ("", "raw answers", "drafts", *((other, "p of raw", "p of drafts") if against else ())):
        table.add_column(heading, justify="right" if heading else "left")
    for raw, draft in zip(found.raw.scores, found.drafts.scores, strict=True):
        cells = [raw.name, f"{raw.value:.2f}", f"{draft.value:.2f}"]
        if raw.other is not None:
            cells += [f"{raw.other:.2f}", f"{raw.p_value:.4f}", f"{draft.p_value:.4f}"]
        table.add_row(*cells)
    console().print(table)
    _empty("raw answers", found.raw, found.sentences)
    _empty("drafts", found.drafts, found.sentences)
    for one in found.raw.scores:
        click.echo(f"{one.name}: {one.signature}")


def _empty(what: str, side: Side, sentences: int) -> None:
    from toolkit.files import printable

    if side.empty:
        reasons = ", ".join(f"{count} {why}" for why, count in side.empty.items())
        click.echo(printable(f"{what}: {sum(side.empty.values())} of {sentences} refused, counted as empty: {reasons}"))


@contextlib.contextmanager
def _bar(wanted: bool) -> Iterator[Progress | None]:
    """A progress bar on a terminal; nothing otherwise."""
    from toolkit.cli.console import console

    screen = console(stderr=True)
    if not wanted or not screen.is_terminal:
        yield None
        return
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    with Bar(console=screen, transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def advance(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        yield advance
