"""The command that plants faults and says which of them the checker sees."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Annotated

import typer

from . import __version__
from .arguments import BadInput, input_refused
from .faults.kind import Kind
from .options import Jobs, Json, processes
from .terminal import forking_progress, standard_output

if TYPE_CHECKING:
    from .faults.record import FaultsRecord
    from .faults.runs import Ask


def faults(
    *,
    kind: Annotated[list[Kind] | None, typer.Option(help="Only faults of this kind; may be given again.")] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="How many of each kind to draw; all that are usual.")] = None,
    seed: Annotated[int | None, typer.Option(min=0, max=2**63 - 1, help="Drawn and printed if not given.")] = None,
    jobs: Jobs = None,
    peers: Annotated[bool, typer.Option("--peers", help="Ask PyTorch, JAX and autograd about the same faults.")] = False,
    as_json: Json = False,
) -> int:
    """Plant faults, each in a process of its own, and check it; status 1 if one is not seen: docs/faults.md."""
    from .faults.runs import faults_judged
    from .faults.suite import SUITE
    from .reports.report import encode

    missing = [each.value for each in kind or () if each not in SUITE]
    if missing:
        raise BadInput(f"--kind {missing[0]}: it is not there; what is: {', '.join(SUITE) or 'none'}")
    chosen = [each for each in SUITE if kind is None or each in kind]
    drawn = secrets.randbelow(2**32) if seed is None else seed
    with standard_output() as output, forking_progress() as tell, input_refused():
        ask = _peers() if peers else None
        record = faults_judged(chosen, sample, drawn, processes(jobs), __version__, tell, ask)
        output.write(encode(record) if as_json else _text(record).encode())
    return record.status


def _peers() -> Ask:
    """Raises: MissingPeer, before any fault is judged."""
    from .faults.peers.asking import ask_peers
    from .faults.peers.checkers import require_peers

    require_peers()
    return ask_peers


def _text(record: FaultsRecord) -> str:
    from .faults.table import faults_text

    if record.peer_alarms is None:
        return faults_text(record)
    from .faults.peers.table import peers_text

    return f"{faults_text(record)}\n{peers_text(record.rows, record.peer_alarms)}"
