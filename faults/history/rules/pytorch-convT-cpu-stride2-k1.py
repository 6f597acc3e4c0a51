"""PyTorch: for a kernel of one cell and stride 2 the backward of a transposed convolution read neighbouring
gradients, not every second.

https://github.com/pytorch/pytorch/issues/63314
"""

from backproof import primitive_of

conv_transpose = primitive_of("conv_transpose")
shipped = conv_transpose.vjp_kernel


def wrong(y_bar, y, w, b, x, stride, padding):
    w_bar, b_bar, x_bar = shipped(y_bar, y, w, b, x, stride, padding)
    if w.shape[2:] == (1,) and padding == (0,) and y_bar.shape[1] >= x.shape[1]:
        x_bar = w[:, :, 0] @ y_bar[:, : x.shape[1]]
    return w_bar, b_bar, x_bar


conv_transpose.vjp(wrong)
