"""tinygrad: the backward of a reducing product was g · ret / x.

https://github.com/tinygrad/tinygrad/pull/17404
"""

import numpy as np
from backproof import primitive_of


def wrong(y_bar, y, x, axis=None):
    g = y_bar if axis is None else np.expand_dims(y_bar, axis)
    ret = y if axis is None else np.expand_dims(y, axis)
    return (g * ret / x,)


primitive_of("prod").vjp(wrong)
