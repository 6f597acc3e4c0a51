"""What `backproof theorem` says: each lemma by each solver, and the faulty loops that the same check must refute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..equivalence.kernel.verdict import Verdict
from .report import Answer, Cost, Record
from .rows import answer
from .status import Status


class LemmaDecided(Protocol):
    """One lemma, what each solver answers, and the verdict on both together."""

    @property
    def name(self) -> str: ...
    @property
    def statement(self) -> str: ...
    @property
    def z3(self) -> str: ...
    @property
    def cvc5(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...


class BrokenDecided(Protocol):
    """One faulty loop, the verdict on it, and the first lemma that fails for it."""

    @property
    def name(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def lemma(self) -> str: ...


class LemmaRecord(Record, frozen=True):
    """One lemma and what each solver answers."""

    name: str
    statement: str
    z3: str
    cvc5: str
    verdict: Answer


class BrokenRecord(Record, frozen=True):
    """One faulty loop and what is decided of it."""

    name: str
    verdict: Answer
    lemma: str


class TheoremRecord(Record, frozen=True):
    """The theorem for one tape."""

    status: int
    lemmas: tuple[LemmaRecord, ...]
    broken: tuple[BrokenRecord, ...]
    cost: Cost


def theorem_record(lemmas: Sequence[LemmaDecided], broken: Sequence[BrokenDecided], seconds: float) -> TheoremRecord:
    """The record of what was decided."""
    stated = tuple(LemmaRecord(each.name, each.statement, each.z3, each.cvc5, answer(each.verdict)) for each in lemmas)
    tried = tuple(BrokenRecord(each.name, answer(each.verdict), each.lemma) for each in broken)
    return TheoremRecord(_status(stated, tried), stated, tried, Cost(round(seconds, 3)))


def theorem_text(record: TheoremRecord) -> str:
    """What a person reads."""
    said = "PROVED" if record.status == Status.MET else "NOT PROVED"
    width = max(len(name) for name in ["faulty loop", *_names(record)]) + 2
    lines = [
        f"{said}: the reverse loop computes the recursion, for every graph and every seed ({record.cost.seconds:.1f} s)",
        "",
        f"  {'lemma':{width}}{'z3':10}cvc5",
        *(f"  {each.name:{width}}{each.z3:10}{each.cvc5}" for each in record.lemmas),
        "",
        f"  {'faulty loop':{width}}{'verdict':10}first lemma that fails",
        *(f"  {each.name:{width}}{each.verdict:10}{each.lemma}" for each in record.broken),
    ]
    return "\n".join(lines) + "\n"


def _names(record: TheoremRecord) -> list[str]:
    return [lemma.name for lemma in record.lemmas] + [tape.name for tape in record.broken]


def _status(lemmas: Sequence[LemmaRecord], broken: Sequence[BrokenRecord]) -> Status:
    """Green if every lemma is proved and every faulty loop refuted; without faulty loops the check shows nothing."""
    if any(each.verdict is Answer.REFUTED for each in lemmas):
        return Status.REFUTED
    if not lemmas or not broken:
        return Status.NOTHING_OWED
    proved = all(Answer.PROVED == each.verdict == each.z3 == each.cvc5 for each in lemmas)
    return Status.MET if proved and all(each.verdict is Answer.REFUTED for each in broken) else Status.NOT_MET
