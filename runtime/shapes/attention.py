"""Weighted means of values, by scores between queries and keys."""

from __future__ import annotations

from ...ir.graph import Dense, Shape
from ..primitive import ShapeMismatch


def self_attended(
    x: Shape, wq: Shape, wk: Shape, wv: Shape, wo: Shape, heads: int, mask: Dense | None = None
) -> Shape:
    """(n,d), three times (d,e), (e,d) -> (n,d), with e a multiple of `heads`.

    Raises: ShapeMismatch; so does a mask that is not (n,n) zeros and ones.
    """
    if len(x) != 2 or len(wq) != 2 or (x[1], wq, wq, wq[::-1]) != (wq[0], wk, wv, wo):
        raise ShapeMismatch(
            f"multi_head_attention of {x}, {wq}, {wk}, {wv} and {wo}: (n,d), three times (d,e), and (e,d) are needed"
        )
    if x[0] == 0:
        raise ShapeMismatch(f"multi_head_attention of {x}: it has no place to attend to")
    if heads < 1 or wq[1] % heads:
        raise ShapeMismatch(f"multi_head_attention: {wq[1]} features cannot be shared among {heads!r} heads")
    _check(mask, (x[0], x[0]))
    return x


def _check(mask: Dense | None, shape: Shape) -> None:
    if mask is not None and (mask.shape != shape or any(entry not in (0, 1) for entry in mask.entries)):
        raise ShapeMismatch(f"an attention mask must be zeros and ones of shape {shape}, it has shape {mask.shape}")
