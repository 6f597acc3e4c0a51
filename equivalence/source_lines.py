"""Where what is under check stands: the file and line of each kernel, of the tape, and of an engine's adapter."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from ..runtime.primitive import PRIMITIVES
from ..runtime.tape import Tape
from .adapters.engine import Engine


def source_lines(tape: type[Tape]) -> dict[tuple[str, str], tuple[str, int]]:
    """The file and line of each kernel, by op and part, and of the tape, by ("", "engine"); without those made elsewhere."""
    found = {each: _line(kernel) for each, kernel in _kernels()}
    return {each: line for each, line in {**found, ("", "engine"): _class_line(tape)}.items() if line is not None}


def engine_lines(engine: type[Engine]) -> dict[tuple[str, str], tuple[str, int]]:
    """The file and line of an adapter, for every op that its engine has, and for graphs."""
    line = _class_line(engine)
    parts = ("forward", "vjp", "jvp")
    return {} if line is None else {(op, part): line for op in ("", *engine.ops) for part in parts}


def _kernels() -> Iterator[tuple[tuple[str, str], Callable[..., Any]]]:
    for op, entry in PRIMITIVES.items():
        yield (op, "forward"), entry.forward_kernel
        yield (op, "vjp"), entry.vjp_kernel
        yield (op, "jvp"), entry.jvp_kernel


def _line(kernel: Callable[..., Any]) -> tuple[str, int] | None:
    """Where a kernel's own code begins, under whatever wraps it; None if it is no Python function in a file."""
    function = inspect.unwrap(kernel)
    while isinstance(function, partial):
        function = inspect.unwrap(function.func)
    if inspect.ismethod(function):
        function = function.__func__
    if not inspect.isfunction(function):
        return None
    file = Path(function.__code__.co_filename)
    return (str(file.resolve()), function.__code__.co_firstlineno) if file.is_file() else None


def _class_line(tape: type) -> tuple[str, int] | None:
    try:
        return str(Path(inspect.getfile(tape)).resolve()), inspect.getsourcelines(tape)[1]
    except (OSError, TypeError):
        return None
