"""A forward function and its VJP, both in numpy: recorded as terms, tried at points, and proved at given shapes."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from ...ir.graph import Shape
from ...spec.derive import indices
from ..containment import contained
from ..kernel import KERNEL
from ..kernel.algebra.equalities import Conditions, Equalities, Group
from ..kernel.decision import Fails, Open, UnknownReason
from ..kernel.numbers.exact import PRECISION
from ..kernel.scalars.array import array_of, entries_of
from ..kernel.scalars.explorer import explore
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Pool, Term
from ..kernel.sealed import Proof
from ..kernel.verdict import Unknown
from .derivative import gradient
from .exactly import value
from .kinks import OFF, kinks, off_kinks, words
from .shifts import without_shifts

Kernel = Callable[..., Any]
Point = Mapping[str, Fraction]
"""Numbers by the names of entries: "x 0 1,2" is entry [1,2] of the first input, "y_bar" the seed's."""

SIGNS = {"positive": frozenset((1,)), "nonzero": OFF}
"""What a domain may say of every entry of an input."""

_WORDS = {signs: word for word, signs in SIGNS.items()}

_RESTS_ON = ("numpy's object loops and dispatch", "derivatives of recorded terms")

_DRAWS: tuple[Callable[[random.Random], Fraction], ...] = (
    lambda _stream: Fraction(1),
    lambda _stream: Fraction(0),
    lambda stream: Fraction(stream.randrange(-1, 2)),
    lambda stream: Fraction(stream.choice((-1, 1)) * stream.randrange(1, 17), 8),
    lambda stream: Fraction(stream.randrange(1, 17), 8),
    lambda stream: Fraction(stream.randrange(-40, 41), 8),
)
"""All tied, all 0, from {−1, 0, 1}, general position, positive, and farther out: what is simplest to read comes first."""


@dataclass(frozen=True)
class Difference:
    """One entry of a cotangent at a point: what forward's own derivative is there, and what the VJP gave."""

    point: Point
    place: int
    index: tuple[int, ...]
    derived: str
    came: str
    wrong: int
    entries: int


@dataclass(frozen=True)
class Broken:
    """What is wrong whatever the numbers are: arrays of other shapes, or an input that was changed."""

    detail: str


class _Breaks(Exception):
    """Raised where a function does what no rule may."""


@dataclass(frozen=True)
class Owed:
    """One way through both functions: cotangents that came and that are derived, and where they are owed."""

    pairs: tuple[tuple[Term, Term], ...]
    conditions: Conditions
    off: tuple[str, ...]


@dataclass(frozen=True)
class _Ran:
    """What one way through both functions recorded, entry by entry."""

    x: list[Term]
    y: list[Term]
    y_bar: list[Term]
    came: list[Term]
    domain: Conditions


