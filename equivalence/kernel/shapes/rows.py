"""Rows by unknown naturals, as kernels read them and add into them. Every such index is first shown to be in range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .algebra import ONE, Expr, summed
from .arrays import Array, Shape
from .case import Case
from .equality import vanishes
from .formula import Index, as_poly, polys
from .naturals import Listed, Natural, Opaque
from .polynomial import indices, least, refuse, variable, within, zero
from .prover import implied
from .zeros import grown


class Integers(Opaque):
    """An array of unknown naturals."""

    __slots__ = ("case", "entry_at", "sides")

    def __init__(self, case: Case, sides: Shape, entry_at: Callable[[Index], Natural]) -> None:
        self.case, self.sides, self.entry_at = case, sides, entry_at

    def __lt__(self, other: Any) -> Array:
        (limit,) = polys([other])
        return Array(self.case, self.sides, lambda index: self.entry_at(index).among(limit, lambda _: ONE), "mask")

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
            )

        return Integers(self.case, self.sides, entry_at)

    def rows_of(self, array: Array) -> Array:
        """y[t,j] = x[these[t],j]."""
        first, *rest = array.sides
        self._within(array)

        def entry(index: Index) -> Expr:
            places = index[len(self.sides) :]
            return self.entry_at(index[: len(self.sides)]).among(first, lambda row: array.entry((row, *places)))

        return Array(self.case, (*self.sides, *rest), entry, array.kind)

    def added(self, total: Array, rows: Any) -> Callable[[Index], Expr]:
        """What np.add.at adds: Σ_t [these[t] = i] rows[t,j]."""
        if not isinstance(rows, Array) or rows.kind == "mask" or rows.sides != (*self.sides, *total.sides[1:]):
            refuse("add.at of something that is not known to be a row for each place")
        self._within(total)

        def entry(index: Index) -> Expr:
            inner, names, guards = indices(self.sides)
            hit = self.entry_at(inner).hit(index[0])
            return summed(hit * rows.entry((*inner, *index[1:])), names, guards)

        return entry

    def _within(self, array: Array) -> None:
        names = [f"place {axis}" for axis in range(len(self.sides))]
        facts = self.case.facts.union(*map(within, names, self.sides))
        hits = self.entry_at(tuple(map(variable, names))).among(array.sides[0], lambda _: ONE)
        if not vanishes(ONE - hits, facts):
            refuse("an index that may be out of range")


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
