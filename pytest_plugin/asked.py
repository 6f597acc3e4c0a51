"""What the options ask for, as the checker takes it; what it cannot take ends the run before any test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ..arguments import Convention
from ..equivalence.ledger.place import users_ledger
from ..equivalence.origin import Origin
from ..equivalence.request import Request
from ..ir.graph import BackproofError
from ..terminal import complain


@contextmanager
def refused() -> Iterator[None]:
    """While options are read, our errors are the user's to mend."""
    try:
        yield
    except BackproofError as error:
        raise pytest.UsageError(f"backproof: {error}") from error


def request_of(config: pytest.Config, seed: int) -> Request:
    """The request that the options make. Raises: UsageError."""
    return Request(
        files=(),
        graphs=config.getoption("backproof_graphs"),
        seed=seed,
        ops=_ops(config),
        jobs=1 if is_of_xdist(config) else config.getoption("backproof_jobs") or os.cpu_count() or 1,
        rules=_path(config, "rules"),
        convention=_convention(config),
        origin=Origin.SERVER,
    )


def ledger_of(config: pytest.Config) -> Path | None:
    """The ledger that the options name, else the user's own. Raises: UsageError for two answers."""
    named, without = _path(config, "ledger"), config.getoption("backproof_no_ledger")
    if named is not None and without:
        raise pytest.UsageError("--backproof-ledger and --backproof-no-ledger came, one of them was needed")
    return None if without else users_ledger(os.environ, complain) if named is None else named


def is_of_xdist(config: pytest.Config) -> bool:
    """Whether this process is one of several that share the items."""
    return hasattr(config, "workerinput")


def _ops(config: pytest.Config) -> tuple[str, ...] | None:
    text: str | None = config.getoption("backproof_ops")
    if text is None:
        return None
    names = tuple(name.strip() for name in text.split(","))
    if not all(names):
        raise pytest.UsageError(f"--backproof-ops {text!r}: a name is empty, names with commas between them were needed")
    return names


def _path(config: pytest.Config, name: str) -> Path | None:
    value: str | None = config.getoption(f"backproof_{name}")
    return None if value is None else Path(value)


def _convention(config: pytest.Config) -> str:
    name: str | None = config.getoption("backproof_convention")
    known = [str(each) for each in Convention]
    if name is not None and name not in known:
        raise pytest.UsageError(f"--backproof-convention {name!r}: one of {', '.join(known)} was needed")
    return known[0] if name is None else name
