"""Slices: which entry of an array each entry of a part of it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .algebra import Expr
from .case import Case
from .formula import Index, polys, whole
from .polynomial import Poly, least, refuse
from .prover import implied

Entries = Callable[[Index], Expr]


def selected(case: Case, sides: tuple[Poly, ...], entry: Entries, key: Any) -> tuple[tuple[Poly, ...], Entries]:
    """The sides and entries of a slice of the leading axis whose bounds are known to be in range."""
    if not (isinstance(key, slice) and key.step is None and sides):
        refuse("an index that is no slice")
    first = whole(case, sides[0])
    start, stop = polys([0 if key.start is None else key.start, first if key.stop is None else key.stop])
    if not all(implied(case.facts, least(gap)) for gap in (start, stop - start, sides[0] - stop)):
        refuse("a slice that may reach out of range")
    return (stop - start, *sides[1:]), lambda index: entry((index[0] + start, *index[1:]))
