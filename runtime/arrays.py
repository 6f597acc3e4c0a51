"""What crosses a session's border: arrays are copied on their way in and read-only on their way out."""

from __future__ import annotations

import numbers
from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .handles import SessionError
from .primitive import Array

Float = type[np.float32] | type[np.float64]

MOST = 2**53
"""The largest natural: a graph file holds no larger one."""


def array_in(value: ArrayLike, dtype: Float) -> Array:
    """A copy of an array of real numbers, in the session's dtype.

    Raises: SessionError E-value.
    """
    try:
        array = np.array(value)
    except ValueError as error:
        raise SessionError("E-value", f"what came is not an array: {error}") from error
    if array.dtype.kind not in "fiub":
        raise SessionError("E-value", f"an array of {array.dtype} came, but real numbers were needed")
    return array.astype(dtype)


def array_out(value: Array) -> Array:
    """A read-only view: what a session hands out may share memory with what it keeps."""
    view: Any = np.asarray(value).view()
    view.flags.writeable = False
    return view


def naturals_in(naturals: Iterable[int]) -> tuple[int, ...]:
    """Natural numbers as Python integers.

    Raises: SessionError E-nat-value.
    """
    taken = tuple(naturals)
    for natural in taken:
        if not isinstance(natural, numbers.Integral) or not 0 <= natural <= MOST:
            raise SessionError("E-nat-value", f"{natural!r} came, but a natural number up to 2**53 was needed")
    return tuple(int(natural) for natural in taken)
