"""Arrays of exact or symbolic scalars that a shipped kernel runs on unchanged, through numpy's dispatch protocols.

A scalar has arithmetic operators and `apply(function)`, `maximum(other)`, `compare(other, signs) -> Mask`. Everything
that only moves entries, adds or multiplies is numpy's own object loops; comparisons, choices and functions are answered
here; anything else is refused by name.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import partial
from types import MappingProxyType
from typing import Any, NoReturn

import numpy as np

from ....ir.constant import Constant
from ..numbers.radical import read
from .loops import LOOPS, lowest
from .mask import Truth, Unsupported, every, truth
from .place import Place, argmax, put_along_axis, take_along_axis
from .term import exact


class ScalarArray(np.ndarray[Any, Any]):
    """An object array of scalars."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] | None = None, **options: Any
    ) -> Any:
        unknown = set(options) - {"axis", "keepdims", "axes"}
        if any(options[name] is not None for name in unknown - {"where"}) or options.get("where", True) is not True:
            raise Unsupported(f"numpy.{ufunc.__name__} with {', '.join(sorted(unknown))}")
        options = {name: value for name, value in options.items() if name not in unknown}
        loop = LOOPS.get(ufunc.__name__)
        if loop is None or method not in ("__call__", "reduce", "accumulate", "at"):
            raise Unsupported(f"numpy.{ufunc.__name__}.{method}")
        if method == "at":
            target, places, *values = inputs
            loop.at(target.view(np.ndarray), places, *map(_plain, values))
            return None
        compute = partial(_reduced, loop) if method == "reduce" else getattr(loop, method)
        result = wrap(compute(*map(_plain, inputs), **options))
        if out is None:
            return result
        if out[0].shape != result.shape:
            raise ValueError(f"numpy.{ufunc.__name__} gives shape {result.shape}, its out has {out[0].shape}")
        out[0].view(np.ndarray)[...] = result.view(np.ndarray)
        return out[0]

    def __array_function__(
        self, func: Callable[..., Any], types: Iterable[Any], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        own = _FUNCTIONS.get(func.__name__)
        if own is not None:
            return own(*args, **kwargs)
        if func.__name__ not in _MOVES:
            raise Unsupported(f"numpy.{func.__name__}")
        moved = super().__array_function__(func, types, tuple(args), dict(kwargs))
        return wrap(moved)

    def __getitem__(self, index: Any) -> Any:
        result = super().__getitem__(_decided(index))
        return result if isinstance(result, np.ndarray) else wrap(result)

    def __setitem__(self, index: Any, value: Any) -> None:
        plain = _plain(value)
        # One entry that is given an array of one scalar would hold that array.
        single = isinstance(plain, np.ndarray) and not plain.ndim
        super().__setitem__(_decided(index), plain[()] if single else plain)

    @property
    def dtype(self) -> NoReturn:
        """Refused: a kernel that asks could be right on exact scalars and wrong on floats."""
        raise Unsupported("a kernel asked for the dtype of an array")

    def astype(self, *_arguments: Any, **_options: Any) -> NoReturn:
        """Refused, as the dtype is."""
        raise Unsupported("a kernel asked for a conversion of dtype")

    def argmax(self, axis: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
        """The places of the largest entries, the first of several."""
        if out is not None:
            raise Unsupported("argmax with an out")
        return _argmax(self, axis, keepdims=keepdims)

    def mean(self, *arguments: Any, **options: Any) -> Any:
        """The sum over the number of entries; numpy's own asks for the dtype."""
        return _mean(self, *arguments, **options)

    item = tolist = tobytes = fill = astype


def _reduced(loop: Any, values: Any, axis: Any = 0, *, keepdims: bool = False) -> Any:
    """A reduction, one axis at a time: numpy does not know that our loops may be reordered."""
    axes = range(values.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for place in axes:
        values = loop.reduce(values, axis=place, keepdims=True)
    return (values if keepdims else np.squeeze(values, tuple(axes))).copy()  # of no axes, it would be what came


def wrap(value: Any) -> ScalarArray:
    """An array of scalars from an object array or from one scalar."""
    if isinstance(value, np.ndarray):
        return value.astype(object).view(ScalarArray) if value.view(np.ndarray).dtype != object else value.view(
            ScalarArray
        )
    cell = np.empty((), dtype=object)
    cell[()] = value
    return cell.view(ScalarArray)


def array_of(shape: tuple[int, ...], entries: Iterable[Any]) -> ScalarArray:
    """An array of scalars from its entries in row-major order."""
    flat = list(entries)
    result = np.empty(len(flat), dtype=object)
    for place, entry in enumerate(flat):
        result[place] = entry
    return result.reshape(shape).view(ScalarArray)


def entries_of(value: Any) -> list[Any]:
    """The entries in row-major order; machine numbers become exact rationals."""
    return [_element(entry) for entry in np.asarray(_plain(value), dtype=object).ravel()]


def _plain(value: Any) -> Any:
    if isinstance(value, ScalarArray):
        return value.view(np.ndarray)
    if isinstance(value, np.ndarray) and value.dtype != object:
        return np.frompyfunc(_element, 1, 1)(value) if value.size else value.astype(object)
    return _element(value) if isinstance(value, (float, np.generic, Constant)) else value


def _element(value: Any) -> Any:
    if not isinstance(value, (int, float, np.generic, Constant)):
        return value  # a scalar already
    if isinstance(value, Constant):
        return read(value)
    if isinstance(value, (bool, np.bool_)):
        return Truth(value)
    return -math.inf if lowest(value) else exact(value)  # -∞ is known to comparisons and maxima; nothing else takes it


def _decided(index: Any) -> Any:
    """An index in which masks were decided, path by path."""
    if isinstance(index, tuple):
        return tuple(map(_decided, index))
    if isinstance(index, ScalarArray):
        plain = index.view(np.ndarray)
        if plain.size and all(isinstance(entry, Place | int) and not isinstance(entry, bool) for entry in plain.flat):
            return np.array([operator.index(entry) for entry in plain.ravel()], dtype=np.intp).reshape(plain.shape)
        return np.array([bool(truth(entry)) for entry in plain.ravel()], dtype=bool).reshape(plain.shape)
    return index


def _where(condition: Any, holds: Any, fails: Any) -> ScalarArray:
    choose = np.frompyfunc(lambda mask, a, b: truth(mask).where(a, b), 3, 1)
    return wrap(choose(_plain(condition), _plain(holds), _plain(fails)))


def _argmax(values: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    places = argmax(_plain(values), axis, keepdims=keepdims)
    return places.view(ScalarArray) if places.dtype == object else places


def _mean(values: ScalarArray, axis: Any = None, dtype: Any = None, out: Any = None, *, keepdims: bool = False) -> Any:
    axes = range(values.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    count = math.prod(values.shape[place] for place in axes)
    if dtype is not None or out is not None or not count:
        raise Unsupported("a mean of nothing, or one with a dtype or an out")
    return values.sum(axis=axis, keepdims=keepdims) / Fraction(count)


def _take_along_axis(values: Any, places: Any, axis: Any = -1) -> ScalarArray:
    return wrap(take_along_axis(_plain(values), np.asarray(places).view(np.ndarray), axis))


def _put_along_axis(values: Any, places: Any, given: Any, axis: Any) -> None:
    put_along_axis(values.view(np.ndarray), np.asarray(places).view(np.ndarray), _plain(given), axis)


def _einsum(subscripts: str, *arrays: Any, optimize: bool = False) -> ScalarArray:
    """numpy's own code on plain arrays of scalars, in the order of operations that it takes on floats of these shapes."""
    return wrap(np.einsum(subscripts, *map(_plain, arrays), optimize=optimize))


def _filled(value: int) -> Callable[..., ScalarArray]:
    def fill(like: Any, shape: Any = None) -> ScalarArray:
        return wrap(np.full(like.shape if shape is None else shape, Fraction(value), dtype=object))

    return fill


_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "all": lambda masks: every(masks.view(np.ndarray).ravel()), "argmax": _argmax, "einsum": _einsum,
        "argmin": lambda values, *options, **named: _argmax(-values, *options, **named), "mean": _mean,
        "where": _where,
        "ones_like": _filled(1), "put_along_axis": _put_along_axis, "take_along_axis": _take_along_axis,
        "zeros_like": _filled(0),
    }
)

_MOVES = frozenset(
    ("amax", "amin", "broadcast_to", "concatenate", "copy", "cumprod", "cumsum", "dot", "expand_dims", "flip")
    + ("max", "min", "moveaxis", "outer", "pad", "prod", "ravel", "repeat", "reshape", "sliding_window_view", "squeeze")
    + ("stack", "sum", "swapaxes", "tensordot", "tile", "transpose", "take")
)
"""numpy functions that only move entries or are made of the loops above."""
