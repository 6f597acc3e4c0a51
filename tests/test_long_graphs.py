"""Graphs of a hundred thousand nodes: nothing recurs over them, and what is done grows as they do."""

from __future__ import annotations

import gc
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import numpy as np
import pytest
from backproof.equivalence.engine.free import engine_claim
from backproof.equivalence.engine.shrink import MOST_SWEPT, Parents, shrink
from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.generation.reduction import reduce_case
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.graphs.crosscheck import crosscheck
from backproof.equivalence.graphs.replay import exact_semantics
from backproof.equivalence.kernel import verdict
from backproof.equivalence.kernel.free_terms import Terms
from backproof.equivalence.rules import discharge
from backproof.equivalence.subject import Subject
from backproof.ir.collector import collector_waits
from backproof.ir.exchange import Case, last_value_seeds, read_case, write_case
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.runtime.compile import compile_graph
from backproof.runtime.forward_mode import jvp_dense
from backproof.runtime.primitive import PRIMITIVES, ShapeMismatch
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

LONG = 100_000


def shared(length: int) -> Case:
    """h ← tanh((h + u) / 2) over and over, u drawn from all values before."""
    stream, nodes = random.Random(1), []
    for place in range(1, length):
        op = ("tanh", "add", "scale")[place % 3]
        parents = (place - 1, stream.randrange(place)) if op == "add" else (place - 1,)
        nodes.append(Node(op, parents, (2,), {"c": 0.5} if op == "scale" else {}))
    return case_of(nodes)


def case_of(nodes: Sequence[Node]) -> Case:
    graph = Graph((Leaf((2,)),), tuple(nodes))
    return Case(graph, (np.array([0.75, -1.5]),), Environment(), last_value_seeds(graph))


class CountingTape(Tape):
    """A tape that counts its steps."""

    def __init__(self) -> None:
        super().__init__()
        self.steps = 0

    def accumulate(self, parent: int, contribution: Any, accumulated: list[Any]) -> None:
        self.steps += 1
        super().accumulate(parent, contribution, accumulated)


def test_sweeps_of_a_hundred_thousand_nodes_take_one_step_for_each_edge() -> None:
    case = shared(LONG)
    tape = compile_graph(case.graph, case.leaves, case.environment, CountingTape)
    assert isinstance(tape, CountingTape)
    edges = sum(len(node.parents) for node in case.graph.nodes)
    dense = tape.backward_dense_from(case.seeds)
    assert edges == tape.steps
    assert np.array_equal(dense[0], tape.backward(LONG - 1, case.seeds[-1])[0])
    assert 2 * edges == tape.steps
    before = dense[0]
    tape.refresh([case.leaves[0] / 2])
    assert not np.array_equal(before, tape.backward_dense_from(case.seeds)[0])
    (tangent,) = [jvp_dense(tape, (np.ones(2),))[-1]]
    assert np.allclose(tangent, tape.backward_dense_from(case.seeds)[0], rtol=1e-9)


def test_a_file_of_twenty_thousand_nodes_is_read_as_it_was_written(tmp_path: Path) -> None:
    case = shared(20_000)
    write_case(case, tmp_path / "long.json")
    assert case.graph == read_case(tmp_path / "long.json").graph


def test_the_engine_of_a_long_graph_is_proved_and_its_terms_grow_as_it_does(monkeypatch: pytest.MonkeyPatch) -> None:
    tables: list[Terms] = []
    make = Terms.__init__

    def kept(self: Terms) -> None:
        make(self)
        tables.append(self)

    monkeypatch.setattr(Terms, "__init__", kept)
    for length in (500, 2_500):
        engine_claim(shared(length).graph, Tape)
    short, long = (len(table._numbers) for table in tables)
    assert long < 5.1 * short
    assert isinstance(engine_verdict(shared(2_500).graph, Tape), verdict.Proved)


def test_a_value_used_by_all_others_has_a_sum_that_is_read_once() -> None:
    nodes = [Node("add", (place - 1, 0), (2,)) for place in range(1, 5_000)]
    assert isinstance(engine_verdict(case_of(nodes).graph, Tape), verdict.Proved)


