"""Who does the pieces of work of a run: worker processes, of which one that dies loses nothing, or a cluster."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ..ir.collector import collector_waits
from ..spec.convention import CONVENTIONS
from .elsewhere.cluster import begun_there, came_back
from .interrupts import interrupts_wait
from .kernel.sealed import Source
from .ledger.keys import key_of
from .origin import Origin
from .records import Record
from .rules_file import named_engine, named_tape
from .subject import Subject
from .work import Work, crashed, perform
from .workers import Staff, workers

DIED = "a worker process died, and another at this work alone"


@dataclass(frozen=True, slots=True)
class Performed:
    """A worker's records of a piece of work, and the key under which it decided them; "" if they are not to be kept."""

    records: tuple[Record, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Came:
    """The records of a piece of work, what carried them, and whether a worker had died over it before."""

    records: tuple[Record, ...]
    source: Source
    again: bool


Keep = Callable[[str, Sequence[Record]], None]
"""Told the key and the records of what was decided, from any thread."""


class Crew:
    """Does pieces of work; where its processes end, `open_now` is closed."""

    def __init__(self, jobs: int, rules: Path | None, convention: str, origin: Origin, staff: Staff, open_now: ExitStack) -> None:
        self._jobs, self._rules, self._convention, self._origin, self._staff = jobs, rules, convention, origin, staff
        self._open_now = open_now
        self._asked: list[tuple[Work, str]] = []
        self._begun: list[Future[Any] | Performed] = []
        self._alone: set[int] = set()
        self._keep: Keep = lambda _key, _records: None

    def begin(self, asked: Sequence[tuple[Work, str, Performed | None]], keep: Keep) -> None:
        """Begin all work of which nothing is known yet, each piece with its key."""
        self._keep = keep
        self._asked = [(piece, key) for piece, key, _found in asked]
        if all(found is not None for *_, found in asked):
            self._begun = [found for *_, found in asked if found is not None]
            return
        executor = self._hired()
        with interrupts_wait():  # the first piece starts the workers
            self._begun = [found or self._given(executor, piece, key) for piece, key, found in asked]

    def waits_for(self, place: int) -> Future[Any] | None:
        """What is to be waited for at a place, if it is not known."""
        each = self._begun[place]
        return each if isinstance(each, Future) else None

    def result(self, place: int) -> Came:
        """What came of the piece of work at a place."""
        each, (piece, key) = self._begun[place], self._asked[place]
        if not isinstance(each, Future):
            return Came(each.records, Source.LEDGER, again=False)
        if self._staff.cluster is not None:
            return Came(came_back(piece, each)[0], Source.WORKER, again=False)
        if place not in self._alone:
            try:
                return Came(each.result().records, Source.WORKER, again=False)
            except BrokenProcessPool:
                self._begin_again(place)
        return Came(self._done_alone(piece, key), Source.WORKER, again=True)

    def _begin_again(self, first: int) -> None:
        """Begin again what a pool of workers left when one died: what it may have been at waits to be done alone."""
        left = [place for place in range(first, len(self._begun)) if self._is_broken(place)]
        # Work is taken in order: the one that died was at one of the first, of which as many again may wait in a queue.
        most = 2 * self._jobs + 1
        self._alone |= set(left[:most])
        if left[most:]:
            executor = self._hired()
            with interrupts_wait():
                for place in left[most:]:
                    self._begun[place] = self._given(executor, *self._asked[place])

    def _is_broken(self, place: int) -> bool:
        each = self._begun[place]
        if not isinstance(each, Future) or place in self._alone:
            return False
        wait([each])
        return isinstance(each.exception(), BrokenProcessPool)

    def _done_alone(self, piece: Work, key: str) -> tuple[Record, ...]:
        with workers(1, self._rules, self._origin, self._staff.memory) as executor:
            with interrupts_wait():
                begun = self._given(executor, piece, key)
            try:
                records: tuple[Record, ...] = begun.result().records
            except BrokenProcessPool:
                records = crashed(piece, DIED)
        return records

    def _hired(self) -> ProcessPoolExecutor | None:
        if self._staff.cluster is not None:
            return None
        with collector_waits():  # what is loaded stays
            from . import deciders  # noqa: F401 - by this process once, and not by each that is forked from it

        return self._open_now.enter_context(workers(self._jobs, self._rules, self._origin, self._staff.memory))

    def _given(self, executor: ProcessPoolExecutor | None, piece: Work, key: str) -> Future[Any]:
        """What will be known of a piece of work; its key is computed again if it has one."""
        if self._staff.cluster is not None:
            there = begun_there(self._staff.cluster, piece, self._convention)
            if key:
                there.add_done_callback(partial(self._done_there, piece, key))
            return there
        begun: Future[Performed] = Future()
        try:
            if executor is not None:
                begun = executor.submit(_perform_keyed if key else _perform, piece, self._convention)
        except BrokenProcessPool as error:  # a worker died while others were being asked
            begun.set_exception(error)
        if key:
            begun.add_done_callback(partial(self._done, key))
        return begun

    def _done(self, key: str, performed: Future[Performed]) -> None:
        # A server's worker read the code again: a file may have changed since this process read it.
        if not performed.cancelled() and performed.exception() is None and performed.result().key == key:
            self._keep(key, performed.result().records)

    def _done_there(self, piece: Work, key: str, performed: Future[bytes]) -> None:
        records, came = came_back(piece, performed)
        if came == key:
            self._keep(key, records)


def _perform(piece: Work, convention: str) -> Performed:
    return Performed(perform(piece, Subject(named_tape(), CONVENTIONS[convention], named_engine())), "")


def _perform_keyed(piece: Work, convention: str) -> Performed:
    """Without a key if deciding changed it: a kernel that keeps state is another one each time."""
    before = key_of(piece, convention)
    records = _perform(piece, convention).records
    return Performed(records, before if key_of(piece, convention) == before else "")
