"""Options and arguments that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from toolkit.project.context import Context

Decorated = TypeVar("Decorated", bound=Callable[..., Any])


class _Languages(click.ParamType[tuple[str, ...]]):
    """`bo,zh-Hans` as tags; unknown ones are refused with the way to the list."""

    name = "LANG"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        from toolkit.language import language

        return tuple(language(tag.strip()).tag for tag in str(value).split(",") if tag.strip())


def _flat(ctx: click.Context, param: click.Parameter, value: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(tag for tags in value for tag in tags))


def to_option(function: Decorated) -> Decorated:
    """`--to bo,zh-Hans`, repeatable."""
    return click.option(
        "--to",
        "targets",
        type=_Languages(),
        multiple=True,
        callback=_flat,
        metavar="LANG",
        help="Target languages; repeat it, or use commas: bo,zh-Hans.",
    )(function)


def articles_argument(function: Decorated) -> Decorated:
    """Articles by path; none means all of the project."""
    return click.argument(
        "articles",
        nargs=-1,
        metavar="[ARTICLE]...",
        type=click.Path(readable=False, path_type=Path),
        callback=lambda ctx, param, paths: tuple(path.absolute() for path in paths),
    )(function)


def format_option(function: Decorated) -> Decorated:
    """`--format json`."""
    return click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", help="For people, or for programs."
    )(function)


def jobs_option(function: Decorated) -> Decorated:
    """`-j N`."""
    return click.option(
        "-j", "--jobs", type=click.IntRange(1, 256), default=1, metavar="N", help="Processes that share the articles."
    )(function)


_DRAFTING = (
    click.option("--via", metavar="LANG", default="", help="Draft through a language in between."),
    click.option(
        "--second-source",
        "reference_language",
        metavar="LANG",
        default="",
        help="Give the model what was reviewed in this language beside the source, if it takes two.",
    ),
    click.option("--fast", is_flag=True, help="Greedy search: faster, a little worse."),
    click.option("--redraft", is_flag=True, help="Draft again what no person touched (after a better model came)."),
    click.option(
        "--beam", metavar="N", type=click.IntRange(1, 32), default=None, help="Hypotheses in a search; else 4."
    ),
    click.option(
        "--batch-tokens",
        metavar="N",
        type=click.IntRange(32, 65536),
        default=None,
        help="Pieces in a batch; else 1024.",
    ),
    click.option(
        "--device",
        type=click.Choice(["auto", "cpu", "cuda"]),
        default=None,
        help="Else a graphics card if one is seen.",
    ),
    click.option(
        "--slots",
        metavar="N",
        type=click.IntRange(1, 16),
        default=None,
        help="Texts that a language model drafts at once; else 1. Faster; the same words, but the last digits of the scores "
        "may differ.",
    ),
    click.option(
        "--examples/--no-examples",
        default=None,
        help="Whether a language model is shown the approved translations most like the text at hand; else it is.",
    ),
)
"""What a person may choose about drafting; each is a field of `translation.Options`, and None leaves it to the project."""


def drafting_options(function: Decorated) -> Decorated:
    """The options of `_DRAFTING`, in that order."""
    for option in reversed(_DRAFTING):
        function = option(function)
    return function


def open_project() -> Context:
    """The context of the project that the working directory lies in, with the folders that --allow names."""
    from toolkit.project.context import Context

    return Context.at(Path.cwd(), click.get_current_context().find_root().params.get("allow", ()))
