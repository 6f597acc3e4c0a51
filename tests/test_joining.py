"""Joins of two and more inputs: their values, calls, cotangents, and wrong kernels of theirs, which are never proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.generation.strategies import generate
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching
from backproof.runtime.handles import SessionError
from backproof.runtime.primitive import ShapeMismatch, primitive_of
from backproof.runtime.session import Session
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch as Undefined
from backproof.spec.definition import definition_of, parse_signature

Kernel = Callable[..., Any]

A, B, C = np.arange(6.0).reshape(2, 3), np.arange(4.0).reshape(2, 2), np.arange(2.0).reshape(2, 1)


def test_any_number_of_inputs_is_joined_along_any_axis() -> None:
    session = Session()
    a, b, c = map(session.input, (A, B, C))
    assert np.array_equal(np.concatenate((A, B, C, B), axis=1), session.get_value(session.concat(a, b, c, b, axis=1)))
    assert np.array_equal(np.concatenate((A, A)), session.get_value(session.concat(a, a, axis=0)))
    assert np.array_equal(np.stack((A, A, A), axis=2), session.get_value(session.stack(a, a, a, axis=2)))
    assert np.array_equal(np.stack((B, B)), session.get_value(session.stack(b, b, axis=0)))
    y = session.concat(a, b, axis=1)
    assert [a.id, b.id] == list(session.graph().nodes[-1].parents)
    assert {"axis": 1} == session.graph().nodes[-1].attributes
    assert (2, 5) == y.shape


def test_each_input_receives_its_part_and_one_used_twice_receives_both() -> None:
    session = Session()
    a, b = session.input(A), session.input(B)
    y_bar = np.arange(16.0).reshape(2, 8)
    cotangents = session.backward_dense_all(session.concat(a, b, a, axis=1), y_bar)
    assert np.array_equal(y_bar[:, :3] + y_bar[:, 5:], cotangents[a.id])
    assert np.array_equal(y_bar[:, 3:5], cotangents[b.id])


@pytest.mark.parametrize("argument", [2.0, (1, 2), None, "a"])
def test_an_input_that_is_no_value_is_refused(argument: Any) -> None:
    session = Session()
    a = session.input(A)
    with pytest.raises((SessionError, ShapeMismatch)):
        session.concat(a, argument, axis=0)
    assert not session.graph().nodes


def test_a_join_takes_its_axis_by_name() -> None:
    session = Session()
    a = session.input(A)
    with pytest.raises((TypeError, SessionError)):
        session.concat(a, a, 0)


REFUSED: list[tuple[str, tuple[tuple[int, ...], ...], dict[str, Any]]] = [
    ("concat", ((2, 3),), {"axis": 0}),
    ("concat", ((2, 3), (2, 2)), {"axis": 0}),
    ("concat", ((2, 3), (2, 3), (2, 2)), {"axis": 0}),
    ("concat", ((2, 3), (2, 3, 1)), {"axis": 1}),
    ("concat", ((2, 3), (2, 3)), {"axis": 2}),
    ("concat", ((2, 3), (2, 3)), {"axis": -1}),
    ("concat", ((), ()), {"axis": 0}),
    ("stack", ((2, 3),), {"axis": 0}),
    ("stack", ((2, 3), (2, 2)), {"axis": 0}),
    ("stack", ((2, 3), (2, 3)), {"axis": 3}),
    ("stack", ((2, 3), (2, 3)), {"axis": -1}),
    ("concat_vectors", ((2,), (2, 3)), {}),
    ("concat_vectors", ((2,), (2,), (2,)), {}),
]


@pytest.mark.parametrize(("op", "shapes", "attributes"), REFUSED)
def test_both_sides_refuse_what_does_not_join(op: str, shapes: Any, attributes: dict[str, Any]) -> None:
    with pytest.raises((ShapeMismatch, TypeError)):
        primitive_of(op).shape(*shapes, **attributes)
    with pytest.raises(Undefined):
        definition_of(op).infer_shape(shapes, attributes)


def test_inputs_of_an_op_that_takes_any_number_have_sides_of_their_own() -> None:
    assert parse_signature("(n,*s),(*s)...") == parse_signature("(n,*s),(*s)")
    assert (("*s_0",), ("*s_1",), ("*s_2",)) == definition_of("concat").inputs(3)
    assert (("m", "n"),) == definition_of("transpose2d").inputs(1)
    with pytest.raises(Undefined, match="transpose2d takes 1 tensors, 2 came"):
        definition_of("transpose2d").inputs(2)
    with pytest.raises(Undefined, match="concat takes 2 or more tensors, 1 came"):
        definition_of("concat").inputs(1)


def test_generated_graphs_join_two_and_three_values() -> None:
    nodes = [node for case in generate(20, 3, ["concat", "stack"]) for node in case.graph.nodes]
    assert {2, 3} == {len(node.parents) for node in nodes}
    assert {0, 1, 2} <= {node.attributes["axis"] for node in nodes}


def decided(op: str, part: Part, shapes: Any, axis: int, kernel: Kernel | None) -> Any:
    pattern = matching(op, shapes, {"axis": axis})
    assert pattern is not None
    name = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}[part]
    claim = lemma(op, part, pattern, TORCHLEAN)
    return decide_all_shapes(claim if kernel is None else replace(claim, **{name: kernel}))


@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP])
@pytest.mark.parametrize(("op", "shapes"), [("concat", ((2, 3), (2, 5), (2, 7), (2, 1))), ("stack", ((2, 3),) * 5)])
def test_more_inputs_than_are_sampled_are_proved_too(op: str, shapes: Any, part: Part) -> None:
    assert isinstance(decided(op, part, shapes, 1, None), Holds)


def parts_of_equal_length(g, y, *inputs, axis):
    n = inputs[0].shape[0]
    return tuple(g[k * n : (k + 1) * n] for k in range(len(inputs)))


def parts_from_the_end(g, y, *inputs, axis):
    found, stop = [], y.shape[0]
    for x in inputs:
        found.append(g[stop - x.shape[0] : stop])
        stop = stop - x.shape[0]
    return tuple(found)


def last_first(g, y, *inputs, axis):
    return tuple(g[:, len(inputs) - 1 - k] for k in range(len(inputs)))


TWO, THREE, SAME = ((2, 3), (5, 3)), ((2, 3), (5, 3), (7, 3)), ((2, 3),) * 3
WRONG: dict[str, tuple[str, Part, Any, int, Kernel]] = {
    "exchanged": ("concat", Part.FORWARD, TWO, 0, lambda a, b, axis: np.concatenate((b, a))),
    "last left out": ("concat", Part.FORWARD, THREE, 0, lambda *x, axis: np.concatenate((*x[:-1], x[-1] * 0))),
    "equal parts": ("concat", Part.VJP, THREE, 0, parts_of_equal_length),
    "from the end": ("concat", Part.VJP, TWO, 0, parts_from_the_end),
    "primal for tangent": ("concat", Part.JVP, TWO, 0, lambda *all_, axis: np.concatenate(all_[-2:])),
    "other axis": ("stack", Part.FORWARD, SAME, 1, lambda *x, axis: np.stack(x, axis=2)),
    "last first": ("stack", Part.VJP, SAME, 1, last_first),
    "first alone": ("stack", Part.JVP, SAME, 0, lambda *all_, axis: np.stack((all_[0],) * 3)),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_join_is_refuted(name: str) -> None:
    assert isinstance(decided(*WRONG[name]), Fails)


def wrong_at_37(*inputs, axis):
    return np.concatenate(inputs if inputs[1].shape[0] != 37 else inputs[::-1])


def wrong_when_long(g, y, *inputs, axis):
    rest = g[inputs[0].shape[0] :]
    return (g[: inputs[0].shape[0]], rest if y.shape[0] < 1000 else rest * 2)


@pytest.mark.parametrize(("part", "kernel"), [(Part.FORWARD, wrong_at_37), (Part.VJP, wrong_when_long)])
def test_a_join_that_is_wrong_at_large_sizes_alone_is_not_proved(part: Part, kernel: Kernel) -> None:
    assert not isinstance(decided("concat", part, TWO, 0, kernel), Holds)
