"""Selections and maxima whose value does not matter, as the largest entry that a stable softmax subtracts.

If ∂y/∂u = 0 for every real u in the place of such a node, y is the same function with any constant there: so the node
brings no kink, and 0 stands for it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from ..containment import contained
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Conditions, Equalities, Group
from ..kernel.numbers.exact import Exact
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Term
from ..kernel.sealed import Proof
from .derivative import derivative, in_order
from .exactly import value


def without_shifts(terms: Sequence[Term], conditions: Conditions) -> list[Term]:
    """The terms with 0 for every selection and maximum on which they are proved not to depend."""
    kept = list(terms)
    for node in reversed(in_order(kept)):
        if node.kind in ("select", "maximum") and any(node is each for each in in_order(kept)):
            free = node.pool.variable(f"any value of {node.serial}")
            opened = replaced(kept, node, free)
            if _decides(free, opened):
                continue
            slopes = [derivative(each, free) for each in opened]
            if _vanish([slope for slope in slopes if not slope.is_number(0)], conditions):
                kept = replaced(kept, node, node.pool.number(Fraction(0)))
    return kept


def replaced(terms: Iterable[Term], node: Term, by: Term) -> list[Term]:
    """The terms with another term in the place of a node."""
    return all_replaced(terms, {node.serial: by})


def all_replaced(terms: Iterable[Term], others: Mapping[int, Term]) -> list[Term]:
    """The terms with other terms in the places of nodes, which are named by their serial numbers."""
    wanted = list(terms)
    images: dict[int, Term] = {}
    for term in in_order(wanted):
        if term.serial in others:
            images[term.serial] = others[term.serial]
        else:
            images[term.serial] = _rebuilt(term, [images[each.serial] for each in term.arguments])
    return [images[term.serial] for term in wanted]


def _decides(free: Term, terms: Iterable[Term]) -> bool:
    """Whether a selection's branch depends on it: the function may then jump, with slope 0 on both sides."""
    chosen_by = [term.arguments[0] for term in in_order(terms) if term.kind == "select"]
    return any(term is free for term in in_order(chosen_by))


def _rebuilt(term: Term, arguments: Sequence[Term]) -> Term:
    if all(new is old for new, old in zip(arguments, term.arguments, strict=True)):
        return term
    match term.kind:
        case "add" | "mul" | "div":
            joined: Term = term.pool.binary(term.kind, *arguments)
            return joined
        case "apply":
            return arguments[0].apply(term.data)
        case "select":
            return arguments[0].select(*arguments[1:])
        case "maximum":
            return arguments[0].maximum(arguments[1])
    raise Unsupported(f"another argument of {term.kind}")


def _vanish(slopes: Sequence[Term], conditions: Conditions) -> bool:
    """Whether all are proved to be 0; not asked where one is seen not to be."""
    if not slopes or any(map(_is_seen, slopes)):
        return not slopes
    pairs = tuple((slope, slope.pool.number(Fraction(0))) for slope in slopes)
    claim = Equalities("the value of a node does not matter", (Group(pairs, conditions),), (), ())
    return isinstance(KERNEL.decide(claim), Proof)


def _is_seen(slope: Term) -> bool:
    """Whether a slope is certainly not 0 at a point."""
    stream = random.Random(len(in_order([slope])))
    names = [term.data for term in in_order([slope]) if term.kind == "variable"]
    found = contained(lambda: value(slope, {name: Fraction(stream.randrange(1, 64), 16) for name in names}))
    return isinstance(found, Exact) and found.value is not None and found.differs(Exact.of(0))