@dataclass(frozen=True)
class Rule:
    """At these shapes; `signs` has, for each input, the signs that its entries may have, if not all."""

    forward: Kernel
    vjp: Kernel
    shapes: tuple[Shape, ...]
    signs: tuple[frozenset[int] | None, ...]

    def decide(self) -> Proof | Difference | Broken | Unknown:
        """Tried at points first, then decided for all; a candidate against it counts where both sides differ there."""
        owed = contained(self._owed_or_broken)
        if not isinstance(owed, tuple):
            return owed
        for point in self.points():
            found = self._differing(owed, point)
            if found is not None:
                return found
        match contained(lambda: KERNEL.decide(self._claim(owed))):
            case Fails(candidate, detail):
                found = self._differing(owed, {name: candidate.get(name, Fraction(1)) for name in self._names()})
                return found or Unknown(UnknownReason.GAVE_UP, detail)
            case Open(reason, detail):
                return Unknown(reason, detail)
            case answer:
                return answer

    def _claim(self, owed: Sequence[Owed]) -> Equalities:
        off = tuple(dict.fromkeys(each for way in owed for each in way.off))
        domain = tuple(f"entries of input {place}: {_WORDS[signs]}" for place, signs in enumerate(self.signs) if signs)
        groups = tuple(Group(way.pairs, way.conditions) for way in owed)
        assumptions = ("entries are real numbers", "at these shapes", *domain, *off)
        return Equalities(f"the VJP is the derivative of forward at {self.shapes}", groups, assumptions, _RESTS_ON)

    def _owed_or_broken(self) -> tuple[Owed, ...] | Broken:
        try:
            return self._owed()
        except _Breaks as error:
            return Broken(str(error))

    def _owed(self) -> tuple[Owed, ...]:
        ways = []
        for path in explore(self._recorded):
            ran = path.result
            conditions = (*ran.domain, *path.conditions)
            y = without_shifts(ran.y, conditions)
            found = list(dict.fromkeys([*kinks(y, ran.x, conditions), *(term for term, _signs in path.conditions)]))
            wanted = [gradient(zip(ran.y_bar, y, strict=True), entry) for entry in ran.x]
            pairs = zip(ran.came, wanted, strict=True)
            shown = tuple(f"no derivative is owed where {words(term)} = 0" for term in found)
            ways.append(Owed(
                tuple((off_kinks(found, came), off_kinks(found, owed)) for came, owed in pairs),
                (*conditions, *((term, OFF) for term in found)),
                shown,
            ))  # fmt: skip
        return tuple(ways)

    def _recorded(self, pool: Pool) -> _Ran:
        """Both functions on variables."""
        inputs = [self._variables(pool, f"x {place}", shape) for place, shape in enumerate(self.shapes)]
        y = self.forward(*inputs)
        terms = list(map(pool.lift, entries_of(y)))
        # Terms of one pool are equal if they are the same.
        if any(first is not second for first, second in zip(terms, map(pool.lift, entries_of(self.forward(*inputs))), strict=True)):
            raise Unsupported("forward gave another result when it was run again")
        y_bar = self._variables(pool, "y_bar", shape_of(y))
        given = _entries(y_bar, *inputs)
        came = self.cotangents(self.vjp(y_bar, y, *inputs))
        if any(old is not new for old, new in zip(given, _entries(y_bar, *inputs), strict=True)):
            raise _Breaks("an input or the seed was changed in place")
        signed = zip(inputs, self.signs, strict=True)
        return _Ran(
            x=_entries(*inputs),
            y=terms,
            y_bar=_entries(y_bar),
            came=[pool.lift(entry) for x_bar in came for entry in entries_of(x_bar)],
            domain=tuple((entry, signs) for x, signs in signed if signs for entry in x.flat),
        )

    def cotangents(self, result: Any) -> list[Any]:
        """The cotangents that came. Raises: _Breaks unless there is one of its shape for each input."""
        given = list(result) if isinstance(result, (tuple, list)) else [result]
        came = tuple(map(shape_of, given))
        if came != self.shapes:
            raise _Breaks(f"the VJP gave arrays of shapes {came}, cotangents of {self.shapes} are owed")
        return given

    def _differing(self, owed: Sequence[Owed], point: Point) -> Difference | None:
        found = contained(lambda: self._compared(owed, point))  # undefined there, or too close to call: it says nothing
        return None if isinstance(found, Unknown) else found

    def _compared(self, owed: Sequence[Owed], point: Point) -> Difference | None:
        with flint.ctx.workprec(PRECISION):
            for way in owed:
                if any(value(term, point).sign() not in signs for term, signs in way.conditions):
                    continue
                sides = [(value(came, point), value(wanted, point)) for came, wanted in way.pairs]
                wrong = [place for place, (came, wanted) in enumerate(sides) if came.differs(wanted)]
                if any(wanted.value is None for _came, wanted in sides) or not wrong:
                    return None
                place, index = self._places()[wrong[0]]
                came, wanted = sides[wrong[0]]
                return Difference(point, place, index, repr(wanted), repr(came), len(wrong), len(sides))
        return None

    def _places(self) -> list[tuple[int, tuple[int, ...]]]:
        return [(place, index) for place, shape in enumerate(self.shapes) for index in indices(shape)]

    def _names(self) -> list[str]:
        y = shape_of(self.forward(*(np.ones(shape) for shape in self.shapes)))
        seeds = [("y_bar", index) for index in indices(y)]
        return [named(role, index) for role, index in [*((f"x {place}", index) for place, index in self._places()), *seeds]]

    def points(self) -> Iterator[Point]:
        """Where the rule is tried: always the same for the same shapes."""
        for number, draw in enumerate(_DRAWS):
            stream = random.Random(f"{self.shapes} {number}")
            yield {name: _DRAWS[3](stream) if name.startswith("y_bar") else draw(stream) for name in self._names()}

    @staticmethod
    def _variables(pool: Pool, role: str, shape: Shape) -> Any:
        return array_of(shape, (pool.variable(named(role, index)) for index in indices(shape)))


def named(role: str, index: tuple[int, ...]) -> str:
    """The name of an entry."""
    return f"{role} {','.join(map(str, index))}".rstrip()


def shape_of(array: Any) -> Shape:
    """The shape of an array; a number has none."""
    return tuple(getattr(array, "shape", ()))


def _entries(*arrays: Any) -> list[Term]:
    return [entry for array in arrays for entry in array.flat]
