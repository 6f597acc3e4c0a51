"""Python's collector of cycles, which goes over everything that is alive each time that much has been made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_waits() -> Iterator[None]:
    """Nothing is collected meanwhile; for what makes many objects that stay, and no cycles.

    Its passes would find nothing, and take a third of the time of a long graph. Who let it wait lets it work again.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
