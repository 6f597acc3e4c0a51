"""The ledger of a run: what it has already decided of a piece of work, and what is to be kept."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..containment import contained
from ..kernel.verdict import Unknown
from ..obligations import Obligation
from ..records import Record
from ..rules_file import named_tape
from ..work import TheoremWork, Work
from .machinery import why_not_known
from .rows import read, written
from .store import Say, Store

LATEST = 0.5
"""How long what was decided may wait to be written while more comes; a run that waits has written all. Units: seconds."""


class Ledger:
    """Records by key, of pieces of work whose every outcome is as strong as was owed."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._waiting: list[tuple[str, bytes]] = []
        self._written = time.monotonic()

    def find(self, key: str, piece: Work) -> tuple[Record, ...] | None:
        """What was decided of this piece of work under this key; its cost is that of reading it."""
        began = time.perf_counter()
        body = self._store.get(key)
        owed = () if body is None else _owed(piece)
        return read(body, owed, (time.perf_counter() - began) / len(owed)) if body is not None and owed else None

    def keep(self, key: str, records: Sequence[Record]) -> None:
        """Keep what was decided, unless something of it must be decided again."""
        body = written(records)
        if body is not None:
            self._waiting.append((key, body))
        if time.monotonic() > self._written + LATEST:
            self.write()

    def write(self) -> None:
        """Write what waits."""
        waiting, self._waiting = self._waiting, []
        self._store.put(waiting)
        self._written = time.monotonic()


def _owed(piece: Work) -> tuple[Obligation, ...]:
    """What comes back of a piece of work; nothing if that cannot be told."""
    if not isinstance(piece, TheoremWork):
        return piece.owed()
    owed = contained(lambda: piece.owed_by_lemma(named_tape()))
    return () if isinstance(owed, Unknown) else owed


@contextmanager
def open_ledger(path: Path, say: Say) -> Iterator[Ledger]:
    """The ledger in a file; what is wrong with the file is said, and why nothing has a key if that is so."""
    store = Store(path, say)
    trouble = why_not_known()
    if trouble:
        say(f"ledger {path}: {trouble}, so nothing is taken from it or kept")
    ledger = Ledger(store)
    try:
        yield ledger
    finally:
        ledger.write()
        store.close()
