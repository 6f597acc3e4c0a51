"""Ops along any one axis: what they compute, and that kernels which lose, shift or double an index are refuted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.verdict import Refuted
from backproof.equivalence.rules import claims
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.patterns import RANKS, patterns
from backproof.runtime.primitive import PRIMITIVES, ShapeMismatch, primitive_of
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import DEFINITIONS
from backproof.spec.definition import ShapeMismatch as SpecMismatch

Kernel = Callable[..., Any]
PARTS = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}


def along(axis, key):
    return (*[slice(None)] * axis, key, ...)


def places(indices):
    return np.array(indices, dtype=np.intp)


def summed(v, x, axis, at):
    total = np.zeros_like(np.moveaxis(x, axis, 0))
    np.add.at(total, at, np.moveaxis(v, axis, 0))
    return np.moveaxis(total, 0, axis)


def one_place_on(x, axis, index):
    return x[along(axis, min(index + 1, x.shape[axis] - 1))]


def of_another_axis(x, axis, index):
    return x[along(axis, index)] if axis == 0 or x.shape[0] != x.shape[1] else x[along(axis - 1, index)]


def on_all_places(y_bar, y, x, axis, index):
    return (np.zeros_like(x) + np.expand_dims(y_bar, axis),)


def of_the_first_index(x, axis, indices):
    return np.take(x, places(indices[:1] * len(indices)), axis=axis)


def the_last_write_wins(y_bar, y, x, axis, indices):
    total = np.zeros_like(np.moveaxis(x, axis, 0))
    total[places(indices)] += np.moveaxis(y_bar, axis, 0)
    return (np.moveaxis(total, 0, axis),)


def the_last_index_lost(y_bar, y, x, axis, indices):
    last = y.shape[axis] - 1
    return (summed(y_bar[along(axis, slice(None, last))], x, axis, places(indices)[:last]),)


def not_moved_back(y_bar, y, x, axis, indices):
    total = np.zeros_like(np.moveaxis(x, axis, 0))
    np.add.at(total, places(indices), np.moveaxis(y_bar, axis, 0))
    return (total.reshape(x.shape),)


def averaged_over_duplicates(y_bar, y, x, axis, indices):
    at = places(indices)
    return (summed(y_bar, x, axis, at) / np.maximum(summed(np.ones_like(y_bar), x, axis, at), 1),)


def no_tangent(x_dot, y, x, axis, indices):
    return np.zeros_like(y)


def duplicates_lost(x, v, axis, indices):
    total = np.moveaxis(x, axis, 0).copy()
    total[places(indices)] += np.moveaxis(v, axis, 0)
    return np.moveaxis(total, 0, axis)


def what_was_there_lost(x, v, axis, indices):
    return summed(v, x, axis, places(indices))


def the_whole_of_v(y_bar, y, x, v, axis, indices):
    return y_bar, np.take(y_bar, places(indices[:1] * len(indices)), axis=axis)


def the_tangent_of_v_lost(x_dot, v_dot, y, x, v, axis, indices):
    return x_dot


def one_place_later(x, v, axis, start):
    stop = min(start + v.shape[axis] + 1, x.shape[axis])
    first = stop - v.shape[axis]
    return np.concatenate((x[along(axis, slice(None, first))], v, x[along(axis, slice(stop, None))]), axis=axis)


def at_the_start_always(x, v, axis, start):
    return np.concatenate((v, x[along(axis, slice(v.shape[axis], None))]), axis=axis)


def still_of_what_was_replaced(y_bar, y, x, v, axis, start):
    return y_bar, y_bar[along(axis, slice(start, start + v.shape[axis]))]


def added_and_not_assigned(x_dot, v_dot, y, x, v, axis, start):
    before, after = x[along(axis, slice(None, start))], x[along(axis, slice(start + v.shape[axis], None))]
    return x_dot + np.concatenate((np.zeros_like(before), v_dot, np.zeros_like(after)), axis=axis)


def beyond_the_table(y_bar, y, table, indices):
    total = np.zeros_like(table, shape=(table.shape[0] + 1, table.shape[1]))
    np.add.at(total, places(indices), y_bar)
    return (total[1:],)


def of_no_duplicates(y_bar, y, table, indices):
    total = np.zeros_like(table)
    total[places(indices)] = y_bar
    return (total,)


WRONG: list[tuple[str, Part, Kernel]] = [
    *(("select", Part.FORWARD, kernel) for kernel in (one_place_on, of_another_axis)),
    ("select", Part.VJP, on_all_places),
    ("index_select", Part.FORWARD, of_the_first_index),
    *(("index_select", Part.VJP, kernel) for kernel in (the_last_write_wins, the_last_index_lost, not_moved_back)),
    ("index_select", Part.VJP, averaged_over_duplicates),
    ("index_select", Part.JVP, no_tangent),
    *(("scatter_add", Part.FORWARD, kernel) for kernel in (duplicates_lost, what_was_there_lost)),
    ("scatter_add", Part.VJP, the_whole_of_v),
    ("scatter_add", Part.JVP, the_tangent_of_v_lost),
    *(("slice_assign", Part.FORWARD, kernel) for kernel in (one_place_later, at_the_start_always)),
    ("slice_assign", Part.VJP, still_of_what_was_replaced),
    ("slice_assign", Part.JVP, added_and_not_assigned),
    *(("embedding", Part.VJP, kernel) for kernel in (beyond_the_table, of_no_duplicates)),
]


@pytest.mark.parametrize(("op", "part", "kernel"), WRONG, ids=[kernel.__name__ for _, _, kernel in WRONG])
def test_a_wrong_kernel_along_an_axis_is_refuted_and_not_proved(
    op: str, part: Part, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    decisions = []
    for pattern in patterns(op):
        if op == "embedding" or (2, 1) == (len(pattern.shapes[0]), dict(pattern.attributes)["axis"]):
            claim = replace(lemma(op, part, pattern, TORCHLEAN), **{PARTS[part]: kernel})
            decisions.append(decide_all_shapes(claim))
    assert decisions
    assert not any(isinstance(decision, Holds) for decision in decisions)
    monkeypatch.setattr(primitive_of(op), f"{PARTS[part]}_kernel", kernel)
    checks = (RuleCheck(rule, exact_semantics()) for rule in instances(op))
    # No instance of an op of any rank is square; all shapes are.
    refuted = any(isinstance(check.verdict(claims.Part(part)), Refuted) for check in checks)
    assert refuted or any(isinstance(decision, Fails) for decision in decisions)


@pytest.mark.parametrize("op", ["select", "index_select", "scatter_add", "slice_assign"])
def test_there_is_a_pattern_for_each_axis_of_each_rank(op: str) -> None:
    found = {(len(pattern.shapes[0]), dict(pattern.attributes)["axis"]) for pattern in patterns(op)}
    assert {(rank, axis) for rank in RANKS for axis in range(rank)} == found


def other_right_kernel(y_bar, y, x, axis, index):
    return (np.concatenate((
        np.zeros_like(x)[along(axis, slice(None, index))],
        np.expand_dims(y_bar, axis),
        np.zeros_like(x)[along(axis, slice(index + 1, None))],
    ), axis=axis),)  # fmt: skip


def test_another_right_kernel_is_proved() -> None:
    for pattern in patterns("select")[:6]:
        assert isinstance(decide_all_shapes(replace(lemma("select", Part.VJP, pattern, TORCHLEAN), vjp=other_right_kernel)), Holds)


REFUSED: list[tuple[str, list[tuple[int, ...]], dict[str, Any]]] = [
    ("select", [(2, 3)], {"axis": 2, "index": 0}),
    ("select", [(2, 3)], {"axis": -1, "index": 0}),
    ("select", [(2, 3)], {"axis": 1, "index": 3}),
    ("select", [(2, 3)], {"axis": 1, "index": -1}),
    ("index_select", [(2, 3)], {"axis": 1, "indices": (0, 3)}),
    ("index_select", [(2, 3)], {"axis": 1, "indices": (0, -1)}),
    ("index_select", [()], {"axis": 0, "indices": ()}),
    ("embedding", [(2, 3)], {"indices": (2,)}),
    ("embedding", [(2,)], {"indices": (0,)}),
    ("scatter_add", [(2, 3), (2, 2)], {"axis": 1, "indices": (0, 1, 2)}),
    ("scatter_add", [(2, 3), (2, 2)], {"axis": 1, "indices": (0, 3)}),
    ("scatter_add", [(2, 3), (1, 2)], {"axis": 1, "indices": (0, 1)}),
    ("scatter_add", [(2, 3), (3,)], {"axis": 1, "indices": (0, 1, 2)}),
    ("slice_assign", [(2, 3), (2, 2)], {"axis": 1, "start": 2}),
    ("slice_assign", [(2, 3), (2, 2)], {"axis": 1, "start": -1}),
    ("slice_assign", [(2, 3), (1, 2)], {"axis": 1, "start": 0}),
    ("slice_assign", [(2, 3), (2,)], {"axis": 1, "start": 0}),
    ("scatter_add_vec", [(2,), (1,)], {"index": 0}),
    ("scatter_add_vec", [(2,), ()], {"index": 2}),
    ("scatter_add_row", [(2, 3), (2,)], {"index": 0}),
]


@pytest.mark.parametrize(("op", "shapes", "attributes"), REFUSED)
def test_what_does_not_fit_is_refused_by_the_spec_and_by_the_runtime(
    op: str, shapes: list[tuple[int, ...]], attributes: dict[str, Any]
) -> None:
    with pytest.raises(ShapeMismatch, match=r"\S"):
        PRIMITIVES[op].shape(*shapes, **attributes)
    with pytest.raises(SpecMismatch, match=r"\S"):
        DEFINITIONS[op].infer_shape(shapes, attributes)
