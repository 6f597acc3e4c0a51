"""The time to check the gradients of a perceptron of 100 000 parameters that was never seen before: proved, or compared.

    python benchmarks/gradcheck.py [--seed 1] [--no-slow] [--json]

Call against call: the first one of a process, and the median of those after it. Process against process: from its start to
its end, with one call. The checkers take turns, and the least of each one's turns counts. backproof meets another perceptron
in each call, of other shapes; a peer the same one. Cold is without a ledger; warm with one that knows the rules from another
perceptron. Exit status 1 if a warm call is slower than a peer's, or a cold one not 100 times faster than slow gradcheck's; which
peers' processes are shorter is told.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gradcheck_checkers import PEERS, Check, backproof, is_installed
from gradcheck_mlp import drawn

TURNS, CALLS = 4, 5
SLOW = "gradcheck, slow"
COLD, WARM = "backproof, cold", "backproof, warm"
MUCH_FASTER = 100


def main(arguments: list[str]) -> int:
    """Measure and print; returns the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, default=1, help="of the perceptrons")
    parser.add_argument("--no-slow", action="store_true", help="leave out slow gradcheck, which takes a minute")
    parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--ledger", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.one is not None:
        print(json.dumps(calls(asked.one, asked.seed, asked.calls, asked.ledger)))
        return 0
    found = measured(asked.seed, slow=not asked.no_slow)
    print(json.dumps(found, indent=2) if asked.json else table(found))
    return 0 if all(found["met"].values()) else 1


def measured(seed: int, *, slow: bool) -> dict[str, Any]:
    """Every checker that is installed; they take turns, so that what else runs on the machine meets them alike."""
    names = [WARM, COLD, *(name for name in PEERS if is_installed(name) and name != SLOW)]
    with tempfile.TemporaryDirectory() as folder:
        ledger = Path(folder) / "rules.ledger"
        apart(WARM, seed - 1, 1, ledger)  # from here on the ledger knows the rules
        turns = [{name: one_turn(name, seed + turn * (2 + CALLS), ledger) for name in names} for turn in range(TURNS)]
        rows = {name: row([turn[name] for turn in turns]) for name in names}
        if slow and is_installed(SLOW):
            rows |= {SLOW: row([one_turn(SLOW, seed, ledger)])}
    peers = [rows[name] for name in PEERS if name in rows]
    met = {
        "every gradient proved": not rows[WARM]["said_wrong"] and not rows[COLD]["said_wrong"],
        "warm call faster than every peer's": all(rows[WARM]["call"] < peer["call"] for peer in peers),
    }
    if SLOW in rows:
        ratio = rows[SLOW]["first_call"] / rows[COLD]["first_call"]
        met |= {f"cold {ratio:.0f} times faster than slow gradcheck, {MUCH_FASTER} wanted": ratio >= MUCH_FASTER}
    missing = sorted({PEERS[name][0] for name in PEERS if not is_installed(name)})
    faster = [name for name in PEERS if name in rows and rows[name]["process"] <= rows[WARM]["process"]]
    return {
        "parameters": drawn(seed).count,
        "seed": seed,
        "rows": rows,
        "processes_faster_than_warm": faster,
        "not_installed": missing,
        "met": met,
    }


def one_turn(name: str, seed: int, ledger: Path) -> dict[str, Any]:
    """The seconds of the first call, of the later ones, and of a whole process with one call; and the false alarms."""
    known = ledger if name == WARM else None
    if name == SLOW:  # once is enough
        (one,), process = apart(name, seed, 1, known)
        return {"first_call": one[0], "call": one[0], "process": process, "answers": [one]}
    (first, *later), _process = apart(name, seed, 1 + CALLS, known)
    (alone,), process = apart(name, seed + 1 + CALLS, 1, known)
    seconds = statistics.median(seconds for seconds, _right in later)
    return {"first_call": first[0], "call": seconds, "process": process, "answers": [first, *later, alone]}


def row(turns: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """The least of all turns without a false alarm, which ends a check early: what else runs makes one slower, and none faster."""
    answers = [answer for turn in turns for answer in turn["answers"]]
    whole = [turn for turn in turns if all(right for _seconds, right in turn["answers"])] or turns
    least = {what: min(turn[what] for turn in whole) for what in ("first_call", "call", "process")}
    return {**least, "calls": len(answers), "said_wrong": sum(not right for _seconds, right in answers)}


def apart(name: str, seed: int, count: int, ledger: Path | None) -> tuple[list[tuple[float, bool]], float]:
    """What `calls` gives in a process of its own, and the seconds of that process."""
    asked = ["--one", name, "--seed", str(seed), "--calls", str(count), *(() if ledger is None else ("--ledger", str(ledger)))]
    began = time.perf_counter()
    came = subprocess.run([sys.executable, __file__, *asked], check=True, capture_output=True)
    return json.loads(came.stdout), time.perf_counter() - began


def calls(name: str, seed: int, count: int, ledger: Path | None) -> list[tuple[float, bool]]:
    """The seconds of each call in this process, and whether it said that the gradients are right, as they are."""
    taken = []
    with checker(name, ledger) as check:
        for turn in range(count):
            perceptron = drawn(seed + turn * (name in (COLD, WARM)))
            began = time.perf_counter()
            right = check(perceptron)
            taken.append((time.perf_counter() - began, right))
    return taken


@contextmanager
def checker(name: str, ledger: Path | None) -> Iterator[Check]:
    """The checker of a name, ready to be called."""
    if name in (COLD, WARM):
        with backproof(ledger) as check:
            yield check
    else:
        yield PEERS[name][1]()


def table(found: Mapping[str, Any]) -> str:
    """The same for people, times in milliseconds."""
    lines = [f"a perceptron of {found['parameters']} parameters, milliseconds"]
    lines.append(f"{'':40}{'first call':>12}{'a call':>12}{'a process':>12}   false alarms")
    for name, taken in found["rows"].items():
        cells = "".join(f"{1e3 * taken[what]:12.1f}" for what in ("first_call", "call", "process"))
        lines.append(f"{name:40}{cells}   {taken['said_wrong']:.0f} of {taken['calls']}")
    lines += [f"{package} is not installed: its rows are left out" for package in found["not_installed"]]
    faster = ", ".join(found["processes_faster_than_warm"])
    lines.append(f"processes faster than the warm one: {faster or 'none'}")
    return "\n".join((*lines, *(f"{what}: {'yes' if met else 'NO'}" for what, met in found["met"].items())))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
