"""Lists of unknown naturals, known by where they have which value: Σ_r [indices[t] = r] x[r] is x at indices[t]."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NoReturn

from .algebra import ONE, ZERO, Atom, Exponent, Expr, Plain, product, summed
from .atoms import Images, Values, power
from .case import Below, Case
from .formula import Dual, Index, polys, whole
from .polynomial import Naming, Poly, Variable, indices, place, poly_text, refuse, zero


@dataclass(frozen=True, slots=True)
class Hot(Plain):
    """1 where the entry of a list of naturals has this value, otherwise 0."""

    naturals: str
    position: Poly
    value: Poly

    @property
    def free(self) -> frozenset[Variable]:
        return self.position.variables | self.value.variables

    @property
    def places(self) -> tuple[tuple[str, Poly], ...]:
        return ((f"{self.naturals} 0", self.position), (f"{self.naturals} 1", self.value))

    def text(self, name: Naming) -> str:
        return f"[{self.naturals}[{poly_text(self.position, name)}]={poly_text(self.value, name)}]"

    def raised(self, exponent: Exponent, others: Mapping[Atom, Exponent]) -> Exponent | Expr:
        """An entry has one value: of two factors that give it one, the second says that both are the same."""
        if exponent < 0:
            refuse("a division by an indicator")
        if not exponent:
            return 0
        given = (h for h in others if isinstance(h, Hot) and (h.naturals, h.position) == (self.naturals, self.position))
        first = min((h.value for h in given if others[h]), key=lambda value: (poly_text(value, place)))
        return summed(ONE, (), {zero(self.value - first)}) if first != self.value else 1

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        if self in values:
            return power(values[self], exponent)
        return product({replace(self, position=self.position.substitute(images), value=self.value.substitute(images)): exponent})


def _asked(*_operands: Any) -> NoReturn:
    refuse("a write into this, or a question about its values,")


_refused: Any = _asked


class Opaque:
    """Something that answers no question but those given a meaning here."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]

    __setitem__ = __iadd__ = __isub__ = __imul__ = __itruediv__ = __ipow__ = __imatmul__ = __iand__ = __ior__ = _refused
    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __bool__ = __len__ = __iter__ = __contains__ = _refused
    __repr__ = __str__ = __format__ = __array__ = __index__ = __int__ = __float__ = __getitem__ = rows_of = _refused


class Natural(Opaque):
    """An unknown natural, known by where it hits, 1 at its value, 0 elsewhere, and maybe by the list that it is of."""

    __slots__ = ("case", "hit", "origin")

    def __init__(self, case: Case, hit: Callable[[Poly], Expr], origin: str | None) -> None:
        self.case, self.hit, self.origin = case, hit, origin

    def __lt__(self, other: Any) -> Dual:
        return Dual(self.case, self.below(*polys([other])), ZERO)

    def __eq__(self, other: object) -> Dual:  # type: ignore[override]
        return Dual(self.case, self.hit(*polys([other])), ZERO)

    def below(self, size: Poly) -> Expr:
        """1 if it is smaller than a size, otherwise 0."""
        known = self.origin is not None and self.case.bounds(self.origin, size)
        return ONE if known else self.among(size, lambda _: ONE)

    def among(self, size: Poly, read: Callable[[Poly], Expr]) -> Expr:
        """Σ_r [0 <= r < size] [this = r] read(r)."""
        (value,), names, guards = indices([size])
        return summed(self.hit(value) * read(value), names, guards)


class Listed(Opaque):
    """A list of unknown naturals, as many as the side, as formulas and kernels are given it."""

    __slots__ = ("_name", "case", "side")

    def __init__(self, case: Case, name: str, side: Poly) -> None:
        self.case, self._name, self.side = case, name, side

    def entry_at(self, index: Index) -> Natural:
        """The entry at an index."""
        return Natural(self.case, lambda value: product({Hot(self._name, index[0], value): 1}), self._name)

    def __getitem__(self, index: Any) -> Natural:
        return self.entry_at(polys([index]))

    def __repr__(self, *_format: str) -> str:
        return self._name if self.case.spoken else _asked()

    __str__ = __format__ = __repr__

    def __formula__(self, word: str, *operands: Any) -> Any:
        match word:
            case "length":
                return whole(self.case, self.side)
            case "naturals":
                return True
            case "below":
                return self.case.decide_below(Below(self._name, *polys(operands[1:])))
        refuse(f"the word {word!r} of a list of naturals")
