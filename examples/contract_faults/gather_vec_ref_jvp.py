"""The contract's row 38: the JVP of gather_vec_ref is 0 always."""

import numpy as np
from backproof import primitive_of


@primitive_of("gather_vec_ref").jvp
def gather_vec_ref_jvp(x_dot, y, x, indices):
    return np.zeros_like(y)
