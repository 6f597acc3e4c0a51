"""Where worker processes come from."""

from __future__ import annotations

import multiprocessing
import sys
from enum import Enum, auto
from multiprocessing.context import ForkContext, ForkServerContext


class Origin(Enum):
    """What a worker process is forked from."""

    SERVER = auto()
    """A process that loads everything again: nothing that was changed in this one is in a worker."""

    HERE = auto()
    """This process, which must be the checker's own: its workers need not load anything."""


def context_of(origin: Origin) -> ForkContext | ForkServerContext:
    """How to start workers; from a server where this process cannot be forked."""
    if origin is Origin.HERE and _can_be_forked():
        return multiprocessing.get_context("fork")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([f"{__package__}.run", f"{__package__}.deciders"])
    return context


def _can_be_forked() -> bool:
    """Whether no other thread may hold a lock that a fork would wait for; elsewhere than on Linux libraries have theirs."""
    return sys.platform == "linux" and len(sys._current_frames()) == 1
