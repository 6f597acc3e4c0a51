"""The session's verbs on a small program: both dtypes, environment, op methods, constants, export."""

from __future__ import annotations

import inspect
import math
from pathlib import Path
from typing import Any

import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.references import referring
from backproof.equivalence.rules.instances import instances
from backproof.ir.exchange import read_case, write_case
from backproof.ir.graph import Dense, Leaf, NaturalRef, NaturalsRef, Node
from backproof.runtime.compile import compile_graph
from backproof.runtime.handles import Value
from backproof.runtime.primitive import PRIMITIVES, DomainError
from backproof.runtime.session import Session
from backproof.runtime.tape import Tape

MATRIX = np.array([[1.0, 2.0], [3.0, 0.5]])

def call(session: Session, op: str) -> Value:
    """Any op on positive values, at the largest instance at which its rule is checked that is not large."""
    if op == "const":
        session.relu(session.input(1.0))
        return session.const(MATRIX)
    rules = [rule for rule in instances(op) if not rule.is_large]
    rule = max(rules, key=lambda rule: [math.prod(shape) for shape in rule.shapes])
    kept, _ = referring(op, rule.attributes, ())
    handles = {NaturalRef: session.input_nat, NaturalsRef: session.input_nat_vec}
    given = {name: handles[type(value)](rule.attributes[name]) for name, value in kept.items() if type(value) in handles}
    inputs = [session.input(positive(shape)) for shape in rule.shapes]
    value: Value = getattr(session, op)(*inputs, **{**rule.attributes, **given})
    return value


def positive(shape: tuple[int, ...]) -> Any:
    return (np.arange(math.prod(shape)) % 7 / 4 + 0.5).reshape(shape)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("op", sorted(PRIMITIVES))
def test_every_op_keeps_the_dtype_of_its_session_and_its_tangents_and_cotangents_are_adjoint(op: str, dtype: Any) -> None:
    session = Session(dtype)
    out = call(session, op)
    leaves = session.graph().leaves
    y = session.get_value(out)
    y_bar = np.arange(1.0, y.size + 1).reshape(y.shape)
    cotangents = session.backward_dense_all(out, y_bar)
    x_dots = [np.cos(np.arange(1.0, math.prod(leaf.shape) + 1)).reshape(leaf.shape) for leaf in leaves]
    y_dot = session.jvp_dense_all(out, x_dots)
    assert {np.dtype(dtype)} == {array.dtype for array in (y, y_dot, *cotangents)}
    pairs = zip(x_dots, cotangents[: len(leaves)], strict=True)
    pulled = sum(float(np.sum(x_dot * x_bar)) for x_dot, x_bar in pairs)
    # A few hundred roundings of what is summed are more than these sums of a few products can lose.
    pairs = [*zip(x_dots, cotangents[: len(leaves)], strict=True), (y_dot, y_bar)]
    size = sum(float(np.sum(np.abs(one * other))) for one, other in pairs)
    assert abs(float(np.sum(y_dot * y_bar)) - pulled) <= 500 * np.finfo(dtype).eps * size


def test_an_op_is_a_method_with_the_parameters_of_its_kernel() -> None:
    session = Session()
    assert ["x", "lo", "hi"] == list(inspect.signature(session.clamp).parameters)
    assert "clamp" == session.clamp.__name__
    assert set(PRIMITIVES) <= set(dir(session))


def test_an_op_kept_over_a_reset_records_in_the_new_generation() -> None:
    session = Session()
    relu = session.relu
    session.reset_tape()
    relu(session.input(MATRIX))
    assert 1 == len(session.graph().nodes)


def test_changed_naturals_change_value_gradient_and_tangent_of_recorded_nodes() -> None:
    session = Session()
    rows, x = session.input_nat_vec([0, 0]), session.input(MATRIX)
    y = session.gather_rows_ref(x, rows)
    total = session.sum(y)
    session.set_nat_vec(rows, [1, 9])
    assert np.array_equal([MATRIX[1], [0, 0]], session.get_value(y))
    assert np.array_equal([[0, 0], [1, 1]], session.backward_scalar_dense_all(total)[x.id])
    assert 3.5 == session.jvp_scalar_leaf(total, x, MATRIX)


def test_the_domain_of_log_is_checked_again_when_naturals_have_changed() -> None:
    session = Session()
    rows, x = session.input_nat_vec([0]), session.input(MATRIX)
    y = session.log(session.gather_rows_ref(x, rows))
    session.set_nat_vec(rows, [2])
    with pytest.raises(DomainError, match="log was given an entry outside its domain"):
        session.get_value(y)
    session.set_nat_vec(rows, [0])
    assert np.array_equal(np.log(MATRIX[:1]), session.get_value(y))


def test_a_constant_is_a_frozen_leaf_before_the_first_op_and_a_node_after_it() -> None:
    session = Session()
    early = session.const([1.0])
    late = session.add(early, early) and session.const([2.0])
    graph = session.graph()
    assert (Leaf((1,), requires_grad=False),) == graph.leaves
    assert Node("const", (), (1,), {"value": Dense((1,), (2.0,))}) == graph.nodes[late.id - 1]


def test_what_goes_in_is_copied_and_what_comes_out_is_read_only() -> None:
    session, given = Session(), MATRIX.copy()
    x = session.input(given)
    y = session.add(x, x)
    given[:] = 0
    assert np.array_equal(2 * MATRIX, session.get_value(y))
    for array in (session.get_value(y), *session.backward_dense_all(y, MATRIX), session.jvp_leaf(y, x, MATRIX)):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_a_compiled_tape_is_the_users_own() -> None:
    session = Session()
    y = session.relu(session.input(MATRIX))
    tape = session.compile_tape()
    tape.refresh([-MATRIX])
    assert np.array_equal(np.zeros((2, 2)), tape.nodes[y.id].value)
    assert np.array_equal(MATRIX, session.get_value(y))


def test_an_exported_case_is_read_back_and_gives_the_same_gradient(tmp_path: Path) -> None:
    session = Session()
    rows, x = session.input_nat_vec([1, 0]), session.input(MATRIX, name="x")
    out = session.sum(session.mul(session.gather_rows_ref(x, rows), x))
    write_case(session.case(out, 1.0), tmp_path / "case.json")
    case = read_case(tmp_path / "case.json")
    assert NaturalsRef(0, 2) == case.graph.nodes[0].attributes["indices"]
    tape = compile_graph(case.graph, case.leaves, case.environment, Tape)
    expected = session.backward_scalar_dense_all(out)
    for ours, theirs in zip(expected, tape.backward_dense_from(case.seeds), strict=True):
        assert np.array_equal(ours, theirs)
