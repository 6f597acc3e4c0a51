"""The claim that a part of an op is right at all sizes of a rank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any


class Part(StrEnum):
    """Which of an op's kernels the claim is about."""

    FORWARD = "forward"
    VJP = "vjp"
    JVP = "jvp"
    ADJOINT = "adjoint"


@dataclass(frozen=True)
class Naturals:
    """An attribute that is any tuple of naturals, as many as the side says."""

    count: str

    def __str__(self) -> str:
        return f"{self.count} naturals"


@dataclass(frozen=True)
class AllShapes:
    """For all sizes >= 1 of the named sides and all real inputs in the domain, this part of the op is right.

    A side is a name or a literal int; so is each side in the attribute `shape`; an attribute may be `Naturals`. Formula, domain and shape rule are the
    definition's, the kernels the primitive's; `weights` is the convention at kinks.
    """

    op: str
    part: Part
    shapes: tuple[tuple[str | int, ...], ...]
    attributes: Mapping[str, Any]
    formula: Callable[..., Any]
    domain: Callable[..., Any]
    domain_text: str
    shape: Callable[..., Any]
    weights: Mapping[str, Fraction]
    forward: Callable[..., Any]
    vjp: Callable[..., Any]
    jvp: Callable[..., Any]

    @property
    def statement(self) -> str:
        """The claim in words."""
        shapes = ", ".join(f"({','.join(map(str, shape))})" for shape in self.shapes)
        attributes = "".join(f", {name}={value if isinstance(value, Naturals) else repr(value)}" for name, value in sorted(self.attributes.items()))
        return f"{self.op} {self.part} at all shapes {shapes}{attributes}"
