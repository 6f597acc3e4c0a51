"""henry-the-frog NN library (JS): the layer wrote its output into its input and kept a reference to it, so
that the backward found outputs where it needed inputs.

https://henry-the-frog.github.io/2026/04/16/seven-bugs-in-seven-backward-passes/
"""

from backproof import define, primitive
from backproof.spec.formula import total


@define("mix", "(m,n),(n,n)", shape=lambda x, w: x)
def formula(x, w, i, j):
    """y[i,j] = Σ_k x[i,k] w[k,j]"""
    return total(lambda k: x[i, k] * w[k, j], x.size(1))


def wrong(x, w):
    x[...] = x @ w
    return x


def right(x, w):
    return x @ w


planted = wrong
kernel = primitive("mix", shape=lambda x, w: x)(planted)


@kernel.vjp
def vjp(y_bar, y, x, w):
    return y_bar @ w.T, x.T @ y_bar


@kernel.jvp
def jvp(x_dot, w_dot, y, x, w):
    return x_dot @ w + x @ w_dot
