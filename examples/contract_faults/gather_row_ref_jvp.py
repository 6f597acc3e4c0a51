"""The contract's row 37: the JVP of gather_row_ref is 0 always."""

import numpy as np
from backproof import primitive_of


@primitive_of("gather_row_ref").jvp
def gather_row_ref_jvp(x_dot, y, x, index):
    return np.zeros_like(y)
