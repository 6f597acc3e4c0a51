"""Products of arrays that are summed over shared axes: which entries numpy's `@` and `einsum` multiply and add."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

from .algebra import ONE, Expr, summed
from .case import Case
from .polynomial import Poly, indices, integer, refuse

Index = tuple[Poly, ...]
Entries = Callable[[Index], Expr]
Tensor = tuple[Index, Entries]
"""Sides, and entries as a function of the index."""


def matrix_product(case: Case, left: Tensor, right: Tensor) -> Tensor:
    """y[…,i,j] = Σ_k a[…,i,k] b[…,k,j]; a vector on the left is one row, one on the right is one column.

    Leading sides are repeated only where they are literally 1.
    """
    (a_sides, a), (b_sides, b) = left, right
    if not a_sides or not b_sides:
        refuse("@ of a scalar")
    rows, columns = a_sides[-2:-1], b_sides[-1:] if len(b_sides) > 1 else ()
    a_batch, b_batch = a_sides[:-2], b_sides[:-2]
    inner = b_sides[-2] if columns else b_sides[0]
    if not case.same(a_sides[-1], inner):
        refuse("@ of sides that are not known to be equal")
    batch = repeated(case, [a_batch, b_batch])

    def entry(index: Index) -> Expr:
        places, rest = index[: len(batch)], index[len(batch) :]
        k, names, guards = indices([inner])
        i, j = rest[: len(rows)], rest[len(rows) :]
        return summed(a((*read_at(a_batch, places), *i, *k)) * b((*read_at(b_batch, places), *k, *j)), names, guards)

    return (*batch, *rows, *columns), entry


def einstein(case: Case, factors: Sequence[tuple[Tensor, Sequence[Hashable]]], output: Sequence[Hashable]) -> Tensor:
    """y[o] = Σ Π_t x_t[i_t] over the letters that the output does not have, of which it has none twice.

    Raises: Unsupported if a letter stands for sides that are not known to be equal.
    """
    sides: dict[Hashable, Poly] = {}
    for (own, _), letters in factors:
        for side, letter in zip(own, letters, strict=True):
            if not case.same(sides.setdefault(letter, side), side):
                refuse("a product of sides that are not known to be equal")
    shared = [letter for letter in sides if letter not in output]

    def entry(index: Index) -> Expr:
        inner, names, guards = indices([sides[letter] for letter in shared])
        at, product = dict(zip((*output, *shared), (*index, *inner), strict=True)), ONE
        for (_, entries), letters in factors:
            product = product * entries(tuple(at[letter] for letter in letters))
        return summed(product, names, guards)

    return tuple(sides[letter] for letter in output), entry


def repeated(case: Case, shapes: Sequence[Index]) -> Index:
    """The shape that these broadcast to, aligned at their last sides. Raises: Unsupported if it is not known."""
    rank = max(map(len, shapes))
    padded = [(integer(1),) * (rank - len(sides)) + tuple(sides) for sides in shapes]
    return tuple(_common(case, axis) for axis in zip(*padded, strict=True))


def read_at(sides: Sequence[Poly], index: Index) -> Index:
    """Where an array of these sides is read for an index that it is broadcast to: at 0 where the side is literally 1."""
    own = index[len(index) - len(sides) :]
    return tuple(integer(0) if side == integer(1) else place for side, place in zip(sides, own, strict=True))


def _common(case: Case, sides: Sequence[Poly]) -> Poly:
    wide = [side for side in sides if side != integer(1)]
    if not all(case.same(side, wide[0]) for side in wide):
        refuse("an operation on sides that are not known to be equal")
    return wide[0] if wide else integer(1)
