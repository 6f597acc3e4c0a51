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
    """y[i] = Σ_j [position of j = position of i] x[j]; sides of 1 and the trailing sides that stay are read directly."""
    own, ours = ([k for k, side in enumerate(sides) if side != integer(1)] for sides in (old, new))
    pairs = zip(reversed(own), reversed(ours), strict=False)
    same = len([*itertools.takewhile(lambda pair: old[pair[0]] == new[pair[1]], pairs)])
    left, right = [old[k] for k in own[: len(own) - same]], [new[k] for k in ours[: len(ours) - same]]
    if not case.same(math.prod(left, start=integer(1)), math.prod(right, start=integer(1))):
        refuse("a reshape to a number of entries that is not known to be the same")

    def read(index: Index) -> Expr:
        inner, names, guards = indices(left)
        outer = [index[k] for k in ours]
        places = dict(zip(own, (*inner, *outer[len(right) :]), strict=True))
        moved = zero(_position(inner, left) - _position(outer[: len(right)], right))
        return summed(entry(tuple(places.get(k, integer(0)) for k in range(len(old)))), names, guards | {moved})

    return read


def _position(index: Sequence[Poly], sides: Sequence[Poly]) -> Poly:
    return reduce(lambda before, axis: before * axis[1] + axis[0], zip(index, sides, strict=True), integer(0))
