"""ONNX ops that read and write by indices, and losses on class indices, in ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording

Attributes = Mapping[str, Any]


def places(indices: Any, side: int) -> tuple[int, ...]:
    """Indices in row-major order, those from the end made naturals."""
    return tuple(int(index) % side for index in np.asarray(indices).ravel())


def gather(s: Session, a: Attributes, x: Inputs) -> Value:
    axis, indices = a.get("axis", 0) % len(x[0].shape), x.array(1)
    value = s.index_select(x[0], axis=axis, indices=places(indices, x[0].shape[axis]))
    return s.reshape(value, shape=(*x[0].shape[:axis], *indices.shape, *x[0].shape[axis + 1 :]))


def from_environment(op: str) -> Recording:
    """A gather by naturals of the environment, from a vector or a matrix's rows."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        shape, several = x[0].shape, op in ("gather_vec_ref", "gather_rows_ref")
        vector = op in ("gather_scalar_ref", "gather_vec_ref")
        if a.get("axis", 0) != 0 or vector != (len(shape) == 1):
            raise Inexpressible
        indices = places(x.array(1), shape[0])
        references = [s.input_nat_vec(indices)] if several else [s.input_nat(index) for index in indices]
        value = x[0] if vector else s.reshape(x[0], shape=(shape[0], math.prod(shape[1:])))
        read = [getattr(s, op)(value, reference) for reference in references]
        return s.reshape(read[0] if several else s.stack(*read, axis=0), shape=(*x.array(1).shape, *shape[1:]))

    return record


def one_by_one(s: Session, a: Attributes, x: Inputs) -> Value:
    """Each index selected alone."""
    axis, indices = a.get("axis", 0) % len(x[0].shape), x.array(1)
    value = s.stack(*(s.select(x[0], axis=axis, index=i) for i in places(indices, x[0].shape[axis])), axis=axis)
    return s.reshape(value, shape=(*x[0].shape[:axis], *indices.shape, *x[0].shape[axis + 1 :]))


def as_vector(op: str) -> Recording:
    """A gather of a vector's entries."""

    def record(s: Session, _a: Attributes, x: Inputs) -> Value:
        if len(x[0].shape) != 1:
            raise Inexpressible
        return gathered(s, op, x[0], places(x.array(1), x[0].shape[0]))

    return record


def as_rows(op: str) -> Recording:
    """A gather along an axis as one of a matrix's rows: the axis first, the others made one."""

    def record(s: Session, a: Attributes, x: Inputs) -> Value:
        axis, indices, shape = a.get("axis", 0) % len(x[0].shape), x.array(1), x[0].shape
        rest = tuple(place for place in range(len(shape)) if place != axis)
        sides = tuple(shape[place] for place in rest)
        matrix = s.reshape(s.permute(x[0], axes=(axis, *rest)), shape=(shape[axis], math.prod(sides)))
        rows = s.reshape(gathered(s, op, matrix, places(indices, shape[axis])), shape=(indices.size, *sides))
        back = s.permute(rows, axes=(*range(1, axis + 1), 0, *range(axis + 1, len(shape))))
        return s.reshape(back, shape=(*shape[:axis], *indices.shape, *shape[axis + 1 :]))

    return record


def gathered(s: Session, op: str, value: Value, indices: tuple[int, ...]) -> Value:
    """By an op that takes all indices, or by one that takes a single index."""
    method = getattr(s, op)
    if op in ("gather_scalar", "gather_scalar_nat", "gather_row"):
        return s.stack(*(method(value, index) for index in indices), axis=0)
    return method(value, indices)


def entries_at(s: Session, value: Value, flat: Any) -> Value:
    """The entries at places of the row-major order, in the shape of these places."""
    return s.reshape(s.gather_vec_nat(s.flatten(value), tuple(map(int, flat.ravel()))), shape=flat.shape)


def gather_elements(s: Session, a: Attributes, x: Inputs) -> Value:
    return entries_at(s, x[0], element_places(a, x))


def element_places(a: Attributes, x: Inputs) -> Any:
    """Where in the row-major order the elements are that indices name along an axis."""
    shape, indices = x[0].shape, x.array(1)
    axis = a.get("axis", 0) % len(shape)
    grid = list(np.indices(indices.shape))
    grid[axis] = indices % shape[axis]
    return np.ravel_multi_index(tuple(grid), shape)


