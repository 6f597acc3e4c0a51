"""A second decision of a lemma, where its terms lie in the fragment: both sides evaluated at all sizes that decide all.

It shares with the first the terms and nothing of how they were found equal: in the polynomial ring of python-flint every
sum is written out, index by index.
"""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import flint
import numpy as np

from ..algebra.field import Field, Ratio, TooLarge
from ..decision import DecidersDisagree
from .algebra import Expr
from .enough import bounds, lowest_sizes
from .formula import polys
from .fragment import Outside, Reader, Sorts, Summand, Unknown, outside
from .polynomial import Poly, Unsupported, Variable, integer, variable
from .setting import Setting, Tensor, any_index, index_name
from .values import Point, value

_MOST = 15_000
"""Products that may be written out for one result, over all sizes."""

Known = Mapping[Variable, int]


@dataclass(frozen=True)
class Again:
    """The size of each side up to which a case was evaluated, or why it was not."""

    sizes: tuple[tuple[Variable, int], ...]
    left_out: str


def said_again(looked: Sequence[Again]) -> str:
    """In words, for all cases of a lemma: all were decided again, or the first reason why one was not."""
    left_out = [each.left_out for each in looked if each.left_out]
    if left_out:
        return f"not decided again: {left_out[0]}"
    largest: dict[str, int] = {}
    for name, size in itertools.chain(*(each.sizes for each in looked)):
        largest[str(name)] = max(size, largest.get(str(name), 0))
    return " ".join(["decided again by evaluation up to", ", ".join(f"{n} = {s}" for n, s in sorted(largest.items())) or "its one size"])


def decided_again(setting: Setting, returned: Sequence[Tensor]) -> Again:
    """The second decision of what the first has just proved in a case.

    Raises: DecidersDisagree, with the sizes at which the sides differ.
    """
    largest: dict[Variable, int] = {}
    try:
        lowest_sizes(setting.case)  # before any term is made
        for place, ((sides, ours), (_, theirs)) in enumerate(zip(setting.defined(), returned, strict=True)):
            index = any_index(sides)
            found = _decided(setting, sides, ours(index), theirs(index), f"{setting.claim.statement}, result {place}")
            largest |= {name: max(size, largest.get(name, 0)) for name, size in found.items()}
    except Outside as why:
        return Again((), f"outside the fragment, {why}")
    except TooLarge:
        return Again((), "too large to be written out")
    return Again(tuple(sorted(largest.items(), key=str)), "")


def _decided(setting: Setting, sides: Sequence[Poly], ours: Expr, theirs: Expr, what: str) -> dict[Variable, int]:
    """The sizes up to which both sides were found to be equal."""
    lowest = lowest_sizes(setting.case)
    free: dict[Variable, Variable] = {
        index_name(k): _size(side, lowest) for k, side in enumerate(sides) if side != integer(1)
    }
    reader = Reader(_tensor_sides(setting))
    both = reader.summands(ours, free, free), reader.summands(theirs, free, free)
    largest = bounds(both, free, lowest)
    ranges = [range(lowest[name], largest[name] + 1) for name in largest]
    grid: list[Known] = [dict(zip(largest, sizes, strict=True)) for sizes in itertools.product(*ranges)]
    if sum(_products(both, at) * sum(1 for _ in _indices(free, at)) for at in grid) > _MOST:
        raise TooLarge
    for at in grid:
        for index in _indices(free, at):
            if not _Evaluation(at).same(*both, index):
                if _certainly_differ(setting, ours, theirs, at, index):
                    raise DecidersDisagree(f"{what}: proved by normal form, and false at sizes {at} and index {index}")
                outside("functions that may depend on each other")
    return largest


def _size(side: Poly, lowest: Mapping[Variable, int]) -> Variable:
    return next((name for name in lowest if side == variable(name)), None) or outside("a side that is no size by itself")


def _tensor_sides(setting: Setting) -> dict[str, Sequence[Poly]]:
    shapes = {f"x {k}": polys(shape) for k, shape in enumerate(setting.shapes)}
    dots = {name.replace("x", "x_dot"): shape for name, shape in shapes.items()}
    return {**shapes, **dots, "y_bar 0": setting.output}


def _products(both: Iterable[Iterable[Summand]], at: Known) -> int:
    """How many products are written out at some sizes."""
    parts = [part for side in both for part in side]
    inside = [part for each in parts for divisor, _ in each.divisors for part in divisor]
    return sum(math.prod(at[size] for _, size in part.bound) for part in (*parts, *inside))


def _indices(free: Sorts, at: Known) -> Iterator[Known]:
    """One index for each way in which indices of a sort can be equal or not: by symmetry others are like one of these."""
    names = sorted(free, key=str)
    for places in itertools.product(*(range(at[free[name]]) for name in names)):
        met: Counter[Variable] = Counter()
        for name, place in zip(names, places, strict=True):
            if place > met[free[name]]:
                break
            met[free[name]] = max(met[free[name]], place + 1)
        else:
            yield dict(zip(names, places, strict=True))


