"""ONNX ops that sum over axes, in ours: reductions, products of matrices, softmax, scans, losses."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from letters import spelled_out
from onnx_cases import Inexpressible, Inputs, Recording
from onnx_pointwise import same, together

Attributes = Mapping[str, Any]
OneAxis = Callable[[Session, Value, int], Value]


def axes_of(a: Attributes, x: Inputs, rank: int) -> tuple[int, ...]:
    """The axes of a reduction, from the input or the attribute of older versions; all if none are given."""
    given = x.array(1) if x.array(1) is not None else np.array(a.get("axes", ()), dtype=int)
    if given.size == 0:
        return () if a.get("noop_with_empty_axes", 0) else tuple(range(rank))
    return tuple(sorted(int(axis) % rank for axis in given))


def flattened(s: Session, a: Attributes, x: Inputs) -> tuple[Value, tuple[int, ...]]:
    """The first input with the reduced axes made one, the last; and the shape of the result."""
    value, axes = x[0], axes_of(a, x, len(x[0].shape))
    kept = [axis for axis in range(len(value.shape)) if axis not in axes]
    shape = tuple(1 if axis in axes else n for axis, n in enumerate(value.shape))
    result = shape if a.get("keepdims", 1) else tuple(value.shape[axis] for axis in kept)
    moved = s.permute(value, axes=(*kept, *axes))
    sides = tuple(value.shape[axis] for axis in kept)
    return s.reshape(moved, shape=(*sides, math.prod(value.shape[axis] for axis in axes))), result


def reduced(one: OneAxis, before: str | None = None) -> Recording:
    """A reduction over any axes by one over the last, of entries to which an op may be applied before."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        value, shape = flattened(s, a, x)
        entries = getattr(s, before)(value) if before is not None else value
        return s.reshape(one(s, entries, len(entries.shape) - 1), shape=shape)

    return record


def axis_by_axis(one: OneAxis) -> Recording:
    """A reduction over any axes, one after another."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        value, axes = x[0], axes_of(a, x, len(x[0].shape))
        shape = tuple(1 if axis in axes else n for axis, n in enumerate(value.shape))
        for axis in reversed(axes):
            value = one(s, value, axis)
        return s.reshape(value, shape=shape) if a.get("keepdims", 1) else same(s, value)

    return record


def whole(op: str) -> Recording:
    """A reduction of all entries to a scalar."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        rank = len(x[0].shape)
        if axes_of(a, x, rank) != tuple(range(rank)):
            raise Inexpressible
        return s.reshape(getattr(s, op)(x[0]), shape=(1,) * (rank if a.get("keepdims", 1) else 0))

    return record


def least(s: Session, value: Value, axis: int) -> Value:
    return s.neg(s.reduce_max(s.neg(value), axis=axis))


def root_of_squares(s: Session, value: Value, axis: int) -> Value:
    return s.sqrt(s.reduce_sum(s.square(value), axis=axis))


def log_of_sum(s: Session, value: Value, axis: int) -> Value:
    return s.log(s.reduce_sum(value, axis=axis))


def along(op: str) -> Recording:
    """softmax and log_softmax along an axis, the last by default."""
    return lambda s, a, x: getattr(s, op)(x[0], axis=a.get("axis", -1) % len(x[0].shape))


