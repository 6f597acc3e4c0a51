"""What inspection leaves open goes to z3: are there reals with these signs?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import z3

from ..facts import Fact
from .field import Field, Poly

SignedPoly = tuple[Poly, frozenset[int]]
"""A polynomial and the signs that it may have."""

RESOURCE_LIMIT = 20_000_000
"""z3's own count of steps for one query: the same on every machine."""

VERSION = f"z3 {z3.get_version_string()}"


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
    solver = z3.SolverFor("QF_NRA")
    solver.set("rlimit", RESOURCE_LIMIT)
    generators = [z3.Real(f"g{place}") for place in range(len(field.atoms))]
    for poly, signs in constraints:
        solver.add(z3.Or([_has_sign(_expression(field.raised(poly), generators), sign) for sign in sorted(signs)]))
    for (kind, _name), generator in zip(field.atoms, generators, strict=True):
        if kind == "exp":
            field.facts.add(Fact.EXP_POSITIVE)
            solver.add(generator > 0)
        elif kind == "tanh":
            field.facts.add(Fact.TANH_BOUNDED)
            solver.add(generator > -1, generator < 1)
    answer = solver.check()
    if answer == z3.unsat:
        return Impossible()
    if answer == z3.sat:
        return Point(_variables(field, generators, solver.model()))
    return Undecided(f"{VERSION}: {solver.reason_unknown()}")


def _has_sign(value: Any, sign: int) -> Any:
    return value > 0 if sign > 0 else value < 0 if sign < 0 else value == 0


def _expression(poly: Poly, generators: Sequence[Any]) -> Any:
    terms = []
    for powers, coefficient in poly.to_dict().items():
        factors = [z3.Q(int(coefficient.p), int(coefficient.q))]
        for generator, power in zip(generators, powers, strict=False):  # the context is padded beyond the generators
            factors.extend([generator] * int(power))
        terms.append(z3.Product(factors))
    return z3.Sum(terms) if terms else z3.RealVal(0)


def _variables(field: Field, generators: Sequence[Any], model: Any) -> dict[str, Fraction]:
    values = {}
    for (kind, name), generator in zip(field.atoms, generators, strict=True):
        if kind == "variable":
            value = model.eval(generator, model_completion=True)
            if not z3.is_rational_value(value):
                value = value.approx(20)
            values[name] = Fraction(value.numerator_as_long(), value.denominator_as_long())
    return values
