"""Largest entries of windows and axes: shapes and kernels, at ties and at padding."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import ExactAlgebra, exact_semantics
from backproof.equivalence.kernel.verdict import Verdict
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import ShapeMismatch, StrideFault, primitive_of
from backproof.runtime.session import Session
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
from backproof.spec.backprop import Semantics
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch as SpecMismatch
from backproof.spec.definition import definition_of

POOL = {"kernel": (2, 2), "stride": (1, 1), "padding": (1, 1)}
WINDOW = {"kH": 2, "kW": 2, "stride": 2}


def verdict(op: str, shape: tuple[int, ...], part: Part, semantics: Semantics | None = None, **attributes: Any) -> Verdict:
    return RuleCheck(RuleInstance(op, (shape,), attributes), semantics or exact_semantics()).verdict(part)


def first_of(entries: list[tuple[float, Any]]) -> Any:
    """Where the first of the largest is, by one look at each."""
    best = entries[0]
    for entry in entries[1:]:
        if entry[0] > best[0]:
            best = entry
    return best[1]


def by_hand(x: Any, y_bar: Any, kernel: Any, stride: Any, padding: Any) -> tuple[Any, Any]:
    """Value and cotangent, window by window and cell by cell in row-major order."""
    y, x_bar = np.zeros(y_bar.shape), np.zeros(x.shape)
    for c, *window in np.ndindex(y_bar.shape):
        cells = []
        for offset in np.ndindex(*kernel):
            cell = tuple(o * s - p + k for o, s, p, k in zip(window, stride, padding, offset, strict=True))
            if all(0 <= i < side for i, side in zip(cell, x.shape[1:], strict=True)):
                cells.append((x[(c, *cell)], (c, *cell)))
        if cells:
            y[(c, *window)] = x[first_of(cells)]
            x_bar[first_of(cells)] += y_bar[(c, *window)]
    return y, x_bar


@pytest.mark.parametrize("kernel", [(1, 1), (2, 2), (3, 2), (2, 4)])
@pytest.mark.parametrize("stride", [(1, 1), (2, 1), (3, 2)])
@pytest.mark.parametrize("padding", [(0, 0), (1, 0), (1, 2)])
def test_the_kernels_do_what_a_walk_over_every_window_does(kernel: Any, stride: Any, padding: Any) -> None:
    stream = np.random.default_rng(7)
    for shape in ((2, 4, 5), (1, 2, 3), (3, 1, 6)):
        x = stream.integers(-3, 2, shape) / 2.0
        attributes = {"kernel": kernel, "stride": stride, "padding": padding}
        pool = primitive_of("max_pool")
        sides = pool.shape(shape, **attributes)
        y_bar = stream.integers(-4, 5, sides) / 4.0
        y, x_bar = by_hand(x, y_bar, kernel, stride, padding)
        assert np.array_equal(y, pool.forward_kernel(x, **attributes))
        assert np.array_equal(x_bar, pool.vjp_kernel(y_bar, y, x, **attributes)[0])
        x_dot = stream.integers(-4, 5, shape) / 4.0
        assert np.sum(x_bar * x_dot) == np.sum(y_bar * pool.jvp_kernel(x_dot, y, x, **attributes))


def test_a_window_without_a_real_cell_is_zero_and_gives_nothing() -> None:
    pool, x = primitive_of("max_pool2d_pad"), -np.ones((1, 1, 2))
    attributes = {"kH": 2, "kW": 2, "stride": 2, "padding": 2}
    y = pool.forward_kernel(x, **attributes)
    assert np.array_equal([[[0, 0, 0], [0, -1, 0]]], y)
    assert np.array_equal([[[1, 0]]], pool.vjp_kernel(np.ones(y.shape), y, x, **attributes)[0])
    assert np.array_equal([[[0, 0, 0], [0, 5, 0]]], pool.jvp_kernel(np.full(x.shape, 5.0), y, x, **attributes))


def test_axis_by_axis_is_row_major_order() -> None:
    """The formula against the definition in words, at every tie of a 2 by 3 window."""
    definition = definition_of("max_pool2d")
    instance = Semantics(TORCHLEAN, ExactAlgebra()).instance("max_pool2d", [(1, 2, 3)], {"kH": 2, "kW": 3, "stride": 1})
    slopes = [instance.vjp[0][index] for index in itertools.product((0,), (0, 1), (0, 1, 2))]
    symbols = sorted(instance.forward[0, 0, 0].free_symbols, key=lambda symbol: symbol.name)
    seed = next(iter(slopes[0].free_symbols - set(symbols)))
    algebra = exact_semantics()
    for values in itertools.product((0, 1), repeat=6):
        known = dict(zip(symbols, values, strict=True)) | {seed: 1}
        winners = [place for place, slope in enumerate(slopes) if _value(slope, known, algebra) == 1]
        assert [values.index(max(values))] == winners
    assert definition.kinks != "none"


def _value(expression: Any, known: Any, semantics: Semantics) -> Any:
    from backproof.spec.evaluate import Evaluation

    algebra = semantics.algebra
    return Evaluation({name: algebra.number(Fraction(value)) for name, value in known.items()}, algebra).value(expression).value


def test_a_stride_of_zero_is_an_error() -> None:
    for op, attributes in (
        ("max_pool2d", {"kH": 2, "kW": 2, "stride": 0}),
        ("max_pool2d_pad", {"kH": 2, "kW": 2, "stride": 0, "padding": 1}),
        ("max_pool", {"kernel": (2, 2), "stride": (1, 0), "padding": (0, 0)}),
    ):
        with pytest.raises(StrideFault) as fault:
            primitive_of(op).shape((1, 4, 4), **attributes)
        assert fault.value.code == "E-stride"
        with pytest.raises(SpecMismatch, match="apart"):
            definition_of(op).infer_shape([(1, 4, 4)], attributes)
        session = Session()
        x = session.input(np.zeros((1, 4, 4)))
        with pytest.raises(Exception, match="apart"):
            getattr(session, op)(x, **attributes)


@pytest.mark.parametrize("wrong", [{"kH": 0}, {"kW": 0}, {"padding": -1}])
def test_an_empty_window_and_padding_below_zero_are_errors(wrong: dict[str, int]) -> None:
    attributes = {"kH": 2, "kW": 2, "stride": 1, "padding": 1} | wrong
    with pytest.raises(ShapeMismatch):
        primitive_of("max_pool2d_pad").shape((1, 4, 4), **attributes)
    with pytest.raises(SpecMismatch):
        definition_of("max_pool2d_pad").infer_shape([(1, 4, 4)], attributes)


@pytest.mark.parametrize("n", range(5))
@pytest.mark.parametrize("k", range(1, 5))
@pytest.mark.parametrize("p", range(4))
def test_both_sides_count_windows_alike(n: int, k: int, p: int) -> None:
    for s in (1, 2, 3):
        attributes = {"kernel": (k,), "stride": (s,), "padding": (p,)}
        ours = primitive_of("max_pool").shape((2, n), **attributes)
        assert ours == definition_of("max_pool").infer_shape([(2, n)], attributes)
        counted = 0 if n == 0 or p > k // 2 else len(range(-p, n + p - k + 1, s))
        assert ours == (2, counted)
