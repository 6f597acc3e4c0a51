"""Every error code of the session is provoked, and a verb that fails changes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backproof.runtime.handles import Natural, Naturals, Parameter, Value
from backproof.runtime.primitive import RuntimeFault
from backproof.runtime.session import Session

MATRIX = np.array([[1.0, -2.0], [0.5, 2.0]])


@dataclass
class Scene:
    """A session with one of everything, its handles, and a gradient."""

    session: Session
    parameter: Parameter
    w: Value
    x: Value
    v: Value
    natural: Natural
    rows: Naturals
    y: Value
    cotangents: tuple[Any, ...]


def scene() -> Scene:
    session = Session()
    parameter = session.param(MATRIX, name="w")
    w, x, v = session.use(parameter), session.input(MATRIX), session.input(MATRIX[0])
    natural, rows = session.input_nat(1), session.input_nat_vec([1, 0])
    y = session.sum(session.gather_rows_ref(session.matmul(w, x), rows))
    return Scene(session, parameter, w, x, v, natural, rows, y, session.backward_scalar_dense_all(y))


def stale(at: Scene) -> Value:
    at.session.reset_tape()
    return at.session.relu(at.x)


def sgd_with_another_shape(at: Scene) -> None:
    at.parameter.value = np.zeros(3)
    at.session.sgd_step_all(1.0, at.cotangents)


def moved(value: Value) -> Value:
    return replace(value, id=99)


def reshaped(value: Value) -> Value:
    return replace(value, shape=(7,))


PROVOKED: list[tuple[str, Callable[[Scene], Any]]] = [
    ("E-leaf-late", lambda at: at.session.use(at.parameter)),
    ("E-leaf-late", lambda at: at.session.input(MATRIX)),
    ("E-leaf-late", lambda at: at.session.input_nat(1)),
    ("E-leaf-late", lambda at: at.session.input_nat_vec([1])),
    ("E-nat-id", lambda at: at.session.get_nat(replace(at.natural, position=3))),
    ("E-nat-id", lambda at: at.session.set_nat(replace(at.natural, position=3), 0)),
    ("E-natvec-range", lambda at: at.session.get_nat_vec(replace(at.rows, count=3))),
    ("E-natvec-range", lambda at: at.session.set_nat_vec(replace(at.rows, start=-1), [0, 0])),
    ("E-natvec-range", lambda at: at.session.gather_rows_ref(at.x, replace(at.rows, start=2))),
    ("E-nat-id", lambda at: at.session.gather_row_ref(at.x, replace(at.natural, position=3))),
    ("E-natvec-range", lambda at: at.session.gather_vec_ref(at.v, replace(at.rows, count=3))),
    ("E-nat-value", lambda at: at.session.set_nat(at.natural, -1)),
    ("E-nat-value", lambda at: at.session.set_nat(at.natural, 2**53 + 1)),
    ("E-nat-value", lambda at: at.session.set_nat(at.natural, 0.5)),
    ("E-nat-value", lambda at: at.session.set_nat_vec(at.rows, [0])),
    ("E-nat-value", lambda at: at.session.set_nat_vec(at.rows, [0, -1])),
    ("E-ref-id", lambda at: at.session.get_value(moved(at.x))),
    ("E-ref-id", lambda at: at.session.gather_rows_ref(moved(at.x), at.rows)),
    ("E-ref-id", lambda at: at.session.jvp_leaf(moved(at.y), at.x, MATRIX)),
    ("E-ref-id", lambda at: at.session.case(moved(at.y), 1.0)),
    ("E-ref-id", lambda at: at.session.gather_scalar_ref(moved(at.v), at.natural)),
    ("E-ref-id", lambda at: at.session.gather_vec_ref(moved(at.v), at.rows)),
    ("E-ref-shape", lambda at: at.session.gather_row_ref(reshaped(at.x), at.natural)),
    ("E-ref-shape", lambda at: at.session.get_value(reshaped(at.x))),
    ("E-ref-shape", lambda at: at.session.gather_rows_ref(reshaped(at.x), at.rows)),
    ("E-ref-shape", lambda at: at.session.jvp_scalar_leaf(at.w, at.x, MATRIX)),
    ("E-build-id", lambda at: at.session.add(at.x, moved(at.x))),
    ("E-build-id", lambda at: at.session.relu(replace(at.x, id=-1))),
    ("E-build-shape", lambda at: at.session.add(at.x, reshaped(at.x))),
    ("E-build-shape", lambda at: at.session.add(at.x, at.y)),
    ("E-build-shape", lambda at: at.session.reduce_sum(at.x, axis=2)),
    ("E-build-shape", lambda at: at.session.gather_scalar_nat(at.v, -1)),
    ("E-build-shape", lambda at: at.session.gather_rows_nat(at.v, (0,))),
    ("E-build-id", lambda at: at.session.gather_rows_nat(moved(at.x), (0,))),
    ("E-build-arg", lambda at: at.session.add(at.x, 1.0)),
    ("E-build-arg", lambda at: at.session.scale(at.x, c=at.x)),
    ("E-build-arg", lambda at: at.session.scale(at.x, c=float("nan"))),
    ("E-build-arg", lambda at: at.session.reduce_sum(at.x, axis=0.5)),
    ("E-build-arg", lambda at: at.session.reshape(at.x, shape=(4, -1))),
    ("E-build-arg", lambda at: at.session.gather_rows_ref(at.x, at.natural)),
    ("E-build-arg", lambda at: at.session.gather_row_ref(at.x, at.rows)),
    ("E-build-arg", lambda at: at.session.gather_row_ref(at.x, 0.5)),
    ("E-build-arg", lambda at: at.session.gather_rows_nat(at.x, at.rows)),
    ("E-build-arg", lambda at: at.session.gather_scalar_nat(at.v, at.natural)),
    ("E-build-arg", lambda at: at.session.gather_rows_nat(at.x, (0, -1))),
    ("E-build-arg", lambda at: at.session.gather_rows_nat(at.x, (0, 2**53 + 1))),
    ("E-leaf-id", lambda at: at.session.jvp_leaf(at.y, at.y, 1.0)),
    ("E-leaf-shape", lambda at: at.session.jvp_leaf(at.y, at.x, 1.0)),
    ("E-dx-size", lambda at: at.session.jvp_dense_all(moved(at.y), [MATRIX])),
    ("E-dx-shape", lambda at: at.session.jvp_dense_all(moved(at.y), [MATRIX, MATRIX[0], MATRIX[0]])),
    ("E-grad-range", lambda at: at.session.grad(at.cotangents, moved(at.x))),
    ("E-grad-shape", lambda at: at.session.grad(at.cotangents, reshaped(at.x))),
    ("E-sgd-range", lambda at: at.session.sgd_step_all(1.0, ())),
    ("E-sgd-shape", lambda at: at.session.sgd_step_all(1.0, at.cotangents[-1:])),
    ("E-sgd-param", sgd_with_another_shape),
    ("E-out-id", lambda at: at.session.backward_scalar_dense_all(moved(at.y))),
    ("E-seed-shape", lambda at: at.session.backward_dense_all(at.x, 1.0)),
    ("E-seed-shape", lambda at: at.session.backward_scalar_dense_all(at.x)),
    ("E-handle-stale", stale),
    ("E-handle-foreign", lambda at: at.session.relu(Session().input(MATRIX))),
    ("E-handle-foreign", lambda at: at.session.get_nat(Session().input_nat(1))),
    ("E-handle-foreign", lambda at: at.session.grad(at.cotangents, Session().input(MATRIX))),
    ("E-handle-foreign", lambda at: at.session.backward_dense_all(Session().input(MATRIX), MATRIX)),
    ("E-log-domain", lambda at: at.session.log(at.x)),
    ("E-stride", lambda at: at.session.max_pool(at.x, kernel=(2,), stride=(0,), padding=(0,))),
    ("E-beta", lambda at: at.session.smooth_max_pool(at.x, (1,), (1,), (0,), beta=0.0)),
    ("E-value", lambda at: at.session.param("text")),
    ("E-value", lambda at: at.session.param([[1.0], [1.0, 2.0]])),
    ("E-value", lambda at: at.session.const([1.0, float("inf")])),
    ("E-dtype", lambda _at: Session(np.int64)),
]


@pytest.mark.parametrize(("code", "verb"), PROVOKED, ids=[f"{n} {code}" for n, (code, _) in enumerate(PROVOKED)])
def test_a_wrong_use_is_refused_with_its_code_in_one_line(code: str, verb: Callable[[Scene], Any]) -> None:
    with pytest.raises(RuntimeFault, match=r"\S") as refused:
        verb(scene())
    assert code == refused.value.code
    assert "\n" not in str(refused.value)


def test_a_verb_that_fails_changes_nothing() -> None:
    at = scene()
    graph, value = at.session.graph(), at.session.get_value(at.y)
    for code, verb in PROVOKED:
        if code not in ("E-handle-stale", "E-sgd-param"):  # these two change the session before they fail
            with pytest.raises(RuntimeFault, match=r"\S"):
                verb(at)
    assert graph == at.session.graph()
    assert value == at.session.get_value(at.y)
    assert (1, (1, 0)) == (at.session.get_nat(at.natural), at.session.get_nat_vec(at.rows))
    assert np.array_equal(MATRIX, at.parameter.value)


def test_no_parameter_is_updated_if_the_gradient_of_one_does_not_fit() -> None:
    session = Session()
    good, bad = session.param(MATRIX), session.param([1.0, 2.0, 3.0])
    session.use(good)
    session.use(bad)
    with pytest.raises(RuntimeFault, match="its entry has shape"):
        session.sgd_step_all(1.0, [MATRIX, MATRIX])
    assert np.array_equal(MATRIX, good.value)


def test_an_op_called_with_too_few_arguments_is_a_type_error_and_an_unknown_one_an_attribute_error() -> None:
    at = scene()
    with pytest.raises(TypeError, match="missing a required argument: 'b'"):
        at.session.add(at.x)
    with pytest.raises(AttributeError, match="no verb or op 'multiply'; the ops are abs, add"):
        at.session.multiply(at.x, at.x)


def test_every_code_of_a_session_is_documented_and_every_documented_one_is_provoked() -> None:
    page = (Path(__file__).parents[1] / "docs" / "session.md").read_text(encoding="utf-8")
    of_a_session = page.split("A `Tape` used directly also raises:")[0]
    assert {code for code, _ in PROVOKED} == set(re.findall(r"\| (E-[a-z0-9-]+) \|", of_a_session))
