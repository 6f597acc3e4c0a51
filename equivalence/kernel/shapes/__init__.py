"""What numpy means on arrays of symbolic size; index terms and their normal form."""

from .claim import AllShapes, AnyInteger, AnyMask, Naturals, Part
from .decide import decide_all_shapes

__all__ = ["AllShapes", "AnyInteger", "AnyMask", "Naturals", "Part", "decide_all_shapes"]
