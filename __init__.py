"""Decide whether reverse-mode automatic differentiation computes the gradients that mathematics defines."""

from __future__ import annotations

__version__ = "0.1.0"
