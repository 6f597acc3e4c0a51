"""A claim's command run, and what came of its figures."""

from __future__ import annotations

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from claim import Claim, Figure


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures that came, how long the command took, and what was wrong with it: "" if nothing."""

    claim: Claim
    figures: tuple[tuple[Figure, float], ...]
    seconds: float
    problem: str

    @property
    def holds(self) -> bool:
        """Whether the command ended as it must, every figure came, and every bound holds."""
        return not self.problem and all(figure.bound is None or figure.bound.holds(value) for figure, value in self.figures)


def outcome_of(claim: Claim, folder: Path) -> Outcome:
    """Run a claim's commands in the folder of the checkout."""
    environment = {**os.environ, **dict(claim.environment)}
    began = time.perf_counter()
    for command in (*claim.before, claim.command):
        done = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    seconds = time.perf_counter() - began
    figures, problem = _read(claim, done.stdout)
    if done.returncode not in claim.statuses:
        problem = f"status {done.returncode} came, {' or '.join(map(str, claim.statuses))} was needed"
    return Outcome(claim, figures, seconds, problem)


def _read(claim: Claim, printed: str) -> tuple[tuple[tuple[Figure, float], ...], str]:
    """The figures in what was printed, and why one is not there."""
    try:
        document = claim.parse(printed)
    except ValueError as error:
        return (), f"no document was printed: {error}"
    found: list[tuple[Figure, float]] = []
    for figure in claim.figures:
        try:
            found.append((figure, figure.read(document)))
        except (KeyError, IndexError, TypeError, ValueError) as error:
            return tuple(found), f"figure {figure.name!r} did not come: {type(error).__name__}: {error}"
    return tuple(found), ""
