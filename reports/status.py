"""What a run means to a shell: only an explicit yes is 0."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line knows the statuses before it loads a solver
    from .report import Counts


class Status(IntEnum):
    """Exit statuses, the same for every command."""

    MET = 0
    REFUTED = 1
    BAD_INPUT = 2
    NOT_MET = 3
    CRASHED = 4
    NOTHING_OWED = 5
    INTERRUPTED = 130


def status_of(counts: Counts) -> Status:
    """The status of a run that came to its end."""
    if counts.refuted:
        return Status.REFUTED
    if counts.unmet or counts.unknown:
        return Status.NOT_MET
    if not counts.proved and not counts.tested:
        return Status.NOTHING_OWED
    return Status.MET
