"""√max(u, 0), which has a value wherever u has one, and its slope; where u > 0 is shown it is a power of u."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .algebra import ONE, Atom, Expr, product, substitute
from .atoms import Apply, factored, power
from .bounds import is_positive
from .case import Case
from .polynomial import refuse
from .totals import rooted


def root(case: Case, u: Expr) -> Expr:
    """√max(u, 0)."""
    return _power_of_root(case, u, Fraction(1))


def root_slope(case: Case, name: str, u: Expr) -> Expr:
    """Its derivative: 1/(2√u) where u > 0, else 0, which at 0 is the convention's choice for this kink, from below."""
    weight = case.weights.get(name, 0)
    if weight == "none":  # no derivative at 0: the domain must exclude it
        case.require_nonzero(u)
    elif weight != 0:
        refuse("a convention by which the slope of a root at 0 is not 0")
    return _power_of_root(case, u, Fraction(-1)).scaled(Fraction(1, 2))


def root_along(case: Case, kink: Sequence[str], u: Expr, tangent: Expr) -> tuple[Expr, Expr]:
    """The value and the tangent of √max(u, 0), whose kink has this name; of √u, of which u must be > 0, if it has none."""
    if kink:
        return root(case, u), root_slope(case, kink[0], u) * tangent
    case.require_positive(u)
    return root(case, u), _power_of_root(case, u, Fraction(-1)).scaled(Fraction(1, 2)) * tangent


def _power_of_root(case: Case, u: Expr, exponent: Fraction) -> Expr:
    """√u^exponent where u > 0, elsewhere 0, as factors that are 0 or 1, others that are positive, and what remains.

    Source: derivation: √(a u) = √a √u for a > 0 and √(m u) = m √u for m = 0 or 1, and the same of reciprocals.
    """
    masks = _shared_masks(u)
    # Where these masks are 1, what stands beside them is the value of u.
    common, core = factored(substitute(u, {}, dict.fromkeys(masks, ONE)) if masks else u)
    outer = {a: n for a, n in common.items() if n == int(n) and is_positive(case, product({a: 1}))}
    below = {a: n for a, n in common.items() if n % 2 == 0 and a not in outer and is_positive(case, -product({a: 1}))}
    outer |= below
    inner = core * product({a: n for a, n in common.items() if a not in outer})
    taken = product({a: n * exponent / 2 for a, n in outer.items()}) * product(dict.fromkeys(masks, 1))
    # √(a²) = -a for a < 0
    sign = Fraction(-1) ** int(sum(n // 2 for n in below.values()) % 2)
    return taken.scaled(sign) * (power(inner, exponent / 2) if is_positive(case, inner) else rooted(inner, exponent))


def _shared_masks(u: Expr) -> list[Atom]:
    """The masks that every term has as a factor."""
    shared: list[set[Atom]] = [
        {a for a, _ in term.factors if isinstance(a, Apply) and a.is_sign and not a.free & term.bound} for term in u.terms
    ]
    return sorted(set.intersection(*shared), key=str) if shared else []
