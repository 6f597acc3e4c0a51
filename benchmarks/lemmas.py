"""What the rules for all shapes cost from a cold start: every pattern of every op, decided and replayed.

    python benchmarks/lemmas.py [--jobs 2] [--only OP ...] [--json]

Prints the seconds on the wall, the processor seconds of all workers, and the ten ops that cost most. Exit status 1 if a
lemma is not proved.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
from backproof.equivalence.records import ProofRecord
from backproof.equivalence.rule_work import LemmaWork
from backproof.equivalence.rules.patterns import Pattern, patterns
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.equivalence.workers import workers
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import DEFINITIONS

SLOWEST = 10


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=2, help="worker processes")
    parser.add_argument("--only", nargs="*", choices=sorted(DEFINITIONS), help="these ops alone", metavar="OP")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    asked = parser.parse_args(arguments)
    found = measured(asked.only or sorted(DEFINITIONS), asked.jobs)
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if found["proved"] == found["lemmas"] > 0 else 1


def measured(ops: list[str], jobs: int) -> dict[str, object]:
    """Every lemma of some ops decided by some processes."""
    began = time.perf_counter()
    seconds: Counter[str] = Counter()
    proved: Counter[str] = Counter()
    owed: Counter[str] = Counter()
    with workers(jobs, None) as executor:
        pieces = [(op, pattern) for op in ops for pattern in patterns(op)]
        for (op, _), (cost, verdicts) in zip(pieces, executor.map(lemma, *zip(*pieces, strict=True)), strict=True):
            seconds[op] += cost
            owed[op] += len(verdicts)
            proved[op] += sum(verdicts)
    return {
        "jobs": jobs,
        "wall_seconds": round(time.perf_counter() - began, 1),
        "processor_seconds": round(seconds.total(), 1),
        "patterns": len(pieces),
        "lemmas": owed.total(),
        "proved": proved.total(),
        "not_proved": sorted(op for op in owed if proved[op] < owed[op]),
        "slowest": {op: round(cost, 1) for op, cost in seconds.most_common(SLOWEST)},
    }


def lemma(op: str, pattern: Pattern) -> tuple[float, list[bool]]:
    """The processor seconds of one pattern, and which of its parts were proved."""
    began = time.process_time()
    records = perform(LemmaWork(op, pattern), Subject(Tape, TORCHLEAN))
    answers = [isinstance(record.outcome, ProofRecord) for record in records]
    return time.process_time() - began, answers


def table(found: dict[str, object]) -> str:
    """The same for people."""
    lines = [
        f"{found['proved']} of {found['lemmas']} lemmas proved, {found['patterns']} patterns, {found['jobs']} jobs",
        f"{found['wall_seconds']} s on the wall, {found['processor_seconds']} s of processor time",
        *(f"{op:26} {seconds:8.1f} s" for op, seconds in found["slowest"].items()),
    ]
    return "\n".join((*lines, *(f"not proved: {op}" for op in found["not_proved"])))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
