"""`lokta exchange`: catalogs go to the tools of translators, and come back."""

from __future__ import annotations

from pathlib import Path

import click

from toolkit.cli.options import articles_argument, open_project, to_option


@click.group(short_help="Send catalogs to translators' tools as XLIFF, TMX or CSV.")
def exchange() -> None:
    """Catalogs for the tools of translators, and back: XLIFF 1.2, 2.0 and 2.1, TMX, CSV.

    What comes back meets what was done here meanwhile: newer work is never overwritten, and of two different translations both
    are kept.

    \b
    Example:
      lokta exchange export my-post.md --to bo -o my-post.bo.xlf
      lokta exchange import my-post.bo.xlf --as Dolma
    """


@exchange.command(short_help="Write catalogs for a translator's tool.")
@articles_argument
@to_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["xliff", "xliff2", "xliff2.0", "tmx", "csv"]),
    default=None,
    help="XLIFF 1.2, 2.1 or 2.0, TMX 1.4b, or the review sheet; else by the suffix of the file, and XLIFF 1.2 for .xlf.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE|FOLDER",
    required=True,
    help="One file for all, or a folder with a file for each article and language.",
)
def export(articles: tuple[Path, ...], targets: tuple[str, ...], form: str | None, output: Path) -> None:
    """Write catalogs for a translator's tool: sources, translations, states, notes, inline codes.

    XLIFF 1.2 is what every tool reads. Poedit shows XLIFF 2.0 best, and OmegaT before 5.8 reads only the .po itself as it is meant. A
    .tmx has the translated paragraphs alone.

    \b
    Example:
      lokta exchange export my-post.md --to bo -o my-post.bo.xlf
      lokta exchange export --to bo,zh-Hans --format xliff2 -o out/
    """
    from toolkit.cli.console import count, say
    from toolkit.errors import UsageError
    from toolkit.files import atomic_write
    from toolkit.pipeline.exchange import put
    from toolkit.pipeline.review import ReviewService

    with open_project() as context:
        paths = ReviewService(context).files(articles, targets)
        if form == "csv" or (form is None and output.suffix.lower() == ".csv"):
            if output.is_dir() or not output.suffix:
                raise UsageError(f"{output}: a sheet is one file; name it: -o {output.name or 'review'}.csv")
            from toolkit.page.export import to_sheet

            atomic_write(output.absolute(), to_sheet(context, paths))
            say(f"wrote {output}: {count(len(paths), 'article')}")
        else:
            for path, number in put(context, paths, output.absolute(), form or ""):
                say(f"wrote {path}: {count(number, 'paragraph')}")
    say("when it comes back: lokta exchange import FILE")


@exchange.command("import", short_help="Take over what comes back.")
@click.argument("files", nargs=-1, required=True, type=click.Path(dir_okay=False, path_type=Path))
@to_option
@click.option("--as", "name", metavar="NAME", default="", help="Who approves what the file calls approved; else you.")
@click.option("--yes", is_flag=True, help="Take it over without asking.")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would change, and write nothing.")
@click.pass_context
def import_(
    ctx: click.Context, files: tuple[Path, ...], targets: tuple[str, ...], name: str, yes: bool, dry: bool
) -> None:
    """Take over what a translator's tool made of an exported file; a file of another origin fills what is empty or a machine's.

    What the file calls approved (`final`, `signed-off`, `approved="yes"`, `reviewed`) is approved in the name of --as; other
    texts wait for review. A .po that a translator or OmegaT sends back is taken over too: what is not fuzzy in it, and is new here,
    is approved; what is empty in it changes nothing. Conflicts are listed, both versions are kept, and the exit code is 1.

    \b
    Example:
      lokta exchange import my-post.bo.xlf --as Dolma
    """
    from toolkit.cli import mail
    from toolkit.cli.console import count, say
    from toolkit.errors import UsageError
    from toolkit.pipeline.exchange import incoming
    from toolkit.pipeline.review import ReviewService

    if len(targets) > 1:
        raise UsageError("a file is in one language; name one: --to bo")
    conflicts = False
    with open_project() as context:
        service = ReviewService(context)
        for file in files:
            if file.suffix.lower() == ".csv":
                answer, refused = mail.read_answer(context, file, name)
                conflicts |= mail.settle(context, answer, refused, yes, dry)
                continue
            tag = targets[0] if targets else ""
            for one in incoming(context, file.absolute(), name or service.reviewer, service.today, tag):
                if one.unchanged:
                    say(f"{file}: nothing new in {count(one.unchanged, 'paragraph')}")
                if one.answer.units:
                    conflicts |= mail.settle(context, one.answer, one.refused, yes, dry)
                    continue
                for line in one.refused:
                    say(line, err=True)
    ctx.exit(1 if conflicts else 0)
