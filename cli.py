"""The command line: arguments in, exit status out.

What each status means is in `reports/status.py`; docs/exit_status.md explains it. Commands import what they run, so that
`--version`, `--help` and wrong usage load no solver.
"""

from __future__ import annotations

import os
import secrets
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from .arguments import BadInput, Convention, Solver, parse_attributes, parse_names, parse_shape
from .comparing import diff
from .equivalence.caught import Caught, caught
from .options import (
    ByConvention,
    ClusterOf,
    Jobs,
    Json,
    LedgerFile,
    Memory,
    NoLedger,
    RulesFile,
    SinceRevision,
    processes,
)  # fmt: skip
from .planting import faults
from .reports.status import Status
from .terminal import complain, standard_output
from .the_theorem import theorem
from .usage import examples
from .versions import version_line

TRACEBACK = "BACKPROOF_TRACEBACK"
"""The environment variable that shows where an internal error came from."""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; whatever happens, the result is an exit status and never a traceback."""
    own = arguments is None  # the process runs this command and nothing else
    try:
        came = caught(lambda: app(args=arguments, prog_name="backproof", standalone_mode=False, obj=own) or 0)
    except KeyboardInterrupt:
        complain("interrupted before anything was decided")
        return Status.INTERRUPTED
    return _status_of(came.error) if isinstance(came, Caught) else came


def _status_of(error: Exception) -> int:
    """The status of a run that raised, and one line about it: the border of the program."""
    if isinstance(error, typer.TyperException):
        complain(error.format_message())
        return Status.BAD_INPUT
    if isinstance(error, typer.Abort):
        complain("interrupted before anything was decided")
        return Status.INTERRUPTED
    if _began_as_interrupt(error):  # what an interrupt breaks on its way out is no crash
        complain("interrupted")
        return Status.INTERRUPTED
    if TRACEBACK in os.environ:
        traceback.print_exception(error)
    complain(f"internal error: {type(error).__name__}: {error} ({TRACEBACK}=1 shows where)")
    return Status.CRASHED


def _began_as_interrupt(error: BaseException | None) -> bool:
    """Whether an interrupt from the keyboard is among what an error came of."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__cause__ or error.__context__
    return error is not None


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Name the version and its solvers.")] = False,
) -> None:
    """Decide whether reverse-mode automatic differentiation computes the gradients that mathematics defines."""
    if version:
        typer.echo(version_line())
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise BadInput("a command was needed: check, theorem, prove, ops, conventions, replay, recheck, diff or faults; see backproof --help")


@app.command(epilog=examples("check"))
def check(
    context: typer.Context,
    files: Annotated[list[Path] | None, typer.Argument(metavar="GRAPH.json")] = None,
    *,
    graphs: Annotated[int | None, typer.Option(min=0, help="How many graphs to generate.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Drawn and printed if not given.")] = None,
    ops: Annotated[str | None, typer.Option(metavar="A,B", help="Only the rules of these ops.")] = None,
    jobs: Jobs = None,
    executor: ClusterOf = None,
    memory: Memory = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the report and its refutations here.")] = None,
    rules: RulesFile = None,
    convention: ByConvention = Convention.TORCHLEAN,
    since: SinceRevision = None,
    ledger: LedgerFile = None,
    no_ledger: NoLedger = False,
    as_json: Json = False,
) -> int:
    """Check the theorem, the rules of every op and 100 generated graphs; or the graphs given and the ops they use."""
    from .answering import answered, chosen_ledger
    from .equivalence.origin import Origin
    from .equivalence.request import Request
    from .reports.report import encode
    from .reports.summary import summary
    from .since import base_of, with_change

    base = None if since is None else base_of(since, without=no_ledger)
    drawn = secrets.randbelow(2**32) if base is None else base.seed
    request = Request(
        files=tuple(files or ()),
        graphs=graphs,
        seed=drawn if seed is None else seed,
        ops=None if ops is None else parse_names(ops),
        jobs=processes(jobs),
        rules=rules,
        convention=convention,
        origin=Origin.HERE if context.obj else Origin.SERVER, executor=executor, memory=memory,
    )
    with standard_output() as output:
        place = chosen_ledger(ledger, without=no_ledger)
        report = with_change(answered(request, out, place), base, request)
        output.write(encode(report) if as_json else summary(report, _named(out), _named(place)).encode())
    return report.status


