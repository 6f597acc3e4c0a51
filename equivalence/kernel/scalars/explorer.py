"""A kernel that decides on a value (`if`, argmax, boolean indexing) is run once for each way it can decide."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from .mask import Unsupported
from .term import Pool, Term

MOST_PATHS = 64
"""Ways through one kernel before it is refused."""

ALL_SIGNS = frozenset((-1, 0, 1))

Result = TypeVar("Result")


@dataclass(frozen=True)
class Path(Generic[Result]):
    """What one way through a kernel computed, and the signs of terms under which it is taken."""

    result: Result
    conditions: tuple[tuple[Term, frozenset[int]], ...]


def explore(run: Callable[[Pool], Result]) -> Iterator[Path[Result]]:
    """Every way through `run`, each with a pool of its own; together their conditions cover all inputs.

    Raises: Unsupported beyond MOST_PATHS.
    """
    pending: list[tuple[bool, ...]] = [()]
    count = 0
    while pending:
        count += 1
        if count > MOST_PATHS:
            raise Unsupported(f"a kernel with more than {MOST_PATHS} ways through it")
        decisions = _Decisions(pending.pop())
        result = run(Pool(decisions.ask))
        pending.extend(decisions.untried)
        yield Path(result, tuple(decisions.known.values()))


class _Decisions:
    """Answers a kernel's questions: first as told, then yes, noting that no is still to be tried."""

    def __init__(self, told: tuple[bool, ...]) -> None:
        self.told = told
        self.answers: list[bool] = []
        self.untried: list[tuple[bool, ...]] = []
        self.known: dict[int, tuple[Term, frozenset[int]]] = {}

    def ask(self, term: Term, signs: frozenset[int]) -> bool:
        open_signs = self.known.get(term.serial, (term, ALL_SIGNS))[1]
        if open_signs <= signs or not open_signs & signs:
            return open_signs <= signs
        place = len(self.answers)
        if place < len(self.told):
            answer = self.told[place]
        else:
            answer = True
            self.untried.append((*self.answers, False))
        self.answers.append(answer)
        self.known[term.serial] = (term, open_signs & signs if answer else open_signs - signs)
        return answer
