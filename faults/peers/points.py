"""Where peers look: at random points of a few instances, seeded; and at kinks, near the edge of a domain, in float32."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any

import numpy as np

from ...equivalence.generation.strategies import generate
from ...equivalence.rules.instances import RuleInstance, instances
from ...runtime.tape import Tape
from ...spec.definition import definition_of
from .hosted import Hosted, hosted_graph, hosted_rule

POINTS = 3
"""Points at which a fault is looked at, each at an instance of its own where there are so many."""

MOST_ENTRIES = 16
"""Entries of the inputs of an instance that a peer is asked about."""

EDGE = 1e-7
"""How far from the edge of a domain points near it are: less than the steps that peers take."""


_HELD = ("detach", "dropout")
"""Ops whose rule is not the derivative of their value, by definition."""


class Place(StrEnum):
    """What kind of points."""

    RANDOM = "random points"
    KINKS = "kinks"
    EDGES = "near domain edges"
    FLOAT32 = "float32"


def small_instances(op: str) -> list[RuleInstance]:
    """The instances with few entries and no side of 0, which gradcheck refuses; of an op that holds an input constant none."""
    if op in _HELD:
        return []
    found = []
    for rule in itertools.islice(instances(op), 100):
        entries = sum(map(math.prod, rule.shapes))
        if rule.shapes and entries <= MOST_ENTRIES and all(map(math.prod, (*rule.shapes, rule.shape))):
            found.append(rule)
    return found


def random_rules(op: str, name: str) -> Iterator[Hosted]:
    """An op at random points, drawn by the name: normal, and in a domain that is restricted at least 1/2 and positive."""
    found = small_instances(op)
    stream = random.Random(f"{op} {name}")
    for rule in stream.sample(found, min(POINTS, len(found))):
        yield hosted_rule(rule, _normal(rule, stream))


def _normal(rule: RuleInstance, stream: random.Random) -> list[Any]:
    generator = np.random.default_rng(stream.getrandbits(64))
    drawn = [np.asarray(generator.standard_normal(shape)) for shape in rule.shapes]
    return drawn if definition_of(rule.op).domain_text == "ℝ" else [0.5 + np.abs(each) for each in drawn]


def random_graphs(tape: type[Tape], name: str) -> Iterator[Hosted]:
    """Small graphs of smooth ops, run by a tape, at random points."""
    stream = random.Random(name)
    for case in generate(POINTS, stream.getrandbits(32), ["add", "mul", "tanh"]):
        leaves = tuple(replace(leaf, requires_grad=True) for leaf in case.graph.leaves)
        generator = np.random.default_rng(stream.getrandbits(64))
        values = tuple(np.asarray(generator.standard_normal(leaf.shape)) for leaf in leaves)
        yield hosted_graph(replace(case, graph=replace(case.graph, leaves=leaves), leaves=values), tape)


def right_rules(op: str, place: Place, name: str) -> Iterator[Hosted]:
    """An op at points of a kind; none if it has no such points."""
    definition = definition_of(op)
    for hosted in random_rules(op, name):
        match place:
            case Place.RANDOM:
                yield hosted
            case Place.FLOAT32:
                yield hosted.at([each.astype(np.float32) for each in hosted.point])
            case Place.EDGES if definition.domain_text != "ℝ":
                yield hosted.at([np.full_like(each, EDGE) for each in hosted.point])
            case Place.KINKS if definition.kinks != "none":
                yield from (hosted.at(_filled(hosted.point, value)) for value in (0.0, 1.0))
            case _:
                return


def _filled(point: Sequence[Any], value: float) -> list[Any]:
    """All entries tied."""
    return [np.full_like(each, value) for each in point]
