"""Ops that take a square root."""

from __future__ import annotations

from typing import Any

from ..definition import define
from ..formula import root


@define("sqrt", "(*s)", kinks="x = 0", source="session", ir_kinds=("sqrt",))
def sqrt_(x: Any, *i: Any) -> Any:
    """y[i] = √max(x[i], 0)"""
    return root(x[i])
