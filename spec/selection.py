"""The largest of finitely many entries, and which of them is the winner, as sympy functions.

    ∂ Largest(w, e₁, …) / ∂ eₖ = Winner(k, w, e₁, …)

Winner is 1 for the winner and 0 for the others; ties are broken by the weight w: w·last + (1 − w)·first, or, where w is
EVENLY, in equal shares.
"""

from __future__ import annotations

import itertools
from typing import Any

import sympy

EVENLY = sympy.Symbol("evenly", real=True)
"""Stands for no number: each of n largest entries has the share 1/n."""


class Largest(sympy.Function):  # type: ignore[misc]
    """max(e₁, …); its first argument is the weight by which ties are broken."""

    is_real = True

    @property
    def entries(self) -> tuple[Any, ...]:
        """e₁, …"""
        return tuple(self.args[1:])

    @property
    def leaves(self) -> tuple[Any, ...]:
        """The entries, and in place of one that is itself a largest its own."""
        parts = (entry.leaves if isinstance(entry, Largest) else (entry,) for entry in self.entries)
        return tuple(itertools.chain(*parts))

    def fdiff(self, argindex: int = 1) -> Any:
        """The derivative by an argument, counted from 1; the weight is held constant."""
        return sympy.Integer(0) if argindex == 1 else Winner(sympy.Integer(argindex - 2), *self.args)


class Winner(sympy.Function):  # type: ignore[misc]
    """Arguments k, w, e₁, …: w·[e is last largest at k] + (1 − w)·[first largest at k], counted from 0; constant."""

    is_real = True

    @property
    def place(self) -> int:
        """Whose turn it is."""
        return int(self.args[0])

    @property
    def weight(self) -> Any:
        """The share of the last of the largest."""
        return self.args[1]

    @property
    def entries(self) -> tuple[Any, ...]:
        """e₁, …"""
        return tuple(self.args[2:])

    def _eval_derivative(self, _symbol: Any) -> Any:
        """0: which entry wins does not change near a point without ties, and at ties the convention decides."""
        return sympy.Integer(0)
