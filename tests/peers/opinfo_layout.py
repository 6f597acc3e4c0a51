"""PyTorch's functions that move, read and write entries, in ours, with PyTorch's own parameters."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_pointwise import same
from opinfo_cases import Excluded, Recording


def sizes(arguments: tuple[Any, ...]) -> tuple[int, ...]:
    """Sizes that came one by one or as one sequence."""
    given = arguments[0] if len(arguments) == 1 and not isinstance(arguments[0], int) else arguments
    return tuple(int(n) for n in given)


def reshape(s: Session, x: Value, *shape: Any) -> Value:
    sides = sizes(shape)
    rest = math.prod(n for n in sides if n != -1)
    return s.reshape(x, shape=tuple(math.prod(x.shape) // rest if n == -1 else n for n in sides))


def flatten(s: Session, x: Value, start_dim: int = 0, end_dim: int = -1) -> Value:
    rank = max(len(x.shape), 1)
    start, end = start_dim % rank, end_dim % rank
    if (start, end) == (0, rank - 1):
        return s.flatten(x)
    sides = x.shape
    return s.reshape(x, shape=(*sides[:start], math.prod(sides[start : end + 1]), *sides[end + 1 :]))


def permute(s: Session, x: Value, *dims: Any) -> Value:
    rank = len(x.shape)
    return s.permute(x, axes=tuple(axis % rank for axis in sizes(dims))) if rank else same(s, x)


def transpose(s: Session, x: Value, dim0: int, dim1: int) -> Value:
    rank = len(x.shape)
    if not rank:
        return same(s, x)
    first, second = sorted((dim0 % rank, dim1 % rank))
    if second == first + 1:
        return s.swap_adjacent_at_depth(x, depth=first)
    axes = list(range(rank))
    axes[first], axes[second] = second, first
    named = {(1, 2, 0): "first_to_last", (2, 0, 1): "last_to_first", (0, 2, 1): "last_two"}.get(tuple(axes))
    return getattr(s, f"transpose3d_{named}")(x) if named is not None else s.permute(x, axes=tuple(axes))


def transposed(s: Session, x: Value) -> Value:
    return s.transpose2d(x) if len(x.shape) == 2 else same(s, x)


def movedim(s: Session, x: Value, source: Any, destination: Any) -> Value:
    rank = len(x.shape)
    if not rank:
        return same(s, x)
    source, destination = (sizes((each,)) if not isinstance(each, int) else (each,) for each in (source, destination))
    axes = list(np.moveaxis(np.empty((1,) * rank), source, destination).shape)
    axes = [place for place in range(rank) if place not in {axis % rank for axis in source}]
    for to, axis in sorted((to % rank, axis % rank) for to, axis in zip(destination, source, strict=True)):
        axes.insert(to, axis)
    names = {(1, 2, 0): "first_to_last", (2, 0, 1): "last_to_first"}
    name = names.get(tuple(axes))
    return getattr(s, f"transpose3d_{name}")(x) if name is not None else s.permute(x, axes=tuple(axes))


def expand(s: Session, x: Value, *shape: Any) -> Value:
    sides = sizes(shape)
    own = (1,) * (len(sides) - len(x.shape)) + x.shape
    return s.broadcast_to(x, shape=tuple(m if n == -1 else n for n, m in zip(sides, own, strict=True)))


def squeeze(s: Session, x: Value, dim: Any = None) -> Value:
    rank = len(x.shape)
    given = range(rank) if dim is None else [axis % max(rank, 1) for axis in ((dim,) if isinstance(dim, int) else dim)]
    return s.reshape(x, shape=tuple(n for place, n in enumerate(x.shape) if n != 1 or place not in given))


def unsqueeze(s: Session, x: Value, dim: int) -> Value:
    place = dim % (len(x.shape) + 1)
    return s.reshape(x, shape=(*x.shape[:place], 1, *x.shape[place:]))


def cat(s: Session, tensors: Any, dim: int = 0) -> Value:
    parts = [part for part in tensors if part.shape != (0,)]
    if len(parts) < 2:
        raise Excluded("fewer than two tensors to join")
    axis = dim % len(parts[0].shape)
    if len(parts) == 2 and axis == 0:
        return s.concat_vectors(*parts) if len(parts[0].shape) == 1 else s.concat_leading_axis(*parts)
    return s.concat(*parts, axis=axis)


def stack(s: Session, tensors: Any, dim: int = 0) -> Value:
    if len(tensors) < 2:
        raise Excluded("fewer than two tensors to join")
    return s.stack(*tensors, axis=dim % (len(tensors[0].shape) + 1))


def narrow(s: Session, x: Value, dim: int, start: Any, length: int) -> Value:
    axis = dim % len(x.shape)
    begin = int(start) % x.shape[axis] if int(start) < 0 else int(start)
    if axis == 0:
        return s.slice_leading_axis_range(x, start=begin, length=length)
    return s.slice(x, axis=axis, start=begin, length=length)


def slice_(s: Session, x: Value, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Value:
    axis = dim % len(x.shape)
    places = range(*slice(start, end, step).indices(x.shape[axis]))
    return s.slice(x, axis=axis, start=min(places.start, x.shape[axis]), length=len(places), step=step)


def select(s: Session, x: Value, dim: int, index: int) -> Value:
    axis = dim % len(x.shape)
    return s.select(x, axis=axis, index=index % x.shape[axis])


def index_select(s: Session, x: Value, dim: int, index: Any) -> Value:
    indices = tuple(int(place) for place in index.flatten())
    if not x.shape:
        return s.reshape(s.index_select(s.reshape(x, shape=(1,)), axis=0, indices=indices), shape=())
    return s.index_select(x, axis=dim % len(x.shape), indices=indices)


def index_add(s: Session, x: Value, dim: int, index: Any, source: Value, *, alpha: float = 1) -> Value:
    indices = tuple(int(place) for place in index.flatten())
    added = source if alpha == 1 else s.scale(source, c=float(alpha))
    if not x.shape:
        vector = s.scatter_add(s.reshape(x, shape=(1,)), s.reshape(added, shape=(1,)), axis=0, indices=indices)
        return s.reshape(vector, shape=())
    if len(indices) != (added.shape[dim] if added.shape else 1) or len(added.shape) != len(x.shape):
        raise Excluded("a source of another rank")
    return s.scatter_add(x, added, axis=dim % len(x.shape), indices=indices)


def scatter_add(s: Session, x: Value, dim: int, index: Any, source: Value) -> Value:
    """Each entry of the index has its own place: added to the row-major order."""
    if not x.shape or not index.shape:
        raise Excluded("scattering in a scalar: ours has an axis")
    places = index.numpy()
    grid = list(np.indices(places.shape))
    grid[dim % len(x.shape)] = places
    flat = np.ravel_multi_index(tuple(grid), x.shape) if places.size else places
    taken = np.ravel_multi_index(tuple(np.indices(places.shape)), source.shape) if places.size else places
    updates = s.index_select(s.flatten(source), axis=0, indices=tuple(map(int, taken.ravel())))
    return s.reshape(s.scatter_add(s.flatten(x), updates, axis=0, indices=tuple(map(int, flat.ravel()))), shape=x.shape)


def gather(s: Session, x: Value, dim: int, index: Any, *, sparse_grad: bool = False) -> Value:
    if not x.shape or not index.shape:
        raise Excluded("a gather from a scalar: ours has an axis")
    places = index.numpy()
    grid = list(np.indices(places.shape))
    grid[dim % len(x.shape)] = places
    flat = np.ravel_multi_index(tuple(grid), x.shape) if places.size else places
    return s.reshape(s.gather_vec_nat(s.flatten(x), tuple(map(int, flat.ravel()))), shape=places.shape)


def slice_scatter(s: Session, x: Value, source: Value, dim: int = 0, start: Any = None, end: Any = None, step: int = 1) -> Value:
    axis = dim % len(x.shape)
    places = range(*slice(start, end, step).indices(x.shape[axis]))
    if step != 1:
        raise Excluded("a slice in steps that is written: ours is a range")
    return s.slice_assign(x, source, axis=axis, start=min(places.start, x.shape[axis]))


def select_scatter(s: Session, x: Value, source: Value, dim: int, index: int) -> Value:
    axis = dim % len(x.shape)
    row = s.reshape(source, shape=(*x.shape[:axis], 1, *x.shape[axis + 1 :]))
    return s.slice_assign(x, row, axis=axis, start=index % x.shape[axis])


def constant_pad(s: Session, x: Value, pad: Any, value: float = 0) -> Value:
    if any(n < 0 for n in pad):
        raise Excluded("negative padding: ours only adds")
    before, after = [0] * len(x.shape), [0] * len(x.shape)
    for place in range(len(pad) // 2):
        before[-1 - place], after[-1 - place] = pad[2 * place], pad[2 * place + 1]
    padded = s.pad(x, before=tuple(before), after=tuple(after))
    around = list(zip(before, after, strict=True))
    return s.add(padded, s.const(np.pad(np.zeros(x.shape), around, constant_values=float(value))))


def embedding(s: Session, table: Value, indices: Any, **options: Any) -> Value:
    used = {name for name, value in options.items() if value not in (None, False) and name != "norm_type"}
    if used - {"padding_idx", "sparse"}:
        raise Excluded("an embedding that renormalises its table")
    if "padding_idx" in used:
        raise Excluded("an embedding with a row that gets no gradient: ours has none")
    if "sparse" in used:
        raise Excluded("a sparse gradient")
    value = s.embedding(table, tuple(int(index) for index in indices.flatten()))
    return s.reshape(value, shape=(*indices.shape, table.shape[1]))


LAYOUT: dict[str, Recording] = {
    "broadcast_to": expand,
    "cat": cat,
    "constant_pad_nd": constant_pad,
    "expand": expand,
    "flatten": flatten,
    "gather": gather,
    "index_add": index_add,
    "index_select": index_select,
    "movedim": movedim,
    "narrow": narrow,
    "nn.functional.embedding": embedding,
    "permute": permute,
    "reshape": reshape,
    "scatter_add": scatter_add,
    "select": select,
    "select_scatter": select_scatter,
    "slice": slice_,
    "slice_scatter": slice_scatter,
    "squeeze": squeeze,
    "stack": stack,
    "t": transposed,
    "transpose": transpose,
    "unsqueeze": unsqueeze,
    "view": reshape,
}
