"""Which things of Python and its libraries a kernel may reach: those that are functions of their arguments, by name.

They are pinned by the versions of their libraries, which every key holds. One that was replaced in its module is not what
its name says, and is hashed by its own code or not at all.
"""

from __future__ import annotations

import sys
from types import FunctionType, ModuleType
from typing import Any

import numpy as np

_MODULES = frozenset(
    {
        "math", "operator", "itertools", "functools", "numpy", "numpy.linalg", "numpy.lib", "numpy.lib.stride_tricks",
        "scipy", "scipy.special",
    }
)  # fmt: skip
"""Modules of others that a kernel may read attributes of."""

_HOMES = frozenset(
    {
        "abc", "builtins", "_collections_abc", "collections", "collections.abc", "dataclasses", "enum", "fractions",
        "functools", "_functools", "itertools", "math", "_operator", "operator", "numbers", "typing", "types",
        "numpy", "numpy.linalg", "numpy.lib.stride_tricks", "numpy.exceptions", "scipy.special",
    }
)  # fmt: skip
"""Where functions and classes of others may live."""

_COMPUTING = frozenset(
    {
        "builtins", "collections", "copy", "cvc5", "dataclasses", "flint", "fractions", "functools", "itertools", "math",
        "mpmath", "numbers", "numpy", "operator", "random", "scipy", "sympy", "z3",
    }
)  # fmt: skip
"""Libraries that decisions are computed with."""

_LIBRARIES = sys.stdlib_module_names | _COMPUTING | {"hypothesis", "msgspec"}

_READERS = frozenset(
    {
        "DataSource", "attrgetter", "empty", "empty_like", "fromfile", "fromregex", "genfromtxt", "input", "itemgetter",
        "load", "loadtxt", "memmap", "methodcaller", "ndarray", "object_", "open", "print", "set_printoptions", "setbufsize",
        "seterr", "seterrcall",
    }
)  # fmt: skip
"""What reads or writes beside its arguments, memory that nobody wrote to included, or finds things by names in words."""


_FINDERS = frozenset(
    {
        "__build_class__", "__import__", "breakpoint", "compile", "delattr", "dir", "eval", "exec", "getattr", "globals", "hash",
        "id", "locals", "setattr", "vars",
    }
)  # fmt: skip
"""Builtins that find things by names in words, or differ from run to run; under whatever name they are reached."""


def attribute_of(module: ModuleType, name: str, missing: Any) -> Any:
    """What a module holds under a name. Raises: LookupError for a module that is not known to keep no state."""
    theirs = module.__name__ in _MODULES and sys.modules.get(module.__name__) is module
    if not theirs and module.__name__.partition(".")[0] in _LIBRARIES:
        raise LookupError(f"reads the module {module.__name__}")
    return getattr(module, name, missing)


def called_there(value: Any) -> str:
    """The full name under which a function or class is found where it says it lives; "" if it is not."""
    if isinstance(value, np.ufunc):
        homes = [each for each in ("numpy", "scipy.special") if getattr(sys.modules.get(each), value.__name__, None) is value]
        return f"{homes[0]}.{value.__name__}" if homes else ""
    home, name = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(home, str) or not isinstance(name, str):
        return ""
    found: Any = sys.modules.get(home)
    for part in name.split("."):
        found = getattr(found, part, None)
    return f"{home}.{name}" if found is value else ""


def may_be_reached(value: Any) -> bool:
    """Whether this is a function or class of others that lives among functions of their arguments."""
    home, _dot, short = called_there(value).rpartition(".")
    return home in _HOMES and short not in _READERS | _FINDERS


def is_of_a_library(value: Any) -> bool:
    """Whether a class says that it is Python's own or one of our libraries'."""
    return str(value.__module__).partition(".")[0] in _LIBRARIES


def foreign() -> str:
    """A function that stands in a library's module or class and was made elsewhere, by name; "" if there is none.

    A rules file may replace what our own code calls there, and no kernel's names tell of it.
    """
    for module in list(sys.modules.values()):
        name = getattr(module, "__name__", "")
        if isinstance(module, ModuleType) and name.partition(".")[0] in _COMPUTING:
            for word, value in list(vars(module).items()):
                members = list(vars(value).values()) if isinstance(value, type) else [value]
                if not all(map(_is_at_home, members)):
                    return f"{name}.{word}"
    return ""


def _is_at_home(member: Any) -> bool:
    function = getattr(member, "__func__", member)
    if not isinstance(function, FunctionType):
        return True
    root = str(function.__globals__.get("__name__")).partition(".")[0]
    return root in _LIBRARIES or root.startswith("namedtuple_")

