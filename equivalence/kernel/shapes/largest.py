"""The largest value of a family of expressions, as an atom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .algebra import Exponent, Expr, Plain, product, substitute
from .atoms import Images, Values, power
from .polynomial import Fresh, Guard, Naming, Unsupported, Variable, guards_text, variable


@dataclass(frozen=True, slots=True)
class Largest(Plain):
    """The largest value of the body over its binders. The body is the family, not a sum, and so is the key."""

    binders: tuple[Variable, ...]
    guards: frozenset[Guard]
    body: Expr

    @property
    def height(self) -> int:
        return self.body.height + 1

    @property
    def free(self) -> frozenset[Variable]:
        return self.body.free.union(*(guard.poly.variables for guard in self.guards)) - frozenset(self.binders)

    def text(self, name: Naming) -> str:
        return f"max({guards_text(self.guards, name)}{self.body.text(name)})"

    def replaced(self, exponent: Exponent, images: Images, values: Values) -> Expr:
        fresh: dict[Variable, Variable] = {name: Fresh() for name in self.binders}
        inside = {name: variable(own) for name, own in fresh.items()}
        body = substitute(substitute(self.body, inside, {}), images, values)
        guards = (guard.substitute(inside).substitute(images) for guard in self.guards)
        return power(largest(body, tuple(fresh.values()), guards), exponent)


def largest(body: Expr, binders: tuple[Variable, ...], guards: Iterable[Guard]) -> Expr:
    """The maximum of the body over fresh binders in the order of their axes."""
    if not binders:
        return body
    names: dict[Variable, Variable] = {fresh: f"#{body.height}.{k}" for k, fresh in enumerate(binders)}
    if body.free.intersection(names.values()):
        raise Unsupported("a bound variable that would be captured")
    images = {fresh: variable(name) for fresh, name in names.items()}
    inside = frozenset(guard.substitute(images) for guard in guards)
    return product({Largest(tuple(names.values()), inside, substitute(body, images, {})): 1})
