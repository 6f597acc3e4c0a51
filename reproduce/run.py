"""Repeat the claims of the README and the pages; write docs/results.md, of some of them only their sections.

    python reproduce/run.py [CLAIM ...] [--list]

Exit status 1 if a claim does not hold, 2 if one was named that there is not.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from claim import Claim
from claims import CLAIMS
from environment import environment
from page import page, replaced
from repetition import Outcome, outcome_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "results.md"
KEPT = ROOT / "out" / "reproduce"


def main(arguments: Sequence[str]) -> int:
    """Run the claims that are named, or all; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("claims", nargs="*", metavar="CLAIM", help="only these")
    parser.add_argument("--list", action="store_true", help="name the claims and run none")
    asked = parser.parse_args(arguments)
    if asked.list:
        print("\n".join(f"{claim.name}: {claim.says}" for claim in CLAIMS))
        return 0
    known = {claim.name: claim for claim in CLAIMS}
    unknown = [name for name in asked.claims if name not in known]
    if unknown:
        print(f"no claim is called {unknown[0]!r}; there are {', '.join(known)}", file=sys.stderr)
        return 2
    return reproduced([known[name] for name in asked.claims] or list(CLAIMS), whole=not asked.claims)


def reproduced(claims: Sequence[Claim], *, whole: bool) -> int:
    """Run claims in turn, say what came of each, and write the page, or the sections of what was run."""
    now = environment()
    shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(parents=True)
    outcomes = [shown(missing(claim) or outcome_of(claim, ROOT)) for claim in claims]
    if whole or PAGE.exists():
        PAGE.write_text(page(outcomes, now) if whole else replaced(PAGE.read_text(), outcomes, now))
        print(f"wrote {PAGE.relative_to(ROOT)}")
    failed = [each.claim.name for each in outcomes if not each.holds]
    print(f"DOES NOT HOLD: {', '.join(failed)}" if failed else f"all {len(outcomes)} claims hold")
    return 1 if failed or not outcomes else 0


def missing(claim: Claim) -> Outcome | None:
    """What comes of a claim whose packages are not installed: it was not repeated."""
    absent = [name for name in claim.packages if find_spec(name) is None]
    return Outcome(claim, (), 0.0, f"{absent[0]} is not installed: make .venv/peers") if absent else None


def shown(outcome: Outcome) -> Outcome:
    """The same, after it was printed."""
    print(f"{outcome.claim.name}: {'holds' if outcome.holds else 'DOES NOT HOLD'} ({outcome.seconds:.0f} s) {outcome.problem}")
    for figure, value in outcome.figures:
        print(f"  {value:10g}  {figure.name}{'' if figure.bound is None else f' ({figure.bound})'}")
    sys.stdout.flush()
    return outcome


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
