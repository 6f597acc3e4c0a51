"""The ledger of a run: what it has already decided of a piece of work, and what is to be kept."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from ..containment import contained
from ..kernel.verdict import Unknown
from ..obligations import Obligation
from ..records import Record
from ..rules_file import MODULE_NAME, named_tape
from ..work import TheoremWork, Work
from .installation import at_start
from .machinery import machinery, why_not_known
from .rows import read, written
from .sources import newest
from .store import Say, Store

LATEST = 0.5
"""How long what was decided may wait to be written. Units: seconds."""


class Ledger:
    """Records by key, of pieces of work whose every outcome is as strong as was owed."""

    def __init__(self, store: Store, say: Say) -> None:
        self._store = store
        self._say = say
        self._looked = False
        self._taken: deque[tuple[str, Sequence[Record]]] = deque()

    def find(self, key: str, piece: Work) -> tuple[Record, ...] | None:
        """What was decided of this piece of work under this key; its cost is that of reading it."""
        began = time.perf_counter()
        body = self._store.get(key)
        owed = () if body is None else owed_now(piece)
        return read(body, owed, (time.perf_counter() - began) / len(owed)) if body is not None and owed else None

    def machinery_from_files(self) -> str:
        """The digest that this process's machinery had when it was last looked at as it is loaded; "" if that is not known.

        Of the command's own process alone: nothing but its files decides what it loads.
        """
        body = self._store.get(f"machinery {at_start()}") if _is_as_its_files() and not newest() else None
        return "" if body is None else body.decode("ascii", "replace")

    def machinery(self) -> str:
        """The digest of the machinery, all of which is loaded and looked at; why there is none is said once.

        The command's next process is told what it was.
        """
        ours = machinery()
        if self._looked:
            return ours
        self._looked = True
        if not ours:
            self._say(why_not_known())
        elif _is_as_its_files():
            self._store.put([(f"machinery {at_start()}", ours.encode())])
        return ours

    def take(self, key: str, records: Sequence[Record]) -> None:
        """Keep what was decided when this is written next, unless something of it must be decided again. From any thread."""
        self._taken.append((key, records))

    def write(self) -> None:
        """Write what was taken. An interrupt loses nothing: what was not written is still there to be written."""
        taken = list(self._taken)
        bodies = [(key, written(records)) for key, records in taken]
        self._store.put([(key, body) for key, body in bodies if body is not None])
        for _ in taken:
            self._taken.popleft()


def _is_as_its_files() -> bool:
    """Whether this process is the command's own and has executed nobody's rules file."""
    return at_start() != "" and MODULE_NAME not in sys.modules


def owed_now(piece: Work) -> tuple[Obligation, ...]:
    """What comes back of a piece of work; nothing if that cannot be told."""
    if not isinstance(piece, TheoremWork):
        return piece.owed()
    owed = contained(lambda: piece.owed_by_lemma(named_tape()))
    return () if isinstance(owed, Unknown) else owed


@contextmanager
def open_ledger(path: Path, say: Say) -> Iterator[Ledger]:
    """The ledger in a file; what is wrong with the file is said, and why nothing has a key if that is so."""
    store = Store(path, say)
    ledger = Ledger(store, lambda trouble: say(f"ledger {path}: {trouble}, so nothing is taken from it or kept"))
    try:
        yield ledger
    finally:
        ledger.write()
        store.close()
