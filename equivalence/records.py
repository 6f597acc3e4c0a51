"""What a worker sends back: obligations with what was decided of them, proofs as records that are readmitted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from .containment import contained
from .graphs.notes import Notes
from .kernel import KERNEL
from .kernel.decision import Holds
from .kernel.sealed import Source
from .kernel.verdict import Proved, Refuted, Tested, Unknown, Verdict
from .obligations import Decided, Obligation


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """What a proof says, to be readmitted elsewhere: proofs do not travel."""

    statement: str
    holds: Holds


@dataclass(frozen=True, slots=True)
class Record:
    """An obligation and what a worker decided of it."""

    obligation: Obligation
    outcome: ProofRecord | Tested | Refuted | Unknown
    seconds: float
    notes: Notes = ()


def recorded(owed: Obligation, verdict: Verdict, seconds: float, notes: Notes) -> Record:
    """The record of a decision."""
    if isinstance(verdict, Proved):
        proof = verdict.proof
        holds = Holds(proof.method, proof.rests_on, proof.assumptions, proof.queries)
        return Record(owed, ProofRecord(proof.statement, holds), seconds, notes)
    return Record(owed, verdict, seconds, notes)


def readmitted(record: Record, source: Source) -> Decided:
    """The decision that a record carries; a proof then rests by name on the worker or the ledger that it comes from."""
    outcome = record.outcome
    verdict: Verdict
    if isinstance(outcome, ProofRecord):
        verdict = Proved(KERNEL.readmit(outcome.statement, outcome.holds, source))
    else:
        verdict = outcome
    return Decided(record.obligation, verdict, record.seconds, record.notes, source)


def timed(owed: Obligation, decide: Callable[[], tuple[Verdict, Notes]]) -> Record:
    """The record of a decision that is made now; one that crashes is unknown."""
    began = time.perf_counter()
    answer = contained(decide)
    verdict, notes = (answer, ()) if isinstance(answer, Unknown) else answer
    return recorded(owed, verdict, time.perf_counter() - began, notes)
