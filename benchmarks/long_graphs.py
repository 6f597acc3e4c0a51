"""The native tape on long graphs with heavy sharing: seconds and peak memory by length, and how fast they grow.

    python benchmarks/long_graphs.py [--most 100000] [--json]

Each length has a process of its own. Growth is the exponent p of length^p, by least squares on the logarithms. Exit status
1 if the time or the memory of a step grows faster than it may.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from backproof.ir.exchange import read_case, write_case
from backproof.runtime import primitives as _registered  # noqa: F401 - importing them fills the registry
from backproof.runtime.compile import compile_graph
from backproof.runtime.forward_mode import jvp_dense
from backproof.runtime.tape import Tape
from long_graphs_workload import shared_chain

LENGTHS = (100, 1_000, 10_000, 100_000)
MOST_GROWTH = 1.1
SHORTEST_RUN, FEWEST = 0.5, 7
"""A step is repeated until it has taken this long, and so often at least: what else runs on the machine makes one run slower,
the longest ones most, whose graphs no cache holds. Units: seconds, and runs."""


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=LENGTHS[-1], help="leave out longer graphs")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one is not None:
        print(json.dumps(measured(asked.one)))
        return 0
    found = report([apart(length) for length in LENGTHS if length <= asked.most])
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if found["met"] else 1


def apart(length: int) -> dict[str, Any]:
    """The measurements of one length, made by a process of its own."""
    came = subprocess.run([sys.executable, __file__, "--one", str(length)], check=True, capture_output=True)
    return json.loads(came.stdout)


def measured(length: int) -> dict[str, Any]:
    """Seconds and peak memory of each step on the graph of a length, and what the process took at most."""
    case = shared_chain(length)
    tangents = case.seeds[: len(case.leaves)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.json"
        write_case(case, file)
        tape = compile_graph(case.graph, case.leaves, case.environment, Tape)
        steps: Mapping[str, Callable[[], object]] = {
            "read": lambda: read_case(file),
            "compile": lambda: compile_graph(case.graph, case.leaves, case.environment, Tape),
            "backward": lambda: tape.backward_dense_from(case.seeds),
            "sparse": lambda: tape.backward_dense(length - 1, case.seeds[-1]),
            "jvp": lambda: jvp_dense(tape, tangents),
            "refresh": lambda: tape.refresh(case.leaves),
        }
        seconds = {name: timed(step) for name, step in steps.items()}
        memory = {name: peak(step) for name, step in steps.items()}
    process = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"length": length, "seconds": seconds, "peak_mib": memory, "process_mib": round(process, 1)}


def timed(step: Callable[[], object]) -> float:
    """The least processor time of a step among a few. Units: seconds."""
    best, spent, runs = math.inf, 0.0, 0
    while spent < SHORTEST_RUN or runs < FEWEST:
        began = time.process_time()
        step()
        taken = time.process_time() - began
        best, spent, runs = min(best, taken), spent + max(taken, 1e-6), runs + 1
    return best


def peak(step: Callable[[], object]) -> float:
    """What a step has allocated at most, beside what was there before. Units: MiB."""
    tracemalloc.start()
    step()
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def report(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The rows, and the growth of every step."""
    lengths = [row["length"] for row in rows]
    growth = {
        what: {name: round(exponent(lengths, [row[what][name] for row in rows]), 3) for name in rows[0][what]}
        for what in ("seconds", "peak_mib")
    }
    met = all(each <= MOST_GROWTH for steps in growth.values() for each in steps.values())
    return {"rows": list(rows), "growth": growth, "most_growth": MOST_GROWTH, "met": met}


def exponent(lengths: Sequence[int], sizes: Sequence[float]) -> float:
    """The slope of the line through the logarithms, by least squares."""
    x, y = ([math.log(each) for each in values] for values in (lengths, sizes))
    middle = sum(x) / len(x)
    return sum((a - middle) * b for a, b in zip(x, y, strict=True)) / sum((a - middle) ** 2 for a in x)


def table(found: Mapping[str, Any]) -> str:
    """The same for people."""
    names = list(found["growth"]["seconds"])
    lines = []
    for what, title, digits in (("seconds", "seconds", 4), ("peak_mib", "peak memory, MiB", 2)):
        lines.append(f"{title:>18}" + "".join(f"{name:>10}" for name in names))
        for row in found["rows"]:
            lines.append(f"{row['length']:>12} nodes" + "".join(f"{row[what][name]:10.{digits}f}" for name in names))
        lines.append(f"{'growth':>18}" + "".join(f"{found['growth'][what][name]:10.2f}" for name in names))
    process = ", ".join(f"{row['process_mib']:.0f}" for row in found["rows"])
    verdict = "met" if found["met"] else "EXCEEDED"
    return "\n".join((*lines, f"whole processes, MiB: {process}", f"growth at most {MOST_GROWTH} wanted: {verdict}"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
