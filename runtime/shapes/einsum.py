"""Sums of products in Einstein's notation: what the letters say of shapes."""

from __future__ import annotations

import re

from ...ir.graph import Shape
from ..primitive import AttributeFault, ShapeMismatch

_FORM = re.compile(r"[A-Za-z,]*->[A-Za-z]*")


def einsum(*shapes: Shape, subscripts: str) -> Shape:
    """For each letter of the output the one side that it stands for.

    Raises: AttributeFault for subscripts that are not of the form 'ij,jk->ik'; ShapeMismatch for shapes that do not fit.
    """
    if not isinstance(subscripts, str) or _FORM.fullmatch(subscripts) is None:
        raise AttributeFault(f"einsum: subscripts {subscripts!r:.60} came, letters, commas and one '->' were needed, as in 'ij,jk->ik'")
    left, output = subscripts.split("->")
    wrong = sorted(letter for letter in set(output) if letter not in left or output.count(letter) > 1)
    if wrong:
        raise AttributeFault(f"einsum {subscripts!r:.60}: output letter {wrong[0]!r} must be in an operand, and once in the output")
    operands = left.split(",")
    if [len(shape) for shape in shapes] != [len(letters) for letters in operands]:
        raise ShapeMismatch(f"einsum {subscripts!r:.60} of {list(shapes)}: an operand for each word and a side for each letter are needed")
    met: dict[str, set[int]] = {}
    for letters, shape in zip(operands, shapes, strict=True):
        for letter, side in zip(letters, shape, strict=True):
            met.setdefault(letter, set()).add(side)
    for letter, sides in met.items():
        if len(sides) > 1:
            raise ShapeMismatch(f"einsum {subscripts!r:.60} of {list(shapes)}: {letter!r} has sides {sorted(sides)}, one is needed")
    return tuple(max(met[letter]) for letter in output)
