"""Windows along axes: how many fit, and how many cells they cover."""

from __future__ import annotations

import math

from ...ir.graph import Shape
from ..primitive import ShapeMismatch, SharpnessFault, StrideFault


def fitting(n: int, k: int, s: int, p: int) -> int:
    """How many windows of k cells, s apart, fit into n cells padded by p on either side.

    Raises: StrideFault for s = 0; ShapeMismatch for k = 0, or p below 0.
    """
    _check(k, s, p)
    last = n + 2 * p - k  # where the last window could start
    return last // s + 1 if last >= 0 else 0


def pooled(n: int, k: int, s: int, p: int) -> int:
    """As `fitting`, but none where there is no cell, or where p is more than half of k.

    Raises: StrideFault for s = 0; ShapeMismatch for k = 0, or p below 0.
    """
    _check(k, s, p)
    return fitting(n, k, s, p) if n > 0 and k - p >= p else 0


def covered(n: int, k: int, s: int) -> int:
    """How many cells n windows of k cells, s apart, cover together with the gaps between them.

    Raises: StrideFault for s = 0; ShapeMismatch for k = 0.
    """
    _check(k, s, 0)
    return (n - 1) * s + k if n > 0 else 0


def _check(k: int, s: int, p: int) -> None:
    if s < 1:
        raise StrideFault(f"windows {s!r} apart: a stride is at least 1")
    if k < 1 or p < 0:
        raise ShapeMismatch(f"windows of {k!r} cells and padding {p!r}: at least 1 and 0 are needed")


def conv(w: Shape, b: Shape, x: Shape, stride: Shape, padding: Shape) -> Shape:
    """(o,i,*k),(o),(i,*n) -> (o, windows along each axis).

    Raises: ShapeMismatch, StrideFault.
    """
    if not len(w) - 2 == len(x) - 1 == len(stride) == len(padding) > 0 or b != w[:1] or w[1] != x[0] or x[0] < 1:
        raise ShapeMismatch(f"conv of {w}, {b} and {x}, stride {stride}, padding {padding}: (o,i,*k), (o), (i,*n) are needed")
    return (w[0], *map(fitting, x[1:], w[2:], stride, padding))


def conv2d(w: Shape, b: Shape, x: Shape, stride: int, padding: int) -> Shape:
    """(o,i,k,l),(o),(i,h,w) -> (o, windows down, windows across).

    Raises: ShapeMismatch, StrideFault.
    """
    return conv(w, b, x, (stride, stride), (padding, padding))


def conv_transpose(w: Shape, b: Shape, x: Shape, stride: Shape, padding: Shape) -> Shape:
    """(i,o,*k),(o),(i,*n) -> (o, cells covered along each axis, without the padding).

    Raises: ShapeMismatch, StrideFault.
    """
    if not len(w) - 2 == len(x) - 1 == len(stride) == len(padding) > 0 or b != w[1:2] or w[0] != x[0] or x[0] < 1:
        raise ShapeMismatch(
            f"conv_transpose of {w}, {b} and {x}, stride {stride}, padding {padding}: (i,o,*k), (o), (i,*n) are needed"
        )
    if min(padding) < 0:
        raise ShapeMismatch(f"conv_transpose with padding {padding}: at least 0 is needed")
    cells = map(covered, x[1:], w[2:], stride)
    return (w[1], *(max(0, side - 2 * p) for side, p in zip(cells, padding, strict=True)))


def conv_transpose2d(w: Shape, b: Shape, x: Shape, stride: int, padding: int) -> Shape:
    """(i,o,k,l),(o),(i,h,w) -> (o, cells covered down, cells covered across), without the padding.

    Raises: ShapeMismatch, StrideFault.
    """
    return conv_transpose(w, b, x, (stride, stride), (padding, padding))


def pool(x: Shape, kernel: Shape, stride: Shape, padding: Shape) -> Shape:
    """(c,*n) -> (c, windows along each axis); none along one whose padding is more than half a window.

    Raises: ShapeMismatch, StrideFault.
    """
    if not x or {len(kernel), len(stride), len(padding)} != {len(x) - 1} or not kernel:
        raise ShapeMismatch(f"a pool of {x} by {kernel}, {stride}, {padding}: an item for each axis but the first")
    return (x[0], *(pooled(*axis) for axis in zip(x[1:], kernel, stride, padding, strict=True)))


def pool2d(x: Shape, kH: int, kW: int, stride: int, padding: int = 0) -> Shape:
    """(c,h,w) -> (c, windows down, windows across).

    Raises: ShapeMismatch, StrideFault.
    """
    if len(x) != 3:
        raise ShapeMismatch(f"a pool of {x}: (c,h,w) is needed")
    return (x[0], fitting(x[1], kH, stride, padding), fitting(x[2], kW, stride, padding))


def smooth_pool(x: Shape, kernel: Shape, stride: Shape, padding: Shape, beta: float) -> Shape:
    """As `pool`, for a sharpness that can be divided by.

    Raises: ShapeMismatch, StrideFault, SharpnessFault.
    """
    _check_sharpness(beta)
    return pool(x, kernel, stride, padding)


def smooth_pool2d(x: Shape, kH: int, kW: int, stride: int, beta: float) -> Shape:
    """As `pool2d`, for a sharpness that can be divided by.

    Raises: ShapeMismatch, StrideFault, SharpnessFault.
    """
    _check_sharpness(beta)
    return pool2d(x, kH, kW, stride)


def _check_sharpness(beta: float) -> None:
    if not 0 < abs(beta) < math.inf:
        raise SharpnessFault(f"a smooth maximum with beta {beta!r}: it must be finite and not 0")


def conv_nd(
    w: Shape, b: Shape, x: Shape, stride: Shape, padding: Shape, dilation: Shape, groups: int
) -> Shape:
    """(o,i,*k),(o),(b,c,*n) -> (b, o, windows along each axis), for c = groups · i and groups that divide o.

    Raises: ShapeMismatch, StrideFault.
    """
    axes = len(x) - 2
    if axes < 1 or len(w) != len(x) or b != w[:1] or any(len(each) != axes for each in (stride, padding, dilation)):
        raise ShapeMismatch(f"conv_nd of {w}, {b} and {x}: (o,i,*k), (o), (b,c,*n) and a number an axis are needed")
    if groups < 1 or w[1] < 1 or x[1] != groups * w[1] or w[0] % groups:
        raise ShapeMismatch(f"conv_nd of {w} and {x} in {groups} groups: they must divide the channels of both")
    if min(dilation) < 1 or min(w[2:]) < 1:
        raise ShapeMismatch(f"conv_nd of {w} with dilation {dilation}: at least 1 is needed, as of each side of the kernel")
    moves = zip(x[2:], w[2:], stride, padding, dilation, strict=True)
    return (x[0], w[0], *(fitting(n, (k - 1) * d + 1, s, p) for n, k, s, p, d in moves))
