"""HIPS/autograd: the adjoint of an operand with a repeated subscript asked einsum for a repeated output
subscript, which it refuses.

https://github.com/HIPS/autograd/issues/510
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.formula import total


@define("diagonal_product", "(n,d),(n,n)", shape=lambda x, w: (x[1],))
def formula(x, w, j):
    """y[j] = Σ_i x[i,j] w[i,i]"""
    return total(lambda i: x[i, j] * w[i, i], x.size(0))


@primitive("diagonal_product", shape=lambda x, w: (x[1],))
def kernel(x, w):
    return np.einsum("nd,nn->d", x, w)


def wrong(y_bar, x, w):
    return np.einsum("d,nd->nn", y_bar, x)


def right(y_bar, x, w):
    w_bar = np.zeros_like(w)
    diagonal = np.einsum("ii->i", w_bar)
    diagonal += np.einsum("d,nd->n", y_bar, x)
    return w_bar


planted = wrong


@kernel.vjp
def vjp(y_bar, y, x, w):
    return np.einsum("d,nn->nd", y_bar, w), planted(y_bar, x, w)


@kernel.jvp
def jvp(x_dot, w_dot, y, x, w):
    return np.einsum("nd,nn->d", x_dot, w) + np.einsum("nd,nn->d", x, w_dot)
