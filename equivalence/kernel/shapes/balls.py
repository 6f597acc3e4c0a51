"""Arrays of balls on which real kernels are run: an integer that a kernel chooses or makes becomes a ball when asked."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import flint
import numpy as np

from ....ir.constant import Constant
from ..numbers.exact import Exact
from .constants import meant


class Balls(np.ndarray[Any, Any]):
    """An object array of balls, with numpy's own loops; those of functions take no plain integers."""

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, out: Any = (), **options: Any) -> Any:
        given = [_real(each) if isinstance(each, Constant) else each for each in inputs]
        if ufunc.__name__ in _SPECIAL and method == "__call__":
            ufunc = _SPECIAL[ufunc.__name__]
        plain = [each.view(np.ndarray) if isinstance(each, Balls) else each for each in (*given, *out)]
        if method == "at":
            return ufunc.at(*plain)
        lifted = [_LIFT(each) if getattr(each, "dtype", None) == object and each.size else each for each in plain]
        options |= {"out": tuple(plain[len(inputs) :])} if out else {}
        return np.asarray(getattr(ufunc, method)(*lifted[: len(inputs)], **options)).view(Balls)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        result = super().__array_function__(func, types, args, kwargs)
        return result.view(Balls) if type(result) is np.ndarray else result


_LIFT = np.frompyfunc(lambda entry: flint.arb(entry) if type(entry) is int else entry, 1, 1)

_SPECIAL: Mapping[str, Any] = MappingProxyType(
    {name: np.frompyfunc(lambda x, name=name: getattr(flint.arb(x), name)(), 1, 1) for name in ("erf", "erfc")}
)
"""scipy's functions, which have no loops over objects."""


def _real(constant: Constant) -> flint.arb:
    return flint.arb(meant(constant).in_terms_of(Exact.of).value)
