"""Pieces of work that a process of its own can do: each owes obligations, and gives back what it decided as records."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ..ir.exchange import Case
from ..runtime.tape import Tape
from .crosscheck import crosscheck, is_small
from .directions import can_be_directed, directional_check
from .discharge import RuleCheck
from .engine import engine_verdict, theorem
from .floats import Notes, float_verdict
from .instances import RuleInstance
from .kernel import KERNEL
from .kernel.decision import Holds, UnknownReason
from .kernel.sealed import Source
from .kernel.verdict import Needs, Proved, Refuted, Tested, Unknown, Verdict
from .obligations import Decided, Family, Obligation
from .replay import exact_semantics
from .rules import CLAIMS, Part



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


def readmitted(record: Record) -> Decided:
    """The decision that a worker's record carries; a proof then rests on the worker by name."""
    outcome = record.outcome
    verdict: Verdict
    if isinstance(outcome, ProofRecord):
        verdict = Proved(KERNEL.readmit(outcome.statement, outcome.holds, Source.WORKER))
    else:
        verdict = outcome
    return Decided(record.obligation, verdict, record.seconds, record.notes)


@dataclass(frozen=True, slots=True)
class TheoremWork:
    """The accumulation theorem for the tape class under check."""

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation, if nothing comes back; one for each lemma and each faulty tape otherwise."""
        return (_theorem_obligation("theorem", "the reverse loop is the recursion, on every tape"),)

    def decide(self, tape: type[Tape]) -> Iterator[Record]:
        """Every lemma, and every faulty tape that must be told."""
        began = time.perf_counter()
        decided = theorem(tape)
        seconds = (time.perf_counter() - began) / (len(decided.lemmas) + len(decided.broken))
        for lemma in decided.lemmas:
            owed = _theorem_obligation(f"lemma:{lemma.name}", lemma.statement)
            yield _record(owed, lemma.verdict, seconds, (("z3", lemma.z3), ("cvc5", lemma.cvc5)))


@dataclass(frozen=True, slots=True)
class RuleWork:
    """The rule of one op instance."""

    rule: RuleInstance

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation for each part of the rule, and one for its floats where there are entries."""
        return (*(self._owed(Family.RULE, part, CLAIMS[part], Needs.PROOF) for part in Part), *self._owed_floats())

    def decide(self, _tape: type[Tape]) -> Iterator[Record]:
        """Every part."""
        check = RuleCheck(self.rule, exact_semantics())
        for part, owed in zip(Part, self.owed(), strict=False):  # the floats come after the parts
            yield _timed(owed, lambda part=part: (check.verdict(part), ()))  # type: ignore[misc]
        for owed in self._owed_floats():
            yield _timed(owed, check.float_verdict)

    def _owed_floats(self) -> tuple[Obligation, ...]:
        if not any(math.prod(shape) for shape in self.rule.shapes):
            return ()
        claim = "float64 kernels keep to their computed bounds"
        return (self._owed(Family.FLOAT, "float", claim, Needs.TEST),)

    def _owed(self, family: Family, part: str, claim: str, needs: Needs) -> Obligation:
        return Obligation(f"rule:{self.rule.key}:{part}", family, self.rule.op, claim, self.rule.shapes, needs)


@dataclass(frozen=True, slots=True)
class GraphWork:
    """One graph: its engine, its composition end to end, and its floats."""

    name: str
    case: Case

    def owed(self) -> tuple[Obligation, ...]:
        """The engine always; the other two where there are entries to compare."""
        shapes = tuple(leaf.shape for leaf in self.case.graph.leaves)

        def obligation(family: Family, claim: str, needs: Needs) -> Obligation:
            return Obligation(f"graph:{self.name}:{family}", family, "", claim, shapes, needs)

        claims = [(Family.ENGINE, "the tape's sweeps are the recursion on this graph, for every VJP", Needs.PROOF)]
        if any(seed.size for seed in self.case.seeds):
            if is_small(self.case):
                claims.append((Family.GRAPH, "primals, cotangents and tangents agree at the graph's values", Needs.TEST))
            elif can_be_directed(self.case):
                claims.append((Family.GRAPH, "primals agree, and the gradient along random directions", Needs.TEST))
            claims.append((Family.FLOAT, "float64 results are within their computed bounds", Needs.TEST))
        return tuple(obligation(*each) for each in claims)

    def decide(self, tape: type[Tape]) -> Iterator[Record]:
        """Each family."""
        deciders: dict[Family, Callable[[], tuple[Verdict, Notes]]] = {
            Family.ENGINE: lambda: (engine_verdict(self.case.graph, tape), ()),
            Family.GRAPH: lambda: (self._composed(tape), ()),
            Family.FLOAT: lambda: float_verdict(self.case, tape),
        }
        for owed in self.owed():
            yield _timed(owed, deciders[owed.family])

    def _composed(self, tape: type[Tape]) -> Verdict:
        if is_small(self.case):
            return crosscheck(self.case, tape, exact_semantics())
        return directional_check(self.case, tape)


Work = TheoremWork | RuleWork | GraphWork


def perform(work: Work, tape: type[Tape]) -> tuple[Record, ...]:
    """Everything that a piece of work owes, decided; what crashes is unknown."""
    try:
        return tuple(work.decide(tape))
    # The border between the checker and whatever it runs: somebody's tape or kernel may raise anything.
    except Exception as error:  # noqa: BLE001
        return crashed(work, f"{type(error).__name__}: {error}")


def crashed(work: Work, detail: str) -> tuple[Record, ...]:
    """Every obligation of a piece of work, unknown because it came to nothing."""
    return tuple(Record(owed, Unknown(UnknownReason.CRASHED, detail), 0.0) for owed in work.owed())


def _timed(owed: Obligation, decide: Callable[[], tuple[Verdict, Notes]]) -> Record:
    began = time.perf_counter()
    try:
        verdict, notes = decide()
    # As in `perform`, but the work's other obligations keep what was decided of them.
    except Exception as error:  # noqa: BLE001
        verdict, notes = Unknown(UnknownReason.CRASHED, f"{type(error).__name__}: {error}"), ()
    return _record(owed, verdict, time.perf_counter() - began, notes)


def _record(owed: Obligation, verdict: Verdict, seconds: float, notes: Notes) -> Record:
    if isinstance(verdict, Proved):
        proof = verdict.proof
        holds = Holds(proof.method, proof.rests_on, proof.assumptions)
        return Record(owed, ProofRecord(proof.statement, holds), seconds, notes)
    return Record(owed, verdict, seconds, notes)


def _theorem_obligation(name: str, claim: str) -> Obligation:
    return Obligation(name, Family.ENGINE, "", claim, (), Needs.PROOF)
