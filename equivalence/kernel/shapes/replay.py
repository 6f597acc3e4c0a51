"""The real kernels at small shapes, on exact numbers: what the formula defines there, and what the proof said of them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

import flint
import numpy as np

from ....ir.graph import Dense
from .balls import Balls
from .case import Below, Case
from .claim import AllShapes, AnyMask, Naturals, Part
from .kernels import FAULTS
from .polynomial import Unsupported, Variable
from .setting import Setting, Tensor, any_index, index_name
from .sizes import small_settings
from .values import Met, Point, holds, value

_VALUES = (0, 1, -1, 0.5, -1.5, 2, 4, -5)
"""Ties, and both sides of the constants that masks are likely to compare with; all exact in binary."""

_DRAWS = 6
"""Entries to draw per choice of sizes, so that an op of one entry meets more than one value."""


def points(claim: AllShapes) -> Iterator[tuple[Setting, Point]]:
    """Small sizes for the names, with the setting at these sizes, and entries drawn from small exact numbers."""
    generator = random.Random(claim.statement)
    for setting, sizes in small_settings(claim):
        shapes = {f"x {k}": shape for k, shape in enumerate(setting.shapes)}
        shapes |= {f"x_dot {k}": shape for k, shape in enumerate(setting.shapes)}
        shapes |= {n: setting.sides((v.count,)) for n, v in claim.attributes.items() if isinstance(v, Naturals)}
        shapes |= {n: setting.sides((v.rows, v.columns)) for n, v in claim.attributes.items() if isinstance(v, AnyMask)}
        shapes["y_bar 0"] = tuple(side.value({}) for side in setting.output)
        entries = math.prod(shapes["y_bar 0"])
        for draw in range(1 + max(1, _DRAWS // max(1, entries))):
            pools = {name: _allowed(name, setting) for name in shapes}
            if draw == 0:  # ties everywhere: every input is constant
                pools |= {name: pool[:1] for name, pool in pools.items() if name.startswith("x ")}
            tensors = {name: _drawn(pools[name], shape, generator) for name, shape in shapes.items()}
            yield setting, Point(sizes, tensors)


def _allowed(name: str, setting: Setting) -> Sequence[float]:
    if isinstance(setting.claim.attributes.get(name), AnyMask):
        return range(2)
    if " " not in name:  # indices, in range and out of range at these sizes if both are allowed
        return range(min([5, *(each.size.value({}) for each in setting.case.below if each.naturals == name)]))
    case, constants = setting.case, (v for v in setting.claim.attributes.values() if isinstance(v, float))
    values = (*_VALUES, *constants)  # a constant may be where a kink is
    pool = [v for v in values if v > 0] if name in case.positive else values
    return [v for v in pool if v != 0] if name in case.nonzero else pool


def _drawn(allowed: Sequence[float], shape: tuple[int, ...], generator: random.Random) -> Any:
    array = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        array[index] = flint.arb(generator.choice(allowed))
    return array.view(Balls)


def run(claim: AllShapes, setting: Setting, point: Point) -> list[Any] | str:
    """What the real kernels return at a point, as arrays, or what they raise.

    Raises: Unsupported if they raise on exact numbers alone: that says nothing about floats.
    """
    try:
        return _results(claim, setting, {name: tensor.copy() for name, tensor in point.tensors.items()})
    except FAULTS as error:
        fault = f"{type(error).__name__}: {error}"
    try:
        _results(claim, setting, {name: tensor.astype(np.float64) for name, tensor in point.tensors.items()})
    except FAULTS:
        return f"the kernel raises {fault}"
    raise Unsupported(f"on exact numbers the kernel raises {fault}")


def _results(claim: AllShapes, setting: Setting, tensors: Mapping[str, Any]) -> list[Any]:
    """The results that the claim is about; for the adjoint the difference of the two products."""
    inputs, dots = ([tensors[f"{role} {k}"] for k in range(len(claim.shapes))] for role in ("x", "x_dot"))
    given = {name: _attribute(tensor) for name, tensor in tensors.items() if " " not in name}
    y_bar, attributes = tensors["y_bar 0"], setting.attributes | given
    y = _array(claim.forward(*inputs, **attributes))
    if claim.part == Part.FORWARD:
        return [y]
    if claim.part == Part.VJP:
        return [_array(x_bar) for x_bar in claim.vjp(y_bar, y, *inputs, **attributes)]
    y_dot = _array(claim.jvp(*dots, y, *inputs, **attributes))
    if claim.part == Part.JVP:
        return [y_dot]
    cotangents = map(_array, claim.vjp(y_bar, y, *inputs, **attributes))
    products = (np.sum(dot * x_bar) for dot, x_bar in zip(dots, cotangents, strict=True))
    return [_array(np.sum(y_bar * y_dot) - sum(products))]


def _attribute(tensor: Any) -> Any:
    """A list of naturals, or a Boolean matrix, as a kernel is given it."""
    if tensor.ndim == 1:
        return tuple(int(float(each)) for each in tensor)
    return Dense(tensor.shape, tuple(float(float(each) > 0) for each in tensor.flat))


def differs(tensors: Sequence[Tensor], arrays: Sequence[Any] | str, point: Point) -> str:
    """Where the tensors' values at a point are certainly not the arrays'; nothing if they may be."""
    if isinstance(arrays, str):
        return arrays
    if len(tensors) != len(arrays):
        return f"{len(arrays)} arrays came back, {len(tensors)} are defined"
    met: Met = {}
    for position, ((sides, entry), array) in enumerate(zip(tensors, arrays, strict=True)):
        shape = tuple(side.value(point.sizes) for side in sides)
        if shape != array.shape:
            return f"result {position} has shape {array.shape}, {shape} is defined"
        names = tuple(index_name(k) for k in range(len(shape)))
        expected = entry(any_index(sides))
        for index in np.ndindex(shape):
            known: dict[Variable, int] = {**point.sizes, **dict(zip(names, index, strict=True))}
            ball = value(expected, point, known, met)
            if not ball.overlaps(flint.arb(array[index])):
                return f"result {position} at {index} is {array[index]}, {ball} is defined"
    return ""


def candidate(point: Point) -> dict[str, Fraction]:
    """The point as numbers by name: sizes, and entries as "role position index"."""
    numbers = {str(name): Fraction(size) for name, size in point.sizes.items()}
    for name, tensor in point.tensors.items():
        for index in np.ndindex(tensor.shape):
            numbers[" ".join([name, *map(str, index)])] = Fraction(float(tensor[index]))
    return numbers


def covers(case: Case, point: Point) -> bool:
    """Whether a case holds at a point's sizes."""
    known = case.known(point.sizes)
    return (
        all(poly.value(known) == known[name] for name, poly in case.images)
        and all(holds(fact, known) for fact in case.facts)
        and all(poly.value(known) for poly in case.differing)
        and all(_is_below(each, point, known) for each in case.below)
        and not any(_is_below(each, point, known) for each in case.beyond)
    )


def _is_below(asked: Below, point: Point, known: Mapping[Variable, int]) -> bool:
    return all(int(float(each)) < asked.size.value(known) for each in point.tensors[asked.naturals])


def _array(result: Any) -> Any:
    """An object array of the result; of machine numbers, which numpy pads with, and of arrays of one entry, their values."""
    held = (np.generic, np.ndarray)
    plain = np.frompyfunc(lambda entry: entry.item() if isinstance(entry, held) else entry, 1, 1)
    return np.asarray(plain(np.asarray(result, dtype=object)), dtype=object)
