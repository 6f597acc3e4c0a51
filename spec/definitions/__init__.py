"""One forward formula an op, nothing else. Importing this package fills the registry."""

from . import (
    activations,
    arithmetic,
    contraction,
    convolution,
    data,
    elementwise,
    indexing,
    layout,
    logarithms,
    normalisation,
    pools,
    randomness,
    reduction,
    scans,
    selection,
)

__all__ = [
    "activations",
    "arithmetic",
    "contraction",
    "convolution",
    "data",
    "elementwise",
    "indexing",
    "layout", "logarithms",
    "normalisation",
    "pools",
    "randomness",
    "reduction",
    "scans",
    "selection",
]
