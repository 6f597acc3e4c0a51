"""Ops without tensor inputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from ...ir.graph import Dense
from ..definition import SymbolicShape, define


def _own_shape(value: Dense) -> SymbolicShape:
    return value.shape


def _values() -> list[dict[str, Dense]]:
    return [
        {"value": Dense((), (0.1,))},
        {"value": Dense((3,), (0.0, -1.5, 2.0))},
        {"value": Dense((2, 1), (0.25, -0.1))},
        {"value": Dense((0, 5), ())},
        {"value": Dense((), (-3.0,))},
        {"value": Dense((1,), (0.5,))},
        {"value": Dense((5,), (1.0, 1.0, -0.0, 2.0**-60, 1e300))},
        {"value": Dense((2, 3, 1), (1.0, 2.0, 3.0, 4.0, 5.0, 6.0))},
    ]


@define("const", "", shape=_own_shape, attributes=_values, bounded="it has no sizes: its value is given whole", source="session", ir_kinds=("const",))
def const(*i: Any, value: Dense) -> Any:
    """y[i] = value[i], each entry the exact value of its binary64"""
    position = 0
    for index, size in zip(i, value.shape, strict=True):
        position = position * size + index
    return Fraction(value.entries[position])
