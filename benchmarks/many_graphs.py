"""Very many generated graphs: each proved by its engine and the rules of all its nodes, families E and R, and some whole.

    python benchmarks/many_graphs.py [--graphs 100000] [--seed 1] [--whole 100] [--jobs 2] [--json]

A graph's equivalence is E for the graph and R for each of its nodes. Each distinct rule is decided once, at its shapes or by
the lemma that covers it, and its floats with it; nothing comes from a ledger. Every `--whole`-th graph is also run end to end,
in exact numbers and in floats. Seconds of generating and deciding are those of all processes together; on standard error is
how far it has come, on a terminal. Exit status 1 unless every obligation is met.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.generation.strategies import generate
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.kernel.sealed import Source
from backproof.equivalence.kernel.verdict import meets
from backproof.equivalence.obligations import Decided
from backproof.equivalence.origin import Origin
from backproof.equivalence.planning import every_op
from backproof.equivalence.records import readmitted, timed
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import RuleInstance, rules_of
from backproof.equivalence.run import decided
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import perform
from backproof.reports.rows import answer
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

BATCH = 500
"""Graphs of one seed, drawn and decided by one process at a time."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An obligation's id and family, the answer to it, and whether that is what it needs."""

    id: str
    family: str
    answer: str
    met: bool


@dataclass(frozen=True, slots=True)
class Found:
    """A batch: what was decided, the rules that its graphs use, by key, and the seconds that it took."""

    outcomes: tuple[Outcome, ...]
    rules: Mapping[str, RuleInstance]
    generating: float
    deciding: float


def main(arguments: list[str]) -> int:
    """Decide and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--graphs", type=int, default=100_000, help=f"how many, in batches of {BATCH}")
    parser.add_argument("--seed", type=int, default=1, help="of the batches' seeds")
    parser.add_argument("--whole", type=int, default=100, help="run every one of so many end to end too")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    asked = parser.parse_args(arguments)
    if min(asked.graphs, asked.whole, asked.jobs) < 1 or asked.seed < 0:
        parser.error("numbers of at least 1 were needed, and a seed of at least 0")
    found = measured(asked.graphs, asked.seed, asked.whole, asked.jobs)
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if found["met"] else 1


def measured(graphs: int, seed: int, whole: int, jobs: int) -> dict[str, Any]:
    """Every batch, then every distinct rule of all of them."""
    began = time.perf_counter()
    counts: Counter[tuple[str, str]] = Counter()
    unmet: list[str] = []
    rules: dict[str, RuleInstance] = {}
    seconds = dict.fromkeys(("generating", "deciding graphs", "deciding rules"), 0.0)

    def count(outcome: Outcome) -> None:
        counts[outcome.family, outcome.answer] += 1
        if not outcome.met:
            unmet.append(outcome.id)

    sizes = [min(BATCH, graphs - start) for start in range(0, graphs, BATCH)]
    with ProcessPoolExecutor(jobs) as pool:
        for place, found in enumerate(pool.map(partial(batch, seed, whole), range(len(sizes)), sizes), start=1):
            for outcome in found.outcomes:
                count(outcome)
            rules |= found.rules
            seconds["generating"] += found.generating
            seconds["deciding graphs"] += found.deciding
            _progress(f"{place} of {len(sizes)} batches, {len(rules)} distinct rules")
    work = [RuleWork(rules[key]) for key in sorted(rules)]
    for each in decided(work, jobs, None, TORCHLEAN.name, _progress_of_rules, None, Origin.HERE):
        count(outcome_of(each))
        seconds["deciding rules"] += each.seconds
    _progress("")
    return {
        "graphs": graphs,
        "seed": seed,
        "jobs": jobs,
        "distinct_rules": len(rules),
        "counts": {f"{family} {said}": number for (family, said), number in sorted(counts.items())},
        "refuted": sum(number for (_family, said), number in counts.items() if said == "refuted"),
        "unknown": sum(number for (_family, said), number in counts.items() if said == "unknown"),
        "unmet": unmet,
        "seconds": {name: round(value, 1) for name, value in seconds.items()} | {"in all": round(time.perf_counter() - began, 1)},
        "met": not unmet and counts["engine", "proved"] == graphs,
    }


def batch(seed: int, whole: int, place: int, size: int) -> Found:
    """Draw a batch's graphs, and decide the engine of each and all of some."""
    began = time.perf_counter()
    cases = generate(size, seed * 1_000_003 + place, every_op())
    generated = time.perf_counter()
    rules = {rule.key: rule for case in cases for rule in rules_of(case)}
    outcomes: list[Outcome] = []
    for number, case in enumerate(cases, start=place * BATCH):
        work = GraphWork(f"generated-{number}", case)
        outcomes += map(outcome_of, (_engine(work),) if number % whole else _whole(work))
    return Found(tuple(outcomes), rules, generated - began, time.perf_counter() - generated)


def outcome_of(found: Decided) -> Outcome:
    """What is kept of a decision, and crosses from the process that made it to the one that counts."""
    owed = found.obligation
    return Outcome(owed.id, owed.family, answer(found.verdict), meets(found.verdict, owed.needs))


def _engine(work: GraphWork) -> Decided:
    """The first obligation of a graph alone."""
    return readmitted(timed(work.owed()[0], lambda: (engine_verdict(work.case.graph, Tape), ())), Source.WORKER)


def _whole(work: GraphWork) -> Iterator[Decided]:
    """Every obligation of a graph."""
    return (readmitted(record, Source.WORKER) for record in perform(work, Subject(Tape, TORCHLEAN)))


def _progress_of_rules(done: int, of: int) -> None:
    if not done % 100:
        _progress(f"{done} of {of} rules")


def _progress(said: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{said}")
        sys.stderr.flush()


def table(found: Mapping[str, Any]) -> str:
    """The same for people."""
    lines = [f"{found['graphs']} graphs, seed {found['seed']}, {found['distinct_rules']} distinct rules, {found['jobs']} processes"]
    lines += [f"{name} {count}" for name, count in found["counts"].items()]
    lines.append(", ".join(f"{name} {value} s" for name, value in found["seconds"].items()))
    lines.append(f"refuted {found['refuted']}, unknown {found['unknown']}, not met {len(found['unmet'])}")
    return "\n".join((*lines, *found["unmet"][:20]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
