"""What `backproof ops` says: each op, where it is defined, and what is decided of its rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from ..equivalence.kernel.verdict import Proved, Verdict
from ..equivalence.obligations import Decided
from .report import Answer, Cost, Count, Record, RunCost
from .rows import answer
from .status import Status
from .summary import taken

INSIDE = "inside a kernel"
"""What the name of a note says of digits that a kernel loses."""

PARTS = ("forward", "vjp", "jvp", "adjoint")
WEAKEST_FIRST = (Answer.REFUTED, Answer.UNKNOWN, Answer.TESTED, Answer.PROVED)


class Defined(Protocol):
    """What is told of an op's definition."""

    @property
    def op(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def ir_kinds(self) -> tuple[str, ...]: ...
    @property
    def domain_text(self) -> str: ...
    @property
    def kinks(self) -> str: ...
    @property
    def bounded(self) -> str: ...


class OpDecided(Protocol):
    """One op: its definition, the instances checked, and what was decided of them, by part; and at all shapes."""

    @property
    def definition(self) -> Defined: ...
    @property
    def instances(self) -> int: ...
    @property
    def by_part(self) -> Mapping[str, tuple[Decided, ...]]: ...
    @property
    def at_all_shapes(self) -> tuple[Decided, ...]: ...
    @property
    def in_floats(self) -> tuple[Decided, ...]: ...
    @property
    def float_notes(self) -> Mapping[str, str]: ...


class Covered(Protocol):
    """How much of a list of the contract's has an op."""

    @property
    def listed(self) -> int: ...
    @property
    def missing(self) -> tuple[str, ...]: ...


class OpRecord(Record, frozen=True):
    """One op; a part's verdict is the weakest of all its instances.

    `floats` is that of its float64 and float32 runs, null where nothing is owed; `float_notes` are the worst error in each
    format, at points and over exponent ranges, and what is lost inside its kernels: ulps first, then where.
    """

    op: str
    source: str
    ir_kinds: tuple[str, ...]
    forward: Answer
    vjp: Answer
    jvp: Answer
    adjoint: Answer
    instances: Count
    all_shapes: bool
    bounded: str
    assumptions: tuple[str, ...]
    domain: str
    kinks: str
    floats: Answer | None
    float_notes: dict[str, str]
    cost: Cost


class CoverageRecord(Record, frozen=True):
    """How many names a list of the contract has, and those that no op bears."""

    listed: Count
    missing: tuple[str, ...]


class OpsRecord(Record, frozen=True):
    """Every op, and how much of the contract's two lists they are."""

    status: int
    session: CoverageRecord
    ir_kinds: CoverageRecord
    ops: tuple[OpRecord, ...]
    obligations: Count
    cost: RunCost


def ops_record(table: Sequence[OpDecided], session: Covered, ir_kinds: Covered, jobs: int, seconds: float) -> OpsRecord:
    """The record of a table of ops. Units: processes; seconds of wall clock."""
    ops = tuple(map(_op_record, table))
    answers = {verdict for op in ops for verdict in (op.forward, op.vjp, op.jvp, op.adjoint)}
    answers |= {op.floats for op in ops if op.floats in (Answer.REFUTED, Answer.UNKNOWN)}
    # What owes a rule for all shapes and has none is no more met than a part that is not proved.
    answers |= {Answer.UNKNOWN for op in ops if not (op.all_shapes or op.bounded)}
    session, ir_kinds = (CoverageRecord(each.listed, each.missing) for each in (session, ir_kinds))
    every = [each for op in table for each in (*_rules(op), *op.in_floats)]
    cost = RunCost(round(seconds, 3), jobs, sum(each.is_from_the_ledger for each in every))
    return OpsRecord(_status(answers), session, ir_kinds, ops, len(every), cost)


def ops_text(record: OpsRecord, ledger: str | None) -> str:
    """What a person reads; `ledger` is where proofs are, if anywhere."""
    heads = ("op", *PARTS, "instances", "all shapes", "domain", "kinks")
    lines = [heads, *map(_cells, record.ops)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rows = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines)
    return "\n".join((*rows, "", *_totals(record), *taken(record.cost, record.obligations, ledger))) + "\n"


def _totals(record: OpsRecord) -> Iterator[str]:
    """How much there is, and why what is not proved at all shapes is not."""
    yield _covered("session operations", record.session)
    yield _covered("IR kinds", record.ir_kinds)
    everywhere = [op for op in record.ops if op.all_shapes]
    yield f"proved at all shapes: {len(everywhere)} of {len(record.ops)} ops"
    yield from (f"  {op.op}: {name}: {said}" for op in record.ops for name, said in op.float_notes.items() if INSIDE in name)
    yield from (f"  at its instances only: {op.op}: {op.bounded or 'not proved'}" for op in record.ops if not op.all_shapes)


def _covered(what: str, coverage: CoverageRecord) -> str:
    missing = f"; missing: {', '.join(coverage.missing)}" if coverage.missing else ""
    return f"{what}: {coverage.listed - len(coverage.missing)} of {coverage.listed}{missing}"


def _op_record(decided: OpDecided) -> OpRecord:
    definition = decided.definition
    verdicts = {part: [each.verdict for each in decided.by_part.get(part, ())] for part in PARTS}
    every = _rules(decided)
    return OpRecord(
        op=definition.op,
        source=definition.source,
        ir_kinds=definition.ir_kinds,
        forward=_weakest(verdicts["forward"]),
        vjp=_weakest(verdicts["vjp"]),
        jvp=_weakest(verdicts["jvp"]),
        adjoint=_weakest(verdicts["adjoint"]),
        instances=decided.instances,
        all_shapes=_weakest([each.verdict for each in decided.at_all_shapes]) is Answer.PROVED,
        bounded=definition.bounded,
        assumptions=tuple(sorted({said for each in every for said in _assumptions(each.verdict)})),
        domain=definition.domain_text,
        kinks=definition.kinks,
        floats=_weakest([each.verdict for each in decided.in_floats]) if decided.in_floats else None,
        float_notes=dict(sorted(decided.float_notes.items())),
        cost=Cost(round(sum(each.seconds for each in every), 3)),
    )


def _rules(decided: OpDecided) -> list[Decided]:
    return [*decided.at_all_shapes, *(each for found in decided.by_part.values() for each in found)]


def _weakest(verdicts: Sequence[Verdict]) -> Answer:
    """The weakest answer of all; without any, nothing is known."""
    answers = set(map(answer, verdicts))
    return next((weak for weak in WEAKEST_FIRST if weak in answers), Answer.UNKNOWN)


def _assumptions(verdict: Verdict) -> tuple[str, ...]:
    return verdict.proof.assumptions if isinstance(verdict, Proved) else ()


def _status(answers: set[Answer]) -> Status:
    if Answer.REFUTED in answers:
        return Status.REFUTED
    if not answers:
        return Status.NOTHING_OWED
    return Status.MET if answers == {Answer.PROVED} else Status.NOT_MET


def _cells(op: OpRecord) -> tuple[str, ...]:
    answers = (op.forward, op.vjp, op.jvp, op.adjoint)
    return (op.op, *answers, str(op.instances), "yes" if op.all_shapes else "no", op.domain, op.kinks)
