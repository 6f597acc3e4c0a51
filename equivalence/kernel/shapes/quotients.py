"""Quotients of indices in a formula: each is a bound variable u with the guards 0 <= p − q u < q, which one integer meets.

So Σ_u [0 <= p − q u < q] f(u) is f of the quotient. It is summed over where the indices in p are known: at the outermost
sum of the formula that all of them belong to.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from .algebra import ZERO, Expr, summed
from .polynomial import Fresh, Guard, Poly, Variable, integer, least, refuse, variable


@dataclass
class _Sum:
    """The indices of a sum that is being evaluated, and the quotients that depend on them."""

    names: set[Variable]
    quotients: dict[tuple[Poly, Poly], Fresh] = field(default_factory=dict)


class Quotients:
    """The sums around what is being evaluated, innermost last; the first is the formula itself."""

    def __init__(self) -> None:
        self._sums = [_Sum(set())]

    def of(self, dividend: Poly, divisor: Poly) -> Poly:
        """dividend // divisor, for a divisor that is at least 1."""
        inside = [each for each in self._sums if each.names & dividend.variables]
        own = inside[-1] if inside else self._sums[0]
        name = own.quotients.setdefault((dividend, divisor), Fresh())
        own.names.add(name)
        return variable(name)

    def enter(self, names: Iterable[Variable]) -> None:
        """Begin a sum over these indices."""
        self._sums.append(_Sum(set(names)))

    def leave(self, *bodies: Expr) -> tuple[Expr, ...]:
        """End the innermost sum: its bodies, summed over the quotients that occur in them."""
        own = self._sums.pop()
        return tuple(_introduced(body, own.quotients) for body in bodies)


def _introduced(body: Expr, quotients: dict[tuple[Poly, Poly], Fresh]) -> Expr:
    total = ZERO
    for term, count in body.terms.items():
        used, guards = term.free, set[Guard]()
        names: set[Variable] = set()
        for (dividend, divisor), name in reversed(quotients.items()):  # a later one may be a quotient of an earlier one
            if name in used:
                rest = dividend - divisor * variable(name)
                guards |= {least(rest), least(divisor - integer(1) - rest)}
                names.add(name)
                used |= dividend.variables
        total = total + summed(Expr({term: Fraction(1)}), names, guards).scaled(count)
    if total.free & frozenset(quotients.values()):
        refuse("a quotient of an index outside its sum")
    return total
