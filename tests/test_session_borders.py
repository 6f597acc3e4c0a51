"""What crosses a session's border: kinds of arguments, arrays, naturals, parameters and the names that handles have in messages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from backproof.ir.graph import Dense
from backproof.runtime.arrays import array_out, naturals_in
from backproof.runtime.handles import SessionError
from backproof.runtime.primitive import PRIMITIVES, primitive
from backproof.runtime.session import Session

MATRIX = np.array([[1.0, -2.0], [0.5, 2.0]])


@pytest.fixture
def untold() -> Iterator[list[Any]]:
    """An op whose kernel says nothing of the kinds of its arguments; gives what its runs were told."""

    @primitive("untold", shape=lambda x, **_attributes: x)
    def forward(x, told=2.0):  # type: ignore[no-untyped-def]
        runs.append(told)
        return x * 1.0

    runs: list[Any] = []
    yield runs
    del PRIMITIVES["untold"]


def attributes(session: Session) -> dict[str, Any]:
    return dict(session.graph().nodes[-1].attributes)


def test_what_is_handed_out_is_a_view_and_the_array_itself_stays_as_it_is() -> None:
    kept = MATRIX.copy()
    given = array_out(kept)
    assert kept.flags.writeable
    assert not given.flags.writeable
    assert np.shares_memory(kept, given)


def test_naturals_come_from_anything_that_gives_them_and_are_pythons_own() -> None:
    taken = naturals_in(iter([np.int64(3), True]))
    assert (3, 1) == taken
    assert [int, int] == [type(natural) for natural in taken]


def test_the_first_of_several_wrong_naturals_is_named() -> None:
    with pytest.raises(SessionError, match=r"^-1 came"):
        naturals_in([2, -1, -7])


def test_attributes_are_recorded_as_plain_python() -> None:
    session = Session()
    x = session.input(MATRIX)
    session.scale(x, c=np.float32(0.5))
    assert {"c": 0.5} == attributes(session)
    assert type(attributes(session)["c"]) is float
    session.reduce_sum(x, axis=np.int64(1))
    assert type(attributes(session)["axis"]) is int
    session.gather_rows_nat(x, np.array([1, 0]).tolist())
    assert (1, 0) == attributes(session)["indices"]


def test_a_sequence_of_other_things_than_naturals_is_refused_and_not_rounded() -> None:
    session = Session()
    x = session.input(MATRIX)
    for wrong in ((0, 0.5), (0.5, 0.5), (0, "1")):
        with pytest.raises(SessionError, match="but tuple was needed") as refused:
            session.gather_rows_nat(x, wrong)
        assert "E-build-arg" == refused.value.code


def test_a_constant_array_may_be_an_attribute_and_none_leaves_one_out() -> None:
    session = Session()
    x, *weights = (session.input(np.eye(2)) for _ in range(5))
    session.multi_head_attention(x, *weights, heads=1, mask=None)
    assert {"heads": 1} == attributes(session)
    mask = Dense((2, 2), (1.0, 0.0, 1.0, 1.0))
    session.multi_head_attention(x, *weights, heads=1, mask=mask)
    assert {"heads": 1, "mask": mask} == attributes(session)


def test_a_kernel_without_annotations_takes_any_argument_that_a_graph_can_hold(untold: list[Any]) -> None:
    session = Session()
    x = session.input(MATRIX)
    session.untold(x, told=(1, 2))
    assert {"told": (1, 2)} == attributes(session)
    assert [(1, 2)] == untold
    with pytest.raises(SessionError, match="untold: told is <object") as refused:
        session.untold(x, told=object())
    assert "E-build-arg" == refused.value.code


def test_an_op_says_what_it_does() -> None:
    assert "Record relu; returns its value." == Session().relu.__doc__


def test_what_was_needed_is_said_in_words() -> None:
    session = Session()
    x = session.input(MATRIX)
    with pytest.raises(SessionError, match=r"^scale: c is '2', but int or float was needed$"):
        session.scale(x, c="2")
    with pytest.raises(SessionError, match=r"^gather_row_ref: \w+ is 0.5, but int or Natural was needed$"):
        session.gather_row_ref(x, 0.5)


def test_handles_are_named_in_messages() -> None:
    session = Session()
    one, some = session.input_nat(5), session.input_nat_vec([1, 0, 2])
    x = session.input(MATRIX)
    session.reset_tape()
    refused: list[tuple[str, Callable[[], object]]] = [
        ("natural 0", lambda: session.get_nat(one)),
        ("naturals 1 to 4", lambda: session.get_nat_vec(some)),
        (r"value 0 of shape \(2, 2\)", lambda: session.get_value(x)),
    ]
    for name, verb in refused:
        with pytest.raises(SessionError, match=f"^{name} was given out before"):
            verb()


def test_updates_of_one_parameter_are_made_in_the_order_of_its_leaves() -> None:
    session = Session()
    parameter = session.param(1.0)
    session.use(parameter)
    session.use(parameter)
    large = np.array(2.0**53)  # 1 + 2^53 is 2^53 in float64, and 1 - 2^53 is itself
    session.sgd_step_all(1.0, [-large, large])
    assert 0.0 == parameter.value
    parameter.value = np.array(1.0)
    session.sgd_step_all(1.0, [large, -large])
    assert 1.0 == parameter.value


def test_every_parameter_is_updated_and_keeps_its_format_and_is_an_array() -> None:
    session = Session(np.float32)
    parameters = [session.param(value) for value in (1.0, MATRIX, MATRIX[0])]
    leaves = [session.use(parameter) for parameter in parameters]
    session.sgd_step_all(0.5, [np.full(leaf.shape, 2.0) for leaf in leaves])
    for parameter, value in zip(parameters, (1.0, MATRIX, MATRIX[0]), strict=True):
        assert isinstance(parameter.value, np.ndarray)
        assert np.float32 == parameter.value.dtype
        assert np.array_equal(np.subtract(value, 1.0), parameter.value)


@pytest.mark.parametrize("other", [(1,), (2,), (2, 1), (3, 3), ()])
def test_a_parameter_of_any_other_shape_is_refused(other: tuple[int, ...]) -> None:
    session = Session()
    parameter = session.param(MATRIX, name="weights")
    session.use(parameter)
    parameter.value = np.zeros(other)
    with pytest.raises(SessionError, match="read parameter 'weights', which now has shape") as refused:
        session.sgd_step_all(1.0, [MATRIX])
    assert "E-sgd-param" == refused.value.code


def test_a_parameter_has_the_name_and_freedom_that_it_was_given() -> None:
    session = Session()
    named, frozen = session.param(MATRIX, name="weights"), session.param(MATRIX, requires_grad=False)
    assert ("weights", True) == (named.name, named.requires_grad)
    assert ("", False) == (frozen.name, frozen.requires_grad)
    session.use(named)
    session.use(frozen)
    assert [("weights", True), ("", False)] == [(leaf.name, leaf.requires_grad) for leaf in session.graph().leaves]
