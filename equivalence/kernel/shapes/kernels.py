"""A shipped kernel's own code, bound to symbolic arrays: `np` means the words known here, and the rest is refused."""

from __future__ import annotations

import builtins
import dis
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from types import CellType, CodeType, FunctionType, MappingProxyType, ModuleType
from typing import Any

import numpy

from ....ir.constant import Constant
from ....ir.graph import BackproofError
from .arrays import Array
from .booleans import Flags
from .floors import Floored, Places
from .formula import Whole
from .known import Known, Word
from .loops import Family, collected, rebinds, span, total
from .naturals import Listed, Natural
from .polynomial import Unsupported, refuse
from .rows import Counting, Integers
from .words import NUMPY, SPECIAL
from .zeros import View, Zeros

_NAMES = "abs all any enumerate len list max min reversed slice sorted zip"
_BUILTINS: Mapping[str, Any] = MappingProxyType(
    {name: getattr(builtins, name) for name in _NAMES.split()} | {"range": Word(span), "sum": Word(total), "tuple": Word(collected)}
)

_CLASSES = (Array, Whole, Listed, Natural, Integers, Flags, Floored, Places, Counting, Family, Zeros, View)
_THEIRS = frozenset({"T", "copy", "entries", "mT", "ndim", "reshape", "shape", "size", "sum"})
_OURS = frozenset(name for each in _CLASSES for name in dir(each)) - _THEIRS
"""Attributes of symbolic arrays and sizes that real ones do not have."""

_WORDING = frozenset({"format", "format_map"})
"""Methods of strings that read attributes by names in words."""

_STATE = frozenset({"close", "gi_code", "gi_frame", "gi_running", "gi_suspended", "gi_yieldfrom", "send", "throw"})
"""Attributes through which a generator shows or changes where it stands."""

_REFUSED = frozenset(
    {
        "DELETE_ATTR", "DELETE_GLOBAL", "DELETE_SUBSCR", "IMPORT_NAME", "LOAD_BUILD_CLASS", "STORE_ATTR", "STORE_GLOBAL",
        "MATCH_CLASS", "MATCH_MAPPING", "MATCH_SEQUENCE",  # a tuple of naturals would match, the unknown one does not
        "PUSH_EXC_INFO",  # try and with: a refusal could be caught
    }
)  # fmt: skip

FAULTS = (
    ArithmeticError, AssertionError, AttributeError, BackproofError, LookupError, NameError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What code that is not ours may raise."""


def symbolic(kernel: Callable[..., Any], operands: Sequence[Any], attributes: Mapping[str, Any]) -> Any:
    """What the kernel returns when its globals and closure are replaced by what is known at all sizes.

    Raises: Unsupported for code that could tell a symbolic array from a real one, keep state or catch a refusal.
    """
    return called(_rebuilt(kernel, {}), operands, attributes)


def called(function: Callable[..., Any], operands: Sequence[Any], attributes: Mapping[str, Any]) -> Any:
    """What the function returns. Raises: Unsupported for whatever it raises on symbolic operands."""
    try:
        return function(*operands, **attributes)
    except FAULTS as error:
        raise Unsupported(f"at all sizes {type(error).__name__}: {error}") from error


def _rebuilt(function: Any, done: dict[Any, Any]) -> Any:
    if type(function) is not FunctionType:
        refuse(f"a kernel that is a {type(function).__name__}")
    if function not in done:
        code = function.__code__
        _check(code, function.__globals__)
        if rebinds(code, code.co_freevars):
            refuse("a kernel that changes its closure")
        known: dict[str, Any] = {"__builtins__": _builtins_of(function)}
        closure = tuple(CellType() for _ in code.co_freevars)
        twin = FunctionType(code, known, function.__name__, None, closure)
        done[function] = twin
        twin.__defaults__ = _meaning(function.__defaults__, done)
        keyword = function.__kwdefaults__ or {}
        twin.__kwdefaults__ = {name: _meaning(value, done) for name, value in keyword.items()}
        for name in _names(code, "LOAD_GLOBAL") & function.__globals__.keys():
            value = function.__globals__[name]
            if value is numpy or value is math or type(value) in (bool, int, float, str, Constant, FunctionType):
                known[name] = _meaning(value, done)
            elif isinstance(value, ModuleType):
                known[name] = _namespace(value, _names(code, "LOAD_ATTR", "LOAD_METHOD"), done)
            # Any other name is left out, so that to read it is an error.
        for cell, original in zip(closure, function.__closure__ or (), strict=True):
            cell.cell_contents = _meaning(original.cell_contents, done)
    return done[function]


def _builtins_of(function: Any) -> dict[str, Any]:
    """The builtins that it finds under their names: a module may give a name another meaning, also one that is not known."""
    own = function.__builtins__
    plain = {name for name in _BUILTINS if own.get(name) is getattr(builtins, name)}
    return {name: value for name, value in _BUILTINS.items() if name in plain - function.__globals__.keys()}


def _meaning(value: Any, done: dict[Any, Any]) -> Any:
    """What a value that a kernel reads is replaced by. Raises: Unsupported for what could change or tell types."""
    if value is numpy:
        return NUMPY
    if value is math:
        return Known({"prod": math.prod})
    if type(value) is tuple:
        return tuple(_meaning(item, done) for item in value)
    if value is None or type(value) in (bool, int, float, str, Constant):
        return value
    return _rebuilt(value, done)


def _namespace(module: ModuleType, names: frozenset[str], done: dict[Any, Any]) -> Known:
    if module is sys.modules.get("scipy.special"):
        return SPECIAL
    if module is sys.modules.get("scipy") and module.special is sys.modules.get("scipy.special"):  # scipy loads it when it is asked for
        return Known({"special": SPECIAL})
    functions = {name: getattr(module, name, None) for name in names}
    return Known({n: _rebuilt(f, done) for n, f in functions.items() if type(f) is FunctionType})


def _names(code: CodeType, *opcodes: str) -> frozenset[str]:
    own = {i.argval for i in dis.get_instructions(code) if i.opname in opcodes}
    return frozenset(own).union(*(_names(part, *opcodes) for part in code.co_consts if isinstance(part, CodeType)))


def _check(code: CodeType, known: Mapping[str, Any]) -> None:
    previous = None
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name in _REFUSED or (name == "IS_OP" and not _is_none(previous)):
            refuse(f"the instruction {name} in {code.co_name}")
        previous = instruction
        word = instruction.argval
        if name in _OF_MODULES:
            if word.startswith("__") or (word.startswith("_") and word not in known):
                refuse(f"the name {word} in {code.co_name}")
        elif word in code.co_names and (word.startswith("_") or word in _OURS | _STATE | _WORDING):
            refuse(f"the attribute {word} in {code.co_name}")
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            _check(constant, known)


_OF_MODULES = ("LOAD_GLOBAL", "LOAD_NAME")
"""Instructions that read a name of the module; all others with names read or write attributes."""


def _is_none(instruction: dis.Instruction | None) -> bool:
    return instruction is not None and instruction.opname == "LOAD_CONST" and instruction.argval is None
