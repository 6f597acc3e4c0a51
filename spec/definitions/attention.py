"""Attention: means of values, weighted by a softmax of scores between queries and keys."""

from __future__ import annotations

from typing import Any

from ...ir.graph import Dense
from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import exp, sqrt, total, where
from ..masks import allowed, allows_any, check_mask

Score = Any
"""A score as a function of the places of query and key."""


def _weight(score: Score, i: Any, j: Any, keys: Any, mask: Dense | None) -> Any:
    """a[i,j] = e^s[i,j] / Σ_l e^s[i,l] over the allowed l, and 0 where j is not allowed.

    A row that allows nothing is summed whole, so that nothing is divided by 0; none of its weights is kept.
    """

    def power(l: Any) -> Any:
        return exp(score(i, l))

    if mask is None:
        return power(j) / total(power, keys)

    def counted(l: Any) -> Any:
        return where(allows_any(mask, i), lambda: where(allowed(mask, i, l), lambda: power(l), lambda: 0), lambda: power(l))

    return where(allowed(mask, i, j), lambda: power(j) / total(counted, keys), lambda: 0)


def _scale(width: Any) -> Any:
    """√width, or 1 where there is nothing to sum."""
    return sqrt(width) if width > 0 else 1


def _examples(rows: int, columns: int) -> list[Dense]:
    """Masks: no future, and of several rows every other entry with an empty first row."""
    places = [(i, j) for i in range(rows) for j in range(columns)]
    past = Dense((rows, columns), tuple(float(j <= i) for i, j in places))
    odd = Dense((rows, columns), tuple(float(i > 0 and (i + j) % 2 == 0) for i, j in places))
    return [past] if rows < 2 else [past, odd]


def _self_attended(
    x: SymbolicShape, wq: SymbolicShape, wk: SymbolicShape, wv: SymbolicShape, wo: SymbolicShape, heads: int,
    mask: Dense | None = None,
) -> SymbolicShape:  # fmt: skip
    if x[0] == 0:
        raise ShapeMismatch("multi_head_attention: at least one place is needed")
    if heads < 1 or wq[1] % heads != 0:
        raise ShapeMismatch(f"multi_head_attention of {heads} heads: they do not divide {wq[1]} features")
    check_mask(mask, (x[0], x[0]), "multi_head_attention")
    return x


def _heads(x: SymbolicShape, wq: SymbolicShape, *_others: SymbolicShape) -> list[dict[str, Any]]:
    """Heads of at most one feature, and few of them at few places: others take long entry by entry.

    The rule for all shapes covers them; it is known by a sample with more than three features.
    """
    counts = [heads for heads in (3, 2, 1) if wq[1] % heads == 0 and wq[1] <= heads and x[0] <= 2]
    masks: list[dict[str, Any]] = [{"mask": mask} for mask in _examples(x[0], x[0])]
    whole: list[dict[str, Any]] = [{}] if x[0] * wq[1] <= 4 or x[1] > 3 else []
    return [{"heads": heads, **more} for heads in counts for more in (*whole, *masks)]


@define(
    "multi_head_attention", "(n,w),(w,s),(w,s),(w,s),(s,w)", shape=_self_attended, attributes=_heads,
    integers={"heads": 1}, masks={"mask": ("n", "n")}, source="session",
    examples=[((2, 1), (1, 2), (1, 2), (1, 2), (2, 1))],
)  # fmt: skip
def multi_head_attention(
    x: Any, wq: Any, wk: Any, wv: Any, wo: Any, i: Any, c: Any, heads: int, mask: Dense | None = None
) -> Any:
    """y[i,c] = Σ_H Σ_t Σ_j a[H,i,j] v[j,Hh+t] wo[Hh+t,c] with q, k, v = x wq, x wk, x wv and e = heads · h

    a[H,i,j] = e^s[H,i,j] / Σ_l e^s[H,i,l] with s[H,i,j] = Σ_t q[i,Hh+t] k[j,Hh+t] / √h; with a mask, 1 where place j is
    allowed for place i, l runs over the allowed places and the other weights are 0.
    """
    places, features, width = x.size(0), x.size(1), wq.size(1) // heads

    def projected(w: Any, i: Any, feature: Any) -> Any:
        return total(lambda f: x[i, f] * w[f, feature], features)

    def attended(head: Any, t: Any) -> Any:
        def score(i: Any, j: Any) -> Any:
            pairs = total(lambda s: projected(wq, i, head * width + s) * projected(wk, j, head * width + s), width)
            return pairs / _scale(width)

        return total(lambda j: _weight(score, i, j, places, mask) * projected(wv, j, head * width + t), places)

    return total(lambda head, t: attended(head, t) * wo[head * width + t, c], heads, width)
