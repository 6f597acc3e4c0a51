"""Arrays of balls on which real kernels are run: an integer that a kernel chooses or makes becomes a ball when asked."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np


class Balls(np.ndarray[Any, Any]):
    """An object array of balls, with numpy's own loops; those of functions take no plain integers."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = None, **options: Any) -> Any:
        if method == "at":
            ufunc.at(_plain(inputs[0]), *map(_plain, inputs[1:]))
            return None
        if out is not None:
            options["out"] = tuple(map(_plain, out))
        result = getattr(ufunc, method)(*map(_lifted, inputs), **options)
        return np.asarray(result).view(Balls)


def _plain(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, Balls) else value


def _lifted(value: Any) -> Any:
    plain = _plain(value)
    if not isinstance(plain, np.ndarray) or plain.dtype != object or not plain.size:
        return plain
    return _LIFT(plain)


_LIFT = np.frompyfunc(lambda entry: flint.arb(entry) if type(entry) is int else entry, 1, 1)
