"""Runs shipped code on symbolic arguments, once for each way through it, and keeps what each stretch of a way does.

At the head of a loop everything known of the accumulator is forgotten, so that what is seen of one iteration is true of
every iteration: a run falls into stretches, each starting from an arbitrary accumulator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Protocol

from ...ir.graph import BackproofError
from ...runtime.tape import TapeError

State = tuple[str, ...]
"""An accumulator as SMT-LIB terms."""

MOST_PATHS = 500
"""More ways than this through one sweep are not a reverse loop that this extraction can read."""

CONTAINERS = (list, dict, set, bytearray)
"""What could carry something from iteration to iteration without being rebound."""


class Unextractable(BackproofError):
    """Code that does something the symbolic execution has no meaning for; nothing is said of it then."""


class Accumulator(Protocol):
    """A symbolic list of cotangents."""

    def state(self) -> State:
        """Its current contents."""

    def forget(self, stretch: str) -> None:
        """Make the contents arbitrary, under the names that belong to this stretch."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Straight code from one cut to the next: where it starts, under what conditions it ends where, and with what."""

    start: str
    conditions: tuple[str, ...]
    end: str
    state: State
    terms: State


@dataclass
class Path:
    """One way through the code: which branches to take first, and what has been met so far."""

    planned: tuple[bool, ...]
    taken: list[bool] = field(default_factory=list)
    stretches: list[Stretch] = field(default_factory=list)
    accumulator: Accumulator | None = None
    start: str = "sweep"
    known: dict[str, bool] = field(default_factory=dict)
    watched: tuple[tuple[Mapping[str, Any], Mapping[str, Any]], ...] = ()

    def watch(self, tape: object) -> None:
        """From here on the attributes of the tape and of its classes may not change.

        Raises: Unextractable if one is a container, which could change without being seen.
        """
        attributes = [vars(tape), *map(vars, type(tape).__mro__[:-1])]
        for name, value in ((name, value) for each in attributes for name, value in each.items()):
            if isinstance(value, CONTAINERS) and not name.startswith("__"):
                raise Unextractable(f"the tape keeps a container {name!r}")
        self.watched = tuple((each, dict(each)) for each in attributes)

    def decide(self, condition: str) -> bool:
        """Take a branch; the same condition has one answer within a stretch."""
        if condition not in self.known:
            place = len(self.taken)
            self.known[condition] = self.planned[place] if place < len(self.planned) else True
            self.taken.append(self.known[condition])
        return self.known[condition]

    def close(self, end: str, terms: State) -> None:
        """End the stretch here.

        Raises: Unextractable if the tape keeps something of its own.
        """
        if any(now != before for now, before in self.watched):
            raise Unextractable("the tape keeps something of its own from one visit to the next")
        conditions = tuple(text if holds else f"(not {text})" for text, holds in self.known.items())
        state = () if self.accumulator is None else self.accumulator.state()
        self.stretches.append(Stretch(self.start, conditions, end, state, terms))

    def open(self, start: str) -> None:
        """Begin a stretch from an arbitrary accumulator."""
        if self.accumulator is None:
            raise Unextractable("a loop runs on a list of cotangents that the sweep has not made")
        self.start = start
        self.known = {}
        self.accumulator.forget(start)


def explore(run: Callable[[Path], Any]) -> dict[str, tuple[Stretch, ...]]:
    """Every stretch on every way through `run`, by where it starts.

    Raises: Unextractable.
    """
    found: dict[str, dict[Stretch, None]] = {}
    waiting: list[tuple[bool, ...]] = [()]
    for _ in range(MOST_PATHS):
        if not waiting:
            return {start: tuple(stretches) for start, stretches in found.items()}
        path = Path(waiting.pop())
        _follow(run, path)
        for stretch in path.stretches:
            found.setdefault(stretch.start, {})[stretch] = None
        for place in range(len(path.planned), len(path.taken)):
            waiting.append((*path.taken[:place], False))
    raise Unextractable(f"there are more than {MOST_PATHS} ways through the code")


def _follow(run: Callable[[Path], Any], path: Path) -> None:
    try:
        run(path)
    except TapeError as error:
        path.close("refused", (error.code,))
    except (TypeError, AttributeError, NameError, LookupError, ValueError) as error:
        raise Unextractable(f"symbolic execution stopped: {error}") from error


def locals_at(frame: FrameType | None) -> Mapping[str, Any]:
    """The local variables of the code that runs a loop.

    Raises: Unextractable if one is a container, which could carry something from iteration to iteration.
    """
    if frame is None:
        raise Unextractable("a loop is run by no Python code")
    variables = dict(frame.f_locals)
    for name, value in variables.items():
        if isinstance(value, CONTAINERS):
            raise Unextractable(f"{frame.f_code.co_name} keeps a container {name!r} across iterations")
    return variables


def check_memory(before: Mapping[str, Any], after: Mapping[str, Any], item: tuple[Any, ...]) -> None:
    """Refuse a loop body that changes a variable which was there before it, other than to an item of the loop.

    Raises: Unextractable.
    """
    for name, value in before.items():
        if after.get(name) is not value and not any(after.get(name) is part for part in item):
            raise Unextractable(f"the variable {name!r} carries something from one iteration to the next")
