"""The claim that pairs of terms are equal wherever conditions hold, and how it is decided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

from ..decision import Decision, Fails, Holds, Open, UnknownReason
from ..scalars.mask import Unsupported
from ..scalars.term import Term
from . import solver
from .case import ANY_SIGN, Case, Split
from .evaluation import Evaluation, Style, Undefined
from .field import Field, Poly, TooLarge
from .functions import with_powers_reduced
from .parts import parts

MOST_CASES = 800
"""Cases one pair may be split into before the claim is left open."""
MOST_CHOICES = 12
"""Maxima and discriminants that one pair may hold before it is not even split."""
FEW_MAXIMA = 2
"""Maxima whose own cases are so few that nothing else is tried before."""

Conditions = tuple[tuple[Term, frozenset[int]], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Pairs of terms, equal for all real values of the variables with which each condition has its signs."""

    pairs: tuple[tuple[Term, Term], ...]
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Equalities:
    """Every group of pairs is equal: one group for each way through a kernel."""

    statement: str
    groups: tuple[Group, ...]
    assumptions: tuple[str, ...]
    rests_on: tuple[str, ...]


def decide_equalities(claim: Equalities) -> Decision:
    """Normal form in each case; z3 for what inspection does not show. Nothing compared is vacuous."""
    fields: list[Field] = []
    compared = 0
    try:
        for group in claim.groups:
            _require_one_pool(group)
            fields.append(Field())
            base = _base_case(fields[-1], group.conditions)
            if _is_empty(base):
                continue
            at_once = tuple(Evaluation(base, style) for style in (Style.GENERATORS, Style.RATIOS))
            for left, right in group.pairs:
                compared += 1
                answer = _decide_pair(base, at_once, left, right)
                if answer is not None:
                    return answer
    except Unsupported as unsupported:
        return Open(UnknownReason.UNSUPPORTED, str(unsupported))
    except TooLarge as large:
        return Open(UnknownReason.TOO_LARGE, str(large))
    if compared == 0:
        return Open(UnknownReason.VACUOUS, f"{claim.statement}: no entry was compared under conditions that can hold")
    queries = tuple(dict.fromkeys(query for field in fields for query in field.queries))
    used = {*(fact for field in fields for fact in field.facts), *([solver.version()] if queries else [])}
    grounds = (f"python-flint {version('python-flint')}", *claim.rests_on, *sorted(used))
    return Holds("normal form and z3" if queries else "normal form", grounds, claim.assumptions, queries)


def _require_one_pool(group: Group) -> None:
    """Terms are told apart by their serial numbers, which mean nothing across pools."""
    terms = [*(term for pair in group.pairs for term in pair), *(term for term, _signs in group.conditions)]
    if any(term.pool is not terms[0].pool for term in terms):
        raise Unsupported("a claim holds terms of two runs")


def _is_empty(case: Case) -> bool:
    """Whether the claim's own conditions contradict each other. Signs of different single variables cannot."""
    polys = [poly for poly, signs in case.constraints if signs]
    free = all(kind == "variable" for kind, _name in case.field.atoms)
    single = free and all(len(poly) == 1 == poly.total_degree() for poly in polys)
    if single and len({str(poly) for poly in polys}) == len(case.constraints):
        return False
    return isinstance(solver.satisfy(case.field, case.constraints), solver.Impossible)


def _base_case(field: Field, conditions: Conditions) -> Case:
    case = Case(field)
    for term, signs in conditions:
        try:
            case = case.under(Evaluation(case, Style.CASES).value(term), signs)
        except (Split, Undefined):
            # The condition itself needs cases, or has no value. Leaving it out claims more, which is sound.
            continue
    return case


