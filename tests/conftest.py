"""Figures that tests record, summed over all of them and shown at the end: `make evidence` runs them at full size.

No test touches the cache folder of whoever runs it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof.runtime.primitive import PRIMITIVES

SIZE = "BACKPROOF_EVIDENCE"
"""`full` for as many mutants, graphs and comparisons as the evidence is stated for; otherwise a few."""


@pytest.fixture(scope="session")
def full() -> bool:
    """Whether tests run at full size."""
    return os.environ.get(SIZE) == "full"


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The cache folder, and with it the ledger, of this session alone."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a ledger of the test's own may be."""
    return tmp_path / "proofs.ledger"


@pytest.fixture
def replaced(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Puts kernels in the place of an op's own, by part, until the test ends."""

    def replace(op: str, **kernels: Any) -> None:
        for part, kernel in kernels.items():
            monkeypatch.setattr(PRIMITIVES[op], f"{part}_kernel", kernel)

    return replace


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Every figure, summed; one that is called worst, the largest."""
    figures: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []) + terminalreporter.stats.get("failed", []):
        for name, value in report.user_properties:
            figures[name] = max(figures[name], value) if name.startswith("worst") else figures[name] + value
    if figures and os.environ.get(SIZE) == "full":
        terminalreporter.section("evidence")
        for name, value in sorted(figures.items()):
            terminalreporter.write_line(f"{name}: {value:g}")