def test_a_long_chain_of_products_is_compared_though_its_rationals_grow_without_end() -> None:
    nodes = [Node(("mul", "add")[place % 2], (place - 1, 0), (2,)) for place in range(1, 1_500)]
    assert isinstance(crosscheck(case_of(nodes), Tape, exact_semantics()), verdict.Tested)
    squares = [Node("mul", (place - 1, place - 1), (2,)) for place in range(1, 20)]
    assert isinstance(crosscheck(case_of(squares), Tape, exact_semantics()), verdict.Tested)


def test_a_wrong_rule_in_a_long_graph_is_refuted_at_one_node(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PRIMITIVES["tanh"], "vjp_kernel", lambda y_bar, y, x: (y_bar * (1 + y * y),))
    refuted = crosscheck(shared(300), Tape, exact_semantics())
    assert isinstance(refuted, verdict.Refuted)
    assert ["tanh"] == [node["op"] for node in refuted.counterexample.case["nodes"]]


def test_a_long_case_is_narrowed_by_few_trials() -> None:
    tried: list[int] = []

    def holds(wanted: int) -> Any:
        def fails(case: Case) -> bool:
            tried.append(len(case.graph.nodes))
            return len(case.graph.nodes) >= wanted

        return fails

    assert 10 == len(reduce_case(holds(10), shared(4_000)).graph.nodes)
    assert len(tried) < 1_000
    tried.clear()
    assert 150 <= len(reduce_case(holds(150), shared(4_000)).graph.nodes) <= 300
    assert sum(tried) < 3 * 4_000


def test_a_long_graph_on_which_a_tape_fails_is_not_shrunk_for_ever() -> None:
    tried: list[int] = []

    def fails(values: Parents) -> bool:
        tried.append(len(values))
        return False

    assert 50_000 == len(shrink(shared(50_000).graph, fails))
    assert sum(tried) <= MOST_SWEPT + 50_000


def test_the_rule_of_a_kind_of_node_is_decided_once_for_a_refuted_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    check = discharge.RuleCheck

    def counted(rule: Any, semantics: Any) -> Any:
        made.append(rule.key)
        return check(rule, semantics)

    monkeypatch.setattr(discharge, "RuleCheck", counted)
    monkeypatch.setattr(PRIMITIVES["relu"], "vjp_kernel", lambda y_bar, y, x: (y_bar * (x >= 0),))
    nodes = [Node("relu", (0,), (2,)), *(Node("relu", (place,), (2,)) for place in range(1, 100))]
    graph = Graph((Leaf((2,)),), tuple(nodes))
    case = Case(graph, (np.array([0.0, 1.0]),), Environment(), last_value_seeds(graph))
    records = [each for each in GraphWork("relus", case).decide(Subject(Tape, TORCHLEAN)) if each.obligation.family == "graph"]
    (outcome,) = [record.outcome for record in records]
    assert isinstance(outcome, verdict.Refuted)
    assert verdict.RefutedReason.KINK == outcome.reason
    assert ["relu[2]"] == made


def test_the_collector_waits_while_a_long_graph_is_recorded_and_works_again_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    working: list[bool] = []
    record = Tape.record

    def observed(self: Tape, *arguments: Any) -> int:
        working.append(gc.isenabled())
        return record(self, *arguments)

    monkeypatch.setattr(Tape, "record", observed)
    case = shared(10)
    tape = compile_graph(case.graph, case.leaves, case.environment, Tape)
    tape.refresh(case.leaves)
    assert not any(working)
    assert gc.isenabled()
    with pytest.raises(ShapeMismatch):
        compile_graph(case.graph, (np.zeros(3),), case.environment, Tape)
    wrong = Graph(case.graph.leaves, (Node("tanh", (0,), (3,)),))
    with pytest.raises(ShapeMismatch):
        compile_graph(wrong, case.leaves, case.environment, Tape)
    assert gc.isenabled()


def test_who_has_stopped_the_collector_finds_it_stopped() -> None:
    gc.disable()
    try:
        with collector_waits():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()
    with collector_waits(), collector_waits():
        assert not gc.isenabled()
    assert gc.isenabled()
