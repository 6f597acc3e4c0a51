"""What this checker is, from files alone: its own, Python's, its libraries' and the machine; asked for before they are loaded."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution

from ...ir.graph import BackproofError
from .host import features, processor, python, settings
from .installed import DRAWING, NEEDED, USED_IF_THERE, changed_since, versions
from .sources import is_found_at, is_the_command, is_there, sources

_MODULES = {"python-flint": "flint", "z3-solver": "z3"}
"""The modules of distributions that are called otherwise."""

UNKNOWABLE = (BackproofError, ImportError, OSError, ValueError)
"""What is raised where an installation is not to be known."""


@cache
def at_start() -> str:
    """The digest of what this process, which must be the command's own, was started from.

    "" if that is not to be known, or if anything else may have been loaded when this was first asked: only what has loaded
    nothing yet is what its files say.
    """
    try:
        return installed() if features() and is_the_command() else ""
    except UNKNOWABLE:
        return ""


def installed() -> str:
    """The digest of what is there now. Raises: one of UNKNOWABLE."""
    return digest_of_parts(_parts())


def digest_of_parts(parts: Iterator[str | bytes]) -> str:
    """The digest of some texts in their order."""
    whole = sha256()
    for part in parts:
        said = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        whole.update(b"%d:" % len(said))
        whole.update(said)
    return whole.hexdigest()


def _parts() -> Iterator[str | bytes]:
    for name, content in sources():
        yield name
        yield content
    yield repr((python(), settings(), os.cpu_count(), platform.machine(), os.confstr("CS_GNU_LIBC_VERSION")))
    yield processor()
    yield features()
    yield repr(_libraries())


def _libraries() -> tuple[tuple[str, str, str], ...]:
    """Each library with its version and the digest of the list of its files.

    Raises: ImportError for one that would not be loaded from where it is installed, or changed since then.
    """
    for name in (*NEEDED, *DRAWING, *USED_IF_THERE):
        module = _MODULES.get(name, name)
        if name in USED_IF_THERE and not is_there(module):
            continue
        if not is_found_at(module, str(distribution(name).locate_file(f"{module}/__init__.py"))):
            raise PackageNotFoundError(name)
    if changed_since():
        raise PackageNotFoundError(changed_since())
    return versions((*NEEDED, *DRAWING))
