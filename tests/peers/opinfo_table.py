"""Which of PyTorch's sample inputs witness our formulas, and which do not, with the reason."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from opinfo_attention import ATTENTION
from opinfo_cases import MOST_ENTRIES, Excluded, Recording, Sample, samples
from opinfo_layout import LAYOUT
from opinfo_norms import NORMS
from opinfo_pointwise import POINTWISE, together
from opinfo_reductions import REDUCTIONS
from opinfo_windows import WINDOWS

RECORDINGS: Mapping[str, Recording] = {**ATTENTION, **LAYOUT, **NORMS, **POINTWISE, **REDUCTIONS, **WINDOWS}
"""By PyTorch's operator: how ours says it."""

Order = Callable[..., Value]


def _sigmoid_slope(s: Session, x: Value, x_dot: Value) -> Value:
    y = s.sigmoid(x)
    return s.mul(s.mul(x_dot, s.sub(s.const(np.ones(x.shape)), y)), y)


def _tanh_slope(s: Session, x: Value, x_dot: Value) -> Value:
    return s.mul(x_dot, s.sub(s.const(np.ones(x.shape)), s.square(s.tanh(x))))


def _cumprod_tangent(s: Session, x: Value, x_dot: Value, axis: int) -> Value:
    if not x.shape:
        return s.mul(s.div(x_dot, x), x)
    return s.mul(s.cumsum(s.div(x_dot, x), axis=axis), s.cumprod(x, axis=axis))


def _gelu_weight(s: Session, x: Value, approximate: str) -> Value:
    if approximate == "tanh":
        halved = s.tanh(_gelu_inner(s, x))
    else:
        halved = s.erf(_times(s, x, math.sqrt(0.5)))
    return s.mul(s.const(np.full(x.shape, 0.5)), s.add(s.const(np.ones(x.shape)), halved))


def _gelu_inner(s: Session, x: Value) -> Value:
    return _times(s, s.add(x, _times(s, s.mul(x, s.square(x)), 0.044715)), math.sqrt(2 / math.pi))


def _gelu(s: Session, x: Value, approximate: str) -> Value:
    return s.mul(x, _gelu_weight(s, x, approximate))


def _gelu_tangent(s: Session, x: Value, x_dot: Value, approximate: str) -> Value:
    one, half = s.const(np.ones(x.shape)), s.const(np.full(x.shape, 0.5))
    if approximate == "tanh":
        inside = s.add(one, _times(s, s.square(x), 3 * 0.044715))
        steep = s.mul(s.sub(one, s.square(s.tanh(_gelu_inner(s, x)))), inside)
        rest = s.mul(s.mul(half, x), _times(s, steep, math.sqrt(2 / math.pi)))
    else:
        rest = s.mul(x, _times(s, s.exp(s.mul(s.neg(half), s.square(x))), 1 / math.sqrt(2 * math.pi)))
    return s.mul(x_dot, s.add(_gelu_weight(s, x, approximate), rest))


def _times(s: Session, x: Value, c: float) -> Value:
    """A product with an irrational constant: two roundings more than the product's, for those of the constant."""
    return s.scale(s.scale(s.scale(x, c=c), c=1.0), c=1.0)


def _chosen_tangent(s: Session, _a: Value, _b: Value, a_dot: Value, b_dot: Value) -> Value:
    """Where a is chosen; elsewhere the difference is taken not at all or half, and less is rounded."""
    a_dot, b_dot = together(s, a_dot, b_dot)
    return s.add(b_dot, s.sub(a_dot, b_dot))


ORDERS: Mapping[tuple[str, str], tuple[Order, str]] = {
    ("sigmoid", "tangent"): (_sigmoid_slope, "ẋ (1 − y) y cancels where y is near 1"),
    ("sigmoid", "cotangent"): (_sigmoid_slope, "ȳ (1 − y) y cancels where y is near 1"),
    ("tanh", "tangent"): (_tanh_slope, "ẋ (1 − y²) cancels where |y| is near 1"),
    ("tanh", "cotangent"): (_tanh_slope, "ȳ (1 − y²) cancels where |y| is near 1"),
    ("nn.functional.gelu", "primal"): (_gelu, "½ (1 + erf) and ½ (1 + tanh) cancel where x is far below 0"),
    ("nn.functional.gelu", "tangent"): (_gelu_tangent, "½ (1 + erf) and ½ (1 + tanh) cancel where x is far below 0"),
    ("nn.functional.gelu", "cotangent"): (_gelu_tangent, "½ (1 + erf) and ½ (1 + tanh) cancel where x is far below 0"),
    ("maximum", "tangent"): (_chosen_tangent, "ḃ + [a > b] (ȧ − ḃ), where ours chooses"),
    ("minimum", "tangent"): (_chosen_tangent, "ḃ + [a < b] (ȧ − ḃ), where ours chooses"),
    ("cumprod", "tangent"): (_cumprod_tangent, "y times the running sum of ẋ/x, where ours multiplies on"),
}
"""Where PyTorch's value or derivative is another order of operations, which our bound does not cover: that order recorded with
our ops, whose tracked run gives the bound for it; and what it is."""


@cache
def mapped(operator: str) -> tuple[tuple[tuple[Sample, Session, Value], ...], Mapping[str, int]]:
    """The samples of an operator that are judged, recorded; and how many are not, by reason."""
    found, excluded = [], dict[str, int]()
    for sample in samples(operator, operator in POINTWISE):
        try:
            found.append((sample, *_recorded(operator, sample)))
        except Excluded as reason:
            excluded[str(reason)] = excluded.get(str(reason), 0) + 1
    return tuple(found), excluded


def _recorded(operator: str, sample: Sample) -> tuple[Session, Value]:
    sizes = sum(tensor.numel() for tensor in sample.tensors)
    if sizes > MOST_ENTRIES:
        raise Excluded(f"more than {MOST_ENTRIES} entries")
    session, out = sample.record(RECORDINGS[operator])
    if sizes + math.prod(out.shape) > MOST_ENTRIES:
        raise Excluded(f"more than {MOST_ENTRIES} entries")
    if 0 in out.shape:
        raise Excluded("an output without entries")
    return session, out


@cache
def witnessed() -> Mapping[str, Mapping[str, int]]:
    """By op of ours: in how many samples of which operators it is recorded."""
    found: dict[str, dict[str, int]] = {}
    for operator in RECORDINGS:
        for _sample, session, _out in mapped(operator)[0]:
            for op in {node.op for node in session.graph().nodes} - {"const"}:
                counts = found.setdefault(op, {})
                counts[operator] = counts.get(operator, 0) + 1
    return dict(sorted(found.items()))


NOWHERE: Mapping[str, str] = {
    "bernoulli_mask": "random by the contract's own counter",
    "const": "no operation: constants occur in many cases",
    "rand_uniform": "random by the contract's own counter",
    "safe_log": "neither ONNX nor PyTorch has it",
    "smooth_max_pool": "neither ONNX nor PyTorch has it",
    "smooth_max_pool2d": "neither ONNX nor PyTorch has it",
}
"""Ops of ours that no case of either side can witness, and why."""
