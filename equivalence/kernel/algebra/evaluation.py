"""The normal form of a term in one case: only the branch taken is evaluated, and each division leaves a condition."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from fractions import Fraction

from ..facts import Fact
from ..scalars.mask import Unsupported
from ..scalars.term import Term
from .case import ANY_SIGN, Case
from .field import Poly, Ratio
from .functions import applied
from .roots import is_never_negative, root
from .structure import is_positive


class Style(Enum):
    """How maxima, selections and reciprocals enter: as generators of their own, or by what they mean."""

    GENERATORS = "a maximum, a mask and a reciprocal are arbitrary values"
    RATIOS = "a maximum and a mask are arbitrary values"
    MAXIMA = "a maximum is an arbitrary value, masks case by case"
    CASES = "case by case"

    @property
    def takes_branches(self) -> bool:
        """Whether a selection is the branch that a case's signs say."""
        return self in (Style.MAXIMA, Style.CASES)


class Undefined(Exception):
    """A term has no value in this case: a divisor is identically 0, or a logarithm's argument is not positive."""


class Evaluation:
    """Normal forms of terms in one case; `conditions` collects (polynomial, wanted sign set) left to be shown."""

    def __init__(self, case: Case, style: Style) -> None:
        self.case = case
        self._field = case.field
        self.style = style
        self._values: dict[int, Ratio] = {}
        self._maxima: dict[str, frozenset[str]] = {}
        self.conditions: list[tuple[Poly, frozenset[int]]] = []

    def value(self, term: Term) -> Ratio:
        """The term's normal form.

        Raises: Split if a sign is needed; Undefined; Unsupported.
        """
        stack = [term]
        while stack:
            top = stack[-1]
            missing = [a for a in self._needed(top) if a.serial not in self._values]
            if top.serial in self._values or not missing:
                stack.pop()
                if top.serial not in self._values:
                    self._values[top.serial] = self._combine(top)
            else:
                stack.extend(missing)
        return self._values[term.serial]

    def _needed(self, term: Term) -> Sequence[Term]:
        if term.kind != "select" or not self.style.takes_branches:
            return term.arguments
        discriminant = term.arguments[0]
        if discriminant.serial not in self._values:
            return (discriminant,)
        return (discriminant, self._branch(term))

    def _branch(self, term: Term) -> Term:
        return term.arguments[2 - self.case.sign(self._values[term.arguments[0].serial])]

    def _combine(self, term: Term) -> Ratio:
        field = self._field
        values = [self._values[a.serial] for a in term.arguments if a.serial in self._values]
        match term.kind:
            case "number":
                return field.number(term.data)
            case "variable":
                return self.case.values.get(term.data) or field.atom("variable", term.data)
            case "add":
                return field.add(*values)
            case "mul":
                return field.multiply(*values)
            case "div":
                if not is_positive(term.arguments[1], field.facts):
                    self._require_nonzero(values[1])
                return self._quotient(*values)
            case "apply" if term.data == "sqrt":
                return self._root(term.arguments[0], values[0])
            case "apply":
                if term.data == "log" and not is_positive(term.arguments[0], field.facts):
                    self._require_positive(values[0])
                return applied(field, term.data, values[0])
            case "select":
                if not self.style.takes_branches:
                    return self._blend(*values)
                return self._values[self._branch(term).serial]
            case "maximum":
                return self._maximum(*values)
        raise Unsupported(f"a term of kind {term.kind}")

    def _quotient(self, dividend: Ratio, divisor: Ratio) -> Ratio:
        if self.style is not Style.GENERATORS or self._field.current(divisor).numerator.is_constant():
            return self._field.divide(dividend, divisor)
        return self._field.multiply(dividend, self._field.atom("reciprocal", self._field.name(divisor)))

    def _require_nonzero(self, value: Ratio) -> None:
        numerator = self._field.current(value).numerator
        if numerator.is_zero():
            raise Undefined("division by zero")
        if not self.case.is_nonzero(numerator):
            self.conditions.append((numerator, frozenset((-1, 1))))

    def _require_positive(self, value: Ratio) -> None:
        value = self._field.current(value)
        poly = value.numerator * value.denominator
        if poly.is_constant() and poly.leading_coefficient() <= 0:
            raise Undefined("logarithm of a number that is not positive")
        _monic, name, sign = self._field.monic(poly)
        if not self.case.is_positive(poly) and self.case.signs.get(name, 0) * sign != 1:
            self.conditions.append((poly, frozenset((1,))))

    def _root(self, term: Term, value: Ratio) -> Ratio:
        value = self._field.current(value)
        poly = value.numerator * value.denominator
        if poly.is_zero():
            return self._field.number(Fraction(0))
        if poly.is_constant() and poly.leading_coefficient() < 0:
            raise Undefined("square root of a number that is negative")
        if not is_positive(term, self._field.facts) and not is_never_negative(self.case, value):
            self.conditions.append((poly, frozenset((0, 1))))
        return root(self.case, value)

    def _maximum(self, first: Ratio, second: Ratio) -> Ratio:
        self._field.facts.add(Fact.MAXIMUM_VALUE)
        if self.style is not Style.CASES:
            return self._largest(first, second)
        difference = self._field.add(first, self._field.multiply(self._field.number(Fraction(-1)), second))
        return first if self.case.sign(difference) >= 0 else second

    def _largest(self, first: Ratio, second: Ratio) -> Ratio:
        """The generator for the largest of a set: max(a, max(b, a)) is that of {a, b}."""
        own, other = self._field.name(first), self._field.name(second)
        among = self._maxima.get(own, frozenset((own,))) | self._maxima.get(other, frozenset((other,)))
        if len(among) == 1:
            return first
        largest = self._field.atom("maximum", " | ".join(sorted(among)))
        self._maxima[self._field.name(largest)] = among
        return largest

    def _blend(self, discriminant: Ratio, above: Ratio, at: Ratio, below: Ratio) -> Ratio:
        """p·above + z·at + (1 − p − z)·below, with p and z the indicators of > 0 and = 0."""
        field = self._field
        value = field.current(discriminant)
        if value.numerator.is_zero():
            return at
        _monic, name, sign = field.monic(value.numerator * value.denominator)
        if sign < 0:
            above, below = below, above
        p, z = field.atom("mask", f"{name} > 0"), field.atom("mask", f"{name} = 0")
        if 0 not in self.case.allowed.get(name, ANY_SIGN):
            z = field.number(Fraction(0))
        minus = field.number(Fraction(-1))
        rest = field.add(field.number(Fraction(1)), field.multiply(minus, field.add(p, z)))
        blended = field.add(field.multiply(p, above), field.multiply(z, at))
        return field.add(blended, field.multiply(rest, below))
