"""What the words of formulas mean of sympy's expressions: the default, and the one that derivatives are taken of."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import partial, reduce
from types import MappingProxyType
from typing import Any

import sympy

from .selection import Largest

_STOPPED = "stop "


def stopped(symbol: sympy.Symbol) -> sympy.Symbol:
    """The constant twin of a symbol; derivatives do not see it, evaluation reads the symbol's value."""
    name = symbol.name
    return symbol if name.startswith(_STOPPED) else sympy.Symbol(_STOPPED + name, real=True)


def is_stopped(symbol: sympy.Symbol) -> bool:
    """Whether a symbol is the constant twin of another."""
    return bool(symbol.name.startswith(_STOPPED))


def released(symbol: sympy.Symbol) -> sympy.Symbol:
    """The symbol that a constant twin stands for."""
    return sympy.Symbol(symbol.name.removeprefix(_STOPPED), real=True)


def _total(*terms: Any) -> Any:
    return sympy.Add(*terms) if all(isinstance(term, sympy.Basic) for term in terms) else reduce(operator.add, terms)


def _kink(weight_name: str, discriminant: Any, above: Any, below: Any) -> Any:
    weight = sympy.Symbol(weight_name, real=True)
    at = weight * above + (1 - weight) * below
    return sympy.Piecewise((above, discriminant > 0), (at, sympy.Eq(discriminant, 0)), (below, True))


def _largest(weight_name: str, *entries: Any) -> Any:
    return Largest(sympy.Symbol(weight_name, real=True), *entries)


def _choose(mask: Any, chosen: Any, other: Any) -> Any:
    return sympy.Piecewise((other, sympy.Eq(_stop(mask), 0)), (chosen, True))


def _step(entry: Any) -> Any:
    return sympy.Piecewise((1, _stop(entry) > 0), (0, True))


def _stop(entry: Any) -> Any:
    entry = sympy.sympify(entry)
    return entry.xreplace({symbol: stopped(symbol) for symbol in entry.free_symbols})


def _applied(function: Callable[[Any], Any], x: Any) -> Any:
    value = function(x)
    # A rational number is one for every interpreter; sympy's own class is for sympy alone.
    return Fraction(int(value.p), int(value.q)) if isinstance(value, sympy.Rational) else value


MEANINGS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "choose": _choose,
        "kink": _kink,
        "largest": _largest,
        "root": sympy.sqrt,
        "step": _step,
        "stop": _stop,
        "total": _total,
    }
    | {
        function: partial(_applied, getattr(sympy, function))
        for function in ("cos", "erf", "exp", "log", "sin", "sqrt", "tanh")
    }
)
"""By word."""
