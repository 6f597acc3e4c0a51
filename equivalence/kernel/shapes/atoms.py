"""The atoms of expressions, and the functions that build expressions of them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from typing import Literal

from .algebra import ONE, UNIT, ZERO, Atom, Exponent, Expr, Plain, Term, opened, product, substitute, summed
from .polynomial import Naming, Poly, Unsupported, Variable, own_name, poly_text

_LARGEST_EXPONENT = 64

Images = Mapping[Variable, Poly]
Values = Mapping[Atom, Expr]


@dataclass(frozen=True, slots=True)
class Entry(Plain):
    """The entry of a tensor at an index."""

    tensor: str
    index: tuple[Poly, ...]

    @property
    def free(self) -> frozenset[Variable]:
        return frozenset().union(*(poly.variables for poly in self.index))

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return tuple((f"{self.tensor} {axis}", poly) for axis, poly in enumerate(self.index))

    def text(self, name: Naming) -> str:
        return f"{self.tensor}[{','.join(poly_text(poly, name) for poly in self.index)}]"

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        return product({Entry(self.tensor, tuple(poly.substitute(images) for poly in self.index)): exponent})


Function = Literal["exp", "log", "sin", "cos", "erf", "base", "positive", "zero"]


@dataclass(frozen=True, slots=True)
class Apply(Plain):
    """A function of an expression: exp, log, sin, cos, erf; [x > 0] and [x = 0]; or x as a base of negative powers."""

    function: Function
    argument: Expr

    @property
    def height(self) -> int:
        return self.argument.height

    @property
    def free(self) -> frozenset[Variable]:
        return self.argument.free

    @property
    def cancels(self) -> bool:
        return not self.is_sign

    @property
    def is_sign(self) -> bool:
        """Whether it is 0 or 1."""
        return self.function in ("positive", "zero")

    def text(self, name: Naming) -> str:
        return f"{self.function}({self.argument.text(name)})"

    def raised(self, exponent: Exponent, others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        constant = self.argument.constant is not None and not 0 < exponent < 1
        if self.function == "base" and (exponent >= 1 or constant):
            rest = Fraction(exponent) % 1
            whole = power(self.argument, Fraction(exponent) - rest)
            return whole * product({self: rest}) if rest else whole
        if self.function == "exp":
            settled = self.argument.beside(others)
            return _exp_raised(self, exponent) if settled == self.argument else exp(settled.scaled(Fraction(exponent)))
        if self.function == "sin" and exponent >= 2:
            squared = ONE - product({Apply("cos", self.argument): 2})
            return power(squared, exponent // 2) * product({self: exponent % 2})
        if not self.is_sign or not exponent:
            return exponent
        if exponent < 0:
            raise Unsupported("a division by a mask")
        return ZERO if self.function == "zero" and Apply("positive", self.argument) in others else 1

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        argument = substitute(self.argument, images, values)
        if self.function == "exp":
            return exp(argument.scaled(Fraction(exponent)))
        return power(apply(self.function, argument), exponent)


def rational(value: Fraction | int) -> Expr:
    """A constant."""
    return Expr({UNIT: Fraction(value)})


def entry(tensor: str, index: Iterable[Poly]) -> Expr:
    """The entry of a tensor at an index."""
    return product({Entry(tensor, tuple(index)): 1})


def power(base: Expr, exponent: Exponent) -> Expr:
    """base^exponent for an integer or half of one; a negative one asks of the caller that the base is never 0.

    Half of an odd integer asks of the caller that the base is never negative.
    """
    if 2 * exponent != int(2 * exponent) or not -_LARGEST_EXPONENT <= exponent <= _LARGEST_EXPONENT:
        raise Unsupported(f"the exponent {exponent}")
    if exponent >= 0 and exponent == int(exponent):
        return reduce(Expr.__mul__, itertools.repeat(base, int(exponent)), ONE)
    if not base.terms:
        if exponent > 0:
            return ZERO
        raise Unsupported("a division by 0")
    if exponent != int(exponent):
        from .halves import half_power  # it is made of this module

        return half_power(base, Fraction(exponent))
    common, rest = factored(base)
    count = rest.terms[leading(rest)]
    rest = rest.scaled(1 / count)
    outer = product({factor: times * exponent for factor, times in common.items()})
    inside = ONE if rest == ONE else product({Apply("base", rest): exponent})
    return (outer * inside).scaled(count ** int(exponent))


def apply(function: Function, x: Expr) -> Expr:
    """The function of an expression; of log the caller has shown that the argument is > 0."""
    known = {"base": lambda x: x, "exp": exp, "log": log, "positive": positive, "zero": vanishing}
    own: Callable[[Expr], Expr] | None = known.get(function)
    if own is not None:
        return own(x)
    if not x.terms:
        return ONE if function == "cos" else ZERO
    if x.terms[leading(x)] < 0:  # cos is even, sin and erf are odd
        return apply(function, -x).scaled(Fraction(1 if function == "cos" else -1))
    return product({Apply(function, x): 1})


def exp(x: Expr) -> Expr:
    """e^x, with e^(c t + u) = (e^t)^c e^u."""
    powers = (product({Apply("exp", Expr({term: Fraction(1)})): count}) for term, count in x.terms.items())
    return reduce(Expr.__mul__, powers, ONE)


def _exp_raised(e: Apply, exponent: Exponent) -> Exponent | Expr:
    """(e^log u)^n = u^n for an integer n; of another exponent the part beyond it stays."""
    ((term, _),), count = e.argument.terms.items(), math.floor(exponent)
    match [*term.factors]:
        case [(Apply("log", u), 1)] if count and not term.bound and not term.guards:
            return power(u, count) * product({e: exponent - count})
    return exponent


def log(x: Expr) -> Expr:
    """log x for x > 0, with log(c e^u) = u + log c and, as u > 0 is left where u^n for an odd n is, log(u^n) = n log u."""
    common, rest = factored(x)
    others, outer = dict(common), ZERO
    for a, n in common.items():
        if isinstance(a, Apply) and a.function == "exp":
            outer = outer + a.argument.scaled(Fraction(others.pop(a)))
    match [*others.items()]:
        case [(Apply("base", u), n)] if rest == ONE and n % 2:
            return outer + product({Apply("log", u): 1}).scaled(Fraction(n))
    kept = product(others) * rest
    return outer if kept == ONE else outer + product({Apply("log", kept): 1})


def positive(x: Expr) -> Expr:
    """[x > 0]."""
    if x.constant is not None:
        return ONE if x.constant > 0 else ZERO
    if _never_zero(x):
        return ONE if min(x.terms.values()) > 0 else ZERO
    common, rest = factored(x)
    squared = {a for a, n in common.items() if n < 0 and n % 2 == 0}  # a divisor is never 0
    if squared:
        return positive(rest * product({a: n for a, n in common.items() if a not in squared}))
    count = x.terms[leading(x)]
    sign = product({Apply("positive", x.scaled(1 / count)): 1})
    return sign if count > 0 else ONE - sign - vanishing(x)


def vanishing(x: Expr) -> Expr:
    """[x = 0]."""
    if x.constant is not None:
        return ONE if x.constant == 0 else ZERO
    if _never_zero(x):
        return ZERO
    common, rest = factored(x)
    divisors = {a for a, n in common.items() if n < 0}  # never 0, as above
    if divisors:
        return vanishing(rest * product({a: n for a, n in common.items() if a not in divisors}))
    return product({Apply("zero", x.scaled(1 / x.terms[leading(x)])): 1})


def _never_zero(x: Expr) -> bool:
    """Whether it is a sum of exponentials of one sign."""
    if any(term.bound or term.guards for term in x.terms) or min(x.terms.values()) < 0 < max(x.terms.values()):
        return False
    return all(isinstance(atom, Apply) and atom.function == "exp" for term in x.terms for atom, _ in term.factors)


def factored(base: Expr) -> tuple[Mapping[Atom, Exponent], Expr]:
    """The common factors of all terms that no sum binds, and what remains; of exponentials also their inverses.

    Not where guards are: an entry that is read under a guard alone stays there.
    """
    shared = [
        {a: n for a, n in term.factors if a.cancels and not a.free & term.bound}
        for term in base.terms
    ]
    powers = {a for factors in shared for a in factors if isinstance(a, Apply) and a.function == "exp"}
    everywhere = set.intersection(*map(set, shared))
    found = everywhere if any(term.guards for term in base.terms) else powers | everywhere
    common = {a: n for a in found if (n := min(factors.get(a, 0) for factors in shared))}
    rest = ZERO
    for term, count in base.terms.items():
        names, guards, body = opened(term)
        for part, times in body.terms.items():
            factors = dict(part.factors)
            factors |= {a: factors.get(a, 0) - exponent for a, exponent in common.items()}
            rest = rest + summed(product(factors, part.guards), names, guards).scaled(count * times)
    return common, rest


def leading(expr: Expr) -> Term:
    """The term whose coefficient is made 1; the choice looks at the names of variables last.

    Not the constant if there is another: x - 0.7 stays exact in binary, 1 - x / 0.7 would not.
    """
    return min(expr.terms, key=lambda term: (term == UNIT, term.text(lambda _: "_"), term.text(own_name)))
