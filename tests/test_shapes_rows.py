"""Kernels that join, merge and select rows: wrong ones are not proved at all shapes, other right ones are."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Decision, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import patterns
from backproof.spec.convention import TORCHLEAN

Kernel = Callable[..., Any]


def decided(op: str, part: Part, kernel: Kernel) -> Decision:
    """The part with this kernel, at two sides for a wildcard."""
    pattern = max(patterns(op), key=lambda each: (len(each.shapes[-1]) == 3, len(each.shapes[-1])))
    name = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}[part]
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **{name: kernel}))


def places_of(indices, count, size):
    asked = np.array(indices, dtype=np.intp)
    return np.where(asked < count, asked, size)


def zeros(x):
    return np.zeros_like(x, shape=(x.shape[0] + 1, x.shape[1]))


def padded(x):
    return np.concatenate((x, np.zeros_like(x, shape=(1, x.shape[1]))))


def accumulated(y_bar, x, indices):
    total = zeros(x)
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0]), y_bar)
    return total


def last_write_wins(y_bar, y, x, indices):
    total = zeros(x)
    total[places_of(indices, x.shape[0], x.shape[0])] = y_bar
    return (total[: x.shape[0]],)


def last_row_dropped(y_bar, y, x, indices):
    total = zeros(x)
    np.add.at(total, places_of(indices, x.shape[0] - 1, x.shape[0]), y_bar)
    return (total[: x.shape[0]],)


def offset_by_one(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[1:],)


def added_twice(y_bar, y, x, indices):
    total = zeros(x)
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0]), y_bar)
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0]), y_bar)
    return (total[: x.shape[0]],)


def copied_before(y_bar, y, x, indices):
    total = zeros(x)
    before = total.copy()
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0]), y_bar)
    return (before[: x.shape[0]],)


def summed_before(y_bar, y, x, indices):
    total = zeros(x)
    before = total + 0
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0]), y_bar)
    return (before[: x.shape[0]] + total[: x.shape[0]],)


def out_of_range(y_bar, y, x, indices):
    total = np.zeros_like(x)
    np.add.at(total, np.array(indices, dtype=np.intp), y_bar)
    return (total,)


def out_of_range_counts_as_last(y_bar, y, x, indices):
    total = np.zeros_like(x)
    np.add.at(total, places_of(indices, x.shape[0], x.shape[0] - 1), y_bar)
    return (total,)


def wrong_at_37(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[: x.shape[0]] * (2 if x.shape[0] == 37 else 1),)


def wrong_of_37_indices(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[: x.shape[0]] * (2 if y.shape[0] == 37 else 1),)


def by_length(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[: x.shape[0]] * (2 if len(indices) == 37 else 1),)


def by_an_index(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[: x.shape[0]] * (2 if indices[0] == 37 else 1),)


def by_a_large_index(y_bar, y, x, indices):
    large = np.where(np.array(indices, dtype=np.intp) < 37, 1, 2)
    return (accumulated(y_bar * np.expand_dims(large, 1), x, indices)[: x.shape[0]],)


def by_a_name_of_ours(y_bar, y, x, indices):
    return (accumulated(y_bar, x, indices)[: x.shape[0]] * (2 if x.shape[0] > 37 and indices.side else 1),)


GATHER = [
    last_write_wins, last_row_dropped, offset_by_one, added_twice, copied_before, summed_before, out_of_range,
    out_of_range_counts_as_last, wrong_at_37, wrong_of_37_indices, by_length, by_an_index, by_a_large_index, by_a_name_of_ours,
]  # fmt: skip


@pytest.mark.parametrize("vjp", GATHER, ids=lambda kernel: kernel.__name__)
def test_a_wrong_or_unreadable_vjp_of_a_gather_is_not_proved(vjp: Kernel) -> None:
    assert not isinstance(decided("gather_rows_ref", Part.VJP, vjp), Holds)


WRONG: list[tuple[str, Part, Kernel]] = [
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: x[np.array(indices, dtype=np.intp)]),
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: x[places_of(indices, x.shape[0], x.shape[0] - 1)]),
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: padded(x)[places_of(indices, x.shape[0], 0)]),
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: padded(x)[places_of(indices, x.shape[0] + 1, x.shape[0] + 1)]),
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: padded(x)[places_of(indices, 3, x.shape[0])]),
    ("gather_rows_ref", Part.FORWARD, lambda x, indices: padded(x)[places_of(indices, x.shape[0], -1)]),
    ("gather_rows_ref", Part.JVP, lambda t, y, x, indices: padded(x)[places_of(indices, x.shape[0], x.shape[0])]),
    ("concat_leading_axis", Part.FORWARD, lambda a, b: np.concatenate((b, a))),
    ("concat_leading_axis", Part.VJP, lambda g, y, a, b: (g[: b.shape[0]], g[b.shape[0] :])),
    ("concat_leading_axis", Part.VJP, lambda g, y, a, b: (g[: a.shape[0]], g[1 : b.shape[0] + 1])),
    ("concat_leading_axis", Part.VJP, lambda g, y, a, b: (g[b.shape[0] :], g[: b.shape[0]])),
    ("concat_leading_axis", Part.JVP, lambda s, t, y, a, b: np.concatenate((t, s))),
]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG)
def test_a_wrong_kernel_on_rows_is_not_proved(op: str, part: Part, kernel: Kernel) -> None:
    assert not isinstance(decided(op, part, kernel), Holds)


def merged(g, y, w, b, x):
    rows = math.prod(x.shape[:-1])
    return g.reshape((rows, w.shape[0])), x.reshape((rows, w.shape[1]))


def batch_not_summed(g, y, w, b, x):
    flat_bar, flat_x = merged(g, y, w, b, x)
    return flat_bar[:1].T @ flat_x[:1], flat_bar.sum(axis=0), g @ w


def last_row_left_out(g, y, w, b, x):
    flat_bar, flat_x = merged(g, y, w, b, x)
    return flat_bar.T @ flat_x, flat_bar[: flat_bar.shape[0] - 1].sum(axis=0), g @ w


def merged_in_another_order(g, y, w, b, x):
    flat_bar, flat_x = merged(np.transpose(g, (1, 0, 2)), y, w, b, x)
    return flat_bar.T @ flat_x, flat_bar.sum(axis=0), g @ w


def wrong_for_a_long_batch(g, y, w, b, x):
    flat_bar, flat_x = merged(g, y, w, b, x)
    return flat_bar.T @ flat_x, flat_bar.sum(axis=0) * (2 if flat_x.shape[0] > 1000 else 1), g @ w


LINEAR = [batch_not_summed, last_row_left_out, merged_in_another_order, wrong_for_a_long_batch]


@pytest.mark.parametrize("vjp", LINEAR, ids=lambda kernel: kernel.__name__)
def test_a_wrong_vjp_of_a_linear_map_on_a_batch_is_not_proved(vjp: Kernel) -> None:
    assert not isinstance(decided("linear", Part.VJP, vjp), Holds)


def merged_in_another_order_on_both_sides(g, y, w, b, x):
    flat_bar, flat_x = merged(np.transpose(g, (1, 0, 2)), y, w, b, np.transpose(x, (1, 0, 2)))
    return flat_bar.T @ flat_x, g.sum(axis=(0, 1)), g @ w


def test_other_right_ways_to_compute_on_rows_are_proved() -> None:
    assert isinstance(decided("linear", Part.VJP, merged_in_another_order_on_both_sides), Holds)
    twice = decided("gather_rows_ref", Part.VJP, lambda g, y, x, indices: (accumulated(g, x, indices)[: x.shape[0]] + 0,))
    assert isinstance(twice, Holds)
    halves = decided(
        "concat_leading_axis", Part.VJP, lambda g, y, a, b: (g[: a.shape[0]], g[y.shape[0] - b.shape[0] :])
    )
    assert isinstance(halves, Holds)
