"""The key of a whole run, from files alone: it is asked for before anything that decides is loaded."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import fields
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import msgspec

from ...ir.graph import BackproofError
from ..request import Request
from .host import features, processor, python, settings
from .installed import DRAWING, NEEDED, USED_IF_THERE, changed_since, versions
from .sources import changed_lately, is_found_at, is_the_command, is_there, newest, sources

FORMAT = "backproof.run.v1"

_DECIDES_NOTHING = ("files", "jobs", "origin", "seed")
"""Fields of a request that are keyed otherwise, or of which what is decided does not depend."""

_MODULES = {"python-flint": "flint", "z3-solver": "z3"}
"""The modules of distributions that are called otherwise."""


class _Document(msgspec.Struct):
    """What a graph file says of the file beside it; all else is skipped."""

    arrays: str | None = None


def key_of_run(request: Request) -> str:
    """The digest of everything on which a run depends; "" where that is not to be known."""
    try:
        if request.rules is not None or not features() or not is_the_command():
            return ""
        return _key(request)
    except (BackproofError, ImportError, OSError, ValueError, msgspec.DecodeError):
        return ""


def still_has(request: Request, key: str) -> bool:
    """Whether nothing on which a run depends has changed since the process began: what it loaded is what is there."""
    try:
        files = [path for file in request.files for path in _of_a_case(file)]
        return not newest() and not any(map(changed_lately, files)) and not changed_since() and _key(request) == key
    except (BackproofError, ImportError, OSError, ValueError, msgspec.DecodeError):
        return False


def _key(request: Request) -> str:
    whole = sha256()
    for part in _parts(request):
        said = part if isinstance(part, bytes) else part.encode("utf-8", "surrogateescape")
        whole.update(b"%d:" % len(said))
        whole.update(said)
    return f"run {whole.hexdigest()}"


def _parts(request: Request) -> Iterator[str | bytes]:
    yield FORMAT
    for field in fields(request):
        if field.name not in _DECIDES_NOTHING:
            yield f"{field.name} = {getattr(request, field.name)!r}"
    yield f"seed = {request.seed}" if request.drawn else "nothing is drawn"
    for file in request.files:
        yield file.as_posix()
        yield from (path.read_bytes() for path in _of_a_case(file))
    for name, content in sources():
        yield name
        yield content
    yield repr((python(), settings(), os.cpu_count(), platform.machine(), os.confstr("CS_GNU_LIBC_VERSION")))
    yield processor()
    yield features()
    yield repr(_libraries())


def _of_a_case(file: Path) -> Iterator[Path]:
    """A graph file, and the file of arrays that it names."""
    yield file
    beside = msgspec.json.decode(file.read_bytes(), type=_Document).arrays
    if beside is not None:
        yield file.parent / beside


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
