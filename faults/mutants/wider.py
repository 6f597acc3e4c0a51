"""Instances of an op that the check does not use: other sizes, drawn."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator

from ...equivalence.rules.instances import RuleInstance
from ...ir.graph import Shape
from ...spec.definition import Definition, ShapeMismatch, definition_of

_SIDES = (1, 2, 4, 6, 7, 9)
_MOST_ENTRIES = 150
_DRAWS = 12
"""Tries for an op; those that the op refuses, or that are too large, are dropped."""


def wider(op: str) -> Iterator[RuleInstance]:
    """A few instances at sizes drawn from `_SIDES`, each with the attributes that the definition lists for them."""
    definition = definition_of(op)
    stream = random.Random(f"wider {op}")
    for _ in range(_DRAWS):
        for shapes in _drawn(definition, stream):
            for attributes in definition.attributes(*shapes):
                rule = RuleInstance(op, shapes, attributes)
                if _is_fit(rule):
                    yield rule


def _drawn(definition: Definition, stream: random.Random) -> list[tuple[Shape, ...]]:
    names = dict.fromkeys(name for group in definition.signature for name in group)
    rank = stream.randrange(4)
    sides = {name: tuple(stream.choice(_SIDES) for _ in range(rank if name.startswith("*") else 1)) for name in names}
    shapes = tuple(tuple(side for name in group for side in sides[name]) for group in definition.signature)
    if definition.beside is None:
        return [shapes]
    return [(shapes[0], *others) for others in definition.beside(shapes[0])][:3]


def _is_fit(rule: RuleInstance) -> bool:
    try:
        shapes = (*rule.shapes, rule.shape)
    except ShapeMismatch:
        return False
    return all(math.prod(shape) <= _MOST_ENTRIES for shape in shapes)
