"""numpy functions for windows: their offsets, and products summed over paired axes."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..algebra import summed
from ..arrays import Array
from ..axes import axes_of
from ..formula import Index
from ..loops import offsets
from ..polynomial import indices, refuse
from .operand import real


def _tensordot(a: Any, b: Any, axes: Any) -> Array:
    """y[i,j] = Σ_k a[i,k] b[j,k], with k at `axes` of each."""
    left, right = real(a), real(b)
    pairs = (range(left.ndim - axes, left.ndim), range(axes)) if type(axes) is int else axes
    one, other = ([each % x.ndim for each in own] for x, own in zip((left, right), pairs, strict=True))
    if axes_of(tuple(pairs[0]), left.ndim) != sorted(one) or axes_of(tuple(pairs[1]), right.ndim) != sorted(other):
        refuse(f"a tensordot over {axes!r}")
    shared = [left.sides[k] for k in one]
    if len(one) != len(other) or not all(
        left.case.same(side, right.sides[k]) for side, k in zip(shared, other, strict=True)
    ):
        refuse("a tensordot over sides that are not known to be equal")
    own, rest = ([k for k in range(x.ndim) if k not in paired] for x, paired in ((left, one), (right, other)))

    def entry(index: Index) -> Any:
        inner, names, guards = indices(shared)
        first = dict(zip(own, index, strict=False)) | dict(zip(one, inner, strict=True))
        second = dict(zip(rest, index[len(own) :], strict=True)) | dict(zip(other, inner, strict=True))
        read = left.entry(tuple(first[k] for k in range(left.ndim)))
        return summed(read * right.entry(tuple(second[k] for k in range(right.ndim))), names, guards)

    return Array(left.case, (*(left.sides[k] for k in own), *(right.sides[k] for k in rest)), entry)


WORDS: Mapping[str, Any] = MappingProxyType({"ndindex": offsets, "tensordot": _tensordot})
"""Each function under numpy's name for it."""
