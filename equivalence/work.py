"""Pieces of work that a process of its own can do: each owes obligations, and gives back records of what it decided.

What decides is loaded where it decides: a run of which a ledger knows everything loads none of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from ..runtime.tape import Tape
from .containment import contained
from .kernel.decision import UnknownReason
from .kernel.verdict import Needs, Unknown
from .obligations import Family, Obligation
from .records import Record, recorded, timed
from .subject import Subject


class Work(Protocol):
    """A piece of work."""

    def owed(self) -> tuple[Obligation, ...]:
        """What it owes."""

    def decide(self, subject: Subject) -> Iterator[Record]:
        """All of it, decided."""


@dataclass(frozen=True, slots=True)
class TwoRunsWork:
    """The tape class under check, run on numbers before anything else is."""

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation."""
        claim = "two tapes in turn, each swept, refreshed and swept again, agree with the spec"
        return (Obligation("tape:two-runs", Family.GRAPH, "", claim, (), Needs.TEST),)

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Whether a value is kept too long."""
        from .graphs.replay import exact_semantics
        from .graphs.two_runs import two_runs

        yield timed(self.owed()[0], lambda: (two_runs(subject.tape, exact_semantics(subject.convention)), ()))


@dataclass(frozen=True, slots=True)
class TheoremWork:
    """The accumulation theorem for the tape class under check."""

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation, if nothing comes back; one for each lemma otherwise."""
        return (_theorem_obligation("theorem", "the reverse loop is the recursion, on every tape"),)

    def owed_by_lemma(self, tape: type[Tape]) -> tuple[Obligation, ...]:
        """One for each lemma about a tape class.

        Raises: Unextractable, and whatever the tape raises.
        """
        from .engine.theorem import theorem_claims

        return tuple(_theorem_obligation(f"theorem:{name}", each.statement) for name, each in theorem_claims(tape).items())

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Every lemma."""
        from .engine.theorem import theorem

        began = time.perf_counter()
        decided = theorem(subject.tape)
        seconds = (time.perf_counter() - began) / (len(decided.lemmas) + len(decided.broken))
        for lemma in decided.lemmas:
            owed = _theorem_obligation(f"theorem:{lemma.name}", lemma.statement)
            yield recorded(owed, lemma.verdict, seconds, (("z3", lemma.z3), ("cvc5", lemma.cvc5)))


def perform(work: Work, subject: Subject) -> tuple[Record, ...]:
    """Everything that a piece of work owes, decided; what crashes is unknown."""
    records = contained(lambda: tuple(work.decide(subject)))
    return crashed(work, records.detail) if isinstance(records, Unknown) else records


def crashed(work: Work, detail: str) -> tuple[Record, ...]:
    """Every obligation of a piece of work, unknown because it came to nothing."""
    return tuple(Record(owed, Unknown(UnknownReason.CRASHED, detail), 0.0) for owed in work.owed())


def _theorem_obligation(name: str, claim: str) -> Obligation:
    return Obligation(name, Family.ENGINE, "", claim, (), Needs.PROOF)
