"""Mutants of the session: each function that a verb of it runs, what is refused and under which code too.

The check is about tapes and graphs, and says nothing of handles, resets and refusals. So these are judged by the tests of the
session, as faults of the judges are by theirs, and count in a table of their own.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Sequence
from types import FunctionType, ModuleType

from ...runtime import arrays, calls, descent, handles, recording, session
from ..children import Answer, Limits, answers
from ..fault import Fault, Judged, Outcome
from ..judging import Progress
from ..judging import judged as judged_by
from ..kind import Kind
from ..mutants.draw import Mutant, drawn_from, fault_of, mutants_of
from ..mutants.sites import Site
from ..own_tests import failed_test
from .argued import why_none_can

_MODULES = (session, recording, calls, arrays, descent, handles)

LIMITS = Limits(processor=60, memory=4 << 30)

TESTS = (
    "test_session_errors.py", "test_session_borders.py", "test_session_recording.py", "test_session.py", "test_session_stateful.py",
)  # fmt: skip
"""What is to catch a mutant, the quickest first."""


def sites() -> tuple[Site, ...]:
    """Every function and method of the session's modules, by name.

    Left alone are those that call `super()`: their code reads a cell of their class, which a mutant's has not.
    """
    found = {function for module in _MODULES for function in _functions(module)}
    return tuple(sorted((Site(function, ()) for function in found if not function.__code__.co_freevars), key=lambda site: site.name))


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Those that stand in a module, and in its classes."""
    for value in vars(module).values():
        if inspect.isclass(value) and value.__module__ == module.__name__:
            members = (getattr(each, "fget", each) for each in vars(value).values())
            yield from (each for each in members if isinstance(each, FunctionType) and _stands_in(each, module))
        elif isinstance(value, FunctionType) and _stands_in(value, module):
            yield value


def _stands_in(function: FunctionType, module: ModuleType) -> bool:
    """Whether its text is that of the module: what dataclasses write is nowhere."""
    return function.__module__ == module.__name__ and function.__code__.co_filename == module.__file__


def every_mutant() -> Iterator[Mutant]:
    """Every change of every function, in a fixed order."""
    return mutants_of(sites(), Kind.SESSION, refusals=True)


def drawn(sample: int | None, seed: int) -> tuple[Fault, ...]:
    """As many as asked; all unless somebody says how many."""
    return tuple(map(fault_of, drawn_from(every_mutant(), sample, seed)))


def judged(faults: Sequence[Fault], jobs: int, seed: int, progress: Progress) -> Iterator[Judged]:
    """What becomes of each: REJECTED by the test that caught it; SURVIVED if none did, UNDECIDED if somebody says why none can.

    The tests are run without a fault first: one that is red anyway catches nothing.
    """
    for control in answers([_by_the_suite] if faults else [], 1, LIMITS):
        match control.answer:
            case Answer(outcome=Outcome.SURVIVED):
                yield from judged_by(faults, jobs, seed, progress, _judge, LIMITS)
            case Answer(outcome=Outcome.NOT_EXPRESSIBLE, by=why):
                yield from (Judged(fault, Outcome.NOT_EXPRESSIBLE, why, None, 0.0) for fault in faults)
            case Answer(by=why):
                yield from (Judged(fault, Outcome.SURVIVED, f"its tests are red without it: {why}", None, 0.0) for fault in faults)


def _judge(fault: Fault, _seed: int) -> Answer:
    fault.plant()
    answer, why = _by_the_suite(), why_none_can(fault)
    if answer.outcome is Outcome.SURVIVED and why:
        return Answer(Outcome.UNDECIDED, f"nothing caught it, and no proof that nothing can: {why}", None)
    return answer


def _by_the_suite() -> Answer:
    failed = failed_test(TESTS)
    return Answer(Outcome.REJECTED, f"suite: {failed}", None) if failed else Answer(Outcome.SURVIVED, "nothing caught it", None)
