"""A proof over terms held against numbers: what terms mean is part of the trusted base, and here it is looked at.

At a point, the value of each term of a claim is that of the run on exact numbers which it stands for: on the left of
the kernel's own, on the right of the spec's. Terms are evaluated here and not by what they say of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import flint

from ...ir.exchange import Case
from ...spec.derive import Instance, symbol
from ...spec.operand import indices
from ..kernel.algebra.equalities import Equalities
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Pool, Term
from .claims import Values

Point = Mapping[str, Exact]
Pairs = Sequence[tuple[Term, Term]]


def point_of(case: Case, instance: Instance) -> Point:
    """The inputs, tangents and seed of a rule's case, by the names of the spec's symbols."""
    shapes = enumerate(instance.shapes)
    arrays = [(role, place, shape, held[place]) for place, shape in shapes for role, held in (("x", case.leaves), ("x_dot", case.seeds))]
    arrays.append(("y_bar", 0, instance.shape, case.seeds[-1]))
    return {
        symbol(role, place, index).name: Exact.of(float(array[index]))
        for role, place, shape, array in arrays
        for index in indices(shape)
    }


def disagreement(claim: Equalities, values: Values, point: Point) -> str:
    """Where terms of the claim have other values than the runs at this point, or no way through the kernel leads there.

    Nothing if they agree, and where balls do not tell.
    """
    numbers, conditions = values
    terms = TermValues(point)
    try:
        with flint.ctx.workprec(PRECISION):
            if not _hold(conditions):
                return ""
            ways = [way for way in claim.groups if _hold((terms.of(term), signs) for term, signs in way.conditions)]
            if not ways:
                return "no way through the kernel that was explored leads to a point of the domain"
            return next((found for way in ways if (found := _differing(way.pairs, numbers, terms))), "")
    except Undecidable:
        return ""


def _differing(pairs: Pairs, numbers: Sequence[tuple[Exact, Exact]], terms: TermValues) -> str:
    for place, (sides, wanted) in enumerate(zip(pairs, numbers, strict=True)):
        for side, term, number in zip(("kernel", "spec"), sides, wanted, strict=True):
            found = terms.of(term)
            if found.differs(number):
                return f"equation {place}: the term of the {side} is {found} where the {side} gives {number}"
    return ""


def _hold(conditions: Iterable[tuple[Exact, frozenset[int]]]) -> bool:
    return all(value.sign() in signs for value, signs in conditions)


class TermValues:
    """The values of terms at a point, each computed once. Of a selection only the branch that is taken is asked."""

    def __init__(self, point: Point) -> None:
        self._point = point
        self._known: dict[Pool, dict[int, Exact]] = {}

    def of(self, term: Term) -> Exact:
        """The value. Raises: Undecidable if balls do not tell a branch."""
        known = self._known.setdefault(term.pool, {})
        stack = [term]
        while stack:
            top = stack[-1]
            missing = [each for each in _needed(top, known) if each.serial not in known]
            if missing:
                stack.extend(missing)
            else:
                stack.pop()
                if top.serial not in known:
                    known[top.serial] = _combined(top, self._point, [known[each.serial] for each in _needed(top, known)])
        return known[term.serial]


def _needed(term: Term, known: Mapping[int, Exact]) -> Sequence[Term]:
    if term.kind != "select":
        return term.arguments
    discriminant, *branches = term.arguments
    sign = known.get(discriminant.serial)
    return (discriminant,) if sign is None else (discriminant, branches[1 - sign.sign()])


def _combined(term: Term, point: Point, values: Sequence[Exact]) -> Exact:
    match term.kind, values:
        case "number", []:
            return Exact.of(term.data)
        case "variable", []:
            return point[term.data]
        case "add", [a, b]:
            return a + b
        case "mul", [a, b]:
            return a * b
        case "div", [a, b]:
            return a / b
        case "maximum", [a, b]:
            return a.maximum(b)
        case "apply", [a]:
            return a.apply(term.data)
        case "select", [_sign, taken]:
            return taken
    raise Unsupported(f"a term of kind {term.kind} has no value")
