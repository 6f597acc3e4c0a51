"""A run: what is owed for some graphs and ops, decided in worker processes, in one fixed order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..ir.exchange import Case
from ..spec.convention import CONVENTIONS
from .adapters.engine import Engine
from .containment import contained
from .crew import Came, Crew, Performed
from .graph_work import GraphWork
from .ledger.keys import Keys
from .ledger.ledger import LATEST, Ledger
from .obligations import Decided
from .origin import Origin
from .records import Record, readmitted
from .rule_work import LemmaWork, RuleWork
from .rules.instances import instances, rules_of
from .rules.patterns import patterns
from .work import TheoremWork, TwoRunsWork, Work
from .workers import OUR_OWN, Staff


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A case and what reports call it."""

    name: str
    case: Case


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run decides: the theorem, the rules of some ops, and graphs with the rules that they use."""

    cases: tuple[NamedCase, ...]
    ops: tuple[str, ...]
    jobs: int
    rules: Path | None
    theorem: bool
    convention: str
    origin: Origin = Origin.SERVER
    engine: type[Engine] | None = None
    """In place of everything else that a plan asks for: the ops and cases are put to it."""


Known = tuple[Work, str, Performed | None]
"""A piece of work, its key, and what a ledger knows of it."""


def run(
    plan: Plan, progress: Callable[[int, int], None], ledger: Ledger | None, staff: Staff = OUR_OWN
) -> Iterator[Decided]:
    """Decide everything that a plan owes, in an order that does not depend on the number of jobs or on a ledger."""
    yield from decided(work_of(plan), plan.jobs, plan.rules, plan.convention, progress, ledger, plan.origin, staff)


def work_of(plan: Plan) -> tuple[Work, ...]:
    """The theorem, the lemmas for all shapes, each distinct rule once, then each graph; or what is owed of an engine."""
    if plan.engine is not None:
        from .adapters.work import engine_work

        return tuple(engine_work(plan.engine, plan.ops, [(named.name, named.case) for named in plan.cases], CONVENTIONS[plan.convention]))
    rules = {rule.key: rule for op in plan.ops for rule in instances(op)}
    for named in plan.cases:
        rules |= {rule.key: rule for rule in rules_of(named.case)}
    return (
        *((TwoRunsWork(),) if plan.theorem and plan.rules is not None else ()),
        *((TheoremWork(),) if plan.theorem else ()),
        *(LemmaWork(op, pattern) for op in plan.ops for pattern in patterns(op)),
        *(RuleWork(rules[key]) for key in sorted(rules)),
        *(GraphWork(named.name, named.case) for named in plan.cases),
    )


def decided(
    work: Sequence[Work],
    jobs: int,
    rules: Path | None,
    convention: str,
    progress: Callable[[int, int], None],
    ledger: Ledger | None,
    origin: Origin = Origin.SERVER,
    staff: Staff = OUR_OWN,
) -> Iterator[Decided]:
    """Pieces of work, done by `jobs` processes or a cluster unless the ledger knows them, each result in its place.

    A rule that a lemma covers is decided with it, once for all of them. What a process that dies was at is done again, alone;
    if that one dies too, it is unknown (CRASHED). Proofs come back as records, from one job as from many.
    """
    asked, places = _asked(work)
    known = _known(asked, convention, ledger)
    unknown = sum(found is None for *_, found in known)
    with ExitStack() as open_now:
        crew = Crew(min(jobs, unknown), rules, convention, origin, staff, open_now)
        crew.begin(known, _keep_none if ledger is None else ledger.take)
        came: list[Came] = []
        for done, (piece, place) in enumerate(zip(work, places, strict=True), start=1):
            again = place < len(came)
            if not again:
                _awaited(crew.waits_for(place), ledger)
                came.append(crew.result(place))
            records = came[place].records
            for record in piece.covered(records) if isinstance(piece, RuleWork) and asked[place] is not piece else records:
                found = readmitted(replace(record, seconds=0.0) if again else record, came[place].source)
                yield replace(found, was_done_again=came[place].again)
            progress(done, len(work))


def _asked(work: Sequence[Work]) -> tuple[list[Work], list[int]]:
    """What is to be decided, each lemma once, and for each piece of work the place among that of what decides it."""
    asked: list[Work] = []
    places: list[int] = []
    lemmas: dict[LemmaWork, int] = {}
    for piece in work:
        # What a rules file says of shapes may raise: its worker will say so.
        covering = contained(piece.covering) if isinstance(piece, RuleWork) else None
        decides = covering if isinstance(covering, LemmaWork) else piece
        place = lemmas.setdefault(decides, len(asked)) if isinstance(decides, LemmaWork) else len(asked)
        places.append(place)
        if place == len(asked):
            asked.append(decides)
    return asked, places


def _awaited(each: Future[Any] | None, ledger: Ledger | None) -> None:
    """Wait for what is to come; what comes meanwhile is written."""
    while ledger is not None and each is not None and not each.done():
        ledger.write()
        wait([each], LATEST)


def _known(asked: Sequence[Work], convention: str, ledger: Ledger | None) -> list[Known]:
    """Each piece of work, its key, "" if it has none, and what the ledger knows of it.

    What decides is loaded, and looked at for its keys, only if the ledger does not know everything.
    """
    if ledger is None:
        return [(piece, "", None) for piece in asked]
    told = ledger.machinery_from_files()
    keys = Keys(convention, told)
    known = [_found(piece, keys, ledger) for piece in asked] if told else []
    if known and all(found is not None for *_, found in known):
        return known
    ours = ledger.machinery()
    if told and told == ours:
        return known
    keys = Keys(convention, ours)
    return [_found(piece, keys, ledger) for piece in asked]


def _found(piece: Work, keys: Keys, ledger: Ledger) -> Known:
    key = keys.of(piece)
    found = ledger.find(key, piece) if key else None
    return piece, key, None if found is None else Performed(found, "")


def _keep_none(_key: str, _records: Sequence[Record]) -> None:
    """Without a ledger."""
