"""Dual numbers: formulas run forward on a value and its tangent at once, with no symbolic derivative anywhere.

    (x, ẋ) + (y, ẏ) = (x + y, ẋ + ẏ)        (x, ẋ)(y, ẏ) = (xy, ẋy + xẏ)        f(x, ẋ) = (f(x), f′(x) ẋ)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy

from ...ir.exchange import Case
from ...ir.graph import resolve
from ...spec.convention import Convention, Share
from ...spec.definition import definition_of
from ...spec.evaluate import Evaluation
from ...spec.operand import Operand, indices
from ..kernel.numbers.exact import Exact, Undecidable
from .replay import ExactAlgebra


class Dual:
    """An exact number and its tangent."""

    __slots__ = ("convention", "primal", "tangent")

    def __init__(self, primal: Exact, tangent: Exact, convention: Convention) -> None:
        self.primal = primal
        self.tangent = tangent
        self.convention = convention

    def __add__(self, other: Any) -> Dual:
        other = self._dual(other)
        return self._make(self.primal + other.primal, self.tangent + other.tangent)

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return self._make(-self.primal, -self.tangent)

    def __sub__(self, other: Any) -> Dual:
        return self + -self._dual(other)

    def __rsub__(self, other: Any) -> Dual:
        return self._dual(other) + -self

    def __mul__(self, other: Any) -> Dual:
        other = self._dual(other)
        return self._make(self.primal * other.primal, self.tangent * other.primal + self.primal * other.tangent)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        other = self._dual(other)
        quotient = self.primal / other.primal
        return self._make(quotient, (self.tangent - quotient * other.tangent) / other.primal)

    def __rtruediv__(self, other: Any) -> Dual:
        return self._dual(other) / self

    def __pow__(self, exponent: int) -> Dual:
        result: Dual = self._dual(1)
        for _ in range(abs(exponent)):
            result = result * self
        return result if exponent >= 0 else self._dual(1) / result

    def __formula__(self, word: str, *operands: Any) -> Dual:
        """The meaning of the formulas' words on dual numbers."""
        if word == "kink":
            return self._kink(*operands)
        if word == "choose":
            mask, *branches = map(self._dual, operands)
            return branches[mask.primal.sign() == 0]
        if word == "largest of":
            return self._largest(*operands)
        if word == "root":
            return self._root(*operands)
        x = self._dual(operands[0])
        zero = Exact.of(0)
        if word == "stop":
            return self._make(x.primal, zero)
        if word == "step":
            return self._make(Exact.of(int(x.primal.sign() > 0)), zero)
        value = x.primal.apply(word)
        one = Exact.of(1)
        slopes = {
            "cos": lambda: -x.primal.apply("sin"),
            "erf": lambda: (Exact.of(2) * (-(x.primal * x.primal)).apply("exp")).apply("per_root_pi"),
            "exp": lambda: value,
            "log": lambda: one / x.primal,
            "sin": lambda: x.primal.apply("cos"),
            "sqrt": lambda: one / (value + value),
            "tanh": lambda: one - value * value,
        }
        return self._make(value, slopes[word]() * x.tangent)

    def _root(self, name: str, operand: Any) -> Dual:
        x = self._dual(operand)
        if x.primal.sign() == 0 and self.convention.weights[name] is Share.NONE:
            raise Undecidable(f"the kink {name!r} has no derivative, by the convention")
        return x.__formula__("sqrt", x) if x.primal.sign() > 0 else self._make(Exact.of(0), Exact.of(0))

    def _kink(self, name: str, discriminant: Any, above: Any, below: Any) -> Dual:
        upper, lower = self._dual(above), self._dual(below)
        sign = self._dual(discriminant).primal.sign()
        if sign != 0:
            return upper if sign > 0 else lower
        declared = self.convention.weights[name]
        if isinstance(declared, Share):
            raise Undecidable(f"the kink {name!r} has no derivative, by the convention")
        weight = Exact.of(declared)
        return self._make(upper.primal, weight * upper.tangent + (Exact.of(1) - weight) * lower.tangent)

    def _largest(self, name: str, *entries: Any) -> Dual:
        """The largest, with the tangents of the first and the last of several weighed by the convention."""
        first, last = self._dual(entries[0]), self._dual(entries[0])
        for entry in map(self._dual, entries[1:]):
            sign = (entry.primal - first.primal).sign()
            first, last = (entry, entry) if sign > 0 else (first, entry if sign == 0 else last)
        if self.convention.weights[name] is Share.EVENLY:
            tied = [each.tangent for each in map(self._dual, entries) if (each.primal - first.primal).sign() == 0]
            return self._make(first.primal, sum(tied, Exact.of(0)) / len(tied))
        weight = Exact.of(self.convention.weights[name])
        return self._make(first.primal, weight * last.tangent + (Exact.of(1) - weight) * first.tangent)

    def _make(self, primal: Exact, tangent: Exact) -> Dual:
        return Dual(primal, tangent, self.convention)

    def _dual(self, value: Any) -> Dual:
        if isinstance(value, Dual):
            return value
        # A function of a size alone is a sympy number.
        exact = Evaluation({}, ExactAlgebra()).value(value) if isinstance(value, sympy.Basic) else Exact.of(value)
        return self._make(exact, Exact.of(0))


def dual_context(case: Case, directions: Sequence[Sequence[Exact]], convention: Convention) -> list[list[Dual]]:
    """Every value of the case with its tangent, from a direction for each leaf; entries in row-major order."""
    context = [
        [Dual(Exact.of(entry), tangent, convention) for entry, tangent in zip(leaf.ravel(), direction, strict=True)]
        for leaf, direction in zip(case.leaves, directions, strict=True)
    ]
    for node in case.graph.nodes:
        operands = [_operand(case.graph.shape(parent), context[parent]) for parent in node.parents]
        formula = definition_of(node.op).formula
        attributes = resolve(node.attributes, case.environment)
        zero = Dual(Exact.of(0), Exact.of(0), convention)
        context.append([zero + formula(*operands, *index, **attributes) for index in indices(node.shape)])
    return context


def _operand(shape: tuple[int, ...], entries: Sequence[Dual]) -> Operand:
    places = {index: place for place, index in enumerate(indices(shape))}
    return Operand(shape, lambda index: entries[places[index]])
