"""What a numpy function asks of an operand."""

from __future__ import annotations

from typing import Any

from ..arrays import Array
from ..polynomial import refuse


def real(x: Any) -> Array:
    """The operand, if it is a real array. Raises: Unsupported otherwise."""
    if not isinstance(x, Array) or x.kind != "real":
        refuse(f"a numpy function of {type(x).__name__}")
    _looked_at = x.sides  # zeros that a function has taken never change again
    return x
