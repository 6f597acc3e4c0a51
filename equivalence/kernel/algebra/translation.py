"""sympy expressions as terms: the same sums, products, powers, functions and pieces."""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..numbers.radical import PER_ROOT_PI
from ..scalars.mask import Both, Mask, Not, Truth, Unsupported, every
from ..scalars.term import Pool, Term

TRUSTED = f"sympy {sympy.__version__} (derivatives, translation to terms)"

_SIGNS = {
    ">": frozenset((1,)),
    ">=": frozenset((0, 1)),
    "<": frozenset((-1,)),
    "<=": frozenset((-1, 0)),
    "==": frozenset((0,)),
    "!=": frozenset((-1, 1)),
}


class Translation:
    """Translates expressions into one pool, each subexpression once."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._known: dict[Any, Term] = {}

    def term(self, expression: Any) -> Term:
        """The term of an expression.

        Raises: Unsupported for a kind of expression that has no term.
        """
        if expression not in self._known:
            self._known[expression] = self._translate(expression)
        return self._known[expression]

    def _translate(self, expression: Any) -> Term:
        match expression:
            case sympy.Rational():
                return self._pool.number(Fraction(int(expression.p), int(expression.q)))
            case sympy.Symbol():
                return self._pool.variable(expression.name)
            case sympy.Add():
                return self._folded("add", expression.args)
            case sympy.Mul():
                return self._folded("mul", expression.args)
            case sympy.Pow() if expression.base is sympy.pi and (2 * expression.exp).is_Integer and expression.exp < 0:
                return self._pool.number(Fraction(1)).apply(PER_ROOT_PI) ** int(-2 * expression.exp)  # type: ignore[no-any-return]
            case sympy.Pow() if (2 * expression.exp).is_Integer:
                return self._power(self.term(expression.base), expression.exp)
            case sympy.Pow() if expression.exp.is_Rational:
                power: Term = self.term(expression.base) ** Fraction(int(expression.exp.p), int(expression.exp.q))
                return power
            case sympy.Abs():
                inner = self.term(expression.args[0])
                return inner.maximum(-inner)
            case sympy.sign():
                return self.term(expression.args[0]).select(1, 0, -1)
            case sympy.exp() | sympy.log() | sympy.tanh() | sympy.sin() | sympy.cos() | sympy.erf():
                return self.term(expression.args[0]).apply(type(expression).__name__)
            case sympy.Piecewise():
                return self._pieces(expression)
            case sympy.Function() if type(expression).__name__ == "Largest":
                return self._largest(expression.args[1:])
            case sympy.Function() if type(expression).__name__ == "Winner":
                return self._winner(*expression.args)
        raise Unsupported(f"{type(expression).__name__} has no term: {expression}")

    def _power(self, base: Term, exponent: Any) -> Term:
        """An integer power, or one of the root; a negative one as the power of the reciprocal."""
        whole = bool(exponent.is_Integer)
        power: Term = (base if whole else base.apply("sqrt")) ** int(exponent if whole else 2 * exponent)
        return power

    def _folded(self, kind: str, arguments: tuple[Any, ...]) -> Term:
        first, *rest = map(self.term, arguments)
        for term in rest:
            first = self._pool.binary(kind, first, term)
        return first

    def _largest(self, entries: tuple[Any, ...]) -> Term:
        return reduce(Term.maximum, map(self.term, entries))

    def _winner(self, place: Any, weight: Any, *entries: Any) -> Term:
        """w·[the last largest entry is at the place] + (1 − w)·[the first is]; for w `evenly` the share of a largest entry."""
        largest, terms = self._largest(entries), [*map(self.term, entries)]
        if isinstance(weight, sympy.Symbol) and weight.name == "evenly":
            hits = [self._pool.lift(entry.compare(largest, _SIGNS["=="])) for entry in terms]
            shared: Term = hits[int(place)] / sum(hits[1:], hits[0])
            return shared
        first = self._hit(terms, largest, int(place))
        last = self._hit(terms[::-1], largest, len(terms) - 1 - int(place))
        share = self.term(weight)
        total: Term = first + share * (last - first)
        return total

    def _hit(self, entries: list[Term], largest: Term, place: int) -> Term:
        """[the first entry equal to the largest is at the place]; the last place needs no test, for one is."""
        hits = [entry.compare(largest, _SIGNS["=="]) for entry in entries[:-1]]
        return self._pool.lift(every([*map(Not, hits[:place]), *hits[place : place + 1]]))

    def _pieces(self, expression: Any) -> Term:
        *pieces, (last, always) = expression.args
        if always != sympy.true:
            raise Unsupported(f"a piecewise expression without a last piece: {expression}")
        chosen = self.term(last)
        for piece, condition in reversed(pieces):
            chosen = self._pool.lift(self._mask(condition).where(self.term(piece), chosen))
        return chosen

    def _mask(self, condition: Any) -> Mask:
        match condition:
            case sympy.logic.boolalg.BooleanTrue() | sympy.logic.boolalg.BooleanFalse():
                return Truth(bool(condition))
            case sympy.And():
                first, *rest = map(self._mask, condition.args)
                for mask in rest:
                    first = Both(first, mask)
                return first
            case sympy.Or():
                return Not(self._mask(sympy.And(*map(sympy.Not, condition.args))))
            case sympy.Not():
                return Not(self._mask(condition.args[0]))
            case sympy.logic.boolalg.ITE():
                test, then, other = map(self._mask, condition.args)
                return Not(Both(Not(Both(test, then)), Not(Both(Not(test), other))))
            case Relational():
                return self.term(condition.lhs).compare(self.term(condition.rhs), _SIGNS[condition.rel_op])
        raise Unsupported(f"{type(condition).__name__} is no condition on terms: {condition}")
