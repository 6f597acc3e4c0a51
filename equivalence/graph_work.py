"""The piece of work about one graph: its engine, its composition end to end, and its floats."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from ..ir.exchange import Case
from ..spec.convention import Convention
from .containment import contained
from .graphs.notes import Notes
from .graphs.sizes import can_be_bounded, can_be_directed, is_small
from .kernel.verdict import Needs, Refuted, RefutedReason, Unknown, Verdict
from .obligations import Family, Obligation
from .records import Record, timed
from .rules.instances import rules_of
from .rules.parts import Part
from .subject import Subject


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
            Family.FLOAT: lambda: self._in_floats(subject),
        }
        for owed in self.owed():
            yield timed(owed, deciders[owed.family])

    def _engine(self, subject: Subject) -> Verdict:
        """The verdict for every VJP; if there is none, a refutation where numbers show one with every value seeded.

        The small graphs that tell most tapes from the recursion do not tell one that goes wrong at other ops alone.
        """
        from .engine.theorem import engine_verdict

        verdict = engine_verdict(self.case.graph, subject.tape)
        if not isinstance(verdict, Unknown) or not is_small(self.case):
            return verdict
        from .graphs.crosscheck import crosscheck
        from .graphs.replay import exact_semantics

        seeds = tuple(np.full(seed.shape, place + 1.0) for place, seed in enumerate(self.case.seeds))
        seeded = replace(self.case, seeds=seeds)
        found = contained(lambda: crosscheck(seeded, subject.tape, exact_semantics(subject.convention)))
        return found if isinstance(found, Refuted) else verdict

    def _in_floats(self, subject: Subject) -> tuple[Verdict, Notes]:
        from .graphs.whole_floats import whole_float_verdict

        return whole_float_verdict(self.case, subject.tape)

    def _composed(self, subject: Subject) -> Verdict:
        if not is_small(self.case):
            return self._along_directions(subject) if can_be_directed(self.case) else self._modulo_primes(subject)
        from .graphs.crosscheck import crosscheck
        from .graphs.replay import exact_semantics

        verdict = crosscheck(self.case, subject.tape, exact_semantics(subject.convention))
        if isinstance(verdict, Refuted) and self._rules_differ_at_kinks_alone(subject.convention):
            return replace(verdict, reason=RefutedReason.KINK)
        return verdict

    def _along_directions(self, subject: Subject) -> Verdict:
        from .graphs.directions import directional_check

        return directional_check(self.case, subject.tape, subject.convention)

    def _modulo_primes(self, subject: Subject) -> Verdict:
        from .graphs.adjoint import adjoint_check

        return adjoint_check(self.case, subject.tape)

    def _rules_differ_at_kinks_alone(self, convention: Convention) -> bool:
        """Whether some rule of the graph is against the convention at a kink, and none is wrong."""
        from .graphs.replay import exact_semantics
        from .rules.discharge import RuleCheck

        checks = [RuleCheck(rule, exact_semantics(convention)) for rule in {rule.key: rule for rule in rules_of(self.case)}.values()]
        verdicts = [check.verdict(part) for check in checks for part in Part]
        return {verdict.reason for verdict in verdicts if isinstance(verdict, Refuted)} == {RefutedReason.KINK}
