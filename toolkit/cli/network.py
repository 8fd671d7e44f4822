"""Before texts go over the network a person is told which, to whom, and about what a paid server will count, and agrees or does not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from toolkit.cli.console import say

if TYPE_CHECKING:
    from toolkit.project.config import Config
    from toolkit.translation.drafting.estimate import Forecast
    from toolkit.units import Sending


def targets(config: Config, wanted: Sequence[str], engine: str) -> list[str]:
    """The languages among `wanted` whose engine sends texts to a server."""
    from toolkit.project.config import Target
    from toolkit.translation.engines.registry import over_network

    return [tag for tag in wanted if over_network(engine or config.targets.get(tag, Target()).engine)]


def lines(foreseen: Iterable[Forecast]) -> list[str]:
    """What goes to each server, one line each."""
    return [str(one) for one in _sendings(foreseen)]


def announce(config: Config, foreseen: Iterable[Forecast], yes: bool) -> None:
    """Say what will be sent to which server, and have the person agree, once for each project and server.

    `yes`: the person agreed already (--yes). Raises click.Abort for a no, UsageError where nobody can be asked.
    """
    tell(config, _sendings(foreseen), yes)


def tell(config: Config, sendings: Sequence[Sending], yes: bool) -> None:
    """The same for what is no job over catalogs."""
    from toolkit.errors import UsageError
    from toolkit.project import settings

    for one in sendings:
        say(str(one), err=True)
    folders = (config.articles, config.locales)
    taught = {one.server for one in sendings if one.examples}
    for server in dict.fromkeys(one.server for one in sendings):
        remote = config.remotes[server]
        if settings.agreed(config.root, remote, folders):
            continue
        with_key = f" with the key in {remote.key}" if remote.key else ""
        with_examples = f", with approved translations ({config.locales}) as examples" if server in taught else ""
        asked = f"texts of this project ({config.articles}){with_examples} go to {remote.url}{with_key}"
        if not yes:
            if not (sys.stdin.isatty() and sys.stderr.isatty()):
                raise UsageError(
                    f"{asked}; nobody agreed to that yet: run the same command in a terminal, or with --yes"
                )
            say(asked, err=True)
            click.confirm("Send them, now and later?", abort=True, err=True)
        settings.agree(config.root, remote, folders)


def _sendings(foreseen: Iterable[Forecast]) -> tuple[Sending, ...]:
    from toolkit.translation.drafting.estimate import by_server

    return by_server(sending for one in foreseen for sending in one.sendings)
