"""What kernels do to exact scalars and to terms is what numpy does to floats: on dyadic numbers both are exact, and equal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.kernel.scalars.array import array_of
from backproof.equivalence.kernel.scalars.explorer import explore
from backproof.equivalence.kernel.scalars.loops import LOOPS, SMOOTH, SPECIAL
from backproof.equivalence.kernel.scalars.mask import Unsupported
from backproof.equivalence.kernel.scalars.term import Pool
from exact_runs import dyadic, exact, floats, same, symbolic_run
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from scipy import special

Array = Any
Kernel = Callable[..., Any]

SHAPES = [(), (0,), (1,), (4,), (2, 3), (3, 1), (0, 2), (2, 1, 3)]


BINARY: dict[str, Kernel] = {
    name: getattr(np, name)
    for name in ("add", "subtract", "multiply", "maximum", "minimum", "greater", "greater_equal", "less", "less_equal")
    + ("equal", "not_equal")
}
UNARY: dict[str, Kernel] = {
    **{name: getattr(np, name) for name in ("negative", "positive", "square", "absolute", "sign")},
    "power": lambda x: x**3,
    "power 0": lambda x: x**0,
    "invert": lambda x: ~(x > 0),
    "logical_not": lambda x: np.logical_not(x > 0),
    "bitwise_and": lambda x: (x > 0) & (x < 1),
    "bitwise_or": lambda x: (x < 0) | (x > 1),
    "logical_and": lambda x: np.logical_and(x > 0, x < 1),
    "logical_or": lambda x: np.logical_or(x < 0, x > 1),
    "divide": lambda x: x / 4,
    "reciprocal": lambda x: np.reciprocal(x * 0 + 2),
    "mask times": lambda x: (x > 0) * x + x * (x < 0) - (x == 0) * 3,
    "mask plus": lambda x: (x > 0) + x,
    "mask divided": lambda x: (x > 0) / 2,
    "where": lambda x: np.where(x > 0, x, -2 * x),
    "where of constants": lambda x: np.where(x > 0, 1, 0),
    "nested where": lambda x: np.where(x > 0, np.where(x > 1, 1, x), 0),
    "zeros": np.zeros_like,
    "ones of another shape": lambda x: np.ones_like(x, shape=(2, 2)),
    "copy": lambda x: x.copy(),
    "ravel": np.ravel, "squeeze": np.squeeze,
    "stack": lambda x: np.stack((x, 2 * x)),
    "outer": lambda x: np.outer(x, x),
    "repeat": lambda x: np.repeat(x, 2),
    "tile": lambda x: np.tile(x, 2),
    "expand": lambda x: np.expand_dims(x, 0),
    "broadcast": lambda x: np.broadcast_to(x, (2, *x.shape)),
    "sum": np.sum,
    "mean": lambda x: np.mean(np.stack((x, 2 * x)), axis=0),
    "sum of a 0-d array is a new array": lambda x: plus_one(np.sum(np.sum(x))),
    "in place": lambda x: plus_one(x),
    "a view changes what it views": lambda x: plus_one(x.reshape(-1)),
    "an entry set by a mask": lambda x: set_where(x),
    "an entry chosen by a mask": lambda x: np.sum(x[x > 0]),
    "all": lambda x: np.where(np.all(x > -9), x, 0),
}
MATRIX: dict[str, Kernel] = {
    "transpose": lambda x: x.T,
    "mT": lambda x: x.mT,
    "matmul": lambda x: x @ x.T,
    "dot": lambda x: np.dot(x, x.T),
    "einsum": lambda x: np.einsum("ij,kj->ik", x, x) + np.einsum("ij,jk,kl->i", x, x.T, x),
    "einsum of two, in its own order": lambda x: np.einsum("ij,kj->ki", x, x, optimize=True) + np.einsum("ij,kl->", x, x, optimize=True),
    "einsum of one": lambda x: np.einsum("ij->", x) + np.einsum("ij->ji", x) + np.einsum("ij->i", x),
    "einsum of nothing": lambda x: np.einsum("ij,kj->ik", x[:, :0], x[:, :0]) + np.einsum("ij->", x[:0]),
    "a diagonal is a view": lambda x: plus_one(np.einsum("ii->i", x[:2, :2])) * 0 + x[0, 0],
    "tensordot": lambda x: np.tensordot(x, x, axes=([0], [0])),
    "swapaxes": lambda x: np.swapaxes(x, 0, 1),
    "moveaxis": lambda x: np.moveaxis(x, 0, 1),
    "concatenate": lambda x: np.concatenate((x, x), axis=1),
    "take": lambda x: np.take(x, [1, 0, 1], axis=0),
    "slices": lambda x: x[1:, ::-1],
    "fancy": lambda x: x[np.array([1, 0, 1])],
    "fancy pairs": lambda x: x[[0, 1], [1, 0]],
    "slice assignment": lambda x: set_row(x),
    "a transposed view changes": lambda x: plus_one(x.T),
    "add.at": lambda x: np.add.at(x, np.array([0, 1, 0]), x[:1]) or x,
    "prod": lambda x: np.prod(x, axis=1),
    "max": lambda x: np.max(x, axis=0),
    "max of all": np.max,
    "min": lambda x: np.min(x, axis=(0, 1), keepdims=True),
    "method": lambda x: x.sum(axis=0) + x.max(axis=0),
    "cumulative": lambda x: np.add.accumulate(x, axis=1),
    "out": lambda x: np.add(x, x, out=x),
}


def plus_one(x: Array) -> Array:
    x += 1
    return x


def set_where(x: Array) -> Array:
    x[x > 0] = 0
    return x


def set_row(x: Array) -> Array:
    x[0] = x[1] * 2
    x[1:, :1] = 5
    return x


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", UNARY)
def test_one_operand_as_numpy(name: str, shape: tuple[int, ...]) -> None:
    same(UNARY[name], dyadic(shape))


@pytest.mark.parametrize("name", MATRIX)
def test_a_matrix_as_numpy(name: str) -> None:
    same(MATRIX[name], dyadic((2, 3)))
    same(MATRIX[name], dyadic((2, 2), 3))


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.data(), st.sampled_from(sorted(BINARY)))
def test_two_operands_broadcast_as_numpy(data: st.DataObject, name: str) -> None:
    shape = data.draw(array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
    other = tuple(data.draw(st.sampled_from([side, 1])) for side in shape[data.draw(st.integers(0, len(shape))) :])
    numbers = st.integers(-6, 6).map(lambda count: count / 4)
    same(BINARY[name], data.draw(arrays(float, shape, elements=numbers)), data.draw(arrays(float, other, elements=numbers)))


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.data(), st.sampled_from(["sum", "prod", "max", "min"]), st.booleans())
def test_reductions_as_numpy(data: st.DataObject, name: str, keepdims: bool) -> None:  # noqa: FBT001 - drawn
    shape = data.draw(array_shapes(min_dims=1, max_dims=3, min_side=1, max_side=3))
    axes = data.draw(st.sets(st.integers(-len(shape), len(shape) - 1)))
    axis = None if len({place % len(shape) for place in axes}) != len(axes) else tuple(axes)
    values = data.draw(arrays(float, shape, elements=st.integers(-4, 4).map(lambda count: count / 2)))
    same(lambda x: getattr(np, name)(x, axis=axis, keepdims=keepdims), values)


@pytest.mark.parametrize("shape", [(2, 0), (0, 0), (0, 3)])
def test_a_product_over_nothing_is_zero(shape: tuple[int, int]) -> None:
    same(lambda x: x @ x.T, dyadic(shape))
    same(lambda x: x.T @ x, dyadic(shape))


@pytest.mark.parametrize("name", [*SMOOTH, *SPECIAL])
def test_functions_are_near_numpys(name: str) -> None:
    values, function = np.array([0.25, 1.0, 3.0]), getattr(special if name in SPECIAL else np, name)
    for result in (function(exact(values)), symbolic_run(function, values)[0]):
        assert np.allclose(floats(result), function(values), rtol=1e-14 if name == "erfc" else 1e-15, atol=0)


REFUSED: dict[str, Kernel] = {
    "dtype": lambda x: x.dtype,
    "astype": lambda x: x.astype(float),
    "float": lambda x: float(x[0]),
    "int": lambda x: int(x[0]),
    "item": lambda x: x.item(0),
    "tolist": lambda x: x.tolist(),
    "truth of a number": lambda x: 1 if x[0] else 0,
    "round": lambda x: np.round(x),
    "rint": np.rint,
    "floor": np.floor,
    "sort": np.sort,
    "isnan": np.isnan,
    "spacing": np.spacing,
    "mean with a dtype": lambda x: np.mean(x, dtype=float),
    "sum with a start": lambda x: np.sum(x, initial=3),
    "sum in another dtype": lambda x: np.sum(x, dtype=np.float32),
    "add where": lambda x: np.add(x, x, where=np.array([True, False, True])),
    "power by entries": lambda x: x**x,
    "power of powers": lambda x: np.power(2.0, x),
    "floor division": lambda x: x // 2,
    "remainder": lambda x: x % 2,
    "sum of masks": lambda x: (x > 0) + (x < 0),
    "difference of masks": lambda x: (x > 0) - (x < 0),
    "where on numbers": lambda x: np.where(x, 1, 0),
    "a constant that is none": lambda x: x + np.nan,
    "an infinite constant": lambda x: np.maximum(x, np.inf),
    "empty": np.empty_like,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_meaning_on_exact_scalars_is_refused(name: str) -> None:
    symbolic = lambda pool: array_of((3,), map(pool.variable, "abc"))
    for x in (exact([0.5, 2.0, 0.5]), symbolic(Pool(lambda _term, _signs: True))):
        with pytest.raises((Unsupported, TypeError)):
            REFUSED[name](x)


def test_an_output_of_another_shape_is_an_error_as_in_numpy() -> None:
    for make in (np.asarray, exact):
        x, wide = make(np.zeros(3)), make(np.zeros((1, 3)))
        with pytest.raises(ValueError, match=r"shape|broadcast"):
            x += wide


def test_every_decision_on_a_value_is_taken_both_ways() -> None:
    def run(pool: Pool) -> Any:
        x = array_of((2,), map(pool.variable, "ab"))
        return ("positive" if x[0] > 0 else "zero" if x[0] == 0 else "negative", x[x > 0].size)

    results = [path.result for path in explore(run)]
    assert len(results) == len(set(results)) == 6
    assert {"positive", "zero", "negative"} == {kind for kind, _size in results}


def test_a_value_kept_from_another_run_is_refused() -> None:
    kept = Pool(lambda _term, _signs: True).variable("x")
    with pytest.raises(Unsupported, match="earlier run"):
        _ = Pool(lambda _term, _signs: True).variable("x") + kept


def test_the_tables_above_meet_every_loop() -> None:
    assert set(LOOPS) <= {*BINARY, *UNARY, *MATRIX, *SMOOTH, *SPECIAL}
