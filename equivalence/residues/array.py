"""Arrays of residues that a shipped kernel runs on unchanged, through numpy's dispatch protocols.

Arithmetic is that of a prime field. A branch is taken on representatives, which are ordered as integers are. A function
that no field has (exp, sqrt, tanh, …) is one value for each argument, as good as drawn: what is shown of it holds
whatever function it is.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from ...ir.constant import Constant
from ..kernel.scalars.mask import Unsupported
from .contractions import contract, tensordot
from .field import MOST_TERMS, Floats, folded, inverse, matrix_product, of_fraction, power, reduced


class ResidueArray(np.ndarray[Any, Any]):
    """A float64 array of residues modulo `p`."""

    p: int

    def __array_finalize__(self, other: Any) -> None:
        if other is not None:
            self.p = getattr(other, "p", 0)

    def __array_ufunc__(
        self, ufunc: np.ufunc, method: str, *inputs: Any, out: tuple[Any, ...] | None = None, **options: Any
    ) -> Any:
        p = _prime((*inputs, *(out or ())))
        loop = _LOOPS.get((ufunc.__name__, method))
        if loop is None:
            raise Unsupported(f"numpy.{ufunc.__name__}.{method} on residues")
        if method == "at":
            target, places, *values = inputs
            plain = _plain(target, p)
            ufunc.at(plain, places, *(_plain(value, p) for value in values))
            plain[...] = reduced(plain, p)
            return None
        kept = {name: value for name, value in options.items() if name in ("axis", "keepdims")}
        if any(value is not None for name, value in options.items() if name not in kept and name != "where"):
            raise Unsupported(f"numpy.{ufunc.__name__} with {', '.join(sorted(options))} on residues")
        result = loop(p, *(_plain(value, p) for value in inputs), **kept)
        if out is None:
            return residues(result, p) if np.asarray(result).dtype == np.float64 else result
        out[0].view(np.ndarray)[...] = result
        return out[0]

    def __array_function__(
        self, func: Callable[..., Any], types: Iterable[Any], args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        own = _FUNCTIONS.get(func.__name__)
        if own is not None:
            return own(self.p or _prime(args), *args, **kwargs)
        if func.__name__ not in _MOVES:
            raise Unsupported(f"numpy.{func.__name__} on residues")
        p = self.p
        moved = super().__array_function__(func, tuple(types), tuple(args), dict(kwargs))
        return residues(moved, p) if isinstance(moved, np.ndarray) and moved.dtype == np.float64 else moved

    def __getitem__(self, index: Any) -> Any:
        found = super().__getitem__(index)
        return found if isinstance(found, np.ndarray) else residues(found, self.p)

    def __setitem__(self, index: Any, value: Any) -> None:
        super().__setitem__(index, _plain(value, self.p))


def residues(values: Any, p: int) -> ResidueArray:
    """An array of residues from plain ones."""
    array: ResidueArray = np.asarray(values, dtype=np.float64).view(np.ndarray).view(ResidueArray)
    array.p = p
    return array


def as_residues(values: Any, p: int) -> ResidueArray:
    """What a kernel gave, as residues: machine numbers are read exactly."""
    return residues(_plain(values, p), p)


def _prime(operands: Iterable[Any]) -> int:
    flat = [each for operand in operands for each in (operand if isinstance(operand, list | tuple) else (operand,))]
    return next(each.p for each in flat if isinstance(each, ResidueArray))


def _plain(value: Any, p: int) -> Any:
    """A plain float64 array of residues, from residues or from machine numbers; masks and places stay what they are."""
    if isinstance(value, ResidueArray):
        return value.view(np.ndarray)
    if isinstance(value, Constant):
        return of_fraction(Fraction(value.nearest), p)
    if isinstance(value, np.ndarray) and value.dtype == np.bool_:
        return value.astype(np.float64)
    if isinstance(value, np.ndarray) and value.ndim:
        distinct, places = np.unique(value, return_inverse=True)
        return np.array([_number(each, p) for each in distinct.tolist()], dtype=np.float64)[places].reshape(value.shape)
    return _number(value.item() if isinstance(value, np.ndarray | np.generic) else value, p)


def _number(value: Any, p: int) -> float:
    """−∞ stands for a cell that is none, as on exact numbers; nothing is computed with it."""
    return value if value == -math.inf else of_fraction(Fraction(value), p)


def _chosen(p: int, condition: Any, holds: Any, fails: Any) -> ResidueArray:
    mask = condition.view(np.ndarray) != 0 if isinstance(condition, ResidueArray) else condition
    return residues(np.where(mask, _plain(holds, p), _plain(fails, p)), p)


def _named(word: str) -> Callable[..., Any]:
    """A function of which nothing is known: a value for each argument, from a hash of both."""
    seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())

    def value(p: int, x: Any) -> Any:
        mixed = np.atleast_1d(x).astype(np.int64).astype(np.uint64) + np.uint64(seed)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):  # splitmix64's finaliser
            mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
        return reduced((mixed >> np.uint64(33)).astype(np.float64), p).reshape(np.shape(x))

    return value


def _raised(p: int, base: Any, exponent: Any) -> Floats:
    if np.ndim(exponent):
        raise Unsupported("a power with an array of exponents on residues")
    least = int(exponent)
    for whole in (least, least - p, least + p):
        if abs(whole) <= _MOST_EXPONENT:
            raised = power(np.asarray(base, dtype=np.float64), abs(whole), p)
            return raised if whole >= 0 else inverse(raised, p)
    result: Floats = _named(f"power {least}")(p, base)
    return result


_MOST_EXPONENT = 64
"""A larger exponent is taken for the residue of one that is no integer."""


def _added(p: int, values: Floats, axis: Any = 0, *, keepdims: bool = False) -> Floats:
    if values.size > MOST_TERMS:
        raise Unsupported(f"a sum over an array of {values.size} residues")
    return reduced(np.sum(values, axis=axis, keepdims=keepdims), p)


def _multiplied(p: int, values: Floats, axis: Any = 0, *, keepdims: bool = False) -> Floats:
    axes = range(values.ndim) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    for place in axes:
        values = folded(values, place, p)
    return values if keepdims else np.squeeze(values, tuple(axes))


def _running(p: int, values: Floats, axis: int = 0) -> Floats:
    return reduced(np.add.accumulate(values, axis=axis), p)


def _running_product(p: int, values: Floats, axis: int = 0) -> Floats:
    moved = np.moveaxis(values, axis, 0).copy()
    for place in range(1, len(moved)):
        moved[place] = reduced(moved[place] * moved[place - 1], p)
    return np.moveaxis(moved, 0, axis)


def _mean(p: int, values: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    sums = np.sum(values, axis=axis, keepdims=keepdims)
    return sums / (values.size // max(sums.size, 1))


def _einsum(p: int, text: str, *arrays: Any, optimize: Any = False) -> ResidueArray:
    """In an order of its own: residues are exact in any."""
    return residues(contract(text, [_plain(each, p) for each in arrays], p), p)


def _as_it_is(ufunc: np.ufunc) -> Callable[..., Any]:
    """numpy's own on representatives: what orders or compares them."""
    return lambda p, *operands, **options: ufunc(*operands, **options)


