"""Arrays whose sides may be symbols and whose entries are functions of the index, with numpy's operators and methods.

They never change: every write is refused, so that a view and a copy cannot be told apart. The one exception, zeros that
nothing has looked at yet, is in `rows`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Literal, NoReturn

from .algebra import ONE, Expr, summed
from .atoms import exp, log, positive, power, vanishing
from .axes import axes_of
from .case import Case
from .contraction import matrix_product, read_at, repeated
from .formula import Index, as_expression, as_poly, whole
from .naturals import Opaque
from .polynomial import Poly, indices, integer, least, refuse
from .positions import reshaped
from .prover import implied
from .selection import selected
from .winners import is_lowest

Shape = tuple[Poly, ...]
Combine = Callable[..., Expr]
Kind = Literal["real", "whole", "mask"]  # whole: in numpy machine integers, which overflow and take no fractions


def _is_mask(operand: Any) -> bool:
    return isinstance(operand, Array) and operand.kind == "mask"


def arithmetic(combine: Combine, *operands: Any) -> Array:
    """A real array, entry by entry; a mask counts as zeros and ones, but of masks alone numpy makes a mask."""
    if all(map(_is_mask, operands)):
        refuse("arithmetic on masks alone")
    kind = together(operands)
    if kind == "whole" and not any(map(_is_mask, operands)):
        refuse("arithmetic on whole numbers, which may overflow,")
    return spread(combine, kind, operands)


def together(operands: Sequence[Any]) -> Kind:
    """What numpy holds numbers in that come from all of these: a machine integer if none is real."""
    if any(type(x) is float or (isinstance(x, Array) and x.kind == "real") for x in operands):
        return "real"
    if not all(isinstance(x, Array) or (type(x) is int and abs(x) < 2**31) for x in operands):
        refuse("a number that may not fit a machine integer")
    return "whole"


def compared(combine: Combine, *operands: Any) -> Array:
    """A mask from real numbers, entry by entry."""
    if not any(isinstance(x, Array) and x.kind == "real" for x in operands) or any(map(_is_mask, operands)):
        refuse("a comparison of masks")
    return spread(combine, "mask", operands)


def logical(combine: Combine, *operands: Any) -> Array:
    """A mask from masks, entry by entry."""
    return spread(combine, "mask", operands) if all(map(_is_mask, operands)) else refuse("logic on something that is no mask")


def _operator(meaning: Callable[..., Array], combine: Combine) -> Callable[[Array, Any], Array]:
    return lambda one, other: meaning(combine, one, other)


class Array(Opaque):
    """A real array, or a mask of zeros and ones; the entry function is only called with indices in range."""

    __slots__ = ("case", "entry", "kind", "sides")

    def __init__(self, case: Case, sides: Shape, entry: Callable[[Index], Expr], kind: Kind = "real") -> None:
        known: dict[Index, Expr] = {}

        def remembered(index: Index) -> Expr:
            if index not in known:
                known[index] = entry(index)
            return known[index]

        self.case, self.sides, self.entry, self.kind = case, sides, remembered, kind

    @property
    def shape(self) -> tuple[Any, ...]:
        """The sides, as kernels compute with them."""
        return tuple(whole(self.case, side) for side in self.sides)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return len(self.sides)

    @property
    def size(self) -> Any:
        """The number of entries."""
        return math.prod(self.shape)

    @property
    def T(self) -> Array:
        """The axes in reverse order."""
        return transposed(self, range(self.ndim)[::-1])

    @property
    def mT(self) -> Array:
        """The last two axes exchanged."""
        *others, i, j = range(self.ndim)
        return transposed(self, [*others, j, i])

    def copy(self) -> Array:
        """The same entries."""
        return Array(self.case, self.sides, self.entry, self.kind)

    def sum(self, axis: Any = None, *, keepdims: bool = False) -> Array:
        """Σ over the axes."""
        return reduced(self, axis, "keep" if keepdims else "drop", summed)

    def reshape(self, *shape: Any) -> Array:
        """The same entries in row-major order."""
        sides = sides_of(self.case, shape[0] if len(shape) == 1 and isinstance(shape[0], tuple) else shape)
        return Array(self.case, sides, reshaped(self.case, self.entry, self.sides, sides), self.kind)

    def __getitem__(self, key: Any) -> Array:
        """Selected rows, or a part of the axes."""
        if isinstance(key, Opaque):
            rows: Array = key.rows_of(self)
            return rows
        sides, places = selected(self.case, self.sides, key)
        return Array(self.case, sides, lambda index: self.entry(places(index)), self.kind)

    def __truediv__(self, other: Any) -> Array:
        return divided(self, other)

    def __rtruediv__(self, other: Any) -> Array:
        return divided(other, self)

    def __pow__(self, exponent: Any) -> Array:
        if self.kind != "real" or type(exponent) not in (int, float) or not math.isfinite(exponent):
            refuse(f"the power {exponent!r}")
        return arithmetic(lambda a: self._raised(a, Fraction(exponent)), self)

    def _raised(self, a: Expr, exponent: Fraction) -> Expr:
        """a^n for an integer n, defined where numpy's is; e^(c log a) for another constant, where a > 0."""
        if exponent.denominator == 1:
            if exponent < 0:
                self.case.require_nonzero(a)
            return power(a, int(exponent))
        self.case.require_positive(a)
        return exp(log(a).scaled(exponent))

    def __neg__(self) -> Array:
        return arithmetic(lambda a: -a, self)

    def __abs__(self) -> Array:
        return arithmetic(lambda a: a * (positive(a) - positive(-a)), self)

    def __matmul__(self, other: Any) -> Array:
        if not isinstance(other, Array) or (self.kind, other.kind) != ("real", "real"):
            refuse("this @")
        return Array(self.case, *matrix_product(self.case, (self.sides, self.entry), (other.sides, other.entry)))

    __add__ = __radd__ = _operator(arithmetic, lambda a, b: a + b)
    __sub__ = _operator(arithmetic, lambda a, b: a - b)
    __rsub__ = _operator(arithmetic, lambda a, b: b - a)
    __mul__ = __rmul__ = _operator(arithmetic, lambda a, b: a * b)
    __lt__ = _operator(compared, lambda a, b: positive(b - a))
    __ge__ = _operator(compared, lambda a, b: positive(a - b) + vanishing(a - b))
    __le__ = _operator(compared, lambda a, b: positive(b - a) + vanishing(a - b))
    __eq__ = _operator(compared, lambda a, b: vanishing(a - b))
    __ne__ = _operator(compared, lambda a, b: ONE - vanishing(a - b))
    __and__ = _operator(logical, lambda a, b: a * b)
    __or__ = _operator(logical, lambda a, b: a + b - a * b)

    def __gt__(self, other: Any) -> Array:
        above_all = is_lowest(other) and self.kind == "real"
        return Array(self.case, self.sides, lambda _: ONE, "mask") if above_all else compared(lambda a, b: positive(a - b), self, other)

    def __invert__(self) -> Array:
        return logical(lambda a: ONE - a, self)

    def __getattr__(self, name: str) -> NoReturn:
        refuse(f"the attribute {name!r} of an array")


