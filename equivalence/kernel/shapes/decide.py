"""The decider of `AllShapes`: explore the cases of sizes, prove each, then run the real kernels at small shapes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from typing import Any

import flint

from ..decision import Decision, Fails, Holds, Open, UnknownReason
from .bound import Again, decided_again, said_again
from .case import Case, Divide, Fork
from .claim import AllShapes
from .equality import vanishes
from .polynomial import Unsupported, integer, least, variable, within
from .prover import implied
from .replay import candidate, covers, differs, points, run
from .setting import Excluded, Setting, Tensor, any_index, index_name
from .values import Point
from .winners import holds_first

_CASES = 64
"""Cases of sizes at which the decider gives up."""

_BITS = 160
"""The precision of balls when real kernels are run on exact numbers."""

Trial = tuple[Point, list[Any] | str]
"""A point and what the real kernels return there."""


def decide_all_shapes(claim: AllShapes) -> Decision:
    """Try to refute at small shapes, prove case by case, and hold what was proved against the real kernels."""
    try:
        with flint.ctx.workprec(_BITS):
            tried: list[Trial] = []
            return _refuted(claim, tried) or _proved(claim, tried)
    except Unsupported as error:
        return Open(UnknownReason.UNSUPPORTED, str(error))


def _refuted(claim: AllShapes, tried: list[Trial]) -> Fails | None:
    """A small shape at which the real kernels certainly differ from what is defined; everything that was tried."""
    for setting, drawn in itertools.groupby(points(claim), key=lambda pair: pair[0]):
        # Of many inputs the sums in a formula are nested too deeply to be written out.
        short = replace(setting, case=replace(setting.case, unwritten=len(claim.shapes) > 3))
        defined = [(sides, cache(entry)) for sides, entry in short.defined()]
        for _, point in drawn:
            arrays = run(claim, setting, point)
            difference = differs(defined, arrays, point)
            if difference:
                return Fails(candidate(point), difference)
            tried.append((point, arrays))
    return None


def _proved(claim: AllShapes, tried: list[Trial]) -> Decision:
    """Every case of sizes on which the shape rule, the formula or a kernel branches."""
    pending = [_first_case(claim)]
    proved: list[tuple[Setting, list[Tensor]]] = []
    looked: list[Again] = []
    for _ in range(_CASES):
        if not pending:
            return _validated(claim, proved, tried, said_again(looked))
        case = pending.pop()
        try:
            setting = Setting(claim, case).with_domain()
            returned = setting.returned()
            difference = _difference(setting, returned)
        except Fork as fork:
            pending.extend(case.split(fork.guard))
            continue
        except Divide as asked:
            pending.append(case.divided(asked.dividend, asked.divisor))
            continue
        except Excluded:
            continue
        if difference:
            return Open(UnknownReason.GAVE_UP, difference)
        proved.append((setting, returned))
        looked.append(decided_again(setting, returned))
    return Open(UnknownReason.GAVE_UP, f"more than {_CASES} cases of sizes")


def _validated(claim: AllShapes, proved: list[tuple[Setting, list[Tensor]]], tried: list[Trial], again: str) -> Decision:
    """The proof stands if the terms it is about have the values that the real kernels return."""
    compared = 0
    for point, arrays in tried:
        for where, tensors in ((where, tensors) for where, tensors in proved if covers(where.case, point)):
            difference = differs(tensors, arrays, replace(point, sizes=where.case.known(point.sizes)))
            if difference:
                return Open(UnknownReason.CRASHED, f"the symbolic arrays and numpy disagree: {difference}")
            compared += 1
    if not compared:
        return Open(UnknownReason.VACUOUS, "no small shape could be compared")
    grounds = (*_RESTS_ON, *([_WINNERS] if any(_has_winner(tensors) for _, tensors in proved) else []))
    return Holds(f"normal form of index terms; {again}", grounds, _assumptions(claim))


_WINNERS = "a winner: the first of the largest, in range, and the same one while a derivative is taken"


def _has_winner(tensors: list[Tensor]) -> bool:
    """Whether something was chosen as the first of the largest."""
    return any(holds_first(entry(any_index(sides))) for sides, entry in tensors)


_RESTS_ON = ("index-term normaliser", "numpy interpreter at symbolic shapes")


def _difference(setting: Setting, returned: list[Tensor]) -> str:
    """What is not shown to agree in this case; nothing if everything is."""
    defined = setting.defined()
    if len(defined) != len(returned):
        return f"{len(returned)} arrays came back, {len(defined)} are defined"
    for position, (ours, theirs) in enumerate(zip(defined, returned, strict=True)):
        case = setting.case
        if len(ours[0]) != len(theirs[0]) or not all(case.same(s, t) for s, t in zip(ours[0], theirs[0], strict=True)):
            return f"result {position} is not known to have the defined shape"
        if any(implied(case.facts, least(-side)) for side in ours[0]):
            continue  # no entry
        index = any_index(ours[0])
        ranges = (within(index_name(k), side) for k, side in enumerate(ours[0]) if side != integer(1))
        if not vanishes(ours[1](index) - theirs[1](index), case.facts.union(*ranges)):
            return f"result {position} is not known to have the defined entries"
    return ""


def _assumptions(claim: AllShapes) -> tuple[str, ...]:
    rank = " and ".join(str(len(shape)) for shape in claim.shapes)
    zeros = [f"{name} >= {lowest}" for name, lowest in claim.least.items() if lowest != 1]
    domain = () if claim.domain_text == "ℝ" else (claim.domain_text,)
    return ("every side at least 1", f"rank {rank}", "over the reals", *zeros, *domain)


def _named(claim: AllShapes) -> dict[str, int]:
    if not all(name.isidentifier() for name in claim.least):
        raise Unsupported("a side is named by an identifier, so that it is no index")
    if any(lowest < 0 for lowest in claim.least.values()):
        raise Unsupported("an integer that may be negative")
    return claim.least


def _first_case(claim: AllShapes) -> Case:
    named = _named(claim)
    facts = frozenset(least(variable(name) - integer(lowest)) for name, lowest in named.items())
    return Case(tuple((name, variable(name)) for name in named), facts, claim.weights)
