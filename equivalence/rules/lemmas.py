"""Rules for all shapes, as obligations: which ops owe them, and what is decided of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from ...spec.convention import TORCHLEAN
from ..graphs.replay import exact_semantics
from ..kernel import KERNEL
from ..kernel.decision import Fails, UnknownReason
from ..kernel.sealed import Proof
from ..kernel.shapes import Part as LemmaPart
from ..kernel.verdict import Proved, Refuted, Unknown, Verdict
from .all_shapes import Pattern, lemma, patterns
from .claims import Part
from .discharge import RuleCheck
from .instances import RuleInstance

OWING = frozenset(
    {
        "abs", "add", "broadcast_to", "clamp", "concat_leading_axis", "detach", "div", "exp", "gather_rows_ref", "linear", "log", "matmul", "max", "mse_loss", "mul",
        "reduce_mean", "reduce_sum", "relu", "scale", "sigmoid", "softmax", "sub", "sum", "tanh", "transpose2d",
    }
)
"""The ops that owe their rule for all shapes; the others are decided at their instances, and say so."""

LEMMA_PARTS = (Part.FORWARD, Part.VJP, Part.JVP, Part.ADJOINT)


def owed_patterns(op: str) -> list[Pattern]:
    """The patterns of sizes for which an op owes its rule."""
    return patterns(op) if op in OWING else []


def lemma_verdict(op: str, part: Part, pattern: Pattern) -> Verdict:
    """What is decided of a part of an op at all sizes; where it fails, the rule at the sizes of the candidate."""
    answer = KERNEL.decide(lemma(op, LemmaPart(part), pattern, TORCHLEAN))
    if isinstance(answer, Proof):
        return Proved(answer)
    if isinstance(answer, Fails):
        verdict = RuleCheck(_at(op, pattern, answer.candidate), exact_semantics()).verdict(part)
        if isinstance(verdict, Refuted):
            return verdict
        return Unknown(UnknownReason.GAVE_UP, f"{answer.detail}, which did not replay")
    return Unknown(answer.reason, answer.detail)


def _at(op: str, pattern: Pattern, sizes: Mapping[str, Fraction]) -> RuleInstance:
    """The instance of a pattern at these sizes."""

    def filled(sides: Iterable[Any]) -> tuple[int, ...]:
        return tuple(int(sizes[side]) if isinstance(side, str) else side for side in sides)

    attributes = {name: filled(v) if isinstance(v, tuple) else v for name, v in pattern.attributes}
    return RuleInstance(op, tuple(map(filled, pattern.shapes)), attributes)


def pattern_key(op: str, pattern: Pattern) -> str:
    """A name that tells patterns apart: op, shapes, attributes."""
    shapes = ",".join("(" + ",".join(map(str, shape)) + ")" for shape in pattern.shapes)
    attributes = ";".join(
        f"{name}=({','.join(map(str, value))})" if isinstance(value, tuple) else f"{name}={value}"
        for name, value in pattern.attributes
    )
    return f"{op}[{shapes}]" + (f"{{{attributes}}}" if attributes else "")
