"""Digits that a kernel loses although its problem does not: found with the input, and never where the problem itself loses them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.graphs.findings import (
    CANCELLATION,
    UNDERFLOW,
    Finding,
    findings,
    node_cases,
    noted,
)
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.numbers.formats import FLOAT32, FLOAT64
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.subject import Subject
from backproof.ir.exchange import Case
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN
from hypothesis import given, settings
from hypothesis import strategies as st


def case(op: str, *values: list[float]) -> Case:
    leaves = tuple(np.array(value) for value in values)
    graph = Graph(tuple(Leaf(leaf.shape) for leaf in leaves), (Node(op, tuple(range(len(values))), leaves[0].shape),))
    return Case(graph, leaves, Environment(), tuple(np.ones(graph.shape(place)) for place in range(len(graph))))


@contextmanager
def kernel(op: str, part: str, replacement: Callable[..., Any]) -> Iterator[None]:
    entry = primitive_of(op)
    kept = getattr(entry, f"{part}_kernel")
    getattr(entry, part)(replacement)
    try:
        yield
    finally:
        getattr(entry, part)(kept)


PLANTED: dict[str, tuple[str, str, Callable[..., Any], list[list[float]], str]] = {
    "1 - tanh²": ("tanh", "vjp", lambda y_bar, y, x: (y_bar * (1 - y * y),), [[15.0]], CANCELLATION),
    "y (1 - y)": ("sigmoid", "vjp", lambda y_bar, y, x: (y_bar * y * (1 - y),), [[30.0]], CANCELLATION),
    "a difference of squares": ("mul", "forward", lambda a, b: ((a + b) * (a + b) - (a - b) * (a - b)) / 4, [[12345678.9], [1e-3]], CANCELLATION),
    "a large number added and taken away": ("abs", "jvp", lambda d, y, x: (np.where(x > 0, d, -d) + 2**70) - 2**70, [[1.0]], CANCELLATION),
    "a product that is too small": ("div", "vjp", lambda y_bar, y, a, b: (y_bar / b, -y_bar * (a * b) / (b * b * b)), [[1e-30], [1e-10]], UNDERFLOW),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_what_a_kernel_loses_is_found_with_its_input(fault: str) -> None:
    op, part, replacement, values, what = PLANTED[fault]
    format_ = FLOAT32 if what == UNDERFLOW else FLOAT64
    assert not findings(case(op, *values), format_)
    with kernel(op, part, replacement):
        found = findings(case(op, *values), format_)
    assert {what} == {each.what for each in found}
    for each in found:
        assert each.ulps > each.allowed
        assert {number for name, number in each.inputs if name.startswith("leaf")} <= {float(np.float32(v)) if format_ is FLOAT32 else v for v, in values}
        assert op in each.note()[1]


FAITHFUL: list[tuple[str, list[list[float]]]] = [
    ("sub", [[1.0], [1.0 + 2**-52]]), ("log", [[1.0 + 2**-40]]), ("exp", [[700.0]]), ("exp", [[-700.0]]), ("tanh", [[1e-300]]),
    ("div", [[1e200], [1e-100]]), ("mul", [[1e-150], [1e150]]), ("sigmoid", [[-600.0]]), ("tanh", [[300.0]]),
]  # fmt: skip


@pytest.mark.parametrize(("op", "values"), FAITHFUL)
def test_what_the_problem_loses_itself_is_no_finding(op: str, values: list[list[float]]) -> None:
    for format_ in (FLOAT64, FLOAT32):
        assert not findings(case(op, *values), format_)


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.lists(st.floats(-1e3, 1e3, allow_subnormal=False), min_size=2, max_size=8))
def test_sums_that_cancel_are_no_finding(values: list[float]) -> None:
    leaf = np.array([*values, -sum(values) * (1 + 2**-40)])
    graph = Graph((Leaf(leaf.shape),), (Node("sum", (0,), ()),))
    total = Case(graph, (leaf,), Environment(), (np.ones(leaf.shape), np.array(1.0)))
    for format_ in (FLOAT64, FLOAT32):
        assert not findings(total, format_)


@pytest.mark.parametrize("op", ["tanh", "sigmoid", "exp"])
def test_a_finding_is_a_note_and_no_refutation(op: str) -> None:
    check = RuleCheck(RuleInstance(op, ((5,),)), exact_semantics())
    verdict, notes = check.float_verdict()
    assert isinstance(verdict, verdicts.Tested)
    assert not [name for name, _said in notes if "inside a kernel" in name]
    with kernel("tanh", "jvp", lambda x_dot, y, x: x_dot * (1 - y * y)):
        verdict, notes = RuleCheck(RuleInstance("tanh", ((5,),)), exact_semantics()).float_verdict()
    assert isinstance(verdict, verdicts.Tested)
    assert {f"{name}: {CANCELLATION}" for name in ("float32", "float64")} <= dict(notes).keys()


def test_a_node_of_a_graph_is_looked_at_where_the_graph_takes_it() -> None:
    graph = Graph((Leaf((1,)),), (Node("mul", (0, 0), (1,)), Node("tanh", (1,), (1,))))
    whole = Case(graph, (np.array([4.0]),), Environment(), (np.array([1.0]), np.array([0.0]), np.array([1.0])))
    alone = [*node_cases(whole, FLOAT64)]
    assert [4.0, 4.0] == [float(leaf[0]) for leaf in alone[0].leaves]
    assert [16.0] == [float(leaf[0]) for leaf in alone[1].leaves]
    assert [8.0, 1.0] == [float(seed[0]) for seed in alone[1].seeds]
    with kernel("tanh", "vjp", lambda y_bar, y, x: (y_bar * (1 - y * y),)):
        (decided,) = [r for r in GraphWork("g", whole).decide(Subject(Tape, TORCHLEAN)) if r.obligation.id.endswith("float")]
    assert f"float64: {CANCELLATION}" in dict(decided.notes)
    assert "leaf 0[0] = 16.0" in dict(decided.notes)[f"float64: {CANCELLATION}"]


def test_the_worst_of_each_kind_is_noted() -> None:
    few, many = (Finding(FLOAT64, CANCELLATION, ulps, 2.0, "cotangent", "tanh", ()) for ulps in (5.0, 7.0))
    assert ["7"] == [said.split()[0] for _name, said in noted([many, few])]
