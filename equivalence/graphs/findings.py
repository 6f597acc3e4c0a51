"""What a kernel loses in floats although nothing about the problem makes it: cancellation and underflow inside it.

A case of one node is looked at, so that every input is exact. Let m be the roundings that a float run does for a result r
of inputs a_j, and u the format's unit. Roundings that each act as if on an input or on the result change r by at most
γ_m (Σ_j |∂r/∂a_j a_j| + |r|), γ_m = m u / (1 − m u): what the problem's own condition allows. A float entry that is
certainly farther off lost digits in between, to a difference of rounded numbers or to numbers too small for the format,
though every input and every exact result of the case is a normal number. Derivatives, counts and balls are computed;
nobody chooses a tolerance. Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 1.6 and 3.1.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import flint
import numpy as np
from flint import arb

from ...ir.exchange import Case
from ...ir.graph import Graph, Leaf
from ...runtime.tape import Tape
from ..kernel.numbers.exact import Exact, Undecidable
from ..kernel.numbers.formats import Format
from ..kernel.scalars.array import array_of, entries_of
from ..kernel.scalars.mask import Unsupported
from .floats import QUANTITIES, lifted_sweep, rounded_case, run_in, swept
from .lifting import lifted_primitives
from .notes import Notes
from .sensitivity import Sensitive, least_normal

_BITS = 2400
"""Of balls: a number near the least of float64, subtracted from 1, keeps its digits."""

_MOST_INPUTS = 100
"""Entries of leaves and seeds up to which derivatives by each are computed."""

CANCELLATION, UNDERFLOW = "cancellation inside a kernel, ulps", "underflow inside a kernel, ulps"


@dataclass(frozen=True)
class Finding:
    """One result of a kernel that lost more than its problem's condition allows. Units: ulps of the exact result."""

    format: Format
    what: str
    ulps: float
    allowed: float
    quantity: str
    op: str
    inputs: tuple[tuple[str, float], ...]
    """Those that the result depends on."""

    def note(self) -> tuple[str, str]:
        """In words, the ulps first."""
        at = ", ".join(f"{name} = {value!r}" for name, value in self.inputs[:8])
        said = f"{self.ulps:.3g} in the {self.quantity} of {self.op}, its condition allows {self.allowed:.3g}, at {at}"
        return f"{self.format.name}: {self.what}", said


Known = dict[tuple[bytes, ...], list[list[Exact]]]
"""Exact results of one op instance by its inputs: most points are the same numbers in every format."""


def findings(case: Case, format_: Format, known: Known | None = None) -> tuple[Finding, ...]:
    """The findings of a case of one node in a format; none where an input or an exact result is not a normal number.

    The leaves' seeds are their tangents alone: one that was added to a cotangent could hide what is lost there.
    `known` may be shared by cases that differ in nothing but their numbers.
    """
    if sum(value.size for value in (*case.leaves, *case.seeds)) > _MOST_INPUTS:
        return ()
    try:
        rounded = rounded_case(case, format_)
        with flint.ctx.workprec(_BITS), np.errstate(all="ignore"):
            return tuple(_found(rounded, format_, {} if known is None else known))
    except (Unsupported, Undecidable):
        return ()


def node_cases(case: Case, format_: Format) -> Iterator[Case]:
    """Each node of a case by itself, at the floats that it gets when the case is run in the format."""
    try:
        values = run_in(rounded_case(case, format_), Tape, format_)
    except Unsupported:
        return
    count, leaves = len(case.graph), len(case.leaves)
    primals, cotangents, tangents = ([np.asarray(v, dtype=np.float64) for v in values[k * count :][:count]] for k in range(3))
    for place, node in enumerate(case.graph.nodes, start=leaves):
        parents = tuple(case.graph.shape(parent) for parent in node.parents)
        alone = Graph(tuple(map(Leaf, parents)), (replace(node, parents=tuple(range(len(parents)))),))
        seeds = (*(tangents[parent] for parent in node.parents), cotangents[place])
        yield Case(alone, tuple(primals[parent] for parent in node.parents), case.environment, seeds)


