"""Rules for all shapes, as obligations: which ops owe them, and what is decided of them."""

from __future__ import annotations

from ...spec.convention import TORCHLEAN
from ..kernel import KERNEL
from ..kernel.decision import Fails, UnknownReason
from ..kernel.sealed import Proof
from ..kernel.shapes import Part as LemmaPart
from ..kernel.verdict import Proved, Unknown, Verdict
from .all_shapes import Pattern, lemma, patterns
from .claims import Part

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
    """What is decided of a part of an op at all sizes.

    A lemma that fails at a small shape is not refuted here: the op's instances are decided too, and refute by replay.
    """
    answer = KERNEL.decide(lemma(op, LemmaPart(part), pattern, TORCHLEAN))
    if isinstance(answer, Proof):
        return Proved(answer)
    if isinstance(answer, Fails):
        return Unknown(UnknownReason.GAVE_UP, f"false at a small shape: {answer.detail}")
    return Unknown(answer.reason, answer.detail)


def pattern_key(op: str, pattern: Pattern) -> str:
    """A name that tells patterns apart: op, shapes, attributes."""
    shapes = ",".join("(" + ",".join(map(str, shape)) + ")" for shape in pattern.shapes)
    attributes = ";".join(
        f"{name}=({','.join(map(str, value))})" if isinstance(value, tuple) else f"{name}={value}"
        for name, value in pattern.attributes
    )
    return f"{op}[{shapes}]" + (f"{{{attributes}}}" if attributes else "")
