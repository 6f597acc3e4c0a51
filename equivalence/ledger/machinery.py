"""What every decision rests on, as one digest: the checker's own files and code, Python, the libraries, and the machine."""

from __future__ import annotations

import importlib
import os
import platform
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache, cached_property
from hashlib import sha256
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

from ... import LOADED
from ...ir.graph import BackproofError
from ..rules_file import MODULE_NAME
from .code import parts_of
from .host import processor, python, settings
from .installed import NEEDED, changed_since, versions
from .libraries import foreign
from .reach import KEPT_BY_LIBRARIES, ROOT, digest_of

_FOLDERS = ("ir", "spec", "equivalence", "runtime")

_KERNELS = ("runtime/primitives", "runtime/shapes")
"""Where what belongs to single ops stands: that is hashed op by op."""

_DECIDING = (
    "ir/", "spec/", "runtime/", "equivalence/caught", "equivalence/containment", "equivalence/engine/", "equivalence/generation/reduction",
    "equivalence/graph_work", "equivalence/graphs/", "equivalence/kernel/", "equivalence/obligations", "equivalence/records", "equivalence/references",
    "equivalence/rule_work", "equivalence/rules", "equivalence/subject", "equivalence/work",
)  # fmt: skip
"""Whose modules are looked at in memory too: what a rules file changed there is in no file of ours."""

_PACKAGE = Path(__file__).resolve().parents[2]

_LOADED = LOADED - 0.05
"""When the first file of ours may have been read; file systems tell time by a coarser clock. Units: seconds, epoch."""


def machinery() -> str:
    """The digest of this process, made when it is first asked for; "" if that is not to be known."""
    return _known()[0]


def why_not_known() -> str:
    """Why nothing has a key: a file changed after it was loaded, or somebody changed a library; "" if things have."""
    return _known()[1]


@cache
def checker() -> str:
    """The digest of the checker, of Python and of its libraries' versions, on whatever machine; "" if it is not to be known."""
    if why_not_known():
        return ""
    names = tuple((name, version) for name, version, _listed in versions(NEEDED))
    return digest_of((tuple(_files()), tuple(_loaded()), names, python()))


@cache
def _known() -> tuple[str, str]:
    try:
        trouble = _trouble()
        return ("", trouble) if trouble else (digest_of((tuple(_files()), tuple(_loaded()), versions(NEEDED), _host())), "")
    except (BackproofError, ImportError, OSError, RecursionError) as error:
        return "", f"{type(error).__name__}: {error}"


def _trouble() -> str:
    newer = next((name for name, path in _paths() if path.stat().st_ctime >= _LOADED), "")
    if newer:
        return f"{newer} was changed after it was loaded"
    replaced = foreign() if MODULE_NAME in sys.modules else ""
    if replaced:
        return f"the rules file changed {replaced}"
    written = changed_since()
    return f"{written} was changed after it was installed" if written else ""


def _files() -> Iterator[tuple[str, str]]:
    """Every file of the checker, with its digest."""
    for name, path in _paths():
        yield name, sha256(path.read_bytes()).hexdigest()


def _paths() -> Iterator[tuple[str, Path]]:
    for folder in _FOLDERS:
        for path in sorted((_PACKAGE / folder).rglob("*"), key=str):
            name = path.relative_to(_PACKAGE).as_posix()
            if path.suffix in (".py", ".json") and not name.startswith(_KERNELS):
                yield name, path


def _loaded() -> Iterator[tuple[str, str, str]]:
    """What each deciding module holds in memory, name by name."""
    for name, _digest in _files():
        if name.startswith(_DECIDING) and name.endswith(".py"):
            module = ".".join((ROOT, *Path(name).with_suffix("").parts)).removesuffix(".__init__")
            for word, value in sorted(vars(importlib.import_module(module)).items()):
                loaded = isinstance(value, ModuleType) and value.__name__ == f"{module}.{word}"  # whoever imported it
                if not loaded and not (word.startswith("__") and word.endswith("__")):
                    yield module, word, _said(module, value)


def _said(module: str, value: Any) -> str:
    """Functions and classes by their code where they are made, by their names elsewhere; plain values by their text."""
    home = getattr(value, "__module__", None)
    if isinstance(value, type):
        held = vars(value).items() if home == module else ()
        members = sorted(item for item in held if item[0] not in KEPT_BY_LIBRARIES)
        return digest_of((str(home), value.__qualname__, *((name, *_codes(each)) for name, each in members)))
    if isinstance(value, FunctionType):
        return digest_of((str(home), value.__qualname__, *(_codes(value) if home == module else ())))
    if isinstance(value, ModuleType):
        return value.__name__
    return digest_of(_listed(module, value))


def _listed(module: str, value: Any) -> Any:
    """A value with all that it consists of said, as far as that does not change while a process lives."""
    kind = type(value).__qualname__
    if _is_plain(value):
        return value
    if isinstance(value, Mapping) and not isinstance(value, MutableMapping):
        return kind, tuple((_said(module, each), _said(module, value[each])) for each in value)
    if isinstance(value, frozenset):
        return kind, tuple(sorted(_said(module, each) for each in value))
    if isinstance(value, tuple):
        return kind, tuple(_said(module, each) for each in value)
    if isinstance(value, Enum):
        return kind, value.name
    if is_dataclass(value):
        return kind, tuple((field.name, _said(module, getattr(value, field.name))) for field in fields(value))
    return kind, str(value) if isinstance(value, Fraction | np.ufunc) else ""


def _codes(value: Any) -> tuple[Any, ...]:
    """The code of a function, or of the functions that a member of a class is made of."""
    match value:
        case FunctionType():
            defaults = (*(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
            return (parts_of(value.__code__), tuple(each if _is_plain(each) else type(each).__name__ for each in defaults))
        case staticmethod() | classmethod():
            return _codes(value.__func__)
        case property():
            return tuple(part for each in (value.fget, value.fset, value.fdel) for part in _codes(each))
        case cached_property():
            return _codes(value.func)
    return (value,) if _is_plain(value) else (type(value).__name__,)


def _is_plain(value: Any) -> bool:
    if type(value) in (tuple, frozenset):
        return all(map(_is_plain, value))
    return type(value) in (type(None), bool, int, float, str, bytes)


def _host() -> tuple[Any, ...]:
    """Python, and what float kernels may depend on."""
    features = tuple(sorted(np._core._multiarray_umath.__cpu_features__.items()))  # type: ignore[attr-defined]
    errors = tuple(sorted(np.geterr().items()))
    return python(), platform.machine(), platform.libc_ver(), processor(), os.cpu_count(), features, settings(), errors
