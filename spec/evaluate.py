"""The value of a derived expression at given numbers, in any algebra that can say what its functions and signs are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, Protocol

import sympy
from sympy.core.relational import Relational

from .definition import SpecError
from .selection import EVENLY, Largest, Winner


class Undecided(SpecError):
    """A sign that the algebra cannot tell at this point."""


class Algebra(Protocol):
    """Numbers that expressions can be evaluated in; their +, −, ·, / are Python's operators."""

    def number(self, value: Fraction) -> Any:
        """The exact rational as a number of this algebra."""

    def apply(self, function: str, x: Any) -> Any:
        """exp, log, sin, cos, sqrt, tanh or erf of x; per_root_pi of x is x / √π."""

    def sign(self, x: Any) -> int:
        """−1, 0 or 1. Raises: Undecided if the algebra cannot tell."""


class Symbolic:
    """The algebra of sympy expressions: exact, and the default meaning of the spec."""

    def number(self, value: Fraction) -> Any:
        """The rational as a sympy number."""
        return sympy.Rational(value.numerator, value.denominator)

    def apply(self, function: str, x: Any) -> Any:
        """The function of x, left symbolic where sympy leaves it so."""
        return x / sympy.sqrt(sympy.pi) if function == "per_root_pi" else getattr(sympy, function)(x)

    def sign(self, x: Any) -> int:
        """The sign that sympy derives from the assumptions on x.

        Raises: Undecided if it derives none.
        """
        x = sympy.sympify(x)
        for known, sign in ((x.is_zero, 0), (x.is_positive, 1), (x.is_negative, -1)):
            if known:
                return sign
        raise Undecided(f"the sign of {x} is not decided by its assumptions")


class Evaluation:
    """Evaluates expressions that share subexpressions, each once."""

    def __init__(self, values: Mapping[sympy.Symbol, Any], algebra: Algebra) -> None:
        self._known: dict[Any, Any] = dict(values)
        self._algebra = algebra

    def value(self, expression: Any) -> Any:
        """The expression's value.

        Raises: SpecError for a kind of expression that formulas do not make; Undecided from the algebra.
        """
        if expression not in self._known:
            self._known[expression] = self._compute(expression)
        return self._known[expression]

    def _compute(self, expression: Any) -> Any:
        match expression:
            case sympy.Rational():
                return self._algebra.number(Fraction(int(expression.p), int(expression.q)))
            case sympy.Add():
                first, *rest = map(self.value, expression.args)
                for term in rest:
                    first = first + term
                return first
            case sympy.Mul():
                return self._product(expression)
            case sympy.Pow() if expression.base is sympy.pi:
                return self._power_of_pi(expression.exp)
            case sympy.Pow():
                return self._power(self.value(expression.base), expression.exp)
            case sympy.exp() | sympy.log() | sympy.tanh() | sympy.sin() | sympy.cos() | sympy.erf():
                return self._algebra.apply(type(expression).__name__, self.value(expression.args[0]))
            case sympy.Abs() | sympy.sign():
                return self._signed(expression, self.value(expression.args[0]))
            case sympy.Piecewise():
                return self._piece(expression)
            case Largest():
                return self._extreme(expression.entries)[1]
            case Winner():
                return self._winner(expression)
        raise SpecError(f"a derived expression holds {type(expression).__name__}, which has no evaluation: {expression}")

    def _product(self, expression: Any) -> Any:
        first, *rest = map(self.value, expression.args)
        for factor in rest:
            first = first * factor
        return first

    def _signed(self, expression: Any, x: Any) -> Any:
        """|x| or the sign of x: sympy writes them for the root of a square."""
        sign = self._algebra.number(Fraction(self._algebra.sign(x)))
        return sign * x if isinstance(expression, sympy.Abs) else sign

    def _power_of_pi(self, exponent: Any) -> Any:
        """π^(−k/2), as (1/√π)^k for a natural k."""
        if not (2 * exponent).is_Integer or exponent > 0:
            raise SpecError(f"a derived expression holds pi to the power {exponent}")
        return self._power(self._algebra.apply("per_root_pi", self._algebra.number(Fraction(1))), -2 * exponent)

    def _power(self, base: Any, exponent: Any) -> Any:
        if not exponent.is_Rational:
            raise SpecError(f"a derived expression holds the exponent {exponent}, which is not constant")
        if not (2 * exponent).is_Integer:
            ratio = self._algebra.number(Fraction(int(exponent.p), int(exponent.q)))
            return self._algebra.apply("exp", self._algebra.apply("log", base) * ratio)
        if not exponent.is_Integer:
            base, exponent = self._algebra.apply("sqrt", base), 2 * exponent
        count = abs(int(exponent))
        result = self._algebra.number(Fraction(1))
        for _ in range(count):
            result = result * base
        return result if exponent > 0 else self._algebra.number(Fraction(1)) / result

    def _extreme(self, entries: Sequence[Any]) -> tuple[list[int], Any]:
        """The places of the largest entries, and the largest."""
        first, *rest = map(self.value, entries)
        places, largest = [0], first
        for place, entry in enumerate(rest, start=1):
            sign = self._algebra.sign(entry - largest)
            if sign >= 0:
                places, largest = ([place], entry) if sign else ([*places, place], largest)
        return places, largest

    def _winner(self, expression: Any) -> Any:
        places, _largest = self._extreme(expression.entries)
        if expression.weight == EVENLY:
            return self._algebra.number(Fraction(int(expression.place in places), len(places)))
        last, first = (self._algebra.number(Fraction(int(place == expression.place))) for place in (places[-1], places[0]))
        weight = self.value(expression.weight)
        return weight * last + (self._algebra.number(Fraction(1)) - weight) * first

    def _piece(self, expression: Any) -> Any:
        for piece, condition in expression.args:
            if self._holds(condition):
                return self.value(piece)
        raise SpecError(f"no piece of {expression} applies")

    def _holds(self, condition: Any) -> bool:
        match condition:
            case sympy.logic.boolalg.BooleanTrue():
                return True
            case sympy.logic.boolalg.BooleanFalse():
                return False
            case sympy.And():
                return all(map(self._holds, condition.args))
            case sympy.Or():
                return any(map(self._holds, condition.args))
            case sympy.Not():
                return not self._holds(condition.args[0])
            case sympy.logic.boolalg.ITE():
                test, then, other = condition.args
                return self._holds(then) if self._holds(test) else self._holds(other)
            case Relational():
                return self._compare(condition)
        raise SpecError(f"a condition holds {type(condition).__name__}, which has no evaluation: {condition}")

    def _compare(self, relation: Any) -> bool:
        sign = self._algebra.sign(self.value(relation.lhs) - self.value(relation.rhs))
        outcomes = {">": sign > 0, "<": sign < 0, ">=": sign >= 0, "<=": sign <= 0, "==": sign == 0, "!=": sign != 0}
        return outcomes[relation.rel_op]
