"""What can go wrong, and how the command line leaves.

* LoktaError                 one line for a person: what, where, what to do next
  + DataError          1     an article, catalog or package cannot be used as it is
    - UnknownFormat          nothing reads this kind of file
    - CatalogError           a PO file breaks the format, or belongs to another article
    - ConfigError            lokta.toml or an article's .meta.toml says something impossible
    - CodesDiffer            a translation lost, added or crossed inline codes
  + ModelError         1     a model package cannot be read
    - NoModel                an engine that the user named has no model for the pair
  + UsageError         2     the command was called in a way that cannot be meant
  + EngineFailed       3     an engine stopped midway; the same command goes on
  + Stopped          130     Ctrl-C while drafting; what was finished is kept

The number is the exit code.
"""


class LoktaError(Exception):
    """Base of all errors that are shown to a person; the message is one line and names the next step."""

    exit_code = 1


class DataError(LoktaError):
    """An article, a catalog or a package cannot be used as it is."""


class UnknownFormat(DataError):
    """Nothing here reads this kind of file."""


class CatalogError(DataError):
    """A PO file breaks the format, or belongs to another article."""


class ConfigError(DataError):
    """A settings file says something that cannot be meant."""


class CodesDiffer(DataError):
    """A translation lost, added or crossed inline codes, so that it cannot be put into the document."""


class ModelError(LoktaError):
    """A model package cannot be read."""


class NoModel(ModelError):
    """An engine that the user named has no model for the pair."""


class UsageError(LoktaError):
    """The command was called in a way that cannot be meant."""

    exit_code = 2


class EngineFailed(LoktaError):
    """An engine stopped midway; what it had drafted is kept, and the same command goes on."""

    exit_code = 3


class Stopped(LoktaError):
    """A person pressed Ctrl-C; what was finished is kept, and the same command goes on."""

    exit_code = 130
