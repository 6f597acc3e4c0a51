"""Loops over ranges of unknown length: a generator expression is run once, at an index that stands for every one.

That is right only if no run can tell that another came before it. So a generator expression must keep nothing between
its runs: it assigns nothing but its own loop variables, and all that it reaches from outside can never change.
"""

from __future__ import annotations

import builtins
import dis
import itertools
from collections.abc import Callable, Mapping, Sequence
from types import CodeType, FunctionType, GeneratorType, NoneType
from typing import Any

from .algebra import substitute, summed
from .arrays import Array
from .floors import Places
from .formula import Whole, polys, whole
from .naturals import Listed, Natural, Opaque
from .polynomial import Guard, Looped, Poly, Variable, integer, least, refuse, variable, within


class Walk(Opaque):
    """Yields, once, an index that stands for every index of the sides; only a reduction that binds it may ask."""

    __slots__ = ("_index", "_names", "_ranges", "_state")

    def __init__(self, case: Any, starts: Sequence[Poly], sides: Sequence[Poly], pack: Callable[[Any], Any]) -> None:
        fresh = [None if side == integer(1) else Looped(side) for side in sides]
        offsets = [integer(0) if name is None else variable(name) for name in fresh]
        self._index = pack([whole(case, start + offset) for start, offset in zip(starts, offsets, strict=True)])
        self._names: tuple[Variable, ...] = tuple(name for name in fresh if name is not None)
        ranges = [within(name, name.size) for name in fresh if name is not None]
        self._ranges = frozenset[Guard]().union(*ranges)
        self._state = "unbound"

    def __iter__(self) -> Walk:
        return self

    def __next__(self) -> Any:
        if self._state == "bound":
            self._state = "done"
            return self._index
        if self._state == "done":
            raise StopIteration
        refuse("a loop over a range of unknown length that is no sum of a generator expression")


class Span(Opaque):
    """A range of unknown length."""

    __slots__ = ("_case", "_side", "_start")

    def __init__(self, case: Any, start: Poly, side: Poly) -> None:
        self._case, self._start, self._side = case, start, side

    def __iter__(self) -> Walk:
        return Walk(self._case, [self._start], [self._side], lambda index: index[0])


def span(*bounds: Any) -> Any:
    """range, of which neither bound need be known."""
    case = next((bound.case for bound in bounds if isinstance(bound, Whole)), None)
    if case is None:
        return range(*bounds)
    if len(bounds) > 2:
        refuse("a range with a step")
    start, stop = polys((0, *bounds)[-2:])
    return Span(case, start, stop - start) if case.decide(least(stop - start - integer(1))) else range(0)


def offsets(*sides: Any) -> Any:
    """np.ndindex: every index of a shape, once."""
    case = next((side.case for side in sides if isinstance(side, Whole)), None)
    if case is None:
        if not all(type(side) is int and side >= 0 for side in sides):
            refuse("an index of sides that are no naturals")
        return iter(tuple(itertools.product(*map(range, sides))))
    extents = polys(sides)
    if not all(case.decide(least(side)) for side in extents):
        refuse("an index of a negative side")
    if not all(case.decide(least(side - integer(1))) for side in extents):
        return iter(())
    return Walk(case, [integer(0)] * len(extents), extents, tuple)


class Family(Opaque):
    """An array for each index of a range of unknown length."""

    __slots__ = ("_array", "_name")

    def __init__(self, array: Array, name: Looped) -> None:
        self._array, self._name = array, name

    def stacked(self) -> Array:
        """y[k,i] = the k-th array at i."""
        array, name = self._array, self._name
        sides = (name.size, *array.sides)
        return Array(array.case, sides, lambda i: substitute(array.entry(i[1:]), {name: i[0]}, {}), array.kind)


