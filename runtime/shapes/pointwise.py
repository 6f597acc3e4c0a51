"""Ops that work entry by entry or along one axis and keep their shape."""

from __future__ import annotations

import math
from typing import Any

from ...ir.graph import Shape
from ..primitive import AttributeFault, ShapeMismatch


def same(first: Shape, *others: Shape, **_attributes: Any) -> Shape:
    """All operands have one shape, and so has the result; nothing is broadcast.

    Raises: ShapeMismatch.
    """
    for other in others:
        if other != first:
            raise ShapeMismatch(f"operands have shapes {' and '.join(map(str, (first, *others)))}, but must be equal")
    return first


def with_eps(x: Shape, eps: float = 1e-6) -> Shape:
    """The operand's shape, for an op that takes an epsilon.

    Raises: AttributeFault unless the epsilon is positive.
    """
    return same(x, eps=positive("eps", eps))


def kept(x: Shape, mask: Shape, keep: float) -> Shape:
    """The one shape of an operand and its mask, of which the part `keep` is kept.

    Raises: ShapeMismatch; AttributeFault unless the part is positive.
    """
    return same(x, mask, keep=positive("keep", keep))


def with_exponent(x: Shape, exponent: float) -> Shape:
    """The operand's shape, for a constant power.

    Raises: AttributeFault unless the exponent is finite.
    """
    if not math.isfinite(exponent):
        raise AttributeFault(f"the exponent is {exponent!r}, a finite one was needed")
    return same(x)


def positive(name: str, value: float) -> float:
    """The attribute's value.

    Raises: AttributeFault unless it is positive and finite.
    """
    if not 0 < value < math.inf:
        raise AttributeFault(f"{name} is {value!r}, a positive number was needed")
    return value


def along_axis(x: Shape, axis: int | None = None) -> Shape:
    """The operand's shape, for an op that works along one of its axes.

    Raises: ShapeMismatch if there is no such axis.
    """
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"axis {axis!r} of shape {x}: an axis is 0 to {len(x) - 1}")
    return x
