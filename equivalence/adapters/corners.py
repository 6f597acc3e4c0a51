"""Small graphs that every engine is asked, whatever is drawn: one value as both parents, nodes twice, a node used twice.

Their values lie at kinks, at ties and in general position, and every value is seeded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np

from ...ir.exchange import Case
from ...ir.graph import Environment, Graph, Leaf, Node, Shape, element_count
from ...spec.convention import Convention
from ..containment import contained
from ..kernel.verdict import Unknown
from ..rules.instances import RuleInstance, instances
from .definitions import exact_meaning

MOST_ENTRIES = 6
"""Of an operand: the smallest shapes that tell entries apart are enough here."""

_VALUES = ((0.0,), (1.0,), (1.0, 0.0, -1.0), (0.5, -1.5, 2.0, -0.25, 1.25), (3.0, 2.0, 4.0, 2.5, 3.5))
"""All zero, all tied, on the usual kinks, apart, and where most domains are; each repeated as often as is needed."""


def corner_cases(op: str, convention: Convention) -> Iterator[tuple[str, Case]]:
    """Cases of one op inside its domain, each with its name; none if no small instance has entries."""
    chosen = _smallest(op)
    for place, values in enumerate(_VALUES if chosen is not None else ()):
        graphs = () if chosen is None else (_graph(chosen, own=own) for own in (True, False))
        cases = (_case(graph, values) for graph in graphs)
        meant = next((case for case in cases if not isinstance(contained(partial(exact_meaning, case, convention)), Unknown)), None)
        if meant is not None:
            yield f"corner-{op}-{place}", meant


def _case(graph: Graph, values: Sequence[float]) -> Case:
    leaves = tuple(np.resize(values, leaf.shape) for leaf in graph.leaves)
    seeds = tuple(np.full(graph.shape(value), 1.0 + value / 4) for value in range(len(graph)))
    return Case(graph, leaves, Environment(), seeds)


def _smallest(op: str) -> RuleInstance | None:
    """Of the small instances with entries the one with most, those that can take one value as several inputs first."""
    small = [rule for rule in instances(op) if rule.shapes and all(1 <= element_count(shape) <= MOST_ENTRIES for shape in rule.shapes)]
    return max(small, key=lambda rule: (len(set(rule.shapes)) < len(rule.shapes), sum(map(element_count, rule.shapes))), default=None)


def _graph(rule: RuleInstance, *, own: bool) -> Graph:
    """The op of one leaf for all inputs of a shape, twice; and, if `own`, once more of its own result, where that has their shape."""
    places: dict[Shape, int] = {}
    for shape in rule.shapes:
        places.setdefault(shape, len(places))
    parents = tuple(places[shape] for shape in rule.shapes)
    node = Node(rule.op, parents, rule.shape, rule.attributes)
    nodes = [node, node]
    if own and rule.shape in places:
        again = {places[rule.shape]: len(places)}
        nodes.append(Node(rule.op, tuple(again.get(parent, parent) for parent in parents), rule.shape, rule.attributes))
    return Graph(tuple(map(Leaf, places)), tuple(nodes))
