"""AutoHOOT: the gradient of the einsum `ij->` left out the indices that are summed with no partner, and
stayed a scalar.

https://github.com/LinjianMa/AutoHOOT/issues/69
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x):
    return (y_bar,)


def right(y_bar, y, x):
    return (y_bar * np.ones_like(x),)


planted = wrong

primitive_of("sum").vjp(planted)
