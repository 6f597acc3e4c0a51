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
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.generation.strategies import generate
from backproof.equivalence.origin import Origin
from backproof.equivalence.planning import every_op
from backproof.equivalence.rules.instances import RuleInstance, rules_of
from backproof.equivalence.run import decided
from backproof.equivalence.subject import Subject
from backproof.equivalence.work import GraphWork, RuleWork, perform
from backproof.runtime.tape import Tape
from backproof.spec.convention import TORCHLEAN

BATCH = 500
"""Graphs of one seed, drawn and decided by one process at a time."""

Counts = Counter[tuple[str, str]]
"""Obligations by family and verdict."""


@dataclass(frozen=True, slots=True)
class Found:
    """A batch: its obligations, the rules that its graphs use, by key, and the seconds that it took."""

    counts: Counts
    rules: Mapping[str, RuleInstance]
    generating: float
    deciding: float
    unmet: tuple[str, ...]


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
    counts: Counts = Counter()
    rules: dict[str, RuleInstance] = {}
    seconds = dict.fromkeys(("generating", "deciding graphs", "deciding rules"), 0.0)
    unmet: list[str] = []
    sizes = [min(BATCH, graphs - start) for start in range(0, graphs, BATCH)]
    with ProcessPoolExecutor(jobs) as pool:
        for place, found in enumerate(pool.map(partial(batch, seed, whole), range(len(sizes)), sizes), start=1):
            counts += found.counts
            rules |= found.rules
            unmet += found.unmet
            seconds["generating"] += found.generating
            seconds["deciding graphs"] += found.deciding
            _progress(f"{place} of {len(sizes)} batches, {len(rules)} distinct rules")
    work = [RuleWork(rules[key]) for key in sorted(rules)]
    for each in decided(work, jobs, None, TORCHLEAN.name, partial(_progress_of, len(work)), None, Origin.HERE):
        counts[each.obligation.family, type(each.verdict).__name__.lower()] += 1
        seconds["deciding rules"] += each.seconds
        if type(each.verdict).__name__.lower() not in _MET[each.obligation.needs]:
            unmet.append(each.obligation.id)
    _progress("")
    return {
        "graphs": graphs,
        "seed": seed,
        "jobs": jobs,
        "distinct_rules": len(rules),
        "counts": {f"{family}: {verdict}": count for (family, verdict), count in sorted(counts.items())},
        "refuted": _number(counts, "refuted"),
        "unknown": _number(counts, "unknown"),
        "unmet": unmet,
        "seconds": {name: round(value, 1) for name, value in seconds.items()} | {"in all": round(time.perf_counter() - began, 1)},
        "met": not unmet and counts["engine", "proved"] >= graphs,
    }


_MET: Mapping[str, Sequence[str]] = {"proof": ("proved",), "test": ("proved", "tested")}
"""Which verdicts meet what an obligation needs."""


def batch(seed: int, whole: int, place: int, size: int) -> Found:
    """Draw a batch's graphs, and decide the engine of each and all of some."""
    began = time.perf_counter()
    cases = generate(size, seed * 1_000_003 + place, every_op())
    generated = time.perf_counter()
    counts: Counts = Counter()
    rules: dict[str, RuleInstance] = {}
    unmet: list[str] = []
    for number, case in enumerate(cases, start=place * BATCH):
        rules |= {rule.key: rule for rule in rules_of(case)}
        name = f"generated-{number}"
        if number % whole:
            verdict = type(engine_verdict(case.graph, Tape)).__name__.lower()
            found = [(f"graph:{name}:engine", "engine", verdict, verdict == "proved")]
        else:
            found = list(_whole(GraphWork(name, case)))
        counts.update((family, said) for _id, family, said, _is_met in found)
        unmet += [id_ for id_, _family, _said, is_met in found if not is_met]
    return Found(counts, rules, generated - began, time.perf_counter() - generated, tuple(unmet))


def _whole(work: GraphWork) -> Iterator[tuple[str, str, str, bool]]:
    """Each obligation of a graph, its family, its verdict, and whether that meets it."""
    for record in perform(work, Subject(Tape, TORCHLEAN)):
        owed = record.obligation
        said = type(record.outcome).__name__.lower().replace("proofrecord", "proved")
        yield owed.id, owed.family, said, said in _MET[owed.needs]


def _number(counts: Counts, verdict: str) -> int:
    return sum(count for (_family, said), count in counts.items() if said == verdict)


def _progress_of(count: int, done: int, _of: int) -> None:
    if not done % 100:
        _progress(f"{done} of {count} rules")


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
