"""A case's floats: inside their bounds when right, refuted when wrong, and unknown where a bound is not finite."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from backproof.equivalence.graphs.floats import float_verdict
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.verdict import Refuted, Unknown
from backproof.ir.exchange import Case
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape


def case(op: str, *values: float) -> Case:
    leaves = tuple(np.array([value]) for value in values)
    node = Node(op, tuple(range(len(values))), (1,))
    graph = Graph(tuple(Leaf((1,)) for _ in values), (node,))
    return Case(graph, leaves, Environment(), tuple(np.array([1.0]) for _ in range(len(graph))))


@pytest.fixture
def slightly_wrong_exp() -> Iterator[None]:
    entry = primitive_of("exp")
    kept = entry.forward_kernel
    entry.forward(lambda x: kept(x) if np.asarray(x).dtype == object else kept(x) * (1 + 1e-12))
    yield
    entry.forward(kept)


def test_a_right_case_is_tested_at_every_entry() -> None:
    verdict, notes = float_verdict(case("mul", 0.1, 0.3), Tape)
    assert isinstance(verdict, verdicts.Tested)
    assert verdict.points == int(dict(notes)["entries"])


def test_the_worst_error_is_told_for_each_format() -> None:
    _verdict, notes = float_verdict(case("sigmoid", 0.7), Tape)
    figures = {name: float(said.split()[0]) for name, said in notes}
    assert {"entries", "float64: worst error, ulps", "float32: worst error, ulps"} == figures.keys()
    assert 0 < figures["float64: worst error, ulps"] < 10
    assert 0 < figures["float32: worst error, ulps"] < 10


@pytest.fixture
def tanh_wrong_in_float32() -> Iterator[None]:
    entry = primitive_of("tanh")
    kept = entry.forward_kernel
    entry.forward(lambda x: kept(x) * (1 + 1e-5) if getattr(x, "nbytes", 0) == 4 else kept(x))
    yield
    entry.forward(kept)


@pytest.mark.usefixtures("tanh_wrong_in_float32")
def test_a_kernel_that_is_wrong_in_float32_alone_is_refuted_there() -> None:
    verdict, _notes = float_verdict(case("tanh", 0.7), Tape)
    assert isinstance(verdict, Refuted)
    assert "float32" in verdict.detail
    assert {"float32 primal", "float32 cotangent", "float32 tangent"} == {
        side.quantity for side in verdict.counterexample.nodes
    }
    # The case shown is the rounded one, so that it replays as it is.
    leaf = verdict.counterexample.case["leaves"][0]
    assert [float(np.float32(0.7))] == list(leaf["value"])


@pytest.mark.parametrize(("op", "values"), [("mul", (1e200, 1.0)), ("log", (1e-60,)), ("mul", (1e30, 1e30))])
def test_values_that_only_binary64_holds_leave_float32_unknown(op: str, values: tuple[float, ...]) -> None:
    verdict, _notes = float_verdict(case(op, *values), Tape)
    assert isinstance(verdict, Unknown)
    assert verdict.detail.startswith("float32: ")


@pytest.mark.usefixtures("slightly_wrong_exp")
def test_a_kernel_that_is_wrong_on_floats_alone_is_refuted() -> None:
    verdict, _notes = float_verdict(case("exp", 0.7), Tape)
    assert isinstance(verdict, Refuted)


@pytest.mark.parametrize("values", [(1e200, 1e200), (1e200, -1e200)])
def test_an_overflow_of_the_right_kernel_is_no_refutation(values: tuple[float, float]) -> None:
    verdict, _notes = float_verdict(case("mul", *values), Tape)
    assert isinstance(verdict, Unknown)
    assert verdict.reason is UnknownReason.GAVE_UP
