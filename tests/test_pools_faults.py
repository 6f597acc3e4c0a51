"""Wrong pools as people make them, the contract's faulty search first, are refuted; other right ones are proved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Proved, Refuted, RefutedReason, Verdict
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry
from backproof.spec.backprop import Semantics
from backproof.spec.convention import TORCHLEAN, Convention

POOL = {"kernel": (2, 2), "stride": (1, 1), "padding": (1, 1)}
WINDOW = {"kH": 2, "kW": 2, "stride": 2}


def verdict(op: str, shape: tuple[int, ...], part: Part, semantics: Semantics | None = None, **attributes: Any) -> Verdict:
    return RuleCheck(RuleInstance(op, (shape,), attributes), semantics or exact_semantics()).verdict(part)


# The faulty search of the contract's 1.2.a, as it is described there.


def argmax_of_rows(window: Any) -> tuple[int, int]:
    best = (0, 0)
    for row in range(window.shape[0]):
        standing, found = window[best], None
        for column in range(window.shape[1]):
            if window[row, column] > standing:
                found = column
        if found is not None:
            best = (row, found)
    return best


def cells_of_rows(x: Any, y: Any, kH: int, kW: int, stride: int) -> Iterator[tuple[Any, Any]]:
    for c, i, j in np.ndindex(*y.shape):
        u, v = argmax_of_rows(x[c, i * stride : i * stride + kH, j * stride : j * stride + kW])
        yield (c, i, j), (c, i * stride + u, j * stride + v)


def vjp_of_rows(y_bar: Any, y: Any, x: Any, kH: int, kW: int, stride: int) -> tuple[Any]:
    x_bar = np.zeros_like(x)
    for output, cell in cells_of_rows(x, y, kH, kW, stride):
        x_bar[cell] += y_bar[output]
    return (x_bar,)


def jvp_of_rows(x_dot: Any, y: Any, x: Any, kH: int, kW: int, stride: int) -> Any:
    y_dot = np.zeros_like(y)
    for output, cell in cells_of_rows(x, y, kH, kW, stride):
        y_dot[output] = x_dot[cell]
    return y_dot


def test_the_search_is_the_contracts() -> None:
    assert (0, 2) == argmax_of_rows(np.array([[1, 3, 2]]))
    assert (1, 1) == argmax_of_rows(np.array([[1, 2], [4, 3]]))
    assert (1, 1) == argmax_of_rows(np.array([[1, 2], [3, 3]]))
    assert (1, 2) == argmax_of_rows(np.arange(6).reshape(2, 3))


@pytest.mark.parametrize(("shape", "size"), [((1, 2, 2), (2, 2, 2)), ((2, 3, 4), (2, 3, 1)), ((1, 1, 3), (1, 3, 1))])
def test_a_search_row_by_row_is_refuted(replaced: Callable[..., None], shape: Any, size: Any) -> None:
    replaced("max_pool2d", vjp=vjp_of_rows, jvp=jvp_of_rows)
    attributes = dict(zip(("kH", "kW", "stride"), size, strict=True))
    assert isinstance(verdict("max_pool2d", shape, Part.FORWARD, **attributes), Proved)
    for part in (Part.VJP, Part.JVP):
        found = verdict("max_pool2d", shape, part, **attributes)
        assert isinstance(found, Refuted)
        assert found.reason is RefutedReason.WRONG
    assert not isinstance(verdict("max_pool2d", shape, Part.ADJOINT, **attributes), Refuted)


# Faults as people make them.


def flipped(kernel: Callable[..., Any]) -> Callable[..., Any]:
    """The kernel that meets every array back to front, so that the last of the largest wins."""

    def run(*arrays: Any, **attributes: Any) -> Any:
        result = kernel(*(np.flip(array) for array in arrays), **attributes)
        return tuple(map(np.flip, result)) if isinstance(result, tuple) else np.flip(result)

    return run


def shared_among_ties(y_bar: Any, y: Any, x: Any, axis: int) -> tuple[Any]:
    hits = np.where(x == np.expand_dims(y, axis), 1, 0)
    return (hits * np.expand_dims(y_bar, axis) / np.sum(hits, axis=axis, keepdims=True),)


def overwritten(y_bar: Any, y: Any, x: Any, kernel: Any, stride: Any, padding: Any) -> tuple[Any]:
    """`=` for `+=`: what overlapping windows gave before is lost."""
    x_bar = np.zeros_like(x)
    for c, o in np.ndindex(*y.shape):
        start = max(0, o * stride[0] - padding[0])
        row = x[c, start : o * stride[0] - padding[0] + kernel[0]]
        for k in range(row.shape[0]):
            hit = row[k] == y[c, o]
            for before in range(k):
                hit = hit & (row[before] != y[c, o])
            x_bar[c, start + k] = np.where(hit, y_bar[c, o], x_bar[c, start + k])
    return (x_bar,)


def test_the_last_winner_is_refuted_at_ties_alone(replaced: Callable[..., None]) -> None:
    entry = PRIMITIVES["max_pool2d"]
    replaced("max_pool2d", vjp=flipped(entry.vjp_kernel), jvp=flipped(entry.jvp_kernel))
    for part in (Part.VJP, Part.JVP):
        found = verdict("max_pool2d", (1, 2, 2), part, **WINDOW)
        assert isinstance(found, Refuted)
        assert found.reason is RefutedReason.KINK


def test_the_last_winner_is_right_by_a_convention_that_says_so(replaced: Callable[..., None]) -> None:
    entry = PRIMITIVES["max_pool2d"]
    replaced("max_pool2d", vjp=flipped(entry.vjp_kernel), jvp=flipped(entry.jvp_kernel))
    last = Convention("last", 1, dict(TORCHLEAN.weights) | {"max pool": Fraction(1)})
    for part in Part:
        assert isinstance(verdict("max_pool2d", (2, 2, 4), part, replace(exact_semantics(), convention=last), **WINDOW), Proved)


def test_ties_shared_are_refuted_at_ties_alone(replaced: Callable[..., None]) -> None:
    replaced("reduce_max", vjp=shared_among_ties)
    found = verdict("reduce_max", (3,), Part.VJP, axis=0)
    assert isinstance(found, Refuted)
    assert found.reason is RefutedReason.KINK


def test_a_gradient_lost_where_windows_overlap_is_refuted(replaced: Callable[..., None]) -> None:
    replaced("max_pool", vjp=overwritten)
    beside, over = ({"kernel": (2,), "stride": (s,), "padding": (0,)} for s in (2, 1))
    assert isinstance(verdict("max_pool", (2, 4), Part.VJP, **beside), Proved)
    found = verdict("max_pool", (2, 4), Part.VJP, **over)
    assert isinstance(found, Refuted)
    assert found.reason is RefutedReason.WRONG


def test_a_padded_zero_taken_as_a_cell_is_refuted(replaced: Callable[..., None]) -> None:
    shipped = PRIMITIVES["max_pool"].forward_kernel

    def forward(x: Any, kernel: Any, stride: Any, padding: Any) -> Any:
        padded = np.pad(x, [(0, 0), *((p, p) for p in padding)], constant_values=0)
        return shipped(padded, kernel, stride, (0,) * len(kernel))

    replaced("max_pool", forward=forward)
    assert isinstance(verdict("max_pool", (1, 3, 2), Part.FORWARD, **POOL), Refuted)


@pytest.mark.parametrize("least", [-1e30, -7.0])
def test_padding_with_a_number_however_small_is_refuted(replaced: Callable[..., None], least: float) -> None:
    shipped = PRIMITIVES["max_pool"].forward_kernel

    def forward(x: Any, kernel: Any, stride: Any, padding: Any) -> Any:
        padded = np.pad(x, [(0, 0), *((p, p) for p in padding)], constant_values=least)
        return shipped(padded, kernel, stride, (0,) * len(kernel))

    replaced("max_pool", forward=forward)
    assert not isinstance(verdict("max_pool", (1, 2, 2), Part.FORWARD, **POOL), Proved)
