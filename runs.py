"""What the commands do once their arguments are read: input refused, work decided, a record made."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

from . import __version__
from .arguments import BadInput, Solver, input_refused
from .asked import asked_of, refuse_changed, refuse_nameless, request_again
from .equivalence.adapters.rerun import rerun_by
from .equivalence.admission import accept, admit
from .equivalence.coverage import ir_coverage, session_coverage
from .equivalence.declared import declared
from .equivalence.elsewhere.cluster import cluster
from .equivalence.engine.theorem import theorem
from .equivalence.generation.distribution import distribution
from .equivalence.graphs.rerun import rerun
from .equivalence.kernel.numbers.exact import Undecidable
from .equivalence.ledger.ledger import Ledger, open_ledger
from .equivalence.obligations import Decided
from .equivalence.op_table import op_table, prove
from .equivalence.planning import every_op, plan
from .equivalence.request import Request
from .equivalence.rules_file import OUR_RULES, Rules, load_rules
from .equivalence.run import Plan, run
from .equivalence.second_opinion import SOLVER, Ask, Form, forms_of, second_opinions, smt2_texts
from .equivalence.source_lines import engine_lines, source_lines
from .equivalence.workers import Staff
from .ir.exchange import read_case
from .ir.graph import BackproofError, Shape
from .reports.assemble import NOTHING_SHOWN, Run, Shown, report_of, with_phases
from .reports.conventions import ConventionsRecord, conventions_record
from .reports.files import KEPT, file_names
from .reports.ops import OpsRecord, ops_record
from .reports.proving import ProvingRecord, proving_record
from .reports.recheck import Opinions, Recheck, read_report, recheck_record
from .reports.replayed import Replayed, replayed, undecided
from .reports.report import Asked, Report
from .reports.theorem import TheoremRecord, theorem_record
from .terminal import checkout, complain, forget, make_folder, progress, put


def checked(request: Request, out: Path | None, ledger: Path | None) -> Report:
    """Decide what was asked for, or take it from a ledger, and keep the report if there is a folder for it."""
    began = time.perf_counter()
    with input_refused():
        refuse_nameless((*request.files, request.rules, out))
        if request.executor is not None and request.rules is not None:
            raise BadInput(f"--executor {request.executor} and --rules {request.rules} came, a rules file is executed here alone")
        rules = _rules(request.rules)
        chosen = plan(request, rules)
        asked = asked_of(request, chosen)
        if out is not None:
            make_folder(out / "refutations", f"--out {out}")
            forget(out, KEPT)
    if out is None:
        return _run(request, chosen, asked, ledger, lambda _decided, _interrupted: NOTHING_SHOWN, began)[1]
    _decided, report = _run(request, chosen, asked, ledger, partial(_shown, chosen), began)
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
    from .reports.kept import kept_files  # only what writes these files loads what makes them

    lines = source_lines(rules.tape) if rules.engine is None else engine_lines(rules.engine)
    put(out, kept_files(report, out.as_posix(), lines, checkout()))


def rechecked(file: Path, rules: Path | None, jobs: int, solver: Solver | None, export: Path | None) -> Recheck:
    """Decide the claims of a kept report again; with a solver, ask it what the proofs asked theirs."""
    began = time.perf_counter()
    with input_refused():
        kept = read_report(file)
        request = request_again(kept, file, rules, jobs)
        chosen = plan(request, _rules(rules))
        asked = asked_of(request, chosen)
        refuse_changed(kept, asked, file)
        if export is not None:
            make_folder(export, f"--export {export}")
    decided, again = _run(request, chosen, asked, None, lambda _decided, _interrupted: NOTHING_SHOWN, began)
    asking = Ask.NO if solver is None else Ask.YES
    nobody = again.interrupted or (solver is None and export is None)
    forms = () if nobody else tuple(forms_of(chosen, asking))
    opinions = None if solver is None else Opinions(SOLVER, second_opinions(decided), forms)
    return recheck_record(kept, again, opinions, None if export is None else _exported(decided, forms, export))


def _exported(decided: Sequence[Decided], forms: Sequence[Form], folder: Path) -> int:
    """How many SMT-LIB files were written."""
    texts = smt2_texts(decided, {form.id: form for form in forms})
    put(folder, ((name, texts[each].encode()) for each, name in file_names(texts, "smt2").items()))
    return len(texts)


def _run(
    request: Request,
    chosen: Plan,
    asked: Asked,
    ledger: Path | None,
    show: Callable[[Sequence[Decided], bool], Shown],
    began: float,
) -> tuple[list[Decided], Report]:
    planned = time.perf_counter()
    with _staff(request) as staff, progress() as tell, _opened(ledger) as kept:
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


def proved(
    op: str, shapes: Sequence[Shape] | None, attributes: dict[str, Any], rules: Path | None, convention: str
) -> ProvingRecord:
    """Decide the rule of one op, at these shapes or at every instance."""
    began = time.perf_counter()
    with progress() as tell:
        with input_refused():
            _rules(rules)
            if shapes is not None:
                accept(op, shapes, attributes)
            proving = prove(op, shapes, attributes, rules, convention, tell)
        return proving_record(op, list(proving), time.perf_counter() - began)


def tabled(rules: Path | None, jobs: int, convention: str, ledger: Path | None) -> OpsRecord:
    """Decide the rule of every op."""
    with input_refused():
        _rules(rules)
    began = time.perf_counter()
    with progress() as tell, _opened(ledger) as kept:
        table = list(op_table(every_op(), jobs, rules, convention, tell, kept))
    return ops_record(table, session_coverage(), ir_coverage(), jobs, time.perf_counter() - began)


def declared_at_kinks() -> ConventionsRecord:
    """What each convention declares at each kink."""
    return conventions_record(declared())


def theorem_decided() -> TheoremRecord:
    """Decide the theorem for the tape that ships."""
    began = time.perf_counter()
    decided = theorem(OUR_RULES.tape)
    return theorem_record(decided.lemmas, decided.broken, time.perf_counter() - began)


def seen_again(file: Path, rules: Path | None, convention: str) -> Replayed:
    """Run the case in a file on both sides."""
    with input_refused():
        loaded = _rules(rules)
        case = read_case(file)
        admit(case, file.as_posix())
    try:
        sides = rerun(case, loaded.tape, convention) if loaded.engine is None else rerun_by(loaded.engine, case, convention)
        return replayed(sides, len(case.graph.leaves))
    except (BackproofError, Undecidable) as error:
        return undecided(str(error))


def _rules(file: Path | None) -> Rules:
    return OUR_RULES if file is None else load_rules(file)


def _opened(ledger: Path | None) -> AbstractContextManager[Ledger | None]:
    return nullcontext() if ledger is None else open_ledger(ledger, complain)


@contextmanager
def _staff(request: Request) -> Iterator[Staff]:
    """Who decides: processes with limits, or the cluster that was named."""
    if request.executor is None:
        yield Staff(request.memory)
        return
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
