"""A forward kernel and a JVP for relu, put in place of the ones that ship.

    backproof check --rules examples/rules/replace_a_forward_and_a_jvp.py

Both are right, at the kink too: the convention declares relu′(0) = 0. Write `x >= 0` in the JVP and run it again: it is
refuted with reason "kink", because off the kink it is still the derivative.
"""

from typing import Any

import numpy as np
from backproof import primitive_of

relu = primitive_of("relu")


@relu.forward
def relu_forward(x: Any) -> Any:
    return np.where(x > 0, x, 0)


@relu.jvp
def relu_jvp(x_dot: Any, y: Any, x: Any) -> Any:
    return np.where(x > 0, x_dot, 0)
