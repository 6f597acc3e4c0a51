"""Training steps of real size through `backproof check`: verdicts, seconds and peak memory of the whole command.

    python benchmarks/large_graphs.py [NETWORK ...]

Writes the graphs of examples/large_graphs.py to out/large and checks each in a process of its own. Memory is the sum over
the command and its workers, from the peaks that the kernel keeps of each. Exit status 1 if one is not met or takes 4 GiB.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "out" / "large"
NETWORKS = ("mlp", "cnn", "transformer")
MOST_GIB = 4.0
JOBS = 2


def main(networks: Sequence[str]) -> int:
    """Print one row a network; returns the exit status."""
    subprocess.run([sys.executable, ROOT / "examples" / "large_graphs.py", "--out", OUT, *networks], check=True)
    statuses = [row(name) for name in networks]
    return max(statuses)


def row(name: str) -> int:
    """Check one graph without a ledger; returns 0 if it is met within the memory."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "backproof", "check", OUT / f"{name}.json", "--no-ledger", "--jobs", str(JOBS), "--json"]
    came = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - began
    # The largest of all children so far: an upper bound for each after the first.
    gib = (1 + JOBS) * resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 2**20
    counts = json.loads(came.stdout)["counts"]
    print(f"{name}: exit {came.returncode}, {counts}, {seconds:.1f} s, at most {gib:.2f} GiB in {1 + JOBS} processes")
    return int(came.returncode != 0 or gib >= MOST_GIB)


def asked(arguments: Sequence[str]) -> Sequence[str]:
    """The networks that are named, all of them if none is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("networks", metavar="NETWORK", nargs="*", help=f"one of {', '.join(NETWORKS)}; all of them if none is named")
    named: Sequence[str] = parser.parse_args(arguments).networks
    for name in named:
        if name not in NETWORKS:
            parser.error(f"network {name!r} came, one of {', '.join(NETWORKS)} was needed")
    return named or NETWORKS


if __name__ == "__main__":
    sys.exit(main(asked(sys.argv[1:])))
