"""A large graph end to end, along random directions: ⟨seed, v̇⟩ over all values = ⟨x̄, ẋ⟩ over the leaves.

The left side comes from the formulas alone, on dual numbers; the right side from one sweep of the tape.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from typing import Any

import flint

from ...ir.exchange import Case
from ...runtime.tape import Tape
from ...spec.backprop import DomainError, Tensor
from ...spec.convention import Convention
from ..kernel.decision import UnknownReason
from ..kernel.numbers.exact import PRECISION, Exact, Undecidable
from ..kernel.scalars.array import entries_of
from ..kernel.verdict import Refuted, RefutedReason, Side, Tested, Unknown, Verdict
from .dual import dual_context
from .replay import counterexample, side_of, tape_values

DIRECTIONS = 2
"""Directions tried for one graph."""


def directional_check(case: Case, make_tape: type[Tape], convention: Convention) -> Verdict:
    """Whether primals agree, and the identity holds in exact numbers along each direction."""
    try:
        with flint.ctx.workprec(PRECISION):
            return _checked(case, make_tape, convention)
    except (Undecidable, DomainError) as undecided:
        return Unknown(UnknownReason.GAVE_UP, f"the arithmetic cannot tell every branch at this point: {undecided}")


def _checked(case: Case, make_tape: type[Tape], convention: Convention) -> Verdict:
    tape_side = tape_values(case, make_tape)
    stream = random.Random(len(case.graph))
    for _ in range(DIRECTIONS):
        directions = [_direction(case, place, stream) for place in range(len(case.graph.leaves))]
        context = dual_context(case, directions, convention)
        sides = [
            side_of(case, value, "primal", came, Tensor(case.graph.shape(value), tuple(d.primal for d in duals)))
            for value, (came, duals) in enumerate(zip(tape_side["primal"], context, strict=True))
        ]
        left = _dot((Exact.of(seed) for each in case.seeds for seed in each.ravel()), _flat(context))
        right = _dot(_entries(tape_side["cotangent"][: len(directions)]), (d for each in directions for d in each))
        sides.append(Side(0, "leaves", "⟨x̄, ẋ⟩", (repr(right),), (repr(left),), right.differs(left)))
        if any(side.differs for side in sides):
            detail = "a primal, or the gradient along a direction, differs"
            return Refuted(counterexample(case, sides), RefutedReason.WRONG, detail)
        if not right.agrees(left):
            return Unknown(UnknownReason.GAVE_UP, "balls too wide to count as agreement")
    return Tested(DIRECTIONS, "primals, and the gradient along random directions, by dual numbers")


def _direction(case: Case, place: int, stream: random.Random) -> list[Exact]:
    """Dyadics in general position; 0 along a frozen leaf."""
    size = case.leaves[place].size
    if not case.graph.leaves[place].requires_grad:
        return [Exact.of(0)] * size
    return [Exact.of(stream.choice((-1, 1)) * stream.randrange(1, 2**20) / 2**20) for _ in range(size)]


def _dot(a: Iterable[Exact], b: Iterable[Exact]) -> Exact:
    return sum((p * q for p, q in zip(a, b, strict=True)), Exact.of(0))


def _flat(context: Sequence[Sequence[Any]]) -> Iterable[Exact]:
    return (dual.tangent for duals in context for dual in duals)


def _entries(arrays: Iterable[Any]) -> Iterable[Exact]:
    return (Exact.of(entry) for array in arrays for entry in entries_of(array))
