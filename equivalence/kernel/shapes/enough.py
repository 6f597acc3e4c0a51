"""Which sizes are enough to decide a lemma in the fragment: from the least of each up to V + e."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from .case import Case
from .fragment import Sorts, Summand, outside
from .polynomial import Poly, Variable, integer, least, variable


def lowest_sizes(case: Case) -> dict[Variable, int]:
    """The least value of each size. Raises: Outside if more than that is known of sizes."""
    found: dict[Variable, int] = {}
    for fact in (fact for fact in case.facts if fact.truth is None):
        name, lowest = _single(fact.poly)
        if fact != least(variable(name) - integer(lowest)):
            outside(_KNOWS_MORE)
        found[name] = max(found.get(name, lowest), lowest)
    for name, value in sorted(map(_single, case.differing), key=lambda pair: pair[1]):
        # A size that is not the least of its values is at least the next.
        if value >= found.get(name, value + 1):
            found[name] = value + 1 if value == found[name] else outside(_KNOWS_MORE)
    if case.quotients or case.below or case.beyond:
        outside(_KNOWS_MORE)
    return found


_KNOWS_MORE = "a case that knows more of sizes than their least values"


def _single(poly: Poly) -> tuple[Variable, int]:
    """The size and the integer of a polynomial that is 0 exactly where that size is that integer."""
    for name in poly.variables:
        value = poly.solved(name)
        if value is not None and value.constant is not None:
            return name, value.constant
    outside(_KNOWS_MORE)


def bounds(sides: Sequence[Sequence[Summand]], free: Sorts, lowest: Mapping[Variable, int]) -> dict[Variable, int]:
    """The size of each sort up to which it must be looked: V + e, quotients cleared."""
    every = [part for side in sides for part in side]
    worst: Counter[tuple[Summand, ...]] = Counter()
    for part in every:
        for divisor, power in part.divisors:
            worst[divisor] = max(worst[divisor], power)
    found = {}
    for size, start in lowest.items():
        own = sum(sort == size for sort in free.values())
        names, low, high = zip(*(_measured(part, size, worst) for part in every), strict=True) if every else ((0,), (0,), (0,))
        found[size] = max(own + max(names), start) + max(high) - min(low)
    return found


def _measured(part: Summand, size: Variable, worst: Mapping[tuple[Summand, ...], int]) -> tuple[int, int, int]:
    """Bound variables of a sort, and the least and largest degree in its size, of a term times the divisors it lacks."""
    read = {place for unknown, _ in part.factors for place in unknown.places}
    names = sum(sort == size for _, sort in part.bound)
    low = dict(part.sizes).get(size, 0)
    high = low + sum(sort == size and name not in read for name, sort in part.bound)
    for divisor, most in worst.items():
        lacking = most - sum(power for own, power in part.divisors if own == divisor)
        inside = [_measured(each, size, {}) for each in divisor]
        names += lacking * max(each[0] for each in inside)
        low += lacking * min(each[1] for each in inside)
        high += lacking * max(each[2] for each in inside)
    return names, low, high
