"""Ops that move entries by a fixed rule: what they compute, and wrong kernels of theirs, which are never proved."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching
from backproof.runtime.primitive import ShapeMismatch, primitive_of
from backproof.runtime.session import Session
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import ShapeMismatch as Undefined
from backproof.spec.definition import definition_of

Kernel = Callable[..., Any]

X = np.arange(24.0).reshape(2, 3, 4)
VALUES: list[tuple[str, dict[str, Any], Any]] = [
    ("flatten", {}, X.reshape(24)),
    ("reshape", {"shape": (4, 6)}, X.reshape(4, 6)),
    ("permute", {"axes": (2, 0, 1)}, X.transpose(2, 0, 1)),
    ("transpose3d_first_to_last", {}, X.transpose(1, 2, 0)),
    ("transpose3d_last_to_first", {}, X.transpose(2, 0, 1)),
    ("transpose3d_last_two", {}, X.transpose(0, 2, 1)),
    ("swap_adjacent_at_depth", {"depth": 0}, X.transpose(1, 0, 2)),
    ("swap_adjacent_at_depth", {"depth": 1}, X.transpose(0, 2, 1)),
    ("swap_adjacent_at_depth", {"depth": 2}, X),
    ("swap_adjacent_at_depth", {"depth": 9}, X),
    ("slice", {"axis": 1, "start": 1, "length": 2}, X[:, 1:3]),
    ("slice", {"axis": 2, "start": 4, "length": 0}, X[:, :, 4:]),
    ("slice", {"axis": 2, "start": 1, "length": 2, "step": 2}, X[:, :, 1::2]),
    ("slice", {"axis": 1, "start": 2, "length": 1, "step": 9}, X[:, 2:]),
    ("slice_leading_axis_range", {"start": 1, "length": 1}, X[1:]),
    ("pad", {"before": (0, 1, 2), "after": (3, 0, 1)}, np.pad(X, ((0, 3), (1, 0), (2, 1)))),
]


@pytest.mark.parametrize(("op", "attributes", "expected"), VALUES)
def test_an_op_moves_entries_as_its_name_says(op: str, attributes: dict[str, Any], expected: Any) -> None:
    session = Session()
    assert np.array_equal(expected, session.get_value(getattr(session, op)(session.input(X), **attributes)))


REFUSED: list[tuple[str, tuple[int, ...], dict[str, Any]]] = [
    ("reshape", (2, 3), {"shape": (5,)}),
    ("permute", (2, 3), {"axes": (0,)}),
    ("permute", (2, 3), {"axes": (0, 0)}),
    ("permute", (2, 3), {"axes": (0, 2)}),
    ("transpose3d_first_to_last", (2, 3), {}),
    ("transpose3d_last_two", (2, 3, 4, 5), {}),
    ("swap_adjacent_at_depth", (2, 3), {"depth": -1}),
    ("slice", (2, 3), {"axis": 2, "start": 0, "length": 1}),
    ("slice", (2, 3), {"axis": -1, "start": 0, "length": 1}),
    ("slice", (2, 3), {"axis": 1, "start": 1, "length": 3}),
    ("slice", (2, 3), {"axis": 1, "start": -1, "length": 1}),
    ("slice", (2, 3), {"axis": 1, "start": 2, "length": -1}),
    ("slice", (2, 5), {"axis": 1, "start": 1, "length": 3, "step": 2}),
    ("slice", (2, 5), {"axis": 1, "start": 6, "length": 0, "step": 2}),
    ("slice", (2, 5), {"axis": 1, "start": 0, "length": 1, "step": 0}),
    ("slice_leading_axis_range", (2, 3), {"start": 2, "length": 1}),
    ("pad", (2, 3), {"before": (1,), "after": (1, 1)}),
    ("pad", (2, 3), {"before": (1, 1), "after": (1, -1)}),
]


@pytest.mark.parametrize(("op", "shape", "attributes"), REFUSED)
def test_both_sides_refuse_what_has_no_meaning(op: str, shape: tuple[int, ...], attributes: dict[str, Any]) -> None:
    with pytest.raises(ShapeMismatch):
        primitive_of(op).shape(shape, **attributes)
    with pytest.raises(Undefined):
        definition_of(op).infer_shape((shape,), attributes)


def decided(op: str, part: Part, shapes: Any, attributes: dict[str, Any], kernel: Kernel) -> Any:
    pattern = matching(op, shapes, attributes)
    assert pattern is not None
    name = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}[part]
    return decide_all_shapes(replace(lemma(op, part, pattern, TORCHLEAN), **{name: kernel}))


def written(g, x, at, value):
    z = np.zeros_like(x)
    z[at] = value
    return (z,)


PART = {"axis": 1, "start": 1, "length": 2}
STEPS = {"axis": 1, "start": 1, "length": 2, "step": 2}
ROWS = {"start": 1, "length": 1}
MARGINS = {"before": (1, 2), "after": (2, 0)}
WRONG: dict[str, tuple[str, Part, Any, Any, Kernel]] = {
    "column-major": ("flatten", Part.FORWARD, ((2, 3),), {}, lambda x: x.T.reshape((x.size,))),
    "column-major back": ("flatten", Part.VJP, ((2, 3),), {}, lambda g, y, x: (g.reshape(x.T.shape).T,)),
    "flat at rank 3 alone": ("flatten", Part.JVP, ((2, 3, 5),), {}, lambda t, y, x: np.swapaxes(t, 0, 1).reshape((x.size,))),
    "back to the new shape": ("reshape", Part.VJP, ((2, 3),), {"shape": (3, 2)}, lambda g, y, x, shape: (g.T,)),
    "transposed": ("reshape", Part.FORWARD, ((2, 3),), {"shape": (3, 2)}, lambda x, shape: x.T.reshape(shape)),
    "merged otherwise": (
        "reshape", Part.FORWARD, ((2, 3, 5),), {"shape": (6, 5)}, lambda x, shape: np.swapaxes(x, 0, 1).reshape(shape),
    ),
    "not inverted": ("permute", Part.VJP, ((2, 3, 5),), {"axes": (1, 2, 0)}, lambda g, y, x, axes: (np.transpose(g, axes),)),
    "same rotation": ("transpose3d_first_to_last", Part.VJP, ((2, 3, 5),), {}, lambda g, y, x: (np.moveaxis(g, 0, 2),)),
    "reversed": ("transpose3d_last_two", Part.FORWARD, ((2, 3, 5),), {}, lambda x: x.T),
    "no exchange": ("swap_adjacent_at_depth", Part.FORWARD, ((2, 3),), {"depth": 0}, lambda x, depth: x),
    "one too deep": (
        "swap_adjacent_at_depth", Part.JVP, ((2, 3, 5),), {"depth": 0}, lambda t, y, x, depth: np.swapaxes(t, 1, 2),
    ),
    "start off by one": ("slice", Part.FORWARD, ((3, 5),), PART, lambda x, axis, start, length: x[:, start + 1 :][:, :length]),
    "from the start": ("slice", Part.FORWARD, ((3, 5),), PART, lambda x, axis, start, length: x[:, :length]),
    "other axis": ("slice", Part.FORWARD, ((3, 5),), PART, lambda x, axis, start, length: x[start : start + length]),
    "steps left out": (
        "slice", Part.FORWARD, ((3, 5),), STEPS, lambda x, axis, start, length, step: x[:, start : start + length],
    ),
    "steps written without gaps": (
        "slice", Part.VJP, ((3, 5),), STEPS,
        lambda g, y, x, axis, start, length, step: written(g, x, (slice(None), slice(start, start + length)), g),
    ),
    "written at the end": (
        "slice", Part.VJP, ((3, 5),), PART,
        lambda g, y, x, axis, start, length: written(g, x, (slice(None), slice(x.shape[1] - length, None)), g),
    ),
    "everything but the part": (
        "slice_leading_axis_range", Part.VJP, ((3, 5),), ROWS,
        lambda g, y, x, start, length: written(g, x, slice(start + length, None), 1),
    ),
    "margins exchanged": (
        "pad", Part.FORWARD, ((3, 5),), MARGINS,
        lambda x, before, after: np.pad(x, tuple(zip(after, before, strict=True))),
    ),
    "padded by ones": (
        "pad", Part.FORWARD, ((3, 5),), MARGINS,
        lambda x, before, after: np.pad(x, tuple(zip(before, after, strict=True)), constant_values=1),
    ),
    "without the last row": ("pad", Part.VJP, ((3, 5),), MARGINS, lambda g, y, x, before, after: (g[: x.shape[0], : x.shape[1]],)),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_kernel_is_refuted(name: str) -> None:
    assert isinstance(decided(*WRONG[name]), Fails)


LARGE: dict[str, tuple[str, Part, Any, Any, Kernel]] = {
    "37 rows": ("flatten", Part.FORWARD, ((2, 3),), {}, lambda x: (x if x.shape[0] != 37 else x + 1).reshape((x.size,))),
    "not square": (
        "reshape", Part.FORWARD, ((2, 3),), {"shape": (3, 2)},
        lambda x, shape: x.reshape(shape) if x.shape[0] < 1000 else x.T.reshape(shape),
    ),
    "start 37": (
        "slice", Part.FORWARD, ((3, 5),), PART,
        lambda x, axis, start, length: x[:, start : start + length] if start != 37 else x[:, :length],
    ),
    "long part": (
        "slice", Part.VJP, ((3, 5),), PART,
        lambda g, y, x, axis, start, length: written(g, x, (slice(None), slice(start, start + length)), g * (1 + length // 99)),
    ),
    "wide margin": (
        "pad", Part.FORWARD, ((3, 5),), MARGINS,
        lambda x, before, after: np.pad(x * (2 if before[0] > 50 else 1), tuple(zip(before, after, strict=True))),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", LARGE)
def test_a_kernel_that_is_wrong_at_large_sizes_alone_is_not_proved(name: str) -> None:
    assert not isinstance(decided(*LARGE[name]), Holds)


@pytest.mark.parametrize("axes", list(itertools.permutations(range(4))))
def test_every_order_of_four_axes_is_proved(axes: tuple[int, ...]) -> None:
    op = primitive_of("permute")
    for part, kernel in ((Part.VJP, op.vjp_kernel), (Part.FORWARD, op.forward_kernel)):
        assert isinstance(decided("permute", part, ((2, 3, 5, 7),), {"axes": axes}, kernel), Holds)
