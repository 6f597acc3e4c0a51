"""Failing cases become small: by Hypothesis from nothing, and by taking a given case apart."""

from __future__ import annotations

import backproof.spec.definitions  # noqa: F401 - fills the registry of definitions
import numpy as np
import pytest
from backproof.equivalence.generation.reduction import reduce_case
from backproof.equivalence.generation.strategies import generate, shrink
from backproof.ir.exchange import Case, last_value_seeds
from backproof.ir.graph import Environment, Graph, Leaf, Node
from backproof.spec.definition import DEFINITIONS

OPS = sorted(DEFINITIONS)
FEW = ["abs", "add", "matmul"]


def has_one_parent_twice(case: Case) -> bool:
    return any(len(set(node.parents)) < len(node.parents) for node in case.graph.nodes)


def uses_a_node_three_times(case: Case) -> bool:
    uses = [parent for node in case.graph.nodes for parent in node.parents if parent >= len(case.graph.leaves)]
    return any(uses.count(parent) >= 3 for parent in uses)


def seeds_a_matmul(case: Case) -> bool:
    first = len(case.graph.leaves)
    return any(node.op == "matmul" and case.seeds[first + k].any() for k, node in enumerate(case.graph.nodes))


def test_the_smallest_graph_with_one_parent_twice_has_one_node() -> None:
    smallest = shrink(has_one_parent_twice, FEW, seed=3)
    assert smallest is not None
    assert (1, 1) == (len(smallest.graph.leaves), len(smallest.graph.nodes))


def test_the_smallest_graph_that_uses_a_node_three_times_has_three_nodes() -> None:
    smallest = shrink(uses_a_node_three_times, FEW, seed=3)
    assert smallest is not None
    assert 3 == len(smallest.graph.nodes)


def test_nothing_is_found_where_no_case_fails() -> None:
    assert shrink(lambda case: False, ["add"], seed=1) is None


def test_shrinking_is_the_same_for_a_seed() -> None:
    found = [shrink(lambda case: len(case.graph.nodes) > 2, FEW, seed=4) for _ in range(2)]
    assert [3, 3] == [len(case.graph.nodes) for case in found if case is not None]
    assert len({str(case.graph) for case in found if case is not None}) == 1


@pytest.mark.parametrize(
    ("fails", "nodes"), [(has_one_parent_twice, 1), (uses_a_node_three_times, 4), (seeds_a_matmul, 1)]
)
def test_generated_cases_taken_apart_still_fail_and_are_small(fails: object, nodes: int) -> None:
    assert callable(fails)
    failing = [case for case in generate(150, 11, OPS) if fails(case)]
    reduced = [reduce_case(fails, case) for case in failing]
    assert len(reduced) >= 3
    assert all(map(fails, reduced))
    assert nodes == max(len(case.graph.nodes) for case in reduced)


def test_a_cut_node_becomes_a_leaf_with_its_value_and_seed() -> None:
    graph = Graph((Leaf((2,), "x"),), (Node("add", (0, 0), (2,), {}, "s"), Node("tanh", (1,), (2,), {}, "t")))
    seeds = (np.zeros(2), np.array([7.0, 0.0]), np.ones(2))
    case = Case(graph, (np.array([0.5, -1.0]),), Environment(), seeds)
    reduced = reduce_case(lambda case: case.graph.nodes[-1].op == "tanh" and 7.0 in case.seeds[-2], case)
    assert Graph((Leaf((2,), "s"),), (Node("tanh", (0,), (2,), {}, "t"),)) == reduced.graph
    assert [1.0, -2.0] == reduced.leaves[0].tolist()
    assert [[7.0, 0.0], [0.0, 0.0]] == [seed.tolist() for seed in reduced.seeds]


def test_a_case_that_fails_only_as_it_is_is_returned_as_it_is() -> None:
    graph = Graph((Leaf((1,)),), (Node("abs", (0,), (1,)), Node("abs", (1,), (1,))))
    case = Case(graph, (np.array([1.0]),), Environment(), last_value_seeds(graph))
    assert reduce_case(lambda other: other is case, case) is case
