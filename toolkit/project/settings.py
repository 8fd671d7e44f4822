"""The person's own settings, which no project can change: folders that projects may use, keys of servers, and which project
may send its texts to which server.

    folders = ["/srv/editions"]                # outside of a project, which its lokta.toml may name

    [keys]
    "api.example.org" = "EXAMPLE_KEY"          # host -> the environment variable that holds its key
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from toolkit import tables
from toolkit.errors import ConfigError, DataError
from toolkit.files import atomic_write, lock, read_text, show
from toolkit.remotes import Remote
from toolkit.tables import Where

_NAME = "settings.toml"
_CONSENTS = "consents.json"


@dataclass(frozen=True, slots=True)
class Settings:
    """What stands in the settings file."""

    folders: tuple[Path, ...] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    """Host, with its port if the address names one, to the name of an environment variable."""


def path(environ: Mapping[str, str] = os.environ) -> Path:
    """The settings file: `LOKTA_SETTINGS`, else in the folder where the system keeps such files."""
    if environ.get("LOKTA_SETTINGS"):
        return Path(environ["LOKTA_SETTINGS"])
    from platformdirs import user_config_path

    return user_config_path("lokta", appauthor=False) / _NAME


def load() -> Settings:
    """The settings; the defaults where there is no file. Raises ConfigError, which names the file."""
    file = path()
    if not os.path.isfile(file):  # False, too, where its folder may not be looked into
        return Settings()
    place = Where(lambda said: ConfigError(f"{show(file)}: {said}"))
    return tables.read(Settings, tables.parse_toml(read_text(file), place), place)


def agreed(project: Path, remote: Remote, folders: tuple[Path, ...]) -> bool:
    """Whether the person agreed that this project sends texts from these folders to this server, with this key."""
    return _digest(project, remote, folders) in _consents()


def agree(project: Path, remote: Remote, folders: tuple[Path, ...]) -> None:
    """Remember that the person agreed; another host, key or folder is asked about again."""
    file = path().with_name(_CONSENTS)
    with lock(file.parent):
        said = {
            "project": str(project),
            "server": remote.url,
            "key": remote.key,
            "folders": [str(one) for one in folders],
        }
        known = {**_consents(), _digest(project, remote, folders): said}
        atomic_write(file, json.dumps(known, indent=1) + "\n")
        file.chmod(0o600)


def _consents() -> dict[str, object]:
    """What was agreed to, by digest; nothing where the file is missing or broken, so that the person is asked again."""
    try:
        found = json.loads(read_text(path().with_name(_CONSENTS)))
    except (DataError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(project: Path, remote: Remote, folders: tuple[Path, ...]) -> str:
    said = [str(project), remote.url, remote.key, *(str(folder) for folder in folders)]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
