"""numpy functions for windows: their offsets, and products summed over axes that are paired or bear one letter."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..algebra import ZERO
from ..arrays import Array
from ..axes import axes_of
from ..contraction import einstein
from ..loops import offsets
from ..polynomial import refuse
from ..zeros import View, Zeros
from .operand import real


def _tensordot(a: Any, b: Any, axes: Any) -> Array:
    """y[i,j] = Σ_k a[i,k] b[j,k], with k at `axes` of each."""
    left, right = real(a), real(b)
    pairs = (range(left.ndim - axes, left.ndim), range(axes)) if type(axes) is int else axes
    one, other = ([each % x.ndim for each in own] for x, own in zip((left, right), pairs, strict=True))
    if axes_of(tuple(pairs[0]), left.ndim) != sorted(one) or axes_of(tuple(pairs[1]), right.ndim) != sorted(other):
        refuse(f"a tensordot over {axes!r}")
    if len(one) != len(other):
        refuse(f"a tensordot over {axes!r}, which are no pairs")
    paired = dict(zip(other, one, strict=True))
    first, second = range(left.ndim), [paired[k] if k in paired else left.ndim + k for k in range(right.ndim)]
    output = [k for k in (*first, *second) if k not in one]
    factors = [((x.sides, x.entry), letters) for x, letters in ((left, first), (right, second))]
    return Array(left.case, *einstein(left.case, factors, output))


def _einsum(subscripts: Any, *arrays: Any, optimize: Any = False) -> Array:
    """y[o] = Σ Π_t x_t[i_t] over the letters that are not in the output.

    `optimize` says in which order real numbers are multiplied and added, which changes nothing.
    """
    operands, output = _letters(subscripts)
    if len(operands) != len(arrays) or type(optimize) is not bool:
        refuse(f"an einsum by {subscripts!r} of {len(arrays)} arrays in this order")
    if [x.ndim if isinstance(x, Array) else None for x in arrays] != [*map(len, operands)]:
        refuse(f"an einsum by {subscripts!r} of these")
    if isinstance(arrays[0], Zeros) and len(arrays) == 1 and not optimize and output and set(operands[0]) == set(output):
        return _diagonal(arrays[0], operands[0], output)
    read = [real(each) for each in arrays]
    factors = [((x.sides, x.entry), letters) for x, letters in zip(read, operands, strict=True)]
    return Array(read[0].case, *einstein(read[0].case, factors, output))


def _letters(subscripts: Any) -> tuple[list[str], str]:
    """The letters of each operand and of the output, which must be named."""
    words, arrow, output = subscripts.partition("->") if type(subscripts) is str else ("", "", "")
    signs = words.replace(",", "") + output
    if not arrow or not (signs + "a").isalpha() or not signs.isascii():
        refuse(f"an einsum by {subscripts!r}")
    if len(set(output)) != len(output) or not set(output) <= set(signs[: len(signs) - len(output)]):
        refuse(f"an einsum to {output!r}")
    return words.split(","), output


def _diagonal(base: Zeros, letters: str, output: str) -> View:
    """What numpy gives of one array of which nothing is summed: a view, through which zeros may be written."""
    sides, _ = einstein(base.case, [((base._sides, lambda _: ZERO), letters)], output)
    return View(base, (sides, lambda index: tuple(index[output.index(letter)] for letter in letters)))


WORDS: Mapping[str, Any] = MappingProxyType({"einsum": _einsum, "ndindex": offsets, "tensordot": _tensordot})
"""Each function under numpy's name for it."""
