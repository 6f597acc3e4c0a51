"""Where a forward function has no derivative: where two branches meet with another value or another slope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..kernel import KERNEL
from ..kernel.algebra.equalities import Conditions, Equalities, Group
from ..kernel.scalars.term import Term
from ..kernel.sealed import Proof
from .derivative import derivative, switches

OFF = frozenset((-1, 1))


def kinks(terms: Sequence[Term], variables: Sequence[Term], conditions: Conditions) -> Iterator[Term]:
    """The discriminants of the terms' branches at whose zeros the branches are not shown to join smoothly.

    Both sides then have a value and a slope of their own wherever the discriminant is 0, and those are proved the same:
    the function has that derivative there. What is not proved counts as a kink.
    """
    met: dict[int, tuple[Term, list[tuple[Term, Term]]]] = {}
    for discriminant, above, at, below in switches(terms):
        pairs = met.setdefault(discriminant.serial, (discriminant, []))[1]
        slopes = [(derivative(above, each), derivative(below, each)) for each in variables]
        pairs.extend(pair for pair in ((above, at), (below, at), *slopes) if pair[0] is not pair[1])
    for discriminant, pairs in met.values():
        if discriminant.kind != "number" and pairs and not _agree(pairs, discriminant, conditions):
            yield discriminant


def off_kinks(discriminants: Sequence[Term], side: Term) -> Term:
    """A side of an equation, and 0 at each kink whose discriminant has branches itself: as a condition it would be dropped."""
    for discriminant in discriminants:
        if any(True for _branch in switches([discriminant])):
            side = discriminant.select(side, 0, side)
    return side


def _agree(pairs: Sequence[tuple[Term, Term]], discriminant: Term, conditions: Conditions) -> bool:
    where = (*conditions, (discriminant, frozenset((0,))))
    claim = Equalities("two branches join smoothly", (Group(tuple(pairs), where),), (), ())
    return isinstance(KERNEL.decide(claim), Proof)


def words(term: Term) -> str:
    """A term as it is written in mathematics, its variables by name."""
    inside = [words(each) for each in term.arguments]
    match term.kind:
        case "number" | "variable":
            return str(term.data)
        case "add" if term.arguments[1].kind == "mul" and term.arguments[1].arguments[0].is_number(-1):
            return f"({inside[0]} - {words(term.arguments[1].arguments[1])})"
        case "add" | "mul" | "div":
            return f"({f' {_OPERATORS[term.kind]} '.join(inside)})"
    return f"{term.data or term.kind}({', '.join(inside)})"


_OPERATORS = {"add": "+", "mul": "*", "div": "/"}
