"""Arrays of balls on which real kernels are run: an integer that a kernel chooses or makes becomes a ball when asked."""

from __future__ import annotations

from typing import Any

import flint
import numpy as np


class Balls(np.ndarray[Any, Any]):
    """An object array of balls, with numpy's own loops; those of functions take no plain integers."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
        plain = [each.view(np.ndarray) if isinstance(each, Balls) else each for each in (*inputs, *out)]
        if method == "at":
            return ufunc.at(*plain)
        given = [_LIFT(each) if getattr(each, "dtype", None) == object and each.size else each for each in plain]
        options |= {"out": tuple(plain[len(inputs) :])} if out else {}
        return np.asarray(getattr(ufunc, method)(*given[: len(inputs)], **options)).view(Balls)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(func, types, args, kwargs)
        return result.view(Balls) if type(result) is np.ndarray else result


_LIFT = np.frompyfunc(lambda entry: flint.arb(entry) if type(entry) is int else entry, 1, 1)
