"""Rules wrong only at some shapes or only at some values: none is proved, and where a small case shows it, it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.lemmas import lemma_verdict
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import primitive_of
from backproof.spec.convention import TORCHLEAN


@dataclass(frozen=True)
class Fault:
    """A VJP kernel made of the right one; `shows` whether a small shape or value is enough to see what is wrong."""

    op: str
    wrong: Callable[..., Callable[..., Any]]
    shows: bool = True


def scaled(where: Callable[..., Any]) -> Callable[..., Callable[..., Any]]:
    """The first cotangent is doubled where a condition on shapes or attributes holds."""

    def made(right: Callable[..., Any]) -> Callable[..., Any]:
        def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
            first, *rest = right(y_bar, y, *inputs, **attributes)
            return (first * 2 if where(*inputs, **attributes) else first, *rest)

        return vjp

    return made


def masked(where: Callable[..., Any]) -> Callable[..., Callable[..., Any]]:
    """The first cotangent is 0 where a condition on values holds."""

    def made(right: Callable[..., Any]) -> Callable[..., Any]:
        def vjp(y_bar: Any, y: Any, *inputs: Any, **attributes: Any) -> Any:
            first, *rest = right(y_bar, y, *inputs, **attributes)
            return (np.where(where(*inputs), 0, first), *rest)

        return vjp

    return made


def times_itself_over_itself(right: Callable[..., Any]) -> Callable[..., Any]:
    def vjp(y_bar: Any, y: Any, a: Any, b: Any) -> Any:
        first, second = right(y_bar, y, a, b)
        return first * (a / a), second

    return vjp


def not_transposed(_right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda y_bar, y, a, b: (y_bar @ b, a @ y_bar)


def without_the_count(_right: Callable[..., Any]) -> Callable[..., Any]:
    return lambda y_bar, y, x, axis: (np.broadcast_to(np.expand_dims(y_bar, axis), x.shape),)


def by_the_stride(right: Callable[..., Any]) -> Callable[..., Any]:
    def vjp(y_bar: Any, y: Any, x: Any, kH: int, kW: int, stride: int) -> Any:
        return (right(y_bar, y, x, kH, kW, stride)[0] * (kH * kW) / (stride * stride),)

    return vjp


FAULTS = {
    "right only when square": Fault("matmul", not_transposed),
    "right at stride = window": Fault("avg_pool2d", by_the_stride),
    "right when a side is 1": Fault("reduce_mean", without_the_count),
    "right below 768": Fault("matmul", scaled(lambda a, b: a.shape[-1] >= 768), shows=False),
    "wrong only at n = 37": Fault("matmul", scaled(lambda a, b: a.shape[-1] == 37), shows=False),
    "wrong above 3": Fault("relu", masked(lambda x: x > 3)),
    "wrong at one corner": Fault("mul", masked(lambda a, b: (a > 1) & (b < -1))),
    "wrong where two inputs are equal": Fault("mul", masked(lambda a, b: a == b)),
    "off by x/x at 0": Fault("mul", times_itself_over_itself),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_rule_wrong_at_some_shapes_or_values_is_not_proved(name: str, record_property: Any) -> None:
    fault = FAULTS[name]
    entry = primitive_of(fault.op)
    kept = entry.vjp_kernel
    entry.vjp(fault.wrong(kept))
    try:
        lemmas = [lemma_verdict(fault.op, Part.VJP, pattern, TORCHLEAN) for pattern in patterns(fault.op)[:6]]
        checks = [RuleCheck(rule, exact_semantics()) for rule in instances(fault.op)]
        small = [check.verdict(Part.VJP) for check in checks]
    finally:
        entry.vjp(kept)
    assert not [verdict for verdict in lemmas if isinstance(verdict, verdicts.Proved)]
    refuted = [verdict for verdict in (*lemmas, *small) if isinstance(verdict, verdicts.Refuted)]
    assert bool(refuted) is fault.shows
    record_property("faults at some shapes or values", 1)
    record_property("faults at some shapes or values, proved for all shapes", 0)
    record_property("faults at some shapes or values, refuted with a case", fault.shows)
