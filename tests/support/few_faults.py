"""A few faults, judged: a program of its own, for tests may run where threads forbid to fork."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

from backproof.equivalence.rules_file import Rules
from backproof.faults.children import Answer, Limits, answers
from backproof.faults.fault import Fault, NotExpressible, Outcome
from backproof.faults.judging import judged
from backproof.faults.kind import Kind
from backproof.faults.record import faults_record
from backproof.reports.report import encode
from backproof.runtime.primitive import PRIMITIVES
from backproof.runtime.tape import Tape


def fault(name: str, plant: Callable[[], Rules]) -> Fault:
    return Fault(f"planted/{name}", Kind.PLANTED, "square", name, plant, "")


def vjp_of_square(change: Callable[[Any, Any, Any], Any]) -> Callable[[], Rules]:
    def plant() -> Rules:
        PRIMITIVES["square"].vjp(lambda y_bar, y, x: (change(y_bar, y, x),))
        return Rules(Tape, ("square",))

    return plant


class Doubling(Tape):
    """What is accumulated is taken twice."""

    def accumulate(self, parent: int, contribution: Any, accumulated: list[Any]) -> None:
        super().accumulate(parent, contribution + contribution, accumulated)


def not_expressible() -> Rules:
    raise NotExpressible("no op of its name")


FAULTS = [
    fault("nothing", vjp_of_square(lambda y_bar, _y, x: 2 * y_bar * x)),
    fault("factor", vjp_of_square(lambda y_bar, _y, x: 3 * y_bar * x)),
    fault("raises", vjp_of_square(lambda y_bar, _y, x: y_bar.no_such_thing)),
    fault("dies", vjp_of_square(lambda y_bar, _y, x: os._exit(7))),
    fault("refuses", lambda: Rules(Tape, ("no_such_op",))),
    fault("not expressible", not_expressible),
    fault("loop", lambda: Rules(Doubling, ())),
]


def spins() -> Answer:
    while True:
        pass


def numbered(place: int) -> Callable[[], Answer]:
    return lambda: Answer(Outcome.SURVIVED, f"child {place}", None)


def children() -> dict[int, str]:
    """What each of four children answers, the first of which never does."""
    questions = [spins, *map(numbered, range(1, 4))]
    return {each.place: each.answer.by for each in answers(questions, 2, Limits(processor=1, memory=6 << 30))}


if __name__ == "__main__":
    came = list(judged(FAULTS, 2, 1, lambda _done, _owed: None))
    if PRIMITIVES["square"].vjp_kernel.__name__ == "<lambda>":
        sys.exit("a fault was planted in the process that only forks")
    said = children()
    if said != {0: "its process was ended after 1 s of processor time"} | {n: f"child {n}" for n in range(1, 4)}:
        sys.exit(f"children answered {said}")
    sys.stdout.buffer.write(encode(faults_record(came, None, "0", 1, 2, 0.0, interrupted=False)))
