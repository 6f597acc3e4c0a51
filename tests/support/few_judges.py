"""A few faults of judges, judged, and printed as lines: id, outcome, by. A script, because it forks a process without threads."""

from __future__ import annotations

import sys
from functools import partial

from backproof.faults.children import Answer, answers
from backproof.faults.fault import Outcome
from backproof.faults.judges.judging import LIMITS, _judge, _judged, judged, judges_faults
from backproof.faults.judges.wrong import ABOVE_30, WrongJudge

FAULTS = ("convention/relu", "shapes/greater-at-ties", "verdicts/tested-at-no-point", "solver/says-impossible")
MASK = "equivalence/kernel/scalars/mask.py"
NOTHING = WrongJudge("scalars/nothing", "relu", MASK, "def every(", "def every(", wrong_rule=ABOVE_30)
IMPORTS = WrongJudge("scalars/no-module", "relu", MASK, "from typing import Any, TypeVar", "from typing import Nothing")


def main() -> None:
    """Judge and print."""
    faults = [fault for fault in judges_faults() if fault.id.removeprefix("judges/") in FAULTS]
    for each in judged(faults, 1, 0, lambda *_: None):
        _say(each.fault.id, each.outcome, each.by)
    for each in answers([partial(_judge, wrong) for wrong in (NOTHING, IMPORTS)], 1, LIMITS):
        _say((NOTHING, IMPORTS)[each.place].id, each.answer.outcome, each.answer.by)
    red = _judged(faults[0], Answer(Outcome.REJECTED, "check: red", None), Answer(Outcome.REFUTED, "", None), 0.0)
    _say("red guard", red.outcome, red.by)


def _say(*cells: str) -> None:
    sys.stdout.write("\t".join(cells) + "\n")


if __name__ == "__main__":
    main()
