"""The kinds of faults that there are: how each is drawn, and how it is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from .fault import Fault, Judged
from .history import bugs
from .judges import judging as judges
from .judging import Progress, judged
from .kind import Kind
from .mutants.draw import mutants
from .mutants.equivalence import mutants_judged
from .planted import classes as planted
from .session import mutants as session

Drawn = Callable[[int | None, int], Sequence[Fault]]
"""Faults of a kind: how many at most, None for what is usual, and the seed of the draw."""

Judge = Callable[[Sequence[Fault], int, int, Progress], Iterator[Judged]]
"""What becomes of faults, in their order, by so many processes, with a seed."""

SUITE: Mapping[Kind, tuple[Drawn, Judge]] = MappingProxyType(
    {
        Kind.MUTANT: (mutants, mutants_judged),
        Kind.SESSION: (session.drawn, session.judged),
        Kind.PLANTED: (planted.drawn, judged),
        Kind.HISTORICAL: (bugs.drawn, judged),
        Kind.JUDGE: (judges.drawn, judges.judged),
    }
)
"""Each kind that is there, in the order in which they are judged."""
