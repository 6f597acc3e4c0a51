"""Ratios of polynomials in generators: variables, and one generator for each function of each argument met."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly_ctx

from ..facts import Fact

Poly = Any
"""A polynomial of python-flint with rational coefficients."""
AtomKey = tuple[str, str]
"""Kind (variable, exp, log, sin, cos, sqrt, erf, constant, maximum, mask, reciprocal) and the name of the variable or the argument's normal form."""


MOST_TERMS = 1_000_000
"""Products of monomials that one multiplication may take."""


class TooLarge(Exception):
    """A normal form that would not fit."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """numerator / denominator, with a denominator that is not the zero polynomial."""

    numerator: Poly
    denominator: Poly


class Field:
    """The field in which one claim is decided; it grows as generators are met."""

    def __init__(self) -> None:
        self.atoms: list[AtomKey] = []
        self.facts: set[Fact] = set()
        self.queries: list[str] = []  # what a solver found impossible
        self.arguments: dict[AtomKey, Ratio] = {}  # what a generator is a function of
        self.radicands: dict[int, Poly] = {}  # by the place of their root, which is a later one than those they hold
        self._places: dict[AtomKey, int] = {}
        self._context = _context(16)

    def number(self, value: Fraction) -> Ratio:
        """A constant."""
        return Ratio(self._context.constant(fmpq(value.numerator, value.denominator)), self._context.constant(1))

    def atom(self, kind: str, name: str) -> Ratio:
        """The generator for this variable, or for this function of this argument."""
        key = (kind, name)
        if key not in self._places:
            self._places[key] = len(self.atoms)
            self.atoms.append(key)
            if len(self.atoms) > self._context.nvars():
                self._context = _context(2 * self._context.nvars())
        return Ratio(self._context.gen(self._places[key]), self._context.constant(1))

    def function(self, kind: str, argument: Ratio) -> Ratio:
        """The generator for this function of this argument."""
        name = self.name(argument)
        self.arguments[kind, name] = argument
        return self.atom(kind, name)

    def root_atom(self, radicand: Poly) -> Ratio:
        """The generator for the square root of a polynomial that is >= 0."""
        radicand = self.raised(radicand)
        result = self.atom("sqrt", str(radicand))
        self.radicands[self._places["sqrt", str(radicand)]] = radicand
        return result

    def with_roots_squared(self, poly: Poly) -> Poly:
        """The same polynomial where no root stands in a higher power than the first."""
        poly = self.raised(poly)
        degrees = poly.degrees() if self.radicands else ()
        for place in sorted(self.radicands, reverse=True):
            while degrees[place] > 1:
                quotient, rest = divmod(poly, self._context.gen(place) ** 2)
                poly = _product(quotient, self.raised(self.radicands[place])) + rest
                degrees = poly.degrees()
        return poly

    def place(self, key: AtomKey) -> int | None:
        """The position of a generator, if it has been met."""
        return self._places.get(key)

    def add(self, a: Ratio, b: Ratio) -> Ratio:
        """a + b."""
        a, b = self.current(a), self.current(b)
        if a.denominator == b.denominator:
            return self._reduced(a.numerator + b.numerator, a.denominator)
        common = a.denominator.gcd(b.denominator)
        left, right = a.denominator / common, b.denominator / common
        numerator = _product(a.numerator, right) + _product(b.numerator, left)
        if self.radicands or numerator.is_zero():
            return self._reduced(numerator, _product(left, b.denominator))
        # Of two ratios in lowest terms, only what their denominators share can be cancelled.
        shared = common if common.is_constant() else numerator.gcd(common)
        return Ratio(numerator / shared, _product(left, b.denominator / shared))

    def multiply(self, a: Ratio, b: Ratio) -> Ratio:
        """a · b."""
        a, b = self.current(a), self.current(b)
        return self._reduced(_product(a.numerator, b.numerator), _product(a.denominator, b.denominator))

    def divide(self, a: Ratio, b: Ratio) -> Ratio:
        """a / b, for b that is not the zero polynomial; that b's value is not 0 is the caller's to show."""
        a, b = self.current(a), self.current(b)
        return self._reduced(_product(a.numerator, b.denominator), _product(a.denominator, b.numerator))

    def power(self, a: Ratio, exponent: int) -> Ratio:
        """a to an integer power."""
        a = self.current(a)
        count = abs(exponent)
        top, bottom = a.numerator**count, a.denominator**count
        return Ratio(top, bottom) if exponent >= 0 else Ratio(bottom, top)

    def current(self, a: Ratio) -> Ratio:
        """The same ratio in the present context."""
        if a.numerator.context() is self._context and a.denominator.context() is self._context:
            return a
        return Ratio(self.raised(a.numerator), self.raised(a.denominator))

    def raised(self, poly: Poly) -> Poly:
        """The same polynomial in the present context."""
        return poly if poly.context() is self._context else poly.project_to_context(self._context)

    def monic(self, poly: Poly) -> tuple[Poly, str, int]:
        """poly = c · m with m's leading coefficient 1: m, its name, and the sign of c."""
        poly = self.raised(poly)
        leading = poly.leading_coefficient()
        unit = poly / leading
        return unit, str(unit), 1 if leading > 0 else -1

    def name(self, a: Ratio) -> str:
        """A name that equal ratios of this field share."""
        a = self.current(a)
        common = a.numerator.gcd(a.denominator)
        leading = (a.denominator / common).leading_coefficient()
        return f"({a.numerator / common / leading})/({a.denominator / common / leading})"

    def difference(self, a: Ratio, b: Ratio) -> Poly:
        """A polynomial that is the zero polynomial exactly if a and b are the same ratio."""
        a, b = self.current(a), self.current(b)
        common = a.denominator.gcd(b.denominator)
        left, right = _product(a.numerator, b.denominator / common), _product(b.numerator, a.denominator / common)
        return self.with_roots_squared(left - right)

    def with_masks_reduced(self, poly: Poly) -> Poly:
        """The polynomial with p² = p, z² = z and p z = 0 for the indicators p and z of one discriminant."""
        masks = {place: name.rsplit(" ", 2)[0] for place, (kind, name) in enumerate(self.atoms) if kind == "mask"}
        result: dict[tuple[int, ...], Any] = {}
        for powers, coefficient in self.raised(poly).to_dict().items():
            met = [masks[place] for place, power in enumerate(powers) if power and place in masks]
            if len(set(met)) == len(met):
                key = tuple(min(power, 1) if place in masks else power for place, power in enumerate(powers))
                result[key] = result.get(key, 0) + coefficient
        return self._context.from_dict({key: value for key, value in result.items() if value != 0})

    def _reduced(self, numerator: Poly, denominator: Poly) -> Ratio:
        one = self._context.constant(1)
        if self.radicands:
            numerator, squared = self.with_roots_squared(numerator), self.with_roots_squared(denominator)
            denominator = denominator if squared.is_zero() else squared
        if denominator.is_constant():
            return Ratio(numerator / denominator.leading_coefficient(), one)
        if numerator.is_zero():
            return Ratio(numerator, one)
        common = numerator.gcd(denominator)
        return Ratio(numerator / common, denominator / common)


def _product(a: Poly, b: Poly) -> Poly:
    if len(a) * len(b) > MOST_TERMS:
        raise TooLarge(f"a product of polynomials with {len(a)} and {len(b)} terms")
    return a * b


def _context(size: int) -> Any:
    return fmpq_mpoly_ctx.get([f"g{place}" for place in range(size)], Ordering.lex)
