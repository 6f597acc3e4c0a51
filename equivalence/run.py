"""A run: what is owed for some graphs and ops, decided in worker processes, in one fixed order."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from ..ir.exchange import Case
from ..spec.convention import CONVENTIONS
from .adapters.engine import Engine
from .adapters.work import engine_work
from .containment import contained
from .interrupts import interrupts_wait
from .kernel.sealed import Source
from .ledger.keys import Keys, key_of
from .ledger.ledger import LATEST, Ledger
from .obligations import Decided
from .origin import Origin, context_of
from .records import Record, readmitted
from .rules.all_shapes import patterns
from .rules.instances import instances, rules_of
from .rules_file import load_rules, named_engine, named_tape
from .subject import Subject
from .work import GraphWork, LemmaWork, RuleWork, TheoremWork, TwoRunsWork, Work, crashed, perform


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case and what reports call it."""

    name: str
    case: Case


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run decides: the theorem, the rules of some ops, and graphs with the rules that they use."""

    cases: tuple[NamedCase, ...]
    ops: tuple[str, ...]
    jobs: int
    rules: Path | None
    theorem: bool
    convention: str
    origin: Origin = Origin.SERVER
    engine: type[Engine] | None = None
    """In place of everything else that a plan asks for: the ops and cases are put to it."""


@dataclass(frozen=True, slots=True)
class Performed:
    """A worker's records of a piece of work, and the key under which it decided them; "" if they are not to be kept."""

    records: tuple[Record, ...]
    key: str


Known = tuple[str, Performed | None]
"""The key of a piece of work, "" if it has none, and what the ledger knows of it."""


def run(plan: Plan, progress: Callable[[int, int], None], ledger: Ledger | None) -> Iterator[Decided]:
    """Decide everything that a plan owes, in an order that does not depend on the number of jobs or on a ledger."""
    yield from decided(work_of(plan), plan.jobs, plan.rules, plan.convention, progress, ledger, plan.origin)


def work_of(plan: Plan) -> tuple[Work, ...]:
    """The theorem, the lemmas for all shapes, each distinct rule once, then each graph; or what is owed of an engine."""
    if plan.engine is not None:
        return tuple(engine_work(plan.engine, plan.ops, [(named.name, named.case) for named in plan.cases], CONVENTIONS[plan.convention]))
    rules = {rule.key: rule for op in plan.ops for rule in instances(op)}
    for named in plan.cases:
        rules |= {rule.key: rule for rule in rules_of(named.case)}
    return (
        *((TwoRunsWork(),) if plan.theorem and plan.rules is not None else ()),
        *((TheoremWork(),) if plan.theorem else ()),
        *(LemmaWork(op, pattern) for op in plan.ops for pattern in patterns(op)),
        *(RuleWork(rules[key]) for key in sorted(rules)),
        *(GraphWork(named.name, named.case) for named in plan.cases),
    )


def decided(
    work: Sequence[Work],
    jobs: int,
    rules: Path | None,
    convention: str,
    progress: Callable[[int, int], None],
    ledger: Ledger | None,
    origin: Origin = Origin.SERVER,
) -> Iterator[Decided]:
    """Pieces of work, done by `jobs` processes unless the ledger knows them, each result in its place.

    A rule that a lemma covers is decided with it, once for all of them. A process that dies leaves what it owed unknown
    (CRASHED). Proofs come back as records, from one job as from many.
    """
    asked, places = _asked(work)
    keys = Keys(convention)
    known = [_known(piece, keys, ledger) for piece in asked]
    unknown = sum(found is None for _key, found in known)
    with workers(min(jobs, unknown), rules, origin) if unknown else nullcontext() as executor:
        begun = _all_begun(asked, known, convention, executor)
        _kept_when_done(begun, known, ledger)
        came: list[tuple[tuple[Record, ...], Source]] = []
        for done, (piece, place) in enumerate(zip(work, places, strict=True), start=1):
            again = place < len(came)
            if not again:
                came.append(_awaited(asked[place], begun[place], ledger))
            records, source = came[place]
            for record in piece.covered(records) if isinstance(piece, RuleWork) and asked[place] is not piece else records:
                yield readmitted(replace(record, seconds=0.0) if again else record, source)
            progress(done, len(work))


def _asked(work: Sequence[Work]) -> tuple[list[Work], list[int]]:
    """What is to be decided, each lemma once, and for each piece of work the place among that of what decides it."""
    asked: list[Work] = []
    places: list[int] = []
    lemmas: dict[LemmaWork, int] = {}
    for piece in work:
        # What a rules file says of shapes may raise: its worker will say so.
        covering = contained(piece.covering) if isinstance(piece, RuleWork) else None
        decides = covering if isinstance(covering, LemmaWork) else piece
        place = lemmas.setdefault(decides, len(asked)) if isinstance(decides, LemmaWork) else len(asked)
        places.append(place)
        if place == len(asked):
            asked.append(decides)
    return asked, places


def _kept_when_done(begun: Sequence[Future[Performed] | Performed], known: Sequence[Known], ledger: Ledger | None) -> None:
    """Let each piece of work with a key come to the ledger as soon as it is done, whichever is waited for."""
    for each, (key, _found) in zip(begun, known, strict=True):
        if ledger is not None and key and isinstance(each, Future):
            each.add_done_callback(partial(_done, ledger, key))


def _done(ledger: Ledger, key: str, performed: Future[Performed]) -> None:
    # A server's worker read the code again: a file may have changed since this process read it.
    if not performed.cancelled() and performed.exception() is None and performed.result().key == key:
        ledger.take(key, performed.result().records)


def _awaited(
    piece: Work, each: Future[Performed] | Performed, ledger: Ledger | None
) -> tuple[tuple[Record, ...], Source]:
    """The records of a piece of work when they are there, and where they come from; what comes meanwhile is written."""
    if not isinstance(each, Future):
        return each.records, Source.LEDGER
    while ledger is not None and not each.done():
        ledger.write()
        wait([each], LATEST)
    return _result(piece, each).records, Source.WORKER


def _known(piece: Work, keys: Keys, ledger: Ledger | None) -> Known:
    """The key of a piece of work, and what the ledger knows of it."""
    key = "" if ledger is None else keys.of(piece)
    found = ledger.find(key, piece) if ledger is not None and key else None
    return key, None if found is None else Performed(found, "")


def _all_begun(
    asked: Sequence[Work], known: Sequence[Known], convention: str, executor: ProcessPoolExecutor | None
) -> list[Future[Performed] | Performed]:
    """What is known of each piece of work, or will be; without an executor all is known."""
    if executor is None:
        return [found for _key, found in known if found is not None]
    with interrupts_wait():  # the first piece starts the workers
        return [
            found or _begun(piece, key, convention, executor)
            for piece, (key, found) in zip(asked, known, strict=True)
        ]


def _begun(piece: Work, key: str, convention: str, executor: ProcessPoolExecutor) -> Future[Performed]:
    """What will be known of a piece of work; its key is computed again if it has one."""
    try:
        return executor.submit(_perform_keyed if key else _perform, piece, convention)
    except BrokenProcessPool as error:  # a worker died while others were being asked
        never: Future[Performed] = Future()
        never.set_exception(error)
        return never


@contextmanager
def workers(jobs: int, rules: Path | None, origin: Origin = Origin.SERVER) -> Iterator[ProcessPoolExecutor]:
    """Processes with the user's rules loaded; what is still waiting at the end is dropped."""
    others = set(multiprocessing.active_children())
    context = context_of(origin if rules is None else Origin.SERVER)  # a rules file is executed once in each process
    executor = ProcessPoolExecutor(max(jobs, 1), mp_context=context, initializer=_prepare, initargs=(rules,))
    finished = False
    try:
        yield executor
        finished = True
    finally:
        # Whoever interrupts a run does not wait for the pieces that its workers are at.
        for worker in () if finished else set(multiprocessing.active_children()) - others:
            worker.terminate()
        executor.shutdown(wait=True, cancel_futures=True)


def _result(piece: Work, future: Future[Performed]) -> Performed:
    try:
        return future.result()
    except BrokenProcessPool:
        return Performed(crashed(piece, "a worker process died"), "")


def _prepare(rules: Path | None) -> None:
    """Make a worker ready: the user's rules, no interruption of its own, and no life beyond its parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_no_parent, daemon=True).start()
    if rules is not None:
        load_rules(rules)


def _outlive_no_parent() -> None:
    """A run that was killed cannot stop its workers; each watches for that itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _perform(piece: Work, convention: str) -> Performed:
    return Performed(perform(piece, Subject(named_tape(), CONVENTIONS[convention], named_engine())), "")


def _perform_keyed(piece: Work, convention: str) -> Performed:
    """Without a key if deciding changed it: a kernel that keeps state is another one each time."""
    before = key_of(piece, convention)
    records = _perform(piece, convention).records
    return Performed(records, before if key_of(piece, convention) == before else "")
