"""Basic indexing: which entry of an array each entry of a part of it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .case import Case
from .formula import Index, as_poly, polys
from .polynomial import Poly, integer, least, refuse

Places = Callable[[Index], Index]
"""The index in an array of the entry at an index of a part of it."""

Line = tuple[Poly, Callable[[Poly], Poly]]
"""How many places of an axis are selected, and which one is the k-th."""


def selected(case: Case, sides: Sequence[Poly], key: Any) -> tuple[tuple[Poly, ...], Places]:
    """The sides of a part of an array, and where its entries are.

    A key is made of slices, integers known to be in range, None for a new axis, and at most one Ellipsis.
    """
    items = _spelled_out(key if isinstance(key, tuple) else (key,), len(sides))
    lines: list[Line | Poly | None] = []
    axes = iter(sides)
    for item in items:
        if item is None:
            lines.append(None)
        elif isinstance(item, slice):
            lines.append(line(case, next(axes), item))
        else:
            lines.append(_one(case, next(axes), item))

    def places(index: Index) -> Index:
        own, found = iter(index), []
        for each in lines:
            if isinstance(each, Poly):
                found.append(each)
            else:
                here = next(own)
                if each is not None:
                    found.append(each[1](here))
        return tuple(found)

    return tuple(integer(1) if each is None else each[0] for each in lines if not isinstance(each, Poly)), places


def _spelled_out(items: tuple[Any, ...], rank: int) -> list[Any]:
    """The key with one item an axis: what it leaves out is taken whole."""
    dots = [place for place, item in enumerate(items) if item is Ellipsis]
    left = rank - sum(item is not None and item is not Ellipsis for item in items)
    if len(dots) > 1 or left < 0:
        refuse("an index of more axes than there are")
    place = dots[0] if dots else len(items)
    return [*items[:place], *[slice(None)] * left, *items[place + 1 :]]


def line(case: Case, side: Poly, part: slice) -> Line:
    """A slice of an axis as numpy reads it: a negative bound counts from the end, and one out of range is cut off."""
    if part.step == -1 and part.start is None and part.stop is None:
        return side, lambda k: side - integer(1) - k
    if part.step is not None and as_poly(part.step) != integer(1):
        return _stepping(case, side, part)
    if part.start is not None and part.stop is not None and polys([part.start]) == polys([part.stop]):
        return integer(0), lambda k: k  # whatever the bound, nothing is between it and itself
    start = integer(0) if part.start is None else _bound(case, side, part.start)
    stop = side if part.stop is None else _bound(case, side, part.stop)
    if not case.decide(least(stop - start)):
        stop = start
    return stop - start, lambda k: start + k


def _stepping(case: Case, side: Poly, part: slice) -> Line:
    """A slice with a positive step and bounds from the front: start, start + step, … below both stop and the end."""
    start, stop, step = polys([0 if part.start is None else part.start, 0 if part.stop is None else part.stop, part.step])
    if not all(map(case.decide, (least(step - integer(1)), least(start), least(stop)))):
        refuse("a slice with a step that is not positive, or with a bound from the end")
    exact = None if part.stop is None else (stop - start).divided(step)
    if exact is not None:
        if not case.decide(least(exact - integer(1))):
            return integer(0), lambda k: k
        if case.shows(least(side - start - step * (exact - integer(1)) - integer(1))):
            return exact, lambda k: start + step * k
    if part.stop is None or not case.decide(least(side - stop)):
        stop = side
    inside = case.decide(least(stop - start - integer(1)))
    count = case.quotient(stop - start - integer(1), step) + integer(1) if inside else integer(0)
    return count, lambda k: start + step * k


def _bound(case: Case, side: Poly, value: Any) -> Poly:
    (bound,) = polys([value])
    if not case.decide(least(bound)):
        bound = bound + side
        return bound if case.decide(least(bound)) else integer(0)
    return bound if case.decide(least(side - bound)) else side


def _one(case: Case, side: Poly, item: Any) -> Poly:
    """An integer index: a negative one counts from the end."""
    place = as_poly(item)
    if place is None:
        refuse(f"an index that is a {type(item).__name__}")
    if not case.decide(least(place)):
        place = place + side
    if not all(case.shows(least(gap)) for gap in (place, side - place - integer(1))):
        refuse("an index that may be out of range")
    return place
