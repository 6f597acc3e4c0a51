"""Where the answer of `backproof check` comes from: a ledger that holds this very run, or deciding it.

A run that a ledger holds whole is answered before anything that decides is loaded.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

from . import __version__
from .arguments import BadInput
from .equivalence.ledger.installation import at_start
from .equivalence.ledger.place import users_ledger
from .equivalence.ledger.store import Store, peek
from .equivalence.ledger.whole import key_of_run, still_has
from .equivalence.origin import Origin
from .equivalence.request import Request
from .ir.collector import collector_waits
from .reports.report import Report
from .reports.whole import given_again, may_be_kept, packed, unpacked
from .terminal import complain


def chosen_ledger(file: Path | None, *, without: bool) -> Path | None:
    """The file named, else the user's own, which is made ready; None without one."""
    if without and file is not None:
        raise BadInput(f"--ledger {file} and --no-ledger came, one of them was needed")
    if without:
        return None
    at_start()  # before anything that decides is loaded
    return users_ledger(os.environ, complain) if file is None else file


def answered(request: Request, out: Path | None, ledger: Path | None) -> Report:
    """The report of what was asked for; only the command's own process is answered by an earlier run.

    Not if it is kept in a folder, for a report there shows more than its rows.
    """
    began = time.perf_counter()
    key = "" if ledger is None or out is not None or request.origin is not Origin.HERE else key_of_run(request)
    kept = None if ledger is None or not key else _kept(request, ledger, key)
    if kept is not None:
        return given_again(kept, request.seed, time.perf_counter() - began, request.jobs)
    with collector_waits():  # what is loaded stays
        from .checking import checked

    report = checked(request, out, ledger)
    if ledger is not None and key and may_be_kept(report) and still_has(request, key):
        store = Store(ledger, complain)
        store.put([(key, packed(report))])
        store.close()
    return report


def _kept(request: Request, ledger: Path, key: str) -> Report | None:
    """The report of an earlier run of just this; None without one."""
    body = peek(ledger, key)
    report = None if body is None else unpacked(body)
    return report if report is not None and _is_of(report, request) else None


def _is_of(report: Report, request: Request) -> bool:
    """Whether a report says that just this was asked for."""
    asked = report.asked
    said = (report.version, list(asked.files), asked.graphs, asked.ops, asked.convention, asked.rules_sha256)
    files = [file.as_posix() for file in request.files]
    drawn_alike = report.seed == request.seed or not request.drawn
    return said == (__version__, files, request.graphs, request.ops, request.convention, None) and drawn_alike
