"""`lokta`: one file per command group; a command reads, calls the pipeline, and shows.

Slow imports stay inside the commands, so that `lokta --help` answers at once.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from toolkit import __version__
from toolkit.cli.console import say
from toolkit.errors import LoktaError

COMMANDS = {
    "init": "project",
    "import": "project",
    "translate": "translate",
    "adopt": "adopt",
    "review": "review",
    "check": "check",
    "status": "status",
    "build": "build",
    "prune": "prune",
    "git": "git",
    "extract": "filters",
    "render": "filters",
    "merge": "filters",
    "verify": "filters",
    "memory": "memory",
    "exchange": "exchange",
    "terms": "terms",
    "models": "models",
    "languages": "languages",
}
"""Command -> the module here that holds it, as a function of the command's name (`import_` for a keyword)."""


class _Commands(click.Group):
    """Loads a command's module when it is asked for, and turns our errors into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"toolkit.cli.{COMMANDS[cmd_name]}")
        command: click.Command = getattr(module, f"{cmd_name}_" if cmd_name == "import" else cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, 1)
            hint = f" Did you mean {near[0]!r}?" if near and not args[0].startswith("-") else ""
            raise click.UsageError(error.message + hint, ctx) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LoktaError as error:
            say(f"lokta: {error}", err=True)
            ctx.exit(error.exit_code)
        except (KeyboardInterrupt, click.Abort):
            click.echo("lokta: stopped; the same command goes on", err=True)
            ctx.exit(130)
        except (click.ClickException, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("LOKTA_DEBUG"):
                raise
            name = type(error).__name__
            say(f"lokta: internal error: {name}: {error}; LOKTA_DEBUG=1 shows where, please report it", err=True)
            ctx.exit(1)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Begin with:  lokta translate my-post.md --to bo,zh-Hans",
)
@click.version_option(__version__, prog_name="lokta")
@click.option(
    "--allow",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder outside the project that its lokta.toml may use.",
)
def cli(allow: tuple[Path, ...]) -> None:
    """Turn an article into reviewed editions in other languages: drafts by machine offline, review by a person."""


def main() -> None:
    """The entry point of the command `lokta`."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        cli()
    except BrokenPipeError:
        # The reader of our output (head, less) has gone; a second error at exit would be noise.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)
