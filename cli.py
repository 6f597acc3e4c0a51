"""The command line: arguments in, exit status out.

What each status means is in `reports/status.py`; docs/exit_status.md explains it.
"""

from __future__ import annotations

import os
import secrets
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import version as installed
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from . import __version__
from .ir.graph import BackproofError
from .reports.status import Status
from .terminal import complain, keep, make_folder, progress, standard_output

if TYPE_CHECKING:  # commands load the solvers themselves, so that --version and errors are quick
    from .equivalence.obligations import Decided
    from .equivalence.planning import Request
    from .equivalence.run import Plan
    from .reports.replayed import Replayed
    from .reports.report import Report

SOLVERS = ("z3-solver", "cvc5", "python-flint", "sympy")
TRACEBACK = "BACKPROOF_TRACEBACK"
"""The environment variable that shows where an internal error came from."""

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]
RulesFile = Annotated[Path | None, typer.Option("--rules", metavar="FILE.py", help="Execute this file of rules first.")]


class BadInput(typer.TyperException):
    """Something asked for that cannot be checked; said in one line before any work is done."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; whatever happens, the result is an exit status and never a traceback."""
    try:
        return app(args=arguments, prog_name="backproof", standalone_mode=False) or 0
    except typer.TyperException as error:
        complain(error.format_message())
        return Status.BAD_INPUT
    except (KeyboardInterrupt, typer.Abort):
        complain("interrupted before anything was decided")
        return Status.INTERRUPTED
    # The border of the program: a crash is one line and a status of its own, whatever it was.
    except Exception as error:  # noqa: BLE001
        if TRACEBACK in os.environ:
            traceback.print_exc()
        complain(f"internal error: {type(error).__name__}: {error} ({TRACEBACK}=1 shows where)")
        return Status.CRASHED


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    *,
    version: Annotated[bool, typer.Option("--version", help="Name the version and its solvers.")] = False,
) -> None:
    """Decide whether reverse-mode automatic differentiation computes the gradients that mathematics defines."""
    if version:
        typer.echo(_version())
        raise typer.Exit
    if context.invoked_subcommand is None:
        raise BadInput("a command was needed: check, theorem, prove, ops or replay; see backproof --help")


@app.command()
def check(
    files: Annotated[list[Path] | None, typer.Argument(metavar="GRAPH.json")] = None,
    *,
    graphs: Annotated[int | None, typer.Option(min=0, help="How many graphs to generate.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Drawn and printed if not given.")] = None,
    ops: Annotated[str | None, typer.Option(metavar="A,B", help="Only the rules of these ops.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="Worker processes; one per CPU if not given.")] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Keep the report and its refutations here.")] = None,
    rules: RulesFile = None,
    as_json: Json = False,
) -> int:
    """Check the theorem, the rules of every op and 100 generated graphs; or the graphs given and the ops they use."""
    from .equivalence.planning import Request
    from .reports.files import refutation_files
    from .reports.report import encode
    from .reports.summary import summary

    request = Request(
        files=tuple(files or ()),
        graphs=graphs,
        seed=secrets.randbelow(2**32) if seed is None else seed,
        ops=None if ops is None else _listed(ops),
        jobs=(os.cpu_count() or 1) if jobs is None else jobs,
        rules=rules,
    )
    with standard_output() as output:
        report = _checked(request, out)
        if out is not None:
            keep(out, encode(report), refutation_files(report))
        folder = None if out is None else out.as_posix()
        output.write(encode(report) if as_json else summary(report, folder).encode())
    return report.status


@app.command()
def theorem(*, as_json: Json = False) -> int:
    """Prove by two solvers that the reverse loop is the recursion on every graph, and refute faulty loops."""
    from .equivalence import engine
    from .equivalence.rules_file import OUR_RULES
    from .reports.report import encode
    from .reports.theorem import theorem_record, theorem_text

    began = time.perf_counter()
    with standard_output() as output:
        decided = engine.theorem(OUR_RULES.tape)
        record = theorem_record(decided.lemmas, decided.broken, time.perf_counter() - began)
        output.write(encode(record) if as_json else theorem_text(record).encode())
    return record.status


@app.command()
def replay(
    file: Annotated[Path, typer.Argument(metavar="GRAPH.json", help="A graph file, such as a kept refutation.")],
    *,
    rules: RulesFile = None,
    as_json: Json = False,
) -> int:
    """Run one case on both sides in exact arithmetic and show every value; status 1 if they differ."""
    from .reports.replayed import replay_text
    from .reports.report import encode

    with standard_output() as output:
        record = _replayed(file, rules)
        output.write(encode(record) if as_json else replay_text(record).encode())
    return record.status


def _replayed(file: Path, rules: Path | None) -> Replayed:
    from .equivalence.admission import admit
    from .equivalence.kernel.scalars.exact import Undecidable
    from .equivalence.replay import exact_semantics
    from .equivalence.replay import replay as both_sides
    from .equivalence.rules_file import OUR_RULES, load_rules
    from .ir.exchange import read_case
    from .reports.replayed import replayed, undecided

    with _input_refused():
        tape = (OUR_RULES if rules is None else load_rules(rules)).tape
        case = read_case(file)
        admit(case, file.as_posix())
    try:
        return replayed(both_sides(case, tape, exact_semantics()), len(case.graph.leaves))
    except (BackproofError, Undecidable) as error:
        return undecided(str(error))


def _checked(request: Request, out: Path | None) -> Report:
    from .equivalence.distribution import distribution
    from .equivalence.planning import plan
    from .equivalence.rules_file import OUR_RULES, load_rules
    from .reports.assemble import Run, report_of

    began = time.perf_counter()
    with _input_refused():
        chosen = plan(request, OUR_RULES if request.rules is None else load_rules(request.rules))
        if out is not None:
            make_folder(out)
    decided, interrupted = _decided(chosen)
    return report_of(
        Run(
            version=__version__,
            seed=request.seed,
            rules=None if request.rules is None else request.rules.as_posix(),
            graphs=len(chosen.cases),
            jobs=request.jobs,
            generated=distribution([named.case for named in chosen.cases[len(request.files) :]]),
            decided=decided,
            interrupted=interrupted,
            seconds=time.perf_counter() - began,
        )
    )


def _decided(chosen: Plan) -> tuple[list[Decided], bool]:
    """What was decided until the end or an interruption, and whether there was one."""
    from .equivalence.run import run

    decided: list[Decided] = []
    try:
        with progress() as tell:
            for verdict in run(chosen, tell):
                decided.append(verdict)  # noqa: PERF402 - an interruption must leave what came before it
    except KeyboardInterrupt:
        return decided, True
    return decided, False


@contextmanager
def _input_refused() -> Iterator[None]:
    """While input is read, our errors are the user's to mend; later they would be ours."""
    try:
        yield
    except BackproofError as error:
        raise BadInput(str(error)) from error


def _listed(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise BadInput(f"--ops {text!r}: a name is empty, names with commas between them were needed")
    return names


def _version() -> str:
    solvers = ", ".join(f"{name} {installed(name)}" for name in SOLVERS)
    return f"backproof {__version__} ({solvers})"
