"""Arrays in which some cells are −∞, which every real number beats, and the places of largest cells along an axis.

Nothing is computed with −∞: such an array can be cut, reduced to its largest cells, and asked which cells are real.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .algebra import ONE, Expr, summed
from .arrays import Array, Shape
from .case import Case
from .equality import vanishes
from .formula import Index, as_poly, whole
from .largest import exists, first, largest
from .naturals import Opaque
from .polynomial import Fresh, Guard, Poly, integer, least, refuse, variable, within, zero
from .prover import implied
from .selection import Places as Part
from .selection import selected
from .winners import is_lowest

Present = Callable[[Index], frozenset[Guard]]
"""What it takes for the cell at an index to be real."""


class Floored(Opaque):
    """An array whose entry is real where all of `present` holds, there with the value of `entry`, elsewhere −∞."""

    __slots__ = ("case", "entry", "present", "sides")

    def __init__(self, case: Case, sides: Shape, entry: Callable[[Index], Expr], present: Present) -> None:
        self.case, self.sides, self.entry, self.present = case, sides, entry, present

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sides, as kernels compute with them."""
        return tuple(whole(self.case, side) for side in self.sides)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.sides)

    def part(self, sides: Shape, places: Part) -> Floored:
        """The cells at these places."""
        return Floored(self.case, sides, lambda i: self.entry(places(i)), lambda i: self.present(places(i)))

    def __getitem__(self, key: Any) -> Floored:
        return self.part(*selected(self.case, self.sides, key))

    def __gt__(self, other: Any) -> Array:
        if not is_lowest(other):
            refuse("a comparison of cells that may be -inf")
        return Array(self.case, self.sides, lambda i: summed(ONE, (), self.present(i)), "mask")

    def chosen(self, condition: Array, other: Expr) -> Array:
        """The cells where the condition holds, and elsewhere a number; no cell that is −∞ may be chosen."""
        if condition.kind != "mask" or condition.sides != self.sides:
            refuse("a choice by a mask of another shape")
        index, facts = _anywhere(self.case, self.sides)
        absent = ONE - summed(ONE, (), self.present(index))
        if not vanishes(condition.entry(index) * absent, facts):
            refuse("a choice that may be -inf")
        return Array(
            self.case,
            self.sides,
            lambda i: condition.entry(i) * self.entry(i) + (ONE - condition.entry(i)) * other,
        )

    def settled(self) -> Array | Floored:
        """An ordinary array if every cell is known to be real."""
        index, facts = _anywhere(self.case, self.sides)
        real = all(implied(facts, guard) for guard in self.present(index))
        return Array(self.case, self.sides, self.entry) if real else self


class Places(Opaque):
    """For each line of an array along an axis, the place of its first largest cell; 1 in place of that axis."""

    __slots__ = ("axis", "case", "hit", "length", "sides")

    def __init__(self, case: Case, sides: Shape, hit: Callable[[Index, Poly], Expr], length: Poly) -> None:
        self.case, self.sides, self.hit, self.length = case, sides, hit, length

    def __getitem__(self, key: Any) -> Places:
        sides, places = selected(self.case, self.sides, key)
        return Places(self.case, sides, lambda index, value: self.hit(places(index), value), self.length)

    def __eq__(self, other: object) -> Array:  # type: ignore[override]
        value = as_poly(other)
        if value is None:
            refuse("a place compared with something that is no integer")
        return Array(self.case, self.sides, lambda index: self.hit(index, value), "mask")

    def __ne__(self, other: object) -> Array:  # type: ignore[override]
        return ~(self == other)


def floored(x: Any) -> Floored:
    """The array as one in which cells could be −∞."""
    if isinstance(x, Floored):
        return x
    if not isinstance(x, Array) or x.kind != "real":
        refuse(f"a largest entry of {type(x).__name__}")
    return Floored(x.case, x.sides, x.entry, lambda _: frozenset())


def windows(x: Any, size: Any, axis: int) -> Array | Floored:
    """np.lib.stride_tricks.sliding_window_view: the cells of each window along the axis, on a new last one."""
    array, length = floored(x), as_poly(size)
    if length is None or not implied(array.case.facts, least(length - integer(1))):
        refuse(f"windows of {size!r} cells")
    count = array.sides[axis] - length + integer(1)
    if not array.case.decide(least(count - integer(1))):
        refuse("a window that is longer than its axis")
    sides = (*array.sides[:axis], count, *array.sides[axis + 1 :], length)
    seen = array.part(sides, lambda index: (*index[:axis], index[axis] + index[-1], *index[axis + 1 : -1]))
    return Array(seen.case, seen.sides, seen.entry) if isinstance(x, Array) else seen


