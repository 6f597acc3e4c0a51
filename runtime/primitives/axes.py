"""Kernels that exchange axes."""

from __future__ import annotations

from functools import partial

import numpy as np

from ..primitive import Array, primitive
from ..shapes import axes as shapes


@primitive("permute", shape=shapes.permuted)
def permute(x: Array, axes: tuple[int, ...]) -> Array:
    return np.transpose(x, axes)


@permute.vjp
def _permute_vjp(y_bar: Array, y: Array, x: Array, axes: tuple[int, ...]) -> tuple[Array]:
    back = [0] * len(axes)
    for place, axis in enumerate(axes):
        back[axis] = place
    return (np.transpose(y_bar, back),)


@permute.jvp
def _permute_jvp(x_dot: Array, y: Array, x: Array, axes: tuple[int, ...]) -> Array:
    return np.transpose(x_dot, axes)


@primitive("transpose3d_first_to_last", shape=partial(shapes.rotated, axes=(1, 2, 0)))
def transpose3d_first_to_last(x: Array) -> Array:
    return np.moveaxis(x, 0, 2)


@transpose3d_first_to_last.vjp
def _transpose3d_first_to_last_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.moveaxis(y_bar, 2, 0),)


@transpose3d_first_to_last.jvp
def _transpose3d_first_to_last_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.moveaxis(x_dot, 0, 2)


@primitive("transpose3d_last_to_first", shape=partial(shapes.rotated, axes=(2, 0, 1)))
def transpose3d_last_to_first(x: Array) -> Array:
    return np.moveaxis(x, 2, 0)


@transpose3d_last_to_first.vjp
def _transpose3d_last_to_first_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.moveaxis(y_bar, 0, 2),)


@transpose3d_last_to_first.jvp
def _transpose3d_last_to_first_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.moveaxis(x_dot, 2, 0)


@primitive("transpose3d_last_two", shape=partial(shapes.rotated, axes=(0, 2, 1)))
def transpose3d_last_two(x: Array) -> Array:
    return np.swapaxes(x, 1, 2)


@transpose3d_last_two.vjp
def _transpose3d_last_two_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (np.swapaxes(y_bar, 1, 2),)


@transpose3d_last_two.jvp
def _transpose3d_last_two_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.swapaxes(x_dot, 1, 2)


@primitive("swap_adjacent_at_depth", shape=shapes.swapped)
def swap_adjacent_at_depth(x: Array, depth: int) -> Array:
    return _swapped(x, depth)


@swap_adjacent_at_depth.vjp
def _swap_adjacent_at_depth_vjp(y_bar: Array, y: Array, x: Array, depth: int) -> tuple[Array]:
    return (_swapped(y_bar, depth),)


@swap_adjacent_at_depth.jvp
def _swap_adjacent_at_depth_jvp(x_dot: Array, y: Array, x: Array, depth: int) -> Array:
    return _swapped(x_dot, depth)


def _swapped(x: Array, depth: int) -> Array:
    return np.swapaxes(x, depth, depth + 1) if depth + 1 < x.ndim else x.copy()
