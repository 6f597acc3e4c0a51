"""What a ledger's file holds, and who writes to it."""

from __future__ import annotations

import sqlite3
import subprocess
from contextlib import closing
from itertools import count
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

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


class Process(NamedTuple):
    """A process, whose child it is, and by which words it was started: a forked one has its parent's."""

    number: int
    parent: int
    words: str


def processes_of(session: int) -> dict[int, Process]:
    """The living processes of a session that was started for a run."""
    command = ["ps", "-ww", "-A", "-o", "pid=,ppid=,pgid=,stat=,args="]
    listed = subprocess.run(command, capture_output=True, check=True, text=True, errors="replace").stdout
    rows = [line.split(maxsplit=4) for line in listed.splitlines()]
    mine = [Process(int(row[0]), int(row[1]), row[-1]) for row in rows if int(row[2]) == session and row[3][0] != "Z"]
    return {each.number: each for each in mine}


def workers_of(session: int) -> set[int]:
    """Those that were forked, from the run itself or from its server."""
    found = processes_of(session)
    return {each.number for each in found.values() if each.parent in found and found[each.parent].words == each.words}
