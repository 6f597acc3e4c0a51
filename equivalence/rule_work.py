"""Pieces of work about rules: of one op instance, and of an op at all sizes."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from ..spec.convention import Convention
from ..spec.definition import definition_of
from .graphs.notes import Notes
from .kernel.decision import UnknownReason
from .kernel.verdict import Needs, Proved, Unknown, Verdict
from .obligations import Family, Obligation
from .records import Record, timed
from .rules.instances import RuleInstance
from .rules.parts import CLAIMS, LEMMA_PARTS, Part
from .rules.patterns import Pattern, matching, pattern_key
from .subject import Subject

if TYPE_CHECKING:
    from .rules.discharge import RuleCheck


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
        from .graphs.replay import exact_semantics
        from .rules.discharge import RuleCheck

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


def _by_lemma(op: str, part: Part, pattern: Pattern, convention: Convention) -> tuple[Verdict, Notes]:
    from .rules.lemmas import lemma_verdict, second_decision

    verdict = lemma_verdict(op, part, pattern, convention)
    return verdict, second_decision(verdict)
