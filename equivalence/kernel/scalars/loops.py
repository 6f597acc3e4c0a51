"""What numpy's universal functions do to one scalar or two: comparisons, choices and functions, entry by entry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from types import MappingProxyType
from typing import Any

import numpy as np

from ..numbers.radical import Radical, square_root
from .mask import Mask, Truth, Unsupported, truth
from .term import exact


def lowest(value: Any) -> bool:
    """Whether it is −∞, of which is known only that every number is larger."""
    return isinstance(value, float) and bool(value == -math.inf)


def _compare(signs: tuple[int, ...]) -> Callable[[Any, Any], Mask]:
    accepted = frozenset(signs)
    mirrored = frozenset(-sign for sign in signs)

    def compare(a: Any, b: Any) -> Mask:
        if lowest(a) or lowest(b):
            return Truth(lowest(b) - lowest(a) in accepted)
        if hasattr(a, "compare"):
            return a.compare(b, accepted)  # type: ignore[no-any-return]
        if hasattr(b, "compare"):
            return b.compare(a, mirrored)  # type: ignore[no-any-return]
        difference = exact(a) - exact(b)
        return Truth((difference > 0) - (difference < 0) in accepted)

    return compare


def _maximum(a: Any, b: Any) -> Any:
    if lowest(a) or lowest(b):
        return b if lowest(a) else a
    if hasattr(a, "maximum"):
        return a.maximum(b)
    return b.maximum(a) if hasattr(b, "maximum") else max(exact(a), exact(b))


def _minimum(a: Any, b: Any) -> Any:
    return -_maximum(-a, -b)


def _divide(a: Any, b: Any) -> Any:
    both_numbers = isinstance(a, (int, Fraction)) and isinstance(b, (int, Fraction))
    return Fraction(a) / Fraction(b) if both_numbers else a / b


def _power(a: Any, b: Any) -> Any:
    if not isinstance(b, (int, Fraction)) or (isinstance(a, (int, Fraction)) and b != int(b)):
        raise Unsupported(f"power {b!r} of {a!r}: only constant exponents, and of constants only integers, are exact")
    return (Fraction(a) if isinstance(a, int) else a) ** (int(b) if b == int(b) else b)


def _absolute(x: Any) -> Any:
    return _maximum(x, -x)


def _signum(x: Any) -> Any:
    return _compare((1,))(x, 0).where(1, _compare((0,))(x, 0).where(0, -1))


def _apply(function: str) -> Callable[[Any], Any]:
    def apply(x: Any) -> Any:
        if function == "sqrt" and isinstance(x, int | Fraction):
            rational, roots = square_root(Fraction(x)) if x > 0 else (Fraction(1), (x,))
            return Radical(Fraction(1), Fraction(x), 0) if roots else rational
        if isinstance(x, int | Fraction) and x == 0 and function in ("exp", "cos", "expm1", "log1p", "sin", "tanh", "erf"):
            return Fraction(int(function in ("exp", "cos")))
        if not hasattr(x, "apply"):
            raise Unsupported(f"numpy.{function} of the constant {x!r}")
        return x.apply(function)

    return apply


def _loop(function: Callable[..., Any], arity: int) -> Any:
    return np.frompyfunc(function, arity, 1)


SMOOTH = ("cos", "exp", "expm1", "log", "log1p", "sin", "sqrt", "tanh")
"""Functions of numpy that a scalar applies itself."""

SPECIAL = ("erf", "erfc")
"""The same of scipy.special."""

LOOPS: Mapping[str, Any] = MappingProxyType(
    {
        "add": np.add,
        "subtract": np.subtract,
        "multiply": np.multiply,
        "matmul": np.matmul,
        "negative": np.negative,
        "positive": _loop(lambda x: x, 1),
        "divide": _loop(_divide, 2),
        "power": _loop(_power, 2),
        "square": _loop(lambda x: x * x, 1),
        "reciprocal": _loop(lambda x: _divide(1, x), 1),
        "absolute": _loop(_absolute, 1),
        "sign": _loop(_signum, 1),
        "maximum": _loop(_maximum, 2),
        "minimum": _loop(_minimum, 2),
        "greater": _loop(_compare((1,)), 2),
        "greater_equal": _loop(_compare((0, 1)), 2),
        "less": _loop(_compare((-1,)), 2),
        "less_equal": _loop(_compare((-1, 0)), 2),
        "equal": _loop(_compare((0,)), 2),
        "not_equal": _loop(_compare((-1, 1)), 2),
        **{f"{kind}_and": _loop(lambda a, b: truth(a) & truth(b), 2) for kind in ("bitwise", "logical")},
        **{f"{kind}_or": _loop(lambda a, b: truth(a) | truth(b), 2) for kind in ("bitwise", "logical")},
        **{name: _loop(lambda a: ~truth(a), 1) for name in ("invert", "logical_not")},
        **{name: _loop(_apply(name), 1) for name in (*SMOOTH, *SPECIAL)},
    }
)
"""Universal functions of numpy and scipy by name, as loops over Python objects."""
