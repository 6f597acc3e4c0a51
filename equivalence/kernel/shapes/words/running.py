"""numpy functions that run along an axis."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..algebra import Expr, summed
from ..arrays import Array
from ..axes import axes_of, axis_of
from ..formula import Index
from ..polynomial import Fresh, integer, least, variable
from .operand import real


def _cumsum(x: Any, axis: Any = None) -> Array:
    """y[i] = Σ_j [0 <= j <= i] x[j] along the axis: each entry is a sum of its own, whatever the order of adding."""
    array = real(x)
    place = axis_of(axis, array.ndim)

    def entry(index: Index) -> Expr:
        name = Fresh()
        reached = {least(variable(name)), least(index[place] - variable(name))}
        return summed(array.entry((*index[:place], variable(name), *index[place + 1 :])), [name], reached)

    return Array(array.case, array.sides, entry)


def _flip(x: Any, axis: Any = None) -> Array:
    """The entries of these axes from the last to the first."""
    array = real(x)
    turned = axes_of(tuple(range(array.ndim)) if axis is None else axis, array.ndim)
    ends = [side - integer(1) if k in turned else None for k, side in enumerate(array.sides)]

    def entry(index: Index) -> Expr:
        return array.entry(tuple(i if end is None else end - i for i, end in zip(index, ends, strict=True)))

    return Array(array.case, array.sides, entry)


WORDS: Mapping[str, Any] = MappingProxyType({"cumsum": _cumsum, "flip": _flip})
"""Each function under numpy's name for it."""
