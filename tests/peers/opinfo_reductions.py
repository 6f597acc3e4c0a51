"""PyTorch's functions that sum over axes, in ours, with PyTorch's own parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from letters import spelled_out
from onnx_pointwise import same
from opinfo_cases import Excluded, Recording
from opinfo_pointwise import together


def axes_of(dim: Any, rank: int) -> tuple[int, ...]:
    """The axes that a `dim` names; all if it names none."""
    given = (dim,) if isinstance(dim, int) else tuple(dim or ())
    if rank == 0:
        return ()
    return tuple(sorted({axis % rank for axis in given})) if given else tuple(range(rank))


def without(shape: tuple[int, ...], axes: tuple[int, ...], *, keepdim: bool) -> tuple[int, ...]:
    """The shape after a reduction."""
    if keepdim:
        return tuple(1 if place in axes else n for place, n in enumerate(shape))
    return tuple(n for place, n in enumerate(shape) if place not in axes)


def last(s: Session, x: Value, axes: tuple[int, ...]) -> Value:
    """The axes made one, the last."""
    kept = [place for place in range(len(x.shape)) if place not in axes]
    sides = tuple(x.shape[place] for place in kept)
    if math.prod(x.shape) == 0:
        raise Excluded("a reduction without entries: the contract refuses it (row 32)")
    moved = s.permute(x, axes=(*kept, *axes)) if axes else same(s, x)
    return s.reshape(moved, shape=(*sides, math.prod(x.shape[axis] for axis in axes)))


def reduction(op: str) -> Recording:
    def record(s: Session, x: Value, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Value:  # noqa: FBT001, FBT002
        if dtype is not None:
            raise Excluded("another type of numbers")
        axes = axes_of(dim, len(x.shape))
        value = last(s, x, axes)
        return s.reshape(getattr(s, op)(value, axis=len(value.shape) - 1), shape=without(x.shape, axes, keepdim=keepdim))

    return record


def summed(s: Session, x: Value, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Value:  # noqa: FBT001, FBT002
    if dim is None and not keepdim and dtype is None:
        return s.sum(x)
    return reduction("reduce_sum")(s, x, dim, keepdim, dtype)


def product(s: Session, x: Value, dim: Any = None, keepdim: bool = False, dtype: Any = None) -> Value:  # noqa: FBT001, FBT002
    if dim is None and dtype is None:
        return s.prod(x)
    return reduction("prod")(s, x, dim, keepdim, dtype)


def largest(s: Session, x: Value, dim: Any = None, keepdim: bool = False) -> Value:  # noqa: FBT001, FBT002
    return reduction("reduce_max")(s, x, dim, keepdim)


def least(s: Session, x: Value, dim: Any = None, keepdim: bool = False) -> Value:  # noqa: FBT001, FBT002
    return s.neg(largest(s, s.neg(x), dim, keepdim))


def along(op: str) -> Recording:
    """An op along one axis; of a scalar, along that of a vector of one."""

    def record(s: Session, x: Value, dim: int = -1, _old: Any = None, dtype: Any = None) -> Value:
        if dtype is not None:
            raise Excluded("another type of numbers")
        if not x.shape:
            return s.reshape(getattr(s, op)(s.reshape(x, shape=(1,)), axis=0), shape=())
        return getattr(s, op)(x, axis=dim % len(x.shape))

    return record


def scanned(op: str) -> Recording:
    def record(s: Session, x: Value, dim: int, *, dtype: Any = None) -> Value:
        return along(op)(s, x, dim, dtype=dtype)

    return record


def matmul(s: Session, a: Value, b: Value) -> Value:
    left = s.reshape(a, shape=(1, *a.shape)) if len(a.shape) == 1 else a
    right = s.reshape(b, shape=(*b.shape, 1)) if len(b.shape) == 1 else b
    value = s.matmul(left, right)
    shape = value.shape
    shape = shape if len(b.shape) > 1 else shape[:-1]
    cut = len(value.shape) - 2
    shape = shape if len(a.shape) > 1 else (*shape[:cut], *shape[cut + 1 :])
    return s.reshape(value, shape=shape)


def linear(s: Session, x: Value, w: Value, b: Any = None) -> Value:
    if len(w.shape) == 1:
        raise Excluded("a linear map whose weight is a vector")
    return s.linear(w, s.const(np.zeros(w.shape[0])) if b is None else b, x)


def addmm(s: Session, c: Value, a: Value, b: Value, *, beta: float = 1, alpha: float = 1) -> Value:
    value = s.matmul(a, b) if alpha == 1 else s.scale(s.matmul(a, b), c=float(alpha))
    return s.add(*together(s, c if beta == 1 else s.scale(c, c=float(beta)), value))


def cross_entropy(
    s: Session, x: Value, target: Any, weight: Any = None, ignore_index: int = -100, reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Value:  # fmt: skip
    if isinstance(target, Value):
        raise Excluded("cross entropy with class probabilities: ours is on class indices")
    if weight is not None or label_smoothing or bool((target == ignore_index).any()):
        raise Excluded("cross entropy with weights, smoothing or ignored classes: ours has none")
    if len(x.shape) == 1:
        rows = s.reshape(x, shape=(1, *x.shape))
    else:
        rows = s.permute(x, axes=(0, *range(2, len(x.shape)), 1))
        rows = s.reshape(rows, shape=(math.prod(rows.shape[:-1]), rows.shape[-1]))
    indices = tuple(int(index) for index in target.flatten())
    if reduction == "mean":
        return s.cross_entropy(rows, indices)
    if reduction == "sum":
        return s.scale(s.cross_entropy(rows, indices), c=float(len(indices)))
    parts = [s.slice(rows, axis=0, start=place, length=1) for place in range(len(indices))]
    losses = [s.cross_entropy(part, (index,)) for part, index in zip(parts, indices, strict=True)]
    return s.reshape(s.stack(*losses, axis=0) if len(losses) > 1 else losses[0], shape=tuple(target.shape))


def einsum(s: Session, tensors: Any, equation: str) -> Value:
    return s.einsum(*tensors, subscripts=spelled_out(equation, [len(each.shape) for each in tensors]))


REDUCTIONS: dict[str, Recording] = {
    "addmm": addmm,
    "amax": largest,
    "amin": least,
    "bmm": lambda s, a, b: s.bmm(a, b),
    "cumprod": scanned("cumprod"),
    "cumsum": scanned("cumsum"),
    "einsum": einsum,
    "log_softmax": along("log_softmax"),
    "logsumexp": reduction("logsumexp"),
    "matmul": matmul,
    "mean": reduction("reduce_mean"),
    "mm": matmul,
    "mv": matmul,
    "nn.functional.cross_entropy": cross_entropy,
    "nn.functional.linear": linear,
    "prod": product,
    "softmax": along("softmax"),
    "sum": summed,
}
