"""The decider of `AllShapes`: explore the cases of sizes, prove each, then run the real kernels at small shapes."""

from __future__ import annotations

from ....ir.graph import BackproofError
from ..decision import Decision, Holds, Open, UnknownReason
from .arrays import Shape, same
from .case import Case, Fork
from .claim import AllShapes
from .equality import Facts, vanishes
from .formula import Index
from .polynomial import Unsupported, integer, least, variable, within
from .setting import Setting

FAULTS = (
    ArithmeticError, AssertionError, AttributeError, BackproofError, LookupError, NameError, RuntimeError, TypeError,
    ValueError,
)  # fmt: skip
"""What code that is not ours may raise when it is run on something it was not written for."""

_CASES = 64


def decide_all_shapes(claim: AllShapes) -> Decision:
    """Explore every case of sizes on which the shape rule, the formula or a kernel branches, and prove each."""
    pending = [_first_case(claim)]
    for _ in range(_CASES):
        if not pending:
            return Holds("normal form of index terms", _RESTS_ON, _assumptions(claim))
        case = pending.pop()
        try:
            difference = _difference(Setting(claim, case).with_domain())
        except Fork as fork:
            pending.extend(case.split(fork.guard))
            continue
        except Unsupported as error:
            return Open(UnknownReason.UNSUPPORTED, str(error))
        except FAULTS as error:
            return Open(UnknownReason.UNSUPPORTED, f"{type(error).__name__}: {error}")
        if difference:
            return Open(UnknownReason.GAVE_UP, difference)
    return Open(UnknownReason.GAVE_UP, f"more than {_CASES} cases of sizes")


_RESTS_ON = ("index-term normaliser", "numpy interpreter at symbolic shapes")


def _difference(setting: Setting) -> str:
    """What is not shown to agree in this case; nothing if everything is."""
    defined, returned = setting.defined(), setting.returned()
    if len(defined) != len(returned):
        return f"{len(returned)} arrays came back, {len(defined)} are defined"
    for position, (ours, theirs) in enumerate(zip(defined, returned, strict=True)):
        case = setting.case
        if len(ours[0]) != len(theirs[0]) or not all(same(case, s, t) for s, t in zip(ours[0], theirs[0], strict=True)):
            return f"result {position} is not known to have the defined shape"
        index, facts = _any_index(ours[0])
        if not vanishes(ours[1](index) - theirs[1](index), case.facts | facts):
            return f"result {position} is not known to have the defined entries"
    return ""


def _any_index(sides: Shape) -> tuple[Index, Facts]:
    index = tuple(integer(0) if side == integer(1) else variable(f"i{k}") for k, side in enumerate(sides))
    guards = [within(f"i{k}", side) for k, side in enumerate(sides) if side != integer(1)]
    return index, frozenset().union(*guards)


def _assumptions(claim: AllShapes) -> tuple[str, ...]:
    rank = " and ".join(str(len(shape)) for shape in claim.shapes)
    domain = () if claim.domain_text == "ℝ" else (claim.domain_text,)
    return ("every side at least 1", f"rank {rank}", "over the reals", *domain)


def _first_case(claim: AllShapes) -> Case:
    named = [*claim.shapes, *(value for value in claim.attributes.values() if isinstance(value, tuple))]
    names = sorted({side for shape in named for side in shape if isinstance(side, str)})
    facts = frozenset(least(variable(name) - integer(1)) for name in names)
    return Case(tuple((name, variable(name)) for name in names), facts, claim.weights)
