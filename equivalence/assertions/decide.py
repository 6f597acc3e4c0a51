"""The answer on a rule: tried at points, then decided for all real numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..containment import contained
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Equalities
from ..kernel.decision import Fails, Open, UnknownReason
from ..kernel.sealed import Proof
from ..kernel.verdict import Unknown
from .kinks import words
from .owed import Difference, Owed, compared, owed_by, read_constants
from .readings import Reading
from .rule import SIGNS, Breaks, Point, Rule

_WORDS = {signs: word for word, signs in SIGNS.items()}

_RESTS_ON = ("numpy's object loops and dispatch", "what assertions/compositions.py says of numpy", "derivatives of recorded terms")


@dataclass(frozen=True)
class Broken:
    """What is wrong whatever the numbers are: arrays of other shapes, or an input that was changed."""

    detail: str


Answer = Proof | Difference | Broken | Unknown


def decide(rule: Rule) -> Answer:
    """Tried at points first, then decided for all; a candidate against it counts where both sides differ there.

    With its constants as they are, then, unless that is a proof, as what they were rounded from.
    """
    answer = _decided(rule, {})
    if isinstance(answer, Proof | Broken):
        return answer
    read = contained(lambda: read_constants(rule))
    again = answer if isinstance(read, Unknown) or not read else _decided(rule, read)
    if isinstance(again, Proof):
        return again
    return next((each for each in (again, answer) if isinstance(each, Difference) and not each.rounded), _open(answer))


def _open(answer: Answer) -> Answer:
    if not isinstance(answer, Difference):
        return answer
    agree = f"{answer.derived} is owed and {answer.came} came, which may be the rounding of constants"
    return Unknown(UnknownReason.GAVE_UP, f"{agree}: write them alike on both sides")


def _decided(rule: Rule, read: Mapping[Fraction, Reading]) -> Answer:
    owed = contained(lambda: _owed_or_broken(rule, read))
    if not isinstance(owed, tuple):
        return owed
    found = [each for each in (_differing(rule, owed, point) for point in rule.points()) if each is not None]
    if found:
        return next((each for each in found if not each.rounded), found[0])
    match contained(lambda: KERNEL.decide(_claim(rule, owed, read))):
        case Fails(candidate, detail):
            point = {name: candidate.get(name, Fraction(1)) for name in rule.names()}
            return _differing(rule, owed, point) or Unknown(UnknownReason.GAVE_UP, detail)
        case Open(reason, detail):
            return Unknown(reason, detail)
        case answer:
            return answer


def _owed_or_broken(rule: Rule, read: Mapping[Fraction, Reading]) -> tuple[Owed, ...] | Broken:
    try:
        return owed_by(rule, read)
    except Breaks as error:
        return Broken(str(error))


def _claim(rule: Rule, owed: Sequence[Owed], read: Mapping[Fraction, Reading]) -> Equalities:
    domain = (f"entries of input {place}: {_WORDS[signs]}" for place, signs in enumerate(rule.signs) if signs)
    off = (f"no derivative is owed where {words(term)} = 0" for way in owed for term in way.off)
    constants = (f"the constant {float(constant)!r} is read as {each}" for constant, each in read.items())
    assumptions = ("entries are real numbers", "at these shapes", *domain, *constants, *dict.fromkeys(off))
    groups = tuple(group for way in owed for group in way.groups())
    return Equalities(f"the VJP is the derivative of forward at {rule.shapes}", groups, assumptions, _RESTS_ON)


def _differing(rule: Rule, owed: Sequence[Owed], point: Point) -> Difference | None:
    found = contained(lambda: compared(rule, owed, point))  # undefined there, or too close to call: it says nothing
    return None if isinstance(found, Unknown) else found