@app.command(epilog=examples("prove"))
def prove(
    op: Annotated[str, typer.Argument(metavar="OP", help="The op, as `backproof ops` names it.")],
    *,
    shape: Annotated[list[str] | None, typer.Option(metavar="2,3", help="One for each input; () for a number.")] = None,
    attribute: Annotated[list[str] | None, typer.Option(metavar="NAME=JSON", help="For example axis=1.")] = None,
    rules: RulesFile = None,
    convention: ByConvention = Convention.TORCHLEAN,
    as_json: Json = False,
) -> int:
    """Prove the rule of one op, at the shapes given or at every instance, and say what each proof rests on."""
    from .reports.proving import proving_text
    from .reports.report import encode
    from .runs import proved

    shapes = None if shape is None else tuple(map(parse_shape, shape))
    attributes = parse_attributes(attribute or ())
    with standard_output() as output:
        record = proved(op, shapes, attributes, rules, convention)
        output.write(encode(record) if as_json else proving_text(record).encode())
    return record.status


@app.command(epilog=examples("ops"))
def ops(
    *,
    rules: RulesFile = None,
    jobs: Jobs = None,
    convention: ByConvention = Convention.TORCHLEAN,
    ledger: LedgerFile = None,
    no_ledger: NoLedger = False,
    as_json: Json = False,
) -> int:
    """List every op with its domain and kinks, and decide its rule at every instance."""
    from .answering import chosen_ledger
    from .reports.ops import ops_text
    from .reports.report import encode
    from .runs import tabled

    with standard_output() as output:
        place = chosen_ledger(ledger, without=no_ledger)
        record = tabled(rules, processes(jobs), convention, place)
        output.write(encode(record) if as_json else ops_text(record, _named(place)).encode())
    return record.status


@app.command(epilog=examples("conventions"))
def conventions(*, as_json: Json = False) -> int:
    """List the derivative that each convention declares at each kink, and where they differ."""
    from .reports.conventions import conventions_text
    from .reports.report import encode
    from .runs import declared_at_kinks

    with standard_output() as output:
        record = declared_at_kinks()
        output.write(encode(record) if as_json else conventions_text(record).encode())
    return Status.MET


app.command(epilog=examples("theorem"))(theorem)


@app.command(epilog=examples("replay"))
def replay(
    file: Annotated[Path, typer.Argument(metavar="GRAPH.json", help="A graph file, such as a kept refutation.")],
    *,
    rules: RulesFile = None,
    convention: ByConvention = Convention.TORCHLEAN,
    as_json: Json = False,
) -> int:
    """Run one case on both sides in exact arithmetic and show every value; status 1 if they differ."""
    from .reports.replayed import replay_text
    from .reports.report import encode
    from .runs import seen_again

    with standard_output() as output:
        record = seen_again(file, rules, convention)
        output.write(encode(record) if as_json else replay_text(record).encode())
    return record.status


@app.command(epilog=examples("recheck"))
def recheck(
    file: Annotated[Path, typer.Argument(metavar="REPORT.json", help="A report kept by `backproof check --out`.")],
    *,
    rules: RulesFile = None,
    jobs: Jobs = None,
    solver: Annotated[Solver | None, typer.Option(help="Ask this solver what the proofs asked theirs.")] = None,
    export: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep those questions here, as .smt2 files.")] = None,
    as_json: Json = False,
) -> int:
    """Decide every claim of a kept report again and compare; a verdict that is another now is an error, status 4."""
    from .reports.recheck import recheck_text
    from .reports.report import encode
    from .runs import rechecked

    with standard_output() as output:
        record = rechecked(file, rules, processes(jobs), solver, export)
        output.write(encode(record) if as_json else recheck_text(record).encode())
    if record.disagreements:
        complain(f"{file}: answers disagree: {len(record.disagreements)}, the first on {record.disagreements[0].id}")
    return record.status


app.command(epilog=examples("diff"))(diff)
app.command(epilog=examples("faults"))(faults)


def _named(path: Path | None) -> str | None:
    return None if path is None else path.as_posix()
