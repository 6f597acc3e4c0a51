"""Pieces of work that a process of its own can do: each owes obligations, and gives back records of what it decided."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from ..ir.exchange import Case
from ..runtime.tape import Tape
from ..spec.convention import Convention
from ..spec.definition import definition_of
from .adapters.work import EngineGraphWork, EngineRuleWork
from .containment import contained
from .engine.theorem import engine_verdict, theorem, theorem_claims
from .graphs.adjoint import adjoint_check
from .graphs.crosscheck import crosscheck
from .graphs.directions import directional_check
from .graphs.notes import Notes
from .graphs.replay import exact_semantics
from .graphs.sizes import can_be_bounded, can_be_directed, is_small
from .graphs.two_runs import two_runs
from .graphs.whole_floats import whole_float_verdict
from .kernel.decision import UnknownReason
from .kernel.verdict import Needs, Proved, Refuted, RefutedReason, Unknown, Verdict
from .obligations import Family, Obligation
from .records import Record, recorded, timed
from .rules.all_shapes import Pattern, matching
from .rules.claims import CLAIMS, Part
from .rules.discharge import RuleCheck
from .rules.instances import RuleInstance, rules_of
from .rules.lemmas import LEMMA_PARTS, lemma_verdict, pattern_key, second_decision
from .subject import Subject


@dataclass(frozen=True, slots=True)
class TwoRunsWork:
    """The tape class under check, run on numbers before anything else is."""

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation."""
        claim = "two tapes in turn, each swept, refreshed and swept again, agree with the spec"
        return (Obligation("tape:two-runs", Family.GRAPH, "", claim, (), Needs.TEST),)

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Whether a value is kept too long."""
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
        return tuple(_theorem_obligation(f"theorem:{name}", each.statement) for name, each in theorem_claims(tape).items())

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Every lemma."""
        began = time.perf_counter()
        decided = theorem(subject.tape)
        seconds = (time.perf_counter() - began) / (len(decided.lemmas) + len(decided.broken))
        for lemma in decided.lemmas:
            owed = _theorem_obligation(f"theorem:{lemma.name}", lemma.statement)
            yield recorded(owed, lemma.verdict, seconds, (("z3", lemma.z3), ("cvc5", lemma.cvc5)))


@dataclass(frozen=True, slots=True)
class LemmaWork:
    """The rule of one op at all sizes of one pattern."""

    op: str
    pattern: Pattern

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation for each part of the rule."""
        key = pattern_key(self.op, self.pattern)
        return tuple(
            Obligation(f"lemma:{key}:{part}", Family.RULE, self.op, f"{CLAIMS[part]}, at all sizes", (), Needs.PROOF)
            for part in LEMMA_PARTS
        )

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Every part."""
        for part, owed in zip(LEMMA_PARTS, self.owed(), strict=True):
            yield timed(owed, partial(_by_lemma, self.op, part, self.pattern, subject.convention))


