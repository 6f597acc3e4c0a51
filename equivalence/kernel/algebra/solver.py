"""What inspection leaves open goes to z3: are there reals with these signs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from ..facts import Fact
from ..smtlib import applied, rational, script
from .field import Field, Poly

SignedPoly = tuple[Poly, frozenset[int]]
"""A polynomial and the signs that it may have."""

RESOURCE_LIMIT = 20_000_000
"""z3's own count of steps for one query: the same on every machine."""


@dataclass(frozen=True, slots=True)
class Impossible:
    """No reals satisfy the constraints."""


@dataclass(frozen=True, slots=True)
class Point:
    """Values of the variables, rational or cut to a rational nearby: a candidate."""

    values: dict[str, Fraction]


@dataclass(frozen=True, slots=True)
class Undecided:
    """The solver gave up within its budget."""

    detail: str


def satisfy(field: Field, constraints: Sequence[SignedPoly]) -> Impossible | Point | Undecided:
    """Ask for a point at which every polynomial has one of its signs; functions are unknown reals in their range."""
    import z3

    query = _query(field, constraints)
    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", RESOURCE_LIMIT)
    solver.from_string(query)
    answer = solver.check()
    if answer == z3.unsat:
        field.queries.append(query)
        return Impossible()
    if answer == z3.sat:
        return Point(_variables(field, solver.model()))
    return Undecided(f"{version()}: {solver.reason_unknown()}")


def version() -> str:
    """The solver with its version. It is loaded where it is asked: most of what is decided needs none."""
    import z3

    return f"z3 {z3.get_version_string()}"


def _query(field: Field, constraints: Sequence[SignedPoly]) -> str:
    """The question in SMT-LIB, with g0, g1, ... for the generators."""
    asserted = [_has_sign(_expression(field.raised(poly)), signs) for poly, signs in constraints]
    for place, (kind, _name) in enumerate(field.atoms):
        if kind == "exp":
            field.facts.add(Fact.EXP_POSITIVE)
            asserted.append(f"(> g{place} 0.0)")
        elif kind == "sqrt":
            radicand = _expression(field.raised(field.radicands[place]))
            # Where the radicand is negative nothing is said: whether it can be is what may be asked.
            asserted.append(f"(or (< {radicand} 0.0) (and (>= g{place} 0.0) (= (* g{place} g{place}) {radicand})))")
    return script("QF_NRA", [f"(declare-const g{place} Real)" for place in range(len(field.atoms))], asserted)


def _has_sign(value: str, signs: frozenset[int]) -> str:
    return applied("or", [f"({'<=>'[sign + 1]} {value} 0.0)" for sign in sorted(signs)], "false")


def _expression(poly: Poly) -> str:
    terms = []
    for powers, coefficient in poly.to_dict().items():
        factors = [rational(int(coefficient.p), int(coefficient.q))]
        factors.extend(f"g{place}" for place, power in enumerate(powers) for _ in range(int(power)))
        terms.append(applied("*", factors, "1.0"))
    return applied("+", terms, "0.0")


def _variables(field: Field, model: Any) -> dict[str, Fraction]:
    import z3

    values = {}
    for place, (kind, name) in enumerate(field.atoms):
        if kind == "variable":
            value = model.eval(z3.Real(f"g{place}"), model_completion=True)
            if not z3.is_rational_value(value):
                value = value.approx(20)
            values[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    return values
