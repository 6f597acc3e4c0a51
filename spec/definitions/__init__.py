"""One forward formula an op, nothing else. Importing this package fills the registry."""

from . import contraction, data, elementwise, layout, normalisation, reduction

__all__ = ["contraction", "data", "elementwise", "layout", "normalisation", "reduction"]
