"""The functions of the shipped runtime that are mutated: kernels, what these call, and the tape's loop."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from types import CodeType, FunctionType, ModuleType
from typing import Any

from ...runtime import compile as compiling
from ...runtime import forward_mode, tape
from ...runtime import primitives as _primitives  # noqa: F401 - fills the registry that is mutated
from ...runtime.primitive import PRIMITIVES
from ...runtime.tape import RecordedNode, Tape

_RUNTIME = forward_mode.__name__.rpartition(".")[0]

_LOOP: Sequence[Callable[..., Any]] = (
    Tape.leaf,
    Tape.add_node,
    Tape.record,
    Tape.refresh,
    Tape.backward_dense_from,
    Tape.backward_dense,
    Tape.backward_dense_all,
    Tape.backward,
    Tape.backward_scalar,
    Tape.propagate,
    Tape.accumulate,
    RecordedNode.backward,
    tape.emit_nothing,
    compiling.compile_graph,
    forward_mode.jvp_dense,
)


@dataclass(frozen=True, slots=True)
class Site:
    """A function and the ops whose kernels run it; none for the tape's loop."""

    function: FunctionType
    ops: tuple[str, ...]

    @property
    def name(self) -> str:
        """A name that tells sites apart: where it stands and what it is called."""
        module = self.function.__module__.removeprefix(f"{_RUNTIME}.").removeprefix("primitives.")
        return f"{module}.{self.function.__qualname__}"

    def tree(self) -> ast.Module:
        """Its syntax tree as that of a module, at the lines where it stands, without decorators and annotations."""
        file = ast.parse(inspect.getsource(inspect.getmodule(self.function) or tape))
        first = self.function.__code__.co_firstlineno
        found = next(node for node in ast.walk(file) if isinstance(node, ast.FunctionDef) and _first_line(node) == first)
        for node in ast.walk(found):
            if isinstance(node, ast.FunctionDef):
                node.decorator_list, node.returns = [], None
            elif isinstance(node, ast.arg):
                node.annotation = None
        return ast.Module([found], [])


def sites() -> tuple[Site, ...]:
    """Every function, each once, by name."""
    users: dict[FunctionType, set[str]] = {}
    for op, entry in PRIMITIVES.items():
        for kernel in (entry.forward_kernel, entry.vjp_kernel, entry.jvp_kernel):
            for function in _reached(kernel):
                users.setdefault(function, set()).add(op)
    found = [Site(function, tuple(sorted(ops))) for function, ops in users.items()]
    loop = [Site(function, ()) for function in _LOOP if isinstance(function, FunctionType)]
    return tuple(sorted((*found, *loop), key=lambda site: site.name))


def _reached(kernel: Callable[..., Any]) -> set[FunctionType]:
    """The functions of the runtime that a kernel runs, itself included."""
    waiting: list[Any] = [kernel]
    seen: set[FunctionType] = set()
    while waiting:
        function = waiting.pop()
        if isinstance(function, FunctionType) and function.__module__.startswith(f"{_RUNTIME}.") and function not in seen:
            seen.add(function)
            waiting.extend(_read(function))
    return seen


def _read(function: FunctionType) -> Iterator[Any]:
    """What the names in a function's code stand for, those after a module's name included."""
    names = {name for code in _codes(function.__code__) for name in code.co_names}
    for name in names & function.__globals__.keys():
        value = function.__globals__[name]
        yield value
        if isinstance(value, ModuleType):
            yield from (vars(value)[inner] for inner in names & vars(value).keys())
        yield getattr(value, "forward_kernel", None)  # a decorated kernel's name is that of its primitive


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _first_line(node: ast.FunctionDef) -> int:
    return min([node.lineno, *(each.lineno for each in node.decorator_list)])
