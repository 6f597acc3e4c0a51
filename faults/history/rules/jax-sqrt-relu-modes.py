"""JAX: forward mode of sqrt(relu(x)) multiplied 0 by infinity where x < 0; reverse mode selected 0.

https://github.com/jax-ml/jax/issues/6636
"""

import numpy as np
from backproof import primitive_of


def wrong(x_dot, y, x):
    return (x > 0) * x_dot * (1 / (2 * y))


def right(x_dot, y, x):
    return np.where(x > 0, x_dot / (2 * np.where(x > 0, y, 1)), 0)


planted = wrong

primitive_of("sqrt").jvp(planted)
