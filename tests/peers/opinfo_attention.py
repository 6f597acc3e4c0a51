"""PyTorch's attention, in ours, with PyTorch's own parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from opinfo_cases import Excluded, Recording


def multi_head(
    s: Session, query: Value, key: Value, value: Value, embed_dim: int, num_heads: int, in_proj_weight: Any, in_proj_bias: Value,
    bias_k: Value, bias_v: Value, add_zero_attn: bool, dropout_p: float, out_proj_weight: Value, out_proj_bias: Value,  # noqa: FBT001
    *, q_proj_weight: Any, k_proj_weight: Any, v_proj_weight: Any, attn_mask: Any, training: bool,
    use_separate_proj_weight: bool,
) -> Value:  # fmt: skip
    if training and dropout_p > 0:
        raise Excluded("a random mask")
    if attn_mask is not None:
        raise Excluded("an additive mask: ours is of zeros and ones")
    if add_zero_attn:
        raise Excluded("a place of zeros beside the keys")
    biases = [s.slice(in_proj_bias, axis=0, start=place * embed_dim, length=embed_dim) for place in range(3)]
    weights = (
        [q_proj_weight, k_proj_weight, v_proj_weight] if use_separate_proj_weight
        else [s.slice(in_proj_weight, axis=0, start=place * embed_dim, length=embed_dim) for place in range(3)]
    )  # fmt: skip
    projections = [
        projection(s, place, weight, bias, further)
        for place, (weight, bias, further) in enumerate(zip(weights, biases, (None, bias_k, bias_v), strict=True))
    ]
    wo = s.pad(s.transpose2d(out_proj_weight), before=(0, 0), after=(0, 2 * embed_dim + 2))

    def attended(q: Value, k: Value, v: Value) -> Value:
        y = s.multi_head_attention(side_by_side(s, q, k, v), *projections, wo, heads=num_heads)
        kept = s.slice(s.slice(y, axis=0, start=0, length=q.shape[0]), axis=1, start=0, length=embed_dim)
        return s.add(kept, s.broadcast_to(out_proj_bias, shape=kept.shape))

    if len(query.shape) == 2:
        return attended(query, key, value)
    entries = range(query.shape[1])
    return s.stack(
        *(attended(*(s.select(each, axis=1, index=entry) for each in (query, key, value))) for entry in entries), axis=1
    )


def side_by_side(s: Session, q: Value, k: Value, v: Value) -> Value:
    """[q | k | v | 1 | 0], and below it one place more, whose only 1 is in the last column: the projection's biases are
    multiplied with the ones, and the key and the value that PyTorch adds with the last.
    """
    places = k.shape[0] + 1
    blocks = [s.pad(each, before=(0, 0), after=(places - each.shape[0], 0)) for each in (q, k, v)]
    last = np.eye(places)[:, -1:]
    return s.concat(*blocks, s.const(1 - last), s.const(last), axis=1)


def projection(s: Session, place: int, weight: Value, bias: Value, further: Value | None) -> Value:
    """The weights of such an input: those of the block in its place, the bias, and what the last place is."""
    sides = weight.shape[1]
    block = s.pad(s.transpose2d(weight), before=(place * sides, 0), after=((2 - place) * sides, 0))
    row = s.const(np.zeros((1, sides))) if further is None else s.reshape(further, shape=(1, sides))
    return s.concat(block, s.reshape(bias, shape=(1, sides)), row, axis=0)


ATTENTION: dict[str, Recording] = {"nn.functional.multi_head_attention_forward": multi_head}
