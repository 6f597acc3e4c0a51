"""Pieces of work about somebody else's engine: what is owed of it, and the records of what was decided."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from ...ir.exchange import Case
from ...spec.convention import Convention
from ..graphs.notes import Notes
from ..kernel.verdict import Needs, Verdict
from ..obligations import Family, Obligation
from ..records import Record, timed
from ..rules.instances import RuleInstance, instances
from ..rules.parts import CLAIMS
from ..subject import Subject
from .corners import corner_cases
from .engine import Engine, EngineFault
from .judging import Judging
from .rules import PARTS, EngineRule

_FLOATS = "the engine's float64 primals and gradients are within the bounds of the definitions' formulas, or of our kernels"
_EXACT = "the engine's primals and gradients are the definitions', in exact numbers"


@dataclass(frozen=True, slots=True)
class EngineRuleWork:
    """An op at some shapes: proved of an engine that is exact, and tested in floats."""

    rule: RuleInstance
    exact: bool

    def owed(self) -> tuple[Obligation, ...]:
        """A proof for each part, if the engine is exact; a test of its floats, where there are entries."""
        parts = PARTS if self.exact else ()
        proofs = (self._owed(Family.RULE, part, f"the engine: {CLAIMS[part]}", Needs.PROOF) for part in parts)
        floats = any(math.prod(shape) for shape in self.rule.shapes)
        return (*proofs, *([self._owed(Family.FLOAT, "float", _FLOATS, Needs.TEST)] if floats else ()))

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Every one of them."""
        check = EngineRule(self.rule, _engine_of(subject), subject.convention)
        deciders: list[Callable[[], Verdict]] = [partial(check.proved, part) for part in PARTS if self.exact]
        for owed, decider in zip(self.owed(), (*deciders, check.in_floats), strict=False):  # no floats without entries
            yield timed(owed, partial(_without_notes, decider))

    def _owed(self, family: Family, part: str, claim: str, needs: Needs) -> Obligation:
        return Obligation(f"engine:{self.rule.key}:{part}", family, self.rule.op, claim, self.rule.shapes, needs)


@dataclass(frozen=True, slots=True)
class EngineGraphWork:
    """A graph: in exact numbers if the engine is exact, and in floats."""

    name: str
    case: Case
    exact: bool

    def owed(self) -> tuple[Obligation, ...]:
        """A test or two, where there are entries."""
        shapes = tuple(leaf.shape for leaf in self.case.graph.leaves)
        claims = ((Family.GRAPH, _EXACT), (Family.FLOAT, _FLOATS)) if self.exact else ((Family.FLOAT, _FLOATS),)
        return tuple(
            Obligation(f"engine:{self.name}:{family}", family, "", claim, shapes, Needs.TEST)
            for family, claim in claims
            if any(seed.size for seed in self.case.seeds)
        )

    def decide(self, subject: Subject) -> Iterator[Record]:
        """Each of them."""
        judging = Judging(_engine_of(subject), subject.convention)
        judges = {Family.GRAPH: judging.exactly, Family.FLOAT: judging.in_floats}
        for owed in self.owed():
            yield timed(owed, partial(_without_notes, partial(judges[owed.family], self.case)))


def engine_work(
    engine: type[Engine], ops: Sequence[str], graphs: Sequence[tuple[str, Case]], convention: Convention
) -> Iterator[EngineRuleWork | EngineGraphWork]:
    """The rules of some ops at every instance, their corner cases, then graphs."""
    for op in ops:
        for rule in instances(op):
            yield EngineRuleWork(rule, engine.exact)
    for op in ops:
        for name, case in corner_cases(op, convention):
            yield EngineGraphWork(name, case, engine.exact)
    for name, case in graphs:
        yield EngineGraphWork(name, case, engine.exact)


def _engine_of(subject: Subject) -> type[Engine]:
    if subject.engine is None:
        raise EngineFault("no engine is named in this process, one was needed")
    return subject.engine


def _without_notes(decide: Callable[[], Verdict]) -> tuple[Verdict, Notes]:
    return decide(), ()
