"""A failing case made smaller by taking its graph apart; what remains still fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import numpy as np

from ...ir.exchange import Case, Values
from ...ir.graph import Graph, Leaf, Node
from .values import Drawn, run

LONG = 64
"""Nodes up to which a case is taken apart value by value: each removal runs all that is left."""


def reduce_case(case_fails: Callable[[Case], bool], case: Case) -> Case:
    """The case after every removal under which it still fails; itself if there is none.

    A value that nothing uses is dropped, and what it was computed from may be seeded in its place, but never the last
    node; a node that is used becomes a leaf with
    the value its formula has; a seed becomes zero. So nodes, values or seeds become fewer each time, and this ends.
    A long case is first narrowed to a part of it, and stays as it is where no part fails.
    """
    case = _narrowed(case_fails, case)
    while len(case.graph.nodes) <= LONG:
        smaller = next((candidate for candidate in _removals(case) if case_fails(candidate)), None)
        if smaller is None:
            break
        case = smaller
    return case


def _narrowed(case_fails: Callable[[Case], bool], case: Case) -> Case:
    """Of a long case one node alone, or a half of a half of it, as long as one fails."""
    while len(case.graph.nodes) > LONG:
        smaller = next((part for part in _parts(case) if case_fails(part)), None)
        if smaller is None:
            break
        case = smaller
    return case


def _parts(case: Case) -> Iterator[Case]:
    """The first node of each kind by itself, then each half."""
    graph, values, met = case.graph, run(case), set()
    for place, node in enumerate(graph.nodes):
        kind = (node.op, tuple(map(graph.shape, node.parents)), tuple(sorted(node.attributes.items())))
        if kind not in met:
            met.add(kind)
            yield from _part(case, values, place, place + 1)
    middle = len(graph.nodes) // 2
    yield from _part(case, values, 0, middle)
    yield from _part(case, values, middle, len(graph.nodes))


def _part(case: Case, values: Sequence[Drawn | None], start: int, stop: int) -> Iterator[Case]:
    """The nodes from one to before another, what they use from elsewhere as leaves with its values, and seeds of one.

    Nothing if such a value is not known.
    """
    graph, count = case.graph, len(case.graph.leaves)
    kept = range(count + start, count + stop)
    outer = dict.fromkeys(parent for node in graph.nodes[start:stop] for parent in node.parents if parent not in kept)
    taken = {place: values[place] for place in outer}
    if any(value is None for value in taken.values()):
        return
    ids = {old: new for new, old in enumerate((*outer, *kept))}
    leaves = tuple(Leaf(graph.shape(place), requires_grad=getattr(graph.entry(place), "requires_grad", True)) for place in outer)
    part = Graph(leaves, tuple(_renumbered(node, ids) for node in graph.nodes[start:stop]))
    arrays = tuple(np.array(value.entries, dtype=np.float64).reshape(value.shape) for value in taken.values() if value is not None)
    yield Case(part, arrays, case.environment, tuple(np.ones(part.shape(place)) for place in range(len(part))))


def _removals(case: Case) -> Iterator[Case]:
    graph = case.graph
    used = {parent for node in graph.nodes for parent in node.parents}
    for value_id in reversed(range(len(graph))):
        if value_id not in used and (value_id < len(graph.leaves) or len(graph.nodes) > 1):
            yield _without(case, value_id)
            # The cotangent that it handed on may be what the failure needs.
            yield _without(_with_parents_seeded(case, value_id), value_id)
    values = run(case)
    for value_id in reversed(range(len(graph.leaves), len(graph))):
        value = values[value_id]
        if value_id in used and value is not None:
            yield _cut(case, value_id, np.array(value.entries, dtype=np.float64).reshape(value.shape))
    for value_id, seed in enumerate(case.seeds):
        if seed.any():
            seeds = (*case.seeds[:value_id], np.zeros_like(seed), *case.seeds[value_id + 1 :])
            yield replace(case, seeds=seeds)


def _with_parents_seeded(case: Case, value_id: int) -> Case:
    """The case with seed 1 in every entry of the values that a node was computed from."""
    node = case.graph.entry(value_id)
    parents = node.parents if isinstance(node, Node) else ()
    seeds = (np.ones_like(seed) if place in parents else seed for place, seed in enumerate(case.seeds))
    return replace(case, seeds=tuple(seeds))


def _without(case: Case, value_id: int) -> Case:
    """The case without a value that nothing uses."""
    graph = case.graph
    count = len(graph.leaves)
    ids = {old: old - (old > value_id) for old in range(len(graph))}
    leaves = [leaf for place, leaf in enumerate(graph.leaves) if place != value_id]
    nodes = [_renumbered(node, ids) for place, node in enumerate(graph.nodes, start=count) if place != value_id]
    values = [value for place, value in enumerate(case.leaves) if place != value_id]
    seeds = [seed for place, seed in enumerate(case.seeds) if place != value_id]
    return Case(Graph(tuple(leaves), tuple(nodes)), tuple(values), case.environment, tuple(seeds))


def _cut(case: Case, value_id: int, value: Values) -> Case:
    """The case in which a node is a leaf, the last one, with the node's value and seed."""
    graph = case.graph
    count = len(graph.leaves)
    order = [*range(count), value_id, *(place for place in range(count, len(graph)) if place != value_id)]
    ids = {old: new for new, old in enumerate(order)}
    leaf = Leaf(graph.shape(value_id), graph.entry(value_id).name)
    nodes = tuple(_renumbered(graph.nodes[place - count], ids) for place in order[count + 1 :])
    seeds = tuple(case.seeds[place] for place in order)
    return Case(Graph((*graph.leaves, leaf), nodes), (*case.leaves, value), case.environment, seeds)


def _renumbered(node: Node, ids: dict[int, int]) -> Node:
    return replace(node, parents=tuple(ids[parent] for parent in node.parents))
