"""Kernels of largest cells and running sums at all shapes: wrong ones are not proved, another right one is."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Decision, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.verdict import Proved, Refuted
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import primitive_of
from backproof.runtime.shapes import pools as shapes
from backproof.spec.convention import TORCHLEAN
from variants import at_instances


def slide(x: Any, size: Any, axis: int) -> Any:
    return np.lib.stride_tricks.sliding_window_view(x, size, axis=axis)


def decided(op: str, part: Part, kernel: Any) -> Decision:
    """The part with this kernel, at the pattern of most axes."""
    fitting = [each for each in patterns(op) if len(each.shapes[0]) <= 3]
    pattern = max(fitting, key=lambda each: (len(each.shapes[0]), str(each.attributes)))
    name = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}[part]
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **{name: kernel}))


def along_rows(change: Any) -> Any:
    """The VJP of max_pool along one axis, with the places changed on their way."""

    def vjp(y_bar: Any, y: Any, x: Any, kernel: Any, stride: Any, padding: Any) -> tuple[Any]:
        if 0 in y_bar.shape:
            return (np.zeros_like(x),)
        p = padding[0]
        windows = slide(np.pad(x, [(0, 0), (p, p)], constant_values=-np.inf), kernel[0], axis=1)[:, :: stride[0]]
        place = np.argmax(windows, axis=-1)

        def won(offset: Any) -> Any:
            cells = np.zeros_like(x, shape=(x.shape[0], x.shape[1] + 2 * p))
            cells[:, offset : offset + stride[0] * y_bar.shape[1] : stride[0]] = change(place, offset, y_bar)
            return cells

        return (sum(won(offset) for offset in range(kernel[0]))[:, p : p + x.shape[1]],)

    return vjp


def one_axis(vjp: Any) -> Decision:
    (pattern,) = (each for each in patterns("max_pool") if len(each.shapes[0]) == 2)
    return decide_all_shapes(replace(lemma("max_pool", Part.VJP, pattern, TORCHLEAN), vjp=vjp))


def test_the_pool_along_one_axis_is_proved_this_way_too() -> None:
    decision = one_axis(along_rows(lambda place, offset, y_bar: np.where(place == offset, y_bar, 0)))
    assert isinstance(decision, Holds)
    assert any("first of the largest" in ground for ground in decision.rests_on)


@pytest.mark.parametrize(
    "change",
    [
        lambda place, offset, y_bar: np.where(place == offset + 1, y_bar, 0),
        lambda place, offset, y_bar: np.where(place == 0, y_bar, 0),
        lambda place, offset, y_bar: np.where(place != offset, y_bar, 0),
        lambda place, offset, y_bar: np.where(place == offset, y_bar, 0) * (2 if y_bar.shape[1] > 1000 else 1),
        lambda place, offset, y_bar: y_bar,
    ],
)
def test_a_wrong_place_is_not_proved(change: Any) -> None:
    assert not isinstance(one_axis(along_rows(change)), Holds)


def flipped(kernel: Any, *, op: str) -> Any:
    """Every array back to front, so that the last of the largest wins."""
    shipped = getattr(primitive_of(op), kernel)
    if kernel == "vjp_kernel":
        return lambda g, y, x, axis: (np.flip(shipped(np.flip(g), np.flip(y), np.flip(x), axis)[0]),)
    return lambda t, y, x, axis: np.flip(shipped(np.flip(t), np.flip(y), np.flip(x), axis))


def shared(g: Any, y: Any, x: Any, axis: Any) -> tuple[Any]:
    hits = np.where(x == np.expand_dims(y, axis), 1, 0)
    return (hits * np.expand_dims(g, axis),)


def other_axis(g: Any, y: Any, x: Any, axis: Any) -> tuple[Any]:
    z = np.zeros_like(x)
    np.put_along_axis(z, np.argmax(-x, axis=axis, keepdims=True), np.expand_dims(g, axis), axis=axis)
    return (z,)


def by_the_least(of: Any) -> Any:
    """The VJP of reduce_max by the place of the least of something."""

    def vjp(g: Any, y: Any, x: Any, axis: Any) -> tuple[Any]:
        z = np.zeros_like(x)
        np.put_along_axis(z, np.argmin(of(x), axis=axis, keepdims=True), np.expand_dims(g, axis), axis=axis)
        return (z,)

    return vjp


def test_the_least_of_what_is_negated_is_the_largest(monkeypatch: pytest.MonkeyPatch) -> None:
    right, wrong = by_the_least(lambda x: -x), by_the_least(lambda x: x)
    assert isinstance(decided("reduce_max", Part.VJP, right), Holds)
    assert {Proved} == {type(each) for each in at_instances("reduce_max", "vjp", right, monkeypatch, [(2, 3)])}
    assert {Refuted} == {type(each) for each in at_instances("reduce_max", "vjp", wrong, monkeypatch, [(2, 3)])}


WRONG: list[tuple[str, Part, Any]] = [
    ("reduce_max", Part.FORWARD, lambda x, axis: -np.max(-x, axis=axis)),
    ("reduce_max", Part.FORWARD, lambda x, axis: np.max(x, axis=0)),
    ("reduce_max", Part.VJP, shared),
    ("reduce_max", Part.VJP, other_axis),
    ("reduce_max", Part.VJP, by_the_least(lambda x: x)),
    ("reduce_max", Part.VJP, flipped("vjp_kernel", op="reduce_max")),
    ("reduce_max", Part.JVP, flipped("jvp_kernel", op="reduce_max")),
    ("reduce_max", Part.JVP, lambda t, y, x, axis: np.max(t, axis=axis)),
    ("cumsum", Part.FORWARD, lambda x, axis: np.cumsum(x, axis=axis) - x),
    ("cumsum", Part.VJP, lambda g, y, x, axis: (np.cumsum(g, axis=axis),)),
    ("cumsum", Part.VJP, lambda g, y, x, axis: (np.flip(np.cumsum(np.flip(g, axis), axis=axis), axis) - g,)),
    ("cumsum", Part.JVP, lambda t, y, x, axis: np.flip(np.cumsum(np.flip(t, axis), axis=axis), axis)),
]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG)
def test_a_wrong_kernel_is_not_proved(op: str, part: Part, kernel: Any) -> None:
    assert not isinstance(decided(op, part, kernel), Holds)


def pooled(x: Any, kernel: Any, stride: Any, padding: Any, fill: Any) -> Any:
    for axis in (2, 1):
        edges = [(padding[k - 1], padding[k - 1]) if k == axis else (0, 0) for k in range(3)]
        windows = slide(np.pad(x, edges, constant_values=fill), kernel[axis - 1], axis=axis)
        x = np.max(windows[(slice(None),) * axis + (slice(None, None, stride[axis - 1]),)], axis=-1)
    return x


def one_where_none(y: Any) -> Any:
    return np.where(y > -np.inf, y, 1)


POOLS: list[tuple[str, Any]] = [
    ("max_pool", lambda x, kernel, stride, padding: pooled(x, kernel, stride, padding, 0)),
    ("max_pool", lambda x, kernel, stride, padding: pooled(x, kernel, stride, padding, -1e30)),
    ("max_pool", lambda x, kernel, stride, padding: pooled(x, kernel[::-1], stride, padding, -np.inf)),
    ("max_pool", lambda x, kernel, stride, padding: pooled(x, kernel, stride[::-1], padding, -np.inf)),
    ("max_pool2d", lambda x, kH, kW, stride: pooled(x, (kW, kH), (stride, stride), (0, 0), -np.inf)),
    ("max_pool2d", lambda x, kH, kW, stride: pooled(x, (kH, kW), (stride, kW), (0, 0), -np.inf)),
    ("max_pool2d_pad", lambda x, kH, kW, stride, padding: pooled(x, (kH, kW), (stride,) * 2, (padding,) * 2, -np.inf)),
    (
        "max_pool2d_pad",
        lambda x, kH, kW, stride, padding: one_where_none(pooled(x, (kH, kW), (stride,) * 2, (padding,) * 2, -np.inf)),
    ),
]


@pytest.mark.parametrize(("op", "kernel"), POOLS)
def test_a_wrong_pool_is_not_proved(op: str, kernel: Any) -> None:
    assert not isinstance(decided(op, Part.FORWARD, kernel), Holds)


def swapped(*pairs: tuple[int, int]) -> Any:
    """max_pool2d_pad with axes swapped, two at a time, while some cells may be none."""

    def kernel(x: Any, kH: Any, kW: Any, stride: Any, padding: Any) -> Any:
        sides = shapes.max_pool2d(x.shape, kH, kW, stride, padding)
        if 0 in sides:
            return np.zeros_like(x, shape=sides)
        y = pooled(x, (kH, kW), (stride, stride), (padding, padding), -np.inf)
        for one, other in pairs:
            y = np.swapaxes(y, one, other)
        return np.where(y > -np.inf, y, 0)

    return kernel


def test_swapped_axes_of_cells_that_may_be_none_are_known() -> None:
    there_and_back = swapped((0, 1), (1, 2), (0, 1), (0, -1))
    assert isinstance(decided("max_pool2d_pad", Part.FORWARD, there_and_back), Holds)


@pytest.mark.parametrize("pairs", [[(1, 2)], [(0, 1), (1, 2), (0, 1)], [(0, 1), (1, 2), (0, 2), (0, 1)]])
def test_axes_swapped_and_not_swapped_back_are_not_proved(pairs: Any) -> None:
    assert not isinstance(decided("max_pool2d_pad", Part.FORWARD, swapped(*pairs)), Holds)


def test_a_convention_that_gives_ties_to_another_than_the_first_is_not_proved() -> None:
    (pattern, *_) = patterns("reduce_max")
    claim = lemma("reduce_max", Part.VJP, pattern, TORCHLEAN)
    last = replace(claim, weights={**claim.weights, "reduce max": Fraction(1)})
    assert isinstance(decide_all_shapes(claim), Holds)
    assert not isinstance(decide_all_shapes(last), Holds)
