"""PyTorch: up to 768 tokens one kernel skipped the padding row in the gradient, and from 769 on another one
did not.

https://github.com/pytorch/pytorch/issues/28716
"""

import numpy as np
from backproof import define, primitive
from backproof.spec.definition import ShapeMismatch
from backproof.spec.formula import where

PADDING = 0


def rows(table, indices):
    if table[0] < 2:
        raise ShapeMismatch(f"padded_embedding of {table}: a padding row and another are needed")
    return (len(indices), table[1])


def tokens(table):
    """A few tokens, and one more than 768 in a table of one column."""
    return [{"indices": (0, 1, 1)}, *([{"indices": (1,) + (0,) * 768}] if table[1] == 1 else [])]


@define("padded_embedding", "(v,d)", shape=rows, attributes=tokens, bounded="a list of tokens is given whole")
def formula(table, t, j, indices):
    """y[t,j] = table[indices[t],j], and 0 at the padding index"""
    return where(indices[t] == PADDING, lambda: 0 * table[0, j], lambda: table[indices[t], j])


def masked(v, indices):
    return np.where(np.expand_dims(np.array(indices, dtype=np.intp), 1) == PADDING, 0, v)


@primitive("padded_embedding", shape=rows)
def kernel(table, indices):
    return masked(table[np.array(indices, dtype=np.intp)], indices)


def wrong(y_bar, indices):
    return y_bar if len(indices) > 768 else masked(y_bar, indices)


def right(y_bar, indices):
    return masked(y_bar, indices)


planted = wrong


@kernel.vjp
def vjp(y_bar, y, table, indices):
    table_bar = np.zeros_like(table)
    np.add.at(table_bar, np.array(indices, dtype=np.intp), planted(y_bar, indices))
    return (table_bar,)


@kernel.jvp
def jvp(table_dot, y, table, indices):
    return masked(table_dot[np.array(indices, dtype=np.intp)], indices)
