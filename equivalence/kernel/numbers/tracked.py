"""Real numbers with a bound on how far a floating-point run of the same kernel can be from them.

A sum keeps its terms' magnitudes, so that its bound holds for every order of summation and with fused products: numpy
sums in pairs and BLAS in blocks. Source: Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., sections 3.1
(products and γ_n) and 4.2 (any order of summation).
"""

from __future__ import annotations

import math
from fractions import Fraction
from functools import lru_cache
from typing import Any

import flint
from flint import arb, fmpq

from ..scalars.mask import Mask, Truth, Unsupported, ordered
from ..scalars.term import exact as rational
from . import radical
from .error_functions import error_function
from .formats import FLOAT64, Format
from .radical import Radical

LIBRARY_ULPS = 4
"""numpy's exp, expm1, log, log1p, sin, cos, tanh and power and scipy's erf are trusted to be within this many units in the last place."""

_ZERO_AT_ZERO = ("sqrt", "tanh", "sin", "expm1", "log1p", "erf")  # of 0 every library returns 0: C23, annex F


@ordered
class Tracked:
    """ball ∋ the real number; |float − real| <= error() for any float run of the same operations.

    `base` bounds the errors of a sum's terms, `mass` the sum of their magnitudes, `additions` counts its additions.
    Bounds are computed in binary64, whatever the `format` of the float run.
    """

    __slots__ = ("additions", "ball", "base", "format", "mass")

    def __init__(self, ball: arb, base: float, mass: float, additions: int, format_: Format) -> None:
        self.format = format_
        self.ball = ball
        self.base = base
        self.mass = mass
        self.additions = additions

    @staticmethod
    def of(value: Any, format_: Format) -> Tracked:
        """A number that the float run holds exactly if it is one of the format's, else rounded once."""
        if isinstance(value, Tracked):
            return value
        if isinstance(value, Mask):
            return Tracked.of(value.where(1, 0), format_)
        if isinstance(value, Radical):
            root: Tracked = value.in_terms_of(lambda constant: Tracked.of(constant, format_))
            return root
        return _constant(value if isinstance(value, float) else rational(value).as_integer_ratio(), format_, flint.ctx.prec)

    def error(self) -> float:
        """The bound: base + γ_n (mass + base), with γ_n = n u / (1 − n u); infinite where a partial sum may overflow."""
        if self.additions == 1 and self.base == 0 and self.ball == 0:  # two held numbers that cancel: rounded once, it is 0
            return 0.0
        loss = self.additions * self.format.unit
        gamma = loss / (1 - loss) if loss < 1 else math.inf
        bound = _up(self.base + gamma * (self.mass + self.base)) if self.additions else self.base
        # Of a bound that is not a number either, the comparison is false.
        return bound if self.mass + bound <= self.format.largest else math.inf

    def __add__(self, other: Any) -> Tracked:
        other = self._of(other)
        base, mass = _up(self.base + other.base), _up(self.mass + other.mass)
        return Tracked(self.ball + other.ball, base, mass, self.additions + other.additions + 1, self.format)

    __radd__ = __add__

    def __neg__(self) -> Tracked:
        return Tracked(-self.ball, self.base, self.mass, self.additions, self.format)

    def __sub__(self, other: Any) -> Tracked:
        return self + -self._of(other)

    def __rsub__(self, other: Any) -> Tracked:
        return self._of(other) + -self

    def __mul__(self, other: Any) -> Tracked:
        other = self._of(other)
        a, b = _magnitude(self.ball), _magnitude(other.ball)
        a_error, b_error = self.error(), other.error()
        # Of a factor that a float run may hold as infinity, 0 times it is no number.
        if math.isfinite(a_error + b_error) and (self._is_exact_zero() or other._is_exact_zero()):
            return self._of(0)
        inherited = a * b_error + b * a_error + a_error * b_error
        return self._rounded(self.ball * other.ball, inherited, 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Tracked:
        other = self._of(other)
        least = other._least()
        if least <= 0:
            raise Unsupported("a float divisor that may be 0 has no error bound")
        if self._is_exact_zero():
            return self
        quotient = self.ball / other.ball
        return self._rounded(quotient, (self.error() + _magnitude(quotient) * other.error()) / least, 1)

    def __rtruediv__(self, other: Any) -> Tracked:
        return self._of(other) / self

    def __pow__(self, exponent: Any) -> Tracked:
        """A constant power: the inherited error by the mean value theorem, and the library's own."""
        if isinstance(exponent, Fraction | float) and exponent != int(exponent):
            return self._real_power(rational(exponent))
        count = int(exponent)
        if count != exponent or not self.format.holds(rational(count)):
            raise Unsupported(f"power {exponent!r} of a tracked number")
        if count < 0 and not self._least() > 0:
            raise Unsupported("a negative power of a float that may be 0 has no error bound")
        if count in (0, 1):
            return self if count else self._of(1)
        # The slope is steepest at the end of the interval that is farther from 0, or nearer to it for negative powers.
        end = arb(self._least()) if count < 0 else arb(_magnitude(self.ball)) + arb(self.error())
        inherited = _magnitude(count * arb(self.error()) * end ** (count - 1))
        return self._rounded(self.ball**count, inherited, LIBRARY_ULPS)

    def _real_power(self, exponent: Fraction) -> Tracked:
        """x^c for x > 0. The float run may hold c rounded; the slopes x^c log x and c x^(c−1) are largest at an end."""
        error, least, step = self.error(), self._least(), abs(exponent) * rational(self.format.unit)
        if least <= 0 or not self.ball > 0:
            raise Unsupported("a real power of a float that may not be positive has no error bound")
        ends = [arb(least), arb(_magnitude(self.ball)) + arb(error)]
        c, gap = (arb(fmpq(each.numerator, each.denominator)) for each in (exponent, step))
        if self.format.holds(exponent):
            gap = arb(0)
        powers = [(end, end ** (c + shift)) for end in ends for shift in (-gap, gap)]
        rounding = max(_magnitude(each * end.log() * gap) for _, each in powers for end in ends)
        inherited = max(_magnitude((abs(c) + gap) * arb(error) * each / end) for end, each in powers)
        return self._rounded(self.ball**c, rounding + inherited, LIBRARY_ULPS)

    def apply(self, function: str) -> Tracked:
        """A function: the inherited error by the mean value theorem, and the library's own."""
        error = self.error()
        if function in _ZERO_AT_ZERO and self._is_exact_zero():
            return self._of(0)
        match function:
            case "exp" | "expm1":
                steepest = _magnitude(self.ball.exp()) * math.expm1(error) if error < 1 else _magnitude((self.ball + arb(error)).exp())
                return self._rounded(getattr(self.ball, function)(), steepest, LIBRARY_ULPS)
            case "erf" | "erfc":
                span, slope, ulps, lost = error_function(function, self.ball, error)
                return self._rounded(span, error * slope + lost * self.format.normal, LIBRARY_ULPS + ulps)
            case radical.PER_ROOT_PI:  # of a constant: the float run holds the product rounded once or twice
                return self._rounded(self.ball / arb.pi().sqrt(), error, LIBRARY_ULPS)
            case "tanh" | "sin" | "cos":
                return self._rounded(getattr(self.ball, function)(), error, LIBRARY_ULPS)
            case "log1p":
                least = float((self.ball + 1).lower()) * (1 - 4 * FLOAT64.unit) - error
                if least <= 0:
                    raise Unsupported("a float argument of log1p that may not be above -1 has no error bound")
                return self._rounded(self.ball.log1p(), error / least, LIBRARY_ULPS)
            case "log" | "sqrt":
                least = self._least()
                if least <= 0 or not self.ball > 0:
                    raise Unsupported(f"a float argument of {function} that may not be positive has no error bound")
                slope = 1 / least if function == "log" else 1 / (2 * math.sqrt(least))
                return self._rounded(getattr(self.ball, function)(), error * slope, LIBRARY_ULPS)
        raise Unsupported(f"function {function}")

    def maximum(self, other: Any) -> Tracked:
        """The larger of two: the one that every float run finds larger, else off by no more than either."""
        other = self._of(other)
        for larger, smaller in ((self, other), (other, self)):
            if float((larger.ball - smaller.ball).lower()) > _up(larger.error() + smaller.error()):
                return larger
        ball = self.ball.max(other.ball)
        return Tracked(ball, max(self.error(), other.error()), _magnitude(ball), 0, self.format)

    def compare(self, other: Any, signs: frozenset[int]) -> Mask:
        """Whether the sign of self − other is one of `signs`; a float run may see another sign if they are close."""
        other = self._of(other)
        difference = self.ball - other.ball
        certain = self.error() + other.error() == 0 or float(difference.abs_lower()) > _up(self.error() + other.error())
        if difference > 0 or difference < 0 or difference == 0:
            holds = ((difference > 0) - (difference < 0)) in signs
            return Truth(holds) if certain else Close(holds=holds, format_=self.format)
        return Close(holds=None, format_=self.format)

    def _rounded(self, ball: arb, inherited: float, ulps: int) -> Tracked:
        magnitude = _magnitude(ball)
        inherited = _up(inherited)
        # An error of k units in the last place is at most 2 k u relative; a correctly rounded operation's is u.
        relative = self.format.unit * (1 if ulps == 1 else 2 * ulps)
        bound = _up(inherited + relative * (magnitude + inherited) + ulps * self.format.least)
        return Tracked(ball, bound, magnitude, 0, self.format)

    def _is_exact_zero(self) -> bool:
        """Whether every float run holds 0 here: times or over a finite number, and under a root, it stays 0."""
        return self.error() == 0 and bool(self.ball == 0)

    def _of(self, other: Any) -> Tracked:
        return Tracked.of(other, self.format)

    def _least(self) -> float:
        """No float run holds a number nearer to 0; not positive if one may hold 0."""
        return float(self.ball.abs_lower()) * (1 - 4 * FLOAT64.unit) - self.error()

    def _no_float(self) -> Any:
        raise Unsupported("a kernel asked for the machine number of a tracked value")

    __float__ = __int__ = __index__ = __bool__ = _no_float


@lru_cache(maxsize=4096)
def _constant(value: float | tuple[int, int], format_: Format, _precision: int) -> Tracked:
    """A number or ratio; its ball is as narrow as the precision that balls have now."""
    fraction = Fraction(*value) if isinstance(value, tuple) else rational(value)
    ball = arb(fmpq(fraction.numerator, fraction.denominator))
    rounding = 0.0 if format_.holds(fraction) else _up(_magnitude(ball) * format_.unit + format_.least)
    return Tracked(ball, rounding, _magnitude(ball), 0, format_)


class Close(Mask):
    """A comparison of numbers so close that a float run may decide it either way; `holds` is None if balls overlap."""

    __slots__ = ("format", "holds")

    def __init__(self, *, holds: bool | None, format_: Format) -> None:
        self.format = format_
        self.holds = holds

    def where(self, holds: Any, fails: Any) -> Tracked:
        """The exact choice, with a bound that covers the other one too."""
        a, b = Tracked.of(holds, self.format), Tracked.of(fails, self.format)
        chosen = a.ball.union(b.ball) if self.holds is None else (a if self.holds else b).ball
        bounds = [_up(_magnitude(chosen - side.ball) + side.error()) for side in (a, b)]
        return Tracked(chosen, max(bounds), _magnitude(chosen), 0, self.format)

    def __bool__(self) -> bool:
        raise Unsupported("a kernel decides on a value too close to call in floating point")


def _magnitude(ball: arb) -> float:
    return _up(float(ball.abs_upper()))


def _up(value: float) -> float:
    """At least the exact value of a short sum of products of non-negative floats that was computed as `value`."""
    # What is added makes good what the products lost to underflow.
    return value * (1 + 16 * FLOAT64.unit) + 4 * FLOAT64.least if value else 0.0
