"""The key of a whole run, from files alone: it is asked for before anything that decides is loaded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import msgspec

from ..request import Request
from .installation import UNKNOWABLE, at_start, digest_of_parts, installed
from .sources import changed_lately, newest

FORMAT = "backproof.run.v1"

_DECIDES_NOTHING = ("files", "jobs", "origin", "seed")
"""Fields of a request that are keyed otherwise, or of which what is decided does not depend."""

UNREADABLE = (*UNKNOWABLE, msgspec.DecodeError)
"""What is raised where something on which a run depends cannot be read."""


class _Document(msgspec.Struct):
    """What a graph file says of the file beside it; all else is skipped."""

    arrays: str | None = None


def key_of_run(request: Request) -> str:
    """The digest of everything on which a run depends; "" where that is not to be known."""
    try:
        return _key(request, at_start()) if request.rules is None and at_start() else ""
    except UNREADABLE:
        return ""


def still_has(request: Request, key: str) -> bool:
    """Whether nothing on which a run depends has changed since the process began: what it loaded is what is there."""
    try:
        files = [path for file in request.files for path in _of_a_case(file)]
        return not newest() and not any(map(changed_lately, files)) and _key(request, installed()) == key
    except UNREADABLE:
        return False


def _key(request: Request, installation: str) -> str:
    return f"run {digest_of_parts(_parts(request, installation))}"


def _parts(request: Request, installation: str) -> Iterator[str | bytes]:
    yield FORMAT
    for field in fields(request):
        if field.name not in _DECIDES_NOTHING:
            yield f"{field.name} = {getattr(request, field.name)!r}"
    yield f"seed = {request.seed}" if request.drawn else "nothing is drawn"
    for file in request.files:
        yield file.as_posix()
        yield from (path.read_bytes() for path in _of_a_case(file))
    yield installation


def _of_a_case(file: Path) -> Iterator[Path]:
    """A graph file, and the file of arrays that it names."""
    yield file
    beside = msgspec.json.decode(file.read_bytes(), type=_Document).arrays
    if beside is not None:
        yield file.parent / beside
