"""The accumulation theorem: on every tape, for every seed, the reverse loop is the recursion.

By induction over the values of a tape and over the contributions of each node. The lemmas speak of code extracted by
executing the tape class under check; each faulty tape must fail one of them and be refuted by numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from ...ir.graph import Graph
from ...runtime.tape import Tape
from ..kernel import KERNEL
from ..kernel.decision import Fails, Open, UnknownReason
from ..kernel.free_terms import NotFree
from ..kernel.lemma import Lemma, solve
from ..kernel.sealed import Proof
from ..kernel.verdict import Proved, Refuted, RefutedReason, Unknown, Verdict
from .broken import BROKEN
from .extract import extract
from .free import engine_claim
from .lemmas import dense_lemmas
from .paths import Unextractable
from .sparse import sparse_lemmas

Decide = Callable[[Lemma], Proof | Fails | Open]
"""The kernel's decision of a lemma, perhaps remembered."""

NO_GRAPH = Graph((), ())


@dataclass(frozen=True, slots=True)
class LemmaResult:
    """One lemma: proved, refuted or unknown, by each solver and by both."""

    name: str
    statement: str
    z3: str
    cvc5: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class BrokenResult:
    """One faulty tape: what was decided of it, and the first lemma that fails for it."""

    name: str
    verdict: Verdict
    lemma: str


@dataclass(frozen=True, slots=True)
class Theorem:
    """The lemmas for one tape class, and what the same check says of faulty tapes."""

    lemmas: tuple[LemmaResult, ...]
    broken: tuple[BrokenResult, ...]

    @property
    def holds(self) -> bool:
        """Whether every lemma is proved and every faulty tape refuted."""
        return all(type(lemma.verdict) is Proved for lemma in self.lemmas) and all(
            type(tape.verdict) is Refuted for tape in self.broken
        )


def theorem(tape_class: type[Tape]) -> Theorem:
    """Decide every lemma for a tape class, and try the check on every faulty tape.

    Code that cannot be read symbolically gives one lemma, 'extraction', that is not proved.
    Raises: SolversDisagree.
    """
    decide = cache(KERNEL.decide)  # faulty tapes share most of their lemmas with the shipped one
    return Theorem(
        _lemmas(tape_class, decide), tuple(_tried(name, broken, decide) for name, broken in BROKEN.items())
    )


def theorem_claims(tape_class: type[Tape]) -> Mapping[str, Lemma]:
    """The lemmas of the theorem for a tape class, by name, in the order in which they build on each other.

    Raises: Unextractable.
    """
    extraction = extract(tape_class)
    return {**dense_lemmas(extraction), **sparse_lemmas(extraction)}


def engine_verdict(graph: Graph, tape_class: type[Tape]) -> Verdict:
    """Whether a tape's sweeps are the recursion on this graph, whatever its nodes compute.

    Raises: whatever the tape raises.
    """
    try:
        decision = KERNEL.decide(engine_claim(graph, tape_class))
    except NotFree as error:
        return _otherwise(graph, tape_class, Unknown(UnknownReason.UNSUPPORTED, str(error)))
    match decision:
        case Fails(detail=detail):
            return _otherwise(graph, tape_class, Unknown(UnknownReason.GAVE_UP, detail))
        case Open(reason, detail):
            return Unknown(reason, detail)
        case proof:
            return Proved(proof)


def _lemmas(tape_class: type[Tape], decide: Decide) -> tuple[LemmaResult, ...]:
    try:
        claims = theorem_claims(tape_class)
    except Unextractable as error:
        verdict = _otherwise(NO_GRAPH, tape_class, Unknown(UnknownReason.UNSUPPORTED, str(error)))
        return (LemmaResult("extraction", "the sweeps can be read symbolically", "unknown", "unknown", verdict),)
    return tuple(_decided(name, lemma, tape_class, decide(lemma)) for name, lemma in claims.items())


def _decided(name: str, lemma: Lemma, tape_class: type[Tape], decision: Proof | Fails | Open) -> LemmaResult:
    if not isinstance(decision, (Fails, Open)):
        return LemmaResult(name, lemma.statement, "proved", "proved", Proved(decision))
    z3, cvc5 = (_WORDS.get(answer, "unknown") for answer in solve(lemma.script))
    verdict = _otherwise(NO_GRAPH, tape_class, Unknown(UnknownReason.GAVE_UP, decision.detail))
    return LemmaResult(name, lemma.statement, z3, cvc5, verdict)


_WORDS: Mapping[str, str] = {"unsat": "proved", "sat": "refuted"}


def _otherwise(graph: Graph, tape_class: type[Tape], unknown: Unknown) -> Verdict:
    """Refuted if a counterexample is found, else what is known without one."""
    from .refute import refute_engine  # it loads what says what should have come

    found = refute_engine(graph, tape_class)
    if found is None:
        return unknown
    differing = [f"#{side.value}" for side in found.nodes if side.differs]
    return Refuted(found, RefutedReason.WRONG, f"the {found.nodes[0].quantity} of {', '.join(differing)} differs")


def _tried(name: str, tape_class: type[Tape], decide: Decide) -> BrokenResult:
    survived = Unknown(UnknownReason.GAVE_UP, "no small graph tells this tape from the recursion")
    return BrokenResult(name, _otherwise(NO_GRAPH, tape_class, survived), first_failing(tape_class, decide))


def first_failing(tape_class: type[Tape], decide: Decide) -> str:
    """The name of the first lemma that is not proved for a tape class, 'extraction' if it cannot be read, or ''."""
    try:
        claims = theorem_claims(tape_class)
    except Unextractable:
        return "extraction"
    return next((name for name, lemma in claims.items() if isinstance(decide(lemma), (Fails, Open))), "")
