"""`lokta review`: the review page, the review by mail and in the terminal, and a name under what was approved elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli import mail
from toolkit.cli.console import console, count, fitted, say, say_json, short, shorten, wrapped
from toolkit.cli.options import articles_argument, format_option, open_project, to_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.events import Recorder
    from toolkit.pipeline.review import ReviewService, Waiting
    from toolkit.project.context import Context
    from toolkit.units import Unit


@click.command(short_help="Open the review page; review by mail or in the terminal.")
@articles_argument
@to_option
@click.option("--list", "listed", is_flag=True, help="Print the queue, riskiest first.")
@click.option("--next", "one_by_one", is_flag=True, help="Open what waits in $EDITOR, one paragraph after the other.")
@click.option("--sign", "signed", is_flag=True, help="Put your name to what was approved in another editor.")
@click.option(
    "--second-opinion",
    "opinion",
    metavar="ENGINE",
    default="",
    help="Have another engine draft what a machine drafted, note how far the two agree, and print the queue.",
)
@click.option(
    "--export",
    "exported",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write one file for a reviewer elsewhere: .html for a browser, .csv for a spreadsheet.",
)
@click.option(
    "--import",
    "imported",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="ANSWER",
    help="Take over what a reviewer sent back: the answer (.json), or the sheet (.csv).",
)
@click.option("--as", "name", metavar="NAME", default="", help="Whose sheet it is; an answer says so itself.")
@click.option("--yes", is_flag=True, help="Take an answer over without asking.")
@click.option(
    "--port", type=click.IntRange(1024, 65535), default=None, help="Port of the review page; else the project's own."
)
@click.option("--no-open", "unopened", is_flag=True, help="Print the address of the review page, and open no browser.")
@click.option("--limit", type=click.IntRange(1), default=40, show_default=True, help="Lines of the queue.")
@format_option
def review(
    articles: tuple[Path, ...],
    targets: tuple[str, ...],
    listed: bool,
    one_by_one: bool,
    signed: bool,
    opinion: str,
    exported: Path | None,
    imported: Path | None,
    name: str,
    yes: bool,
    port: int | None,
    unopened: bool,
    limit: int,
    form: str,
) -> None:
    """Open the review page: the article beside its translation, in your browser, offline, everything by keyboard.

    What you do there is in the .po files at once; any PO editor works on them too, and taking `fuzzy` away approves a
    paragraph. Ctrl-C ends the page and loses nothing.

    --list prints what to look at first, and why; --next opens it in your editor, riskiest first, takes back what you saved, and
    asks whether you approve it; --sign names the reviewer (lokta.toml, else git's user.name) in the
    entries that were approved without a name. --second-opinion changes no draft; where two engines differ is looked at
    first.

    \b
    Example:
      lokta review my-post.md --to bo
      lokta review --export review.html --to bo
      lokta review --import answer-9f2c.json
      lokta review --list --to bo
      lokta review --next my-post.md --to bo
      lokta review --sign locales/bo/LC_MESSAGES/my-post.po
    """
    from toolkit.errors import UsageError
    from toolkit.events import Recorder
    from toolkit.pipeline.review import ReviewService

    listed = listed or (bool(opinion) and not one_by_one)
    if listed + signed + one_by_one + bool(exported) + bool(imported) > 1:
        raise UsageError("do one thing at a time: lokta review (the page), --export, --import, --list, --next, --sign")
    with open_project() as context:
        service = ReviewService(context)
        if imported:
            mail.take(context, imported, name, yes)
            return
        paths = service.files(articles, targets)
        for path in paths if opinion else ():
            _ask(context, path, opinion)
        if exported:
            mail.export(context, paths, exported)
            return
        if not (listed or signed or one_by_one):
            _serve(context, paths, port, unopened)
            return
        if one_by_one:
            _walk(service, paths)
            return
        if listed:
            told = Recorder()
            queue = service.queue(paths, told)
            if form == "json":
                say_json([_plain(item) for item in queue])
            else:
                _print_queue(queue, limit)
            _unread(told)
            return
        _sign(service, paths)


def _sign(service: ReviewService, paths: Sequence[Path]) -> None:
    """Sign catalogs, and say of which something was signed."""
    from toolkit.events import Recorder

    signed, told, unread = 0, Recorder(), Recorder()
    for path, _ in service.read(paths, unread):
        if now := service.sign(path, told):
            signed += now
            say(f"{path}: signed {now} as {service.reviewer}")
    for line in told.warnings:
        say(line, err=True)
    if not signed:
        say(f"{paths[0]}: nothing to sign" if len(paths) == 1 else f"nothing to sign in {len(paths)} catalogs")
    _unread(unread)


def _unread(told: Recorder) -> None:
    """Say which catalogs could not be read; the exit code is 1 then."""
    for line in told.warnings:
        say(f"{line}; it is left out", err=True)
    if told.warnings:
        click.get_current_context().exit(1)


def _serve(context: Context, paths: Sequence[Path], port: int | None, unopened: bool) -> None:
    """Serve the review page until Ctrl-C. Raises CatalogError where the only catalog is broken."""
    import webbrowser

    from toolkit.page.server import listen, serve

    if len(paths) == 1:  # of several, the page says which are broken
        context.store.read(paths[0])

    def opened(address: str) -> None:
        click.echo(f"reviewing {count(len(paths), 'catalog')} at {address}")
        click.echo("Ctrl-C ends it; what you do is in the catalogs at once")
        if not unopened:
            webbrowser.open(address)

    serve(context, paths, listen(context.config.root, port or 0), opened)
    click.echo("\nended; all is in the catalogs")


_BELOW = "#------ the translation: all below this line is taken as it stands ------\n"
"""No line of the article looks like it, since each of those begins with `# `."""


def _walk(service: ReviewService, paths: Sequence[Path]) -> None:
    """Open the paragraphs that wait in the person's editor, one after the other, to the last, or until the person stops."""
    from toolkit.errors import DataError
    from toolkit.events import Recorder
    from toolkit.review.acts import seen

    told = Recorder()
    queue = service.queue(paths, told)
    for line in told.warnings:
        say(f"{line}; it is left out", err=True)
    for number, item in enumerate(queue, 1):
        unit = item.unit
        saved = click.edit(_sheet(item, f"{number} of {len(queue)}"), extension=".txt", require_save=False) or ""
        _, marker, text = f"\n{saved}".partition(f"\n{_BELOW}")
        target = text.removesuffix("\n") if marker else unit.target
        try:
            if target != unit.target:
                unit = service.edit(item.path, unit.key, seen(unit), target)
                for name, finding in service.findings(item.path, unit):
                    say(f"{finding.severity}: {finding.message} [{name}]")
            say(shorten(unit.source, 76))
            say(f"    {shorten(unit.target, 72) or '(empty)'}")
            answer = click.prompt("approve, leave, stop", type=click.Choice(["a", "l", "s"]), default="l")
            if answer == "a":
                service.approve(item.path, unit.key, seen(unit))
        except DataError as error:
            say(f"{error}; not taken over:", err=True)
            for line in target.split("\n"):
                say(f"    {line}", err=True)
            continue
        if answer == "s":
            return
    say("nothing waits for a person" if not queue else "that was the last one")


def _sheet(item: Waiting, place: str) -> str:
    """What the editor shows of a paragraph."""
    from toolkit.files import printable

    lines = [f"{short(str(item.path))}:{item.line} ({place}, risk {item.risk:.2f})", *item.reasons]
    if maker := _maker(item.unit).strip():
        lines.append(maker)
    lines += ["", *item.unit.source.split("\n"), ""]
    if item.unit.previous_source:
        lines += ["it was:", *item.unit.previous_source.split("\n"), ""]
    return "".join(f"# {printable(line)}".rstrip() + "\n" for line in lines) + _BELOW + item.unit.target + "\n"


def _ask(context: Context, path: Path, engine: str) -> None:
    """Have another engine give its opinion of a catalog's drafts, and say what came of it."""
    from toolkit.cli.progress import shown
    from toolkit.events import Recorder
    from toolkit.pipeline.opinion import second_opinion

    with shown(Recorder()) as sink:
        found = second_opinion(context, path, engine, sink)
    if found.drafts:
        say(f"{path}: {found.by} agrees by {found.agreement:.2f} over {count(found.drafts, 'draft')}", err=True)
    else:
        say(f"{path}: {found.by} has no draft to compare here, or made them itself", err=True)


def _plain(item: Waiting) -> dict[str, Any]:
    """An entry of the queue as JSON holds it."""
    unit = item.unit
    place = {"file": short(str(item.path)), "line": item.line, "risk": round(item.risk, 3), "reasons": item.reasons}
    return {**place, "state": str(unit.state), "source": unit.source, "target": unit.target}


def _print_queue(queue: list[Waiting], limit: int) -> None:
    screen = console()
    wide = (screen.width if screen.is_terminal else 80) - 4
    for item in queue[:limit]:
        say(f"{item.path}:{item.line}: risk {item.risk:.2f}")
        for line in wrapped("; ".join(item.reasons) + _maker(item.unit), wide):
            click.echo(f"    {line}")
        click.echo(f"    {fitted(item.unit.source, wide)}")
        click.echo(f"    {fitted(item.unit.target, wide) or '(empty)'}")
    if len(queue) > limit:
        click.echo(f"and {len(queue) - limit} more (--limit {len(queue)})")
    waits = "waits" if len(queue) == 1 else "wait"
    click.echo(f"{count(len(queue), 'paragraph')} {waits} for a person" if queue else "nothing waits for a person")


def _maker(unit: Unit) -> str:
    """Who drafted a paragraph and how sure of it the model was; or whose draft was refused, and why."""
    line = unit.line("mt") or unit.line("refused")
    if line is None:
        return ""
    parts = [
        f"{line.get('engine')} {line.get('model')}".strip(),
        f"score {line.get('score')}" if line.get("score") else "",
        f"agree {line.get('agree')} with {line.get('by')}" if line.get("agree") else "",
        f"with {line.get('second')}" if line.get("second") else "",
        f"refused: {line.get('why')}" if line.kind == "refused" else "",
    ]
    return f" [{shorten(', '.join(filter(None, parts)), 120)}]"
