"""A kernel that writes over what it gave before is refuted on two nodes, and one that only keeps it is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graphs.overwriting import smallest_overwritten
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.graphs.rerun import rerun
from backproof.equivalence.kernel import verdict as verdicts
from backproof.equivalence.kernel.verdict import Refuted, RefutedReason
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.rules.points import side_by_side
from backproof.ir.exchange import Case
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape

ROW = RuleInstance("cumprod", ((3,),), {"axis": 0})


def in_one_array(kernel: Callable[..., Any], buffer: Any) -> Callable[..., Any]:
    def wrong(*operands: Any, **attributes: Any) -> Any:
        result = kernel(*operands, **attributes)
        if np.asarray(buffer).dtype != np.asarray(operands[0]).dtype:
            return result
        buffer[...] = result[0] if isinstance(result, tuple) else result
        return (buffer,) if isinstance(result, tuple) else buffer

    return wrong


@pytest.mark.parametrize(("part", "quantity"), [("forward", "primal"), ("jvp", "tangent"), ("vjp", "contribution of 2")])
def test_a_kernel_that_writes_over_what_it_gave_is_refuted(
    part: str, quantity: str, replaced: Callable[..., None]
) -> None:
    replaced("cumprod", **{part: in_one_array(getattr(primitive_of("cumprod"), f"{part}_kernel"), np.zeros(3))})
    verdict, _notes = RuleCheck(ROW, exact_semantics()).float_verdict()
    assert isinstance(verdict, Refuted)
    assert 2 == len(verdict.counterexample.case["nodes"])
    assert {f"float64 {quantity}, after the last call"} == {
        side.quantity for side in verdict.counterexample.nodes if side.differs
    }


def test_two_ops_that_share_an_array_are_refuted_on_one_node_of_each(replaced: Callable[..., None]) -> None:
    shared = np.zeros(2)
    for op in ("exp", "sin"):
        replaced(op, forward=in_one_array(primitive_of(op).forward_kernel, shared))
    nodes = (Node("exp", (0,), (2,)), Node("cos", (0,), (2,)), Node("sin", (0,), (2,)), Node("add", (1, 2), (2,)))
    graph = Graph((Leaf((2,)),), nodes)
    ones = np.ones(2)
    case = Case(graph, (np.array([0.5, -1.0]),), Environment(), (ones,) * len(graph))
    found = smallest_overwritten(case)
    assert isinstance(found, Refuted)
    assert ["exp", "sin"] == [node["op"] for node in found.counterexample.case["nodes"]]
    assert any(side.differs for side in rerun(case, Tape, "torchlean"))


def test_a_kernel_that_gives_one_array_again_as_it_was_is_not_refuted(replaced: Callable[..., None]) -> None:
    zeros = np.zeros(3)
    right = primitive_of("detach").vjp_kernel
    replaced("detach", vjp=lambda y_bar, y, x: (zeros,) if np.asarray(x).dtype == np.float64 else right(y_bar, y, x))
    verdict, _notes = RuleCheck(RuleInstance("detach", ((3,),)), exact_semantics()).float_verdict()
    assert isinstance(verdict, verdicts.Tested)


def test_side_by_side_a_rule_has_two_nodes_that_share_no_leaf() -> None:
    graph = Graph((Leaf((2,)), Leaf((2,))), (Node("mul", (0, 1), (2,)),))
    seeds = tuple(np.full(2, float(place)) for place in range(3))
    case = Case(graph, (np.ones(2), np.zeros(2)), Environment(), seeds)
    joined = side_by_side(case, case)
    assert [(0, 1), (2, 3)] == [node.parents for node in joined.graph.nodes]
    assert [0.0, 1.0, 0.0, 1.0, 2.0, 2.0] == [seed[0] for seed in joined.seeds]


def test_a_kernel_that_answers_otherwise_when_asked_again_is_wrong_and_not_at_a_kink(
    replaced: Callable[..., None],
) -> None:
    right, calls = primitive_of("relu").vjp_kernel, []

    def second_is_wrong(y_bar: Any, y: Any, x: Any) -> Any:
        calls.append(1)
        return tuple(2 * each if len(calls) == 2 else each for each in right(y_bar, y, x))

    replaced("relu", vjp=second_is_wrong)
    verdict = RuleCheck(RuleInstance("relu", ((1,),)), exact_semantics()).verdict(Part.VJP)
    assert isinstance(verdict, Refuted)
    assert RefutedReason.WRONG == verdict.reason
