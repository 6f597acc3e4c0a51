"""The derivative of a recorded term by a variable, branch by branch.

    (f + g)′ = f′ + g′      (f g)′ = f′ g + f g′      (f / g)′ = (f′ − f/g g′) / g      h(f)′ = h′(f) f′

A selection has the derivative of the branch that is taken, so that no other one needs a meaning. Where its discriminant d
is 0 there is none, unless the branches on both sides have one value and one derivative there: see `Kinks`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from types import MappingProxyType

from ..kernel.numbers.radical import PER_ROOT_PI
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Term

_SLOPES: Mapping[str, Callable[[Term, Term], Term]] = MappingProxyType(
    {
        "exp": lambda _x, y: y,
        "log": lambda x, _y: 1 / x,
        "tanh": lambda _x, y: 1 - y * y,
        "sqrt": lambda _x, y: 1 / (y + y),
        "sin": lambda x, _y: x.apply("cos"),
        "cos": lambda x, _y: -x.apply("sin"),
        "erf": lambda x, _y: (2 * (-(x * x)).apply("exp")).apply(PER_ROOT_PI),
        PER_ROOT_PI: lambda x, _y: x.pool.number(Fraction(1)).apply(PER_ROOT_PI),
    }
)
"""f′(x) from x and y = f(x)."""


def derivative(term: Term, variable: Term) -> Term:
    """The derivative of a term by a variable, off the kinks.

    Raises: Unsupported for a kind or function that is not known here.
    """
    slopes: dict[int, Term] = {}
    for inside in in_order([term]):
        slopes[inside.serial] = _slope(inside, variable, slopes)
    return slopes[term.serial]


def in_order(terms: Iterable[Term]) -> list[Term]:
    """Everything that terms are made of, each once, arguments first."""
    found: dict[int, Term] = {}
    pending = list(terms)
    while pending:
        term = pending.pop()
        if term.serial not in found:
            found[term.serial] = term
            pending.extend(term.arguments)
    return [found[serial] for serial in sorted(found)]  # a pool makes a term after its arguments


def is_switch(term: Term) -> bool:
    """Whether it is one of several terms, by the sign of something."""
    return term.kind in ("select", "maximum")


def discriminant_of(switch: Term) -> Term:
    """By the sign of what a selection or a maximum chooses."""
    first, second, *_rest = switch.arguments
    difference: Term = first if switch.kind == "select" else first - second
    return difference


def branches_of(switch: Term) -> tuple[Term, Term, Term]:
    """What it is above, at and below 0 of its discriminant."""
    if switch.kind == "select":
        _by, above, at, below = switch.arguments
        return above, at, below
    first, second = switch.arguments
    return first, first, second


def switches(terms: Iterable[Term]) -> Iterator[tuple[Term, Term, Term, Term]]:
    """Of every selection and maximum in terms: the discriminant, and the value above, at and below 0 of it."""
    for term in in_order(terms):
        if is_switch(term):
            yield (discriminant_of(term), *branches_of(term))


def _slope(term: Term, variable: Term, slopes: Mapping[int, Term]) -> Term:
    own = [slopes[argument.serial] for argument in term.arguments]
    slope: Term
    match term.kind:
        case "number" | "variable":
            slope = term.pool.number(Fraction(int(term is variable)))
        case "add":
            slope = own[0] + own[1]
        case "mul":
            slope = own[0] * term.arguments[1] + term.arguments[0] * own[1]
        case "div":
            slope = (own[0] - term * own[1]) / term.arguments[1]
        case "apply" if term.data in _SLOPES:
            slope = own[0] if own[0].is_number(0) else _SLOPES[term.data](term.arguments[0], term) * own[0]
        case "select":
            slope = _chosen(term.arguments[0], own[1], own[3])
        case "maximum":
            slope = _chosen(term.arguments[0] - term.arguments[1], own[0], own[1])
        case _:
            raise Unsupported(f"the derivative of {term.data or term.kind}")
    return slope


def _chosen(discriminant: Term, above: Term, below: Term) -> Term:
    return discriminant.select(above, above, below)


def gradient(terms: Iterable[tuple[Term, Term]], variable: Term) -> Term:
    """Σ seed ∂term/∂variable over pairs of a seed and a term."""
    return sum((seed * derivative(term, variable) for seed, term in terms), variable.pool.number(Fraction(0)))
