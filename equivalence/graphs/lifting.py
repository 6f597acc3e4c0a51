"""Shipped kernels with results lifted to scalars: a constant or a zero that a kernel makes is a number of that kind too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...runtime.primitive import Primitive, primitive_of
from ..kernel.scalars.array import ScalarArray, array_of, entries_of

Lift = Callable[[Any], Any]
"""A machine number, or a scalar already, as a scalar."""


def lifted_primitives(lift: Lift) -> Callable[[str], Primitive]:
    """A look-up of primitives whose kernels are the registered ones, with every result lifted."""

    def look_up(op: str) -> Primitive:
        shipped = primitive_of(op)
        primitive = Primitive(op, shipped.shape)
        primitive.domain_test = shipped.domain_test
        primitive.forward(lambda *inputs, **attributes: lifted(shipped.forward_kernel(*inputs, **attributes), lift))
        primitive.jvp(lambda *inputs, **attributes: lifted(shipped.jvp_kernel(*inputs, **attributes), lift))
        primitive.vjp(
            lambda *inputs, **attributes: [lifted(each, lift) for each in shipped.vjp_kernel(*inputs, **attributes)]
        )
        return primitive

    return look_up


def lifted(values: Any, lift: Lift) -> ScalarArray:
    """An array of scalars from whatever array a kernel gave."""
    return array_of(tuple(values.shape), map(lift, entries_of(values)))
