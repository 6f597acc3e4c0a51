"""Windows along axes, and reductions to a largest entry."""

from __future__ import annotations

from ...ir.graph import Shape
from ..primitive import ShapeMismatch, StrideFault
from .pointwise import along_axis


def steps(length: int, window: int, stride: int, padding: int) -> int:
    """How many windows fit into a length with padding on both sides.

    Raises: StrideFault for a stride of 0; ShapeMismatch for an empty window or padding below 0.
    """
    if stride < 1:
        raise StrideFault(f"windows {stride!r} apart: a stride is at least 1")
    if window < 1 or padding < 0:
        raise ShapeMismatch(f"windows of {window!r} cells and padding {padding!r}: at least 1 and 0 are needed")
    room = length + 2 * padding - window
    return room // stride + 1 if room >= 0 else 0


def max_pool(x: Shape, kernel: tuple[int, ...], stride: tuple[int, ...], padding: tuple[int, ...]) -> Shape:
    """(c,*n) -> (c, one side for each n). An axis whose padding is more than half a window has no window.

    Raises: ShapeMismatch, StrideFault.
    """
    if not x or {len(kernel), len(stride), len(padding)} != {len(x) - 1}:
        raise ShapeMismatch(f"max_pool of {x} by {kernel}, {stride}, {padding}: an item for each axis but the first")
    sides = [x[0]]
    for axis, n in enumerate(x[1:]):
        count = steps(n, kernel[axis], stride[axis], padding[axis])
        sides.append(count if n > 0 and padding[axis] <= kernel[axis] - padding[axis] else 0)
    return tuple(sides)


def max_pool2d(x: Shape, kH: int, kW: int, stride: int, padding: int = 0) -> Shape:
    """(c,h,w) -> (c, windows down, windows across).

    Raises: ShapeMismatch, StrideFault.
    """
    if len(x) != 3:
        raise ShapeMismatch(f"max_pool2d of {x}: (c,h,w) is needed")
    return (x[0], steps(x[1], kH, stride, padding), steps(x[2], kW, stride, padding))


def without_axis(x: Shape, axis: int) -> Shape:
    """The operand's shape without the axis of which the largest entry is taken.

    Raises: ShapeMismatch if there is no such axis, or if it is empty.
    """
    along_axis(x, axis)
    if x[axis] == 0:
        raise ShapeMismatch(f"the largest of shape {x} along axis {axis}: there is none of nothing")
    return x[:axis] + x[axis + 1 :]
