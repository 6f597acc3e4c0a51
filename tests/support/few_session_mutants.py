"""A few mutants of the session, judged, and printed as lines: id, outcome, by. A script, because it forks a process without threads."""

from __future__ import annotations

import sys
from pathlib import Path

from backproof.equivalence.rules_file import OUR_RULES
from backproof.faults import own_tests
from backproof.faults.fault import Fault, Judged
from backproof.faults.kind import Kind
from backproof.faults.session import mutants

SAMPLE, SEED = 4, 1
NOTHING = Fault("session/nothing", Kind.SESSION, "", "nothing", lambda: OUR_RULES, "")


def main() -> None:
    """Judge and print; then the first with a test in the place of the session's that is nowhere, and without a checkout."""
    faults = (NOTHING, *mutants.drawn(SAMPLE, SEED))
    for each in mutants.judged(faults, 1, SEED, lambda *_: None):
        _say(each)
    mutants.TESTS = ("test_session.py::test_that_is_nowhere",)
    for each in mutants.judged(faults[:1], 1, SEED, lambda *_: None):
        _say(each)
    own_tests.ROOT = Path("/nowhere")
    for each in mutants.judged(faults[:1], 1, SEED, lambda *_: None):
        _say(each)


def _say(judged: Judged) -> None:
    sys.stdout.write(f"{judged.fault.id}\t{judged.outcome}\t{judged.by}\n")


if __name__ == "__main__":
    main()
