"""Processes of this machine that do pieces of work, each with limits of its own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .origin import Origin, context_of
from .rules_file import load_rules


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does the work: processes of this machine with so much memory each, all that there is if None; or a cluster.

    Units: MiB.
    """

    memory: int | None = None
    cluster: Executor | None = None


OUR_OWN = Staff()


@contextmanager
def workers(
    jobs: int, rules: Path | None, origin: Origin = Origin.SERVER, memory: int | None = None
) -> Iterator[ProcessPoolExecutor]:
    """Processes with the user's rules loaded; what is still waiting at the end is dropped."""
    others = set(multiprocessing.active_children())
    context = context_of(origin if rules is None else Origin.SERVER)  # a rules file is executed once in each process
    executor = ProcessPoolExecutor(max(jobs, 1), mp_context=context, initializer=_prepare, initargs=(rules, memory))
    finished = False
    try:
        yield executor
        finished = True
    finally:
        # Whoever interrupts a run does not wait for the pieces that its workers are at.
        for worker in () if finished else set(multiprocessing.active_children()) - others:
            worker.terminate()
        executor.shutdown(wait=True, cancel_futures=True)


def _prepare(rules: Path | None, memory: int | None) -> None:
    """Make a worker ready: its limits, the user's rules, no interruption of its own, and no life beyond its parent's."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_outlive_no_parent, daemon=True).start()
    if sys.platform == "linux":
        _limit(memory, anybodys=rules is not None)
    if rules is not None:
        load_rules(rules)


def _limit(memory: int | None, *, anybodys: bool) -> None:
    """No more memory than was asked for, or than there is; and no file of what it held if it dies."""
    import resource

    most = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") if memory is None else memory * 2**20
    if memory is None and anybodys:  # what somebody's engine maps and does not use, as for other devices, may be more
        most = resource.RLIM_INFINITY
    for kind, limit in ((resource.RLIMIT_AS, most), (resource.RLIMIT_CORE, 0)):
        _soft, hard = resource.getrlimit(kind)
        allowed = hard if limit == resource.RLIM_INFINITY else limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (allowed, hard))


def _outlive_no_parent() -> None:
    """A run that was killed cannot stop its workers; each watches for that itself."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
