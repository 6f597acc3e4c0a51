"""Real numbers with a bound on how far a floating-point run of the same kernel can be from them.

A sum keeps its terms' magnitudes, so that its bound holds for every order of summation and with fused products: numpy
sums in pairs and BLAS in blocks. Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 3.1
(products and γ_n) and 4.2 (any order of summation).
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from flint import arb, fmpq

from ..scalars.mask import Mask, Truth, Unsupported, ordered
from ..scalars.term import exact as rational

UNIT = 2.0**-53
"""The unit roundoff of binary64."""
LEAST = 2.0**-1072
"""What a result that underflows may be off by, and what the products in a bound may lose to underflow themselves."""
LIBRARY_ULPS = 4
"""numpy's exp, log and tanh are trusted to be within this many units in the last place."""


@ordered
class Tracked:
    """ball ∋ the real number; |float − real| <= error() for any float run of the same operations.

    `base` bounds the errors of a sum's terms, `mass` the sum of their magnitudes, `additions` counts its additions.
    """

    __slots__ = ("additions", "ball", "base", "mass")

    def __init__(self, ball: arb, base: float, mass: float, additions: int) -> None:
        self.ball = ball
        self.base = base
        self.mass = mass
        self.additions = additions

    @staticmethod
    def of(value: Any) -> Tracked:
        """A number that the float run holds exactly if it is binary64, else rounded once."""
        if isinstance(value, Tracked):
            return value
        if isinstance(value, Mask):
            return Tracked.of(value.where(1, 0))
        fraction = rational(value)
        nearest = Fraction(float(fraction))
        ball = arb(fmpq(fraction.numerator, fraction.denominator))
        rounding = 0.0 if nearest == fraction else _up(float(abs(fraction)) * UNIT + LEAST)
        return Tracked(ball, rounding, _magnitude(ball), 0)

    def error(self) -> float:
        """The bound: base + γ_n (mass + base), with γ_n = n u / (1 − n u)."""
        if self.additions == 0:
            return self.base
        gamma = self.additions * UNIT / (1 - self.additions * UNIT)
        return _up(self.base + gamma * (self.mass + self.base))

    def __add__(self, other: Any) -> Tracked:
        other = Tracked.of(other)
        base, mass = _up(self.base + other.base), _up(self.mass + other.mass)
        return Tracked(self.ball + other.ball, base, mass, self.additions + other.additions + 1)

    __radd__ = __add__

    def __neg__(self) -> Tracked:
        return Tracked(-self.ball, self.base, self.mass, self.additions)

    def __sub__(self, other: Any) -> Tracked:
        return self + -Tracked.of(other)

    def __rsub__(self, other: Any) -> Tracked:
        return Tracked.of(other) + -self

    def __mul__(self, other: Any) -> Tracked:
        other = Tracked.of(other)
        a, b = _magnitude(self.ball), _magnitude(other.ball)
        a_error, b_error = self.error(), other.error()
        inherited = a * b_error + b * a_error + a_error * b_error
        return self._rounded(self.ball * other.ball, inherited, 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Tracked:
        other = Tracked.of(other)
        least = float(other.ball.abs_lower()) * (1 - 4 * UNIT) - other.error()
        if least <= 0:
            raise Unsupported("a float divisor that may be 0 has no error bound")
        quotient = self.ball / other.ball
        return self._rounded(quotient, (self.error() + _magnitude(quotient) * other.error()) / least, 1)

    def __rtruediv__(self, other: Any) -> Tracked:
        return Tracked.of(other) / self

    def __pow__(self, exponent: Any) -> Tracked:
        raise Unsupported("the rounding of powers is not modelled; write a product")

    def apply(self, function: str) -> Tracked:
        """exp, log, tanh or sqrt: the inherited error by the mean value theorem, and the library's own."""
        error = self.error()
        match function:
            case "exp":
                result = self.ball.exp()
                growth = math.expm1(error) if error < 1 else math.inf
                return self._rounded(result, _magnitude(result) * growth, LIBRARY_ULPS)
            case "tanh":
                return self._rounded(self.ball.tanh(), error, LIBRARY_ULPS)
            case "log" | "sqrt":
                least = float(self.ball.abs_lower()) * (1 - 4 * UNIT) - error
                if least <= 0 or not self.ball > 0:
                    raise Unsupported(f"a float argument of {function} that may not be positive has no error bound")
                slope = 1 / least if function == "log" else 1 / (2 * math.sqrt(least))
                result = self.ball.log() if function == "log" else self.ball.sqrt()
                return self._rounded(result, error * slope, LIBRARY_ULPS)
        raise Unsupported(f"function {function}")

    def maximum(self, other: Any) -> Tracked:
        """The larger of two: off by no more than either."""
        other = Tracked.of(other)
        ball = self.ball.max(other.ball)
        return Tracked(ball, max(self.error(), other.error()), _magnitude(ball), 0)

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether the sign of self − other is one of `signs`; a float run may see another sign if they are close."""
        other = Tracked.of(other)
        difference = self.ball - other.ball
        certain = self.error() + other.error() == 0 or float(difference.abs_lower()) > _up(self.error() + other.error())
        if difference > 0 or difference < 0 or difference == 0:
            holds = ((difference > 0) - (difference < 0)) in signs
            return Truth(holds) if certain else Close(holds=holds)
        return Close(holds=None)

    def _rounded(self, ball: arb, inherited: float, ulps: int) -> Tracked:
        magnitude = _magnitude(ball)
        inherited = _up(inherited)
        # An error of k units in the last place is at most 2 k u relative; a correctly rounded operation's is u.
        relative = UNIT if ulps == 1 else 2 * ulps * UNIT
        return Tracked(ball, _up(inherited + relative * (magnitude + inherited) + LEAST), magnitude, 0)

    def _no_float(self) -> Any:
        raise Unsupported("a kernel asked for the machine number of a tracked value")

    __float__ = __int__ = __index__ = __bool__ = _no_float


class Close(Mask):
    """A comparison of numbers so close that a float run may decide it either way; `holds` is None if balls overlap."""

    __slots__ = ("holds",)

    def __init__(self, *, holds: bool | None) -> None:
        self.holds = holds

    def where(self, holds: Any, fails: Any) -> Tracked:
        """The exact choice, with a bound that covers the other one too."""
        a, b = Tracked.of(holds), Tracked.of(fails)
        chosen = a.ball.union(b.ball) if self.holds is None else (a if self.holds else b).ball
        bounds = [_up(_magnitude(chosen - side.ball) + side.error()) for side in (a, b)]
        return Tracked(chosen, max(bounds), _magnitude(chosen), 0)

    def __bool__(self) -> bool:
        raise Unsupported("a kernel decides on a value too close to call in floating point")


def _magnitude(ball: arb) -> float:
    return _up(float(ball.abs_upper()))


def _up(value: float) -> float:
    """At least the exact value of a short sum of products of non-negative floats that was computed as `value`."""
    return value * (1 + 16 * UNIT) + LEAST if value else 0.0
