"""What the commands beside `check` do once their arguments are read: input refused, work decided, a record made."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .arguments import Solver, input_refused
from .asked import asked_of, refuse_changed, request_again
from .checking import decided_report, opened, rules_of
from .equivalence.adapters.rerun import rerun_by
from .equivalence.admission import accept, admit
from .equivalence.coverage import ir_coverage, session_coverage
from .equivalence.declared import declared
from .equivalence.engine.theorem import theorem
from .equivalence.graphs.rerun import rerun
from .equivalence.kernel.numbers.exact import Undecidable
from .equivalence.obligations import Decided
from .equivalence.op_table import op_table, prove
from .equivalence.planning import every_op, plan
from .equivalence.rules_file import OUR_RULES
from .equivalence.second_opinion import SOLVER, Ask, Form, forms_of, second_opinions, smt2_texts
from .ir.exchange import read_case
from .ir.graph import BackproofError, Shape
from .reports.assemble import NOTHING_SHOWN
from .reports.conventions import ConventionsRecord, conventions_record
from .reports.files import file_names
from .reports.ops import OpsRecord, ops_record
from .reports.proving import ProvingRecord, proving_record
from .reports.recheck import Opinions, Recheck, read_report, recheck_record
from .reports.replayed import Replayed, replayed, undecided
from .reports.theorem import TheoremRecord, theorem_record
from .terminal import make_folder, progress, put


def rechecked(file: Path, rules: Path | None, jobs: int, solver: Solver | None, export: Path | None) -> Recheck:
    """Decide the claims of a kept report again; with a solver, ask it what the proofs asked theirs."""
    began = time.perf_counter()
    with input_refused():
        kept = read_report(file)
        request = request_again(kept, file, rules, jobs)
        chosen = plan(request, rules_of(rules))
        asked = asked_of(request, chosen)
        refuse_changed(kept, asked, file)
        if export is not None:
            make_folder(export, f"--export {export}")
    decided, again = decided_report(request, chosen, asked, None, lambda _decided, _interrupted: NOTHING_SHOWN, began)
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


def proved(
    op: str, shapes: Sequence[Shape] | None, attributes: dict[str, Any], rules: Path | None, convention: str
) -> ProvingRecord:
    """Decide the rule of one op, at these shapes or at every instance."""
    began = time.perf_counter()
    with progress() as tell:
        with input_refused():
            rules_of(rules)
            if shapes is not None:
                accept(op, shapes, attributes)
            proving = prove(op, shapes, attributes, rules, convention, tell)
        return proving_record(op, list(proving), time.perf_counter() - began)


def tabled(rules: Path | None, jobs: int, convention: str, ledger: Path | None) -> OpsRecord:
    """Decide the rule of every op."""
    with input_refused():
        rules_of(rules)
    began = time.perf_counter()
    with progress() as tell, opened(ledger) as kept:
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
        loaded = rules_of(rules)
        case = read_case(file)
        admit(case, file.as_posix())
    try:
        sides = rerun(case, loaded.tape, convention) if loaded.engine is None else rerun_by(loaded.engine, case, convention)
        return replayed(sides, len(case.graph.leaves))
    except (BackproofError, Undecidable) as error:
        return undecided(str(error))
