"""The numpy functions that kernels may use, on symbolic arrays. What is not here has no meaning at all sizes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType, SimpleNamespace
from typing import Any

from .algebra import ONE, Expr, summed
from .arrays import Array, aligned, arithmetic, axes_of, reduced, sides_of, spread, transposed
from .atoms import Function, apply, largest, positive
from .formula import Index
from .polynomial import integer, least, refuse
from .rows import INTP, Integers, Zeros, add_at, listed


def _real(x: Any) -> Array:
    if not isinstance(x, Array) or x.kind == "mask":
        refuse(f"a numpy function of {type(x).__name__}")
    return x


def _smooth(function: Function) -> Callable[[Any], Array]:
    return lambda x: arithmetic(lambda a: apply(function, a), _real(x))


def _log(x: Any) -> Array:
    def entry(a: Expr) -> Expr:
        x.case.require_positive(a)
        return apply("log", a)

    return arithmetic(entry, _real(x))


def _extreme(first: Callable[[Expr, Expr], Expr]) -> Callable[[Any, Any], Array]:
    """The one of two entries that `first` says: 1 for the first, 0 for the second."""

    def word(x: Any, y: Any) -> Array:
        if not any(isinstance(operand, Array) for operand in (x, y)):
            refuse("a maximum of numbers")
        return arithmetic(lambda a, b: first(a, b) * a + (ONE - first(a, b)) * b, x, y)

    return word


def _where(condition: Any, x: Any, y: Any) -> Array | Integers:
    if not isinstance(condition, Array) or condition.kind != "mask":
        refuse("where on something that is no mask")
    if isinstance(x, Integers):
        return x.chosen(condition, y)
    if any(isinstance(operand, Array) and operand.kind == "mask" for operand in (x, y)):
        refuse("where between masks")
    return spread(lambda c, a, b: c * a + (ONE - c) * b, "real", (condition, x, y))


def _sum(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return _real(x).sum(axis, keepdims=keepdims)


def _max(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return reduced(_real(x), axis, "keep" if keepdims else "drop", largest)


def _broadcast_to(x: Any, shape: Any) -> Array:
    array = _real(x)
    sides = sides_of(array.case, shape)
    new = len(sides) - array.ndim
    if new < 0 or not all(
        own == integer(1) or array.case.same(own, side) for own, side in zip(array.sides, sides[new:], strict=True)
    ):
        refuse("broadcast_to a shape that is not known to fit")
    return Array(array.case, sides, lambda index: aligned(array, index))


def _expand_dims(x: Any, axis: Any) -> Array:
    array = _real(x)
    rank = array.ndim + (len(axis) if isinstance(axis, tuple | list) else 1)
    new = axes_of(axis, rank)
    old = [k for k in range(rank) if k not in new]
    own = dict(zip(old, array.sides, strict=True))
    sides = tuple(own.get(k, integer(1)) for k in range(rank))
    return Array(array.case, sides, lambda index: array.entry(tuple(index[k] for k in old)))


def _transpose(x: Any, axes: Any = None) -> Array:
    array = _real(x)
    order = range(array.ndim)[::-1] if axes is None else [*axes]
    if not all(type(k) is int and -array.ndim <= k < array.ndim for k in order):
        refuse(f"a transposition by {axes!r}")
    return transposed(array, [k % array.ndim for k in order])


def _reshape(x: Any, shape: Any) -> Array:
    return _real(x).reshape(shape)


def _concatenate(arrays: Any) -> Array:
    """Along the leading axis: [i < n] a[i] + [i >= n] b[i − n]."""
    first, second = map(_real, arrays)
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
    array = _real(x)
    return Zeros(array.case, sides_of(array.case, array.shape if shape is None else shape))


def _ones_like(x: Any, *, shape: Any = None) -> Array:
    return _zeros_like(x, shape=shape) + 1


NUMPY: Mapping[str, Any] = MappingProxyType(
    {
        "abs": lambda x: abs(_real(x)), "add": SimpleNamespace(at=add_at), "array": listed,
        "broadcast_to": _broadcast_to, "concatenate": _concatenate, "exp": _smooth("exp"),
        "expand_dims": _expand_dims, "intp": INTP, "log": _log, "max": _max,
        "maximum": _extreme(lambda a, b: positive(a - b)), "minimum": _extreme(lambda a, b: positive(b - a)),
        "ones_like": _ones_like, "reshape": _reshape, "sum": _sum, "tanh": _smooth("tanh"),
        "transpose": _transpose, "where": _where, "zeros_like": _zeros_like,
    }
)  # fmt: skip
"""Each function under numpy's name for it."""
