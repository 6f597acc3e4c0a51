"""Real numbers with a bound on what floats lose, and whether every float run holds them exactly: that tells ties and zeros.

Numbers made by + and · alone out of multiples of a power of 2 are exact in any order, as long as they are small. What is
held so decides signs, and never narrows a bound: an engine may compute in another way.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..kernel.numbers.exact import Undecidable
from ..kernel.numbers.formats import Format
from ..kernel.numbers.tracked import Tracked


@dataclass(frozen=True, slots=True)
class Bounded:
    """A tracked number; `steps` are the binary places below which it has no digits, None if a float run may round it."""

    tracked: Tracked
    steps: int | None

    def __add__(self, other: Bounded) -> Bounded:
        steps = None if self.steps is None or other.steps is None else max(self.steps, other.steps)
        return _bounded(self.tracked + other.tracked, steps)

    def __sub__(self, other: Bounded) -> Bounded:
        return self + Bounded(-other.tracked, other.steps)

    def __mul__(self, other: Bounded) -> Bounded:
        steps = None if self.steps is None or other.steps is None else self.steps + other.steps
        return _bounded(self.tracked * other.tracked, steps)

    def __truediv__(self, other: Bounded) -> Bounded:
        return Bounded(self.tracked / other.tracked, None)


class BoundedAlgebra:
    """The spec's algebra of them in one format."""

    def __init__(self, format_: Format) -> None:
        self._format = format_

    def number(self, value: Fraction) -> Bounded:
        """The rational, rounded once if the format does not hold it."""
        places = value.denominator.bit_length() - 1
        dyadic = value.denominator == 1 << places
        return _bounded(Tracked.of(value, self._format), places if dyadic else None)

    def apply(self, function: str, x: Bounded) -> Bounded:
        """The function's value. Raises: Unsupported where there is no bound."""
        return Bounded(x.tracked.apply(function), None)

    def sign(self, x: Bounded) -> int:
        """The sign that every float run sees. Raises: Undecidable if one may see another."""
        ball, error = x.tracked.ball, 0.0 if x.steps is not None else x.tracked.error()
        if error == 0 and ball == 0:
            return 0
        if float(ball.abs_lower()) > error:
            return 1 if ball > 0 else -1
        raise Undecidable("a branch too close to call in floating point")


def _bounded(tracked: Tracked, steps: int | None) -> Bounded:
    """Exact in any order if all terms together, in units of the last place, are below the numbers that the format holds."""
    held = steps is not None and tracked.mass * 2.0**steps * tracked.format.unit < 0.25
    return Bounded(tracked, steps if held else None)
