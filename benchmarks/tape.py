"""What the tape costs: forward and backward on it, over the same kernels called by hand with no tape.

    python benchmarks/tape.py [--json]

Both end with the cotangent of every value, equal to the last bit. All take turns in one process on one thread, without
the garbage collector, and medians of processor time are compared: on a busy machine the clock on the wall measures
the neighbours, and more of them in the longer run. Exit status 1 if a ratio is above its limit. autograd and PyTorch
(float64, CPU) run the same computations where they are installed.
"""

from __future__ import annotations

import os

# Read by numpy's and PyTorch's libraries when they are loaded, so set before any import that loads them.
os.environ.update({name: "1" for name in ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")})

import argparse
import json
import sys

import numpy as np
from tape_peers import peers_of
from tape_workloads import Chain, Perceptron
from turns import interleaved

ROUNDS, WARM_UP = 200, 10
LIMITS = ((Perceptron, 1.2), (Chain, 2.5))


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    as_json = parser.parse_args(arguments).json
    rows = [row(make(np.random.default_rng(0)), limit) for make, limit in LIMITS]
    print(json.dumps({"threads": 1, "rounds": ROUNDS, "workloads": rows}, indent=2) if as_json else table(rows))
    return 0 if all(row["met"] for row in rows) else 1


def row(workload: Chain | Perceptron, limit: float) -> dict[str, object]:
    """The medians of one workload in milliseconds, and the ratio of tape to by hand."""
    check_equal(workload)
    peers = peers_of(workload)
    # Peers take turns among themselves only: between tape and kernels they would empty the caches of one of the two.
    medians = interleaved(
        {"tape": workload.on_tape, "by hand": workload.by_hand}, rounds=ROUNDS, warm_up=WARM_UP
    )
    installed = {name: run for name, run in peers.items() if run is not None}
    medians |= interleaved(installed, rounds=ROUNDS, warm_up=WARM_UP)
    ratio = medians["tape"] / medians["by hand"]
    return {
        "name": workload.name,
        "median_ms": {
            name: round(medians[name], 4) if name in medians else "not installed" for name in ("tape", "by hand", *peers)
        },
        "ratio": round(ratio, 3),
        "limit": limit,
        "met": ratio <= limit,
    }


def check_equal(workload: Chain | Perceptron) -> None:
    """Refuse to time two computations that are not the same one."""
    for place, (ours, theirs) in enumerate(zip(workload.on_tape(), workload.by_hand(), strict=True)):
        if not np.array_equal(ours, theirs):
            raise SystemExit(f"{workload.name}: the cotangents of value {place} differ")


def table(rows: list[dict[str, object]]) -> str:
    """The rows as text, times in milliseconds."""
    lines = []
    for entry in rows:
        medians = entry["median_ms"]
        cells = [f"{name} {value if isinstance(value, str) else f'{value:.3f} ms'}" for name, value in medians.items()]
        verdict = "met" if entry["met"] else "EXCEEDED"
        lines += [str(entry["name"]), f"  {', '.join(cells)}"]
        lines.append(f"  tape over by hand: {entry['ratio']:.2f}, at most {entry['limit']} wanted: {verdict}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
