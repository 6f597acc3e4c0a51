"""Where the figures come from: Python, libraries, processor and commit."""

from __future__ import annotations

import os
import platform
import re
import subprocess
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

LIBRARIES = ("numpy", "scipy", "sympy", "python-flint", "z3-solver", "cvc5", "hypothesis", "torch", "autograd", "jax")


def environment() -> dict[str, str]:
    """By name, in the order in which it is shown."""
    return {
        "commit": commit(),
        "Python": platform.python_version(),
        "libraries": ", ".join(f"{name} {came}" for name in LIBRARIES if (came := installed(name))),
        "system": f"{platform.system()} {platform.machine()}",
        "processor": processor(),
        "cores": str(os.cpu_count()),
    }


def commit() -> str:
    """The commit that is checked out, and whether anything differs from it."""
    head = said(["git", "rev-parse", "HEAD"])
    changed = said(["git", "status", "--porcelain", "--untracked-files=no"])
    return f"{head or 'no commit'}{' and changes' if changed else ''}"


def processor() -> str:
    """Its model, as Linux calls it; else what Python knows."""
    listed = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.*)$", listed.read_text(), re.MULTILINE) if listed.exists() else None
    return found[1].strip() if found else platform.processor() or "unknown"


def installed(name: str) -> str:
    """The version of a package; "" without it."""
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def said(command: list[str]) -> str:
    """What a command prints; "" if it fails."""
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
