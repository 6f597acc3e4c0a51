"""What a run was asked for: said in its report, and asked again from there."""

from __future__ import annotations

import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from .equivalence.request import Request
from .equivalence.rules_file import RulesError
from .equivalence.run import NamedCase, Plan
from .ir.exchange import case_document
from .ir.graph import BackproofError
from .reports.recheck import ReportError
from .reports.report import Asked, Report


class PathError(BackproofError):
    """A path that is no text."""


def refuse_nameless(paths: Iterable[Path | None]) -> None:
    """Refuse paths that no report can name, before any work is done.

    Raises: PathError.
    """
    for path in paths:
        try:
            str(path).encode()
        except UnicodeEncodeError as error:
            raise PathError(f"{str(path)!a}: not UTF-8, a path that a report can name was needed") from error


def asked_of(request: Request, chosen: Plan) -> Asked:
    """What was asked for, with a digest of every file that was read."""
    given = chosen.cases[: len(request.files)]
    return Asked(
        files={named.name: _digest_of_case(named) for named in given},
        graphs=request.graphs,
        ops=request.ops,
        convention=request.convention,
        rules_sha256=None if request.rules is None else _digest_of_file(request.rules),
    )


def request_again(kept: Report, file: Path, rules: Path | None, jobs: int) -> Request:
    """The request of the run that made the report in a file.

    A report never causes a file to be executed: its rules file is given again, and must be the same.
    Raises: ReportError if it is not, or the run was interrupted; RulesError if it cannot be read.
    """
    if kept.interrupted:
        raise ReportError(f"{file}: its run was interrupted, a report of a whole run was needed")
    if kept.rules is None and rules is not None:
        raise ReportError(f"{file}: it was made without a rules file, but --rules {rules} came")
    if kept.rules is not None and rules is None:
        raise ReportError(f"{file}: it was made with rules, which no report executes: --rules {kept.rules} was needed")
    if rules is not None and _digest_of_file(rules) != kept.asked.rules_sha256:
        raise ReportError(f"{file}: the rules file {rules} is not, or no longer, the one it was made with")
    files = tuple(map(Path, kept.asked.files))
    return Request(files, kept.asked.graphs, kept.seed, kept.asked.ops, jobs, rules, kept.asked.convention)


def refuse_changed(kept: Report, now: Asked, file: Path) -> None:
    """Refuse a report whose graph files say something else now.

    Raises: ReportError.
    """
    for name, digest in kept.asked.files.items():
        if digest != now.files.get(name):
            raise ReportError(f"{file}: the graph file {name} has changed since it was made")


def _digest_of_case(named: NamedCase) -> str:
    """Of what the graph file says, values in an .npz included, however it is laid out."""
    return sha256(json.dumps(case_document(named.case), sort_keys=True).encode()).hexdigest()


def _digest_of_file(rules: Path) -> str:
    try:
        return sha256(rules.read_bytes()).hexdigest()
    except OSError as error:
        raise RulesError(f"{rules}: {error.strerror}, a readable rules file was needed") from error
