"""Ops that move, repeat or join entries without computing on them."""

from __future__ import annotations

import math
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define


def _reshaped(x: SymbolicShape, shape: SymbolicShape) -> SymbolicShape:
    if math.prod(x) != math.prod(shape):
        raise ShapeMismatch(f"reshape of {x} to {shape}: the number of entries must stay the same")
    return shape


def _other_shapes(x: SymbolicShape) -> list[dict[str, SymbolicShape]]:
    flat, joined, split = math.prod(x), (*x[:-2], math.prod(x[-2:])), (*x[:-1], 1, *x[-1:])
    shapes = ((flat,), x[::-1], (1, *x), joined, split, (1, flat, 1, 1), (1, 1))
    return [{"shape": shape} for shape in shapes if math.prod(shape) == flat]


@define(
    "reshape", "(*s)", shape=_reshaped, attributes=_other_shapes, integers={"shape": 1}, source="session",
    ir_kinds=("reshape",),
)  # fmt: skip
def reshape(x: Any, *i: Any, shape: SymbolicShape) -> Any:
    """y[i] = x[j] where i and j have the same row-major position"""
    position: Any = 0
    for index, size in zip(i, shape, strict=True):
        position = position * size + index
    source = []
    for size in reversed(x.shape[1:]):
        source.append(position % size)
        position = position // size
    return x[(position, *reversed(source))] if x.shape else x[()]


def _flat(x: SymbolicShape) -> SymbolicShape:
    return (math.prod(x),)


@define("flatten", "(*s)", shape=_flat, source="session", ir_kinds=("flatten",))
def flatten(x: Any, i: Any) -> Any:
    """y[i] = x[j] where j has the row-major position i"""
    return reshape(x, i, shape=_flat(x.shape))


def _transposed(x: SymbolicShape) -> SymbolicShape:
    return (x[1], x[0])


@define("transpose2d", "(m,n)", shape=_transposed, source="session")
def transpose2d(x: Any, i: Any, j: Any) -> Any:
    """y[i,j] = x[j,i]"""
    return x[j, i]


def _broadcast_shape(x: SymbolicShape, shape: SymbolicShape, axes: tuple[int, ...] | None = None) -> SymbolicShape:
    places = _places(x, shape, axes)
    if len(places) != len(x) or len(set(places)) != len(places) or not all(0 <= p < len(shape) for p in places):
        raise ShapeMismatch(f"broadcast of {x} to {shape}: axis map {places} must give each input axis its own axis")
    for side, place in zip(x, places, strict=True):
        if side != shape[place] and side != 1:
            raise ShapeMismatch(f"broadcast of {x} to {shape}: side {side} does not fit side {shape[place]}")
    return shape


def _places(x: SymbolicShape, shape: SymbolicShape, axes: tuple[int, ...] | None) -> tuple[int, ...]:
    return tuple(range(len(shape) - len(x), len(shape))) if axes is None else axes


def _targets(x: SymbolicShape) -> list[dict[str, Any]]:
    widened = tuple(3 if isinstance(side, int) and side == 1 else side for side in x)
    leading = {"shape": (*widened, 2), "axes": tuple(range(len(x)))}
    around = {"shape": (*widened[:1], 2, *widened[1:]), "axes": tuple(k + (k > 0) for k in range(len(x)))}
    return [{"shape": x}, {"shape": (2, *widened)}, {"shape": (2, 0, *x)}, leading, around]


@define(
    "broadcast_to", "(*s)", shape=_broadcast_shape, attributes=_targets, source="session", ir_kinds=("broadcast_to",)
)
def broadcast_to(x: Any, *i: Any, shape: SymbolicShape, axes: tuple[int, ...] | None = None) -> Any:
    """y[i] = x[j] with j_k = i[axes_k], or 0 where x has side 1; axes are the trailing ones unless given"""
    places = _places(x.shape, shape, axes)
    return x[tuple(i[p] if side == shape[p] else 0 for side, p in zip(x.shape, places, strict=True))]
