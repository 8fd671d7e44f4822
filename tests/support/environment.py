"""Where the repository lies, whether this is continuous integration, and what the fixture `lokta` is."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CI = os.environ.get("CI") == "true"
Run = Callable[..., "subprocess.CompletedProcess[str]"]
"""The fixtures `invoke` and `lokta`: `invoke("translate", "a.md", "--to", "bo")` runs the command line in the test's folder."""
