"""What a formula is given of an input: its entries by index, its sizes by axis."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..ir.graph import Shape

Index = tuple[int, ...]
Entries = dict[Index, Any]
"""A tensor of expressions, by index, in row-major order."""


@dataclass(frozen=True, slots=True)
class Operand:
    """An input as a formula sees it: entries by index, sizes by axis."""

    shape: Shape
    entry: Callable[[Index], Any]

    def __getitem__(self, index: Any) -> Any:
        return self.entry(index if isinstance(index, tuple) else (index,))

    def size(self, axis: int) -> int:
        """The number of entries along an axis."""
        return self.shape[axis]

    @property
    def count(self) -> int:
        """The number of entries."""
        return math.prod(self.shape)


def indices(shape: Shape) -> list[Index]:
    """Every index of a shape in row-major order."""
    return list(itertools.product(*map(range, shape)))
