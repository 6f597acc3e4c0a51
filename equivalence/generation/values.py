"""Formulas on binary64 numbers: the value of an op while a graph is drawn, and how near it comes to a kink.

The values are the formula's and not the runtime's, so that a seed draws the same graphs whatever the kernels under
check do, and so that a faulty kernel cannot steer them away from its fault.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from ...ir.exchange import Case
from ...ir.graph import Shape, resolve
from ...spec.definition import Definition, definition_of
from ...spec.operand import Operand, indices

LARGEST = 16.0
"""The magnitude that no drawn value exceeds: far from overflow, and from where tanh and sigmoid round to 1."""

INSIDE = 2.0**-4
"""How far inside its domain an op is evaluated."""

CLEAR = 2.0**-10
"""How far from a kink an inexact value stays: rounding must not choose its branch."""

STEP = 2.0**-20
"""A value all of whose entries are multiples of this is taken as exact, if its parents are."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A value: row-major entries, whether binary64 holds them exactly, and whether computing one met a kink."""

    shape: Shape
    entries: tuple[float, ...]
    exact: bool
    on_kink: bool = False


class Entry(float):
    """A float as formulas see it; a kink that it decides tells `heed` its discriminant."""

    __slots__ = ("heed",)
    heed: Callable[[float], None]

    def __formula__(self, word: str, *operands: Any) -> Entry:
        match word:
            case "kink":
                _name, discriminant, above, below = operands
                self.heed(float(discriminant))
                return self._with(above if discriminant > 0 else below)
            case "choose":
                mask, chosen, other = operands
                self.heed(float(mask))
                return self._with(chosen if mask != 0 else other)
            case "largest of":
                return self._largest(operands[1:])
            case "stop":
                return self
            case "step":
                self.heed(float(self))
                return self._with(float(self > 0))
            case "root":
                _name, x = operands
                self.heed(float(x))
                return self._with(math.sqrt(max(float(x), 0.0)))
            case _:
                return self._with(_FUNCTIONS[word](self))

    def _largest(self, entries: Sequence[Any]) -> Entry:
        """The largest: a kink that another one is as large."""
        winner = max(range(len(entries)), key=lambda place: float(entries[place]))
        for place, other in enumerate(entries):
            if place != winner:
                self.heed(float(entries[winner]) - float(other))
        return self._with(float(entries[winner]))

    def _with(self, value: float) -> Entry:
        return entry(float(value), self.heed)

    def __add__(self, other: Any) -> Entry:
        return self._with(float(self) + float(other))

    def __sub__(self, other: Any) -> Entry:
        return self._with(float(self) - float(other))

    def __rsub__(self, other: Any) -> Entry:
        return self._with(float(other) - float(self))

    def __mul__(self, other: Any) -> Entry:
        return self._with(float(self) * float(other))

    def __truediv__(self, other: Any) -> Entry:
        return self._with(float(self) / float(other))

    def __rtruediv__(self, other: Any) -> Entry:
        return self._with(float(other) / float(self))

    def __pow__(self, other: Any, _modulus: None = None) -> Entry:
        return self._with(float(self) ** float(other))

    def __neg__(self) -> Entry:
        return self._with(-float(self))

    __radd__ = __add__
    __rmul__ = __mul__


_FUNCTIONS: Mapping[str, Callable[[float], float]] = MappingProxyType(
    {"cos": math.cos, "erf": math.erf, "exp": math.exp, "log": math.log, "sin": math.sin, "sqrt": math.sqrt, "tanh": math.tanh}
)


def entry(value: float, heed: Callable[[float], None]) -> Entry:
    """The float as an entry of a formula."""
    result = Entry(value)
    result.heed = heed
    return result


def evaluate(definition: Definition, inputs: Sequence[Drawn], attributes: Mapping[str, Any]) -> Drawn | None:
    """The op's value; None where it is undefined, too large, or where rounding could choose a branch.

    Kinks: a discriminant of inexact inputs is at least CLEAR in magnitude; exact inputs may lie on a kink or beside it.
    """
    shape = tuple(definition.infer_shape([value.shape for value in inputs], attributes))
    discriminants: list[float] = []
    operands = [_operand(value, discriminants.append) for value in inputs]
    try:
        if not _inside(definition, operands, indices(shape), attributes):
            return None
        entries = tuple(float(definition.formula(*operands, *index, **attributes)) for index in indices(shape))
    except (ArithmeticError, ValueError):
        return None
    exact = all(value.exact for value in inputs)
    if not exact and any(abs(size) < CLEAR for size in discriminants):
        return None
    if any(abs(number) > LARGEST for number in entries):
        return None
    on_kink = 0.0 in discriminants
    return Drawn(shape, entries, exact and all((number / STEP).is_integer() for number in entries), on_kink)


def run(case: Case) -> list[Drawn | None]:
    """The value of every leaf, taken as exact, and of every node; None where `evaluate` has none, and from there on."""
    values: list[Drawn | None] = [
        Drawn(leaf.shape, tuple(map(float, value.flat)), exact=True)
        for leaf, value in zip(case.graph.leaves, case.leaves, strict=True)
    ]
    for node in case.graph.nodes:
        inputs = [value for value in (values[parent] for parent in node.parents) if value is not None]
        known = len(inputs) == len(node.parents)
        attributes = resolve(node.attributes, case.environment)
        values.append(evaluate(definition_of(node.op), inputs, attributes) if known else None)
    return values


def _operand(value: Drawn, heed: Callable[[float], None]) -> Operand:
    known = {
        index: entry(number, heed) for index, number in zip(indices(value.shape), value.entries, strict=True)
    }
    return Operand(value.shape, known.__getitem__)


def _inside(
    definition: Definition,
    operands: Sequence[Operand],
    places: Sequence[tuple[int, ...]],
    attributes: Mapping[str, Any],
) -> bool:
    for place in places:
        for condition in definition.domain(*operands, *place, **attributes):
            size = float(condition.entry)
            if (size if condition.kind == "positive" else abs(size)) < INSIDE:
                return False
    return True
