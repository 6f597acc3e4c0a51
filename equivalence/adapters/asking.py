"""A case put to an engine: primals, and the leaves' cotangents, after it ran elsewhere, and twice.

An engine that keeps what it met before shows it here: it ran at another point, and was swept from other seeds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np

from ...ir.exchange import Case, Values
from ...ir.graph import Environment, Graph, Leaf, resolve
from ..containment import contained
from .engine import Array, Engine, EngineFault

Read = Callable[[Values], Array]
"""How the case's numbers are given to the engine: as floats, or exactly."""

QUANTITIES = ("primal", "cotangent", "cotangent, asked again", "primal, afterwards")


@dataclass(frozen=True, slots=True)
class Answer:
    """One array that an engine gave: for which value of the graph, and as what."""

    value: int
    quantity: str
    array: Array


def asked(case: Case) -> Case:
    """The case as engines are asked it: no frozen leaves, and naturals in the attributes that read them."""
    graph = case.graph
    leaves = tuple(Leaf(leaf.shape, leaf.name) for leaf in graph.leaves)
    nodes = tuple(replace(node, attributes=cast(dict[str, Any], resolve(node.attributes, case.environment))) for node in graph.nodes)
    return Case(Graph(leaves, nodes), case.leaves, Environment(), case.seeds)


def answers(make: Callable[[], Engine], case: Case, read: Read) -> list[Answer]:
    """What an engine gives for a case that was made by `asked`.

    Raises: EngineFault if it gives another number of arrays than it owes; whatever the engine raises.
    """
    engine, graph, count = make(), case.graph, len(case.graph.leaves)
    with np.errstate(all="ignore"):
        contained(lambda: engine.backward(_elsewhere(engine, case, read)))
        leaves = list(map(read, case.leaves))
        primals = _counted(engine.forward(graph, leaves), len(graph), "forward")
        engine.backward([read(0.5 - seed) for seed in case.seeds])
        first, again = (_counted(engine.backward(list(map(read, case.seeds))), count, "backward") for _ in range(2))
    given = zip(QUANTITIES, (primals, first, again, leaves), strict=True)
    return [answer for quantity, arrays in given for answer in _answers(quantity, arrays, case, read)]


def _elsewhere(engine: Engine, case: Case, read: Read) -> list[Array]:
    """Seeds, after the engine ran forward at another point, which may lie outside a domain."""
    engine.forward(case.graph, [read(0.75 * leaf) for leaf in case.leaves])
    return [read(1.5 - seed) for seed in case.seeds]


def _answers(quantity: str, arrays: Sequence[Array | None], case: Case, read: Read) -> Iterator[Answer]:
    for value, array in enumerate(arrays):
        yield Answer(value, quantity, read(np.zeros(case.graph.shape(value))) if array is None else array)


def _counted(arrays: Sequence[Any], needed: int, method: str) -> list[Any]:
    came = list(arrays)
    if len(came) != needed:
        raise EngineFault(f"{method} gave {len(came)} arrays, {needed} were needed")
    return came
