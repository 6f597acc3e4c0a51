"""Kernels without tensor inputs."""

from __future__ import annotations

import numpy as np

from ...ir.graph import Dense, Shape
from ..primitive import Array, primitive


def _own_shape(value: Dense) -> Shape:
    return value.shape


@primitive("const", shape=_own_shape)
def const(value: Dense) -> Array:
    return np.array(value.entries, dtype=np.float64).reshape(value.shape)


@const.vjp
def _const_vjp(y_bar: Array, y: Array, value: Dense) -> tuple[()]:
    return ()


@const.jvp
def _const_jvp(y: Array, value: Dense) -> Array:
    return np.zeros_like(y)
