"""BackPACK: the input gradient of a convolution had the size of a transposed one, without the rows that the
stride never reached.

https://github.com/f-dangel/backpack/issues/30
"""

from backproof import primitive_of

conv = primitive_of("conv")
shipped = conv.vjp_kernel


def reached(y_bar, w, x, stride, padding):
    """The sides of a transposed convolution of the cotangent, at most those of x."""
    axes = zip(y_bar.shape[1:], w.shape[2:], stride, padding, x.shape[1:], strict=True)
    return [min(n, max(0, (count - 1) * s + k - 2 * p)) if count else 0 for count, k, s, p, n in axes]


def wrong(y_bar, y, w, b, x, stride, padding):
    w_bar, b_bar, x_bar = shipped(y_bar, y, w, b, x, stride, padding)
    sides = reached(y_bar, w, x, stride, padding)
    return w_bar, b_bar, x_bar[(slice(None), *(slice(0, side) for side in sides))]


conv.vjp(wrong)
