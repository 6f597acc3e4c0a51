"""Rule obligations: the shipped kernels, executed on symbolic scalars, against the derived rules of the spec."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy

from ...ir.graph import Shape
from ...runtime.primitive import Primitive
from ...spec.derive import Instance, symbol
from ...spec.evaluate import Evaluation
from ...spec.formula import Condition
from ...spec.operand import Entries, indices
from ..graphs.replay import ExactAlgebra
from ..kernel.algebra.equalities import Equalities, Group
from ..kernel.algebra.translation import TRUSTED, Translation
from ..kernel.decision import SameData
from ..kernel.numbers.exact import Exact
from ..kernel.scalars.array import ScalarArray, array_of, entries_of
from ..kernel.scalars.explorer import explore
from ..kernel.scalars.mask import Unsupported
from ..kernel.scalars.term import Pool
from .parts import Part

Claim = Equalities | SameData
Values = tuple[tuple[tuple[Exact, Exact], ...], tuple[tuple[Exact, frozenset[int]], ...]]
"""Pairs of numbers, and numbers with the signs that they need."""
NUMPY = "numpy's object loops and dispatch"


class ShapeDiffers(Exception):
    """A kernel gave arrays of other shapes or another number than it owes."""


def claim(part: Part, statement: str, instance: Instance, primitive: Primitive, conditions: Sequence[Any]) -> Claim:
    """The claim of one part of a rule; `conditions` are discriminants that are not 0, beside the domain.

    Raises: ShapeDiffers; Unsupported; whatever a kernel raises.
    """
    if part is Part.SHAPES:
        return _shapes_claim(statement, instance, primitive)
    if _owes_shape_alone(part, instance):
        return SameData(statement, *_counts(part, instance, primitive))
    paths = explore(lambda pool: _Run(_symbolic(pool), instance, primitive).equations(part, conditions))
    groups = tuple(Group(pairs, (*domain, *path.conditions)) for path in paths for pairs, domain in (path.result,))
    return Equalities(statement, groups, _assumptions(instance), (TRUSTED, NUMPY))


def values_at(part: Part, instance: Instance, primitive: Primitive, point: Mapping[str, Exact]) -> Values:
    """Both sides of a part's equations at a point, in the claim's order, and the conditions of its domain there.

    The kernels run on these numbers and the spec is evaluated: no term has a part in it.
    Raises: Undecidable where balls do not tell a branch; whatever a kernel raises.
    """
    return _Run(_exact(point), instance, primitive).equations(part, ())


def _assumptions(instance: Instance) -> tuple[str, ...]:
    definition = instance.definition
    domain = () if definition.domain_text == "ℝ" else (definition.domain_text,)
    kinks = () if definition.kinks == "none" else (f"at {definition.kinks}: convention {instance.convention.name}",)
    off = tuple(f"no derivative is owed where {each} = 0" for each in instance.without_derivative)
    return ("entries are real numbers", "at these shapes", *domain, *kinks, *off, *definition.readings)


def _owes_shape_alone(part: Part, instance: Instance) -> bool:
    """Whether there is no entry to compare: a zero-size value, or no tensor to pull back to."""
    sizes = [len(indices(shape)) for shape in instance.shapes]
    return sum(sizes) == 0 if part is Part.VJP else part is not Part.ADJOINT and not indices(instance.shape)


def _counts(part: Part, instance: Instance, primitive: Primitive) -> tuple[Any, Any]:
    """The shapes that came, and those that are owed."""
    if part is Part.VJP:
        return _executed(lambda run: tuple(x_bar.shape for x_bar in run.vjp()), instance, primitive), instance.shapes
    make = (lambda run: run.jvp().shape) if part is Part.JVP else (lambda run: run.y.shape)
    return _executed(make, instance, primitive), instance.shape


def _shapes_claim(statement: str, instance: Instance, primitive: Primitive) -> SameData:
    inferred = tuple(primitive.shape(*instance.shapes, **instance.attributes))

    def made(run: _Run) -> tuple[Any, ...]:
        y = list(run.y.flat)
        shapes = (run.y.shape, *(x_bar.shape for x_bar in run.vjp()), run.jvp().shape)
        pairs = zip([*run.given, *y], [*run.entries(), *run.y.flat], strict=True)
        unchanged = all(a is b or (isinstance(a, float) and a == b) for a, b in pairs)  # an array of floats makes them anew
        return (*shapes, "inputs unchanged" if unchanged else "an input was changed")

    owed = (instance.shape, instance.shape, *instance.shapes, instance.shape, "inputs unchanged")
    return SameData(statement, (inferred, *_executed(made, instance, primitive)), owed)


def _executed(make: Any, instance: Instance, primitive: Primitive) -> Any:
    """What every way through the kernels makes of it; the first that differs from the others is what is reported."""
    results = [path.result for path in explore(lambda pool: make(_Run(_symbolic(pool), instance, primitive)))]
    return next((result for result in results if result != results[0]), results[0])


@dataclass(frozen=True, slots=True)
class _Scalars:
    """What kernels and spec are run on: an input's entry by its symbol's name, what an expression means, what a number is."""

    variable: Callable[[str], Any]
    meaning: Callable[[Any], Any]
    number: Callable[[Any], Any]


def _symbolic(pool: Pool) -> _Scalars:
    return _Scalars(pool.variable, Translation(pool).term, pool.lift)


def _exact(point: Mapping[str, Exact]) -> _Scalars:
    known = {sympy.Symbol(name, real=True): value for name, value in point.items()}
    return _Scalars(point.__getitem__, Evaluation(known, ExactAlgebra()).value, Exact.of)


class _Run:
    """The kernels of one primitive, run on variables named as the spec's symbols are, or on numbers in their place."""

    def __init__(self, scalars: _Scalars, instance: Instance, primitive: Primitive) -> None:
        self.scalars = scalars
        self.instance = instance
        self.primitive = primitive
        self.x = [self._variables("x", place, shape) for place, shape in enumerate(instance.shapes)]
        self.x_dot = [self._variables("x_dot", place, shape) for place, shape in enumerate(instance.shapes)]
        self.y_bar = self._variables("y_bar", 0, instance.shape)
        self.given = self.entries()
        self.y = self._array(primitive.forward_kernel(*self.x, **instance.attributes))

    def vjp(self) -> tuple[Any, ...]:
        """The cotangents that the kernel gives. Raises: ShapeDiffers unless it is one for each input."""
        result = self.primitive.vjp_kernel(self.y_bar, self.y, *self.x, **self.instance.attributes)
        if not isinstance(result, (tuple, list)) or len(result) != len(self.x):
            raise ShapeDiffers(f"the VJP gave {_described(result)}, {len(self.x)} cotangents are owed")
        return tuple(map(self._array, result))

    def jvp(self) -> Any:
        """The tangent that the kernel gives."""
        return self._array(self.primitive.jvp_kernel(*self.x_dot, self.y, *self.x, **self.instance.attributes))

    def entries(self) -> list[Any]:
        """Every entry of the inputs, the seed and the tangents, as they are now."""
        return [entry for array in (*self.x, *self.x_dot, self.y_bar) for entry in array.flat]

    def equations(self, part: Part, nonzero: Sequence[Any]) -> tuple[tuple[tuple[Any, Any], ...], tuple[Any, ...]]:
        """The equations of a part, kernel on the left, and the conditions under which they are owed."""
        sides = {Part.FORWARD: self._forward, Part.VJP: self._vjp, Part.JVP: self._jvp, Part.ADJOINT: self._adjoint}
        number, meaning = self.scalars.number, self.scalars.meaning
        pairs = tuple((number(left), number(right)) for left, right in sides[part]())
        domain = [(meaning(c.entry), _signs(c)) for c in self.instance.domain]
        undefined = () if part is Part.FORWARD else self.instance.without_derivative
        off_kinks = [(meaning(each), frozenset((-1, 1))) for each in (*nonzero, *undefined)]
        return pairs, (*domain, *off_kinks)

    def _forward(self) -> Iterable[tuple[Any, Any]]:
        return self._against(self.y, self.instance.shape, self.instance.forward)

    def _vjp(self) -> Iterable[tuple[Any, Any]]:
        owed = zip(self.vjp(), self.instance.shapes, self.instance.vjp, strict=True)
        return [pair for x_bar, shape, entries in owed for pair in self._against(x_bar, shape, entries)]

    def _jvp(self) -> Iterable[tuple[Any, Any]]:
        return self._against(self.jvp(), self.instance.shape, self.instance.jvp)

    def _adjoint(self) -> Iterable[tuple[Any, Any]]:
        inputs = zip(self.vjp(), self.x_dot, strict=True)
        return [(self._dot(self.jvp(), self.y_bar), sum((self._dot(a, b) for a, b in inputs), Fraction(0)))]

    def _dot(self, a: Any, b: Any) -> Any:
        if a.shape != b.shape:
            raise ShapeDiffers(f"an array of shape {a.shape} came, {b.shape} is owed")
        terms = (p * q for p, q in zip(entries_of(a), entries_of(b), strict=True))
        return sum(terms, self.scalars.number(Fraction(0)))

    def _against(self, came: Any, shape: Shape, entries: Entries) -> Iterable[tuple[Any, Any]]:
        if tuple(came.shape) != shape:
            raise ShapeDiffers(f"an array of shape {came.shape} came, {shape} is owed")
        wanted = (self.scalars.meaning(entries[index]) for index in indices(shape))
        return zip(entries_of(came), wanted, strict=True)

    def _variables(self, role: str, place: int, shape: Shape) -> ScalarArray:
        return array_of(shape, (self.scalars.variable(symbol(role, place, index).name) for index in indices(shape)))

    @staticmethod
    def _array(result: Any) -> Any:
        if not hasattr(result, "shape"):
            raise Unsupported(f"a kernel gave {_described(result)}, an array was needed")
        return result


def _signs(condition: Condition) -> frozenset[int]:
    return frozenset((1,)) if condition.kind == "positive" else frozenset((-1, 1))


def _described(result: Any) -> str:
    return f"{len(result)} arrays" if isinstance(result, (tuple, list)) else type(result).__name__
