"""What the code of a function consists of, and which of its module's names it reads."""

from __future__ import annotations

import dis
from collections.abc import Iterator
from functools import lru_cache
from types import CodeType, FunctionType, ModuleType
from typing import Any

from .libraries import attribute_of

_MISSING = ("no such name",)

_OPAQUE = frozenset(
    {
        "DELETE_GLOBAL", "IMPORT_NAME", "IMPORT_FROM", "IMPORT_STAR", "LOAD_BUILD_CLASS", "MATCH_CLASS", "STORE_GLOBAL",
    }
)  # fmt: skip
"""Instructions after which what a function reads is not known from its code; a class pattern names attributes in words."""

_THROUGH = frozenset(
    {
        "ag_frame", "cr_frame", "ctypes", "f_back", "f_builtins", "f_globals", "f_locals", "format", "format_map", "gi_frame",
        "tb_frame",
    }
)  # fmt: skip
"""Attributes through which code gets at frames or addresses, or at attributes by names in words."""

_CONSTANTS = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis), CodeType, slice)

_HARMLESS = frozenset({"__getitem__", "__init__", "__name__"})


def parts_of(code: CodeType) -> tuple[Any, ...]:
    """Everything of a code object that decides what it does; not its name, its file and its lines."""
    return (
        code.co_code, code.co_consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars,
        code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags, code.co_exceptiontable,
    )  # fmt: skip


def is_of_the_compiler(constant: Any) -> bool:
    """Whether a constant of code is of a type that compilers put there, none of which ever changes."""
    if type(constant) in (tuple, frozenset):
        return all(map(is_of_the_compiler, constant))
    return type(constant) in _CONSTANTS


def globals_of(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Each global name that a function reads, with its value; of a module those of its attributes that are read.

    Raises: LookupError for code that can read what is not told by its names.
    """
    known = function.__globals__
    own = _builtins_of(function)
    seen = set()
    for code in _codes(function.__code__):
        for name, chain in _reads(code):
            if name in known:
                value = known[name]
            elif name in own:
                value = own[name]
            else:
                value = _MISSING
            path = name
            rest = list(chain)
            while isinstance(value, ModuleType):
                if not rest:
                    raise LookupError(f"hands on the module {name}")
                path = f"{path}.{rest[0]}"
                value = attribute_of(value, rest.pop(0), _MISSING)
            if path not in seen:
                seen.add(path)
                yield path, value


def _builtins_of(function: Any) -> dict[str, Any]:
    """The builtins that it finds under their names. Not every stub of FunctionType knows of them."""
    found: dict[str, Any] = function.__builtins__
    return found


def _codes(code: CodeType) -> Iterator[CodeType]:
    waiting = [code]
    while waiting:
        each = waiting.pop()
        yield each
        waiting += [constant for constant in each.co_consts if isinstance(constant, CodeType)]


@lru_cache(maxsize=4096)
def _reads(code: CodeType) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each global name with the attributes that are read of it one after another. Code never changes, and is read once."""
    return tuple(_read_in(code))


def _read_in(code: CodeType) -> Iterator[tuple[str, tuple[str, ...]]]:
    name, chain = "", list[str]()
    for instruction in dis.get_instructions(code):
        word, kind = instruction.argval, instruction.opname
        if kind in _OPAQUE:
            raise LookupError(f"holds the instruction {kind}")
        if kind in ("EXTENDED_ARG", "CACHE"):
            continue
        attribute = kind.startswith(("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER"))
        if attribute and (word in _THROUGH or (word.startswith("__") and word not in _HARMLESS)):
            raise LookupError(f"reads {word}")
        if attribute and name:
            chain.append(word)
            continue
        if name:
            yield name, tuple(chain)
        name, chain = (word, []) if kind in ("LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS") else ("", [])
    if name:
        yield name, tuple(chain)
