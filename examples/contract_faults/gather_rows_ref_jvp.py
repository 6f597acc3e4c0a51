"""The contract's row 39: the JVP of gather_rows_ref is 0 always."""

import numpy as np
from backproof import primitive_of


@primitive_of("gather_rows_ref").jvp
def gather_rows_ref_jvp(x_dot, y, x, indices):
    return np.zeros_like(y)
