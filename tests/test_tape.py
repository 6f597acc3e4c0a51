"""The tape's entry points: what each visits, returns and refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import backproof.runtime.primitives  # noqa: F401 - fills the registry
import numpy as np
import pytest
from backproof.runtime.forward_mode import jvp_dense
from backproof.runtime.primitive import DomainError, Primitive, RuntimeFault, primitive_of
from backproof.runtime.tape import Tape, TapeError, TapeNode, emit_nothing
from hypothesis import given
from hypothesis import strategies as st

X = np.array([3.0, -2.0])
ONES = np.ones(2)

VISITED_ON_ZEROS = ["add", "mul", "tanh", "relu", "sub", "abs", "exp", "detach", "max"]
"""Ops of one or two operands whose VJP maps a zero cotangent to zeros at finite values."""


def record(tape: Tape, op: str, *parents: int, **attributes: Any) -> int:
    return tape.record(primitive_of(op), parents, attributes)


@st.composite
def tapes(draw: st.DrawFn) -> Tape:
    """Up to ten nodes on three leaves, one of them frozen, with sharing, dead ends and the same parent twice."""
    tape = Tape()
    for frozen in (False, True, False):
        tape.leaf(np.array(draw(st.tuples(*[st.floats(-1, 1)] * 2))), requires_grad=not frozen)
    for _ in range(draw(st.integers(1, 10))):
        op = draw(st.sampled_from(VISITED_ON_ZEROS))
        operands = 2 if op in ("add", "mul", "sub", "max") else 1
        record(tape, op, *(draw(st.integers(0, len(tape) - 1)) for _ in range(operands)))
    return tape


@given(tape=tapes(), data=st.data())
def test_the_sparse_and_the_full_sweep_agree_where_zeros_are_mapped_to_zeros(tape: Tape, data: st.DataObject) -> None:
    out = data.draw(st.integers(0, len(tape) - 1))
    seeds = [ONES if place == out else np.zeros(2) for place in range(len(tape))]
    full, sparse = tape.backward_dense_from(seeds), tape.backward_dense(out, ONES)
    for everywhere, filled, reached in zip(full, tape.backward_dense_all(out, ONES), sparse, strict=True):
        assert np.array_equal(everywhere, filled)
        assert np.array_equal(everywhere, np.zeros(2) if reached is None else reached)
    assert {place for place, reached in enumerate(sparse) if reached is not None} == set(tape.backward(out, ONES))


def test_the_sweeps_differ_where_a_vjp_does_not_map_zero_to_zero() -> None:
    tape = Tape()
    x, zero = tape.leaf(ONES), tape.leaf(np.zeros(2))
    y = record(tape, "scale", x, c=2.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        record(tape, "div", x, zero)
        seeds = [np.zeros(2), np.zeros(2), ONES, np.zeros(2)]
        assert np.isnan(tape.backward_dense_from(seeds)[x]).all()
    assert np.array_equal([2.0, 2.0], tape.backward_dense_all(y, ONES)[x])


def test_only_what_the_output_depends_on_has_a_cotangent_in_the_sparse_sweep() -> None:
    tape = Tape()
    x, other = tape.leaf(X), tape.leaf(X)
    y = record(tape, "mul", x, x)
    record(tape, "add", y, other)
    x_bar, other_bar, y_bar, dead_bar = tape.backward_dense(y, ONES)
    assert np.array_equal(2 * X, x_bar)
    assert np.array_equal(ONES, y_bar)
    assert (None, None) == (other_bar, dead_bar)


def test_a_frozen_leaf_takes_nothing_and_keeps_its_seed() -> None:
    tape = Tape()
    x = tape.leaf(X, requires_grad=False)
    y = record(tape, "mul", x, x)
    assert tape.backward_dense(y, ONES)[x] is None
    assert np.array_equal(np.zeros(2), tape.backward_dense_all(y, ONES)[x])
    assert np.array_equal(X, tape.backward(x, X)[x])
    wrong_shape_is_not_looked_at = np.ones(7)
    assert wrong_shape_is_not_looked_at is tape.backward_dense_from([wrong_shape_is_not_looked_at, ONES])[x]


def test_a_refresh_computes_all_values_and_cotangents_again() -> None:
    tape = Tape()
    x = tape.leaf(X)
    y = record(tape, "mul", x, x)
    tape.refresh([10 * X])
    assert np.array_equal(100 * X * X, tape.nodes[y].value)
    assert np.array_equal(20 * X, tape.backward(y, ONES)[x])


def test_a_refresh_outside_a_domain_changes_nothing() -> None:
    tape = Tape()
    x = tape.leaf(ONES)
    y = record(tape, "log", x)
    with pytest.raises(DomainError, match="log was given an entry outside its domain"):
        tape.refresh([X])
    assert np.array_equal([0.0, 0.0], tape.nodes[y].value)
    assert np.array_equal(ONES, tape.nodes[x].value)


def test_the_gradient_of_a_scalar_starts_from_one() -> None:
    tape = Tape()
    x = tape.leaf(X)
    assert np.array_equal(ONES, tape.backward_scalar(record(tape, "sum", x))[x])


def custom(emitted: list[tuple[int, Any]]) -> Tape:
    tape = Tape()
    tape.leaf(X)
    tape.add_node(TapeNode(X, requires_grad=True, parents=(), backward=lambda _y_bar: emitted))
    return tape


def one_value() -> Tape:
    tape = Tape()
    tape.leaf(X)
    return tape


def gives_one_cotangent_too_many() -> Any:
    tape = one_value()
    faulty = Primitive("faulty", lambda x: x)
    faulty.forward(lambda x: x)
    faulty.vjp(lambda y_bar, y, x: (y_bar, y_bar))
    tape.record(faulty, (0,), {})
    return tape.backward(1, ONES)


PROVOKED: list[tuple[str, Callable[[], Any]]] = [
    ("E-value-id", lambda: record(one_value(), "relu", 1)),
    ("E-value-id", lambda: record(one_value(), "relu", -1)),
    ("E-out-id", lambda: one_value().backward_dense(1, ONES)),
    ("E-out-id", lambda: one_value().backward_scalar(-1)),
    ("E-seed-shape", lambda: one_value().backward_dense_all(0, np.ones(3))),
    ("E-seed-shape", lambda: one_value().backward_scalar(0)),
    ("E-g0-length", lambda: one_value().backward_dense_from([])),
    ("E-g0-shape", lambda: one_value().backward_dense_from([np.ones(3)])),
    ("E-contrib-id", lambda: custom([(2, ONES)]).backward(1, ONES)),
    ("E-contrib-id", lambda: custom([(-1, ONES)]).backward_dense_from([ONES, ONES])),
    ("E-contrib-shape", lambda: custom([(0, np.ones(3))]).backward(1, ONES)),
    ("E-contrib-count", gives_one_cotangent_too_many),
    ("E-refresh", lambda: one_value().refresh([])),
    ("E-refresh", lambda: one_value().refresh([np.ones(3)])),
    ("E-refresh", lambda: custom([]).refresh([X])),
    ("E-jvp-eager", lambda: jvp_dense(custom([]), [X])),
]


@pytest.mark.parametrize(("code", "use"), PROVOKED, ids=[f"{n} {code}" for n, (code, _) in enumerate(PROVOKED)])
def test_a_wrong_use_is_refused_with_its_code_in_one_line(code: str, use: Callable[[], Any]) -> None:
    with pytest.raises(TapeError, match=r"\S") as refused:
        use()
    assert code == refused.value.code
    assert "\n" not in str(refused.value)


def test_a_record_that_fails_leaves_the_tape_as_it_was() -> None:
    tape = one_value()
    for op in ("log", "matmul"):
        with pytest.raises(RuntimeFault, match=op):
            record(tape, op, *[0] * (1 + (op == "matmul")))
    assert 1 == len(tape)


def test_every_code_that_only_a_tape_raises_is_documented_and_provoked() -> None:
    page = (Path(__file__).parents[1] / "docs" / "session.md").read_text(encoding="utf-8")
    of_a_tape = page.split("A `Tape` used directly also raises:")[1].split("## ")[0]
    provoked = {code for code, _ in PROVOKED} - {"E-out-id", "E-seed-shape"}  # these two a session raises as well
    assert provoked == set(re.findall(r"\| (E-[a-z0-9-]+) \|", of_a_tape))


def test_a_leaf_emits_nothing() -> None:
    assert () == emit_nothing(ONES)


def test_a_pass_leaves_the_lists_it_is_given_as_they_were() -> None:
    tape = one_value()
    tape.record(primitive_of("exp"), (0,), {})
    seeds, tangents = [ONES, ONES], [ONES]
    tape.backward_dense_from(seeds)
    jvp_dense(tape, tangents)
    assert (2, 1) == (len(seeds), len(tangents))
    assert all(each is ONES for each in (*seeds, *tangents))
