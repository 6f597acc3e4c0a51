"""What the command does once its arguments are read: faults drawn, judged, and a record made."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from .fault import Fault, Judged
from .judging import Progress
from .kind import Kind
from .record import FaultsRecord, PeersSaid, faults_record
from .suite import SUITE

Ask = Callable[[Sequence[Fault], int, int, Progress], PeersSaid]
"""Asks the peers about faults, by so many processes, with a seed."""


def faults_judged(
    kinds: Sequence[Kind], sample: int | None, seed: int, jobs: int, version: str, progress: Progress, ask: Ask | None
) -> FaultsRecord:
    """Draw faults of each kind, `sample` of each at most, and judge them; an interruption leaves what came before."""
    began = time.perf_counter()
    came: list[Judged] = []
    interrupted, said = False, None
    try:
        for kind in kinds:
            drawn, judge = SUITE[kind]
            for each in judge(drawn(sample, seed), jobs, seed, progress):
                came.append(each)  # noqa: PERF402 - an interruption must leave what came before it
        said = None if ask is None else ask([each.fault for each in came], jobs, seed, progress)
    except KeyboardInterrupt:
        interrupted = True
    return faults_record(came, said, version, seed, jobs, time.perf_counter() - began, interrupted=interrupted)
