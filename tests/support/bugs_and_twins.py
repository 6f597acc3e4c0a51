"""Bugs of history judged, then each file's right rule in the wrong one's place; planted in forks of it."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from backproof.equivalence.rules_file import load_rules
from backproof.faults.fault import Fault
from backproof.faults.history.bugs import historical_faults
from backproof.faults.judging import judged

_PLANTED = re.compile(r"^planted = (wrong|Wrong)$", re.MULTILINE)
_RIGHT = {"wrong": "right", "Wrong": "Right"}


def turned(text: str) -> str | None:
    """The rules file with its right rule planted, if it holds one."""
    right = _PLANTED.sub(lambda found: f"planted = {_RIGHT[found[1]]}", text)
    return right if re.search(r"^(def right\(|class Right\()", text, re.MULTILINE) else None


def twin(fault: Fault, folder: Path) -> Fault | None:
    text = turned(fault.shown)
    if text is None:
        return None
    file = folder / f"{fault.id.replace('/', '-')}.py"
    file.write_text(text)
    return replace(fault, id=f"right/{fault.id}", plant=partial(load_rules, file), shown=text)


if __name__ == "__main__":
    faults = {fault.id: fault for fault in historical_faults()}
    wrong = [faults[name] for name in sys.argv[1:]]
    with TemporaryDirectory() as folder:
        right = [each for fault in wrong if (each := twin(fault, Path(folder))) is not None]
        for each in judged([*wrong, *right], 1, 1, lambda _done, _owed: None):
            sys.stdout.write(f"{each.fault.id}\t{each.outcome}\t{each.nodes}\t{each.by}\n")
            sys.stdout.flush()
