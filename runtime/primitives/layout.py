"""Kernels that move, repeat or join entries."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import layout as shapes


@primitive("reshape", shape=shapes.reshaped)
def reshape(x: Array, shape: tuple[int, ...]) -> Array:
    return x.reshape(shape)


@reshape.vjp
def _reshape_vjp(y_bar: Array, y: Array, x: Array, shape: tuple[int, ...]) -> tuple[Array]:
    return (y_bar.reshape(x.shape),)


@reshape.jvp
def _reshape_jvp(x_dot: Array, y: Array, x: Array, shape: tuple[int, ...]) -> Array:
    return x_dot.reshape(shape)


@primitive("flatten", shape=shapes.flat)
def flatten(x: Array) -> Array:
    return np.ravel(x)


@flatten.vjp
def _flatten_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar.reshape(x.shape),)


@flatten.jvp
def _flatten_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return np.ravel(x_dot)


@primitive("transpose2d", shape=shapes.transposed)
def transpose2d(x: Array) -> Array:
    return x.T


@transpose2d.vjp
def _transpose2d_vjp(y_bar: Array, y: Array, x: Array) -> tuple[Array]:
    return (y_bar.T,)


@transpose2d.jvp
def _transpose2d_jvp(x_dot: Array, y: Array, x: Array) -> Array:
    return x_dot.T


@primitive("broadcast_to", shape=shapes.broadcast)
def broadcast_to(x: Array, shape: tuple[int, ...], axes: tuple[int, ...] | None = None) -> Array:
    places = shapes.trailing(x.shape, shape) if axes is None else axes
    return np.broadcast_to(_spread(x, len(shape), places), shape)


@broadcast_to.vjp
def _broadcast_to_vjp(
    y_bar: Array, y: Array, x: Array, shape: tuple[int, ...], axes: tuple[int, ...] | None = None
) -> tuple[Array]:
    places = shapes.trailing(x.shape, shape) if axes is None else axes
    repeated = [place for side, place in zip(x.shape, places, strict=True) if side != shape[place]]
    new = [place for place in range(len(shape)) if place not in places]
    summed = np.sum(np.sum(y_bar, axis=tuple(repeated), keepdims=True), axis=tuple(new))
    ranked = sorted(places)
    return (np.transpose(summed, [ranked.index(place) for place in places]),)


@broadcast_to.jvp
def _broadcast_to_jvp(
    x_dot: Array, y: Array, x: Array, shape: tuple[int, ...], axes: tuple[int, ...] | None = None
) -> Array:
    places = shapes.trailing(x.shape, shape) if axes is None else axes
    return np.broadcast_to(_spread(x_dot, len(shape), places), shape)


def _spread(x: Array, rank: int, places: tuple[int, ...]) -> Array:
    """x with axis k moved to `places[k]` of `rank` axes; the others have length 1."""
    order = sorted(range(len(places)), key=lambda axis: places[axis])
    new = [place for place in range(rank) if place not in places]
    return np.expand_dims(np.transpose(x, order), new)
