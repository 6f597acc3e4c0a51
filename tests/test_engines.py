"""Somebody else's engine: a right one passes, each way of being wrong is found, and a black box is never proved."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from backproof import Case, Environment, Graph, Leaf, Node
from backproof.equivalence.adapters.corners import corner_cases
from backproof.equivalence.adapters.judging import Judging
from backproof.equivalence.adapters.rules import EngineRule
from backproof.equivalence.adapters.work import EngineGraphWork, EngineRuleWork
from backproof.equivalence.generation.distribution import FEATURES
from backproof.equivalence.kernel.decision import UnknownReason
from backproof.equivalence.kernel.verdict import Needs, Proved, Refuted, RefutedReason, Unknown, Verdict
from backproof.equivalence.kernel.verdict import Tested as Held
from backproof.equivalence.rules.instances import RuleInstance
from backproof.equivalence.rules.parts import Part
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.ir.exchange import last_value_seeds
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

Rule = tuple[Callable[..., Any], Callable[..., Sequence[Any]]]

RULES: dict[str, Rule] = {
    "add": (lambda a, b: a + b, lambda g, a, b: (g, g)),
    "mul": (lambda a, b: a * b, lambda g, a, b: (g * b, g * a)),
    "relu": (lambda x: np.where(x > 0, x, 0), lambda g, x: (np.where(x > 0, g, 0),)),
    "tanh": (np.tanh, lambda g, x: (g * (1 - np.tanh(x) ** 2),)),
    "log": (np.log, lambda g, x: (g / x,)),
}


class Mine:
    """An engine that is right."""

    ops: Sequence[str] = tuple(RULES)
    exact = True
    rules = RULES

    def forward(self, graph: Graph, leaves: Sequence[Any]) -> list[Any]:
        self.graph, self.values = graph, list(leaves)
        for node in graph.nodes:
            self.values.append(self.rules[node.op][0](*(self.values[parent] for parent in node.parents)))
        return self.values

    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        found = list(seeds)
        for value in reversed(range(len(self.graph.leaves), len(self.graph))):
            node = self.graph.nodes[value - len(self.graph.leaves)]
            given = self.rules[node.op][1](found[value], *(self.values[parent] for parent in node.parents))
            for parent, each in zip(node.parents, given, strict=True):
                found[parent] = found[parent] + each
        return found[: len(self.graph.leaves)]


class BlackBox(Mine):
    exact = False


def with_rule(op: str, rule: Rule) -> type[Mine]:
    return type("Other", (Mine,), {"rules": {**RULES, op: rule}})


def case_of(*nodes: Node, values: Sequence[float] = (3.0, -2.0)) -> Case:
    graph = Graph(tuple(Leaf(()) for _ in values), nodes)
    return Case(graph, tuple(np.array(value) for value in values), Environment(), last_value_seeds(graph))


SHARED = case_of(Node("mul", (0, 1), ()), Node("add", (2, 2), ()), Node("mul", (3, 2), ()))


def judged(engine: type[Any], case: Case = SHARED) -> tuple[Verdict, Verdict]:
    judging = Judging(engine, TORCHLEAN)
    return judging.exactly(case), judging.in_floats(case)


def test_a_right_engine_is_tested_and_not_proved_on_a_graph() -> None:
    exactly, in_floats = judged(Mine)
    assert isinstance(exactly, Held) and isinstance(in_floats, Held)
    assert exactly.points == in_floats.points == 5 + 2 + 2 + 2  # primals, cotangents twice, the leaves afterwards


def test_a_rule_of_an_exact_engine_is_proved_for_all_inputs() -> None:
    for op in ("mul", "relu", "tanh"):
        rule = EngineRule(RuleInstance(op, ((2,),) * (2 if op == "mul" else 1)), Mine, TORCHLEAN)
        assert isinstance(rule.proved(Part.FORWARD), Proved) and isinstance(rule.proved(Part.VJP), Proved)


def test_a_black_box_owes_tests_alone_and_an_exact_engine_proofs_too() -> None:
    rule = RuleInstance("mul", ((2,), (2,)))
    assert [owed.needs for owed in EngineRuleWork(rule, exact=False).owed()] == [Needs.TEST]
    assert [owed.needs for owed in EngineRuleWork(rule, exact=True).owed()] == [Needs.PROOF, Needs.PROOF, Needs.TEST]
    subject = Subject(Tape, TORCHLEAN, BlackBox)
    records = [*EngineRuleWork(rule, exact=False).decide(subject), *EngineGraphWork("shared", SHARED, exact=False).decide(subject)]
    assert [type(record.outcome) for record in records] == [Held, Held]


def test_what_is_asked_without_an_engine_is_unknown() -> None:
    records = perform(EngineGraphWork("shared", SHARED, exact=True), Subject(Tape, TORCHLEAN))
    assert [type(record.outcome) for record in records] == [Unknown, Unknown]


class Overwrites(Mine):
    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        found = list(seeds)
        for value in reversed(range(len(self.graph.leaves), len(self.graph))):
            node = self.graph.nodes[value - len(self.graph.leaves)]
            for parent, each in zip(node.parents, self.rules[node.op][1](found[value], *(self.values[p] for p in node.parents)), strict=True):
                found[parent] = each
        return found[: len(self.graph.leaves)]


class AddsUp(Mine):
    """Gradients of an earlier sweep are still there, as without zero_grad."""

    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        now = super().backward(seeds)
        before = getattr(self, "before", [0] * len(now))
        self.before = [a + b for a, b in zip(before, now, strict=True)]
        return self.before


class Remembers(Mine):
    """The first graph's values are kept for every later one."""

    def forward(self, graph: Graph, leaves: Sequence[Any]) -> list[Any]:
        came = super().forward(graph, leaves)
        self.values = self.first = getattr(self, "first", self.values)
        return came


