"""ONNX ops that move entries, in ours."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording
from onnx_pointwise import same

Attributes = Mapping[str, Any]


def reshape(s: Session, a: Attributes, x: Inputs) -> Value:
    sides = [int(n) for n in x.array(1)]
    if not a.get("allowzero", 0):
        sides = [x[0].shape[place] if n == 0 else n for place, n in enumerate(sides)]
    rest = math.prod(n for n in sides if n != -1)
    return s.reshape(x[0], shape=tuple(math.prod(x[0].shape) // rest if n == -1 else n for n in sides))


def reshaped(s: Session, _a: Attributes, x: Inputs) -> Value:
    """A change of shape alone: the shape is read off the case's output, the order of the entries is ours."""
    return s.reshape(x[0], shape=tuple(np.asarray(x.outputs[0]).shape))


def flatten(s: Session, a: Attributes, x: Inputs) -> Value:
    axis = a.get("axis", 1) % len(x[0].shape)
    sides = math.prod(x[0].shape[:axis]), math.prod(x[0].shape[axis:])
    return s.reshape(s.flatten(x[0]), shape=sides)


def permutation(a: Attributes, x: Inputs) -> tuple[int, ...]:
    return tuple(a.get("perm", tuple(reversed(range(len(x[0].shape))))))


def permute(s: Session, a: Attributes, x: Inputs) -> Value:
    return s.permute(x[0], axes=permutation(a, x))


def named_permutation(s: Session, a: Attributes, x: Inputs) -> Value:
    """The permutations that have names of their own."""
    names = {(1, 2, 0): "first_to_last", (2, 0, 1): "last_to_first", (0, 2, 1): "last_two"}
    axes = permutation(a, x)
    if axes not in names:
        raise Inexpressible
    return getattr(s, f"transpose3d_{names[axes]}")(x[0])


def exchange(s: Session, a: Attributes, x: Inputs) -> Value:
    """Two adjacent axes that change places; the identity, with a depth that is too large."""
    axes = permutation(a, x)
    moved = [place for place, axis in enumerate(axes) if axis != place]
    if moved and (len(moved) != 2 or moved[1] - moved[0] != 1):
        raise Inexpressible
    return s.swap_adjacent_at_depth(x[0], depth=moved[0] if moved else len(axes))


def expand(s: Session, _a: Attributes, x: Inputs) -> Value:
    return s.broadcast_to(x[0], shape=np.broadcast_shapes(x[0].shape, tuple(x.array(1).tolist())))


def concat(s: Session, a: Attributes, x: Inputs) -> Value:
    return s.concat(*x.tensors, axis=a["axis"] % len(x[0].shape))


def concat_leading(s: Session, a: Attributes, x: Inputs) -> Value:
    if a["axis"] % len(x[0].shape) != 0:
        raise Inexpressible
    return s.concat_leading_axis(x[0], x[1])


def concat_vectors(s: Session, _a: Attributes, x: Inputs) -> Value:
    if len(x[0].shape) != 1:
        raise Inexpressible
    return s.concat_vectors(x[0], x[1])


def stack(s: Session, a: Attributes, x: Inputs) -> Value:
    """Joined along an axis as a stack whose new axis is made one with the next."""
    axis = a["axis"] % len(x[0].shape)
    sides = x[0].shape
    return s.reshape(s.stack(*x.tensors, axis=axis), shape=(*sides[:axis], 2 * sides[axis], *sides[axis + 1 :]))


