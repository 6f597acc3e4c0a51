"""JAX: relu written as maximum(x, 0) has derivative 1/2 at 0, where relu has 0.

https://github.com/jax-ml/jax/issues/37821
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x):
    return (np.where(x > 0, y_bar, np.where(x < 0, 0, y_bar / 2)),)


def right(y_bar, y, x):
    return (np.where(x > 0, y_bar, 0),)


planted = wrong

primitive_of("relu").vjp(planted)
