"""The values of bound variables at which guards hold, where all other variables are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from .polynomial import Guard, Poly, Relation, Unsupported, Variable

Environment = Mapping[Variable, int]


class Bracket:
    """A guard made ready to be asked often."""

    __slots__ = ("_poly", "relation", "variables")

    def __init__(self, guard: Guard) -> None:
        self.relation: Relation = guard.relation
        self.variables = guard.poly.variables
        self._poly = guard.poly

    def holds(self, known: Environment) -> bool:
        """Whether it holds."""
        return _holds(self.relation, self._poly.value(known))

    def along(self, name: Variable) -> tuple[Relation, Poly, Poly] | None:
        """Its relation, and the a and b of the polynomial a + b·name; nothing if that is not linear in the name."""
        if any(monomial.count(name) > 1 for monomial, _ in self._poly.terms):
            return None
        rest = Poly(frozenset((monomial, count) for monomial, count in self._poly.terms if name not in monomial))
        return self.relation, rest, self._poly.coefficient(name)


class Ranges:
    """The bound variables of a sum and the guards on them.

    One variable is taken at a time: of those guards in which it is the last that is not known, the linear ones say
    from where to where it runs, and the others are asked at each of its values.
    """

    def __init__(self, bound: frozenset[Variable], guards: Iterable[Guard]) -> None:
        brackets = [Bracket(guard) for guard in guards]
        self._bound = bound
        self._outer = [each for each in brackets if not each.variables & bound]
        self._inner = [each for each in brackets if each.variables & bound]
        self._choices = cache(self._chosen)

    def assignments(self, known: Environment) -> Iterator[Environment]:
        """Every assignment at which the guards hold. Raises: Unsupported if a range is not known."""
        if all(bracket.holds(known) for bracket in self._outer):
            yield from self._inside(self._bound, known)

    def _inside(self, bound: frozenset[Variable], known: Environment) -> Iterator[Environment]:
        if not bound:
            yield known
            return
        for name, linear, others in self._choices(bound):
            ends = _ends(linear, known)
            if ends is None:
                continue
            for value in range(ends[0], ends[1] + 1):
                inside = {**known, name: value}
                if all(bracket.holds(inside) for bracket in others):
                    yield from self._inside(bound - {name}, inside)
            return
        raise Unsupported("a sum whose range is not known")

    def _chosen(
        self, bound: frozenset[Variable]
    ) -> list[tuple[Variable, list[tuple[Relation, Poly, Poly]], list[Bracket]]]:
        """For each variable its linear guards and its other ones, of those in which no other bound variable occurs."""
        found = []
        for name in bound:
            own = [(each, each.along(name)) for each in self._inner if each.variables & bound == {name}]
            linear = [split for _, split in own if split is not None]
            found.append((name, linear, [each for each, split in own if split is None]))
        return found


def _holds(relation: Relation, value: int) -> bool:
    return value == 0 if relation == "zero" else value >= 0


def _ends(linear: Iterable[tuple[Relation, Poly, Poly]], known: Environment) -> tuple[int, int] | None:
    """The first and the last value at which the linear guards hold; nothing if they say one of them only."""
    lower: list[int] = []
    upper: list[int] = []
    for relation, rest, slope in linear:
        at_zero, step = rest.value(known), slope.value(known)
        if not step:
            if not _holds(relation, at_zero):
                return 1, 0
            continue
        if step > 0 or relation == "zero":
            lower.append(-(at_zero // step) if step > 0 else -(-at_zero // -step))
        if step < 0 or relation == "zero":
            upper.append(at_zero // -step)
    return (max(lower), min(upper)) if lower and upper else None
