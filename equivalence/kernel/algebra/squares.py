"""Quadratic polynomials as sums of squares: Σ d (x + l)² + c with d >= 0 is at least c wherever it is looked at."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Quadratic = dict[tuple[int, ...], Fraction]
"""Coefficients by monomial, a monomial by the places of its one or two generators; () is the constant."""


def lower_bound(poly: Any) -> Fraction | None:
    """A number that the values of a polynomial of degree at most 2 never fall below; None if none was found.

    Source: derivation: completing the square for one generator after the other (Lagrange's reduction).
    """
    if poly.total_degree() > 2:
        return None
    rest = _quadratic(poly)
    for place in sorted({place for monomial in rest for place in monomial}):
        own = rest.pop((place, place), Fraction(0))
        linear = {tuple(p for p in m if p != place): count for m, count in rest.items() if place in m}
        if own < 0 or (own == 0 and linear):
            return None
        rest = {m: count for m, count in rest.items() if place not in m}
        # own x² + l x = own (x + l / 2 own)² - l² / 4 own
        for left, count in linear.items():
            for right, times in linear.items():
                monomial = tuple(sorted(left + right))
                rest[monomial] = rest.get(monomial, Fraction(0)) - count * times / (4 * own)
        rest = {m: count for m, count in rest.items() if count}
    return rest.get((), Fraction(0))


def _quadratic(poly: Any) -> Quadratic:
    return {
        tuple(place for place, power in enumerate(powers) for _ in range(int(power))): Fraction(int(count.p), int(count.q))
        for powers, count in poly.to_dict().items()
    }
