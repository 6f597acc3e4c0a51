"""What a ledger's file holds."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path


def kept(path: Path) -> dict[str, bytes]:
    """The bodies of its rows by key."""
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT key, body FROM records"))
