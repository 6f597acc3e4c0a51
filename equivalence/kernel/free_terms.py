"""Free terms: values and cotangents of which nothing is known but how they were made.

A cotangent is a formal sum of seeds and contributions, a contribution an uninterpreted function of what it came from.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any, Self

from ...ir.graph import BackproofError, Shape
from .decision import Decision, Fails, Holds, Open, UnknownReason


class NotFree(BackproofError):
    """Something was asked of a free term that would need to know more of it."""


class Terms:
    """A table that numbers terms: equal ones alike, whatever their order of addition. Terms of two tables differ."""

    def __init__(self) -> None:
        self._numbers: dict[Hashable, int] = {}

    def apply(self, function: Hashable, shape: Shape, *arguments: Term) -> Term:
        """An uninterpreted function of terms."""
        return Term(self, shape, (self._number((function, *map(self.identity, arguments))),), ())

    def zero(self, shape: Shape) -> Term:
        """The empty sum."""
        return Term(self, shape, (), ())

    def identity(self, term: Term) -> int:
        """The number of a term, in time linear in its summands. Raises: NotFree for anything else."""
        if type(term) is not Term or term.table is not self:
            raise NotFree(f"{term!r} meets free terms")
        if term.known is None:
            atoms: list[int] = []
            waiting = [term]
            while waiting:
                part = waiting.pop()
                atoms.extend(part.atoms)
                waiting.extend(part.parts)
            term.known = self._number(tuple(sorted(atoms)))
        return term.known

    def _number(self, key: Hashable) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


class Term:
    """A sum of atoms and of other terms; it has a shape and can be added, as an array can."""

    __slots__ = ("atoms", "known", "parts", "shape", "table")

    def __init__(self, table: Terms, shape: Shape, atoms: tuple[int, ...], parts: tuple[Term, ...]) -> None:
        self.table = table
        self.shape = shape
        self.atoms = atoms
        self.parts = parts
        self.known: int | None = None

    def __add__(self, other: Term) -> Term:
        return Term(self.table, self.shape, (), (self, other))

    def __iadd__(self, other: Term) -> Self:
        # Falling back on `+` would hide what an addition in place does to whoever holds the same array.
        raise NotFree("a free term does not change in place")

    def __array_function__(self, function: Any, _types: Any, arguments: Any, keywords: Any) -> Term:
        if (function.__name__, len(arguments), keywords) == ("zeros_like", 1, {}):
            return self.table.zero(self.shape)
        raise NotFree(f"numpy's {function.__name__} meets a free term")


@dataclass(frozen=True, slots=True)
class SameSums:
    """The claim that the terms of each pair are equal, of `count` pairs at least."""

    statement: str
    count: int
    pairs: tuple[tuple[Any, Term], ...]


def decide_same_sums(claim: SameSums) -> Decision:
    """Compare numbers; a left side that is no term of the right side's table differs from it."""
    if len(claim.pairs) < claim.count:
        return Open(UnknownReason.VACUOUS, f"{len(claim.pairs)} pairs came, {claim.count} were to be compared")
    for place, (left, right) in enumerate(claim.pairs):
        if type(left) is not Term or left.table is not right.table or left.shape != right.shape:
            return Fails({}, f"pair {place}: {left!r} is not a term of shape {right.shape}")
        if right.table.identity(left) != right.table.identity(right):
            return Fails({}, f"pair {place}: the sums differ")
    return Holds("free terms", ("Python", "sums compared as multisets: + associative and commutative"))
