"""The error function and its complement on floats: how steep they are, and what scipy loses."""

from __future__ import annotations

import math

from flint import arb

MOST = 32.0
"""From here on erfc is below the least number of every format; below -MOST it is nearer to 2 than to any other number."""


def error_function(function: str, x: arb, error: float) -> tuple[arb, float, int, int]:
    """erf or erfc of x; a bound on the slope within the error of x; units in the last place and normal numbers lost.

    scipy's erfc(x) takes the exponential of a rounded square: it is trusted to be within 16 + x² units in the last place, and
    where it underflows within the least number that is held in full precision. Source: d erf/dx = e^(−x²) 2/√π, DLMF 7.2.1.
    """
    near = (x + arb(0, error)).abs_lower() if error < math.inf else arb(0)
    slope = float(((-near * near).exp() * 2 / arb.pi().sqrt()).abs_upper()) * (1 + 2.0**-50) + 2.0**-1074
    if function == "erf":
        return x.erf(), slope, 0, 0
    far = min(float(x.abs_upper()) * (1 + 2.0**-50) + error, MOST)
    return x.erfc(), slope, 12 + math.ceil(far * far), 1
