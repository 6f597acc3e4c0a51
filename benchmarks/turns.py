"""Runs that take turns in one process, without the garbage collector, and the median processor time of each."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Run = Callable[[], Any]


def interleaved(runs: Mapping[str, Run], *, rounds: int, warm_up: int) -> dict[str, float]:
    """The median processor time of each run in milliseconds; they take turns, starting with another one each round."""
    names = list(runs)
    times: dict[str, list[float]] = {name: [] for name in names}
    gc.collect()
    gc.disable()
    for turn in range(warm_up + rounds):
        for place in range(len(names)):
            name = names[(turn + place) % len(names)]
            started = time.process_time()
            runs[name]()
            times[name].append((time.process_time() - started) * 1e3)
    gc.enable()
    return {name: statistics.median(taken[warm_up:]) for name, taken in times.items()}
