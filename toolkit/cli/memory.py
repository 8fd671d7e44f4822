"""`lokta memory`: what was approved, offered again; memories of other tools are imported beside it."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.options import open_project, to_option


@click.group(short_help="Search, import and export the translation memory.")
def memory() -> None:
    """The translation memory: all that is approved in the project's catalogs, and imported memories.

    It needs no care: what is approved is in it at the next run, and offered to every other article.

    \b
    Example:
      lokta memory search "The river rose during the night." --to bo
    """


@memory.command("import", short_help="Import memories of other tools: .tmx, .po, .mo.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@to_option
@click.option(
    "--from", "source", default="", metavar="LANG", help="The source language of a .po or .mo that does not say it."
)
@click.option(
    "--penalty", type=click.IntRange(0, 100), default=0, show_default=True, help="Percent taken off its matches."
)
def import_(files: tuple[Path, ...], targets: tuple[str, ...], source: str, penalty: int) -> None:
    """Import memories of other tools: .tmx, and approved entries of .po and .mo.

    Each becomes memory/NAME.tmx in the project, which is read from then on and never changed; to forget it, delete that file. Its
    matches say where they come from, and are never more than drafts.

    \b
    Example:
      lokta memory import ten-years.tmx --penalty 5
    """
    from toolkit.cli.console import count, say, short
    from toolkit.errors import UsageError
    from toolkit.events import Recorder
    from toolkit.language import language
    from toolkit.pipeline.memory import take
    from toolkit.units import LanguagePair

    if len(targets) > 1:
        raise UsageError("a file is in one language; name one: --to bo")
    with open_project() as context:
        own = source or context.config.source_language or "en"
        pair = LanguagePair(language(own).tag, targets[0] if targets else "")
        told = Recorder()
        for file in files:
            made, units = take(context, file, pair, penalty, told)
            say(f"{file}: {count(units, 'unit')} -> {short(str(made))}")
    for line in told.warnings:
        say(line, err=True)


@memory.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@to_option
def export(file: Path, targets: tuple[str, ...]) -> None:
    """Export the memory as TMX 1.4b, for other tools.

    \b
    Example:
      lokta memory export news.tmx --to bo
    """
    from toolkit.cli.console import count, say
    from toolkit.pipeline.memory import put

    with open_project() as context:
        units = put(context, file, targets)
    say(f"{file}: {count(units, 'unit')}")


@memory.command()
@click.argument("text")
@to_option
@click.option(
    "--from", "source", default="", metavar="LANG", help="The language of TEXT; else the project's source language."
)
@click.option("--least", type=click.IntRange(1, 100), default=75, show_default=True, help="Percent of likeness.")
def search(text: str, targets: tuple[str, ...], source: str, least: int) -> None:
    """Show what was approved for TEXT and for texts like it.

    \b
    Example:
      lokta memory search "The river rose during the night." --to bo
    """
    from toolkit.cli.console import say
    from toolkit.language import language
    from toolkit.pipeline.memory import refreshed
    from toolkit.units import LanguagePair

    with open_project() as context:
        held = refreshed(context)
        own = language(source or context.config.source_language or "en").tag
        found = 0
        for target in targets or context.store.targets():
            for one in held.near(text, LanguagePair(own, target), least=least):
                by = ", ".join(filter(None, (one.origin, one.reviewer, one.date)))
                say(f"{one.score:.0f} % {target} ({by})\n  {one.source}\n  {one.target}")
                found += 1
    if not found:
        further = f" (--least {max(least - 25, 1)} looks further)" if least > 1 else ""
        say(f"nothing like it was approved yet{further}")


@memory.command()
def stats() -> None:
    """Show what the memory holds, by catalog and imported file.

    \b
    Example:
      lokta memory stats
    """
    from toolkit.cli.console import count, say
    from toolkit.events import Recorder
    from toolkit.pipeline.memory import refreshed

    with open_project() as context:
        told = Recorder()
        held = refreshed(context, told).stats()
    for line in told.warnings:
        say(line, err=True)
    for one in held if len(held) == 1 else (one for one in held if one.pairs):
        penalty = f", {one.penalty:g} % taken off" if one.penalty else ""
        say(f"{one.name}: {count(one.pairs, 'pair')}{penalty}")
    say(f"{count(sum(one.pairs for one in held), 'pair')} in {count(len(held), 'file')}")


@memory.command()
def rebuild() -> None:
    """Read all catalogs and imported memories again.

    The memory is brought up to date by itself; this is for a cache that is suspected to be wrong.

    \b
    Example:
      lokta memory rebuild
    """
    from toolkit.cli.console import count, say
    from toolkit.events import Recorder
    from toolkit.pipeline.memory import refreshed

    with open_project() as context:
        told = Recorder()
        held = refreshed(context, told, again=True).stats()
    for line in told.warnings:
        say(line, err=True)
    say(f"{count(sum(one.pairs for one in held), 'pair')} from {count(len(held), 'file')}")
