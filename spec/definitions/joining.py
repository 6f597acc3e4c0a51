"""Ops that join arrays along an axis, or along a new one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import where


def _end_to_end(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    return (a[0] + b[0],)


@define("concat_vectors", "(n),(m)", shape=_end_to_end, source="session")
def concat_vectors(a: Any, b: Any, i: Any) -> Any:
    """y[i] = a[i] for i < n, b[i−n] from there on"""
    return where(i < a.size(0), lambda: a[i], lambda: b[i - a.size(0)])


def _stacked(a: SymbolicShape, b: SymbolicShape) -> SymbolicShape:
    return (a[0] + b[0], *a[1:])


@define("concat_leading_axis", "(n,*s),(m,*s)", shape=_stacked, source="session")
def concat_leading_axis(a: Any, b: Any, i: Any, *rest: Any) -> Any:
    """y[i,j] = a[i,j] for i < n, b[i−n,j] from there on, with n the leading side of a"""
    return where(i < a.size(0), lambda: a[(i, *rest)], lambda: b[(i - a.size(0), *rest)])


def _joined(*shapes: SymbolicShape, axis: int) -> SymbolicShape:
    first, *others = shapes
    if not 0 <= axis < len(first):
        raise ShapeMismatch(f"concatenation along axis {axis!r}: an axis is 0 to {len(first) - 1}")
    for shape in others:
        if len(shape) != len(first) or any(shape[k] != first[k] for k in range(len(first)) if k != axis):
            raise ShapeMismatch(f"concatenation of {first} and {shape}: all sides but axis {axis} must be equal")
    total = first[axis]
    for shape in others:
        total = total + shape[axis]
    return (*first[:axis], total, *first[axis + 1 :])


def _axes_where_they_differ(*shapes: SymbolicShape) -> Iterator[dict[str, int]]:
    for axis in range(len(shapes[0])):
        if len({shape[:axis] + shape[axis + 1 :] for shape in shapes}) == 1:
            yield {"axis": axis}


def _longer_and_shorter(x: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """Along each axis one more, of another side; then that one and another, with none."""
    for axis, side in enumerate(x):
        other, none = ((*x[:axis], length, *x[axis + 1 :]) for length in (3 if side == 2 else 2, 0))
        yield from ((x,), (other,), (none,), (x, x), (other, none), (other, x), (none, other))


@define(
    "concat", "(*s),(*s)...", shape=_joined, attributes=_axes_where_they_differ, beside=_longer_and_shorter,
    ir_kinds=("concat",),
)  # fmt: skip
def concat(*inputs_and_index: Any, axis: int) -> Any:
    """y[i,k,j] = x_t[i,k−o,j] for the t with o ≤ k < o + n, with k at `axis`, n the side of x_t, o of all before it"""
    rank = len(inputs_and_index[0].shape)
    inputs, i = inputs_and_index[:-rank], inputs_and_index[-rank:]

    def entry(t: int, k: Any) -> Any:
        x = inputs[t]
        if t == len(inputs) - 1:
            return x[(*i[:axis], k, *i[axis + 1 :])]
        return where(
            k < x.size(axis),
            lambda: x[(*i[:axis], k, *i[axis + 1 :])],
            lambda: entry(t + 1, k - x.size(axis)),
        )

    return entry(0, i[axis])


def _layered(*shapes: SymbolicShape, axis: int) -> SymbolicShape:
    first, *others = shapes
    if not 0 <= axis <= len(first):
        raise ShapeMismatch(f"stack along axis {axis!r}: an axis is 0 to {len(first)}")
    for shape in others:
        if len(shape) != len(first) or any(side != own for side, own in zip(shape, first, strict=True)):
            raise ShapeMismatch(f"stack of {first} and {shape}: all shapes must be equal")
    return (*first[:axis], len(shapes), *first[axis:])


def _old_and_new_axes(*shapes: SymbolicShape) -> Iterator[dict[str, int]]:
    if len(set(shapes)) == 1:
        yield from ({"axis": axis} for axis in range(len(shapes[0]) + 1))


def _same(x: tuple[int, ...]) -> list[tuple[tuple[int, ...], ...]]:
    return [(x,), (x, x)]


@define("stack", "(*s),(*s)...", shape=_layered, attributes=_old_and_new_axes, beside=_same)
def stack(*inputs_and_index: Any, axis: int) -> Any:
    """y[i,k,j] = x_k[i,j], with k at `axis`"""
    rank = len(inputs_and_index[0].shape)
    inputs, i = inputs_and_index[: -rank - 1], inputs_and_index[-rank - 1 :]
    rest = (*i[:axis], *i[axis + 1 :])

    def entry(t: int) -> Any:
        if t == len(inputs) - 1:
            return inputs[t][rest]
        return where(i[axis] < t + 1, lambda: inputs[t][rest], lambda: entry(t + 1))

    return entry(0)
