"""Real constants that no float is: what a number that a kernel multiplies by stands for."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """factor · √radicand / √π^roots, and the binary64 nearest to it, which is what numpy computes with.

    Arrays of another kind than numpy's own are asked first: exact and symbolic ones take the real number instead.
    """

    nearest: float
    factor: Fraction
    radicand: Fraction
    roots: int

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **options: Any) -> Any:
        """The function of the binary64, among numpy's own arrays and numbers."""
        plain = [each.nearest if isinstance(each, Constant) else each for each in inputs]
        if not all(type(each) in (int, float) or type(each).__module__ == "numpy" for each in plain):
            return NotImplemented
        return getattr(ufunc, method)(*plain, **options)
