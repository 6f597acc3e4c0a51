"""The files that this checker is loaded from, and what else could be loaded in their place."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from importlib.machinery import all_suffixes
from importlib.util import cache_from_source, find_spec
from pathlib import Path

from ... import LOADED

PACKAGE = Path(__file__).resolve().parents[2]

_LOADED = LOADED - 0.05
"""When the first file of ours may have been read; file systems tell time by a coarser clock. Units: seconds, epoch."""

_SUFFIXES = tuple(all_suffixes())

_KNOWN = frozenset(
    {
        "_distutils_hack", "_virtualenv", "annotated_doc", "annotated_types", "msgspec", "pydantic", "pydantic_core", "shellingham",
        "typer", "typing_extensions", "typing_inspection",
    }
)  # fmt: skip
"""What the command and the environment that it is installed in load before anything is decided."""

_MADE = ("__editable___", "_frozen_importlib", "_sysconfigdata_")
"""How modules begin that installing and building make: what finds packages where their sources are, what Python was built with."""

_STARTED_BY = "backproof"


def is_the_command() -> bool:
    """Whether this process is the command's own and has loaded nothing that could change what the checker does.

    What starts a debugger, measures coverage or patches a library at start-up is loaded, or finds modules its own way.
    """
    ours = __name__.partition(".")[0]
    tops = {name.partition(".")[0] for name in sys.modules} - {"__main__", "__mp_main__"}
    finders = {getattr(finder, "__module__", type(finder).__module__) for finder in sys.meta_path}
    strange = {name for name in (tops | finders) - sys.stdlib_module_names - _KNOWN - {ours} if not name.startswith(_MADE)}
    patching = {"sitecustomize", "usercustomize"} & tops
    return not strange and not patching and _started_it(ours) and not _is_shadowed()


def _started_it(ours: str) -> bool:
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return bool(spec.name == f"{ours}.__main__")
    return Path(getattr(main, "__file__", None) or "").name == _STARTED_BY


def _is_shadowed() -> bool:
    """Whether something that Python searches before its own modules bears the name of one of them."""
    own = str(Path(os.__file__).parent)
    for entry in sys.path[: sys.path.index(own)] if own in sys.path else [""]:
        try:
            names = os.listdir(entry or ".")
        except NotADirectoryError:
            return True  # an archive
        except FileNotFoundError:
            continue
        if {_module(entry or ".", name) for name in names} & (sys.stdlib_module_names | _KNOWN):
            return True
    return False


def _module(folder: str, name: str) -> str:
    """The module that an entry of a folder would be; "" if it would be none."""
    if name.endswith(_SUFFIXES):
        return name.partition(".")[0]
    return name if os.path.isdir(os.path.join(folder, name)) else ""


def is_found_at(module: str, file: str) -> bool:
    """Whether a library's module would be loaded from this file."""
    spec = find_spec(module)
    return spec is not None and spec.origin == file


def is_there(module: str) -> bool:
    """Whether there is such a module."""
    return find_spec(module) is not None


def sources() -> Iterator[tuple[str, bytes]]:
    """Every file that the checker may be loaded from, by name: sources, tables, and what Python compiled them to.

    Compiled code counts, with whether Python would take it: it may be stale and bear the time and size of its source.
    Raises: OSError.
    """
    for path in _paths():
        name = os.path.relpath(path, PACKAGE)
        content = _read(path)
        yield name, content
        if path.endswith(".py"):
            cached = cache_from_source(path)
            compiled = _read(cached) if os.path.exists(cached) else b""
            by_stamp = compiled[4:8] == bytes(4)  # else by a digest of its source, or unasked
            yield f"{name}, compiled", compiled[:8] + compiled[16 if by_stamp else 8 :]
            yield f"{name}, taken", b"yes" if compiled[8:16] == _stamp(path) else b"no"


def newest() -> str:
    """A file of the checker that changed after this process began to load it; "" if there is none.

    Raises: OSError.
    """
    for path in _paths():
        cached = cache_from_source(path) if path.endswith(".py") else path
        if changed_lately(path) or (os.path.exists(cached) and changed_lately(cached)):
            return path
    return ""


def changed_lately(path: str | Path) -> bool:
    """Whether a file changed after this process began to load. Raises: OSError."""
    return os.stat(path).st_ctime >= _LOADED


def _paths() -> Iterator[str]:
    """The package's files: a folder at its root is one of its parts if it is a package."""
    for entry in sorted(os.scandir(PACKAGE), key=lambda each: each.name):
        if entry.is_file() and entry.name.endswith(_SUFFIXES):
            yield entry.path
        elif entry.is_dir() and any(os.path.exists(os.path.join(entry.path, f"__init__{each}")) for each in _SUFFIXES):
            for folder, folders, names in os.walk(entry.path):
                folders[:] = sorted(each for each in folders if each != "__pycache__")
                yield from (os.path.join(folder, name) for name in sorted(names))


def _read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def _stamp(path: str) -> bytes:
    """What compiled code bears of its source: its time and its size."""
    found = os.stat(path)
    return b"".join((int(number) & 0xFFFFFFFF).to_bytes(4, "little") for number in (found.st_mtime, found.st_size))
