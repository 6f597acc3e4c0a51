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
    giving = primitives_giving(lambda result: lifted(result, lift))

    def look_up(op: str) -> Primitive:
        primitive = giving(op)
        primitive.domain_test = primitive_of(op).domain_test
        return primitive

    return look_up


def primitives_giving(made: Callable[[Any], Any]) -> Callable[[str], Primitive]:
    """A look-up of the registered primitives, with something made of every result; domains are not asked."""

    def look_up(op: str) -> Primitive:
        shipped = primitive_of(op)
        primitive = Primitive(op, shipped.shape)
        primitive.forward(lambda *inputs, **attributes: made(shipped.forward_kernel(*inputs, **attributes)))
        primitive.jvp(lambda *inputs, **attributes: made(shipped.jvp_kernel(*inputs, **attributes)))
        primitive.vjp(lambda *inputs, **attributes: [made(each) for each in shipped.vjp_kernel(*inputs, **attributes)])
        return primitive

    return look_up


def lifted(values: Any, lift: Lift) -> ScalarArray:
    """An array of scalars from whatever array a kernel gave."""
    return array_of(tuple(values.shape), map(lift, entries_of(values)))
