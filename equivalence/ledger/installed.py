"""The libraries that decisions are computed with, as they were installed."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import Distribution, PackageNotFoundError, distribution

NEEDED = ("numpy", "sympy", "mpmath", "python-flint", "z3-solver", "cvc5", "scipy", "msgspec")

DRAWING = ("hypothesis", "sortedcontainers")
"""Libraries by which graphs are drawn."""

USED_IF_THERE = ("gmpy2",)
"""sympy and mpmath compute with it where they find it."""

_SLACK = 2.0
"""How much later than their list files may be written by an installation. Units: seconds."""


def versions(names: Sequence[str]) -> tuple[tuple[str, str, str], ...]:
    """Each library with a digest of the list of its files, which holds their digests.

    Raises: ImportError for a library that is not installed.
    """
    found = [(name, distribution(name)) for name in names]
    found += [(name, each) for name in USED_IF_THERE if (each := _if_there(name)) is not None]
    return tuple((name, each.version, sha256(_listed(each).encode()).hexdigest()) for name, each in found)


def changed_since() -> str:
    """A file of a library that is gone, or was written after the library was installed; "" if there is none.

    Its digest in the list is then not that of what is loaded.
    """
    for name in (*NEEDED, *DRAWING):
        found = distribution(name)
        rows = [row[0] for row in csv.reader(_listed(found).splitlines()) if row and not row[0].endswith(".pyc")]
        base = str(found.locate_file(""))
        places = [os.path.join(base, row) for row in rows]
        lists = [place for place in places if os.path.basename(place) == "RECORD"]
        if not lists:
            return f"something of {name}"
        latest = os.stat(lists[0]).st_mtime + _SLACK
        for row, place in zip(rows, places, strict=True):
            try:
                if os.stat(place).st_mtime > latest:
                    return row
            except OSError:
                return row
    return ""


def _listed(installed: Distribution) -> str:
    return installed.read_text("RECORD") or ""


def _if_there(name: str) -> Distribution | None:
    try:
        return distribution(name)
    except PackageNotFoundError:
        return None
