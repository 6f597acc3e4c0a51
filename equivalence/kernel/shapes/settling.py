"""What an expression is where some guards are known to hold: without what they imply, at the top and inside its atoms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from functools import reduce

from .algebra import ONE, ZERO, Atom, Exponent, Expr, Term, substitute, summed
from .atoms import Apply, apply, exp, power
from .largest import Family
from .polynomial import Fresh, Guard, Variable, guards_text, integer, least, place, poly_text, variable, zero
from .prover import implied

Facts = frozenset[Guard]


def settled(expr: Expr, facts: Facts) -> Expr:
    """The expression without guards that the others imply, and without terms whose guards contradict each other."""
    total = ZERO
    for term, count in expr.terms.items():
        total = total + _settled_term(term, facts).scaled(count)
    return total


def _settled_term(term: Term, facts: Facts) -> Expr:
    tight = {guard for guard in term.guards if guard.relation == "least" and least(-guard.poly) in term.guards}
    if tight:  # p >= 0 and -p >= 0 are an equation
        return settled(_rebuilt(term, term.guards - tight | {zero(guard.poly) for guard in tight}, {}), facts)
    digit = next((each for each in _digits(term.bound, term.guards, facts) if implied(facts | term.guards, each)), None)
    if digit is not None:
        return settled(_rebuilt(term, term.guards | {digit}, {}), facts)
    kept = _needed(replace(term, guards=_without_remainders(term.guards, facts)), facts)
    if kept is None:
        return ZERO
    # Outer sums have names above those of inner ones, so that what is known of an outer variable is said of no inner one.
    powers = {atom: new for atom, exponent in term.factors if (new := _settled_power(atom, exponent, facts | term.guards)) is not None}
    return Expr({term: Fraction(1)}) if kept == term.guards and not powers else _rebuilt(term, kept, powers)


def _rebuilt(term: Term, guards: Facts, powers: Mapping[Atom, Expr]) -> Expr:
    """The term with these guards, and with other powers in place of some."""
    fresh: dict[Variable, Variable] = {name: Fresh() for name in term.bound}
    images = {name: variable(own) for name, own in fresh.items()}
    parts = (
        substitute(powers[atom], images, {}) if atom in powers else atom.replaced(exponent, images, {})
        for atom, exponent in term.factors
    )
    return summed(reduce(Expr.__mul__, parts, ONE), fresh.values(), (guard.substitute(images) for guard in guards))


def _settled_power(atom: Atom, exponent: Exponent, facts: Facts) -> Expr | None:
    """The power of an atom with its argument or its members settled; nothing if that changes nothing."""
    if isinstance(atom, Family):
        body = settled(atom.body, facts | atom.guards)
        return None if body == atom.body else power(atom.with_body(body), exponent)
    if not isinstance(atom, Apply) or not (atom.argument.height or any(term.guards for term in atom.argument.terms)):
        return None
    argument = settled(atom.argument, facts)
    if argument == atom.argument:
        return None
    return exp(argument.scaled(Fraction(exponent))) if atom.function == "exp" else power(apply(atom.function, argument), exponent)


def _needed(term: Term, facts: Facts) -> Facts | None:
    """The guards that no others imply; nothing if they contradict each other."""
    labels: dict[Variable, str] = {}
    read = [each for atom, _ in term.factors for each in atom.places]
    for label, poly in sorted(read, key=lambda each: each[0]):
        for name in poly.variables & term.bound:
            labels.setdefault(name, label)

    def order(guard: Guard) -> tuple[int, str]:
        """Of guards that imply each other always the same is dropped: one of high degree, then one that speaks of indices."""
        degree = sum(len(monomial) for monomial, _ in guard.poly.terms)
        return -degree, poly_text(guard.poly, lambda v: labels.get(v, "~") if v in term.bound else place(v))

    kept, shared = set(term.guards), _shared_quotients(term, facts)
    for guard in sorted(term.guards, key=order):
        given = facts | (kept - {guard})
        if implied(given, guard) or shared and implied(given.union(each for each in shared if implied(given, each)), guard):
            kept.discard(guard)
        elif implied(given, least(-guard.poly - integer(1))) or guard.relation == "zero" and implied(given, least(guard.poly - integer(1))):
            return None
    return frozenset(kept)


def _shared_quotients(term: Term, facts: Facts) -> Facts:
    """What may hold of an index that counts blocks of several sides, as groups do: that there are so many blocks.

    Of i·u <= x < i·u + i and 0 <= x < i·g follows 0 <= u < g, and from that what holds of m·u; both at once are too much.
    """
    found: set[Guard] = set()
    for name in term.bound:
        pairs = [{*m} for guard in term.guards for m, _ in guard.poly.terms if len(m) == 2 and name in m]
        sides = set[Variable]().union(*pairs) - {name}
        if len(sides) > 1:
            beside = [{*m} for fact in facts for m, _ in fact.poly.terms if len(m) == 2 and not sides.isdisjoint(m)]
            counts = set[Variable]().union(*beside) - sides
            found |= {least(variable(name)), *(least(variable(g) - variable(name) - integer(1)) for g in counts)}
    return frozenset(found)


def _digits(bound: frozenset[Variable], guards: Facts, facts: Facts) -> Iterator[Guard]:
    """Equations that the guards may force, each of which gives a bound variable.

    Of 0 <= s·a + b < s with 0 <= b < s that a = 0; of an index below a side that an equation of sizes makes 1 that it is 0.
    """
    if any(fact.relation == "zero" for fact in facts):
        yield from (zero(variable(name)) for name in bound)
    for guard in guards:
        for side in {v for monomial, _ in guard.poly.terms if len(monomial) > 1 for v in monomial} - bound:
            quotient = guard.poly.coefficient(side)
            if any(quotient.solved(name) is not None for name in bound):
                yield zero(quotient)


def _without_remainders(guards: Facts, facts: Facts) -> Facts:
    """The guards with s·a + b >= 0 read as a >= 0 where the others say that 0 <= b < s."""
    products = [guard for guard in guards if any(len(monomial) > 1 for monomial, _ in guard.poly.terms)]
    for guard in sorted(products, key=lambda guard: guards_text([guard], place)):
        for side in sorted({v for m, _ in guard.poly.terms if len(m) > 1 for v in m}, key=place):
            given, size = facts | (guards - {guard}), variable(side)
            if guard.relation == "least" and implied(facts, least(size - integer(1))):
                for quotient in (guard.poly.coefficient(side), guard.poly.coefficient(side) - integer(1)):
                    rest = guard.poly - size * quotient
                    if implied(given, least(rest)) and implied(given, least(size - integer(1) - rest)):
                        return _without_remainders(guards - {guard} | {least(quotient)}, facts)
    return guards
