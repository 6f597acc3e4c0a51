"""The value of a recorded term at exact numbers: only the branch taken is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..kernel.numbers.exact import Exact
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Term


def value(term: Term, known: Mapping[str, Fraction]) -> Exact:
    """The number; undefined where the term has no meaning.

    Raises: Undecidable if a branch is too close to call; Unsupported for a kind that is not known here.
    """
    values: dict[int, Exact] = {}
    pending = [term]
    while pending:
        top = pending[-1]
        missing = [each for each in _needed(top, values) if each.serial not in values]
        pending.extend(missing)
        if not missing:
            values[pending.pop().serial] = _worked_out(top, known, values)
    return values[term.serial]


def _needed(term: Term, values: Mapping[int, Exact]) -> tuple[Term, ...]:
    """What must be known first: of a selection its discriminant, and then the branch that this says."""
    if term.kind != "select":
        return term.arguments
    discriminant = term.arguments[0]
    return (discriminant, _branch(term, values)) if discriminant.serial in values else (discriminant,)


def _branch(term: Term, values: Mapping[int, Exact]) -> Term:
    discriminant, *branches = term.arguments
    return branches[1 - values[discriminant.serial].sign()]


def _worked_out(term: Term, known: Mapping[str, Fraction], values: Mapping[int, Exact]) -> Exact:
    if term.kind == "select":
        return values[_branch(term, values).serial]
    own = [values[argument.serial] for argument in term.arguments]
    match term.kind:
        case "number":
            return Exact.of(term.data)
        case "variable":
            return Exact.of(known[term.data])
        case "add":
            return own[0] + own[1]
        case "mul":
            return own[0] * own[1]
        case "div":
            return own[0] / own[1]
        case "apply":
            return own[0].apply(term.data)
        case "maximum":
            return own[0].maximum(own[1])
    raise Unsupported(f"the value of {term.kind}")
