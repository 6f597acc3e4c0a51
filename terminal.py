"""The process around the command line: who may write where, progress, and files that appear whole."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stdout
from io import BytesIO
from pathlib import Path

from .ir.graph import BackproofError

Tell = Callable[[int, int], None]
"""Told how many obligations are decided, of how many."""


class FolderError(BackproofError):
    """A folder that a report cannot be kept in."""


class OutputLost(Exception):
    """Standard output that does not take the report: no run is green whose report nobody could read."""


@contextmanager
def standard_output() -> Iterator[BytesIO]:
    """What to write to standard output at the end.

    Until then both Python's stream and the descriptor lead to standard error: rules files, kernels, solvers and worker
    processes may print.
    Raises: OutputLost.
    """
    content = BytesIO()
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield content
    finally:
        os.dup2(kept, 1)
        os.close(kept)
    _write(content.getbuffer())


def _write(content: memoryview) -> None:
    try:
        while content:
            content = content[os.write(1, content) :]
    except OSError as error:
        raise OutputLost(f"standard output: {error.strerror}") from error


@contextmanager
def progress() -> Iterator[Tell]:
    """A bar on standard error if that is a terminal, else nothing."""
    with _bar(moves_by_itself=True) as tell:
        yield tell


@contextmanager
def forking_progress() -> Iterator[Tell]:
    """As progress, for work that forks all the while: a bar that moves when it is told, for it has no thread."""
    with _bar(moves_by_itself=False) as tell:
        yield tell


@contextmanager
def _bar(*, moves_by_itself: bool) -> Iterator[Tell]:
    if not sys.stderr.isatty():
        yield lambda _decided, _owed: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("deciding"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    bar = Progress(*columns, console=console, transient=True, redirect_stdout=False, auto_refresh=moves_by_itself)
    task = bar.add_task("deciding", total=None)
    with ExitStack() as shown:

        def tell(decided: int, owed: int) -> None:
            if not bar.live.is_started:  # its thread must not be there when workers are forked
                shown.enter_context(bar)
            bar.update(task, completed=decided, total=owed, refresh=not moves_by_itself)

        yield tell


def complain(message: str) -> None:
    """One line on standard error."""
    print(f"backproof: {' '.join(message.split())}", file=sys.stderr)  # noqa: T201 - the command line's own voice


def make_folder(folder: Path, asked: str) -> None:
    """Make a folder, before any work is done for it; `asked` is the option that asked for it.

    Raises: FolderError if it cannot be.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FolderError(f"{asked}: {error.strerror}, a folder that can be written was needed") from error


def forget(folder: Path, names: Iterable[str]) -> None:
    """Remove what an earlier run kept in a folder, so that no run that breaks off leaves another's answer there.

    Raises: OSError.
    """
    for stale in (*(folder / "refutations").glob("*.json"), *(folder / name for name in names)):
        stale.unlink(missing_ok=True)


def checkout() -> Path:
    """The repository that the process works in: the nearest folder above that git made one, else the folder itself."""
    here = Path.cwd().resolve()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def put(folder: Path, files: Iterable[tuple[str, bytes]]) -> None:
    """Write files by their names into a folder as they come, each whole or not at all.

    Raises: OSError.
    """
    for name, content in files:
        _replace(folder / name, content)


def _replace(path: Path, content: bytes) -> None:
    sibling = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        sibling.write_bytes(content)
        os.replace(sibling, path)
    finally:
        sibling.unlink(missing_ok=True)
