"""Square roots in the field: a generator for each square-free radicand, whose square is the radicand."""

from __future__ import annotations

from fractions import Fraction

from ..facts import Fact
from ..numbers.radical import square_root
from .case import Case, Split
from .field import Ratio


def root(case: Case, argument: Ratio) -> Ratio:
    """√argument, where the argument is >= 0: |outside| √inside with inside free of squares of known sign.

    Raises: Split for a divisor, or a factor that only stands squared, of a sign that the case does not say.
    Source: derivation: √(p/q) = √(p q) / |q|, √(f² p) = |f| √p.
    """
    field = case.field
    field.facts.add(Fact.ROOT)
    argument = field.current(argument)
    content, inside, outside = Fraction(1), field.number(Fraction(1)), field.number(Fraction(1))
    for poly, exponent in ((argument.numerator, 1), (argument.denominator, -1)):
        constant, factors = poly.factor()
        content *= Fraction(int(constant.p), int(constant.q)) ** exponent
        for factor, multiplicity in factors:
            half, odd = divmod(exponent * int(multiplicity), 2)
            whole = Ratio(factor, field.number(Fraction(1)).denominator)
            outside = field.multiply(outside, field.power(_absolute(case, whole), half)) if half else outside
            inside = field.multiply(inside, whole) if odd else inside
    monic, _name, _sign = field.monic(inside.numerator)
    leading = inside.numerator.leading_coefficient()
    content *= Fraction(int(leading.p), int(leading.q))
    rational, radicands = square_root(abs(content))
    result = field.multiply(outside, field.number(rational))
    for constant in radicands:
        result = field.multiply(result, field.root_atom(field.number(Fraction(constant)).numerator))
    radicand = monic if content > 0 else -monic
    return result if radicand == 1 else field.multiply(result, field.root_atom(radicand))


def _absolute(case: Case, value: Ratio) -> Ratio:
    """|value|."""
    sign = case.sign(value)
    return case.field.multiply(case.field.number(Fraction(sign)), value) if sign else value


def is_never_negative(case: Case, argument: Ratio) -> bool:
    """Whether it follows by inspection that the value is >= 0."""
    argument = case.field.current(argument)
    try:
        return case.sign(argument) >= 0
    except Split as split:
        poly = argument.numerator * argument.denominator
        return split.options <= {0, 1} and case.field.monic(poly)[2] > 0 or case.is_at_least_zero(poly)
