"""Hypothesis strategies: typed graphs with values, to test an engine of one's own with."""

from __future__ import annotations

from .equivalence import rules_file as _rules_file  # noqa: F401 - fills the registries of ops
from .equivalence.generation.strategies import graphs

__all__ = ["graphs"]