class Drops(Mine):
    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        return [None, *super().backward(seeds)[1:]]


class Scribbles(Mine):
    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        came = super().backward(seeds)
        self.values[0][...] = self.values[0] + self.values[0]
        return came


class OfOneShape(Mine):
    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        return [each.reshape((1,)) for each in super().backward(seeds)]


@pytest.mark.parametrize("engine", [Overwrites, AddsUp, Remembers, Drops, Scribbles, OfOneShape])
def test_a_wrong_engine_is_refuted_by_a_graph_of_at_most_two_nodes(engine: type[Mine]) -> None:
    for verdict in judged(engine):
        assert isinstance(verdict, Refuted) and verdict.reason is RefutedReason.WRONG
        assert 1 <= len(verdict.counterexample.case["nodes"]) <= 2


def test_a_wrong_rule_is_refuted_in_proofs_and_in_floats() -> None:
    engine = with_rule("tanh", (np.tanh, lambda g, x: (g * (1 + np.tanh(x) ** 2),)))
    rule = EngineRule(RuleInstance("tanh", ((2,),)), engine, TORCHLEAN)
    assert isinstance(rule.proved(Part.FORWARD), Proved)
    assert isinstance(rule.proved(Part.VJP), Refuted) and isinstance(rule.in_floats(), Refuted)


def test_another_slope_at_a_kink_alone_is_told_apart() -> None:
    engine = with_rule("relu", (RULES["relu"][0], lambda g, x: (np.where(x >= 0, g, 0),)))
    rule = EngineRule(RuleInstance("relu", ((2,),)), engine, TORCHLEAN)
    for verdict in (rule.proved(Part.VJP), rule.in_floats()):
        assert isinstance(verdict, Refuted) and verdict.reason is RefutedReason.KINK


def test_a_rule_that_is_another_one_on_floats_is_proved_of_objects_and_refuted_in_floats() -> None:
    engine = with_rule("mul", (RULES["mul"][0], lambda g, a, b: (g * b, g if type(a) is np.ndarray else g * a)))
    rule = EngineRule(RuleInstance("mul", ((2,), (2,))), engine, TORCHLEAN)
    assert isinstance(rule.proved(Part.VJP), Proved) and isinstance(rule.in_floats(), Refuted)


def test_half_the_digits_are_neither_passed_nor_refuted() -> None:
    engine = with_rule("tanh", (lambda x: np.tanh(x.astype(np.float32)).astype(np.float64), RULES["tanh"][1]))
    verdict = EngineRule(RuleInstance("tanh", ((2,),)), engine, TORCHLEAN).in_floats()
    assert isinstance(verdict, Unknown) and "less accurate" in verdict.detail


def raising(error: Exception) -> type[Mine]:
    def forward(*_operands: Any) -> Any:
        raise error

    return with_rule("mul", (forward, RULES["mul"][1]))


class Short(Mine):
    def backward(self, seeds: Sequence[Any]) -> list[Any]:
        return super().backward(seeds)[1:]


@pytest.mark.parametrize(
    ("engine", "reason"),
    [
        (raising(NotImplementedError("mul")), UnknownReason.UNSUPPORTED),
        (raising(ValueError("mul")), UnknownReason.CRASHED),
        (Short, UnknownReason.CRASHED),
    ],
)
def test_an_engine_that_gives_no_answer_is_unknown(engine: type[Mine], reason: UnknownReason) -> None:
    for verdict in judged(engine):
        assert isinstance(verdict, Unknown) and verdict.reason is reason


def test_a_point_outside_the_domain_is_no_test() -> None:
    outside = case_of(Node("log", (0,), ()), values=(-3.0,))
    for verdict in judged(Mine, outside):
        assert isinstance(verdict, Unknown) and verdict.reason is UnknownReason.NOT_RUN


@pytest.mark.parametrize("op", ["mul", "max"])
def test_corners_hold_kinks_ties_one_value_as_both_parents_and_nodes_that_share_it(op: str) -> None:
    cases = [case for _name, case in corner_cases(op, TORCHLEAN)]
    for feature in ("same parent twice", "every value seeded"):
        assert all(FEATURES[feature](case) for case in cases)
    assert all(sum(0 in node.parents for node in case.graph.nodes) >= 2 for case in cases)
    assert op != "max" or any(FEATURES["entry on a kink"](case) for case in cases)


def test_corners_stay_inside_the_domain() -> None:
    cases = [case for _name, case in corner_cases("log", TORCHLEAN)]
    assert 1 <= len(cases) and all(isinstance(verdict, Held) for case in cases for verdict in judged(Mine, case))
