"""The exceptions that are shown to a person, and the exit codes of the command line.

* LoktaError                 one line for a person: what, where, what to do next
  + DataError          1     an article, catalog or package cannot be used as it is
    - UnknownFormat          no format reads this kind of file
    - CatalogError           a PO file breaks the format, or belongs to another article
    - ConfigError            lokta.toml or an article's .meta.toml has an unknown key or an invalid value
    - CodesDiffer            a translation lost, added or crossed inline codes
    - StaleUnit              a person acted on a unit that has changed since it was shown
  + ModelError         1     a model package cannot be read
    - NoModel                an engine that the user named has no model for the pair
  + UsageError         2     an option or argument is missing, unknown, or contradicts another
  + EngineFailed       3     an engine failed midway; the same command goes on
  + Stopped          130     Ctrl-C while drafting; the drafts made so far are kept

The number is the exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.units import Unit


class LoktaError(Exception):
    """Base of all errors that are shown to a person; the message is one line and names the next step."""

    exit_code = 1


class DataError(LoktaError):
    """An article, a catalog or a package cannot be used as it is."""


class UnknownFormat(DataError):
    """No format reads this kind of file."""


class CatalogError(DataError):
    """A PO file breaks the format, or belongs to another article."""


class ConfigError(DataError):
    """A settings file has an unknown key or an invalid value."""


class CodesDiffer(DataError):
    """A translation lost, added or crossed inline codes, so that it cannot be put into the document."""


class StaleUnit(DataError):
    """A person acted on a unit that has changed since it was shown."""

    def __init__(self, line: str, now: Unit, wanted: Unit) -> None:
        super().__init__(line)
        self.now = now
        """The unit as it is now."""
        self.wanted = wanted
        """The unit as the person's act would leave it; the same as `now` where the act is no longer possible."""


class UnitGone(DataError):
    """A person acted on a unit that is not in its catalog any more."""


class ModelError(LoktaError):
    """A model package cannot be read."""


class NoModel(ModelError):
    """An engine that the user named has no model for the pair."""


class UsageError(LoktaError):
    """An option or argument is missing, unknown, or contradicts another."""

    exit_code = 2


class EngineFailed(LoktaError):
    """An engine failed midway; its drafts so far are kept, and the same command goes on."""

    exit_code = 3


class Stopped(LoktaError):
    """A person pressed Ctrl-C; the drafts made so far are kept, and the same command goes on."""

    exit_code = 130