def along_last(op: str) -> Recording:
    """The forms without an axis."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        if a.get("axis", -1) % len(x[0].shape) != len(x[0].shape) - 1:
            raise Inexpressible
        return getattr(s, op)(x[0])

    return record


def matmul(s: Session, _a: Attributes, x: Inputs) -> Value:
    a, b = x[0], x[1]
    left = s.reshape(a, shape=(1, *a.shape)) if len(a.shape) == 1 else a
    right = s.reshape(b, shape=(*b.shape, 1)) if len(b.shape) == 1 else b
    product = s.matmul(left, right)
    shape = product.shape
    shape = shape if len(b.shape) > 1 else shape[:-1]
    shape = shape if len(a.shape) > 1 else (*shape[: len(product.shape) - 2], *shape[len(product.shape) - 1 :])
    return s.reshape(product, shape=shape)


def bmm(s: Session, _a: Attributes, x: Inputs) -> Value:
    if (len(x[0].shape), len(x[1].shape)) != (3, 3):
        raise Inexpressible
    return s.bmm(x[0], x[1])


def gemm(s: Session, a: Attributes, x: Inputs) -> Value:
    left = s.transpose2d(x[0]) if a.get("transA", 0) else x[0]
    right = s.transpose2d(x[1]) if a.get("transB", 0) else x[1]
    product = s.scale(s.matmul(left, right), c=a.get("alpha", 1.0))
    return product if x[2] is None else s.add(*together(s, product, s.scale(x[2], c=a.get("beta", 1.0))))


def linear(s: Session, a: Attributes, x: Inputs) -> Value:
    """y = x wᵀ + b, where the bias is a vector."""
    if a.get("alpha", 1.0) != 1.0 or a.get("beta", 1.0) != 1.0 or x[2] is None or x[2].shape[:-1] not in ((1,), ()):
        raise Inexpressible
    left = s.transpose2d(x[0]) if a.get("transA", 0) else x[0]
    w = x[1] if a.get("transB", 0) else s.transpose2d(x[1])
    return s.linear(w, s.broadcast_to(s.flatten(x[2]), shape=w.shape[:1]), left)


def scanned(op: str, neutral: float) -> Recording:
    """cumsum and cumprod; from the end by reversing, without the entry itself by starting one place earlier."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        value = x[0]
        axis = int(x.array(1)) % len(value.shape)
        n = value.shape[axis]
        backwards = tuple(reversed(range(n)))
        value = s.index_select(value, axis=axis, indices=backwards) if a.get("reverse", 0) else value
        if a.get("exclusive", 0):
            first = s.const(np.full(tuple(1 if place == axis else m for place, m in enumerate(value.shape)), neutral))
            value = s.concat(first, s.slice(value, axis=axis, start=0, length=n - 1), axis=axis)
        value = getattr(s, op)(value, axis=axis)
        return s.index_select(value, axis=axis, indices=backwards) if a.get("reverse", 0) else value

    return record


def einsum(s: Session, a: Attributes, x: Inputs) -> Value:
    return s.einsum(*x.tensors, subscripts=spelled_out(a["equation"], [len(each.shape) for each in x.tensors]))


REDUCTIONS: dict[str, tuple[Recording, ...]] = {
    "CumProd": (scanned("cumprod", 1.0),),
    "CumSum": (scanned("cumsum", 0.0),),
    "Einsum": (einsum,),
    "Gemm": (gemm, linear),
    "LogSoftmax": (along("log_softmax"), along_last("log_softmax")),
    "MatMul": (matmul, bmm),
    "ReduceL1": (reduced(lambda s, v, n: s.reduce_sum(v, axis=n), before="abs"),),
    "ReduceL2": (reduced(lambda s, v, n: s.norm(v, axis=n)), reduced(root_of_squares)),
    "ReduceLogSum": (reduced(log_of_sum),),
    "ReduceLogSumExp": (reduced(lambda s, v, n: s.logsumexp(v, axis=n)),),
    "ReduceMax": (axis_by_axis(lambda s, v, n: s.reduce_max(v, axis=n)),),
    "ReduceMean": (
        reduced(lambda s, v, n: s.reduce_mean(v, axis=n)),
        axis_by_axis(lambda s, v, n: s.reduce_mean(v, axis=n)),
    ),
    "ReduceMin": (axis_by_axis(least),),
    "ReduceProd": (axis_by_axis(lambda s, v, n: s.prod(v, axis=n)), whole("prod")),
    "ReduceSum": (axis_by_axis(lambda s, v, n: s.reduce_sum(v, axis=n)), whole("sum")),
    "ReduceSumSquare": (reduced(lambda s, v, n: s.reduce_sum(v, axis=n), before="square"),),
    "Softmax": (along("softmax"), along_last("softmax")),
}
