"""The claim that a part of an op is right at all sizes of a rank."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
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
class AnyMask:
    """An attribute that is any Boolean matrix of these sides: a `Dense` of zeros and ones."""

    rows: str
    columns: str

    def __str__(self) -> str:
        return f"any ({self.rows},{self.columns}) mask"


@dataclass(frozen=True)
class AnyInteger:
    """An attribute, or an item of one, that is any integer from `least` on."""

    name: str
    least: int

    def __str__(self) -> str:
        return f"any>={self.least}"


@dataclass(frozen=True)
class AllShapes:
    """For all sizes >= 1 of the named sides and all real inputs in the domain, this part of the op is right.

    A side is a name or a literal int; so is each side in the attribute `shape`; an attribute may be `Naturals`,
    `AnyMask` or `AnyInteger`, and a tuple may hold the last. Sizes and naturals that the shape rule refuses are no part
    of the claim.
    Formula, domain and shape rule are the definition's, the kernels the primitive's; `weights` is the convention.
    """

    op: str
    part: Part
    shapes: tuple[tuple[str | int, ...], ...]
    attributes: Mapping[str, Any]
    formula: Callable[..., Any]
    domain: Callable[..., Any]
    domain_text: str
    shape: Callable[..., Any]
    weights: Mapping[str, Any]
    forward: Callable[..., Any]
    vjp: Callable[..., Any]
    jvp: Callable[..., Any]

    @property
    def statement(self) -> str:
        """The claim in words."""
        shapes = ", ".join(f"({','.join(map(str, shape))})" for shape in self.shapes)
        attributes = "".join(f", {name}={_shown(value)}" for name, value in sorted(self.attributes.items()))
        return f"{self.op} {self.part} at all shapes {shapes}{attributes}"

    @property
    def least(self) -> dict[str, int]:
        """The names of sides and unknown integers, each with its least value, in order."""
        items = [*itertools.chain(*self.shapes)]
        for value in (value for value in self.attributes.values() if not isinstance(value, str)):
            items += value if isinstance(value, tuple) else [value.count if isinstance(value, Naturals) else value]
        items += [s for v in self.attributes.values() if isinstance(v, AnyMask) for s in (v.rows, v.columns)]
        named = {side: 1 for side in items if isinstance(side, str)}
        named |= {item.name: item.least for item in items if isinstance(item, AnyInteger)}
        return dict(sorted(named.items()))


def _shown(value: Any) -> str:
    if isinstance(value, tuple):
        return f"({', '.join(map(_shown, value))})"
    return str(value) if isinstance(value, Naturals | AnyInteger | AnyMask) else repr(value)