def split(s: Session, a: Attributes, x: Inputs) -> tuple[Value, ...]:
    axis, n = a.get("axis", 0) % len(x[0].shape), len(x.outputs)
    side = x[0].shape[axis]
    lengths = [side // n] * n if x.array(1) is None else [int(length) for length in x.array(1)]
    if x.array(1) is None and side % n:
        each = -(-side // n)
        lengths = [each] * (n - 1) + [side - each * (n - 1)]
    starts = [sum(lengths[:place]) for place in range(n)]
    return tuple(
        s.slice(x[0], axis=axis, start=start, length=length) for start, length in zip(starts, lengths, strict=True)
    )


def slices(a: Inputs, rank: int, shape: tuple[int, ...]) -> dict[int, range]:
    starts, ends = ([int(place) for place in a.array(place_)] for place_ in (1, 2))
    axes = [int(axis) % rank for axis in a.array(3)] if a.array(3) is not None else list(range(len(starts)))
    steps = [int(step) for step in a.array(4)] if a.array(4) is not None else [1] * len(starts)
    return {
        axis: range(*slice(start, end, step).indices(shape[axis]))
        for axis, start, end, step in zip(axes, starts, ends, steps, strict=True)
    }


def slice_(s: Session, _a: Attributes, x: Inputs) -> Value:
    value = x[0]
    for axis, places in slices(x, len(value.shape), value.shape).items():
        if places.step < 0:
            value = s.index_select(value, axis=axis, indices=tuple(places))
        else:
            start = min(places.start, value.shape[axis])
            value = s.slice(value, axis=axis, start=start, length=len(places), step=places.step)
    return value


def leading_slice(s: Session, _a: Attributes, x: Inputs) -> Value:
    """Ranges by slice_leading_axis_range, with each axis brought to the front."""
    value, rank = x[0], len(x[0].shape)
    for axis, places in slices(x, rank, value.shape).items():
        if places.step != 1 or places.start >= value.shape[axis]:
            raise Inexpressible
        front = (axis, *(other for other in range(rank) if other != axis))
        part = s.slice_leading_axis_range(s.permute(value, axes=front), start=places.start, length=len(places))
        value = s.permute(part, axes=tuple(front.index(place) for place in range(rank)))
    return value


def pad(s: Session, _a: Attributes, x: Inputs) -> Value:
    """Zeros around; another constant is added there, which is exact: 0 + c, and x + 0 inside."""
    rank = len(x[0].shape)
    axes = [int(axis) % rank for axis in x.array(3)] if x.array(3) is not None else list(range(rank))
    pads = [int(n) for n in x.array(1)]
    before, after = [0] * rank, [0] * rank
    for place, axis in enumerate(axes):
        before[axis], after[axis] = pads[place], pads[place + len(axes)]
    padded = s.pad(x[0], before=tuple(before), after=tuple(after))
    constant = 0.0 if x.array(2) is None else float(x.array(2))
    around = np.pad(np.zeros(x[0].shape), list(zip(before, after, strict=True)), constant_values=constant)
    return s.add(padded, s.const(around))


def tile(s: Session, _a: Attributes, x: Inputs) -> Value:
    value = x[0]
    for axis, times in enumerate(x.array(1).tolist()):
        value = s.concat(*[value] * times, axis=axis) if times > 1 else same(s, value)
    return value


def depth_to_space(s: Session, a: Attributes, x: Inputs) -> Value:
    n, c, h, w = x[0].shape
    b = a["blocksize"]
    if a.get("mode", "DCR") == "DCR":
        blocks = s.permute(s.reshape(x[0], shape=(n, b, b, c // b**2, h, w)), axes=(0, 3, 4, 1, 5, 2))
    else:
        blocks = s.permute(s.reshape(x[0], shape=(n, c // b**2, b, b, h, w)), axes=(0, 1, 4, 2, 5, 3))
    return s.reshape(blocks, shape=(n, c // b**2, h * b, w * b))


def space_to_depth(s: Session, a: Attributes, x: Inputs) -> Value:
    n, c, h, w = x[0].shape
    b = a["blocksize"]
    blocks = s.reshape(x[0], shape=(n, c, h // b, b, w // b, b))
    axes = (0, 3, 5, 1, 2, 4) if a.get("mode", "DCR") == "DCR" else (0, 1, 3, 5, 2, 4)
    return s.reshape(s.permute(blocks, axes=axes), shape=(n, c * b**2, h // b, w // b))


LAYOUT: dict[str, tuple[Recording, ...]] = {
    "Concat": (concat, concat_leading, concat_vectors, stack),
    "DepthToSpace": (depth_to_space,),
    "Expand": (expand,),
    "Flatten": (flatten,),
    "Identity": (lambda s, _a, x: s.detach(x[0]),),
    "Pad": (pad,),
    "Reshape": (reshape,),
    "Slice": (slice_, leading_slice),
    "SpaceToDepth": (space_to_depth,),
    "Split": (split,),
    "Squeeze": (reshaped,),
    "Tile": (tile,),
    "Transpose": (permute, named_permutation, exchange),
    "Unsqueeze": (reshaped,),
}
