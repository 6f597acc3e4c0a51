"""Deciding in a run of pytest: ahead and by several processes, or item by item where xdist deals the items out."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from ..equivalence.ledger.ledger import Ledger, open_ledger
from ..equivalence.obligations import Decided
from ..equivalence.request import Request
from ..equivalence.run import decided
from ..equivalence.work import Work
from ..terminal import complain
from .asked import is_of_xdist, ledger_of, request_of

if TYPE_CHECKING:
    from .items import Piece


class Deciding:
    """What was decided of each item: those that were selected, in their order, if `ahead`."""

    def __init__(self, request: Request, ahead: list[Work], ledger: Ledger | None, closing: ExitStack) -> None:
        self._request = request
        self._ledger = ledger
        self._closing = closing
        self._known: dict[int, list[Decided]] = {}
        self._places = {id(work): place for place, work in enumerate(ahead)}
        self._done = 0
        self._stream = self._decided(ahead, self._note)

    def of(self, item: Piece) -> list[Decided]:
        """Everything that a piece of work owes, decided. What was decided once is not kept: an item runs once."""
        place = self._places.pop(id(item.work), None)
        if place is None:
            return list(self._decided([item.work], _nothing))
        # A piece is done when the stream is asked for what comes after it.
        while self._done <= place:
            each = next(self._stream, None)
            if each is None:
                break
            self._known.setdefault(self._done, []).append(each)
        return self._known.pop(place, [])

    def close(self) -> None:
        """Stop the workers and write the ledger."""
        with self._closing:
            self._stream.close()

    def _decided(self, work: list[Work], note: Callable[[int, int], None]) -> Generator[Decided, None, None]:
        asked = self._request
        yield from decided(work, asked.jobs, asked.rules, asked.convention, note, self._ledger, asked.origin)

    def _note(self, done: int, _owed: int) -> None:
        self._done = done


def deciding_of(session: pytest.Session) -> Deciding:
    """What decides the items of a session."""
    config = session.config
    request = request_of(config, 0)  # the seed has drawn its graphs
    ahead = [] if is_of_xdist(config) else [item.work for item in session.items if hasattr(item, "work")]
    with ExitStack() as opened:
        file = ledger_of(config)
        ledger = None if file is None else opened.enter_context(open_ledger(file, complain))
        return Deciding(request, ahead, ledger, opened.pop_all())


def _nothing(_done: int, _owed: int) -> None:
    """Nobody counts."""
