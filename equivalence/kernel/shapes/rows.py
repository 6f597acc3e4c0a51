"""Rows by unknown naturals, as kernels read them and add into them. Every such index is first shown to be in range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .algebra import ONE, Expr, summed
from .arrays import Array, Shape
from .case import Case
from .equality import vanishes
from .formula import Index, Whole, as_poly, polys
from .naturals import Listed, Natural, Opaque
from .polynomial import Poly, indices, integer, least, refuse, variable, within, zero
from .prover import implied
from .zeros import grown


class Integers(Opaque):
    """An array of unknown naturals."""

    __slots__ = ("case", "entry_at", "sides")

    def __init__(self, case: Case, sides: Shape, entry_at: Callable[[Index], Natural]) -> None:
        self.case, self.sides, self.entry_at = case, sides, entry_at

    def __lt__(self, other: Any) -> Array:
        (limit,) = polys([other])
        return Array(self.case, self.sides, lambda index: self.entry_at(index).below(limit), "mask")

    def __eq__(self, other: object) -> Array:  # type: ignore[override]
        """[these[t] = j] at t, j, for a last axis of side 1 and j counted by np.arange."""
        if not isinstance(other, Counting) or not self.sides or self.sides[-1] != integer(1):
            refuse("a comparison of naturals that is not with np.arange along an axis of side 1")
        sides = (*self.sides[:-1], other.side)
        return Array(self.case, sides, lambda i: self.entry_at((*i[:-1], integer(0))).hit(i[-1]), "mask")

    def with_axis(self, axis: Any) -> Integers:
        """The array with one more axis, of side 1, at the end."""
        if axis not in (len(self.sides), -1) or type(axis) is not int:
            refuse("a new axis of naturals that is not the last")
        return Integers(self.case, (*self.sides, integer(1)), lambda index: self.entry_at(index[:-1]))

    def chosen(self, condition: Array, other: Any) -> Integers:
        """These where the condition holds, and elsewhere a natural."""
        poly = as_poly(other)
        if condition.kind != "mask" or condition.sides != self.sides or poly is None:
            refuse("where between naturals and this")
        if not implied(self.case.facts, least(poly)):
            refuse("where between naturals and what may be negative")

        def entry_at(index: Index) -> Natural:
            inside, own = condition.entry(index), self.entry_at(index)
            return Natural(
                self.case,
                lambda value: inside * own.hit(value) + (ONE - inside) * summed(ONE, (), {zero(value - poly)}),
                own.origin if inside == ONE else None,
            )

        return Integers(self.case, self.sides, entry_at)

    def rows_of(self, array: Array) -> Array:
        """y[t,j] = x[these[t],j]."""
        return self.taken(array, 0)

    def taken(self, array: Array, axis: int) -> Array:
        """y[i,t,j] = x[i,these[t],j], with t and these at the axis."""
        if not array.ndim:
            refuse("an index of an array without axes")
        side, last = array.sides[axis], axis + len(self.sides)
        self._within(side)

        def entry(index: Index) -> Expr:
            here = self.entry_at(index[axis:last])
            return here.among(side, lambda place: array.entry((*index[:axis], place, *index[last:])))

        return Array(self.case, (*array.sides[:axis], *self.sides, *array.sides[axis + 1 :]), entry, array.kind)

    def added(self, total: Array, rows: Any) -> Callable[[Index], Expr]:
        """What np.add.at adds: Σ_t [these[t] = i] rows[t,j]."""
        if not isinstance(rows, Array) or rows.kind != "real" or rows.sides != (*self.sides, *total.sides[1:]):
            refuse("add.at of something that is not known to be a row for each place")
        self._within(total.sides[0])

        def entry(index: Index) -> Expr:
            inner, names, guards = indices(self.sides)
            hit = self.entry_at(inner).hit(index[0])
            return summed(hit * rows.entry((*inner, *index[1:])), names, guards)

        return entry

    def _within(self, side: Poly) -> None:
        names = [f"place {axis}" for axis in range(len(self.sides))]
        facts = self.case.facts.union(*map(within, names, self.sides))
        if not vanishes(ONE - self.entry_at(tuple(map(variable, names))).below(side), facts):
            refuse("an index that may be out of range")


class Counting(Opaque):
    """np.arange of one size that is known to be at least 1: 0, 1, 2, … below it."""

    __slots__ = ("side",)

    def __init__(self, size: Any, *more: Any) -> None:
        if more or not isinstance(size, Whole) or not implied(size.case.facts, least(size.poly - integer(1))):
            refuse("this arange")
        self.side = size.poly


def listed(naturals: Any, dtype: Any) -> Integers:
    """np.array of a list of naturals."""
    if not isinstance(naturals, Listed) or dtype is not INTP:
        refuse("this array")
    return Integers(naturals.case, (naturals.side,), naturals.entry_at)


def add_at(array: Any, places: Any, rows: Any) -> None:
    """np.add.at: every row is added, also where places repeat."""
    if not isinstance(places, Integers):
        refuse("add.at at anything but naturals")
    grown(array, lambda total: places.added(total, rows))


INTP = Opaque()
"""np.intp."""
