"""numpy functions that join arrays, or repeat and pad one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..algebra import ZERO, Expr, summed
from ..arrays import Array
from ..axes import axis_of
from ..case import Case
from ..floors import Floored, floored, padded
from ..formula import Index, as_expression, polys
from ..loops import Family
from ..polynomial import Guard, Poly, indices, integer, least, refuse, zero
from ..prover import implied
from ..winners import is_lowest
from .axes import expand_dims
from .operand import real


def _joined(arrays: Any, axis: Any = 0) -> Array:
    """Σ_j [o_j <= i < o_j + n_j] a_j[i − o_j] along the axis, where o_j is the sum of the sides before n_j."""
    if not isinstance(arrays, tuple | list) or not arrays:
        refuse("a concatenation of this")
    parts = [real(each) for each in arrays]
    case, rank = parts[0].case, parts[0].ndim
    place = axis_of(axis, rank)
    for part in parts:
        if part.ndim != rank or not all(
            k == place or case.same(s, t) for k, (s, t) in enumerate(zip(part.sides, parts[0].sides, strict=True))
        ):
            refuse("a concatenation of sides that are not known to be equal")
    starts = [integer(0)]
    for part in parts:
        starts.append(starts[-1] + part.sides[place])

    def entry(index: Index) -> Expr:
        i, total = index[place], ZERO
        for j, part in enumerate(parts):
            after: set[Guard] = {least(i - starts[j])} if j else set()
            before: set[Guard] = {least(starts[j + 1] - i - integer(1))} if j < len(parts) - 1 else set()
            own = part.entry((*index[:place], i - starts[j], *index[place + 1 :]))
            total = total + summed(own, (), after | before)
        return total

    return Array(case, (*parts[0].sides[:place], starts[-1], *parts[0].sides[place + 1 :]), entry)


def _stacked(arrays: Any, axis: Any = 0) -> Array:
    if isinstance(arrays, Family) and axis == 0:
        return arrays.stacked()
    if not isinstance(arrays, tuple | list):
        refuse("a stack of this")
    return _joined([expand_dims(each, axis) for each in arrays], axis)


def _natural(case: Case, value: Any) -> Poly:
    (count,) = polys([value])
    if not implied(case.facts, least(count)):
        refuse("a count that may be negative")
    return count


def _copied(x: Any, count: Any, axis: Any, moved: Any) -> Array:
    """Σ_k Σ_j [i = moved(k, j)] x[k] along the axis, over the copies j of each entry k."""
    array = real(x)
    place = axis_of(axis, array.ndim)
    side, copies = array.sides[place], _natural(array.case, count)

    def entry(index: Index) -> Expr:
        (k, j), names, guards = indices((side, copies))
        here = {zero(index[place] - moved(k, j, side, copies))}
        return summed(array.entry((*index[:place], k, *index[place + 1 :])), names, guards | here)

    return Array(array.case, (*array.sides[:place], side * copies, *array.sides[place + 1 :]), entry)


def _repeated(x: Any, repeats: Any, axis: Any = None) -> Array:
    return _copied(x, repeats, axis, lambda k, j, _side, copies: k * copies + j)


def _tiled(x: Any, reps: Any) -> Array:
    array = real(x)
    counts = reps if isinstance(reps, tuple | list) else (reps,)
    array = expand_dims(array, tuple(range(len(counts) - array.ndim))) if len(counts) > array.ndim else array
    for axis, count in enumerate(counts, array.ndim - len(counts)):
        array = _copied(array, count, axis, lambda k, j, side, _copies: j * side + k)
    return array


def _padded(x: Any, pad_width: Any, mode: Any = "constant", *, constant_values: Any = 0) -> Array | Floored:
    """x with a number around it: [0 <= i − b < n] x[i − b], and the number elsewhere."""
    if mode not in ("constant", "edge"):
        refuse(f"a pad in mode {mode!r}")
    if is_lowest(constant_values):
        return padded(x, _pairs(floored(x), pad_width))
    array = real(x)
    fill, pairs = as_expression(constant_values), _pairs(array, pad_width)
    if mode == "edge":
        return _prolonged(array, pairs)
    sides = tuple(before + side + after for side, (before, after) in zip(array.sides, pairs, strict=True))

    def entry(index: Index) -> Expr:
        own = tuple(i - before for i, (before, _) in zip(index, pairs, strict=True))
        inside = {g for i, side in zip(own, array.sides, strict=True) for g in (least(i), least(side - i - integer(1)))}
        return fill + summed(array.entry(own) - fill, (), inside)

    return Array(array.case, sides, entry)


def _prolonged(array: Array, pairs: Sequence[tuple[Poly, Poly]]) -> Array:
    """x with its first and last entries repeated around it, axis by axis."""
    for axis, (before, after) in enumerate(pairs):
        array = _prolonged_along(array, axis, before, after)
    return array


def _prolonged_along(array: Array, axis: int, before: Poly, after: Poly) -> Array:
    """[i < b] x[0] + [0 <= i − b < n] x[i − b] + [i − b >= n] x[n − 1] along an axis."""
    side = array.sides[axis]
    if not array.case.decide(least(side - integer(1))):
        refuse("a pad with the edge of nothing")

    def entry(index: Index) -> Expr:
        def at(place: Poly) -> Expr:
            return array.entry((*index[:axis], place, *index[axis + 1 :]))

        own = index[axis] - before
        first, last = least(-own - integer(1)), least(own - side)
        inside = {least(own), least(side - own - integer(1))}
        return summed(at(integer(0)), (), {first}) + summed(at(own), (), inside) + summed(at(side - integer(1)), (), {last})

    return Array(array.case, (*array.sides[:axis], before + side + after, *array.sides[axis + 1 :]), entry)


def _pairs(array: Array | Floored, width: Any) -> list[tuple[Poly, Poly]]:
    """How much stands before and after along each axis; one pair or number is meant for every axis."""
    if isinstance(width, tuple | list) and width and all(isinstance(each, tuple | list) for each in width):
        pairs: Sequence[Any] = width if len(width) > 1 else [*width] * array.ndim
    else:
        pairs = [width if isinstance(width, tuple | list) else (width, width)] * array.ndim
    if not pairs or len(pairs) != array.ndim or any(len(pair) != 2 for pair in pairs):
        refuse("a pad of these widths")
    return [(_natural(array.case, before), _natural(array.case, after)) for before, after in pairs]


WORDS: Mapping[str, Any] = MappingProxyType(
    {"concatenate": _joined, "pad": _padded, "repeat": _repeated, "stack": _stacked, "tile": _tiled}
)
"""Each function under numpy's name for it."""
