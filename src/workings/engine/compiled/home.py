"""The folder that compiled code is kept in between runs; where it is can be asked without loading the compiler."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def home() -> Path:
    """The folder of all builds; there is none before anything was compiled on this machine."""
    given = os.environ.get("WORKINGS_CACHE")
    if given:
        return Path(given)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local")) / "workings" / "compiled"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "workings" / "compiled"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "workings" / "compiled"
