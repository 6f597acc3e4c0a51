"""The ledger's file: SQLite, shared by whoever opens it; whatever is wrong with it is said once and costs proofs, not verdicts."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path

from .seal import seal_of

Say = Callable[[str], None]

BUSY_MS = 10_000
"""How long a writer waits for another."""

MOST_BYTES = 2**29
"""A ledger that holds more is emptied when it is opened: most of it is of kernels and checkers that are no more."""

_OF_THE_PLACE = frozenset(
    {
        sqlite3.SQLITE_AUTH, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_IOERR, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOLFS, sqlite3.SQLITE_NOMEM, sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_READONLY,
    }
)  # fmt: skip
"""Errors for which the file itself may be whole."""

_MARK = 0x62_70_6C_31
"""`application_id` of a ledger of this form: "bpl1"."""

_TABLE = "CREATE TABLE IF NOT EXISTS records (key TEXT PRIMARY KEY, seal TEXT NOT NULL, body BLOB NOT NULL) WITHOUT ROWID"


_FIND = "SELECT seal, body FROM records WHERE key = ?"


def peek(path: Path, key: str) -> bytes | None:
    """What a ledger keeps under a key, without making, changing or locking anything; None if it cannot be read so."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            if connection.execute("PRAGMA application_id").fetchone() != (_MARK,):
                return None
            row = connection.execute(_FIND, (key,)).fetchone()
    except (sqlite3.Error, ValueError):
        return None
    return None if row is None else _sealed(key, *row)


class Store:
    """Bodies by key. A row whose seal does not fit is none."""

    def __init__(self, path: Path, say: Say) -> None:
        """Open the file, or make it; one that is no ledger is set aside, and one that cannot be used is done without."""
        self._path = path
        self._say = say
        self._connection: sqlite3.Connection | None = None
        self._file = _file(path)
        try:
            self._connection = _opened(path)
            self._file = _file(path)
        except sqlite3.Error as error:
            self._answer(error)

    def get(self, key: str) -> bytes | None:
        """What is kept under a key."""
        found = self._row(key)
        if found is None:
            return None
        return _sealed(key, *found)

    def put(self, bodies: Sequence[tuple[str, bytes]]) -> None:
        """Keep bodies under their keys, in one transaction; damaged rows give way."""
        rows = [(key, seal_of(key, body), body) for key, body in bodies]
        try:
            if self._connection is not None and rows:
                with self._connection:  # commits, or rolls back whatever happens
                    self._connection.execute("BEGIN IMMEDIATE")
                    self._connection.executemany("INSERT OR REPLACE INTO records VALUES (?, ?, ?)", rows)
        except sqlite3.Error as error:
            self._answer(error)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _row(self, key: str) -> tuple[object, object] | None:
        try:
            if self._connection is not None:
                row: tuple[object, object] | None
                row = self._connection.execute(_FIND, (key,)).fetchone()
                return row
        except sqlite3.Error as error:
            self._answer(error)
        return None

    def _answer(self, error: sqlite3.Error) -> None:
        self.close()
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OF_THE_PLACE:
            self._without(error)
            return
        try:
            # Unless another run has done so already.
            if _file(self._path) == self._file:
                aside = _set_aside(self._path)
                self._say(f"ledger {self._path}: {error}; it was set aside as {aside.name} and a new one begun")
            self._connection = _opened(self._path)
            self._file = _file(self._path)
        except (OSError, sqlite3.Error) as again:
            self._without(again)

    def _without(self, error: Exception) -> None:
        self.close()
        self._say(f"ledger {self._path}: {error}; this run goes on without it")


def _sealed(key: str, seal: object, body: object) -> bytes | None:
    return body if isinstance(body, bytes) and seal == seal_of(key, body).encode() else None


def _opened(path: Path) -> sqlite3.Connection:
    """A connection on which a transaction begins where that is said. Raises: sqlite3.Error."""
    connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
    connection.text_factory = bytes  # what is damaged need not be text
    with ExitStack() as undoing:
        undoing.callback(connection.close)
        _prepared(connection)
        undoing.pop_all()
    return connection


def _prepared(connection: sqlite3.Connection) -> None:
    # A plain journal, kept whole by SQLite: it needs no shared memory, so it works on every file system.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("BEGIN IMMEDIATE")
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master")]
    if mark != _MARK and (mark != 0 or tables):
        raise sqlite3.DatabaseError("file is no ledger of this form")
    if mark != _MARK:
        connection.execute(f"PRAGMA application_id = {_MARK}")
    connection.execute(_TABLE)
    columns = [column[1] for column in connection.execute("PRAGMA table_info(records)")]
    if columns != [b"key", b"seal", b"body"]:
        raise sqlite3.DatabaseError("file has another table of records")
    if _bytes_in(connection) > MOST_BYTES:
        connection.execute("DELETE FROM records")
    connection.execute("COMMIT")


def _bytes_in(connection: sqlite3.Connection) -> int:
    names = ("page_count", "freelist_count", "page_size")
    pages, free, size = (int(connection.execute(f"PRAGMA {name}").fetchone()[0]) for name in names)
    return (pages - free) * size


def _set_aside(path: Path) -> Path:
    """Rename a file to PATH.corrupt-N, its journal with it; N is the first that is free. Raises: OSError."""
    number = 1
    while (aside := path.with_name(f"{path.name}.corrupt-{number}")).exists():
        number += 1
    path.rename(aside)
    for ending in ("-journal", "-wal", "-shm"):
        left = path.with_name(path.name + ending)
        if left.exists():
            left.replace(aside.with_name(aside.name + ending))
    return aside


def _file(path: Path) -> tuple[int, int] | None:
    """Which file is there now."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