@dataclass(frozen=True, slots=True)
class RuleWork:
    """The rule of one op instance."""

    rule: RuleInstance

    def owed(self) -> tuple[Obligation, ...]:
        """One obligation for each part of the rule, and one for its floats where there are entries."""
        parts = (self._owed(Family.RULE, part, CLAIMS[part], Needs.PROOF) for part in self._parts())
        return (*parts, *self._owed_floats())

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Every part: at these shapes; by the lemma that covers it if it is large, or too large for the decider of entries."""
        check = RuleCheck(self.rule, exact_semantics(subject.convention))
        for part, owed in zip(self._parts(), self.owed(), strict=False):  # the floats come after the parts
            yield timed(owed, partial(self._answer, part, check))
        for owed in self._owed_floats():
            yield timed(owed, check.float_verdict)

    def covering(self) -> LemmaWork | None:
        """The lemma that decides every part of it: what `decide` would ask the kernel, asked by itself."""
        pattern = self._pattern()
        return None if pattern is None else LemmaWork(self.rule.op, pattern)

    def covered(self, records: Sequence[Record]) -> tuple[Record, ...]:
        """The records of the covering lemma, as those of this rule."""
        pairs = zip(self.owed(), records, strict=True)
        return tuple(Record(owed, record.outcome, record.seconds, record.notes) for owed, record in pairs)

    def _answer(self, part: Part, check: RuleCheck) -> tuple[Verdict, Notes]:
        pattern, convention = self._pattern(), check.semantics.convention
        if pattern is not None:
            return _by_lemma(self.rule.op, part, pattern, convention)
        verdict = check.verdict(part)
        too_large = isinstance(verdict, Unknown) and verdict.reason is UnknownReason.TOO_LARGE
        general = self._general() if too_large and part in LEMMA_PARTS else None
        covered = None if general is None else _by_lemma(self.rule.op, part, general, convention)
        return covered if covered is not None and isinstance(covered[0], Proved) else (verdict, ())

    def _pattern(self) -> Pattern | None:
        """The lemma that covers a large instance of an op that owes one."""
        return self._general() if self.rule.is_large else None

    def _general(self) -> Pattern | None:
        """The lemma that covers the instance, whatever its size, if the op owes one."""
        bounded = definition_of(self.rule.op).bounded
        return None if bounded else matching(self.rule.op, self.rule.shapes, self.rule.attributes)

    def _parts(self) -> tuple[Part, ...]:
        """A lemma is about shapes too, and its interpreter refuses a kernel that changes its inputs."""
        return tuple(Part) if self._pattern() is None else LEMMA_PARTS

    def _owed_floats(self) -> tuple[Obligation, ...]:
        """At small instances; the floats of a large one are those of the graph that holds it."""
        if self.rule.is_large or not any(math.prod(shape) for shape in self.rule.shapes):
            return ()
        claim = "float64 and float32 kernels keep to their computed bounds"
        return (self._owed(Family.FLOAT, "float", claim, Needs.TEST),)

    def _owed(self, family: Family, part: str, claim: str, needs: Needs) -> Obligation:
        return Obligation(f"rule:{self.rule.key}:{part}", family, self.rule.op, claim, self.rule.shapes, needs)


@dataclass(frozen=True, slots=True)
class GraphWork:
    """One graph: its engine, its composition end to end, and its floats."""

    name: str
    case: Case

    def owed(self) -> tuple[Obligation, ...]:
        """The engine always; the composition where there are entries to compare; floats where they can be bounded one by one."""
        shapes = tuple(leaf.shape for leaf in self.case.graph.leaves)

        def obligation(family: Family, claim: str, needs: Needs) -> Obligation:
            return Obligation(f"graph:{self.name}:{family}", family, "", claim, shapes, needs)

        claims = [(Family.ENGINE, "the tape's sweeps are the recursion on this graph, for every VJP", Needs.PROOF)]
        if any(seed.size for seed in self.case.seeds):
            if is_small(self.case):
                claims.append((Family.GRAPH, "primals, cotangents and tangents agree at the graph's values", Needs.TEST))
            elif can_be_directed(self.case):
                claims.append((Family.GRAPH, "primals agree, and the gradient along random directions", Needs.TEST))
            else:
                claims.append((Family.GRAPH, "the reverse sweep is the forward one's adjoint, modulo primes", Needs.TEST))
            if can_be_bounded(self.case):
                claims.append((Family.FLOAT, "float64 and float32 results are within their computed bounds", Needs.TEST))
        return tuple(obligation(*each) for each in claims)

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Each family."""
        deciders: dict[Family, Callable[[], tuple[Verdict, Notes]]] = {
            Family.ENGINE: lambda: (self._engine(subject), ()),
            Family.GRAPH: lambda: (self._composed(subject), ()),
            Family.FLOAT: lambda: whole_float_verdict(self.case, subject.tape),
        }
        for owed in self.owed():
            yield timed(owed, deciders[owed.family])

    def _engine(self, subject: Subject) -> Verdict:
        """The verdict for every VJP; if there is none, a refutation where numbers show one with every value seeded.

        The small graphs that tell most tapes from the recursion do not tell one that goes wrong at other ops alone.
        """
        verdict = engine_verdict(self.case.graph, subject.tape)
        if not isinstance(verdict, Unknown) or not is_small(self.case):
            return verdict
        seeds = tuple(np.full(seed.shape, place + 1.0) for place, seed in enumerate(self.case.seeds))
        seeded = replace(self.case, seeds=seeds)
        found = contained(lambda: crosscheck(seeded, subject.tape, exact_semantics(subject.convention)))
        return found if isinstance(found, Refuted) else verdict

    def _composed(self, subject: Subject) -> Verdict:
        if not is_small(self.case):
            directed = can_be_directed(self.case)
            return directional_check(self.case, subject.tape, subject.convention) if directed else adjoint_check(self.case, subject.tape)
        verdict = crosscheck(self.case, subject.tape, exact_semantics(subject.convention))
        if isinstance(verdict, Refuted) and self._rules_differ_at_kinks_alone(subject.convention):
            return replace(verdict, reason=RefutedReason.KINK)
        return verdict

    def _rules_differ_at_kinks_alone(self, convention: Convention) -> bool:
        """Whether some rule of the graph is against the convention at a kink, and none is wrong."""
        checks = [RuleCheck(rule, exact_semantics(convention)) for rule in {rule.key: rule for rule in rules_of(self.case)}.values()]
        verdicts = [check.verdict(part) for check in checks for part in Part]
        return {verdict.reason for verdict in verdicts if isinstance(verdict, Refuted)} == {RefutedReason.KINK}


Work = TwoRunsWork | TheoremWork | LemmaWork | RuleWork | GraphWork | EngineRuleWork | EngineGraphWork


def perform(work: Work, subject: Subject) -> tuple[Record, ...]:
    """Everything that a piece of work owes, decided; what crashes is unknown."""
    records = contained(lambda: tuple(work.decide(subject)))
    return crashed(work, records.detail) if isinstance(records, Unknown) else records


def crashed(work: Work, detail: str) -> tuple[Record, ...]:
    """Every obligation of a piece of work, unknown because it came to nothing."""
    return tuple(Record(owed, Unknown(UnknownReason.CRASHED, detail), 0.0) for owed in work.owed())


def _by_lemma(op: str, part: Part, pattern: Pattern, convention: Convention) -> tuple[Verdict, Notes]:
    verdict = lemma_verdict(op, part, pattern, convention)
    return verdict, second_decision(verdict)


def _theorem_obligation(name: str, claim: str) -> Obligation:
    return Obligation(name, Family.ENGINE, "", claim, (), Needs.PROOF)
