"""Where a user's ledger is if they name none: in their cache folder, in a folder that is theirs alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from .store import Say

FOLDER, FILE = "backproof", "proofs.ledger"

_WRITABLE_BY_OTHERS = 0o022


def users_ledger(environment: Mapping[str, str], say: Say) -> Path | None:
    """The ledger in the cache folder, whose folder is made; None where there can be none, which is said.

    What others may write to is not used: a record that somebody put there would pass for a proof.
    """
    folder = Path("~/.cache", FOLDER)
    try:
        folder = _cache(environment) / FOLDER
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / FILE
        trouble = _is_not_theirs(folder) or (file.exists() and _is_not_theirs(file))
    except (OSError, RuntimeError) as error:  # RuntimeError: nobody knows where home is
        trouble = str(error)
    if trouble:
        say(f"ledger {folder / FILE}: {trouble}; this run goes on without it")
        return None
    return folder / FILE


def _cache(environment: Mapping[str, str]) -> Path:
    """The cache folder, as the XDG base directory specification says: a relative path counts as none."""
    named = Path(environment.get("XDG_CACHE_HOME", ""))
    return named if named.is_absolute() else Path.home() / ".cache"


def _is_not_theirs(path: Path) -> str:
    """Why others may have written there; "" if they cannot."""
    if os.name != "posix":
        return ""
    found = path.stat()
    if found.st_uid != os.geteuid():
        return f"{path.name} belongs to another user"
    return f"others may write to {path.name}" if found.st_mode & _WRITABLE_BY_OTHERS else ""
