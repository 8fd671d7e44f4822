"""Before texts go over the network a person is told which, to whom, and about what a paid server will count; she may still say no."""

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


def announce(foreseen: Iterable[Forecast], agreed: bool) -> None:
    """Say what will be sent; where it leaves this machine, ask a person at a terminal. Raises click.Abort if she says no."""
    tell(_sendings(foreseen), agreed)


def tell(sendings: Sequence[Sending], agreed: bool) -> None:
    """The same for what is no job over catalogs."""
    for one in sendings:
        say(str(one), err=True)
    leaves = any(not one.local for one in sendings)
    if leaves and not agreed and sys.stdin.isatty() and sys.stderr.isatty():
        click.confirm("Send them?", abort=True, err=True)


def _sendings(foreseen: Iterable[Forecast]) -> tuple[Sending, ...]:
    from toolkit.translation.drafting.estimate import by_server

    return by_server(sending for one in foreseen for sending in one.sendings)
