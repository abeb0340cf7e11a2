"""Where compiled code is kept between runs, and whether what is needed is there already.

The folder's name says for which sources, which Numba and which processor the code is; an edit makes another folder.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import llvmlite.binding
import numba

from workings.engine.compiled.home import home
from workings.network import dropout, elementary


@cache
def folder() -> Path:
    """The folder of this build."""
    beside = (Path(str(module.__file__)) for module in (dropout, elementary))
    files = [*sorted(Path(__file__).parent.glob("*.py")), *beside]
    sources = b"".join(file.read_bytes() for file in files)
    processor = f"{llvmlite.binding.get_host_cpu_name()} {llvmlite.binding.get_host_cpu_features().flatten()}"
    build = f"{sys.version} {numba.__version__} {processor}".encode()
    return home() / hashlib.sha256(sources + build).hexdigest()[:16]


@contextmanager
def kept(name: str) -> Iterator[None]:
    """Have Numba keep there, by itself, the one function that is declared meanwhile with ``cache=True``.

    Numba numbers what is compiled of one function for several types or contents, and two processes that do so at the
    same time may give the same number to different code: the next one would be served the wrong one.
    """
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = str(folder() / name)
    try:
        yield
    finally:
        numba.config.CACHE_DIR = before


def is_ready(name: str) -> bool:
    """Whether something was compiled and kept by an earlier run."""
    return (folder() / f"{name}.ready").exists()


@cache
def set_ready(name: str) -> None:
    """Remember that something is compiled and kept; where nothing can be written, nothing is remembered."""
    try:
        folder().mkdir(parents=True, exist_ok=True)
        (folder() / f"{name}.ready").touch()
    except OSError:
        pass
