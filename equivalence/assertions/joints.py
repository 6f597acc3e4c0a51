"""Selections that switch at the same places, brought to one discriminant, so that they are judged together.

log σ(x) = min(x, 0) − log(1 + exp(−|x|)) is smooth, though both of its parts have a kink at 0.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from flint import fmpq

from ..containment import contained
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Equalities, Group
from ..kernel.numbers.exact import Exact
from ..kernel.scalars.term import Term
from ..kernel.sealed import Proof
from .derivative import branches_of, discriminant_of, in_order, is_switch
from .exactly import value
from .shifts import replaced

_MOST = 12
"""Discriminants beyond which nobody looks for multiples among them."""


def joined(terms: Sequence[Term]) -> list[Term]:
    """The terms with every selection on a multiple of an earlier one's discriminant made by that discriminant."""
    kept = list(terms)
    firsts: list[Term] = []
    multiples: dict[int, tuple[Term, Fraction]] = {}
    for discriminant in dict.fromkeys(discriminant_of(node) for node in in_order(kept) if is_switch(node)):
        found = next(((first, factor) for first in firsts if (factor := _multiple(discriminant, first))), None)
        if found is None:
            firsts.append(discriminant)
        else:
            multiples[discriminant.serial] = found
        if len(firsts) > _MOST:
            return list(terms)
    shared = {first.serial for first, _factor in multiples.values()}
    multiples |= {first.serial: (first, Fraction(1)) for first in firsts if first.serial in shared}
    while (node := _next(kept, multiples)) is not None:
        first, factor = multiples[discriminant_of(node).serial]
        above, at, below = branches_of(node)
        by = first.select(above, at, below) if factor > 0 else first.select(below, at, above)
        kept = replaced(kept, node, by)
    return kept


def _next(terms: Sequence[Term], multiples: dict[int, tuple[Term, Fraction]]) -> Term | None:
    for node in in_order(terms):
        if is_switch(node):
            discriminant = discriminant_of(node)
            first, _factor = multiples.get(discriminant.serial, (None, 0))
            if first is not None and (node.kind == "maximum" or first is not discriminant):
                return node
    return None


def _multiple(term: Term, of: Term) -> Fraction | None:
    """The factor by which one is the other, if that is proved."""
    factors = {_quotient(term, of, seed) for seed in (1, 2)}
    factor = factors.pop()
    if factors or not factor:
        return None
    claim = Equalities("one is a multiple of the other", (Group(((term, of.pool.number(factor) * of),), ()),), (), ())
    return factor if isinstance(KERNEL.decide(claim), Proof) else None


def _quotient(term: Term, of: Term, seed: int) -> Fraction | None:
    stream = random.Random(seed)
    names = sorted({node.data for node in in_order([term, of]) if node.kind == "variable"})
    point = {name: Fraction(stream.randrange(1, 64), 16) for name in names}
    found = contained(lambda: (value(term, point), value(of, point)))
    if not isinstance(found, tuple):
        return None
    first, second = map(_rational, found)
    return None if first is None or not second else first / second


def _rational(number: Exact) -> Fraction | None:
    found = number.value
    return Fraction(int(found.p), int(found.q)) if isinstance(found, fmpq) else None
