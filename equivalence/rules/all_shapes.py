"""Rule lemmas for all sizes: what is claimed of each pattern of sizes that an op has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

from ...runtime.primitive import primitive_of
from ...spec.convention import CONVENTIONS, Convention, Share
from ...spec.definition import Definition, ShapeMismatch, definition_of
from ...spec.derive import instantiate
from ...spec.formula import Condition, nonzero
from ..kernel.shapes import AllShapes, Part
from .patterns import Pattern, samples


def lemma(op: str, part: Part, pattern: Pattern, convention: Convention) -> AllShapes:
    """The claim that a part of an op is right wherever the pattern covers."""
    definition, primitive = definition_of(op), primitive_of(op)
    domain = () if definition.domain_text == "ℝ" else (definition.domain_text,)
    # A value does not depend on what is declared of derivatives.
    zeros = frozenset[int]() if part == Part.FORWARD else _excluded_zeros(op, convention.name)
    owed = tuple(f"no derivative is owed where an entry of input {place} is 0" for place in sorted(zeros))
    return AllShapes(
        op,
        part,
        pattern.shapes,
        dict(pattern.attributes),
        definition.formula,
        _excluding(definition, zeros) if zeros else definition.domain,
        "; ".join((*domain, *owed, *definition.readings)) or "ℝ",
        definition.shape,
        dict.fromkeys(convention.weights, Fraction(0)) if part == Part.FORWARD else convention.weights,
        primitive.forward_kernel,
        primitive.vjp_kernel,
        primitive.jvp_kernel,
    )


@cache
def _excluded_zeros(op: str, convention: str) -> frozenset[int]:
    """The inputs at whose zeros a convention declares no derivative; none if that is a condition on anything else.

    The kernel does not rely on it: it asks where a derivative is taken that the argument is known not to be 0.
    """
    definition = definition_of(op)
    if definition.kinks == "none" or Share.NONE not in CONVENTIONS[convention].weights.values():
        return frozenset()
    for shapes in samples(definition):
        for attributes in definition.attributes(*shapes):
            try:
                found = instantiate(definition, shapes, attributes, CONVENTIONS[convention]).without_derivative
            except ShapeMismatch:  # a sample that the op refuses
                continue
            if found:
                names = [str(each).split() for each in found]
                return frozenset(int(name[1]) for name in names) if all(name[0] == "x" for name in names) else frozenset()
    return frozenset()


def _excluding(definition: Definition, zeros: frozenset[int]) -> Callable[..., Sequence[Condition]]:
    """The op's domain without the zeros of these inputs."""

    def domain(*operands: Any, **attributes: Any) -> Sequence[Condition]:
        count = definition.arity
        places = operands[count:]
        return (*definition.domain(*operands, **attributes), *(nonzero(operands[zero][places]) for zero in sorted(zeros)))

    return domain
