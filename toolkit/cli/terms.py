"""`lokta terms`: the project's list of names and terms, which drafts keep to and checks insist on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from toolkit.cli.console import count, say, say_json
from toolkit.cli.options import articles_argument, format_option, open_project, to_option
from toolkit.files import printable

if TYPE_CHECKING:
    from toolkit.pipeline.terms import Called, Proposed
    from toolkit.project.context import Context


@click.group(short_help="Names and terms: list, propose, import, check.")
def terms() -> None:
    """Keep the names and terms of the project in one list, terms.csv, which any spreadsheet program edits.

    What the list approves for a language binds: engines are told it, `lokta check` says where a translation lacks it. Several
    renderings stand in one cell with | between them; one behind ! is known and not to be used.

    \b
    Example:
      lokta terms propose corpus/my-post.md --to bo --write
    """


@terms.command("list", short_help="Show the terms and what binds.")
@to_option
@format_option
def list_(targets: tuple[str, ...], form: str) -> None:
    """Show the terms of the project; a rendering in brackets is not approved, so it does not bind.

    \b
    Example:
      lokta terms list --to zh-Hans
    """
    context = open_project()
    sheet = context.terms.checked()
    wanted = targets or sheet.languages
    if form == "json":
        say_json([_row(term, wanted) for term in sheet.terms])
        return
    if not sheet.terms:
        say(
            f"no terms yet in {context.terms.path}; begin with: lokta terms propose --write, or lokta terms import --starter"
        )
        return
    for term in sheet.terms:
        said = []
        for tag in wanted:
            one = term.renderings.get(tag)
            if one is None or not (one.accepted or term.keep):
                continue
            text = " | ".join(one.accepted) if not term.keep else "as it is"
            said.append(f"{tag} {text}" if one.approved else f"{tag} [{text}]")
        say(f"{' | '.join(term.forms)}: {'; '.join(said) or 'nothing yet'}")
    binding = sum(any(one.approved for tag, one in term.renderings.items() if tag in wanted) for term in sheet.terms)
    click.echo(f"{count(len(sheet.terms), 'term')}, {binding} approved")


@terms.command(short_help="List the names and terms of articles.")
@articles_argument
@to_option
@click.option("--write", is_flag=True, help="Append what the list lacks to it, for a person to fill in and approve.")
@format_option
def propose(articles: tuple[Path, ...], targets: tuple[str, ...], write: bool, form: str) -> None:
    """List the names and terms of articles, before they are drafted: how often, where, and what the list, approved
    translations and drafts call them, in how many ways.

    ARTICLE is an article; none means all of the project. --write appends those that the list lacks, without approval.

    \b
    Example:
      lokta terms propose my-post.md --to bo,zh-Hans
    """
    from toolkit.events import Recorder
    from toolkit.pipeline import terms as pipeline
    from toolkit.project.discovery import find

    with open_project() as context:
        wanted = targets or tuple(context.config.targets)
        told = Recorder()
        found = pipeline.propose(context, find(context.config, articles, told), wanted, told)
        for line in dict.fromkeys(told.warnings):
            say(line, err=True)
        if form == "json":
            say_json([_proposed(one) for one in found.found])
        else:
            for one in found.found:
                say(_line(one))
        for tag in found.without_capitals:
            say(
                f"{tag}: names are told from words by their capitals, which {tag} lacks; add its terms by hand",
                err=True,
            )
        new = found.terms()
        listed = len(found.found) - len(new)
        if form == "text":
            click.echo(
                f"{count(len(found.found), 'name or term').replace('name or terms', 'names and terms')}, {listed} listed"
            )
        if write:
            _write(context, new)
        elif new and form == "text":
            say("to fill them in and approve them: lokta terms propose … --write")


@terms.command("import", short_help="Take in another list.")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path))
@to_option
@click.option(
    "--starter", is_flag=True, help="The list that comes with lokta: 150 names and terms of international news."
)
@click.option("--unapproved", is_flag=True, help="Take nothing as approved.")
def import_(file: Path | None, targets: tuple[str, ...], starter: bool, unapproved: bool) -> None:
    """Append the terms of FILE (CSV with the columns of terms.csv) to the project's list; what the list has stays as it is.

    Approvals are taken over, so that the terms bind from the next run on; --unapproved leaves that to you.

    \b
    Example:
      lokta terms import --starter --to zh-Hans
    """
    from toolkit.errors import UsageError
    from toolkit.files import read_bytes, show
    from toolkit.memory.terms import decoded, parse
    from toolkit.pipeline import terms as pipeline

    if (file is None) == (not starter):
        raise UsageError("name one: a file, or --starter; try: lokta terms import --starter")
    with open_project() as context:
        path = file.absolute() if file is not None else None
        sheet = parse(decoded(read_bytes(path), show(path)), show(path)) if path is not None else pipeline.starter()
        wanted = targets or (tuple(context.config.targets) if starter else ())
        done = pipeline.take(context, sheet, wanted, unapproved)
        for line in done.problems:
            say(f"{line}; left out", err=True)
        say(
            f"{context.terms.path}: {count(done.added, 'term')} added, {done.approved} of them approved; "
            f"{done.known} known already"
        )


@terms.command(short_help="Check the list, and translations against it.")
@to_option
@click.pass_context
def check(ctx: click.Context, targets: tuple[str, ...]) -> None:
    """Check the list itself, which translations lack an approved term, and which terms and names the project calls in
    several ways.

    The exit code is 1 when a row cannot be used or a translation lacks a term.

    \b
    Example:
      lokta terms check --to bo
    """
    from toolkit.pipeline import terms as pipeline
    from toolkit.pipeline.review import ReviewService

    with open_project() as context:
        problems = context.terms.sheet.problems
        for line in problems:
            say(line)
        wanted = targets or context.store.targets()
        paths = context.store.paths(wanted)
        service = ReviewService(context)
        errors = 0
        for path in () if problems else paths:
            for found in service.of_terms(path):
                errors += found.severity == "error"
                say(f"{found.file}:{found.line}: {found.severity}: {found.message} [{found.check}]")
        for line in pipeline.differing(context, wanted):
            say(line)
        click.echo(f"{count(len(problems), 'bad row')}, {count(errors, 'error')}")
        if errors:
            click.echo("drafts that nobody touched are made again with the terms by: lokta translate --redraft")
    ctx.exit(1 if problems or errors else 0)


def _write(context: Context, new: list[Any]) -> None:
    """Append terms to the project's list."""
    if not new:
        say(f"{context.terms.path}: has them all", err=True)
        return
    context.terms.checked()
    context.terms.add(new)
    say(
        f"{context.terms.path}: {count(len(new), 'row')} added; fill in the renderings, and name the languages that you "
        "approve in the column `approved`",
        err=True,
    )