def noted(found: Sequence[Finding]) -> Notes:
    """The worst finding of each kind."""
    worst = {finding.note()[0]: finding for finding in sorted(found, key=lambda finding: finding.ulps)}
    return tuple(finding.note() for finding in worst.values())


def _found(case: Case, format_: Format, known: Known) -> Iterator[Finding]:
    inputs = [Exact.of(float(entry)) for value in (*case.leaves, *case.seeds) for entry in value.ravel()]
    if not all(_is_normal(entry, format_) for entry in inputs):
        return
    exact = _exact(case, known)
    if not all(_is_normal(entry, format_) for entries in exact for entry in entries):
        return
    floats = [np.asarray(came, dtype=format_.number).ravel() for came in run_in(case, Tape, format_, bare=True)]
    suspected = [
        (place, k)
        for place, (came, entries) in enumerate(zip(floats, exact, strict=True))
        for k, real in enumerate(entries)
        if np.isfinite(came[k]) and not _distance(came[k], real) <= format_.unit * abs(arb(real.value))
    ]
    if not suspected:
        return
    sensitive = _sensitive(case, format_)
    for place, k in suspected:
        where = (QUANTITIES[place // len(case.graph)], case.graph.nodes[0].op)
        yield from _judged(floats[place][k], sensitive[place][k], where, format_)


def _exact(case: Case, known: Known) -> list[list[Exact]]:
    """Every exact result."""
    key = tuple(value.tobytes() for value in (*case.leaves, *case.seeds))
    if key not in known:
        results = lifted_sweep(case, Tape, Exact.of, bare=True)
        known[key] = [list(map(Exact.of, entries_of(result))) for result in results]
    return known[key]


def _judged(came: Any, real: Sensitive, where: tuple[str, str], format_: Format) -> Iterator[Finding]:
    """A finding, if more was lost than is allowed."""
    exact = abs(arb(real.real.value))
    condition = sum((abs(arb((slope * value).value)) for (_, value), slope in real.slopes.items()), arb(0)) + exact
    loss = real.roundings * arb(format_.unit)
    distance, allowed = _distance(came, real.real), loss / (1 - loss) * condition
    if not (loss < 1 and distance > allowed):
        return
    ulp = format_.ulp(float(exact.abs_lower()))
    depends = tuple(each for each, slope in sorted(real.slopes.items(), key=lambda pair: pair[0]) if slope.value != 0)
    what = UNDERFLOW if real.tiny else CANCELLATION
    yield Finding(format_, what, float(distance.abs_upper()) / ulp, float(allowed.abs_upper()) / ulp, *where, depends)


def _sensitive(case: Case, format_: Format) -> list[list[Sensitive]]:
    """Every result with its derivatives."""

    def named(role: str, values: Any) -> Any:
        entries = []
        for index in np.ndindex(values.shape):
            name = f"{role}{list(index)}" if index else role
            entries.append(Sensitive.input(name, float(values[index]), format_))
        return array_of(values.shape, entries)

    def lift(value: Any) -> Sensitive:
        return Sensitive.of(value, format_)

    leaves = [named(f"leaf {k}", value) for k, value in enumerate(case.leaves)]
    seeds = [named(f"seed {k}", value) for k, value in enumerate(case.seeds)]
    results = swept(case, Tape, leaves, seeds, lifted_primitives(lift), bare=True)
    return [list(map(lift, entries_of(result))) for result in results]


def _is_normal(number: Exact, format_: Format) -> bool:
    """Whether the format holds a number next to it with all digits, far from the largest; or it is 0."""
    if number.value is None:
        return False
    size = abs(arb(number.value))
    return bool(number.value == 0) or bool(least_normal(format_) <= size <= format_.largest / 2)


def _distance(came: Any, real: Exact) -> arb:
    return abs(arb(float(came)) - arb(real.value))
