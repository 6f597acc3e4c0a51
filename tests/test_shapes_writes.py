"""Writes into arrays of symbolic size that could be seen elsewhere, or that may overlap, are refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.shapes.case import Case
from backproof.equivalence.kernel.shapes.polynomial import integer, least, variable
from refusing import times_refused

M, N = variable("m"), variable("n")
CASE = Case((), frozenset(least(size - integer(1)) for size in (M, N)), {})


def overlapping(a):
    z = np.zeros_like(a, shape=(a.shape[0] + 1, a.shape[1]))
    z[:-1] = a
    z[1:] = a
    return z


def overlapping_in_one_column(a):
    z = np.zeros_like(a, shape=(a.shape[0], 2 * a.shape[1]))
    z[:, : a.shape[1]] = a
    z[:, a.shape[1] - 1 :] = 2
    return z


def overlapping_when_large(a):
    z = np.zeros_like(a, shape=(a.shape[0] + a.shape[1], 1))
    z[: a.shape[0]] = a[:, :1]
    z[37:] = 2
    return z


def overlapping_in_steps(a):
    z = np.zeros_like(a, shape=(6 * a.shape[0], a.shape[1]))
    z[::2] = 1
    z[::3] = 2
    return z


def overwritten_after_adding(a):
    z = np.zeros_like(a)
    z[1:] += a[1:]
    z[:] = a
    return z


def overwritten_after_add_at(a):
    z = np.zeros_like(a)
    np.add.at(z, np.array((0,), dtype=np.intp), a[:1])
    z[1:] = a[1:]
    return z


def written_after_a_look(a):
    z = np.zeros_like(a)
    before = z + 1
    z[:] = a
    return before + z


def written_after_a_copy(a):
    z = np.zeros_like(a)
    before = z.copy()
    z[:] = a
    return before + z


def written_after_a_transposition(a):
    z = np.zeros_like(a)
    before = np.transpose(z)
    z[:] = a
    return before.T + z


def written_after_a_look_at_a_view(a):
    z = np.zeros_like(a)
    before = z[:1] * 1
    z[:] = a
    return before + z


def written_to_itself(a):
    z = np.zeros_like(a, shape=(a.shape[0] + 1, a.shape[1]))
    z[1:] += a
    z[:-1] += z[1:]
    return z


def added_to_an_entry(a):
    z = np.zeros_like(a)
    corner = z[0, 0]
    corner += np.sum(a)
    return z


def added_to_an_operand(a):
    a += 1
    return a


def added_to_ones(a):
    z = np.ones_like(a)
    z[:] = a
    return z


def written_by_a_list(a):
    z = np.zeros_like(a)
    z[[0]] = a[:1]
    return z


def written_where(a):
    z = np.zeros_like(a)
    z[a > 0] = 1
    return z


def mask_written(a):
    z = np.zeros_like(a)
    z[:] = a > 0
    return z


def too_large(a):
    z = np.zeros_like(a)
    z[1:] = a
    return z


def transposed(a):
    z = np.zeros_like(a)
    z[:] = a.T
    return z


def operand_written(a):
    a[0] = 1
    return a


def diagonal_added_to_after_a_look(a):
    z = np.zeros_like(a, shape=(a.shape[0], a.shape[0]))
    diagonal = np.einsum("ii->i", z)
    before = z + 1
    diagonal += 1
    return before + z


def read_through_a_diagonal_and_added_to(a):
    z = np.zeros_like(a, shape=(a.shape[0], a.shape[0]))
    before = np.einsum("ii->i", z) + 1
    z += 1
    return z + before


def added_to_a_sum(a):
    z = np.zeros_like(a)
    rows = np.einsum("ij->i", z)
    rows += 1
    return z


def added_to_a_diagonal_in_an_order(a):
    z = np.zeros_like(a, shape=(a.shape[0], a.shape[0]))
    diagonal = np.einsum("ii->i", z, optimize=True)
    diagonal += 1
    return z


def operand_added_to_through_letters(a):
    turned = np.einsum("ij->ji", a)
    turned += 1
    return a


def no_diagonal(a):
    z = np.zeros_like(a)
    diagonal = np.einsum("ii->i", z)
    diagonal += 1
    return z


def diagonal_written_over(a):
    z = np.zeros_like(a, shape=(a.shape[0], a.shape[0]))
    diagonal = np.einsum("ii->i", z)
    diagonal += 1
    z[:] = 2
    return z


def written_and_returned_before(a):
    z = np.zeros_like(a)
    y = z[1:]
    x = y[None]
    z[:] = a
    return x


REFUSED = [
    overlapping, overlapping_in_one_column, overlapping_in_steps, overlapping_when_large, overwritten_after_adding,
    overwritten_after_add_at,
    written_after_a_look, written_after_a_copy, written_after_a_transposition, written_after_a_look_at_a_view,
    written_to_itself, added_to_an_entry, added_to_an_operand, added_to_ones, written_by_a_list, written_where,
    diagonal_added_to_after_a_look, read_through_a_diagonal_and_added_to, added_to_a_sum, added_to_a_diagonal_in_an_order,
    operand_added_to_through_letters, no_diagonal, diagonal_written_over,
    mask_written, too_large, transposed, operand_written, written_and_returned_before,
]  # fmt: skip


@pytest.mark.parametrize("word", REFUSED)
def test_a_write_without_a_meaning_at_all_sizes_is_refused(word: Any) -> None:
    assert times_refused(word, CASE, (M, N))
