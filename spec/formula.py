"""The small algebra in which forward formulas are written.

A formula gives one entry of the output as a function of its index. What its words mean depends on the operands: sizes
that are ints and entries that are sympy expressions give sympy; any operand with a method `__formula__(word, *operands)`
gives its own meaning instead (indices over symbolic sizes, exact numbers, dual numbers).
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from typing import Any, Literal

Scalar = Any
"""An entry: a sympy expression, or an operand with its own `__formula__`."""
Size = Any
"""A side of a shape: an int, or a symbolic size."""
Span = Sequence[tuple[Size, Size]]
"""The integers that lie in all of these ranges, each with its start and its end, which is excluded."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold of an entry for the formula to mean anything there."""

    kind: Literal["positive", "nonzero"]
    entry: Scalar


def positive(entry: Scalar) -> Condition:
    """The condition entry > 0."""
    return Condition("positive", entry)


def nonzero(entry: Scalar) -> Condition:
    """The condition entry ≠ 0."""
    return Condition("nonzero", entry)


def total(term: Callable[..., Scalar], *sizes: Size) -> Scalar:
    """Σ term(k₁, …) over 0 <= kᵢ < sizeᵢ; 0 when a size is 0."""
    interpreter = _interpreter(sizes)
    if interpreter is not None:
        return interpreter("total", term, *sizes)
    terms = [term(*index) for index in itertools.product(*map(range, sizes))]
    return _in_sympy("total", *terms) if terms else 0


def product(term: Callable[..., Scalar], *sizes: Size) -> Scalar:
    """Π term(k₁, …) over 0 <= kᵢ < sizeᵢ; 1 when a size is 0."""
    interpreter = _interpreter(sizes)
    if interpreter is not None:
        return interpreter("product", term, *sizes)
    return reduce(operator.mul, (term(*index) for index in itertools.product(*map(range, sizes))), 1)


def where(condition: Any, holds: Callable[[], Scalar], fails: Callable[[], Scalar]) -> Scalar:
    """One of two entries, chosen by a condition on indices; only the chosen one need make sense."""
    interpreter = _interpreter((condition,))
    if interpreter is not None:
        return interpreter("where", condition, holds, fails)
    return holds() if condition else fails()


def length(naturals: Any) -> Size:
    """How many entries a list of naturals has."""
    interpreter = _interpreter((naturals,))
    return len(naturals) if interpreter is None else interpreter("length", naturals)


def naturals(values: Any) -> bool:
    """Whether all values of a list are natural numbers."""
    interpreter = _interpreter((values,))
    return all(value >= 0 for value in values) if interpreter is None else bool(interpreter("naturals", values))


def below(values: Any, size: Size) -> bool:
    """Whether all values of a list of naturals are smaller than a size."""
    interpreter = _interpreter((values,))
    return all(value < size for value in values) if interpreter is None else bool(interpreter("below", values, size))


def kink(name: str, discriminant: Scalar, above: Scalar, below: Scalar) -> Scalar:
    """`above` where the discriminant is > 0 and `below` where it is < 0; they agree where it is 0.

    Kinks: at discriminant 0 the derivative is w·above′ + (1−w)·below′, with w the convention's weight for `name`.
    """
    interpreter = _interpreter((discriminant, above, below))
    if interpreter is not None:
        return interpreter("kink", name, discriminant, above, below)
    return _in_sympy("kink", weight_name(name), discriminant, above, below)


def largest(name: str, term: Callable[..., Scalar], *spans: Span) -> Scalar:
    """The largest term(k₁, …) with kᵢ in spanᵢ; 0 if there is none.

    Kinks: of several that are largest the derivative is one's: the first in row-major order where the convention's
    weight w for `name` is 0, the last where it is 1; w·last′ + (1−w)·first′ axis by axis.
    """
    interpreter = _interpreter(tuple(itertools.chain(*itertools.chain(*spans))))
    if interpreter is not None:
        return interpreter("largest", name, term, *spans)
    found = _largest(name, term, [range(max(a for a, _ in span), min(b for _, b in span)) for span in spans])
    return 0 if found is None else found


def _largest(name: str, term: Callable[..., Scalar], axes: Sequence[range]) -> Scalar | None:
    """Axis by axis: the first of the rows with the largest entry, and in it the first entry, is first in row-major order."""
    if not axes:
        return term()
    rows = [_largest(name, partial(term, place), axes[1:]) for place in axes[0]]
    entries = [row for row in rows if row is not None]
    if len(entries) < 2:
        return entries[0] if entries else None
    interpreter = _interpreter(tuple(entries))
    if interpreter is not None:
        return interpreter("largest of", name, *entries)
    return _in_sympy("largest", weight_name(name), *entries)


def choose(mask: Scalar, chosen: Scalar, other: Scalar) -> Scalar:
    """`chosen` where the mask is not 0 and `other` where it is; the mask is held constant."""
    interpreter = _interpreter((mask, chosen, other))
    if interpreter is not None:
        return interpreter("choose", mask, chosen, other)
    return _in_sympy("choose", mask, chosen, other)


def weight_name(kink_name: str) -> str:
    """The name of the symbol that stands for the convention's weight until a derivative is complete."""
    return f"weight {kink_name}"


def step(entry: Scalar) -> Scalar:
    """1 where the entry is > 0, elsewhere 0, with derivative zero."""
    interpreter = _interpreter((entry,))
    if interpreter is not None:
        return interpreter("step", entry)
    return _in_sympy("step", entry)


def stop(entry: Scalar) -> Scalar:
    """The same value with derivative zero."""
    interpreter = _interpreter((entry,))
    if interpreter is not None:
        return interpreter("stop", entry)
    return _in_sympy("stop", entry)


def exp(x: Scalar) -> Scalar:
    """e to the x."""
    return _apply("exp", x)


def log(x: Scalar) -> Scalar:
    """The natural logarithm; domain x > 0."""
    return _apply("log", x)


def sin(x: Scalar) -> Scalar:
    """The sine."""
    return _apply("sin", x)


def cos(x: Scalar) -> Scalar:
    """The cosine."""
    return _apply("cos", x)


def tanh(x: Scalar) -> Scalar:
    """The hyperbolic tangent."""
    return _apply("tanh", x)


def erf(x: Scalar) -> Scalar:
    """The error function, 2/√π ∫ e^(−t²) dt from 0 to x."""
    return _apply("erf", x)


def sqrt(x: Scalar | Size) -> Scalar:
    """The square root of an entry or of a size; domain x > 0, so that it has a derivative: 1/(2√x)."""
    return _apply("sqrt", x)


def root(name: str, x: Scalar) -> Scalar:
    """√max(x, 0). Kinks: at x = 0 the derivative is 0, as from below; no other weight for `name` gives it one."""
    interpreter = _interpreter((x,))
    if interpreter is not None:
        return interpreter("root", name, x)
    return kink(name, x, above=_in_sympy("root", x), below=0 * x)


def _apply(function: str, x: Scalar) -> Scalar:
    interpreter = _interpreter((x,))
    return _in_sympy(function, x) if interpreter is None else interpreter(function, x)


def _interpreter(operands: tuple[Any, ...]) -> Callable[..., Any] | None:
    for operand in operands:
        own: Callable[..., Any] | None = getattr(operand, "__formula__", None)
        if own is not None:
            return own
    return None


def _in_sympy(word: str, *operands: Any) -> Any:
    """What a word means of sympy's expressions; sympy is loaded when the first one is asked for."""
    from .in_sympy import MEANINGS

    return MEANINGS[word](*operands)
