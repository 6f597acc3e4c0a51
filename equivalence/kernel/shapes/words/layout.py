"""numpy functions that move, repeat, join or make entries."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from ..algebra import Expr, summed
from ..arrays import Array, aligned, axes_of, sides_of, transposed
from ..formula import Index
from ..polynomial import integer, least, refuse
from ..rows import INTP, add_at, listed
from ..zeros import Zeros
from .operand import real


def _broadcast_to(x: Any, shape: Any) -> Array:
    array = real(x)
    sides = sides_of(array.case, shape)
    new = len(sides) - array.ndim
    if new < 0 or not all(
        own == integer(1) or array.case.same(own, side) for own, side in zip(array.sides, sides[new:], strict=True)
    ):
        refuse("broadcast_to a shape that is not known to fit")
    return Array(array.case, sides, lambda index: aligned(array, index))


def _expand_dims(x: Any, axis: Any) -> Array:
    array = real(x)
    rank = array.ndim + (len(axis) if isinstance(axis, tuple | list) else 1)
    new = axes_of(axis, rank)
    old = [k for k in range(rank) if k not in new]
    own = dict(zip(old, array.sides, strict=True))
    sides = tuple(own.get(k, integer(1)) for k in range(rank))
    return Array(array.case, sides, lambda index: array.entry(tuple(index[k] for k in old)))


def _transpose(x: Any, axes: Any = None) -> Array:
    array = real(x)
    order = range(array.ndim)[::-1] if axes is None else [*axes]
    if not all(type(k) is int and -array.ndim <= k < array.ndim for k in order):
        refuse(f"a transposition by {axes!r}")
    return transposed(array, [k % array.ndim for k in order])


def _reshape(x: Any, shape: Any) -> Array:
    return real(x).reshape(shape)


def _concatenate(arrays: Any) -> Array:
    """Along the leading axis: [i < n] a[i] + [i >= n] b[i − n]."""
    first, second = map(real, arrays)
    if first.ndim != second.ndim or not first.ndim:
        refuse("a concatenation of different ranks")
    n, case = first.sides[0], first.case
    if not all(case.same(s, t) for s, t in zip(first.sides[1:], second.sides[1:], strict=True)):
        refuse("a concatenation of sides that are not known to be equal")

    def entry(index: Index) -> Expr:
        i, *rest = index
        upper = summed(second.entry((i - n, *rest)), (), {least(i - n)})
        return upper + summed(first.entry(index), (), {least(n - i - integer(1))})

    return Array(case, (n + second.sides[0], *first.sides[1:]), entry)


def _zeros_like(x: Any, *, shape: Any = None) -> Array:
    array = real(x)
    return Zeros(array.case, sides_of(array.case, array.shape if shape is None else shape))


def _ones_like(x: Any, *, shape: Any = None) -> Array:
    return _zeros_like(x, shape=shape) + 1


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "add": SimpleNamespace(at=add_at), "array": listed, "broadcast_to": _broadcast_to,
        "concatenate": _concatenate, "expand_dims": _expand_dims, "intp": INTP, "ones_like": _ones_like,
        "reshape": _reshape, "transpose": _transpose, "zeros_like": _zeros_like,
    }
)  # fmt: skip
"""Each function under numpy's name for it."""
