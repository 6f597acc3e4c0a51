"""The parts of a rule: what is owed of each, in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class Part(StrEnum):
    """What a rule owes."""

    FORWARD = "forward"
    VJP = "vjp"
    JVP = "jvp"
    ADJOINT = "adjoint"
    SHAPES = "shapes"


CLAIMS: Mapping[Part, str] = MappingProxyType(
    {
        Part.FORWARD: "the forward kernel computes the formula",
        Part.VJP: "the VJP kernel is the derived VJP",
        Part.JVP: "the JVP kernel is the derived JVP",
        Part.ADJOINT: "⟨ẏ, ȳ⟩ = ⟨ẋ, x̄⟩",
        Part.SHAPES: "both sides infer one shape, each cotangent has its input's shape, and inputs are not changed",
    }
)

LEMMA_PARTS = (Part.FORWARD, Part.VJP, Part.JVP, Part.ADJOINT)
"""What a lemma for all sizes is made for: it is about shapes too, and its interpreter refuses a kernel that changes its inputs."""
