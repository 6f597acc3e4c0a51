"""Where a forward function has no derivative: where two branches meet with another value or another slope."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..kernel import KERNEL
from ..kernel.algebra.equalities import Conditions, Equalities, Group
from ..kernel.scalars.term import Term
from ..kernel.sealed import Proof
from .derivative import branches_of, derivative, discriminant_of, in_order, is_switch, switches
from .shifts import replaced

OFF = frozenset((-1, 1))

_AT = frozenset((0,))


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
        if discriminant.kind == "number" or not pairs or _agree(pairs, discriminant, conditions):
            continue
        if not _agree(list(_of_the_whole(terms, variables, discriminant)), discriminant, conditions):
            yield discriminant


def _of_the_whole(terms: Sequence[Term], variables: Sequence[Term], discriminant: Term) -> Iterator[tuple[Term, Term]]:
    """Values and slopes of all of the terms on both sides of a discriminant's zeros: parts that kink may add up smoothly."""
    above, at, below = (_decided(terms, discriminant, place) for place in range(3))
    yield from zip((*above, *below), (*at, *at), strict=True)
    for first, second in zip(above, below, strict=True):
        yield from ((derivative(first, each), derivative(second, each)) for each in variables)


def _decided(terms: Sequence[Term], discriminant: Term, place: int) -> list[Term]:
    """The terms where the discriminant has one sign."""
    kept = list(terms)
    while True:
        switching = (node for node in in_order(kept) if is_switch(node) and discriminant_of(node) is discriminant)
        node = next(switching, None)
        if node is None:
            return kept
        kept = replaced(kept, node, branches_of(node)[place])


def meeting(decisions: Conditions) -> Iterator[Term]:
    """The discriminants at whose zeros forward's own decisions may turn out otherwise nearby.

    A decision that is taken where a term with branches is 0, as one on which entry is the largest, holds all around such
    a place: there it is the zeros of those branches' discriminants.
    """
    for term, signs in decisions:
        inside = [discriminant for discriminant, *_branches in switches([term])]
        yield from inside if signs == _AT and inside else [term]


def rootless(terms: Sequence[Term]) -> list[Term]:
    """The terms with s for √s √s, which has a derivative where √s has none."""
    kept = list(terms)
    for node in in_order(kept):
        if node.kind == "mul" and node.arguments[0] is node.arguments[1] and _is_root(node.arguments[0]):
            kept = replaced(kept, node, node.arguments[0].arguments[0])
    return kept


def vertical(terms: Sequence[Term], conditions: Conditions) -> Iterator[Term]:
    """What square roots are taken of in terms, unless it is proved that it is never 0: at 0 a root has no derivative."""
    for node in in_order(terms):
        if _is_root(node) and node.arguments[0].kind != "number":
            slope = 1 / node
            claim = Equalities("a root has a slope", (Group(((slope, slope),), conditions),), (), ())
            if not isinstance(KERNEL.decide(claim), Proof):
                yield node.arguments[0]


def where_they_hold(conditions: Conditions, side: Term) -> Term:
    """A side of an equation, and 0 where a condition on a term with branches fails: as a condition it would be dropped."""
    for term, signs in conditions:
        if any(True for _branch in switches([term])):
            side = term.select(*(side if sign in signs else 0 for sign in (1, 0, -1)))
    return side


def _is_root(term: Term) -> bool:
    return term.kind == "apply" and term.data == "sqrt"


def _agree(pairs: Sequence[tuple[Term, Term]], discriminant: Term, conditions: Conditions) -> bool:
    where = (*conditions, (discriminant, _AT))
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
