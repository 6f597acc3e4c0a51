"""Running sums and products along an axis, and products of all entries of it."""

from __future__ import annotations

from typing import Any

from ..definition import ShapeMismatch, SymbolicShape, define, first_shape
from ..formula import product, total


def _axis_checked(op: str, x: SymbolicShape, axis: int | None) -> None:
    if axis is not None and not 0 <= axis < len(x):
        raise ShapeMismatch(f"{op} of {x} along axis {axis!r}: an axis is 0 to {len(x) - 1}")


def _every_axis(x: SymbolicShape) -> list[dict[str, int]]:
    return [{"axis": axis} for axis in range(len(x))]


def _running(x: SymbolicShape, axis: int) -> SymbolicShape:
    _axis_checked("a running sum or product", x, axis)
    return first_shape(x)


def _reduced(x: SymbolicShape, axis: int | None = None) -> SymbolicShape:
    _axis_checked("prod", x, axis)
    return () if axis is None else x[:axis] + x[axis + 1 :]


@define("cumsum", "(*s)", shape=_running, attributes=_every_axis)
def cumsum(x: Any, *i: Any, axis: int) -> Any:
    """y[i,k,j] = Σ_{l<=k} x[i,l,j], with k at `axis`"""
    return total(lambda k: x[(*i[:axis], k, *i[axis + 1 :])], i[axis] + 1)


_PRODUCTS = "products over an axis of unknown length have no normal form at all shapes"


@define("cumprod", "(*s)", shape=_running, attributes=_every_axis, bounded=_PRODUCTS)
def cumprod(x: Any, *i: Any, axis: int) -> Any:
    """y[i,k,j] = Π_{l<=k} x[i,l,j], with k at `axis`"""
    return product(lambda k: x[(*i[:axis], k, *i[axis + 1 :])], i[axis] + 1)


@define("prod", "(*s)", shape=_reduced, attributes=lambda x: [{}, *_every_axis(x)], bounded=_PRODUCTS)
def prod(x: Any, *i: Any, axis: int | None = None) -> Any:
    """y[i,j] = Π_k x[i,k,j], with k at `axis`; the product of all entries without one; 1 of none"""
    if axis is None:
        return product(lambda *k: x[k], *x.shape)
    return product(lambda k: x[(*i[:axis], k, *i[axis:])], x.size(axis))