def _line(one: Proposed) -> str:
    """One name: how often, where, what it is called."""
    said = one.proposal
    article, line = said.places[0]
    more = f" and {count(len(said.places) - 1, 'paragraph')} more" if len(said.places) > 1 else ""
    called = [text for text in map(_said, one.called) if text]
    shown = f": {'; '.join(called)}" if called else ""
    return (
        f"{said.count:>4}  {said.source} ({said.kind}{', listed' if one.listed else ''}) {article}:{line}{more}{shown}"
    )


def _said(called: Called) -> str:
    """What one language calls a name."""
    parts = []
    if called.listed.accepted:
        text = " | ".join(called.listed.accepted)
        parts.append(f"{text} (approved)" if called.listed.approved else f"[{text}]")
    for source, found in (("approved", called.approved), ("drafts", called.drafted)):
        if found:
            parts.append(f"{source}: " + ", ".join(f"{form} {times}×" for form, times in found[:5]))
    if called.ways > 1:
        parts.append(f"in {called.ways} ways")
    return f"{called.language} {', '.join(parts)}" if parts else ""


def _row(term: Any, wanted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "source": list(term.forms),
        "part_of_speech": term.part_of_speech,
        "note": term.note,
        "do_not_translate": term.keep,
        "line": term.line,
        "renderings": {
            tag: {"accepted": list(one.accepted), "refused": list(one.refused), "approved": one.approved}
            for tag, one in term.renderings.items()
            if tag in wanted
        },
    }


def _proposed(one: Proposed) -> dict[str, Any]:
    return {
        "source": printable(one.proposal.source),
        "kind": one.proposal.kind,
        "count": one.proposal.count,
        "places": [f"{article}:{line}" for article, line in one.proposal.places],
        "listed": one.listed,
        "called": {
            said.language: {
                "listed": list(said.listed.accepted),
                "approved": dict(said.approved),
                "drafts": dict(said.drafted),
                "ways": said.ways,
            }
            for said in one.called
        },
    }
