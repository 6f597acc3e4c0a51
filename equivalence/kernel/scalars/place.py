"""Where the largest of some entries is, as numpy's argmax finds it: the first of several."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from functools import reduce
from typing import Any, NoReturn

import numpy as np

from .loops import LOOPS, lowest
from .mask import Mask, Not, Truth, Unsupported, every, ordered, truth

_larger = LOOPS["greater"]
_EQUAL, _OTHER = frozenset((0,)), frozenset((-1, 1))


@ordered
class Place:
    """The least k whose mask holds; the number of masks if none does."""

    __slots__ = ("masks",)

    def __init__(self, masks: Sequence[Mask]) -> None:
        self.masks = tuple(masks)

    def choose(self, choices: Sequence[Any]) -> Any:
        """The scalar of that number."""
        chosen = choices[-1]
        for mask, choice in zip(reversed(self.masks), reversed(choices[:-1]), strict=True):
            chosen = mask.where(choice, chosen)
        return chosen

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether it is an integer, or is not."""
        if isinstance(other, bool) or not isinstance(other, int | np.integer | Fraction) or signs not in (_EQUAL, _OTHER):
            raise Unsupported("a place of a largest entry in anything but an equation with an integer")
        place = int(other)
        if place != other or not 0 <= place <= len(self.masks):
            return Truth(signs == _OTHER)
        hit = every([*map(Not, self.masks[:place]), *self.masks[place : place + 1]])
        return hit if signs == _EQUAL else Not(hit)

    def _arithmetic(self, _other: Any) -> NoReturn:
        raise Unsupported("arithmetic on the place of a largest entry")

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __floordiv__ = __mod__ = _arithmetic

    def __index__(self) -> int:
        """The integer: a decision on values."""
        return next((place for place, mask in enumerate(self.masks) if mask), len(self.masks))


def argmax(values: Any, axis: Any = None, *, keepdims: bool = False) -> np.ndarray[Any, Any]:
    """The places of the largest entries, as machine integers if all of them are decided."""
    lines = values.reshape(-1) if axis is None else np.moveaxis(values, axis, -1)
    if not lines.shape[-1]:
        raise ValueError("argmax of an empty sequence")
    places = np.empty(lines.shape[:-1], dtype=object)
    for index in np.ndindex(places.shape):
        places[index] = _first(list(lines[index]))
    if not any(isinstance(place, Place) for place in places.flat):
        places = places.astype(np.intp)
    if not keepdims:
        return places
    return places.reshape((1,) * values.ndim) if axis is None else np.expand_dims(places, axis)


def _first(entries: list[Any]) -> Place | int:
    """By one comparison after another where these are decided, else by which entries are equal to the largest."""
    best = 0
    for place in range(1, len(entries)):
        mask = truth(_larger(entries[place], entries[best]))
        if not isinstance(mask, Truth):
            return _by_value(entries)
        best = place if mask.value else best
    return best


def _by_value(entries: list[Any]) -> Place:
    """Which entry is the first that is equal to the largest: if no number before the last one is, the last one is."""
    largest = reduce(LOOPS["maximum"], entries)
    last = max(place for place, entry in enumerate(entries) if not lowest(entry))
    masks = [truth(LOOPS["equal"](entry, largest)) for entry in entries[:last]]
    return Place([*masks, *[Truth(True)] * (len(entries) - 1 - last)])  # noqa: FBT003 - a truth value is what it holds


def take_along_axis(values: Any, places: Any, axis: Any) -> np.ndarray[Any, Any]:
    """y[i,j,k] = x[i,p[i,j,k],k]."""
    rows, asked = _aligned(values, places, axis)
    taken = np.empty(asked.shape, dtype=object)
    for index in np.ndindex(taken.shape):
        row, place = list(rows[index[:-1]]), asked[index]
        taken[index] = place.choose(row) if isinstance(place, Place) else row[place]
    return np.moveaxis(taken, -1, axis)


def put_along_axis(values: Any, places: Any, given: Any, axis: Any) -> None:
    """x[i,p[i,0,k],k] becomes v[i,0,k]."""
    rows, asked = _aligned(values, places, axis)
    if asked.shape[-1] != 1:
        raise Unsupported("numpy.put_along_axis of more than one place a line")
    new = np.moveaxis(np.broadcast_to(given, places.shape), axis, -1)[..., 0]
    for index in np.ndindex(new.shape):
        place = asked[(*index, 0)]
        if isinstance(place, Place):
            row = [place.compare(k, _EQUAL).where(new[index], old) for k, old in enumerate(rows[index])]
            for k, entry in enumerate(row):
                rows[(*index, k)] = entry
        else:
            rows[(*index, place)] = new[index]


def _aligned(values: Any, places: Any, axis: Any) -> tuple[Any, Any]:
    """Both with the axis last. Raises: Unsupported unless they are of one shape otherwise, and places are for this axis."""
    rows, asked = np.moveaxis(values, axis, -1), np.moveaxis(places, axis, -1)
    undecided = [place for place in asked.flat if isinstance(place, Place)]
    if rows.shape[:-1] != asked.shape[:-1] or any(len(each.masks) != rows.shape[-1] - 1 for each in undecided):
        raise Unsupported("places along an axis that are not places along this one")
    return rows, asked
