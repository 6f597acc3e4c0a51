"""Kernels that join arrays along an axis, or along a new one."""

from __future__ import annotations

import numpy as np

from ..primitive import Array, primitive
from ..shapes import joining as shapes


@primitive("concat_vectors", shape=shapes.vectors)
def concat_vectors(a: Array, b: Array) -> Array:
    return np.concatenate((a, b))


@concat_vectors.vjp
def _concat_vectors_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar[: a.shape[0]], y_bar[a.shape[0] :]


@concat_vectors.jvp
def _concat_vectors_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return np.concatenate((a_dot, b_dot))


@primitive("concat_leading_axis", shape=shapes.stacked)
def concat_leading_axis(a: Array, b: Array) -> Array:
    return np.concatenate((a, b))


@concat_leading_axis.vjp
def _concat_leading_axis_vjp(y_bar: Array, y: Array, a: Array, b: Array) -> tuple[Array, Array]:
    return y_bar[: a.shape[0]], y_bar[a.shape[0] :]


@concat_leading_axis.jvp
def _concat_leading_axis_jvp(a_dot: Array, b_dot: Array, y: Array, a: Array, b: Array) -> Array:
    return np.concatenate((a_dot, b_dot))


@primitive("concat", shape=shapes.joined)
def concat(*inputs: Array, axis: int) -> Array:
    return np.concatenate(inputs, axis=axis)


@concat.vjp
def _concat_vjp(y_bar: Array, y: Array, *inputs: Array, axis: int) -> tuple[Array, ...]:
    cotangents, start = [], 0
    for x in inputs:
        stop = start + x.shape[axis]
        cotangents.append(y_bar[(*[slice(None)] * axis, slice(start, stop))])
        start = stop
    return tuple(cotangents)


@concat.jvp
def _concat_jvp(*tangents_y_inputs: Array, axis: int) -> Array:
    return np.concatenate(tangents_y_inputs[: len(tangents_y_inputs) // 2], axis=axis)


@primitive("stack", shape=shapes.layered)
def stack(*inputs: Array, axis: int) -> Array:
    return np.stack(inputs, axis=axis)


@stack.vjp
def _stack_vjp(y_bar: Array, y: Array, *inputs: Array, axis: int) -> tuple[Array, ...]:
    return tuple(y_bar[(*[slice(None)] * axis, place, ...)] for place in range(len(inputs)))


@stack.jvp
def _stack_jvp(*tangents_y_inputs: Array, axis: int) -> Array:
    return np.stack(tangents_y_inputs[: len(tangents_y_inputs) // 2], axis=axis)
