"""numpy functions that work entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ..algebra import ONE, Expr
from ..arrays import Array, arithmetic, spread, together
from ..atoms import positive
from ..floors import Floored
from ..formula import as_expression
from ..functions import FUNCTIONS
from ..polynomial import refuse
from ..roots import root
from ..rows import Integers
from .operand import real


def _smooth(function: str) -> Callable[[Any], Array]:
    return lambda x: arithmetic(FUNCTIONS[function][0], real(x))


def _log(x: Any) -> Array:
    return spread(FUNCTIONS["log"][0], "real", (real(x),), lambda case, a: case.require_positive(a))


def _sqrt(x: Any) -> Array:
    def entry(a: Expr) -> Expr:
        x.case.require_at_least_zero(a)
        return root(x.case, a)

    return arithmetic(entry, real(x))


def _extreme(first: Callable[[Expr, Expr], Expr]) -> Callable[[Any, Any], Array]:
    """The one of two entries that `first` says: 1 for the first, 0 for the second."""

    def word(x: Any, y: Any) -> Array:
        if not any(isinstance(operand, Array) for operand in (x, y)):
            refuse("a maximum of numbers")
        return arithmetic(lambda a, b: first(a, b) * a + (ONE - first(a, b)) * b, x, y)

    return word


def _where(condition: Any, x: Any, y: Any) -> Array | Integers:
    if not isinstance(condition, Array) or condition.kind != "mask":
        refuse("where on something that is no mask")
    if isinstance(x, Integers):
        return x.chosen(condition, y)
    if isinstance(x, Floored):
        return x.chosen(condition, as_expression(y))
    if any(isinstance(operand, Array) and operand.kind == "mask" for operand in (x, y)):
        refuse("where between masks")
    return spread(lambda c, a, b: c * a + (ONE - c) * b, together((x, y)), (condition, x, y))


WORDS: Mapping[str, Any] = MappingProxyType(
    {
        **{function: _smooth(function) for function in ("cos", "exp", "sin", "tanh")},
        "abs": lambda x: abs(real(x)), "expm1": lambda x: _smooth("exp")(x) - 1,
        "log": _log, "log1p": lambda x: _log(real(x) + 1),
        "maximum": _extreme(lambda a, b: positive(a - b)), "minimum": _extreme(lambda a, b: positive(b - a)),
        "sqrt": _sqrt, "where": _where,
    }
)  # fmt: skip
"""Each function under numpy's name for it."""

SPECIAL: Mapping[str, Any] = MappingProxyType({"erf": _smooth("erf"), "erfc": lambda x: 1 - _smooth("erf")(x)})
"""The same of scipy.special."""
