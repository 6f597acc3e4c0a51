"""Points at which a rule is tried: a graph of one node with values at kinks, ties and in general position."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np

from ...ir.exchange import Case
from ...ir.graph import Environment, Graph, Leaf, Node, Shape
from ...spec.derive import Instance, symbol
from ...spec.operand import indices
from ..references import referring
from .instances import RuleInstance

Draw = Callable[[random.Random], float]

_DRAWS: tuple[Draw, ...] = (
    lambda stream: stream.choice((-1, 1)) * stream.randrange(1, 17) / 8,
    lambda stream: stream.randrange(1, 17) / 8,
    lambda stream: float(stream.randrange(-1, 2)),
    lambda _stream: 1.0,
    lambda _stream: 0.0,
    lambda stream: stream.randrange(-40, 41) / 8,
)
"""General position, positive, from {−1, 0, 1}, all tied, all 0, and farther out."""


def rule_cases(rule: RuleInstance, instance: Instance) -> Iterator[Case]:
    """The rule as a graph of one node, at one point for each way of drawing the primals."""
    for place, draw in enumerate(_DRAWS):
        stream = random.Random(f"{rule.key} {place}")
        leaves = [_drawn(shape, draw, stream) for shape in rule.shapes]
        seeds = [_drawn(shape, _DRAWS[0], stream) for shape in (*rule.shapes, instance.shape)]
        yield _case(rule, instance, leaves, seeds)


def wide_cases(case: Case, reach: int) -> Iterator[Case]:
    """The case at small and large magnitudes: leaves and seeds times powers of 2, with exponents up to ±`reach`."""
    scales = [(5, 0), (8, 0), (60, 0), (-60, 0), (reach, 0), (-reach, 0), (reach, -reach), (-reach, reach)]
    for leaf_scale, seed_scale in scales:
        leaves = tuple(np.ldexp(leaf, leaf_scale) for leaf in case.leaves)
        seeds = tuple(np.ldexp(seed, seed_scale) for seed in case.seeds)
        yield replace(case, leaves=leaves, seeds=seeds)


def side_by_side(first: Case, second: Case) -> Case:
    """The rule at two points, as a graph of two nodes that share nothing."""
    (node,), count = first.graph.nodes, len(first.leaves)
    beside = replace(node, parents=tuple(count + parent for parent in node.parents))
    graph = Graph((*first.graph.leaves, *second.graph.leaves), (node, beside))
    seeds = (*first.seeds[:count], *second.seeds[:count], first.seeds[-1], second.seeds[-1])
    return Case(graph, (*first.leaves, *second.leaves), first.environment, seeds)


def case_at(rule: RuleInstance, instance: Instance, candidate: Mapping[str, Fraction]) -> Case:
    """The rule at a solver's candidate, its numbers rounded to binary64; what it leaves open is 0, seeds are 1."""

    def filled(role: str, place: int, shape: Shape, default: float) -> np.ndarray:
        values = [float(candidate.get(symbol(role, place, index).name, default)) for index in indices(shape)]
        return np.array(values, dtype=np.float64).reshape(shape)

    leaves = [filled("x", place, shape, 0.0) for place, shape in enumerate(rule.shapes)]
    tangents = [filled("x_dot", place, shape, 1.0) for place, shape in enumerate(rule.shapes)]
    return _case(rule, instance, leaves, [*tangents, filled("y_bar", 0, instance.shape, 1.0)])


def _case(rule: RuleInstance, instance: Instance, leaves: list[np.ndarray], seeds: list[np.ndarray]) -> Case:
    attributes, naturals = referring(rule.op, rule.attributes, ())
    node = Node(rule.op, tuple(range(len(rule.shapes))), instance.shape, attributes)
    graph = Graph(tuple(map(Leaf, rule.shapes)), (node,))
    return Case(graph, tuple(leaves), Environment(naturals), tuple(seeds))


def _drawn(shape: Shape, draw: Draw, stream: random.Random) -> np.ndarray:
    return np.array([draw(stream) for _ in indices(shape)], dtype=np.float64).reshape(shape)