def gather_nd(s: Session, a: Attributes, x: Inputs) -> Value:
    return entries_at(s, x[0], slices_places(x[0].shape, x.array(1), a.get("batch_dims", 0)))


def slices_places(shape: tuple[int, ...], indices: Any, batch: int) -> Any:
    """Where in the row-major order the slices are whose first axes the last axis of the indices names."""
    order = np.arange(math.prod(shape)).reshape(shape)
    if batch:
        return np.stack([slices_places(shape[1:], each, batch - 1) + order[place].min() for place, each in enumerate(indices)])
    return order[tuple(np.moveaxis(indices, -1, 0))]


def added(s: Session, value: Value, updates: Value, flat: Any) -> Value:
    """The updates added at places of the row-major order; duplicates accumulate."""
    indices = tuple(int(place) for place in flat.ravel())
    moved = s.scatter_add(s.flatten(value), s.flatten(updates), axis=0, indices=indices)
    return s.reshape(moved, shape=value.shape)


def scatter_elements(s: Session, a: Attributes, x: Inputs) -> Value:
    return scattered(s, a, x, element_places(a, x))


def scatter_nd(s: Session, a: Attributes, x: Inputs) -> Value:
    return scattered(s, a, x, slices_places(x[0].shape, x.array(1), 0))


def scattered(s: Session, a: Attributes, x: Inputs, flat: Any) -> Value:
    """Added, or written where each place is named once: into zeros at these places, which is exact."""
    if a.get("reduction", "none") == "add":
        return added(s, x[0], x[2], flat)
    if a.get("reduction", "none") != "none":
        raise Inexpressible
    kept = np.ones(math.prod(x[0].shape))
    kept[flat.ravel()] = 0
    return added(s, s.mul(x[0], s.const(kept.reshape(x[0].shape))), x[2], flat)


def scatter_rows(s: Session, a: Attributes, x: Inputs) -> Value:
    """Slices added one after another to the rows of a matrix."""
    if a.get("reduction", "none") != "add" or x.array(1).shape[-1] != 1:
        raise Inexpressible
    rows, sides = x[0].shape[0], math.prod(x[0].shape[1:])
    matrix, updates = s.reshape(x[0], shape=(rows, sides)), s.reshape(x[2], shape=(x.array(1).size, sides))
    for place, index in enumerate(places(x.array(1), rows)):
        matrix = s.scatter_add_row(matrix, s.gather_row(updates, place), index)
    return s.reshape(matrix, shape=x[0].shape)


def scatter_vector(s: Session, a: Attributes, x: Inputs) -> Value:
    """Entries added one after another to a vector."""
    if a.get("reduction", "none") != "add":
        raise Inexpressible
    vector, updates = s.flatten(x[0]), s.flatten(x[2])
    for place, index in enumerate(element_places(a, x).ravel()):
        vector = s.scatter_add_vec(vector, s.gather_scalar(updates, place), int(index))
    return s.reshape(vector, shape=x[0].shape)


def tensor_scatter(s: Session, a: Attributes, x: Inputs) -> Value:
    """A part of each batch entry's sequence replaced, entry by entry where the sequence is circular."""
    axis = a.get("axis", -2) % len(x[0].shape) - 1
    written = [0] * x[0].shape[0] if x.array(2) is None else x.array(2).tolist()
    batch = []
    for place, start in enumerate(written):
        cache, update = (s.select(x[which], axis=0, index=place) for which in (0, 1))
        for step in range(update.shape[axis]):
            part = s.slice(update, axis=axis, start=step, length=1)
            cache = s.slice_assign(cache, part, axis=axis, start=(start + step) % cache.shape[axis])
        batch.append(cache)
    return s.stack(*batch, axis=0)


INDEXING: dict[str, tuple[Recording, ...]] = {
    "Gather": (
        gather,
        one_by_one,
        as_vector("gather_scalar"),
        as_vector("gather_scalar_nat"),
        as_vector("gather_vec_nat"),
        as_rows("gather_row"),
        as_rows("gather_rows_nat"),
        as_rows("embedding"),
        *map(from_environment, ("gather_scalar_ref", "gather_vec_ref", "gather_row_ref", "gather_rows_ref")),
    ),
    "GatherElements": (gather_elements,),
    "GatherND": (gather_nd,),
    "Scatter": (scatter_elements,),
    "ScatterElements": (scatter_elements, scatter_vector),
    "ScatterND": (scatter_nd, scatter_rows),
    "TensorScatter": (tensor_scatter,),
}