def total(items: Any, *start: Any) -> Any:
    """sum: over a range of unknown length, the sum of a generator expression."""
    walk = _walk(items)
    if walk is None:
        return builtins.sum(items, *start)
    array = _one_array(builtins.sum(_run(items, walk)), walk)
    names, ranges = walk._names, walk._ranges
    return builtins.sum([Array(array.case, array.sides, lambda i: summed(array.entry(i), names, ranges))], *start)


def collected(items: Any = ()) -> Any:
    """tuple: over a range of unknown length, a family of arrays."""
    walk = _walk(items)
    if walk is None:
        return tuple(items)
    (item,) = _run(items, walk)
    if not walk._names:
        return (item,)
    (name,) = walk._names
    return Family(_one_array(item, walk), name)  # type: ignore[arg-type]


def _walk(items: Any) -> Walk | None:
    """The range of unknown length that a generator expression runs over first, if it does."""
    first = _frame(items).get(".0") if isinstance(items, GeneratorType) else None
    return first if isinstance(first, Walk) else None


def _frame(generator: GeneratorType[Any, Any, Any]) -> Mapping[str, Any]:
    """The variables of a generator, those of the functions around it too; none when it is at its end."""
    return {} if generator.gi_frame is None else generator.gi_frame.f_locals


def _run(generator: GeneratorType[Any, Any, Any], walk: Walk) -> list[Any]:
    """What the generator expression yields at the one index of its range."""
    if walk._state != "unbound" or not _keeps_nothing(generator.gi_code):
        refuse("a loop that may keep something from one round to the next")
    if not all(_unchanging(value) for name, value in _frame(generator).items() if name != ".0"):
        refuse("a loop that reaches something that may change")
    walk._state = "bound"
    return list(generator)


def _one_array(value: Any, walk: Walk) -> Array:
    """A real array whose sides are the same in every round."""
    if not isinstance(value, Array) or value.kind != "real":
        refuse(f"a loop over {type(value).__name__}")
    if any(side.variables.intersection(walk._names) for side in value.sides):
        refuse("a loop over arrays of different shapes")
    return value


_TARGETS = ("FOR_ITER", "UNPACK_SEQUENCE", "STORE_FAST", "STORE_DEREF")
"""What stands before the assignment of a loop variable."""


def _keeps_nothing(code: CodeType) -> bool:
    """Whether it is a generator expression that assigns its loop variables alone."""
    previous = ""
    for instruction in dis.get_instructions(code):
        name = instruction.opname
        if name.startswith(("STORE", "DELETE")):
            own = name == "STORE_FAST" or (name == "STORE_DEREF" and instruction.argval in code.co_cellvars)
            if not (own and previous in _TARGETS):
                return False
        previous = name
    return code.co_name == "<genexpr>" and not rebinds(code, code.co_freevars)


def rebinds(code: CodeType, names: Sequence[str]) -> bool:
    """Whether the code, or code inside it, assigns one of these variables of the functions around it."""
    own = any(i.opname in ("STORE_DEREF", "DELETE_DEREF") and i.argval in names for i in dis.get_instructions(code))
    return own or any(rebinds(part, names) for part in code.co_consts if isinstance(part, CodeType))


def _unchanging(value: Any) -> bool:
    """Whether nothing that can be reached from a value ever changes; arrays that could be written to no longer can."""
    if isinstance(value, Array):
        return isinstance(value.sides, tuple)  # zeros that were looked at are closed to writes
    if type(value) in (tuple, slice):
        return all(map(_unchanging, (value.start, value.stop, value.step) if type(value) is slice else value))
    if type(value) is FunctionType:
        cells = [cell.cell_contents for cell in value.__closure__ or ()]
        reached = (*cells, *(value.__defaults__ or ()), *(value.__kwdefaults__ or {}).values())
        return not rebinds(value.__code__, value.__code__.co_freevars) and all(map(_unchanging, reached))
    return type(value) in (NoneType, bool, int, float, str, range, Whole, Natural, Listed, Places, Span)
