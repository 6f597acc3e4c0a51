"""Arrays that a user's rule runs on: those of kernels, and more of numpy, as people write it.

A shipped kernel is written in the numpy that the checker's two interpreters know; a rule in somebody's test is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np

from ..kernel.scalars.array import ScalarArray, array_of
from ..kernel.scalars.mask import Mask, Unsupported
from .compositions import FUNCTIONS, UFUNCS, is_float, is_of_truths, numbers_of


class RuleArray(ScalarArray):
    """An object array of scalars that answers as a float64 array of a user would."""

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] | None = None, **options: Any
    ) -> Any:
        if is_float(options.get("dtype")):
            options.pop("dtype", None)
        own = UFUNCS.get(ufunc.__name__)
        if own is not None and method == "__call__" and out is None and not options:
            came = own(*map(ours, inputs))
            if came is not NotImplemented:
                return ours(came)
        if ufunc is np.add and method == "reduce" and is_of_truths(inputs[0]):
            inputs = (numbers_of(inputs[0]), *inputs[1:])  # numpy counts them
        return ours(super().__array_ufunc__(ufunc, method, *inputs, out=out, **options))

    def __array_function__(
        self, func: Callable[..., Any], types: Iterable[Any], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        own = FUNCTIONS.get(func.__name__)
        if own is not None:
            return ours(own(*args, **kwargs))
        if func.__name__ in _MOVES:
            return ours(np.ndarray.__array_function__(self, func, types, tuple(args), dict(kwargs)))
        given = {name: value for name, value in kwargs.items() if name != "dtype" or not is_float(value)}
        return ours(super().__array_function__(func, types, args, given))

    def __getitem__(self, index: Any) -> Any:
        return ours(super().__getitem__(index))

    @property
    def dtype(self) -> Any:
        """float64, or bool for truth values: a rule of a test is run on arrays of these too."""
        return np.dtype(bool if is_of_truths(self) else np.float64)

    def astype(self, dtype: Any, *_arguments: Any, **_options: Any) -> Any:
        """Truth values as numbers, real numbers as they are. Raises: Unsupported for numbers of another kind."""
        if is_of_truths(self):
            return self.copy() if np.dtype(dtype) == np.bool_ else ours(numbers_of(self))
        if not is_float(dtype):
            raise Unsupported(f"a conversion of real numbers to {dtype!r}")
        return self.copy()

    def mean(self, *arguments: Any, **options: Any) -> Any:
        """The sum over the number of entries; of truth values, how many hold."""
        values = numbers_of(self) if is_of_truths(self) else self.view(ScalarArray)
        return ours(values.mean(*arguments, **options))

    def var(self, *arguments: Any, **options: Any) -> Any:
        """As numpy.var."""
        return np.var(self, *arguments, **options)

    def std(self, *arguments: Any, **options: Any) -> Any:
        """As numpy.std."""
        return np.std(self, *arguments, **options)

    def clip(self, *arguments: Any, **options: Any) -> Any:
        """As numpy.clip."""
        return np.clip(self, *arguments, **options)

    def argsort(self, *arguments: Any, **options: Any) -> Any:
        """As numpy.argsort."""
        return np.argsort(self, *arguments, **options)

    def sort(self, *_arguments: Any, **_options: Any) -> Any:
        """Refused: it changes its array."""
        raise Unsupported("a sort in place; numpy.sort gives a sorted copy")


_MOVES = frozenset(
    {
        "append", "array_split", "atleast_1d", "atleast_2d", "column_stack", "delete", "diagonal", "diff", "fliplr",
        "flipud", "hstack", "inner", "insert", "roll", "rollaxis", "rot90", "split", "trace", "tril", "triu", "vstack",
    }
)  # fmt: skip
"""More functions of numpy that only move entries, or are made of loops that kernels may use."""


def ours(value: Any) -> Any:
    """Arrays of scalars as a rule's arrays, in lists and tuples too; everything else as it is."""
    if isinstance(value, (list, tuple)):
        wrapped = [ours(each) for each in value]
        return tuple(wrapped) if isinstance(value, tuple) else wrapped
    if isinstance(value, np.ndarray) and value.view(np.ndarray).dtype == object:
        return value.view(RuleArray)
    if isinstance(value, Mask) or hasattr(value, "apply"):
        return array_of((), [value]).view(RuleArray)
    return value


def rule_array(shape: tuple[int, ...], entries: Iterable[Any]) -> Any:
    """A rule's array from its entries in row-major order."""
    return array_of(shape, entries).view(RuleArray)


@contextmanager
def symbolic_numpy() -> Iterator[None]:
    """While a rule runs on scalars: numpy functions that make arrays of nothing but a shape or a list make them for scalars.

    numpy has no protocol by which an argument could ask for that, as it has for functions of arrays.
    """
    before = {name: getattr(np, name) for name in ("zeros", "ones", "empty", "full", *_TAKERS)}
    fillers = {"zeros": _filler(np.zeros, 0), "ones": _filler(np.ones, 1), "empty": _filler(np.empty, None)}
    takers = {name: _taker(before[name]) for name in _TAKERS}
    try:
        for name, stand_in in {**fillers, **takers, "full": _full(np.full)}.items():
            setattr(np, name, stand_in)
        yield
    finally:
        for name, original in before.items():
            setattr(np, name, original)


_TAKERS = ("array", "asarray", "asanyarray", "ascontiguousarray")


def _filler(original: Callable[..., Any], value: Any) -> Callable[..., Any]:
    """One that answers for floats alone. What nobody wrote to an empty array can be computed with by nobody."""

    def fill(shape: Any, dtype: Any = None, *arguments: Any, **options: Any) -> Any:
        if not is_float(dtype):
            return original(shape, dtype, *arguments, **options)
        cells = np.ndarray(shape, dtype=object)
        cells[...] = value
        return cells.view(RuleArray)

    return fill


def _full(original: Callable[..., Any]) -> Callable[..., Any]:
    def full(shape: Any, value: Any, dtype: Any = None, **options: Any) -> Any:
        if not is_float(dtype) or isinstance(value, bool):
            return original(shape, value, dtype, **options)
        cells = np.ndarray(shape, dtype=object).view(RuleArray)
        cells[...] = value
        return cells

    return full


def _taker(original: Callable[..., Any]) -> Callable[..., Any]:
    """One that takes scalars as they are, in an array or in lists of them."""

    def take(given: Any, dtype: Any = None, *arguments: Any, **options: Any) -> Any:
        if "subok" in options:  # numpy's own functions say it
            return original(given, *(() if dtype is None else (dtype,)), *arguments, **options)
        if isinstance(given, RuleArray) and is_float(dtype):
            return given.copy()
        if isinstance(given, (list, tuple)) and _holds_scalars(given) and is_float(dtype):
            return np.stack([take(each) if isinstance(each, (list, tuple)) else ours(_lifted(each)) for each in given])
        return original(given, *(() if dtype is None else (dtype,)), *arguments, **options)

    return take


def _lifted(value: Any) -> Any:
    return value if isinstance(value, np.ndarray) else array_of((), [value])


def _holds_scalars(listed: Any) -> bool:
    waiting = list(listed)
    while waiting:
        each = waiting.pop()
        if isinstance(each, (list, tuple)):
            waiting.extend(each)
        elif isinstance(each, ScalarArray) or hasattr(each, "apply"):
            return True
    return False