def sides_of(case: Case, shape: Sequence[Any]) -> Shape:
    """A shape that a kernel asks for; no side may be negative."""
    sides = tuple(map(as_poly, shape))
    if any(side is None or not implied(case.facts, least(side)) for side in sides):
        refuse("a shape with a side that may be negative")
    return sides  # type: ignore[return-value]


def divided(one: Any, other: Any) -> Array:
    """The quotient, entry by entry, of which no divisor is 0."""
    if all(map(_is_mask, (one, other))):
        refuse("arithmetic on masks alone")
    together((one, other))  # whole numbers, if these are, have a real quotient
    return spread(lambda a, b: a * power(b, -1), "real", (one, other), lambda case, _, b: case.require_nonzero(b))


def unasked(_case: Case, *_entries: Expr) -> None:
    """What most operations ask of entries: nothing."""


def spread(combine: Combine, kind: Kind, operands: Sequence[Any], ask: Callable[..., None] = unasked) -> Array:
    """The operands broadcast to one shape as numpy does, where only a side that is literally 1 is repeated."""
    arrays = [operand for operand in operands if isinstance(operand, Array)]
    case = arrays[0].case
    sides = repeated(case, [array.sides for array in arrays])

    def entry(index: Index) -> Expr:
        entries = [aligned(x, index) if isinstance(x, Array) else as_expression(x) for x in operands]
        ask(case.at(index, sides), *entries)
        return combine(*entries)

    return Array(case, sides, entry, kind)


def aligned(array: Array, index: Index) -> Expr:
    """The entry at the last places of an index, at 0 where the side is literally 1."""
    return array.entry(read_at(array.sides, index))


def transposed(array: Array, axes: Sequence[int]) -> Array:
    """Axis k of the result is axis axes[k] of the array."""
    if sorted(axes) != list(range(array.ndim)):
        refuse(f"a transposition by {axes!r}")
    back = [list(axes).index(axis) for axis in range(array.ndim)]
    sides = tuple(array.sides[axis] for axis in axes)
    return Array(array.case, sides, lambda index: array.entry(tuple(index[k] for k in back)), array.kind)


def reduced(array: Array, axis: Any, dims: Literal["keep", "drop"], combine: Callable[..., Expr]) -> Array:
    """A reduction over axes; `combine` takes the body, its fresh variables and their ranges."""
    if array.kind != "real":
        refuse("a reduction of what is not real")
    axes = list(range(array.ndim)) if axis is None else axes_of(axis, array.ndim)
    kept = [k for k in range(array.ndim) if k not in axes]

    def entry(index: Index) -> Expr:
        inner, names, guards = indices([array.sides[k] for k in axes])
        places = dict(zip(axes, inner, strict=True))
        places |= {k: index[k if dims == "keep" else position] for position, k in enumerate(kept)}
        return combine(array.entry(tuple(places[k] for k in range(array.ndim))), names, guards)

    full = [integer(1) if k in axes else side for k, side in enumerate(array.sides)]
    return Array(array.case, tuple(s for k, s in enumerate(full) if dims == "keep" or k in kept), entry)
