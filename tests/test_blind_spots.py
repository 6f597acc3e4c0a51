"""What planted faults once passed by: wrong rules and tapes that are now refuted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel.verdict import Refuted
from backproof.equivalence.rules.discharge import RuleCheck
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.subject import Subject
from backproof.ir.exchange import Case, last_value_seeds
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN


@pytest.mark.parametrize(("op", "shape"), [("prod", (2, 2)), ("prod", (23,)), ("cumprod", (2, 2)), ("cumprod", (37,))])
def test_a_rule_wrong_at_one_shape_is_refuted_there_where_no_lemma_covers_it(
    op: str, shape: tuple[int, ...], replaced: Callable[..., None]
) -> None:
    right = primitive_of(op).vjp_kernel

    def vjp(y_bar: Any, y: Any, x: Any, **attributes: Any) -> Any:
        (x_bar,) = right(y_bar, y, x, **attributes)
        return (2 * x_bar if x.shape == shape else x_bar,)

    replaced(op, vjp=vjp)
    alike = [rule for rule in instances(op) if len(rule.shapes[0]) == len(shape) and rule.shapes[0][0] <= shape[0]]
    refuted = [rule for rule in alike if isinstance(RuleCheck(rule, exact_semantics()).refuted_at_points(Part.VJP), Refuted)]
    assert {(shape,)} == {rule.shapes for rule in refuted}


class LosingAtSin(Tape):
    """Loses the second contribution of a node of `sin` to a value."""

    def propagate(self, place: int, accumulated: Any) -> None:
        node: Any = self.nodes[place]
        others: Any = [each for each in self.nodes[place + 1 :] if each.parents == node.parents]
        if node.parents and node.primitive.op == "sin" and any(each.primitive.op == "sin" for each in others):
            return
        super().propagate(place, accumulated)


def test_a_tape_that_goes_wrong_at_one_op_is_refuted_by_a_graph_that_has_it_whatever_is_seeded() -> None:
    graph = Graph((Leaf(()),), (Node("sin", (0,), ()), Node("sin", (0,), ()), Node("cos", (0,), ())))
    case = Case(graph, (np.array(0.5),), Environment(), last_value_seeds(graph))
    engine, *others = GraphWork("alone", case).decide(Subject(LosingAtSin, TORCHLEAN))
    assert isinstance(engine.outcome, Refuted)
    assert 2 == len(engine.outcome.counterexample.case["nodes"])
    assert not [record for record in others if isinstance(record.outcome, Refuted)]


class Unrounded(Tape):
    """Rounds no value to its dtype."""

    def record(self, primitive: Any, parents: Any, attributes: Any) -> int:
        asked, self.dtype = self.dtype, None
        try:
            return super().record(primitive, parents, attributes)
        finally:
            self.dtype = asked


def test_a_tape_that_leaves_values_in_another_format_is_refuted() -> None:
    graph = Graph((), (Node("rand_uniform", (), (2,), {"shape": (2,), "seed": 1, "counter": 0}),))
    case = Case(graph, (), Environment(), last_value_seeds(graph))
    work = GraphWork("one draw", case)
    found = {record.obligation.family: record.outcome for record in work.decide(Subject(Unrounded, TORCHLEAN))}
    assert isinstance(found["float"], Refuted)
    assert "float32 primal of value 0 (rand_uniform) is in float64" in found["float"].detail
    shipped = {record.obligation.family: record.outcome for record in work.decide(Subject(Tape, TORCHLEAN))}
    assert not isinstance(shipped["float"], Refuted)
