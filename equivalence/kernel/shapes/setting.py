"""A claim in one case of sizes: what the formula defines, with its derivatives, and what the kernels return.

Tensors are called "x 0", "x_dot 0", "y_bar 0": role and position.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ....ir.graph import BackproofError
from .algebra import ONE, ZERO, Expr, summed
from .arrays import Array, Shape
from .atoms import entry
from .booleans import Flags
from .case import Case
from .claim import AllShapes, AnyInteger, AnyMask, Naturals, Part
from .formula import Dual, Index, as_expression, polys, whole
from .kernels import FAULTS, called, symbolic
from .naturals import Listed, Natural
from .polynomial import Unsupported, indices, integer, refuse, variable, zero
from .quotients import Quotients

Entries = Callable[[Index], Expr]
Tensor = tuple[Shape, Entries]
"""Sides, and entries as a function of the index."""


class Excluded(Exception):
    """Sizes that the definition's own shape rule refuses: nothing is claimed of them."""


@dataclass(frozen=True)
class Operand:
    """An input as a formula sees it."""

    case: Case
    shape: tuple[Any, ...]
    value: Callable[[Index], Expr]
    tangent: Callable[[Index], Expr]

    def __getitem__(self, index: Any) -> Dual:
        places = index if isinstance(index, tuple) else (index,)
        if len(places) != len(self.shape):
            refuse("an index of another rank")
        return Dual(self.case, self._read(self.value, (), places), self._read(self.tangent, (), places))

    def _read(self, tensor: Callable[[Index], Expr], index: Index, places: Sequence[Any]) -> Expr:
        """The entry at an index and these further places; 0 at a natural that is no place of its axis."""
        if not places:
            return tensor(index)
        place, *rest = places
        if not isinstance(place, Natural):
            return self._read(tensor, (*index, *polys([place])), rest)
        (side,) = polys([self.shape[len(index)]])
        return place.among(side, lambda own: self._read(tensor, (*index, own), rest))

    def size(self, axis: int) -> Any:
        """The number of entries along an axis."""
        return self.shape[axis]

    @property
    def count(self) -> Any:
        """The number of entries."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Setting:
    """A claim and a case of it."""

    claim: AllShapes
    case: Case

    def sides(self, shape: Sequence[Any]) -> tuple[Any, ...]:
        """A shape or attribute with the sizes of the case for the names in it."""
        images = dict(self.case.images)
        names = [side.name if isinstance(side, AnyInteger) else side for side in shape]
        return tuple(whole(self.case, images[name]) if isinstance(name, str) else name for name in names)

    @property
    def shapes(self) -> tuple[tuple[Any, ...], ...]:
        """The inputs' shapes."""
        return tuple(map(self.sides, self.claim.shapes))

    @property
    def attributes(self) -> dict[str, Any]:
        """The attributes, as formulas and kernels take them."""
        return {name: self._attribute(name, value) for name, value in self.claim.attributes.items()}

    def _attribute(self, name: str, value: Any) -> Any:
        if isinstance(value, Naturals):
            return Listed(self.case, name, *polys(self.sides((value.count,))))
        if isinstance(value, AnyMask):
            return Flags(self.case, name, *polys(self.sides((value.rows, value.columns))))
        if isinstance(value, AnyInteger):
            return self.sides((value,))[0]
        return self.sides(value) if isinstance(value, tuple) else value

    @property
    def output(self) -> Shape:
        """The sides of the output by the definition. Raises: Excluded where it refuses these sizes."""
        # The definition may say which sizes it refuses; a kernel that reads them as text could tell them from numbers.
        spoken = replace(self, case=replace(self.case, spoken=True))
        try:
            return polys(self.claim.shape(*spoken.shapes, **spoken.attributes))
        except BackproofError as error:
            raise Excluded(str(error)) from error
        except FAULTS as error:
            raise Unsupported(f"the shape rule raises {type(error).__name__}: {error}") from error

    def at(self, index: Index, tangents: Sequence[Entries]) -> Dual:
        """The formula's entry at an index, with its tangent along these tangents of the inputs."""
        quotients = Quotients()
        inside = replace(self, case=replace(self.case.at(index, self.output), of_indices=quotients))
        places = [whole(inside.case, place) for place in index]
        result = called(self.claim.formula, [*inside._operands(tangents), *places], inside.attributes)
        own = result if isinstance(result, Dual) else Dual(self.case, as_expression(result), ZERO)
        return Dual(self.case, *quotients.leave(own.value, own.tangent))

    def _operands(self, tangents: Sequence[Entries]) -> list[Operand]:
        return [
            Operand(self.case, shape, tensor(f"x {k}"), tangent)
            for k, (shape, tangent) in enumerate(zip(self.shapes, tangents, strict=True))
        ]

    def with_domain(self) -> Setting:
        """The setting in which inputs that the domain restricts, entry by entry, are known to be positive or not 0."""
        index = tuple(variable(index_name(k)) for k in range(len(self.output)))
        places = [whole(self.case, place) for place in index]
        still = [nothing] * len(self.shapes)
        found: dict[str, set[str]] = {"positive": set(), "nonzero": set()}
        for condition in called(self.claim.domain, [*self._operands(still), *places], self.attributes):
            for k, shape in enumerate(self.shapes):
                # Only a condition on x[i] itself, at every index i of x, is used; others are not known to hold.
                if condition.entry.value == entry(f"x {k}", index) and polys(shape) == self.output:
                    found[condition.kind].add(f"x {k}")
        positive, nonzero = frozenset(found["positive"]), frozenset(found["nonzero"])
        return replace(self, case=replace(self.case, positive=positive, nonzero=nonzero))

    def defined(self) -> list[Tensor]:
        """What the formula says: the output, its tangent, or the cotangent of each input."""
        output, count = self.output, len(self.shapes)
        if self.claim.part == Part.FORWARD:
            return [(output, lambda index: self.at(index, [nothing] * count).value)]
        if self.claim.part == Part.JVP:
            dots = [tensor(f"x_dot {k}") for k in range(count)]
            return [(output, lambda index: self.at(index, dots).tangent)]
        if self.claim.part == Part.ADJOINT:
            return [((), nothing)]
        return [(polys(shape), self._cotangent(k)) for k, shape in enumerate(self.shapes)]

    def _cotangent(self, position: int) -> Entries:
        """x̄[i] = Σ_o ȳ[o] ẏ[o] with ẋ[j] = [j = i]."""

        def cotangent(place: Index) -> Expr:
            def delta(index: Index) -> Expr:
                return summed(ONE, (), [zero(i - j) for i, j in zip(place, index, strict=True)])

            tangents = [delta if k == position else nothing for k in range(len(self.shapes))]
            index, names, guards = indices(self.output)
            return summed(entry("y_bar 0", index) * self.at(index, tangents).tangent, names, guards)

        return cotangent

    def returned(self) -> list[Tensor]:
        """What the kernels return, run on arrays of symbolic size."""
        claim, attributes = self.claim, self.attributes
        inputs = [self._array(f"x {k}", shape) for k, shape in enumerate(map(polys, self.shapes))]
        y = self._checked(symbolic(claim.forward, inputs, attributes))
        if claim.part == Part.FORWARD:
            return [(y.sides, y.entry)]
        y_bar = self._array("y_bar 0", self.output)
        dots = [self._array(f"x_dot {k}", x.sides) for k, x in enumerate(inputs)]
        if claim.part == Part.VJP:
            return [(x_bar.sides, x_bar.entry) for x_bar in self._cotangents(y_bar, y, inputs)]
        y_dot = self._checked(symbolic(claim.jvp, [*dots, y, *inputs], attributes))
        if claim.part == Part.JVP:
            return [(y_dot.sides, y_dot.entry)]
        cotangents = self._cotangents(y_bar, y, inputs)
        if len(cotangents) != len(inputs) or not all(map(self._alike, [y_dot, *cotangents], [y_bar, *inputs])):
            refuse("a tangent or cotangent of another shape")
        pairs = zip(dots, cotangents, strict=True)
        products = [(y_bar * y_dot).sum(), *(-(dot * x_bar).sum() for dot, x_bar in pairs)]
        return [((), lambda index: sum((each.entry(index) for each in products), ZERO))]

    def _cotangents(self, y_bar: Array, y: Array, inputs: Sequence[Array]) -> list[Array]:
        cotangents = symbolic(self.claim.vjp, [y_bar, y, *inputs], self.attributes)
        if type(cotangents) is not tuple:
            refuse("a VJP that returns no tuple")
        return [self._checked(x_bar) for x_bar in cotangents]

    def _alike(self, one: Array, other: Array) -> bool:
        return one.ndim == other.ndim and all(map(self.case.same, one.sides, other.sides))

    def _array(self, name: str, sides: Shape) -> Array:
        return Array(self.case, sides, tensor(name))

    def _checked(self, value: Any) -> Array:
        if not isinstance(value, Array) or value.kind != "real":
            refuse(f"a kernel that returns {type(value).__name__}")
        _looked_at = value.sides  # zeros that a kernel has returned never change again
        return value


def tensor(name: str) -> Entries:
    """The entries of a tensor with this name."""
    return lambda index: entry(name, index)


def nothing(_index: Index) -> Expr:
    """A tangent of zeros."""
    return ZERO


def index_name(axis: int) -> str:
    """The name of the free index along an axis: no identifier, so that no size is called so."""
    return f"index {axis}"


def any_index(sides: Shape) -> Index:
    """A free index of a shape, 0 where the side is 1."""
    return tuple(integer(0) if s == integer(1) else variable(index_name(k)) for k, s in enumerate(sides))
