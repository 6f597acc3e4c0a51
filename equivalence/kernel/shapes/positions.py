"""Row-major order: which entry of an array a reshape puts where."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from functools import reduce

from .algebra import Expr, summed
from .case import Case
from .polynomial import Poly, indices, integer, refuse, zero

Index = tuple[Poly, ...]
Entries = Callable[[Index], Expr]


def reshaped(case: Case, entry: Entries, old: Sequence[Poly], new: Sequence[Poly]) -> Entries:
    """y[i] = Σ_j [position of j = position of i] x[j]; sides of 1, and leading and trailing sides that stay, are read directly."""
    own, ours = ([k for k, side in enumerate(sides) if side != integer(1)] for sides in (old, new))
    last = _alike([old[k] for k in own[::-1]], [new[k] for k in ours[::-1]])
    moved_from, moved_to = own[: len(own) - last], ours[: len(ours) - last]
    first = _alike([old[k] for k in moved_from], [new[k] for k in moved_to])
    moved_from, moved_to = moved_from[first:], moved_to[first:]
    left, right = [old[k] for k in moved_from], [new[k] for k in moved_to]
    if not case.same(math.prod(left, start=integer(1)), math.prod(right, start=integer(1))):
        refuse("a reshape to a number of entries that is not known to be the same")

    def read(index: Index) -> Expr:
        inner, names, guards = indices(left)
        places = dict(zip(moved_from, inner, strict=True))
        places |= {k: index[own_new] for k, own_new in zip(own[:first], ours[:first], strict=True)}
        places |= {k: index[own_new] for k, own_new in zip(own[len(own) - last :], ours[len(ours) - last :], strict=True)}
        same = zero(_position(inner, left) - _position([index[k] for k in moved_to], right))
        return summed(entry(tuple(places.get(k, integer(0)) for k in range(len(old)))), names, guards | {same})

    return read


def _alike(one: Sequence[Poly], other: Sequence[Poly]) -> int:
    """How many sides at the start are the same."""
    return len([*itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))])


def _position(index: Sequence[Poly], sides: Sequence[Poly]) -> Poly:
    return reduce(lambda before, axis: before * axis[1] + axis[0], zip(index, sides, strict=True), integer(0))
