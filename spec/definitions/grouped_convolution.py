"""The convolution of deep-learning libraries: a batch, groups of channels, and kernels spread over the cells."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total
from ..windows import inside, window_count

Sizes = tuple[Any, ...]


def _convolved(
    w: SymbolicShape, b: SymbolicShape, x: SymbolicShape, stride: Sizes, padding: Sizes, dilation: Sizes, groups: Any
) -> SymbolicShape:
    if not len(w) == len(x) == 2 + len(stride) == 2 + len(padding) == 2 + len(dilation) or len(x) < 3:
        raise ShapeMismatch("conv_nd needs an item of kernel, stride, padding and dilation for each axis of cells")
    if groups < 1 or w[1] < 1 or w[0] % groups != 0 or x[1] != groups * w[1]:
        raise ShapeMismatch("conv_nd needs as many output channels, and w's input channels, in each of its groups")
    sides = []
    for n, k, s, p, d in zip(x[2:], w[2:], stride, padding, dilation, strict=True):
        if d < 1 or k < 1:
            raise ShapeMismatch("conv_nd needs a kernel whose cells are at least 1 apart")
        sides.append(window_count(n, (k - 1) * d + 1, s, p))
    return (x[0], w[0], *sides)


_LINES = ((1, 0, 2, 1), (2, 1, 1, 2), (1, 2, 3, 1))
"""Stride, padding, dilation and groups."""


def _moves(w: SymbolicShape, b: SymbolicShape, x: SymbolicShape) -> list[dict[str, Any]]:
    axes = len(x) - 2
    if axes not in (1, 2) or len(w) != len(x):
        return []
    found = []
    for s, p, d, g in _LINES:
        turned = {"stride": (s, 3 - s)[:axes] if s < 3 else (s,) * axes, "padding": (p, 1)[:axes], "dilation": (d, 1)[:axes]}
        found.append({**turned, "groups": g})
    return found


_EXAMPLES = (
    ((2, 1, 2), (2,), (1, 2, 5)), ((2, 2, 2), (2,), (2, 2, 4)), ((4, 1, 1), (4,), (1, 2, 3)), ((1, 1, 3), (1,), (2, 1, 7)),
    ((2, 1, 2, 1), (2,), (1, 2, 4, 3)), ((1, 2, 1, 2), (1,), (1, 2, 2, 4)),
)  # fmt: skip


@define(
    "conv_nd", "(o,i,*k),(o),(b,c,*n)", shape=_convolved, attributes=_moves, examples=_EXAMPLES,
    integers={"stride": 1, "padding": 0, "dilation": 1, "groups": 1},
)  # fmt: skip
def conv_nd(
    w: Any, b: Any, x: Any, t: Any, o: Any, *q: Any, stride: Sizes, padding: Sizes, dilation: Sizes, groups: Any
) -> Any:
    """y[t,o,q] = b[o] + Σ_{γ,κ} w[o,γ,κ] x[t,⌊o/m⌋·i+γ,q·s+κ·d−p], with m = O/groups and 0 for x beyond its sides"""
    first = o // (w.size(0) // groups) * w.size(1)

    def term(c: Any, *kappa: Any) -> Any:
        axes = zip(q, stride, kappa, dilation, padding, strict=True)
        places = [i * s + k * d - p for i, s, k, d, p in axes]
        return inside(places, x.shape[2:], lambda: w[(o, c, *kappa)] * x[(t, first + c, *places)])

    return total(term, w.size(1), *w.shape[2:]) + b[o]
