"""Half powers: of an expression that is never negative, and numbers that no rational is."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ....ir.constant import Constant
from ..numbers.radical import square_root
from .algebra import ONE, Atom, Exponent, Expr, product
from .atoms import Apply, factored, leading, power, rational
from .constants import constant
from .polynomial import is_size
from .sides import Side


def half_power(base: Expr, exponent: Fraction) -> Expr:
    """Factors that are never negative are taken out; √(c u) = √c √u for c > 0."""
    common, core = factored(base)
    outer = {a: n for a, n in common.items() if isinstance(a, Apply) and a.function == "exp" or isinstance(a, Side) and is_size(a.variable)}
    rest = core * product({a: n for a, n in common.items() if a not in outer})
    count = abs(rest.terms[leading(rest)])
    rest, (rational_part, radicands) = rest.scaled(1 / count), square_root(count)
    inside: dict[Atom, Exponent] = {Apply("base", rational(k)): exponent for k in radicands}
    single = [*next(iter(rest.terms)).factors] if len(rest.terms) == 1 else []
    if rest != ONE:
        # What is never negative and one factor alone is a factor that is never negative.
        alone = len(single) == 1 and rest == product({single[0][0]: 1})
        inside[single[0][0] if alone else Apply("base", rest)] = exponent
    taken = product({a: times * exponent for a, times in outer.items()})
    return (taken * product(inside)).scaled(rational_part ** int(2 * exponent))


def number(value: Any) -> Expr | None:
    """A constant of a kernel; or a number of sympy's, if it is r √k: a formula may take the root of a size that is given."""
    if type(value) is Constant:
        return constant(value)
    import sympy

    square = value**2 if isinstance(value, sympy.Expr) else None
    if square is None or not square.is_Rational:
        return None
    root = power(rational(Fraction(int(square.p), int(square.q))), Fraction(1, 2))
    return root if value > 0 else -root
