"""Ops that divide by the root of a mean square, and reductions to such a root or to a variance."""

from __future__ import annotations

from typing import Any

from ...ir.graph import Shape
from ..primitive import ShapeMismatch
from .pointwise import along_axis


def rows(x: Shape, gamma: Shape, beta: Shape, **_attributes: Any) -> Shape:
    """(s,d),(d),(d) -> (s,d).

    Raises: ShapeMismatch; also for a side of 0.
    """
    if len(x) != 2 or gamma != x[1:] or beta != x[1:]:
        raise ShapeMismatch(f"layer_norm of {x}, {gamma} and {beta}: (s,d), (d) and (d) are needed")
    return _filled(x)


def channels(x: Shape, gamma: Shape, beta: Shape, **_attributes: Any) -> Shape:
    """(c,h,w),(c),(c) -> (c,h,w).

    Raises: ShapeMismatch; also for a side of 0.
    """
    if len(x) != 3 or gamma != x[:1] or beta != x[:1]:
        raise ShapeMismatch(f"batchnorm_channel_first of {x}, {gamma} and {beta}: (c,h,w), (c) and (c) are needed")
    return _filled(x)


def stored(x: Shape, *statistics: Shape, **_attributes: Any) -> Shape:
    """(n,c,h,w),(c),(c),(c),(c) -> (n,c,h,w).

    Raises: ShapeMismatch; also for a side of 0.
    """
    if len(x) != 4 or any(each != x[1:2] for each in statistics):
        raise ShapeMismatch(f"batch_norm2d_nchw_eval of {x} with {statistics}: (n,c,h,w) and four of (c) are needed")
    return _filled(x)


def last(x: Shape, gamma: Shape, **_attributes: Any) -> Shape:
    """(*s,d),(d) -> (*s,d).

    Raises: ShapeMismatch; also for a side of 0.
    """
    if not x or gamma != x[-1:]:
        raise ShapeMismatch(f"rms_norm of {x} and {gamma}: (*s,d) and (d) are needed")
    return _filled(x)


def suffix(x: Shape, axis: int, **_attributes: Any) -> Shape:
    """The operand's shape.

    Raises: ShapeMismatch if there is no such axis, or for a side of 0.
    """
    return _filled(along_axis(x, axis))


def corrected(x: Shape, axis: int, correction: int = 0) -> Shape:
    """The operand's shape without an axis.

    Raises: ShapeMismatch if there is no such axis, for a side of 0, or if the correction leaves nothing to divide by.
    """
    _filled(along_axis(x, axis))
    if x[axis] - correction < 1:
        raise ShapeMismatch(f"a variance of {x[axis]} entries with correction {correction}: nothing is left to divide by")
    return x[:axis] + x[axis + 1 :]


def _filled(x: Shape) -> Shape:
    if 0 in x:
        raise ShapeMismatch(f"a normalisation of shape {x}: every side must be positive")
    return x