class _Evaluation:
    """Values at some sizes, in unknowns that are independent of each other but for masks."""

    def __init__(self, sizes: Known) -> None:
        self._sizes = sizes
        self._field = Field()
        self._masks: dict[int, tuple[object, tuple[tuple[int, int], ...]]] = {}

    def same(self, ours: Sequence[Summand], theirs: Sequence[Summand], index: Known) -> bool:
        """Whether the two are the same polynomial at an index, once indicators are 0 or 1."""
        difference = self._field.difference(self._value(ours, index), self._value(theirs, index))
        total: Counter[tuple[int, ...]] = Counter()
        for powers, count in difference.to_dict().items():
            reduced = self._reduced([int(power) for power in powers])
            if reduced is not None:
                total[reduced] += Fraction(int(count.p), int(count.q))  # type: ignore[assignment]
        return not any(total.values())

    def _reduced(self, powers: list[int]) -> tuple[int, ...] | None:
        """A monomial with p² = p, and with the value 0, or of equal ones the second, where an indicator says so."""
        met = [place for place in self._masks if place < len(powers) and powers[place]]
        if len({self._masks[place][0] for place in met}) < len(met):
            return None
        for place in met:
            powers[place] = 1
            (_, first), *rest = self._masks[place][1] or ((0, -1),)
            if first >= 0 and powers[first]:
                if not rest:
                    return None
                powers[rest[0][1]], powers[first] = powers[rest[0][1]] + powers[first], 0
        return tuple(powers)

    def _value(self, summands: Sequence[Summand], known: Known) -> Ratio:
        total = self._field.number(Fraction(0))
        for part in summands:
            names = [name for name, _ in part.bound]
            for places in itertools.product(*(range(self._sizes[size]) for _, size in part.bound)):
                inside = {**known, **dict(zip(names, places, strict=True))}
                if all(inside[one] == inside[other] for one, other in part.equal):
                    total = self._field.add(total, self._product(part, inside))
        return total

    def _product(self, part: Summand, known: Known) -> Ratio:
        count = math.prod((Fraction(self._sizes[size]) ** power for size, power in part.sizes), start=part.count)
        product = self._field.number(count)
        for unknown, power in part.factors:
            product = self._field.multiply(product, self._field.power(self._unknown(unknown, known), power))
        for divisor, power in part.divisors:
            below = self._field.power(self._value(divisor, known), power)
            if self._field.current(below).numerator.is_zero():
                outside("a divisor that is 0 at some sizes")
            product = self._field.divide(product, below)
        return product

    def _unknown(self, unknown: Unknown, known: Known) -> Ratio:
        places = [None if name is None else known[name] for name in unknown.places]
        ordered = [tuple(places[k] for k in order) for order in unknown.orders] or [tuple(places)]
        key = (unknown.name, min(ordered, key=str))
        generator = self._field.atom("unknown", str(key))
        function, _, argument = unknown.name.partition("(")
        if function in ("positive", "zero") and argument:
            solved = tuple((sign, self._place(each, known)) for sign, each in unknown.vanishing)
            place = self._field.place(("unknown", str(key)))
            self._masks[place or 0] = ((argument, key[1]), solved)
        return generator

    def _place(self, unknown: Unknown, known: Known) -> int:
        self._unknown(unknown, known)
        places = tuple(None if name is None else known[name] for name in unknown.places)
        return self._field.place(("unknown", str((unknown.name, places)))) or 0


def _certainly_differ(setting: Setting, ours: Expr, theirs: Expr, at: Known, index: Known) -> bool:
    """Whether balls around both sides at some entries lie apart."""
    stream, case = random.Random(0), setting.case
    for draw in range(_DRAWS):
        tensors = {}
        for name, sides in _tensor_sides(setting).items():
            pool = [v for v in _VALUES if (v > 0 or name not in case.positive) and (v or name not in case.nonzero)]
            tied = [pool[draw % len(pool)]] if draw % 3 == 0 else pool
            tensors[name] = np.empty([side.value(at) for side in sides], dtype=object)
            for place in np.ndindex(tensors[name].shape):
                tensors[name][place] = flint.arb(stream.choice(tied))
        try:
            values = [value(side, Point(at, tensors), {**at, **index}) for side in (ours, theirs)]
        except Unsupported:
            continue
        if not values[0].overlaps(values[1]):
            return True
    return False


_VALUES = (0, 1, -1, 0.5, 2, -1.5, 3, -5)
_DRAWS = 30
"""Entries to try, ties among them, before a difference is not called certain."""
