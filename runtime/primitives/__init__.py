"""Forward, VJP and JVP kernels, mirroring spec/definitions. Importing this package fills the registry.

Kernels are plain numpy; `docs/decisions/0005-what-kernels-may-use.md` lists what they may use of it. That is what the
prover knows the meaning of, at every shape.
"""

from . import (
    activations,
    arithmetic,
    attention,
    averages,
    axes,
    contraction,
    convolution,
    data,
    elementwise,
    grouped_convolution,
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
    roots,
    scans,
    selection,
    soft_pools,
)

__all__ = [
    "activations",
    "arithmetic",
    "attention",
    "averages",
    "axes",
    "contraction",
    "convolution",
    "data",
    "elementwise",
    "grouped_convolution",
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
    "roots",
    "scans",
    "selection",
    "soft_pools",
]
