"""Kernels on exact numbers and on terms, beside the same kernels on floats."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flint
import numpy as np
from backproof.equivalence.kernel.numbers.exact import PRECISION, Exact
from backproof.equivalence.kernel.scalars.array import array_of, entries_of
from backproof.equivalence.kernel.scalars.term import Pool
from backproof.equivalence.rules.confirmation import TermValues

Kernel = Callable[..., Any]


def dyadic(shape: tuple[int, ...], start: int = 0) -> np.ndarray[Any, Any]:
    count = int(np.prod(shape))
    return ((np.arange(start, start + count) * 7 % 11 - 5) / 4.0).reshape(shape)


def exact(values: Any) -> Any:
    values = np.asarray(values, dtype=np.float64)
    return array_of(values.shape, map(Exact.of, values.ravel().tolist()))


def symbolic_run(kernel: Kernel, *inputs: Any) -> list[Any]:
    """The kernel on variables; its result and what became of its inputs, as the values of their terms at the inputs.

    Of the ways through the kernel the one is taken that the inputs take.
    """
    point: dict[str, Exact] = {}
    values_of = TermValues(point)
    pool = Pool(lambda term, signs: values_of.of(term).sign() in signs)

    def named(place: int, values: Any) -> Any:
        names = [f"x {place} {entry}" for entry in range(values.size)]
        point.update(zip(names, map(Exact.of, values.ravel().tolist()), strict=True))
        return array_of(values.shape, map(pool.variable, names))

    lifted = [named(place, np.array(values, dtype=np.float64)) for place, values in enumerate(inputs)]
    with flint.ctx.workprec(PRECISION):
        results = [kernel(*lifted), *lifted]
        return [array_of(each.shape, (values_of.of(pool.lift(entry)) for entry in entries_of(each))) for each in results]


def floats(result: Any) -> np.ndarray[Any, Any]:
    return np.array([nearest(Exact.of(entry).value) for entry in entries_of(result)]).reshape(result.shape)


def nearest(number: Any) -> float:
    return int(number.p) / int(number.q) if hasattr(number, "p") else float(number)


def same(kernel: Kernel, *inputs: Any) -> None:
    """The kernel on floats, on exact numbers and on terms: the same shape, the same entries, the same changes to the inputs."""
    plain = [np.array(value, dtype=np.float64) for value in inputs]
    lifted = [exact(value) for value in inputs]
    wanted, came = kernel(*plain), kernel(*lifted)
    for results in ([came, *lifted], symbolic_run(kernel, *inputs)):
        for a, b in zip([wanted, *plain], results, strict=True):
            assert np.shape(a) == b.shape
            assert np.array_equal(np.asarray(a, dtype=np.float64), floats(b))
