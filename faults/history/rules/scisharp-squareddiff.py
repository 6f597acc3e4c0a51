"""TensorFlow.NET: the registered gradient of a squared difference returned the operands themselves.

https://github.com/SciSharp/TensorFlow.NET/issues/787
"""

from backproof import define, primitive


@define("squared_difference", "(n),(n)")
def formula(x, y, *i):
    """z[i] = (x[i] − y[i])²"""
    return (x[i] - y[i]) * (x[i] - y[i])


@primitive("squared_difference", shape=lambda x, y: x)
def kernel(x, y):
    return (x - y) * (x - y)


def wrong(z_bar, z, x, y):
    return x, y


def right(z_bar, z, x, y):
    x_bar = 2 * z_bar * (x - y)
    return x_bar, -x_bar


planted = wrong

kernel.vjp(planted)


@kernel.jvp
def jvp(x_dot, y_dot, z, x, y):
    return 2 * (x - y) * (x_dot - y_dot)
