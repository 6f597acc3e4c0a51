"""JVPs and VJPs, derived from the forward formula of an op and never written by hand.

    ẏ[o] = Σ_i ∂y[o]/∂x[i] ẋ[i]        x̄[i] = Σ_o ȳ[o] ∂y[o]/∂x[i]
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import sympy
from sympy.core.relational import Relational

from ..ir.graph import Shape
from .convention import Convention, Share
from .definition import Definition
from .formula import Condition, weight_name
from .in_sympy import is_stopped, released
from .operand import Entries, Index, Operand, indices
from .selection import EVENLY, Largest


def symbol(role: str, position: int, index: Index) -> sympy.Symbol:
    """The real symbol for one entry: role x (primal), x_dot (tangent) or y_bar (seed), input position, index."""
    return sympy.Symbol(f"{role} {position} {' '.join(map(str, index))}".rstrip(), real=True)


@dataclass(frozen=True)
class Instance:
    """A definition at concrete shapes and attributes: its entries and derivatives as sympy expressions."""

    definition: Definition
    shapes: tuple[Shape, ...]
    attributes: Mapping[str, Any]
    convention: Convention

    @cached_property
    def shape(self) -> Shape:
        """The output's shape."""
        return tuple(self.definition.infer_shape(self.shapes, self.attributes))

    @cached_property
    def forward(self) -> Entries:
        """The output's entries in the symbols x."""
        return {index: self._chosen(formula) for index, formula in self._formulas.items()}

    @cached_property
    def jvp(self) -> Entries:
        """The output's tangent in the symbols x and x_dot."""
        result: Entries = {}
        for index, slopes in self._slopes.items():
            terms = [slope * symbol("x_dot", *place) for place, slope in slopes]
            result[index] = sympy.Add(*terms)
        return result

    @cached_property
    def vjp(self) -> tuple[Entries, ...]:
        """Each input's cotangent in the symbols x and y_bar."""
        terms: dict[tuple[int, Index], list[Any]] = {
            (position, index): [] for position, shape in enumerate(self.shapes) for index in indices(shape)
        }
        for output, slopes in self._slopes.items():
            seed = symbol("y_bar", 0, output)
            for place, slope in slopes:
                terms[place].append(seed * slope)
        return tuple(
            {index: sympy.Add(*terms[position, index]) for index in indices(shape)}
            for position, shape in enumerate(self.shapes)
        )

    @cached_property
    def domain(self) -> tuple[Condition, ...]:
        """The conditions on the inputs under which every entry is defined."""
        conditions = [
            condition
            for index in indices(self.shape)
            for condition in self.definition.domain(*self._operands, *index, **self.attributes)
        ]
        return tuple(dict.fromkeys(conditions))

    @cached_property
    def kink_names(self) -> frozenset[str]:
        """The names by which conventions know the kinks of the formula here."""
        prefix = weight_name("")
        symbols = {symbol.name for formula in self._formulas.values() for symbol in formula.free_symbols}
        return frozenset(name.removeprefix(prefix) for name in symbols if name.startswith(prefix))

    @cached_property
    def kinks(self) -> tuple[Any, ...]:
        """The discriminants that are 0 at a kink."""
        relations = {r for formula in self._formulas.values() for r in formula.atoms(Relational)}
        # Where a mask is 0 the formula has another value, but no kink: what it is compared with is held constant.
        relations = {r for r in relations if not all(map(is_stopped, r.free_symbols))}
        differences = [r.lhs - r.rhs for r in relations]
        for formula in self._formulas.values():
            for largest in formula.atoms(Largest):
                differences += [a - b for a, b in itertools.combinations(largest.leaves, 2)]
        discriminants = {self._chosen(difference) for difference in differences}
        return tuple(sorted(discriminants, key=str))

    @cached_property
    def without_derivative(self) -> tuple[Any, ...]:
        """The discriminants that are 0 where the convention declares no derivative, so that none is owed."""
        names = {weight_name(kink) for kink, weight in self.convention.weights.items() if weight is Share.NONE}
        pieces = [piece for formula in self._formulas.values() for each in formula.atoms(sympy.Piecewise) for piece in each.args]
        found = {
            self._chosen(condition.lhs - condition.rhs)
            for value, condition in pieces
            if isinstance(condition, sympy.Eq) and names & {symbol.name for symbol in value.free_symbols}
        }
        return tuple(sorted(found, key=str))

    @cached_property
    def _operands(self) -> tuple[Operand, ...]:
        return tuple(
            Operand(shape, lambda index, position=position: symbol("x", position, index))  # type: ignore[misc]
            for position, shape in enumerate(self.shapes)
        )

    @cached_property
    def _formulas(self) -> Entries:
        """The output's entries before the convention's weights and the stopped twins are resolved."""
        formula, operands, attributes = self.definition.formula, self._operands, self.attributes
        return {index: sympy.sympify(formula(*operands, *index, **attributes)) for index in indices(self.shape)}

    @cached_property
    def _slopes(self) -> dict[Index, list[tuple[tuple[int, Index], Any]]]:
        """For each output entry the inputs it depends on and the partial derivatives."""
        return {index: list(self._partials(formula)) for index, formula in self._formulas.items()}

    def _partials(self, formula: Any) -> list[tuple[tuple[int, Index], Any]]:
        inputs = [entry for entry in formula.free_symbols if entry.name.startswith("x ")]
        inputs.sort(key=lambda entry: [int(part) for part in entry.name.split()[1:]])
        slopes = [(_place(entry), self._chosen(sympy.diff(formula, entry))) for entry in inputs]
        return [(place, slope) for place, slope in slopes if slope != 0]

    def _chosen(self, expression: Any) -> Any:
        """The expression with kink weights of the convention and with stopped entries read as their values."""
        replaced = {entry: self._choice(entry) for entry in expression.free_symbols}
        return expression.xreplace({old: new for old, new in replaced.items() if new is not old})

    def _choice(self, entry: sympy.Symbol) -> Any:
        plain = released(entry)
        for kink, weight in self.convention.weights.items():
            if plain.name == weight_name(kink):
                if isinstance(weight, Share):  # where there is no derivative, any number serves
                    return EVENLY if weight is Share.EVENLY else sympy.Integer(0)
                return sympy.Rational(weight.numerator, weight.denominator)
        return plain


def instantiate(
    definition: Definition, shapes: Sequence[Shape], attributes: Mapping[str, Any], convention: Convention
) -> Instance:
    """The definition at these shapes and attributes, under a convention.

    Raises: ShapeMismatch if the definition does not accept the shapes.
    """
    definition.infer_shape(tuple(shapes), attributes)
    return Instance(definition, tuple(shapes), dict(attributes), convention)


def _place(entry: sympy.Symbol) -> tuple[int, Index]:
    _role, position, *index = entry.name.split()
    return int(position), tuple(map(int, index))