_LOOPS: Mapping[tuple[str, str], Callable[..., Any]] = MappingProxyType(
    {
        ("add", "__call__"): lambda p, a, b: reduced(np.add(a, b), p),
        ("subtract", "__call__"): lambda p, a, b: reduced(np.subtract(a, b), p),
        ("negative", "__call__"): lambda p, a: np.negative(a),
        ("positive", "__call__"): lambda p, a: np.positive(a),
        ("multiply", "__call__"): lambda p, a, b: reduced(np.multiply(a, b), p),
        ("square", "__call__"): lambda p, a: reduced(np.square(a), p),
        ("divide", "__call__"): lambda p, a, b: reduced(np.multiply(a, inverse(np.asarray(b, np.float64), p)), p),
        ("reciprocal", "__call__"): lambda p, a: inverse(a, p),
        ("power", "__call__"): _raised,
        ("matmul", "__call__"): lambda p, a, b: matrix_product(a, b, p),
        ("add", "reduce"): _added,
        ("multiply", "reduce"): _multiplied,
        ("add", "accumulate"): _running,
        ("multiply", "accumulate"): _running_product,
        ("add", "at"): _added,
        ("maximum", "reduce"): lambda p, a, **options: np.maximum.reduce(a, **options),
        ("minimum", "reduce"): lambda p, a, **options: np.minimum.reduce(a, **options),
        **{
            (each.__name__, "__call__"): _as_it_is(each)
            for each in (np.absolute, np.maximum, np.minimum, np.sign, np.equal, np.not_equal)
            + (np.greater, np.greater_equal, np.less, np.less_equal)
        },
        **{
            (word, "__call__"): _named(word)
            for word in ("exp", "expm1", "log", "log1p", "sin", "cos", "tanh", "sqrt", "erf", "erfc")
        },
    }
)

_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "dot": lambda p, a, b: residues(contract("dot", (_plain(a, p), _plain(b, p)), p), p),
        "einsum": _einsum,
        "mean": _mean,
        "tensordot": lambda p, a, b, axes: residues(tensordot(_plain(a, p), _plain(b, p), axes, p), p),
        "where": _chosen,
        "ones_like": lambda p, like, shape=None: residues(np.ones(like.shape if shape is None else shape), p),
        "zeros_like": lambda p, like, shape=None: residues(np.zeros(like.shape if shape is None else shape), p),
    }
)

_MOVES = frozenset(
    ("all", "amax", "amin", "any", "argmax", "broadcast_to", "concatenate", "copy", "cumprod", "cumsum", "expand_dims", "flip")
    + ("max", "min", "moveaxis", "pad", "prod", "put_along_axis", "ravel", "repeat", "reshape", "sliding_window_view")
    + ("squeeze", "stack", "sum", "swapaxes", "take", "take_along_axis", "tile", "transpose")
)
"""numpy functions that only move entries, pick them by their order, or are made of the loops above."""
