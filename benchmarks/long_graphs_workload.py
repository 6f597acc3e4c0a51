"""Graphs of any length in which most values are used more than once."""

from __future__ import annotations

import random

import numpy as np
from backproof.ir.exchange import Case, last_value_seeds
from backproof.ir.graph import Environment, Graph, Leaf, Node

SHAPE = (4,)


def shared_chain(length: int) -> Case:
    """h ← tanh((h + u) / 2) over and over, u drawn from all values before: `length` values, leaves included.

    Halving keeps every cotangent in range, however many paths lead to a value.
    """
    stream = random.Random(length)
    nodes = []
    for place in range(2, length):
        op = ("add", "scale", "tanh")[place % 3]
        parents = (place - 1, stream.randrange(place)) if op == "add" else (place - 1,)
        nodes.append(Node(op, parents, SHAPE, {"c": 0.5} if op == "scale" else {}))
    graph = Graph((Leaf(SHAPE), Leaf(SHAPE)), tuple(nodes))
    leaves = np.random.default_rng(length).normal(size=(2, *SHAPE))
    return Case(graph, (leaves[0], leaves[1]), Environment(), last_value_seeds(graph))
