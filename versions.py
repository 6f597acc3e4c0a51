"""What `--version` says: this program, and what decides in it, by what is installed; nothing of that is loaded."""

from __future__ import annotations

from importlib.metadata import version as installed

from . import __version__

SOLVERS = ("z3-solver", "cvc5", "python-flint", "sympy")
"""Distributions that decide."""


def version_line() -> str:
    """One line. Raises: PackageNotFoundError if one of them is not installed."""
    solvers = ", ".join(f"{name} {installed(name)}" for name in SOLVERS)
    return f"backproof {__version__} ({solvers})"
