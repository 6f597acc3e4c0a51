"""numpy functions that reduce over axes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from ..arrays import Array
from ..axes import axes_of, axis_of
from ..floors import Floored, Places, floored, largest_along, places_along, put, taken, windows
from ..known import Known, Word
from ..polynomial import refuse
from ..zeros import Zeros, grown
from .axes import expand_dims
from .operand import real


def _sum(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return real(x).sum(axis, keepdims=keepdims)


def _max(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array | Floored:
    """One axis after the other, the last one first."""
    result: Array | Floored = floored(x)
    axes = axes_of(tuple(range(len(result.sides))) if axis is None else axis, len(result.sides))
    for place in reversed(axes):
        result = largest_along(result, place)
    if isinstance(result, Floored):
        result = result.settled()
    return expand_dims(result, tuple(axes)) if keepdims else result


def _min(x: Any, axis: Any = None, *, keepdims: bool = False) -> Array:
    return -_max(-real(x), axis, keepdims=keepdims)  # type: ignore[operator]  # of real numbers


def _argmax(x: Any, axis: Any = None, *, keepdims: bool = False) -> Places:
    rank = len(floored(x).sides)
    if axis is None and rank != 1:
        refuse("a place among all entries of an array")
    place = axis_of(0 if axis is None else axis, rank)
    found = places_along(x, place)
    return found if keepdims else found[(*(slice(None),) * place, 0)]


def _taken(x: Any, indices: Any, axis: Any = -1) -> Array:
    array = real(x)
    return taken(array, indices, axis_of(axis, array.ndim))


def _put(x: Any, indices: Any, values: Any, axis: Any) -> None:
    if not isinstance(x, Zeros) or x._parts:
        refuse("put_along_axis into anything but zeros that nothing was written into")
    grown(x, lambda zeros: put(zeros, indices, values, axis_of(axis, zeros.ndim)))


def _windows(x: Any, window_shape: Any, axis: Any = None) -> Array | Floored:
    rank = len(floored(x).sides)
    place = axis_of(0 if axis is None and rank == 1 else axis, rank)
    return windows(x, window_shape, place)


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        "argmax": _argmax, "argmin": lambda x, *options, **named: _argmax(-real(x), *options, **named),
        "inf": math.inf, "max": _max, "min": _min, "put_along_axis": _put, "sum": _sum,
        "take_along_axis": _taken,
        "lib": Known({"stride_tricks": Known({"sliding_window_view": Word(_windows)})}),
    }
)  # fmt: skip
"""Each function under numpy's name for it."""
