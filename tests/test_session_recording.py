"""What a session has recorded: each op is run once, references name their own naturals, and no handle passes for another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from backproof.ir.graph import NaturalRef, NaturalsRef
from backproof.runtime.handles import SessionError
from backproof.runtime.primitive import PRIMITIVES, Array, primitive
from backproof.runtime.session import Session

MATRIX = np.array([[1.0, -2.0], [0.5, 2.0], [3.0, 4.0]])


@pytest.fixture
def counted() -> Iterator[list[Array]]:
    """An op that keeps what it is run on."""

    @primitive("counted", shape=lambda x: x)
    def forward(x: Array) -> Array:
        runs.append(x)
        return x + 1.0

    runs: list[Array] = []
    yield runs
    del PRIMITIVES["counted"]


def test_each_op_is_run_once_while_it_is_recorded_and_read(counted: list[Array]) -> None:
    session = Session()
    value = session.input(MATRIX)
    for _ in range(5):
        value = session.counted(value)
    assert np.array_equal(MATRIX + 5.0, session.get_value(value))
    assert 5 == len(counted)


def test_changed_naturals_run_each_op_again_once(counted: list[Array]) -> None:
    session = Session()
    natural, x = session.input_nat(1), session.input(MATRIX)
    row = session.counted(session.gather_row_ref(x, natural))
    session.set_nat(natural, 2)
    assert np.array_equal(MATRIX[2] + 1.0, session.get_value(row))
    assert np.array_equal(MATRIX[2] + 1.0, session.get_value(row))
    assert 2 == len(counted)


def test_a_graph_that_was_handed_out_does_not_grow() -> None:
    session = Session()
    x = session.input(MATRIX)
    session.relu(x)
    graph = session.graph()
    session.relu(x)
    assert (1, 2) == (len(graph.nodes), len(session.graph().nodes))
    assert (tuple, tuple) == (type(graph.nodes), type(graph.leaves))


def test_each_reference_names_its_own_naturals() -> None:
    session = Session()
    x = session.input(MATRIX)
    first, some, last = session.input_nat(0), session.input_nat_vec([1, 2]), session.input_nat(2)
    rows = session.gather_rows_ref(x, some)
    row = session.gather_row_ref(x, last)
    assert [NaturalsRef(1, 2), NaturalRef(3)] == [next(iter(node.attributes.values())) for node in session.graph().nodes]
    session.set_nat_vec(some, [2, 0])
    session.set_nat(last, 1)
    assert (0, (2, 0), 1) == (session.get_nat(first), session.get_nat_vec(some), session.get_nat(last))
    assert np.array_equal(MATRIX[[2, 0]], session.get_value(rows))
    assert np.array_equal(MATRIX[1], session.get_value(row))
    with pytest.raises(SessionError, match="^natural 4 came, but the environment holds 4$"):
        session.get_nat(replace(last, position=4))
    for few in ([], [1], [1, 2, 0]):
        with pytest.raises(SessionError, match=f"^{len(few)} naturals came, 2 were needed$"):
            session.set_nat_vec(some, few)


def test_no_handle_of_another_session_or_shape_passes_for_a_leaf_or_a_node() -> None:
    session, other = Session(), Session()
    x, theirs = session.input(MATRIX), other.input(MATRIX)
    y = session.relu(x)
    wrong: list[tuple[str, Callable[[], Any]]] = [
        ("E-handle-foreign", lambda: session.jvp_leaf(y, theirs, MATRIX)),
        ("E-handle-foreign", lambda: session.get_value(theirs)),
        ("E-handle-stale", lambda: session.jvp_leaf(y, replace(x, generation=x.generation + 1), MATRIX)),
        ("E-leaf-id", lambda: session.jvp_leaf(y, replace(x, id=-1), MATRIX)),
        ("E-leaf-id", lambda: session.jvp_leaf(y, y, MATRIX)),
        ("E-leaf-shape", lambda: session.jvp_leaf(y, replace(x, shape=(2, 3)), MATRIX)),
        ("E-leaf-shape", lambda: session.jvp_leaf(y, x, MATRIX[:2])),
        ("E-ref-shape", lambda: session.get_value(replace(x, shape=(2, 3)))),
        ("E-ref-shape", lambda: session.get_value(replace(y, shape=(4, 2)))),
        ("E-ref-id", lambda: session.get_value(replace(y, id=-1))),
        ("E-ref-id", lambda: session.get_value(replace(y, id=2))),
    ]
    for code, verb in wrong:
        with pytest.raises(SessionError) as refused:
            verb()
        assert code == refused.value.code


def test_the_first_tangent_that_does_not_fit_is_named() -> None:
    session = Session()
    x, v = session.input(MATRIX), session.input(MATRIX[0])
    y = session.sum(session.add(session.sum(x), session.sum(v)))
    with pytest.raises(SessionError, match=r"^leaf 0 has shape \(3, 2\), but its tangent \(2,\)$"):
        session.jvp_dense_all(y, [MATRIX[0], MATRIX])


def test_a_cotangent_is_asked_for_by_a_value_that_there_is() -> None:
    session = Session()
    y = session.sum(session.input(MATRIX))
    cotangents = session.backward_scalar_dense_all(y)
    assert 1.0 == session.grad(cotangents, y)
    for other in (-1, 2):
        with pytest.raises(SessionError, match="among 2 cotangents") as refused:
            session.grad(cotangents, replace(y, id=other))
        assert "E-grad-range" == refused.value.code


def test_an_exported_case_is_of_float64_and_fixed() -> None:
    session = Session(np.float32)
    y = session.sum(session.input(MATRIX))
    case = session.case(y, 1)
    assert (tuple, tuple) == (type(case.leaves), type(case.seeds))
    assert {np.dtype(np.float64)} == {array.dtype for array in (*case.leaves, *case.seeds)}


def test_a_constant_is_recorded_as_plain_python() -> None:
    session = Session(np.float32)
    session.relu(session.input(MATRIX))
    session.const(MATRIX)
    (value,) = session.graph().nodes[-1].attributes.values()
    assert tuple(MATRIX.ravel().tolist()) == value.entries
    assert {float} == {type(entry) for entry in value.entries}


def test_only_the_leaf_that_is_named_moves() -> None:
    session = Session()
    a, b = session.input(MATRIX), session.input(2 * MATRIX)
    y = session.mul(a, b)
    assert np.array_equal(2 * MATRIX * MATRIX, session.jvp_leaf(y, a, MATRIX))
    assert np.array_equal(MATRIX, session.jvp_leaf(y, b, np.ones_like(MATRIX)))


def test_a_tangent_of_a_scalar_is_a_number() -> None:
    session = Session(np.float32)
    x = session.input(MATRIX)
    assert type(session.jvp_scalar_leaf(session.sum(x), x, MATRIX)) is float


def test_handles_of_every_earlier_generation_are_stale() -> None:
    session = Session()
    given = []
    for _ in range(4):
        given.append(session.input(MATRIX))
        session.reset_tape()
    now = session.input(MATRIX)
    assert np.array_equal(MATRIX, session.get_value(now))
    for handle in given:
        with pytest.raises(SessionError, match="before the session was reset"):
            session.get_value(handle)
