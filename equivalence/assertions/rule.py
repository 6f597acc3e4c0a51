"""A forward function and its VJP, both in numpy, at given shapes: how they are run on symbolic numbers and where they are tried."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from ...ir.graph import Shape
from ...spec.operand import indices
from ..kernel.algebra.equalities import Conditions
from ..kernel.scalars.array import entries_of
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Pool, Term
from .arrays import rule_array, symbolic_numpy
from .kinks import OFF

Kernel = Callable[..., Any]
Point = Mapping[str, Fraction]
"""Numbers by the names of entries: "x 0 1,2" is entry [1,2] of the first input, "y_bar" the seed's."""

SIGNS = {"positive": frozenset((1,)), "nonzero": OFF}
"""What a domain may say of every entry of an input."""

_DRAWS: tuple[Callable[[random.Random], Fraction], ...] = (
    lambda _stream: Fraction(1),
    lambda _stream: Fraction(0),
    lambda stream: Fraction(stream.randrange(-1, 2)),
    lambda stream: Fraction(stream.choice((-1, 1)) * stream.randrange(1, 17), 8),
    lambda stream: Fraction(stream.randrange(1, 17), 8),
    lambda stream: Fraction(stream.randrange(-40, 41), 8),
)
"""All tied, all 0, from {−1, 0, 1}, general position, positive, and farther out: what is simplest to read comes first."""


class Breaks(Exception):
    """Raised where a function does what no rule may."""


@dataclass(frozen=True)
class Ran:
    """What one way through both functions recorded, entry by entry.

    `declared` is what is owed at kinks, and `decisions` what forward decided on.
    """

    x: list[Term]
    y: list[Term]
    y_bar: list[Term]
    came: list[Term]
    declared: list[Term]
    domain: Conditions
    decisions: tuple[Term, ...]


@dataclass(frozen=True)
class Rule:
    """At these shapes; `signs` has, for each input, the signs that its entries may have, if not all."""

    forward: Kernel
    vjp: Kernel
    shapes: tuple[Shape, ...]
    signs: tuple[frozenset[int] | None, ...]
    at_kinks: Kernel | None

    def recorded(self, pool: Pool) -> Ran:
        """Both functions on variables."""
        inputs = [self._variables(pool, f"x {place}", shape) for place, shape in enumerate(self.shapes)]
        asked = _noted(pool)
        y = self.on_scalars(self.forward, *inputs)
        decisions = tuple(dict.fromkeys(asked))
        terms = list(map(pool.lift, entries_of(y)))
        again = map(pool.lift, entries_of(self.on_scalars(self.forward, *inputs)))
        # Terms of one pool are equal if they are the same.
        if any(first is not second for first, second in zip(terms, again, strict=True)):
            raise Unsupported("forward gave another result when it was run again")
        y_bar = self._variables(pool, "y_bar", shape_of(y))
        given = _entries(y_bar, *inputs)
        came = self.cotangents(self.on_scalars(self.vjp, y_bar, y, *inputs))
        at_kinks = came if self.at_kinks is None else self.cotangents(self.on_scalars(self.at_kinks, y_bar, y, *inputs))
        if any(old is not new for old, new in zip(given, _entries(y_bar, *inputs), strict=True)):
            raise Breaks("an input or the seed was changed in place")
        signed = zip(inputs, self.signs, strict=True)
        return Ran(
            x=_entries(*inputs),
            y=terms,
            y_bar=_entries(y_bar),
            came=[pool.lift(entry) for x_bar in came for entry in entries_of(x_bar)],
            declared=[pool.lift(entry) for x_bar in at_kinks for entry in entries_of(x_bar)],
            domain=tuple((entry, signs) for x, signs in signed if signs for entry in x.flat),
            decisions=decisions,
        )

    @staticmethod
    def on_scalars(function: Kernel, *arrays: Any) -> Any:
        """What one of both functions gives on arrays of scalars."""
        with symbolic_numpy():
            return function(*arrays)

    def cotangents(self, result: Any) -> list[Any]:
        """The cotangents that came. Raises: Breaks unless there is one of its shape for each input."""
        given = list(result) if isinstance(result, (tuple, list)) else [result]
        came = tuple(map(shape_of, given))
        if came != self.shapes:
            raise Breaks(f"the VJP gave arrays of shapes {came}, cotangents of {self.shapes} are owed")
        return given

    def places(self) -> list[tuple[int, tuple[int, ...]]]:
        """Each entry of each cotangent: its input and its index."""
        return [(place, index) for place, shape in enumerate(self.shapes) for index in indices(shape)]

    def names(self) -> list[str]:
        """The names of all entries, the seed's included."""
        with np.errstate(all="ignore"):
            y = shape_of(self.forward(*(np.ones(shape) for shape in self.shapes)))
        seeds = [("y_bar", index) for index in indices(y)]
        return [named(role, index) for role, index in [*((f"x {place}", index) for place, index in self.places()), *seeds]]

    def points(self) -> Iterator[Point]:
        """Where the rule is tried: always the same for the same shapes."""
        for number, draw in enumerate(_DRAWS):
            stream = random.Random(f"{self.shapes} {number}")
            yield {name: _DRAWS[3](stream) if name.startswith("y_bar") else draw(stream) for name in self.names()}

    @staticmethod
    def _variables(pool: Pool, role: str, shape: Shape) -> Any:
        return rule_array(shape, (pool.variable(named(role, index)) for index in indices(shape)))


def named(role: str, index: tuple[int, ...]) -> str:
    """The name of an entry."""
    return f"{role} {','.join(map(str, index))}".rstrip()


def shape_of(array: Any) -> Shape:
    """The shape of an array; a number has none."""
    return tuple(getattr(array, "shape", ()))


def _noted(pool: Pool) -> list[Term]:
    """What is asked of a pool from now on, term by term."""
    asked: list[Term] = []
    ask = pool.ask

    def noting(term: Term, signs: frozenset[int]) -> bool:
        asked.append(term)
        return ask(term, signs)

    pool.ask = noting
    return asked


def _entries(*arrays: Any) -> list[Term]:
    return [entry for array in arrays for entry in array.flat]
