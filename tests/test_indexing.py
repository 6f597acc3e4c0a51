"""Ops by index: what they compute, and that kernels which lose, shift or double an index are refuted."""

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
from backproof.equivalence.rules.lemmas import lemma_verdict
from backproof.equivalence.rules.patterns import patterns
from backproof.runtime.primitive import ShapeMismatch, primitive_of
from backproof.runtime.session import Session
from backproof.spec.convention import TORCHLEAN

Kernel = Callable[..., Any]
PARTS = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}


def decided(op: str, part: Part, kernel: Kernel) -> Any:
    """What is decided at all shapes of a part with this kernel, at the last pattern of the op."""
    return decide_all_shapes(replace(lemma(op, part, patterns(op)[-1], TORCHLEAN), **{PARTS[part]: kernel}))


def is_refuted_at_an_instance(op: str, part: Part, kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(primitive_of(op), f"{PARTS[part]}_kernel", kernel)
    checks = (RuleCheck(rule, exact_semantics()) for rule in instances(op))
    return any(isinstance(check.verdict(claims.Part(part)), Refuted) for check in checks)


def zero_tangent(x_dot, y, x, index):
    return np.zeros_like(y)


def zero_tangents(x_dot, y, x, indices):
    return np.zeros_like(y)


def one_off(x, index):
    return x[index + 1, ...] if index + 1 < x.shape[0] else np.zeros_like(x, shape=x.shape[1:])


def last_left_out(x, index):
    return x[index, ...] if index + 1 < x.shape[0] else np.zeros_like(x, shape=x.shape[1:])


def the_last_instead(x, index):
    return x[min(index, x.shape[0] - 1), ...]


def counted_from_the_end(x, index):
    return x[index, ...] if index < x.shape[0] else x[-1, ...]


def everywhere(y_bar, y, x, index):
    return (np.zeros_like(x) + y_bar,)


def at_zero_too(y_bar, y, x, index):
    x_bar = np.zeros_like(x)
    x_bar[min(index, x.shape[0] - 1), ...] = y_bar
    return (x_bar,)


def places(indices, count, beyond):
    asked = np.array(indices, dtype=np.intp)
    return np.where(asked < count, asked, beyond)


def padded(x):
    return np.concatenate((x, np.zeros_like(x, shape=(1, *x.shape[1:]))))


def summed(y_bar, x, at):
    total = np.zeros_like(x, shape=(x.shape[0] + 1, *x.shape[1:]))
    np.add.at(total, at, y_bar)
    return total[: x.shape[0]]


def the_last_write_wins(y_bar, y, x, indices):
    total = np.zeros_like(x, shape=(x.shape[0] + 1, *x.shape[1:]))
    total[places(indices, x.shape[0], x.shape[0])] += y_bar
    return (total[: x.shape[0]],)


def each_index_one_off(y_bar, y, x, indices):
    total = np.zeros_like(x, shape=(x.shape[0] + 1, *x.shape[1:]))
    np.add.at(total, places(indices, x.shape[0], x.shape[0]), y_bar)
    return (total[1:],)


def the_last_index_lost(y_bar, y, x, indices):
    total = np.zeros_like(x, shape=(x.shape[0] + 1, *x.shape[1:]))
    np.add.at(total, places(indices, x.shape[0], x.shape[0])[: y.shape[0] - 1], y_bar[: y.shape[0] - 1])
    return (total[: x.shape[0]],)


def the_last_row_lost(y_bar, y, x, indices):
    return (summed(y_bar, x, places(indices, x.shape[0] - 1, x.shape[0])),)


def wrapped(y_bar, y, x, indices):
    """Out of range counts from the end."""
    return (summed(y_bar, x, places(indices, x.shape[0], x.shape[0] - 1)),)


def wrong_of_duplicates_alone(y_bar, y, x, indices):
    at = places(indices, x.shape[0], x.shape[0])
    share = summed(np.ones_like(y_bar), x, at)
    return (summed(y_bar, x, at) / np.maximum(share, 1),)


def at_the_last_of_all(x, indices):
    return x[places(indices, x.shape[0], x.shape[0] - 1)]


def at_the_first_index(x, indices):
    return padded(x)[places(indices[:1] * len(indices), x.shape[0], x.shape[0])]


WITHIN = ("gather_scalar", "gather_row")
ONE = ("gather_scalar_ref", "gather_scalar_nat", "gather_row_ref")
SEVERAL = ("gather_vec_ref", "gather_vec_nat", "gather_rows_ref", "gather_rows_nat")
WRONG: list[tuple[tuple[str, ...], Part, Kernel]] = [
    *((WITHIN, Part.FORWARD, kernel) for kernel in (one_off, last_left_out)),
    *((WITHIN, Part.VJP, kernel) for kernel in (everywhere,)),
    *((WITHIN, Part.JVP, kernel) for kernel in (zero_tangent,)),
    *((ONE, Part.JVP, kernel) for kernel in (zero_tangent,)),
    *((ONE, Part.FORWARD, kernel) for kernel in (one_off, last_left_out, the_last_instead, counted_from_the_end)),
    *((ONE, Part.VJP, kernel) for kernel in (everywhere, at_zero_too)),
    *((SEVERAL, Part.JVP, kernel) for kernel in (zero_tangents,)),
    *((SEVERAL, Part.FORWARD, kernel) for kernel in (at_the_last_of_all, at_the_first_index)),
    *((SEVERAL, Part.VJP, kernel) for kernel in (the_last_write_wins, each_index_one_off, the_last_index_lost)),
    *((SEVERAL, Part.VJP, kernel) for kernel in (the_last_row_lost, wrapped, wrong_of_duplicates_alone)),
]
FAULTS = [(op, part, kernel) for ops, part, kernel in WRONG for op in ops]


@pytest.mark.parametrize(("op", "part", "kernel"), FAULTS, ids=[f"{op} {kernel.__name__}" for op, _, kernel in FAULTS])
def test_a_wrong_kernel_by_index_is_refuted_and_not_proved(
    op: str, part: Part, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not isinstance(decided(op, part, kernel), Holds)
    assert is_refuted_at_an_instance(op, part, kernel, monkeypatch)


@pytest.mark.parametrize("op", ["gather_scalar_ref", "gather_row_ref", "gather_vec_ref", "gather_rows_ref"])
def test_a_tangent_that_is_always_zero_is_refuted_at_all_shapes(op: str) -> None:
    kernel = zero_tangent if op in ONE else zero_tangents
    assert isinstance(decided(op, Part.JVP, kernel), Fails)


@pytest.mark.parametrize("op", ["gather_row_ref", "gather_rows_ref", "gather_vec_nat"])
def test_what_is_refuted_at_all_shapes_is_replayed_at_the_sizes_and_naturals_found(
    op: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(primitive_of(op), "jvp_kernel", zero_tangent if op in ONE else zero_tangents)
    assert isinstance(lemma_verdict(op, claims.Part.JVP, patterns(op)[-1], TORCHLEAN), Refuted)


X = np.array([[1.0, 2.0], [3.0, 0.5], [-1.0, 4.0]])


def recorded(session: Session, op: str, indices: list[int]) -> tuple[Any, Any, Any]:
    """A leaf, the op of it by the first index or by all, and the naturals that it reads."""
    x = session.input(X if "row" in op else X[:, 0])
    several = "vec" in op or "rows" in op
    if op.endswith("_ref"):
        naturals = session.input_nat_vec(indices) if several else session.input_nat(indices[0])
    else:
        naturals = tuple(indices) if several else indices[0]
    return x, getattr(session, op)(x, naturals), naturals


def expected(op: str, indices: list[int]) -> Any:
    table = X if "row" in op else X[:, 0]
    rows = [table[i] if i < len(table) else np.zeros_like(table[0]) for i in indices]
    return np.array(rows) if "vec" in op or "rows" in op else rows[0]


@pytest.mark.parametrize("op", WITHIN)
def test_an_index_that_is_fixed_must_be_in_range(op: str) -> None:
    session = Session()
    x = session.input(X if "row" in op else X[:, 0])
    gathered = getattr(session, op)
    assert np.array_equal(X[2] if "row" in op else X[2, 0], session.get_value(gathered(x, 2)))
    for index in (3, -1):
        with pytest.raises(ShapeMismatch, match=f"index {index} of shape"):
            gathered(x, index)


@pytest.mark.parametrize("op", [*ONE, *SEVERAL])
@pytest.mark.parametrize("indices", [[1, 1, 0], [2, 0, 7], [7, 2, 2], [3, 2**53, 0]])
def test_a_gather_reads_what_is_there_and_zero_elsewhere(op: str, indices: list[int]) -> None:
    session = Session()
    x, y, _ = recorded(session, op, indices)
    assert np.array_equal(expected(op, indices), session.get_value(y))
    seed = np.cos(np.arange(session.get_value(y).size)).reshape(session.get_value(y).shape)
    x_bar = session.grad(session.backward_dense_all(y, seed), x)
    assert x_bar.sum() == pytest.approx((seed * (expected(op, indices) != 0)).sum(), rel=1e-15, abs=0)
    assert np.array_equal(expected(op, indices), session.jvp_leaf(y, x, session.get_value(x)))


@pytest.mark.parametrize("op", [op for op in (*ONE, *SEVERAL) if op.endswith("_ref")])
def test_a_natural_set_after_recording_changes_value_gradient_and_tangent(op: str) -> None:
    session = Session()
    x, y, naturals = recorded(session, op, [0, 0])
    session.relu(y)
    for indices in ([2, 2], [5, 1]):
        if op in ONE:
            session.set_nat(naturals, indices[0])
        else:
            session.set_nat_vec(naturals, indices)
        assert np.array_equal(expected(op, indices), session.get_value(y))
        x_bar = session.grad(session.backward_dense_all(y, np.ones(y.shape)), x)
        hit = [i for i in (indices if op in SEVERAL else indices[:1]) if i < 3]
        assert np.array_equal(np.bincount(hit, minlength=3), x_bar if x_bar.ndim == 1 else x_bar[:, 0])
        assert np.array_equal(expected(op, indices), session.jvp_leaf(y, x, session.get_value(x)))
