"""More of numpy, said in terms of what kernels may use: so it adds nothing to what is trusted."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from ..kernel.scalars.array import ScalarArray, array_of
from ..kernel.scalars.mask import Mask, Unsupported
from ..kernel.scalars.place import put_along_axis

_DECIMALS = (None, float, np.float64)


def is_float(dtype: Any) -> bool:
    """Whether a dtype says float64, or nothing: real numbers stand for it."""
    if isinstance(dtype, np.dtype | str):
        return bool(np.dtype(dtype) == np.float64)
    return any(dtype is each for each in _DECIMALS)


def is_of_truths(values: Any) -> bool:
    """Whether an array holds truth values."""
    entries = values.view(np.ndarray).ravel() if isinstance(values, ScalarArray) else np.ravel(values)
    return entries.size > 0 and all(isinstance(entry, Mask) for entry in entries)


def numbers_of(values: Any) -> ScalarArray:
    """1 for each truth value that holds, 0 for each other."""
    return array_of(values.shape, (mask.where(1, 0) for mask in values.view(np.ndarray).ravel()))


def _clip(x: Any, a_min: Any = None, a_max: Any = None, **bounds: Any) -> Any:
    low, high = bounds.pop("min", a_min), bounds.pop("max", a_max)
    _refuse(bounds, "clip")
    x = x if low is None else np.maximum(x, low)
    return x if high is None else np.minimum(x, high)


def _variance(x: Any, axis: Any = None, *, ddof: float = 0, keepdims: bool = False) -> Any:
    off = x - x.mean(axis=axis, keepdims=True)
    axes = range(x.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = math.prod(x.shape[place] for place in axes) - ddof
    if count <= 0:
        raise Unsupported(f"a variance over {count} degrees of freedom")
    return (off * off).sum(axis=axis, keepdims=keepdims) / Fraction(count)


def _norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:  # noqa: FBT001, FBT002
    flat = axis is not None or x.ndim == 1
    if ord not in (None, 2) or (isinstance(axis, tuple) and ord is not None) or (ord == 2 and not flat):
        raise Unsupported(f"numpy.linalg.norm with ord={ord!r}")
    return np.sqrt((x * x).sum(axis=axis, keepdims=keepdims))


def _order(line: Sequence[Any]) -> list[int]:
    return sorted(range(len(line)), key=lambda place: line[place])  # each comparison is a decision


def _lines(x: Any, axis: Any) -> tuple[Any, int]:
    values = np.ravel(x) if axis is None else x
    return np.moveaxis(values.view(np.ndarray), axis if axis is not None else 0, -1), axis if axis is not None else 0


def _argsort(x: Any, axis: Any = -1, **options: Any) -> Any:
    _refuse(options, "argsort", "kind", "stable")
    lines, place = _lines(x, axis)
    found = np.empty(lines.shape, dtype=np.intp)
    for index in np.ndindex(lines.shape[:-1]):
        found[index] = _order(list(lines[index]))
    return np.moveaxis(found, -1, place)


def _sort(x: Any, axis: Any = -1, **options: Any) -> Any:
    _refuse(options, "sort", "kind", "stable")
    lines, place = _lines(x, axis)
    found = np.empty(lines.shape, dtype=object)
    for index in np.ndindex(lines.shape[:-1]):
        line = list(lines[index])
        found[index] = [line[each] for each in _order(line)]
    return np.moveaxis(found, -1, place)


def _put_along(values: Any, places: Any, given: Any, axis: Any) -> None:
    plain = given.view(np.ndarray) if isinstance(given, np.ndarray) else given
    put = put_along_axis if isinstance(places, ScalarArray) else np.put_along_axis
    put(values.view(np.ndarray), places.view(np.ndarray), plain, axis)


def _diag(x: Any, k: int = 0) -> Any:
    if x.ndim != 1:
        return np.diagonal(x, k).copy()
    side = len(x) + abs(k)
    cells = np.full((side, side), 0, dtype=object)
    rows = np.arange(len(x))
    cells[rows + max(-k, 0), rows + max(k, 0)] = x.view(np.ndarray)
    return cells


def _argmin(x: Any, axis: Any = None, **options: Any) -> Any:
    return np.argmax(-x, axis, **options)


def _count(x: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    if not is_of_truths(x):
        raise Unsupported("numpy.count_nonzero of what are no truth values")
    return numbers_of(x).sum(axis=axis, keepdims=keepdims)


def _any(masks: Any, axis: Any = None) -> Any:
    if axis is not None:
        raise Unsupported("numpy.any along an axis")
    return ~np.all(~masks)


def _like(value: Any) -> Callable[..., Any]:
    def fill(like: Any, dtype: Any = None, shape: Any = None, **options: Any) -> Any:
        _refuse(options, "zeros_like", "order", "subok")
        if not is_float(dtype):
            raise Unsupported(f"an array of {dtype!r}")
        return np.full(like.shape if shape is None else shape, value, dtype=object)

    return fill


def _full_like(like: Any, value: Any, dtype: Any = None) -> Any:
    return np.broadcast_to(np.asanyarray(value), like.shape).copy() if np.ndim(value) else _like(value)(like, dtype)


def _cross(a: Any, b: Any) -> Any:
    if a.shape[-1:] != (3,) or b.shape[-1:] != (3,):
        raise Unsupported("numpy.cross of what are no vectors of three")
    after, before = (1, 2, 0), (2, 0, 1)
    return np.stack([a[..., i] * b[..., j] - a[..., j] * b[..., i] for i, j in zip(after, before, strict=True)], axis=-1)


def _kron(a: Any, b: Any) -> Any:
    if a.ndim != b.ndim or a.ndim not in (1, 2):
        raise Unsupported(f"numpy.kron of {a.ndim} and {b.ndim} axes")
    if a.ndim == 1:
        return np.outer(a, b).reshape(-1)
    rows, columns = (a.shape[axis] * b.shape[axis] for axis in (0, 1))
    return (a[:, None, :, None] * b[None, :, None, :]).reshape(rows, columns)


def _convolve(a: Any, v: Any, mode: str = "full") -> Any:
    if a.ndim != 1 or v.ndim != 1 or mode not in ("full", "same", "valid"):
        raise Unsupported(f"numpy.convolve of {a.ndim} and {v.ndim} axes, mode={mode!r}")
    long, short = (a, v) if len(a) >= len(v) else (v, a)
    every = [[(i, k - i) for i in range(len(long)) if 0 <= k - i < len(short)] for k in range(len(long) + len(short) - 1)]
    off, count = {"full": (0, len(every)), "same": ((len(short) - 1) // 2, len(long)),
                  "valid": (len(short) - 1, len(long) - len(short) + 1)}[mode]  # fmt: skip
    return np.stack([sum(long[i] * short[j] for i, j in pairs) for pairs in every[off : off + count]])


def _trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    last = np.moveaxis(y, axis, -1)
    steps = dx if x is None else np.diff(x) if x.ndim == 1 else np.diff(np.moveaxis(x, axis, -1))
    return (steps * (last[..., 1:] + last[..., :-1]) / 2).sum(axis=-1)


def _refuse(options: Mapping[str, Any], name: str, *but: str) -> None:
    asked = sorted(word for word, value in options.items() if word not in but and value is not None)
    if asked:
        raise Unsupported(f"numpy.{name} with {', '.join(asked)}")


def _power(base: Any, exponent: Any) -> Any:
    """x ** y as exp(y log x) where y is no constant: it has a value for positive x alone."""
    symbolic = isinstance(exponent, ScalarArray) and any(hasattr(each, "apply") and getattr(each, "kind", "") != "number"
                                                         for each in exponent.view(np.ndarray).flat)  # fmt: skip
    if not symbolic:
        return NotImplemented
    return np.exp(exponent * np.log(base + 0 * exponent))


def _expit(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


UFUNCS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "cosh": lambda x: (np.exp(x) + np.exp(-x)) / 2,
        "exp2": lambda x: _power(2, x),
        "expit": _expit,
        "fabs": np.abs,
        "float_power": lambda x, y: x**y,
        "fmax": np.maximum,
        "fmin": np.minimum,
        "heaviside": lambda x, at: np.where(x > 0, 1, np.where(x == 0, at, 0)),
        "hypot": lambda x, y: np.sqrt(x * x + y * y),
        "isfinite": lambda x: x == x,  # noqa: PLR0124 - a real number is
        "isinf": lambda x: x != x,  # noqa: PLR0124
        "isnan": lambda x: x != x,  # noqa: PLR0124
        "log_expit": lambda x: -np.log(1 + np.exp(-x)),
        "logaddexp": lambda x, y: np.log(np.exp(x) + np.exp(y)),
        "power": _power,
        "sinh": lambda x: (np.exp(x) - np.exp(-x)) / 2,
        "tan": lambda x: np.sin(x) / np.cos(x),
    }
)
"""Universal functions by name; NotImplemented leaves it to the kernel's own."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "any": _any,
        "argmin": _argmin,
        "argsort": _argsort,
        "clip": _clip,
        "convolve": _convolve,
        "count_nonzero": _count,
        "cross": _cross,
        "diag": _diag,
        "empty_like": _like(None),
        "full_like": _full_like,
        "kron": _kron,
        "norm": _norm,
        "ones_like": _like(1),
        "put_along_axis": _put_along,
        "sort": _sort,
        "trapezoid": _trapezoid,
        "unravel_index": lambda place, shape: np.unravel_index(operator.index(place.view(np.ndarray)[()]), shape),
        "std": lambda x, *arguments, **options: np.sqrt(_variance(x, *arguments, **options)),
        "var": _variance,
        "zeros_like": _like(0),
    }
)
"""Functions of numpy by name."""
