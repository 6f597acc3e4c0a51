"""Rules for all shapes, as obligations: which ops owe them, and what is decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ...ir.graph import Dense
from ...spec.convention import Convention
from ..graphs.replay import exact_semantics
from ..kernel import KERNEL
from ..kernel.decision import Fails, UnknownReason
from ..kernel.sealed import Proof
from ..kernel.shapes import AnyInteger, AnyMask, Naturals
from ..kernel.shapes import Part as LemmaPart
from ..kernel.verdict import Proved, Refuted, Unknown, Verdict
from .all_shapes import lemma
from .discharge import RuleCheck
from .instances import RuleInstance
from .parts import Part
from .patterns import Pattern

AGAIN, NOT_AGAIN = "decided again by evaluation up to", "not decided again"
"""What a lemma's proof says of its second decision."""


def lemma_verdict(op: str, part: Part, pattern: Pattern, convention: Convention) -> Verdict:
    """What is decided of a part of an op at all sizes; where it fails, the rule at the sizes of the candidate."""
    answer = KERNEL.decide(lemma(op, LemmaPart(part), pattern, convention))
    if isinstance(answer, Proof):
        return Proved(answer)
    if isinstance(answer, Fails):
        verdict = RuleCheck(_at(op, pattern, answer.candidate), exact_semantics(convention)).verdict(part)
        if isinstance(verdict, Refuted):
            return verdict
        return Unknown(UnknownReason.GAVE_UP, f"{answer.detail}, which did not replay")
    return Unknown(answer.reason, answer.detail)


def second_decision(verdict: Verdict) -> tuple[tuple[str, str], ...]:
    """As a note: up to which sizes a proved lemma was decided again by evaluation, or why it was not."""
    _, _, said = verdict.proof.method.partition("; ") if isinstance(verdict, Proved) else ("", "", "")
    return tuple((name, said.removeprefix(name).strip(": ")) for name in (AGAIN, NOT_AGAIN) if said.startswith(name))


def _at(op: str, pattern: Pattern, sizes: Mapping[str, Fraction]) -> RuleInstance:
    """The instance of a pattern at these sizes and naturals."""

    def filled(sides: Iterable[Any]) -> tuple[int, ...]:
        names = (side.name if isinstance(side, AnyInteger) else side for side in sides)
        return tuple(int(sizes[name]) if isinstance(name, str) else name for name in names)

    def valued(name: str, value: Any) -> Any:
        if isinstance(value, Naturals):
            return tuple(int(sizes[f"{name} {place}"]) for place in range(int(sizes[value.count])))
        if isinstance(value, AnyInteger):
            return filled((value,))[0]
        if isinstance(value, AnyMask):
            shape = filled((value.rows, value.columns))
            names = (f"{name} {i} {j}" for i in range(shape[0]) for j in range(shape[1]))
            return Dense(shape, tuple(float(sizes[each]) for each in names))
        return filled(value) if isinstance(value, tuple) else value

    attributes = {name: valued(name, value) for name, value in pattern.attributes}
    return RuleInstance(op, tuple(map(filled, pattern.shapes)), attributes)
