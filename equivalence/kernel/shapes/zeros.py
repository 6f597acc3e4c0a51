"""Arrays that kernels may write into: zeros that nothing else has looked at, so that no view or copy of them changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from .algebra import ONE, ZERO, Expr, summed
from .arrays import Array, Shape, aligned
from .case import Case
from .equality import vanishes
from .formula import Index, as_expression, whole
from .naturals import Opaque
from .polynomial import indices, integer, refuse, variable, zero
from .selection import Places, selected

Entries = Callable[[Index], Expr]
Region = tuple[Shape, Places]
"""The sides of a part of an array, and where its entries are."""


class Zeros(Array):
    """Zeros, and what was added to them so far. Once anything looks at them they never change again."""

    __slots__ = ("_parts", "_regions", "_seen", "_sides")

    def __init__(self, case: Case, sides: Shape) -> None:
        self.case, self.kind = case, "real"
        self._sides, self._seen = sides, False
        self._parts: list[Entries] = []
        self._regions: list[Region] = []

    @property
    def sides(self) -> Shape:  # type: ignore[override]
        self._seen = True
        return self._sides

    @property
    def entry(self) -> Entries:  # type: ignore[override]
        self._seen = True
        return lambda index: sum((part(index) for part in self._parts), ZERO)

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sides, which no write changes."""
        return tuple(whole(self.case, side) for side in self._sides)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self._sides)

    def __getitem__(self, key: Any) -> Array:
        region = ((), tuple) if isinstance(key, Opaque) else selected(self.case, self._sides, key)
        # An entry by integers alone is no view: what is added to it in place is not added here.
        return View(self, region) if region[0] else super().__getitem__(key)

    def __setitem__(self, key: Any, value: Any) -> None:
        """These entries, none of which was written before, become the value's."""
        region = selected(self.case, self._sides, key)
        if isinstance(value, View) and value.shows(self, region):
            return  # what `z[a:b] += y` does last
        entries = _fitted(value, region[0])
        if any(_overlap(self.case, region, other) for other in self._regions):
            refuse("a write that is not known to be beside all earlier ones")
        _write(self, region, entries)

    def __iadd__(self, value: Any) -> Self:
        _write(self, (self._sides, lambda index: index), _fitted(value, self._sides))
        return self


class View(Array):
    """A part of zeros: to add into it adds into them, and to look at it looks at them."""

    __slots__ = ("_base", "_region")

    def __init__(self, base: Zeros, region: Region) -> None:
        self.case, self.kind = base.case, "real"
        self._base, self._region = base, region

    @property
    def sides(self) -> Shape:  # type: ignore[override]
        self._base._seen = True
        return self._region[0]

    @property
    def entry(self) -> Entries:  # type: ignore[override]
        read, places = self._base.entry, self._region[1]
        return lambda index: read(places(index))

    def __iadd__(self, value: Any) -> Self:
        entries = _fitted(value, self._region[0])
        _write(self._base, self._region, entries)
        return self

    def shows(self, base: Zeros, region: Region) -> bool:
        """Whether it is this part of these zeros."""
        index = tuple(variable(f"place {axis}") for axis in range(len(region[0])))
        return base is self._base and region[0] == self._region[0] and region[1](index) == self._region[1](index)


def grown(array: Any, part: Callable[[Array], Entries]) -> None:
    """Add entries to zeros anywhere; `part` is given an array of their sides. Raises: Unsupported if they were seen."""
    entries = part(Array(array.case, array._sides, lambda _: ZERO)) if isinstance(array, Zeros) else None
    if entries is None or array._seen:
        refuse("a write into anything but zeros that nothing has looked at")
    array._parts.append(entries)
    array._regions.append((array._sides, lambda index: index))


def _write(array: Zeros, region: Region, entries: Entries) -> None:
    """Σ_r [places(r) = i] entries(r) more at each index i."""
    sides, places = region

    def part(index: Index) -> Expr:
        inner, names, guards = indices(sides)
        here = {zero(place - own) for place, own in zip(places(inner), index, strict=True)}
        return summed(entries(inner), names, guards | here)

    if array._seen:
        refuse("a write into zeros that something has looked at")
    array._parts.append(part)
    array._regions.append(region)


def _fitted(value: Any, sides: Shape) -> Entries:
    """A number or array as entries of these sides, repeated as numpy does, where only a literal 1 is repeated."""
    if not isinstance(value, Array):
        number = as_expression(value)
        return lambda _: number
    own, new = value.sides, len(sides) - value.ndim
    if value.kind == "mask" or new < 0:
        refuse("a write of a mask, or of too many axes")
    if not all(s == integer(1) or value.case.same(s, side) for s, side in zip(own, sides[new:], strict=True)):
        refuse("a write of sides that are not known to fit")
    fixed = Array(value.case, own, value.entry)
    return lambda index: aligned(fixed, index)


def _overlap(case: Case, one: Region, other: Region) -> bool:
    """Whether two regions are not known to share no entry: Σ_r Σ_s [places(r) = places(s)] is then not known to be 0."""
    (inner, names, guards), (outer, more, ranges) = indices(one[0]), indices(other[0])
    same = {zero(p - q) for p, q in zip(one[1](inner), other[1](outer), strict=True)}
    return not vanishes(summed(ONE, (*names, *more), guards | ranges | same), case.facts)
