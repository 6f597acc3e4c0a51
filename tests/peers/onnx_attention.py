"""ONNX attention, in ours: with all heads together where places attend to themselves, and head by head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from backproof.ir.graph import Dense
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx_cases import Inexpressible, Inputs, Recording

Attributes = Mapping[str, Any]


def attended(s: Session, operands: tuple[Value, ...], heads: int, flags: Any) -> Value:
    """Ours, with a mask only where not everything is allowed."""
    if np.all(flags):
        return s.multi_head_attention(*operands, heads=heads)
    return s.multi_head_attention(*operands, heads=heads, mask=Dense(flags.shape, tuple(map(float, flags.ravel()))))


def joined_at(s: Session, parts: list[Value]) -> Value:
    """One after the other along a new first axis."""
    return s.stack(*parts, axis=0) if len(parts) > 1 else s.reshape(parts[0], shape=(1, *parts[0].shape))


def allowed(a: Attributes, x: Inputs, heads: int) -> Any:
    """Which keys each query of each batch entry and head may attend to: what is left of all of them.

    Where only some first keys of an entry are filled, its queries are the last of these.
    """
    batch, queries, keys = x[0].shape[0], x[0].shape[-2], x[1].shape[-2]
    filled = np.full(batch, keys) if x.array(6) is None else x.array(6)
    before = np.zeros(batch) if x.array(6) is None else filled - queries
    ahead = np.arange(keys) - np.arange(queries)[:, None] - before[:, None, None, None]
    flags = np.broadcast_to(np.arange(keys) < filled[:, None, None, None], (batch, heads, queries, keys))
    if x.array(3) is not None:
        flags = flags & x.array(3)
    if a.get("is_causal", 0):
        flags = flags & (ahead <= 0)
    if a.get("left_window_size", -1) >= 0:
        flags = flags & (ahead >= -a["left_window_size"])
    if a.get("right_window_size", -1) >= 0:
        flags = flags & (ahead <= a["right_window_size"])
    return flags


def together(s: Session, a: Attributes, x: Inputs) -> Value:
    """With x = [q | k | v] each projection picks its block, and the last one puts the result where q was.

    Of (batch, heads, places, size), or of (batch, places, heads · size).
    """
    batch, places, apart = x[0].shape[0], x[0].shape[-2], len(x[0].shape) == 4
    heads = x[0].shape[1] if apart else a["q_num_heads"]
    flags = allowed(a, x, heads)
    if x[1].shape[-2] != places or np.any(flags != flags[:, :1]):
        raise Inexpressible
    features = heads * x[0].shape[3] if apart else x[0].shape[2]
    blocks = np.split(np.eye(3 * features), 3, axis=1)
    weights = [s.const(block) for block in (*blocks, blocks[0].T)]

    def of_one(entry: int) -> Value:
        parts = [s.select(value, axis=0, index=entry) for value in x.tensors[:3]]
        if apart:
            parts = [s.reshape(s.permute(part, axes=(1, 0, 2)), shape=(places, features)) for part in parts]
        y = attended(s, (s.concat(*parts, axis=1), *weights), heads, flags[entry, 0])
        kept = s.slice(y, axis=1, start=0, length=features)
        return s.permute(s.reshape(kept, shape=(places, heads, features // heads)), axes=(1, 0, 2)) if apart else kept

    return joined_at(s, [of_one(entry) for entry in range(batch)])


def head_by_head(s: Session, a: Attributes, x: Inputs) -> Value:
    """With x the identity, q, k and v are the projections, with rows of zeros below. There are as many places as keys;
    the further queries, which attend to nothing, are cut off.
    """
    (batch, *_others), apart = x[0].shape, len(x[0].shape) == 4
    heads = x[0].shape[1] if apart else a["q_num_heads"]
    queries, keys, size = x[0].shape[-2], x[1].shape[-2], x[0].shape[-1] // (1 if apart else heads)
    flags = np.pad(allowed(a, x, heads), ((0, 0), (0, 0), (0, keys - queries), (0, 0)))
    side = max(keys, size)
    identity, last = s.const(np.eye(keys, side)), s.const(np.eye(size, side))

    def of_one(entry: int, head: int) -> Value:
        whole = [s.select(value, axis=0, index=entry) for value in x.tensors[:3]]
        if apart:
            parts = [s.select(value, axis=0, index=head) for value in whole]
        else:
            parts = [s.slice(value, axis=1, start=head * size, length=size) for value in whole]
        weights = [s.pad(part, before=(0, 0), after=(side - part.shape[0], 0)) for part in parts]
        y = attended(s, (identity, *weights, last), 1, flags[entry, head])
        return s.slice(s.slice(y, axis=0, start=0, length=queries), axis=1, start=0, length=size)

    each = [[of_one(entry, head) for head in range(heads)] for entry in range(batch)]
    return joined_at(s, [joined_at(s, of) if apart else s.concat(*of, axis=1) for of in each])


ATTENTION: dict[str, tuple[Recording, ...]] = {"Attention": (together, head_by_head)}
