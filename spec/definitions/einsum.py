"""Sums of products in Einstein's notation: a letter for each axis, and what is not in the output is summed."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define
from ..formula import total

_SAMPLES = (
    *("->", ",i->i", "i->", "i,i->", "i,j->ij", "i,ij->j", "i,ij,j->", "i,i,i->i"),
    *("ij->ji", "ij->", "ij->i", "ii->i", "ii->", "ii,i->i", "ij,ij->", "ij,jk->ik", "ij,kj->ki", "ij,kk->i", "ij,kl->ik"),
    *("ij,jk,kl->il", "ijk->kij", "iji->ij", "iij->j", "bij,bjk->bik", "bhij->hj", "bhqd,bhkd->bhqk"),
)
"""Matrix products and their like, diagonals, permutations, outer products, sums of one operand, one to three operands."""

_NEW_SIDES = (2, 3, 5)
"""Sides for letters that the first operand does not have: other ones than its own, where there are."""


def _letters(subscripts: str) -> tuple[list[str], str]:
    """The letters of each operand, and of the output. Raises: ShapeMismatch for a text that does not say them."""
    operands, arrow, output = subscripts.partition("->")
    said = f"einsum with subscripts {subscripts!r:.60}"
    if not arrow:
        raise ShapeMismatch(f"{said}: an output after '->' was needed, as in 'ij,jk->ik'")
    strange = [sign for sign in operands.replace(",", "") + output if not (sign.isascii() and sign.isalpha())]
    if strange:
        raise ShapeMismatch(f"{said}: {strange[0]!r} came, letters and commas and then '->' and letters were needed")
    for letter in output:
        if output.count(letter) > 1 or letter not in operands:
            raise ShapeMismatch(f"{said}: the output has {letter!r}, a letter of the operands was needed, and that once")
    return operands.split(","), output


def _sides(shapes: Sequence[SymbolicShape], operands: Sequence[str], subscripts: str) -> Mapping[str, Any]:
    """The side that each letter stands for. Raises: ShapeMismatch if shapes do not fit the letters."""
    said = f"einsum with subscripts {subscripts!r:.60}"
    if len(shapes) != len(operands):
        raise ShapeMismatch(f"{said} of {len(shapes)} tensors: {len(operands)} were needed")
    sides: dict[str, Any] = {}
    for letters, shape in zip(operands, shapes, strict=True):
        if len(shape) != len(letters):
            raise ShapeMismatch(f"{said}: shape {shape} came for {letters!r}, {len(letters)} sides were needed")
        for letter, side in zip(letters, shape, strict=True):
            if sides.setdefault(letter, side) != side:
                raise ShapeMismatch(f"{said}: {letter!r} stands for sides {sides[letter]} and {side}, one was needed")
    return sides


def _shape(*shapes: SymbolicShape, subscripts: str) -> SymbolicShape:
    operands, output = _letters(subscripts)
    sides = _sides(shapes, operands, subscripts)
    return tuple(sides[letter] for letter in output)


def _fitting(*shapes: SymbolicShape) -> Iterator[dict[str, str]]:
    """The samples that take these shapes."""
    for subscripts in _SAMPLES:
        try:
            _shape(*shapes, subscripts=subscripts)
        except ShapeMismatch:
            continue
        yield {"subscripts": subscripts}


def _others(x: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], ...]]:
    """For each sample that x may be first in, the shapes of its other operands."""
    for subscripts in _SAMPLES:
        first, *others = _letters(subscripts)[0]
        try:
            sides = dict(_sides([x], [first], subscripts))
        except ShapeMismatch:
            continue
        for letter in "".join(others):
            free = [side for side in _NEW_SIDES if side not in sides.values()]
            sides.setdefault(letter, free[0] if free else 1)
        yield tuple(tuple(sides[letter] for letter in letters) for letters in others)


@define(
    "einsum", "(*s)...", shape=_shape, attributes=_fitting, beside=_others,
    examples=(
        ((3, 3),), ((1, 1),), ((0, 0),), ((2, 2), (2,)), ((2, 2, 3),), ((2, 3, 2),), ((2, 0), (0, 3)), ((1, 3), (3, 1)),
        ((0,), (0, 2), (2,)), ((2, 3), (3, 3)),
    ),
)  # fmt: skip
def einsum(*inputs_and_index: Any, subscripts: str) -> Any:
    """y[o] = Σ Π_t x_t[i_t], over the letters that are not in the output; i_t and o are the letters that `subscripts` names

    `subscripts` stand for themselves: where the op is checked alone they are samples, and those of a graph are proved for it.
    """
    operands, output = _letters(subscripts)
    inputs, index = inputs_and_index[: len(operands)], inputs_and_index[len(operands) :]
    sides = {letter: x.size(k) for x, letters in zip(inputs, operands, strict=True) for k, letter in enumerate(letters)}
    summed = [letter for letter in sides if letter not in output]

    def term(*places: Any) -> Any:
        at = dict(zip((*output, *summed), (*index, *places), strict=True))
        factors = (x[tuple(at[letter] for letter in letters)] for x, letters in zip(inputs, operands, strict=True))
        return reduce(operator.mul, factors)

    return total(term, *(sides[letter] for letter in summed))
