"""Forward, VJP and JVP kernels, mirroring spec/definitions. Importing this package fills the registry.

Kernels are plain numpy and use only: arithmetic and comparison operators, `@`, exp, log, tanh, abs, sqrt, maximum,
minimum, where, sum, max, broadcast_to, expand_dims, reshape, transpose, concatenate, zeros_like, ones_like, slices,
integer index arrays and `np.add.at`. That list is what the prover knows the meaning of, at every shape.
"""

from . import (
    activations,
    arithmetic,
    axes,
    contraction,
    convolution,
    data,
    elementwise,
    indexing,
    joining,
    layout,
    logarithms,
    losses,
    normalisation,
    pools,
    randomness,
    ranges,
    reduction,
    scans,
    selection,
)

__all__ = [
    "activations",
    "arithmetic",
    "axes",
    "contraction",
    "convolution",
    "data",
    "elementwise",
    "indexing",
    "joining",
    "layout",
    "logarithms",
    "losses",
    "normalisation",
    "pools",
    "randomness",
    "ranges",
    "reduction",
    "scans",
    "selection",
]
