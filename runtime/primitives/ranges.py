"""Kernels that take a range of an axis, or put zeros around an array."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import ranges as shapes


@primitive("slice", shape=shapes.part)
def slice_(x: Array, axis: int, start: int, length: int, step: int = 1) -> Array:
    return x[_range(axis, start, length, step)]


@slice_.vjp
def _slice_vjp(y_bar: Array, y: Array, x: Array, axis: int, start: int, length: int, step: int = 1) -> tuple[Array]:
    return (_placed(y_bar, x, _range(axis, start, length, step)),)


@slice_.jvp
def _slice_jvp(x_dot: Array, y: Array, x: Array, axis: int, start: int, length: int, step: int = 1) -> Array:
    return x_dot[_range(axis, start, length, step)]


def _range(axis: int, start: int, length: int, step: int) -> tuple[slice, ...]:
    """The index that takes a range of an axis and keeps the others."""
    return (*[slice(None)] * axis, slice(start, start + step * length, step))


def _placed(part: Array, x: Array, index: tuple[slice, ...]) -> Array:
    """Zeros of the shape of x with the part in its place."""
    whole = np.zeros_like(x)
    whole[index] = part
    return whole


@primitive("slice_leading_axis_range", shape=shapes.leading_part)
def slice_leading_axis_range(x: Array, start: int, length: int) -> Array:
    return x[start : start + length]


@slice_leading_axis_range.vjp
def _slice_leading_axis_range_vjp(y_bar: Array, y: Array, x: Array, start: int, length: int) -> tuple[Array]:
    return (_placed(y_bar, x, (slice(start, start + length),)),)


@slice_leading_axis_range.jvp
def _slice_leading_axis_range_jvp(x_dot: Array, y: Array, x: Array, start: int, length: int) -> Array:
    return x_dot[start : start + length]


@primitive("pad", shape=shapes.padded)
def pad(x: Array, before: tuple[int, ...], after: tuple[int, ...]) -> Array:
    return _surrounded(x, before, after)


@pad.vjp
def _pad_vjp(
    y_bar: Array, y: Array, x: Array, before: tuple[int, ...], after: tuple[int, ...]
) -> tuple[Array]:
    return (y_bar[_inside(x, before)],)


@pad.jvp
def _pad_jvp(x_dot: Array, y: Array, x: Array, before: tuple[int, ...], after: tuple[int, ...]) -> Array:
    return _surrounded(x_dot, before, after)


def _surrounded(x: Array, before: tuple[int, ...], after: tuple[int, ...]) -> Array:
    """x with zeros around it."""
    whole = np.zeros_like(x, shape=tuple(b + side + a for b, side, a in zip(before, x.shape, after, strict=True)))
    whole[_inside(x, before)] = x
    return whole


def _inside(x: Array, before: tuple[int, ...]) -> tuple[slice, ...]:
    return tuple(slice(b, b + side) for b, side in zip(before, x.shape, strict=True))
