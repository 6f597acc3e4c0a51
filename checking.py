"""A check: what was asked for decided, and its report made and kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path

from . import __version__
from .arguments import BadInput, input_refused
from .asked import asked_of, refuse_nameless
from .equivalence.generation.distribution import distribution
from .equivalence.ledger.ledger import Ledger, open_ledger
from .equivalence.obligations import Decided
from .equivalence.planning import plan
from .equivalence.request import Request
from .equivalence.rules_file import OUR_RULES, Rules, load_rules
from .equivalence.run import Plan, run
from .equivalence.workers import Staff
from .reports.assemble import NOTHING_SHOWN, Run, Shown, report_of, with_phases
from .reports.files import KEPT
from .reports.report import Asked, Report
from .terminal import checkout, complain, forget, make_folder, progress, put


def checked(request: Request, out: Path | None, ledger: Path | None) -> Report:
    """Decide what was asked for, or take it from a ledger, and keep the report if there is a folder for it."""
    began = time.perf_counter()
    with input_refused():
        refuse_nameless((*request.files, request.rules, out))
        if request.executor is not None and request.rules is not None:
            raise BadInput(f"--executor {request.executor} and --rules {request.rules} came, a rules file is executed here alone")
        rules = rules_of(request.rules)
        chosen = plan(request, rules)
        asked = asked_of(request, chosen)
        if out is not None:
            make_folder(out / "refutations", f"--out {out}")
            forget(out, KEPT)
    if out is None:
        return decided_report(request, chosen, asked, ledger, lambda _decided, _interrupted: NOTHING_SHOWN, began)[1]
    _decided, report = decided_report(request, chosen, asked, ledger, partial(_shown, chosen), began)
    _keep(report, out, rules)
    return report


def _shown(chosen: Plan, decided: Sequence[Decided], interrupted: bool) -> Shown:  # noqa: FBT001 - a fact, not an option
    """What the files of a report show; an interrupted run is not kept waiting for it."""
    from .equivalence.embedded import embedded
    from .equivalence.formulas import meanings

    ops = {each.obligation.op for each in decided}
    named = [*meanings(ops, chosen.convention)]
    return Shown(named, chosen.cases, None if interrupted else embedded(chosen, decided))


def _keep(report: Report, out: Path, rules: Rules) -> None:
    from .equivalence.source_lines import engine_lines, source_lines
    from .reports.kept import kept_files  # only what writes these files loads what makes them

    lines = source_lines(rules.tape) if rules.engine is None else engine_lines(rules.engine)
    put(out, kept_files(report, out.as_posix(), lines, checkout()))


def decided_report(
    request: Request,
    chosen: Plan,
    asked: Asked,
    ledger: Path | None,
    show: Callable[[Sequence[Decided], bool], Shown],
    began: float,
) -> tuple[list[Decided], Report]:
    """Everything that was planned, decided until it is done or interrupted, and the report of it."""
    planned = time.perf_counter()
    with _staff(request) as staff, progress() as tell, opened(ledger) as kept:
        decided, interrupted = _until_interrupted(run(chosen, tell, kept, staff))
    done = time.perf_counter()
    report = report_of(
        Run(
            version=__version__,
            seed=request.seed,
            rules=None if request.rules is None else request.rules.as_posix(),
            asked=asked,
            graphs=len(chosen.cases),
            jobs=request.jobs,
            generated=distribution([named.case for named in chosen.cases[len(request.files) :]]),
            decided=decided,
            interrupted=interrupted,
            seconds=done - planned,
            shown=show(decided, interrupted),
        )
    )
    phases = {"generating": planned - began, "deciding": done - planned, "reporting": time.perf_counter() - done}
    return decided, with_phases(report, phases)


def rules_of(file: Path | None) -> Rules:
    """What a rules file changed, once it is executed; ours without one."""
    return OUR_RULES if file is None else load_rules(file)


def opened(ledger: Path | None) -> AbstractContextManager[Ledger | None]:
    """The ledger in a file, if there is to be one."""
    return nullcontext() if ledger is None else open_ledger(ledger, complain)


@contextmanager
def _staff(request: Request) -> Iterator[Staff]:
    """Who decides: processes with limits, or the cluster that was named."""
    if request.executor is None:
        yield Staff(request.memory)
        return
    from .equivalence.elsewhere.cluster import cluster

    with ExitStack() as connected:
        with input_refused():
            found = connected.enter_context(cluster(request.executor))
        yield Staff(request.memory, found)


def _until_interrupted(run_of: Iterable[Decided]) -> tuple[list[Decided], bool]:
    """What was decided until the end or an interruption, and whether there was one."""
    decided: list[Decided] = []
    try:
        for each in run_of:
            decided.append(each)  # noqa: PERF402 - an interruption must leave what came before it
    except KeyboardInterrupt:
        return decided, True
    return decided, False