def padded(x: Any, pairs: list[tuple[Poly, Poly]]) -> Floored:
    """The array with −∞ around it."""
    array = floored(x)
    sides = tuple(before + side + after for side, (before, after) in zip(array.sides, pairs, strict=True))

    def own(index: Index) -> Index:
        return tuple(i - before for i, (before, _) in zip(index, pairs, strict=True))

    def present(index: Index) -> frozenset[Guard]:
        grown = [
            (i, side) for i, side, pair in zip(own(index), array.sides, pairs, strict=True) if pair != (integer(0),) * 2
        ]
        inside = {guard for i, side in grown for guard in (least(i), least(side - i - integer(1)))}
        return array.present(own(index)) | inside

    return Floored(array.case, sides, lambda index: array.entry(own(index)), present)


def largest_along(x: Any, axis: int) -> Array | Floored:
    """The largest cell of each line along an axis; −∞ where none is real."""
    array = floored(x)
    family = _lines(array, axis)

    def entry(index: Index) -> Expr:
        binder, guards, body = family(index)
        return largest(array.case.facts, body, binder, guards)

    def present(index: Index) -> frozenset[Guard]:
        binder, guards, _ = family(index)
        return exists(array.case.facts, binder, guards)

    return Floored(array.case, (*array.sides[:axis], *array.sides[axis + 1 :]), entry, present).settled()


def places_along(x: Any, axis: int) -> Places:
    """Where the first of the largest cells of each line along an axis is; 0 where all of them are −∞, as in numpy."""
    array = floored(x)
    family = _lines(array, axis)
    reduced = (*array.sides[:axis], *array.sides[axis + 1 :])
    index, facts = _anywhere(array.case, reduced)
    binder, guards, _ = family(index)
    filled = all(implied(facts, guard) for guard in exists(array.case.facts, binder, guards))

    def hit(index: Index, value: Poly) -> Expr:
        binder, guards, body = family((*index[:axis], *index[axis + 1 :]))
        found = first(array.case.facts, body, binder, guards, value)
        if filled:
            return found
        some = summed(ONE, (), exists(array.case.facts, binder, guards))
        return found + (ONE - some) * summed(ONE, (), {zero(value)})

    sides = (*array.sides[:axis], integer(1), *array.sides[axis + 1 :])
    return Places(array.case, sides, hit, array.sides[axis])


def taken(x: Any, places: Any, axis: int) -> Array:
    """np.take_along_axis: Σ_k [place = k] x[k] along the axis."""
    if not isinstance(x, Array) or x.kind != "real" or not _fit(x, places, axis):
        refuse("take_along_axis of this")

    def entry(index: Index) -> Expr:
        name = Fresh()
        read = x.entry((*index[:axis], variable(name), *index[axis + 1 :]))
        return summed(places.hit(index, variable(name)) * read, [name], within(name, places.length))

    return Array(x.case, places.sides, entry)


def put(x: Array, places: Any, values: Any, axis: int) -> Callable[[Index], Expr]:
    """What np.put_along_axis writes into zeros: the value of its line at its place."""
    if not _fit(x, places, axis) or not isinstance(values, Array) or values.kind == "mask":
        refuse("put_along_axis of this")
    if len(values.sides) != len(places.sides) or not all(map(x.case.same, values.sides, places.sides)):
        refuse("put_along_axis of values of another shape")

    def entry(index: Index) -> Expr:
        line = (*index[:axis], integer(0), *index[axis + 1 :])
        hit: Expr = places.hit(line, index[axis])
        return hit * values.entry(line)

    return entry


def _fit(x: Array, places: Any, axis: int) -> bool:
    """Whether they are places along this axis of an array of x's shape."""
    if not isinstance(places, Places) or len(places.sides) != len(x.sides) or places.sides[axis] != integer(1):
        return False
    wanted = (*places.sides[:axis], places.length, *places.sides[axis + 1 :])
    return all(map(x.case.same, x.sides, wanted))


def _lines(array: Floored, axis: int) -> Callable[[Index], tuple[Fresh, frozenset[Guard], Expr]]:
    """The family of cells of a line: a fresh place on the axis, what it takes for the cell there to be real, and it."""
    side = array.sides[axis]
    if not implied(array.case.facts, least(side - integer(1))):
        refuse("a maximum of what may be nothing")

    def family(index: Index) -> tuple[Fresh, frozenset[Guard], Expr]:
        binder = Fresh()
        whole = (*index[:axis], variable(binder), *index[axis:])
        return binder, within(binder, side) | array.present(whole), array.entry(whole)

    return family


def _anywhere(case: Case, sides: Shape) -> tuple[Index, frozenset[Guard]]:
    """An index of the shape, and what is known of it."""
    names = [f"place {axis}" for axis in range(len(sides))]
    index = tuple(integer(0) if side == integer(1) else variable(name) for name, side in zip(names, sides, strict=True))
    return index, case.facts.union(*map(within, names, sides))
