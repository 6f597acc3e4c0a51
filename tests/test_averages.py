"""Average pools: what they compute, what they refuse, and that no wrong kernel of one is proved at all shapes."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.verdict import Proved
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part as RulePart
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import primitive_of
from backproof.runtime.primitives.averages import _averaged as averaged
from backproof.runtime.primitives.averages import _shared as shared
from backproof.runtime.session import Session
from backproof.runtime.windows import cropped, padded, put, seen
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import definition_of


def slow_pool(x, kernel, stride, padding, reduce):
    """Window by window, from the cells with NaN around them."""
    cells = np.pad(x, [(0, 0)] + [(p, p) for p in padding], constant_values=np.nan)
    sides = []
    for n, k, s, p in zip(x.shape[1:], kernel, stride, padding, strict=True):
        sides.append((n + 2 * p - k) // s + 1 if n and p <= k // 2 and n + 2 * p >= k else 0)
    y = np.zeros((x.shape[0], *sides))
    for index in np.ndindex(*y.shape):
        c, *q = index
        y[index] = reduce(cells[(c, *(slice(i * s, i * s + k) for i, s, k in zip(q, stride, kernel, strict=True)))])
    return y


def test_an_average_pool_is_what_it_is_window_by_window() -> None:
    generator = random.Random(5)
    for _ in range(150):
        axes = generator.randint(1, 3)
        kernel, stride, sides, padding = (
            tuple(generator.randint(least, most) for _ in range(axes)) for least, most in ((1, 4), (1, 3), (0, 5), (0, 2))
        )
        x = np.array([generator.uniform(-2, 2) for _ in range(2 * math.prod(sides))]).reshape(2, *sides)
        expected = slow_pool(x, kernel, stride, padding, lambda window: np.nansum(window) / window.size)
        y = primitive_of("avg_pool").forward_kernel(x, kernel, stride, padding)
        attributes = {"kernel": kernel, "stride": stride, "padding": padding}
        assert expected.shape == y.shape == definition_of("avg_pool").infer_shape((x.shape,), attributes)
        assert y.shape == primitive_of("avg_pool").shape(x.shape, **attributes)
        assert np.allclose(expected, y)


@pytest.mark.parametrize("op", ["avg_pool", "avg_pool2d", "avg_pool2d_pad"])
def test_windows_that_do_not_move_are_refused(op: str) -> None:
    session = Session()
    x = session.input(np.ones((2, 3, 3)))
    shape = {"kernel": (1, 1)} if op == "avg_pool" else {"kH": 1, "kW": 1}
    pad = {"avg_pool": {"padding": (0, 0)}, "avg_pool2d": {}, "avg_pool2d_pad": {"padding": 0}}[op]
    with pytest.raises(Exception, match="at least 1") as fault:
        getattr(session, op)(x, stride=(1, 0) if op == "avg_pool" else 0, **shape, **pad)
    assert fault.value.code == "E-stride"


def divisor_without_padded_cells(x, kernel, stride, padding):
    counts = averaged(x, kernel, stride, padding, primitive_of("avg_pool").shape(x.shape, kernel, stride, padding)[1:])
    real = averaged(np.ones_like(x), kernel, stride, padding, counts.shape[1:])
    return counts / real


def divisor_of_one_side(x, kernel, stride, padding):
    counts = primitive_of("avg_pool").shape(x.shape, kernel, stride, padding)[1:]
    cells = padded(x, padding)
    return sum(seen(cells, kappa, stride, counts) for kappa in np.ndindex(*kernel)) / (kernel[0] * len(kernel))


def one_window_more(x, kernel, stride, padding):
    counts = tuple(-(-(n + 2 * p - k) // s) + 1 for n, k, s, p in zip(x.shape[1:], kernel, stride, padding, strict=True))
    return averaged(np.pad(x, [(0, 0), *[(0, s) for s in stride]]), kernel, stride, padding, counts)


@pytest.mark.parametrize("forward", [divisor_without_padded_cells, divisor_of_one_side, one_window_more])
@pytest.mark.parametrize("axes", [1, 2])
def test_a_wrong_average_is_refuted(forward: Any, axes: int) -> None:
    if (forward, axes) != (divisor_of_one_side, 1):
        assert isinstance(decided(Part.FORWARD, axes, forward=forward), Fails)


def decided(part: Part, axes: int, **kernels: Any) -> Any:
    (pattern,) = (each for each in patterns("avg_pool") if len(each.shapes[0]) - 1 == axes)
    return decide_all_shapes(replace(lemma("avg_pool", part, pattern, TORCHLEAN), **kernels))


def overwriting(y_bar, y, x, kernel, stride, padding):
    cells = np.zeros_like(padded(x, padding))
    for kappa in np.ndindex(*kernel):
        places = (slice(k, k + s * t, s) for k, s, t in zip(kappa, stride, y_bar.shape[1:], strict=True))
        cells[(slice(None), *places)] = y_bar / math.prod(kernel)
    return (cropped(cells, padding, x.shape[1:]),)


def repeating(y_bar, y, x, kernel, stride, padding):
    """Right where the stride is the window."""
    sides = tuple(n + 2 * p + k * n for n, k, p in zip(x.shape[1:], kernel, padding, strict=True))
    cells = sum(put(y_bar / math.prod(kernel), kappa, kernel, sides) for kappa in np.ndindex(*kernel))
    return (cropped(cells, padding, x.shape[1:]),)


def uncovered(y_bar, y, x, kernel, stride, padding):
    """Wrong where the last windows leave a cell out."""
    left = x.shape[1] + 2 * padding[0] - kernel[0] - stride[0] * (y_bar.shape[1] - 1)
    right = shared(y_bar, x, kernel, stride, padding)
    return (right + right if left > 0 else right,)


def late(y_bar, y, x, kernel, stride, padding):
    cells = sum(put(y_bar / math.prod(kernel), kappa, stride, padded(x, padding).shape[1:]) for kappa in np.ndindex(*kernel))
    return (cropped(cells, tuple(p - 1 if p > 0 else p for p in padding), x.shape[1:]),)


def far(y_bar, y, x, kernel, stride, padding):
    right = shared(y_bar, x, kernel, stride, padding)
    return (right + right if kernel[0] * stride[0] > 500 else right,)


@pytest.mark.parametrize("vjp", [overwriting, repeating, uncovered, late, far])
@pytest.mark.parametrize("axes", [1, 2])
def test_a_wrong_cotangent_is_not_proved(vjp: Any, axes: int) -> None:
    decision = decided(Part.VJP, axes, vjp=vjp)
    assert not isinstance(decision, Holds) if vjp is far else isinstance(decision, Fails)


def test_the_shipped_cotangent_is_proved() -> None:
    assert isinstance(decided(Part.VJP, 1), Holds)


@pytest.mark.parametrize("part", RulePart)
def test_windows_beyond_all_cells_average_to_the_number_0(part: RulePart) -> None:
    rule = RuleInstance("avg_pool2d_pad", ((2, 1, 3),), {"kH": 1, "kW": 2, "padding": 2, "stride": 2})
    assert isinstance(RuleCheck(rule, exact_semantics()).verdict(part), Proved)
