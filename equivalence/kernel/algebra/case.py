"""A case: the signs that are supposed for some polynomials, and what follows from them by inspection."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as default

from ..facts import Fact
from .field import Field, Poly, Ratio
from .squares import lower_bound

ANY_SIGN = frozenset((-1, 0, 1))


class Split(Exception):
    """The sign of a polynomial is needed and not known; `options` are the signs it may have."""

    def __init__(self, poly: Poly, name: str, options: frozenset[int]) -> None:
        super().__init__(name)
        self.poly = poly
        self.name = name
        self.options = options


@dataclass(frozen=True)
class Case:
    """Signs supposed by name of polynomial; `allowed` are the signs that the claim's conditions leave open."""

    field: Field
    allowed: Mapping[str, frozenset[int]] = default(default_factory=dict)
    signs: Mapping[str, int] = default(default_factory=dict)
    constraints: tuple[tuple[Poly, frozenset[int]], ...] = ()
    values: Mapping[str, Ratio] = default(default_factory=dict)

    def under(self, value: Ratio, signs: frozenset[int]) -> Case:
        """This case with a condition of the claim: the value has one of these signs."""
        poly, name, sign = self._discriminant(value)
        if name == "":
            nowhere = () if sign in signs else ((poly, frozenset[int]()),)
            return replace(self, constraints=(*self.constraints, *nowhere))
        options = frozenset(sign * s for s in signs) & self.allowed.get(name, ANY_SIGN)
        narrowed = Case(
            self.field, {**self.allowed, name: options}, self.signs, (*self.constraints, (poly, options)), self.values
        )
        return narrowed.with_sign(poly, name, next(iter(options))) if len(options) == 1 else narrowed

    def with_sign(self, poly: Poly, name: str, sign: int) -> Case:
        """This case with one more sign supposed; at 0 a variable that can be solved for gets its value."""
        values = dict(self.values)
        if sign == 0:
            values.update(self._solved(poly))
        constraints = (*self.constraints, (poly, frozenset((sign,))))
        return Case(self.field, self.allowed, {**self.signs, name: sign}, constraints, values)

    def sign(self, value: Ratio) -> int:
        """The sign of a value. Raises: Split if this case does not say."""
        poly, name, sign = self._discriminant(value)
        if name == "":
            return sign
        known = self._known(poly, name)
        if known is None:
            raise Split(poly, name, self.allowed.get(name, ANY_SIGN))
        return sign * known

    def is_nonzero(self, poly: Poly) -> bool:
        """Whether it follows by inspection that the polynomial's value is not 0."""
        if poly.is_constant():
            return not poly.is_zero()
        _content, factors = poly.factor()
        return all(self._factor_is_nonzero(factor) for factor, _multiplicity in factors)

    def is_positive(self, poly: Poly) -> bool:
        """Whether the value is > 0 by inspection: a sum of squares and a positive constant, or positive monomials."""
        poly = self.field.raised(poly)
        least = lower_bound(poly)
        if least is not None and least > 0:
            return True
        strict = False
        for powers, coefficient in poly.to_dict().items():
            odd = [place for place, power in enumerate(powers) if power % 2]
            if coefficient < 0 or not all(map(self._atom_is_positive, odd)):
                return False
            even = [place for place, power in enumerate(powers) if power and power % 2 == 0]
            strict = strict or all(map(self._atom_is_positive, even))
        return strict

    def is_at_least_zero(self, poly: Poly) -> bool:
        """Whether the value is >= 0 by inspection."""
        least = lower_bound(self.field.raised(poly))
        return (least is not None and least >= 0) or self.is_positive(poly)

    def _factor_is_nonzero(self, factor: Poly) -> bool:
        poly, name, _sign = self.field.monic(factor)
        options = self.allowed.get(name, ANY_SIGN)
        return self._known(poly, name) not in (None, 0) or 0 not in options

    def _known(self, poly: Poly, name: str) -> int | None:
        if name in self.signs:
            return self.signs[name]
        return 1 if self.is_positive(poly) else None

    def _discriminant(self, value: Ratio) -> tuple[Poly, str, int]:
        """A monic polynomial with the value's sign up to the sign returned; an empty name if that is constant."""
        value = self.field.current(value)
        product = value.numerator * value.denominator
        if product.is_constant():
            constant = product.leading_coefficient() if not product.is_zero() else 0
            return product, "", (constant > 0) - (constant < 0)
        return self.field.monic(product)

    def _atom_is_positive(self, place: int) -> bool:
        kind, name = self.field.atoms[place]
        if kind == "exp":
            self.field.facts.add(Fact.EXP_POSITIVE)
            return True
        if kind == "log":
            return self._is_above_one(self.field.arguments[kind, name])
        if kind == "sqrt":
            monic, name, sign = self.field.monic(self.field.radicands[place])
            return monic.is_constant() or (sign > 0 and self._known(monic, name) == 1) or self.is_positive(sign * monic)
        name = f"g{place}"
        return self.signs.get(name) == 1 or self.allowed.get(name) == frozenset((1,))

    def _is_above_one(self, value: Ratio) -> bool:
        value = self.field.current(value)
        if not (self.is_positive(value.numerator - value.denominator) and self.is_positive(value.denominator)):
            return False
        self.field.facts.add(Fact.LOG_POSITIVE)
        return True

    def _solved(self, poly: Poly) -> dict[str, Ratio]:
        """poly = 0 solved for a variable that it is linear in with a constant factor, if there is one."""
        poly = self.field.raised(poly)
        terms = poly.to_dict()
        for place, (kind, name) in enumerate(self.field.atoms):
            holding = [powers for powers in terms if powers[place]]
            if kind == "variable" and len(holding) == 1 and sum(holding[0]) == 1 and holding[0][place] == 1:
                generator = self.field.atom("variable", name)
                factor = terms[holding[0]]
                return {name: Ratio(generator.numerator - poly / factor, generator.denominator)}
        return {}
