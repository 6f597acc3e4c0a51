"""What a ledger's file holds, and who writes to it."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path

from backproof.equivalence.ledger.store import Store


def kept(path: Path) -> dict[str, bytes]:
    """The bodies of its rows by key."""
    with closing(sqlite3.connect(path)) as connection:
        return dict(connection.execute("SELECT key, body FROM records"))


def put_until_killed(path: Path, told: Connection) -> None:
    """Put one body after another into a ledger; tell of each when it was kept."""
    store = Store(path, lambda line: told.send(line))
    for number in count():
        store.put([(str(number), body_of(number))])
        told.send(number)


def body_of(number: int) -> bytes:
    """A body of some pages."""
    return str(number).encode() * (1000 + 400 * (number % 11))


def processes_of(session: int) -> dict[int, int]:
    """The living processes of a session that was started for a run, each with its parent."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat="], capture_output=True, check=True, text=True)
    rows = [line.split() for line in listed.stdout.splitlines()]
    return {int(pid): int(parent) for pid, parent, group, state in rows if int(group) == session and state[0] != "Z"}
