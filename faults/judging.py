"""One fault judged: what `backproof check --rules` owes for it, the cheap pieces first, until one is refuted."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ..equivalence.containment import contained
from ..equivalence.generation.strategies import generate
from ..equivalence.graph_work import GraphWork
from ..equivalence.graphs.replay import exact_semantics
from ..equivalence.kernel.decision import UnknownReason
from ..equivalence.kernel.sealed import Source
from ..equivalence.kernel.verdict import Refuted, RefutedReason, Unknown, Verdict, meets
from ..equivalence.obligations import Decided
from ..equivalence.planning import every_op
from ..equivalence.records import Record, readmitted, recorded
from ..equivalence.request import DEFAULT_GRAPHS
from ..equivalence.rule_work import LemmaWork, RuleWork
from ..equivalence.rules.discharge import RuleCheck
from ..equivalence.rules.instances import instances
from ..equivalence.rules.parts import Part
from ..equivalence.rules_file import Rules
from ..equivalence.run import NamedCase, Plan, work_of
from ..equivalence.subject import Subject
from ..equivalence.work import TheoremWork, TwoRunsWork, Work, perform
from ..spec.convention import CONVENTIONS, TORCHLEAN, Convention
from .children import Answer, Limits, answers
from .fault import Fault, Judged, Outcome

LIMITS = Limits(processor=240, memory=4 << 30)

GRAPHS = 12
"""Graphs drawn for a fault, of the ops that it touched and those of `_BESIDE`; for the tape as many as a check draws of all."""

_BESIDE = ("add", "mul")
"""Drawn beside touched ops, so that their values are used again and joined."""

Progress = Callable[[int, int], None]


def judge(fault: Fault, seed: int) -> Answer:
    """Plant a fault into this process, which is lost for anything else, and judge it."""
    return answer(decisions(fault.plant(), seed, CONVENTIONS[fault.convention]))


def judged(
    faults: Sequence[Fault],
    jobs: int,
    seed: int,
    progress: Progress,
    judge_one: Callable[[Fault, int], Answer] = judge,
    limits: Limits = LIMITS,
) -> Iterator[Judged]:
    """What becomes of each fault, in their order, by what `judge_one` says in a child. Units: jobs in processes."""
    kept: dict[int, Judged] = {}
    place = 0
    came = answers([partial(judge_one, fault, seed) for fault in faults], jobs, limits)
    for done, each in enumerate(came, start=1):
        said = each.answer
        kept[each.place] = Judged(faults[each.place], said.outcome, said.by, said.nodes, each.seconds)
        progress(done, len(faults))
        while place in kept:
            yield kept.pop(place)
            place += 1


def answer(decided: Iterable[Decided]) -> Answer:
    """What decisions come to: the first refutation ends them, one at a kink only if none is wrong.

    With nothing decided the checker has said nothing against the fault: it survived.
    """
    kink: Decided | None = None
    unmet: Decided | None = None
    for each in decided:
        if isinstance(each.verdict, Refuted):
            if each.verdict.reason is not RefutedReason.KINK:
                return Answer(Outcome.REFUTED, each.obligation.id, _nodes(each.verdict))
            kink = kink or each
        elif not meets(each.verdict, each.obligation.needs):
            unmet = unmet or each
    if kink is not None:
        return Answer(Outcome.KINK, kink.obligation.id, _nodes(kink.verdict))
    if unmet is not None:
        return Answer(Outcome.REJECTED, _why(unmet), None)
    return Answer(Outcome.SURVIVED, "everything that was owed is met", None)


def _nodes(verdict: Verdict) -> int | None:
    return len(verdict.counterexample.case["nodes"]) if isinstance(verdict, Refuted) else None


def _why(unmet: Decided) -> str:
    verdict = unmet.verdict
    said = [str(getattr(verdict, name)) for name in ("reason", "detail") if hasattr(verdict, name)]
    return ": ".join((unmet.obligation.id, *said))


def decisions(rules: Rules, seed: int, convention: Convention) -> Iterator[Decided]:
    """What is decided of somebody's rules: at points of every instance, then all that is owed."""
    own = [RuleWork(rule) for op in rules.touched for rule in instances(op)]
    for piece in sorted(own, key=_entries):
        found = contained(partial(_wrong_at_points, piece, convention))
        # What raises here raises again below, where each obligation says so.
        yield from map(_read, found if isinstance(found, tuple) else ())
    crashed, graphs = False, 0
    for work in _owed(rules, seed):
        if crashed and (isinstance(work, LemmaWork | TheoremWork) or graphs == GRAPHS):
            return  # not green as it is: what raises at its instances has no lemma, and no candidate would replay
        graphs += isinstance(work, GraphWork)
        records = perform(work, Subject(rules.tape, convention))
        crashed = crashed or any(_is_crash(record) for record in records)
        yield from map(_read, records)


def _is_crash(record: Record) -> bool:
    return isinstance(record.outcome, Unknown) and record.outcome.reason is UnknownReason.CRASHED


def _owed(rules: Rules, seed: int) -> Iterator[Work]:
    """The rules of what was touched, small instances first; two runs and graphs; lemmas, and for a tape the theorem."""
    drawn = {*rules.touched, *_BESIDE} if rules.touched else every_op()
    graphs = enumerate(generate(GRAPHS if rules.touched else DEFAULT_GRAPHS, seed, sorted(drawn)))
    cases = tuple(NamedCase(f"generated-{place:04}", case) for place, case in graphs)
    about_the_tape = rules.replaces_tape or not rules.touched
    work = work_of(Plan(cases, rules.touched, 1, None, about_the_tape, TORCHLEAN.name))
    own = [piece for piece in work if isinstance(piece, RuleWork) and piece.rule.op in rules.touched]
    yield from sorted((piece for piece in own if piece.covering() is None), key=_entries)
    yield TwoRunsWork()
    yield from (piece for piece in work if isinstance(piece, GraphWork))
    lemmas = [piece for piece in work if isinstance(piece, LemmaWork)]
    yield from dict.fromkeys((*lemmas, *(lemma for piece in own if (lemma := piece.covering()) is not None)))
    yield from (piece for piece in work if isinstance(piece, TheoremWork))


def _entries(piece: RuleWork) -> int:
    return sum(map(math.prod, piece.rule.shapes))


def _wrong_at_points(piece: RuleWork, convention: Convention) -> tuple[Record, ...]:
    """The first refutation of a rule that points alone show, if there is one: nothing is proved on the way."""
    if piece.rule.is_large:
        return ()
    check = RuleCheck(piece.rule, exact_semantics(convention))
    for part, owed in zip(Part, piece.owed(), strict=False):  # the floats come after the parts
        refuted = check.refuted_at_points(part)
        if isinstance(refuted, Refuted):
            return (recorded(owed, refuted, 0.0, ()),)
    return ()


def _read(record: Record) -> Decided:
    return readmitted(record, Source.WORKER)
