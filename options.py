"""Options that several commands take."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from .arguments import Convention

Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output, and nothing else there.")]
Jobs = Annotated[int | None, typer.Option(min=1, help="Worker processes; one per CPU if not given.")]
ByConvention = Annotated[
    Convention, typer.Option("--convention", help="The derivatives declared at kinks: docs/conventions.md.")
]
RulesFile = Annotated[Path | None, typer.Option("--rules", metavar="FILE.py", help="Execute this file of rules first.")]

SinceRevision = Annotated[
    str | None, typer.Option("--since", metavar="REV", help="Say what changed since, and draw its graphs: docs/ledger.md.")
]
ClusterOf = Annotated[
    str | None, typer.Option("--executor", metavar="dask://HOST:PORT", help="Decide on a Dask cluster: docs/executors.md.")
]
Memory = Annotated[int | None, typer.Option("--memory", min=256, metavar="MIB", help="The most that each worker may hold.")]

LedgerFile = Annotated[Path | None, typer.Option("--ledger", metavar="FILE", help="Keep proofs here: docs/ledger.md.")]
NoLedger = Annotated[bool, typer.Option("--no-ledger", help="Decide everything in this run, and keep no proofs.")]


def processes(jobs: int | None) -> int:
    """How many worker processes: as asked, else one per CPU."""
    return (os.cpu_count() or 1) if jobs is None else jobs
