"""A Dask cluster as an executor. Its workers must hold this very checker: each says so of each piece of work.

Dask takes pieces of work to a worker, again if the worker dies; what comes back is bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager

from ...ir.graph import BackproofError
from ...spec.convention import CONVENTIONS
from ..caught import Caught, caught
from ..ledger.keys import Keys
from ..ledger.ledger import owed_now
from ..records import Record
from ..rules_file import named_tape
from ..subject import Subject
from ..work import Work, crashed, perform
from .carried import NotCarried, as_bytes, from_bytes

SCHEME = "dask://"

TRIES = 2
"""How often a piece of work is begun again after its worker died, or was lost; then Dask's own limit ends it."""

WAIT_S = 10
"""How long a scheduler may take to answer."""


class ClusterError(BackproofError):
    """A cluster that cannot be used."""


@contextmanager
def cluster(named: str) -> Iterator[Executor]:
    """The cluster of a scheduler, dask://HOST:PORT.

    Raises: ClusterError.
    """
    place = named.removeprefix(SCHEME)
    host, _colon, port = place.rpartition(":")
    if not named.startswith(SCHEME) or not host or not port.isdecimal():
        raise ClusterError(f"--executor {named!r}: {SCHEME}HOST:PORT was needed")
    try:
        from distributed import Client
    except ImportError as error:
        raise ClusterError(f"--executor {named}: distributed is not installed, backproof[dask] was needed") from error
    client = caught(lambda: Client(f"tcp://{place}", timeout=WAIT_S, set_as_default=False))
    if isinstance(client, Caught):
        raise ClusterError(f"--executor {named}: no scheduler answers there, a running one was needed")
    try:
        yield client.get_executor(pure=False, retries=TRIES)
    finally:
        client.close(timeout=WAIT_S)


def begun_there(executor: Executor, piece: Work, convention: str) -> Future[bytes]:
    """A piece of work, given to a cluster."""
    return executor.submit(_performed, piece, convention, Keys(convention).code_of(piece))


def came_back(piece: Work, future: Future[bytes]) -> tuple[tuple[Record, ...], str]:
    """The records of a piece of work and their key; unknown (CRASHED) if its workers died, or were none of ours."""
    found = caught(lambda: from_bytes(future.result(), (owed_now(piece), piece.owed())))
    if isinstance(found, Caught):
        lost = "what came back" if isinstance(found.error, NotCarried) else "the cluster lost it"
        return crashed(piece, f"{lost}: {type(found.error).__name__}: {found.error}"), ""
    records, key, refused = found
    return (crashed(piece, refused), "") if refused else (records, key)


def _performed(piece: Work, convention: str, code: str) -> bytes:
    """What a worker of the cluster does. It may live for long, and have loaded other code than there is now."""
    from distributed import get_worker

    threads = get_worker().state.nthreads
    if threads != 1:
        return as_bytes((), "", f"a worker of the cluster has {threads} threads, one was needed (--nthreads 1)")
    keys = Keys(convention)
    if not code or keys.code_of(piece) != code:
        return as_bytes((), "", "a worker of the cluster has loaded another checker, or other kernels")
    before = keys.of(piece)
    records = perform(piece, Subject(named_tape(), CONVENTIONS[convention]))
    after = Keys(convention)
    if after.code_of(piece) != code:
        return as_bytes((), "", "the kernels of a worker changed while it was deciding")
    return as_bytes(records, before if after.of(piece) == before else "", "")


