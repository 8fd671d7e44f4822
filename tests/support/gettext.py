"""GNU gettext's tools as second readers of catalogs."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path


def tool(arguments: Sequence[str], *texts: str | bytes) -> bytes:
    """The output of a gettext tool on files with these contents; AssertionError when it complains."""
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for number, text in enumerate(texts):
            path = Path(folder, f"{number}.po")
            path.write_bytes(text.encode() if isinstance(text, str) else text)
            names.append(str(path))
        done = subprocess.run([*arguments, *names], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout
