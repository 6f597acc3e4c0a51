"""Questions, each answered in a forked process of its own: what a fault does to a process ends with that process."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

import msgspec

from ..equivalence.caught import Caught, caught
from ..equivalence.interrupts import interrupts_wait
from ..equivalence.origin import Origin, context_of
from ..ir.graph import BackproofError
from .fault import NotExpressible, Outcome

_PATIENCE = 20
"""How much longer than its processor time a process may take by the clock, beside others."""

_LOOK = 1.0
"""How often the clock is looked at while no process has answered. Units: seconds."""


class ForkError(BackproofError):
    """A process that cannot be forked."""


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a child says of its fault, on its way through a pipe."""

    outcome: Outcome
    by: str
    nodes: int | None


Question = Callable[[], Answer]


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take before it is ended. Units: seconds of processor time, bytes of address space."""

    processor: int
    memory: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to the question at a place. Units: seconds of wall clock."""

    place: int
    answer: Answer
    seconds: float


@dataclass(frozen=True, slots=True)
class _Child:
    place: int
    process: ForkProcess
    began: float


def answers(questions: Sequence[Question], jobs: int, limits: Limits) -> Iterator[Answered]:
    """The answers as they come. A child that dies or takes more than it may leaves the answer REJECTED.

    Raises: ForkError where this process cannot be forked: closures do not travel, and nothing is pickled.
    """
    context = context_of(Origin.HERE)
    if context.get_start_method() != "fork":
        raise ForkError("faults are planted in forked processes: Linux and a process without threads were needed")
    waiting = iter(enumerate(questions))
    running: dict[Connection, _Child] = {}
    try:
        while True:
            while len(running) < jobs and (following := next(waiting, None)) is not None:
                reader, child = _begun(*following, limits)
                running[reader] = child
            if not running:
                return
            for reader in _ready(running, limits):
                child = running.pop(reader)
                yield Answered(child.place, _answer_from(reader, child.process, limits), time.perf_counter() - child.began)
    finally:
        for reader, child in running.items():
            _end(reader, child.process)


def _begun(place: int, question: Question, limits: Limits) -> tuple[Connection, _Child]:
    reader, writer = multiprocessing.Pipe(duplex=False)
    process = ForkProcess(target=_answer, args=(question, writer, limits), daemon=True)
    with interrupts_wait():
        process.start()
    writer.close()  # so that the pipe ends when the child does
    return reader, _Child(place, process, time.perf_counter())


def _answer(question: Question, writer: Connection, limits: Limits) -> None:
    """In the child: no interrupt of its own, no voice, and no more than it may take, its parent's death included."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for descriptor in (1, 2):
        os.dup2(nowhere, descriptor)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.processor, limits.processor + 5))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    writer.send_bytes(msgspec.json.encode(_given(question)))
    writer.close()
    os._exit(0)  # whatever a fault has left to be done at the exit is not


def _given(question: Question) -> Answer:
    came = caught(question)
    if not isinstance(came, Caught):
        return came
    if isinstance(came.error, NotExpressible):
        return Answer(Outcome.NOT_EXPRESSIBLE, str(came.error), None)
    return Answer(Outcome.REJECTED, f"{type(came.error).__name__}: {came.error}", None)


def _ready(running: dict[Connection, _Child], limits: Limits) -> list[Connection]:
    """Those of the children that have answered or died, or had their time."""
    came = [each for each in wait(list(running), _LOOK) if isinstance(each, Connection)]
    late = time.perf_counter() - _PATIENCE * limits.processor
    return came or [reader for reader, child in running.items() if child.began < late]


def _answer_from(reader: Connection, process: ForkProcess, limits: Limits) -> Answer:
    came = caught(reader.recv_bytes) if reader.poll() else None
    _end(reader, process)
    if isinstance(came, bytes):
        return msgspec.json.decode(came, type=Answer)
    return Answer(Outcome.REJECTED, f"its process {_end_of(process.exitcode, limits, late=came is None)}", None)


def _end_of(exit_code: int | None, limits: Limits, *, late: bool) -> str:
    if late:
        return f"gave no answer in {_PATIENCE * limits.processor} s"
    if exit_code in (-signal.SIGXCPU, -signal.SIGKILL):
        return f"was ended after {limits.processor} s of processor time"
    return f"died: {f'signal {-exit_code}' if exit_code and exit_code < 0 else f'exit status {exit_code}'}"


def _end(reader: Connection, process: ForkProcess) -> None:
    if not reader.closed and not reader.poll():
        process.kill()
    process.join()
    reader.close()
