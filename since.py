"""What changed since a revision: which files, and on which of them a verdict may depend.

This only says and chooses: whether something is decided again is for the ledger's keys alone, which hold all that a verdict
depends on. What the ledger lacks is decided, whatever is said here.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .arguments import BadInput
from .equivalence.request import Request
from .reports.report import Report, Since
from .reports.touched import with_since

_DECIDING = ("equivalence", "ir", "runtime", "spec")
"""The parts of the checker that decide."""

_PACKAGE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit by the name that was given for it; `top` is the repository's folder."""

    name: str
    commit: str
    top: Path

    @property
    def seed(self) -> int:
        """A seed that runs since the same commit share, so that they draw the same graphs. In [0, 2**32)."""
        return int(self.commit[:8], 16)


def base_of(name: str, *, without: bool) -> Revision:
    """The revision to compare with; what did not change since comes from a ledger. Raises: BadInput."""
    if without:
        raise BadInput(f"--since {name} and --no-ledger came: what did not change since comes from the ledger")
    return revision(name)


def with_change(report: Report, base: Revision | None, request: Request) -> Report:
    """The report, saying what changed since a revision if one was named. Raises: BadInput."""
    return report if base is None else with_since(report, changed_since(base, request.files, request.rules))


def revision(name: str) -> Revision:
    """The commit that a name stands for in the repository of the working folder.

    Raises: BadInput in one line, if there is no git, no repository or no such commit.
    """
    top = _git(name, Path(), "rev-parse", "--show-toplevel")
    commit = _git(name, Path(), "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return Revision(name, commit.strip(), Path(top.rstrip("\n")))


def changed_since(base: Revision, files: Sequence[Path], rules: Path | None) -> Since:
    """The files that differ between a commit and the working tree, new ones with them, and those that matter.

    Raises: BadInput.
    """
    differing = _git(base.name, base.top, "diff", "--name-only", "--no-renames", "-z", base.commit, "--")
    new = _git(base.name, base.top, "ls-files", "--others", "--exclude-standard", "-z")
    changed = tuple(sorted({name for name in (differing + new).split("\0") if name}))
    read = {path.resolve() for path in (*files, *(() if rules is None else (rules,)))}
    beside = {file.resolve().with_suffix(".npz") for file in files}
    matter = (name for name in changed if _matters(base.top / name, read | beside, with_rules=rules is not None))
    return Since(base.name, base.commit, changed, tuple(matter))


def _matters(path: Path, read: Iterable[Path], *, with_rules: bool) -> bool:
    """Whether a verdict may depend on a file: the checker's own, what it was asked to read, and what rules may import."""
    path = path.resolve()
    if path.is_relative_to(_PACKAGE) and path.relative_to(_PACKAGE).parts[0] in _DECIDING:
        return path.suffix in (".json", ".py")
    return path in read or (with_rules and path.suffix == ".py")


def _git(name: str, folder: Path, *arguments: str) -> str:
    asked = f"--since {name}"
    try:
        done = subprocess.run(["git", "-C", str(folder), *arguments], capture_output=True, check=False)
    except OSError as error:
        raise BadInput(f"{asked}: git: {error.strerror}, a git that can be run was needed") from error
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        why = said[0] if said else "no such commit here, one was needed (a shallow clone has few: fetch more)"
        raise BadInput(f"{asked}: {why}")
    return done.stdout.decode(errors="backslashreplace")  # a report is UTF-8, and names need not be
