"""Ops that read entries by index."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch


def row(rank: int, x: Shape, index: int) -> Shape:
    """(n,*s) -> (*s), for an index that may be out of range; x has this rank.

    Raises: ShapeMismatch.
    """
    _check_rank(rank, x)
    _check_naturals((index,), x)
    return x[1:]


def row_in_range(rank: int, x: Shape, index: int) -> Shape:
    """(n,*s) -> (*s), for an index below n; x has this rank.

    Raises: ShapeMismatch.
    """
    _check_rank(rank, x)
    if index not in range(x[0]):
        raise ShapeMismatch(f"index {index} of shape {x}: an index is 0 to {x[0] - 1}")
    return x[1:]


def rows(rank: int, x: Shape, indices: tuple[int, ...]) -> Shape:
    """(n,*s) -> (k,*s) for k indices, each of which may be out of range; x has this rank.

    Raises: ShapeMismatch.
    """
    _check_rank(rank, x)
    _check_naturals(indices, x)
    return (len(indices), *x[1:])


def added_row(rank: int, x: Shape, v: Shape, index: int) -> Shape:
    """(n,*s),(*s) -> (n,*s), for an index below n; x has this rank.

    Raises: ShapeMismatch.
    """
    if v != row_in_range(rank, x, index):
        raise ShapeMismatch(f"{v} at index {index} of {x}: {x[1:]} is needed")
    return x


def _check_rank(rank: int, x: Shape) -> None:
    if len(x) != rank:
        raise ShapeMismatch(f"an operand has shape {x}, but {rank} {'axis is' if rank == 1 else 'axes are'} needed")


def _check_naturals(indices: tuple[int, ...], x: Shape) -> None:
    if any(index < 0 for index in indices):
        raise ShapeMismatch(f"indices {indices} of shape {x}: an index is a natural number")
