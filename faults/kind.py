"""Where faults come from; it imports nothing, so that the command line knows it before it loads a solver."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """Where a fault comes from, as `--kind` names it."""

    MUTANT = "mutants"
    """A change of the syntax tree of the shipped runtime."""

    SESSION = "session"
    """A change of the syntax tree of the session, its refusals too, which the test suite holds and not the check."""

    PLANTED = "planted"
    """A wrong rule of a class that people are known to write."""

    HISTORICAL = "history"
    """A bug that an engine once had, at its own op."""

    JUDGE = "judges"
    """A fault in the checker itself."""
