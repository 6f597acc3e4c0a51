"""The contract's row 36: the JVP of gather_scalar_ref is 0 always."""

import numpy as np
from backproof import primitive_of


@primitive_of("gather_scalar_ref").jvp
def gather_scalar_ref_jvp(x_dot, y, x, index):
    return np.zeros_like(y)
