"""What a rule owes: way by way through both functions, what came beside what is derived, and where it is owed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import flint

from ..kernel.algebra.equalities import Conditions, Group
from ..kernel.numbers.exact import PRECISION, Exact
from ..kernel.scalars.explorer import Path, explore
from ..kernel.scalars.term import Term
from .derivative import gradient, in_order
from .exactly import value
from .joints import joined
from .kinks import OFF, kinks, meeting, rootless, vertical, where_they_hold
from .readings import Reading, readings
from .rule import Point, Ran, Rule
from .shifts import all_replaced, without_shifts

_AT = frozenset((0,))

_NEAR_BITS = 40
"""Two numbers that agree in so many bits differ by what constants were rounded by, if at all."""


@dataclass(frozen=True)
class Difference:
    """One entry of a cotangent at a point: what forward's own derivative is there, and what the VJP gave.

    `rounded` says that all entries agree but for what may be the rounding of constants.
    """

    point: Point
    place: int
    index: tuple[int, ...]
    derived: str
    came: str
    wrong: int
    entries: int
    rounded: bool


@dataclass(frozen=True)
class Owed:
    """One way through both functions: cotangents that came and that are derived, where they are owed, and what forward gave.

    Where a term of `off` is 0 no derivative is owed, but a number is, or what was declared.
    """

    pairs: tuple[tuple[Term, Term], ...]
    declared: tuple[Term, ...]
    conditions: Conditions
    off: tuple[Term, ...]
    y: tuple[Term, ...]

    def groups(self) -> Iterator[Group]:
        """What is claimed on this way."""
        apart = (*self.conditions, *((term, OFF) for term in self.off))
        yield Group(tuple((where_they_hold(apart, came), where_they_hold(apart, owed)) for came, owed in self.pairs), apart)
        for term in self.off:
            here = (*self.conditions, (term, _AT))
            both = [(came, at) for (came, _owed), at in zip(self.pairs, self.declared, strict=True) if came is not at or came.partial]
            if both:
                yield Group(tuple((where_they_hold(here, came), where_they_hold(here, at)) for came, at in both), here)


def constants_of(rule: Rule) -> tuple[Fraction, ...]:
    """The numbers in what both functions compute. Raises: whatever the functions raise."""
    terms = [term for path in explore(rule.recorded) for term in in_order(_all_terms(path))]
    return tuple(dict.fromkeys(term.data for term in terms if term.kind == "number"))


def owed_by(rule: Rule, read: Mapping[Fraction, Reading]) -> tuple[Owed, ...]:
    """Every way, with some constants read as what they were rounded from. Raises: Breaks, and whatever the functions raise."""
    return tuple(_owed(_read(path, read) if read else path) for path in explore(rule.recorded))


def _owed(path: Path[Ran]) -> Owed:
    ran = path.result
    conditions = (*ran.domain, *path.conditions)
    y = rootless(joined(without_shifts(ran.y, conditions)))
    signs = {term.serial: signs for term, signs in path.conditions}
    decided = meeting(tuple((term, signs[term.serial]) for term in ran.decisions if term.serial in signs))
    off = dict.fromkeys([*kinks(y, ran.x, conditions), *vertical(y, conditions), *decided])
    wanted = [gradient(zip(ran.y_bar, y, strict=True), entry) for entry in ran.x]
    return Owed(tuple(zip(ran.came, wanted, strict=True)), tuple(ran.declared), conditions, tuple(off), tuple(ran.y))


def _all_terms(path: Path[Ran]) -> list[Term]:
    ran = path.result
    return [*ran.y, *ran.came, *ran.declared, *ran.decisions, *(term for term, _signs in path.conditions)]


def _read(path: Path[Ran], read: Mapping[Fraction, Reading]) -> Path[Ran]:
    """The same way, with other constants."""
    ran, terms = path.result, _by_reciprocals(_all_terms(path), read)
    known = {**read, **{1 / constant: each.reciprocal() for constant, each in read.items()}}
    numbers = [term for term in in_order(terms) if term.kind == "number" and term.data in known]
    again = iter(all_replaced(terms, {term.serial: known[term.data].term(term.pool) for term in numbers}))
    y, came, declared, decisions = ([next(again) for _ in each] for each in (ran.y, ran.came, ran.declared, ran.decisions))
    conditions = tuple((next(again), signs) for _term, signs in path.conditions)
    return Path(replace(ran, y=y, came=came, declared=declared, decisions=tuple(decisions)), conditions)


def _by_reciprocals(terms: list[Term], read: Mapping[Fraction, Reading]) -> list[Term]:
    """The terms with products for quotients by a power of √π: provers do not know that 1/√π is not 0."""
    while True:
        quotients = (term for term in in_order(terms) if term.kind == "div" and term.arguments[1].kind == "number")
        found = next((term for term in quotients if term.arguments[1].data in read and read[term.arguments[1].data].half > 0), None)
        if found is None:
            return terms
        product = found.arguments[0] * found.pool.number(1 / found.arguments[1].data)
        terms = all_replaced(terms, {found.serial: product})


def read_constants(rule: Rule) -> Mapping[Fraction, Reading]:
    """What the constants of a rule are read as."""
    return readings(constants_of(rule))


def compared(rule: Rule, owed: Sequence[Owed], point: Point) -> Difference | None:
    """Where both sides differ at a point, if forward has a value there and both are known.

    Raises: Undecidable if a branch is too close to call; Unsupported for a kind of term that has no value.
    """
    with flint.ctx.workprec(PRECISION):
        for way in owed:
            if all(value(term, point).sign() in signs for term, signs in way.conditions):
                return _compared(rule, way, point)
    return None


def _compared(rule: Rule, way: Owed, point: Point) -> Difference | None:
    if any(value(term, point).value is None for term in way.y):
        return None
    kink = any(value(term, point).sign() == 0 for term in way.off)
    sides = _at_kink(way, point) if kink else [(value(came, point), value(wanted, point)) for came, wanted in way.pairs]
    wrong = [place for place, (came, wanted) in enumerate(sides) if came.differs(wanted)]
    if any(wanted.value is None for _came, wanted in sides) or not wrong:
        return None
    place, index = rule.places()[wrong[0]]
    came, wanted = sides[wrong[0]]
    owed = "a number" if rule.at_kinks is None else f"{wanted!r} by the convention"
    derived = f"{owed}, for this is a kink and not" if kink else repr(wanted)
    rounded = all(_is_near(came, wanted) for came, wanted in sides)
    return Difference(point, place, index, derived, repr(came), len(wrong), len(sides), rounded)


def _at_kink(way: Owed, point: Point) -> list[tuple[Exact, Exact]]:
    """At a kink: what came beside what was declared, or beside a number if neither is one."""
    sides = [(value(came, point), value(at, point)) for (came, _wanted), at in zip(way.pairs, way.declared, strict=True)]
    return [(came, Exact.of(0) if came.value is None and at.value is None else at) for came, at in sides]


def _is_near(came: Exact, wanted: Exact) -> bool:
    if came.value is None or wanted.value is None:
        return False
    first, second = flint.arb(came.value), flint.arb(wanted.value)
    return bool(abs(first - second) * 2**_NEAR_BITS < abs(second) + abs(first)) or not came.differs(wanted)
