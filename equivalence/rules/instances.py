"""The shapes and attributes at which an op's rule is checked, from its definition's signature."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from ...ir.exchange import Case
from ...ir.graph import Dense, Shape, resolve
from ...spec.definition import Definition, ShapeMismatch, definition_of

SIDES = (0, 1, 2, 3, 5)
"""Every side of a shape takes each of these sizes in some instance, where that is legal."""

LONGER_SIDES = (*range(6, 25), 32, 37)
"""Further sizes of a vector, of an op that has no lemma for all shapes."""

MOST_ENTRIES = 128
"""An operand or result with more entries makes an instance large: it is proved by its lemma for all shapes, if it has one."""

_BESIDE_EXAMPLES = 24
"""Entries of the shapes that the signature makes, where the definition has examples of its own."""

_ANY_RANK: tuple[Shape, ...] = ((), (0,), (1,), (5,), (2, 3), (3, 1, 2), (2, 0, 3), (2, 1, 3, 2))


@dataclass(frozen=True)
class RuleInstance:
    """An op at given operand shapes and attributes; references into the environment are resolved."""

    op: str
    shapes: tuple[Shape, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """A name that tells instances apart: op, shapes, attributes."""
        shapes = ",".join("x".join(map(str, shape)) if shape else "()" for shape in self.shapes)
        attributes = ";".join(f"{name}={_shown(value)}" for name, value in sorted(self.attributes.items()))
        return f"{self.op}[{shapes}]" + (f"{{{attributes}}}" if attributes else "")

    @property
    def is_large(self) -> bool:
        """Whether it is too large to be tried at points and decided entry by entry."""
        return any(math.prod(shape) > MOST_ENTRIES for shape in (*self.shapes, self.shape))

    @property
    def shape(self) -> Shape:
        """The output's shape."""
        return tuple(definition_of(self.op).infer_shape(self.shapes, self.attributes))


def instances(op: str) -> Iterator[RuleInstance]:
    """Every instance at which an op is checked.

    Non-square throughout, then square once, because some faults show only at one of the two; an op without a lemma for all
    shapes at longer vectors too.
    """
    definition = definition_of(op)
    seen = set()
    for shapes in _operands(definition):
        for attributes in definition.attributes(*shapes):
            instance = RuleInstance(op, shapes, attributes)
            if instance.key not in seen and _accepted(definition, instance):
                seen.add(instance.key)
                yield instance


def rules_of(case: Case) -> Iterator[RuleInstance]:
    """The rule instance of every node of a graph."""
    for node in case.graph.nodes:
        shapes = tuple(case.graph.shape(parent) for parent in node.parents)
        yield RuleInstance(node.op, shapes, resolve(node.attributes, case.environment))


def _operands(definition: Definition) -> Iterator[tuple[Shape, ...]]:
    """The shapes of all inputs, instance by instance."""
    if definition.beside is not None:
        for first in _ANY_RANK:
            for others in definition.beside(first):
                yield (first, *others)
        yield from definition.examples
        return
    for sizes in _sizes(definition):
        shapes = tuple(_shape(pattern, sizes) for pattern in definition.signature)
        if not definition.examples or sum(map(math.prod, shapes)) <= _BESIDE_EXAMPLES:
            yield shapes
    yield from definition.examples


def _sizes(definition: Definition) -> Iterator[dict[str, Any]]:
    """Sizes for the named sides: each takes every size of SIDES, no two the same at once; then a square one."""
    names = list(dict.fromkeys(name for pattern in definition.signature for name in pattern))
    stars = [name for name in names if name.startswith("*")]
    letters = [name for name in names if not name.startswith("*")]
    for turn in range(max(len(SIDES) if letters else 0, len(_ANY_RANK) if stars else 0, 1)):
        named = {name: SIDES[(turn + 2 * place) % len(SIDES)] for place, name in enumerate(letters)}
        yield named | _wild(stars, turn)
    if letters:
        for side in (2, 3, 1):
            yield {name: side for name in letters} | {star: (side,) for star in stars}
    elif definition.bounded:  # the lemmas of other ops hold for square shapes too
        yield {star: (2, 2) for star in stars}
        yield from ({star: (side,) for star in stars} for side in LONGER_SIDES)


def _wild(stars: list[str], turn: int) -> dict[str, Shape]:
    """Sides for the wildcards: of several the one in turn has all of them, others the last ones or 1 in their place."""
    whole = _ANY_RANK[turn % len(_ANY_RANK)]
    parts = (whole[1:], (1,) * len(whole), tuple(1 if place % 2 else side for place, side in enumerate(whole)), whole)
    rest = parts[turn % len(parts)]
    return {star: whole if place == turn % len(stars) else rest for place, star in enumerate(stars)}


def _shape(pattern: tuple[str, ...], sizes: Mapping[str, Any]) -> Shape:
    shape: list[int] = []
    for name in pattern:
        shape.extend(sizes[name] if name.startswith("*") else (sizes[name],))
    return tuple(shape)


def _accepted(definition: Definition, instance: RuleInstance) -> bool:
    try:
        definition.infer_shape(instance.shapes, instance.attributes)
    except ShapeMismatch:
        return False
    return True


def _shown(value: Any) -> str:
    """An attribute in words; of a constant its shape and a fingerprint of its entries, so that no two read alike."""
    if not isinstance(value, Dense):
        return str(value)
    return f"{value.shape} {sha256(repr(value.entries).encode()).hexdigest()[:16]}"
