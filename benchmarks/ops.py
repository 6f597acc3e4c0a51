"""What an op costs: forward and VJP by backproof's own kernels, over forward and backward of the same op in PyTorch.

    python benchmarks/ops.py [--json]

Both compute the same: before any timing, results and cotangents have the same shapes and dtype, and are equal within 256
units in the last place of the largest entry. Kernels are called by hand, with no tape. All take turns in one process on
one thread, without the garbage collector, and medians of processor time are compared. Memory is the most that numpy holds
at once beyond the inputs, results included, over the size of inputs, result and their cotangents. Exit status 1 if a ratio
is above its limit, 2 if PyTorch is not installed.
"""

from __future__ import annotations

import os

# Read by numpy's and PyTorch's libraries when they are loaded, so set before any import that loads them.
os.environ.update({name: "1" for name in ("MKL_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")})

import argparse
import json
import sys
import tracemalloc
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from turns import interleaved

if TYPE_CHECKING:
    from ops_workloads import Peer, Workload

ROUNDS, WARM_UP = 30, 3
TIME, WANTED, MEMORY = 8, 3, 4
"""At most so many times PyTorch's time, so many wanted; and so much memory."""


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    as_json = parser.parse_args(arguments).json
    if find_spec("torch") is None:
        print("PyTorch is not installed, and it is what ops are compared with: make benchmarks", file=sys.stderr)
        return 2
    import torch
    from ops_workloads import Peer, workloads

    torch.set_num_threads(1)
    _keep_memory()
    rows = [row(each, Peer(each), dtype) for dtype in ("float32", "float64") for each in workloads(dtype)]
    versions = {"numpy": np.__version__, "torch": torch.__version__}
    document = {"threads": 1, "rounds": ROUNDS, "versions": versions, "limit": TIME, "wanted": WANTED, "ops": rows}
    print(json.dumps(document, indent=2) if as_json else table(rows, versions))
    return 0 if all(row["met"] for row in rows) else 1


def _keep_memory() -> None:
    """Make glibc keep what is freed from now on: else page faults are timed, of whoever comes after a large array."""
    np.empty(31 * 2**20, np.uint8)


def row(workload: Workload, peer: Peer, dtype: str) -> dict[str, Any]:
    """The medians of one workload in milliseconds, the ratios of backproof to PyTorch, and the memory."""
    check_equal(workload, peer)
    runs = {
        "forward": workload.forward,
        "both": workload.forward_and_vjp,
        "torch forward": peer.forward,
        "torch both": peer.forward_and_vjp,
    }
    medians = interleaved(runs, rounds=ROUNDS, warm_up=WARM_UP)
    ratios = {part: medians[part] / medians[f"torch {part}"] for part in ("forward", "both")}
    memory = memory_of(workload)
    return {
        "name": workload.name,
        "dtype": dtype,
        "median_ms": {name: round(median, 4) for name, median in medians.items()},
        "ratio": {part: round(ratio, 3) for part, ratio in ratios.items()},
        "memory": round(memory, 3),
        "met": max(ratios.values()) <= TIME and memory <= MEMORY,
    }


def check_equal(workload: Workload, peer: Peer) -> None:
    """Refuse to time two computations that are not the same one."""
    for place, (ours, theirs) in enumerate(zip(workload.forward_and_vjp(), peer.forward_and_vjp(), strict=True)):
        other = theirs.detach().numpy()
        bound = 256 * np.finfo(other.dtype).eps * np.max(np.abs(other))
        if ours.shape != other.shape or ours.dtype != other.dtype or not np.max(np.abs(ours - other)) <= bound:
            raise SystemExit(f"{workload.name}: {f'cotangent {place - 1}' if place else 'the result'} differs")


def memory_of(workload: Workload) -> float:
    """The most that is allocated at once in forward and VJP, over the size of inputs, result and their cotangents."""
    tracemalloc.start()
    y, *cotangents = workload.forward_and_vjp()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / sum(each.nbytes for each in (*workload.inputs, workload.seed, y, *cotangents))


def table(rows: list[dict[str, Any]], versions: dict[str, str]) -> str:
    """The rows as text, times in milliseconds."""
    lines = [f"one thread, medians of {ROUNDS}, numpy {versions['numpy']}, PyTorch {versions['torch']}"]
    lines.append(f"{'forward':>35} {'+ VJP':>8} {'PyTorch':>17} {'ratios':>16} {'memory':>8}")
    for entry in rows:
        ms, ratio = entry["median_ms"], entry["ratio"]
        times = f"{ms['forward']:8.2f} {ms['both']:8.2f} {ms['torch forward']:8.2f} {ms['torch both']:8.2f}"
        verdict = "EXCEEDED" if not entry["met"] else "met" if ratio["both"] <= WANTED else "within the limit"
        lines += [f"{entry['name']} {entry['dtype']}"]
        lines.append(f"{times:>61} {ratio['forward']:8.2f} {ratio['both']:7.2f} {entry['memory']:8.2f}  {verdict}")
    lines.append(f"ratios: at most {WANTED} wanted for forward and VJP, at most {TIME} allowed; memory: at most {MEMORY}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