def _decide_pair(base: Case, at_once: Sequence[Evaluation], left: Term, right: Term) -> Decision | None:
    """None if the pair is equal in all cases: at once, part by part, or as a whole."""
    if _holds_without_cases(at_once, left, right):
        return None
    apart = parts(left, right)
    if len(apart) > 1 and all(_holds_without_cases(at_once, *p) or _by_any_cases(base, *p) is None for p in apart):
        return None
    return _by_any_cases(base, left, right)


def _by_any_cases(base: Case, left: Term, right: Term) -> Decision | None:
    """None if the pair is equal in all cases; of many maxima first in those of masks alone, for any values of the maxima."""
    maxima, discriminants = _choices(left, right)
    if maxima > FEW_MAXIMA and discriminants and _by_cases(base, left, right, Style.MAXIMA, discriminants) is None:
        return None
    return _by_cases(base, left, right, Style.CASES, maxima + discriminants)


def _holds_without_cases(at_once: Sequence[Evaluation], left: Term, right: Term) -> bool:
    return any(_holds_at_once(evaluation, left, right) for evaluation in at_once)


def _by_cases(base: Case, left: Term, right: Term, style: Style, choices: int) -> Decision | None:
    if choices > MOST_CHOICES:
        return Open(UnknownReason.TOO_LARGE, f"more than {MOST_CHOICES} maxima and selections in one equation")
    cases, seen = [base], 0
    while cases:
        seen += 1
        if seen > MOST_CASES:
            return Open(UnknownReason.TOO_LARGE, f"more than {MOST_CASES} cases of signs")
        case = cases.pop()
        try:
            open_ends = _open_ends(Evaluation(case, style), left, right)
        except Split as split:
            cases.extend(case.with_sign(split.poly, split.name, sign) for sign in sorted(split.options))
            continue
        for detail, poly, signs in open_ends:
            answer = _settle(case, detail, poly, signs)
            if answer is not None:
                return answer
    return None


def _holds_at_once(evaluation: Evaluation, left: Term, right: Term) -> bool:
    # Pairs share terms, and so what they are worth: what an earlier pair left to be shown counts against this one too.
    try:
        return not _open_ends(evaluation, left, right)
    except (Split, TooLarge):
        return False


def _choices(*terms: Term) -> tuple[int, int]:
    """How many distinct maxima and discriminants the terms hold."""
    met, stack, choices = set(), list(terms), {"maximum": set[int](), "select": set[int]()}
    while stack:
        term = stack.pop()
        if term.serial not in met:
            met.add(term.serial)
            stack.extend(term.arguments)
            if term.kind in choices:
                choices[term.kind].add(term.arguments[0].serial if term.kind == "select" else term.serial)
    return len(choices["maximum"]), len(choices["select"])


def _open_ends(evaluation: Evaluation, left: Term, right: Term) -> Sequence[tuple[str, Poly | None, frozenset[int]]]:
    """What stands between a case and equality: signs that a polynomial must not have, and why."""
    field = evaluation.case.field
    try:
        left_value, right_value = evaluation.value(left), evaluation.value(right)
    except Undefined as undefined:
        return [(str(undefined), None, ANY_SIGN)]
    difference = with_powers_reduced(field, field.difference(left_value, right_value))
    if not evaluation.style.takes_branches:
        difference = field.with_masks_reduced(difference)
    ends = [("a side has no value", poly, ANY_SIGN - wanted) for poly, wanted in evaluation.conditions]
    if not difference.is_zero():
        ends.append(("the two sides differ", difference, frozenset((-1, 1))))
    return ends


def _settle(case: Case, detail: str, poly: Poly | None, signs: frozenset[int]) -> Decision | None:
    """None if no point of this case gives the polynomial one of these signs."""
    extra = () if poly is None else ((poly, signs),)
    found = solver.satisfy(case.field, (*case.constraints, *extra))
    match found:
        case solver.Impossible():
            return None
        case solver.Point(values=values):
            return Fails(values, detail)
        case solver.Undecided(detail=why):
            return Open(UnknownReason.GAVE_UP, f"{detail}: {why}")
