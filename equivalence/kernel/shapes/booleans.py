"""Boolean matrices of any content, as formulas and kernels meet them."""

from __future__ import annotations

from typing import Any

from .algebra import ONE, ZERO, Expr, product
from .arrays import Array
from .case import Case
from .flags import Flag, Nothing
from .formula import Dual, polys, whole
from .naturals import Opaque
from .polynomial import Fresh, Poly, integer, refuse, variable


class Flags(Opaque):
    """A Boolean matrix of any content, as formulas and kernels are given it."""

    __slots__ = ("_columns", "_name", "_rows", "case")

    def __init__(self, case: Case, name: str, rows: Poly, columns: Poly) -> None:
        self.case, self._name, self._rows, self._columns = case, name, rows, columns

    @property
    def shape(self) -> tuple[Any, ...]:
        """Rows and columns."""
        return whole(self.case, self._rows), whole(self.case, self._columns)

    @property
    def entries(self) -> Flags:
        """The entries in row-major order: np.array(entries, dtype=np.bool_).reshape(shape) is the matrix."""
        return self

    def __formula__(self, word: str, *operands: Any) -> Dual:
        match word, operands:
            case "flag", (_, row, column):
                return Dual(self.case, self._flag(*polys([row, column])), ZERO)
            case "any flag", (_, row):
                return Dual(self.case, ONE - product({Nothing(self._name, self._columns, *polys([row])): 1}), ZERO)
        refuse(f"the word {word!r} of a Boolean matrix")

    def _flag(self, row: Poly, column: Poly) -> Expr:
        return product({Flag(self._name, self._columns, row, column): 1})

    def reshape(self, shape: Any) -> Array:
        """The matrix, if this is its shape."""
        sides = polys(shape)
        if sides != (self._rows, self._columns):
            refuse("a Boolean matrix in another shape")
        return Array(self.case, sides, lambda index: self._flag(*index), "mask")


def any_along_rows(array: Array) -> Array:
    """Whether a row of a Boolean matrix holds a 1, with the column axis kept at side 1."""
    if array.kind != "mask" or array.ndim != 2:
        refuse("any of something that is no Boolean matrix")
    last, count = Fresh(), array.sides[1]

    def entry(index: tuple[Poly, ...]) -> Expr:
        body = array.entry((index[0], variable(last)))
        for flag in (atom for term in body.terms for atom, _ in term.factors if isinstance(atom, Flag)):
            if body == product({flag: 1}) and (flag.columns, flag.column) == (count, variable(last)) and last not in flag.nothing.free:
                return ONE - product({flag.nothing: 1})
        refuse("any of rows that are not those of a Boolean attribute")

    return Array(array.case, (array.sides[0], integer(1)), entry, "mask")
