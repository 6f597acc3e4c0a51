"""`assert_vjp`: a rule as a test would state it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

from ...ir.graph import BackproofError, Shape
from ..kernel.sealed import Proof
from ..kernel.verdict import Unknown
from .decide import Broken, decide
from .floats import Outside, outside_its_bound
from .owed import Difference
from .rule import SIGNS, Kernel, Rule
from .texts import broken, different, not_decided, outside

Domain = str | Mapping[int, str] | None


class AssertionMisused(BackproofError):
    """What was asserted is no statement: shapes or a domain that cannot be read."""


def assert_vjp(
    forward: Kernel, vjp: Kernel, *, shapes: Sequence[Any], domain: Domain = None, at_kinks: Kernel | None = None
) -> tuple[Proof, ...]:
    """Prove that `vjp` is the derivative of `forward`, for all real inputs at each of these shapes.

        x̄[i] = Σ_o ȳ[o] ∂y[o]/∂x[i]        y = forward(*x), x̄ = vjp(ȳ, y, *x)

    Both are numpy functions. They are run as they are on symbolic numbers; the derivative of what `forward` computed is
    taken branch by branch, and each entry of what `vjp` gave is proved equal to it. Then both are run in float64 at a few
    points, within the computed bound where there is one.

    shapes: for each time that the rule is to be proved, the shapes of its inputs, such as [((2, 3), (3, 2))]; of one
        input its shape alone will do, as in [(3,), (2, 3)].
    domain: "positive" or "nonzero" for the entries of all inputs, or of some by position: {1: "nonzero"}.
    at_kinks: a VJP to agree with wherever an entry is at a kink: the convention, written out.
    Kinks: where two branches of `forward` meet and are not proved to join smoothly, no derivative is owed, only a number,
        unless `at_kinks` says which; the proofs' assumptions name each such place.

    Returns one proof for each of the shapes.
    Raises: AssertionError where a cotangent is wrong, with the point, and where it is not decided, with the reason: only a
        proof passes. AssertionMisused for shapes or a domain that cannot be read.
    """
    __tracebackhide__ = True  # pytest then shows the line of the test, and not our own
    if not shapes:
        raise AssertionMisused("assert_vjp(shapes=...): no shapes came, at least one was needed: nothing would be proved")
    rules = [_rule(forward, vjp, each, domain, at_kinks) for each in shapes]
    return tuple(map(_proved, rules))


def _proved(rule: Rule) -> Proof:
    __tracebackhide__ = True
    match decide(rule):
        case Proof() as proof:
            floats = outside_its_bound(rule)
        case Difference() as difference:
            raise AssertionError(different(rule, difference))
        case Broken(detail):
            raise AssertionError(broken(rule, detail))
        case Unknown() as unknown:
            raise AssertionError(not_decided(rule, unknown))
    match floats:
        case Unknown() as unknown:
            raise AssertionError(not_decided(rule, unknown))
        case Outside() as found:
            raise AssertionError(outside(rule, found))
    return proof


def _rule(forward: Kernel, vjp: Kernel, shapes: Any, domain: Domain, at_kinks: Kernel | None) -> Rule:
    each = _shapes(shapes)
    _refuse_unless_taken(forward, each, shapes)
    by_place = domain if isinstance(domain, Mapping) else dict.fromkeys(range(len(each)), domain)
    for place, word in by_place.items():
        if place not in range(len(each)) or word not in (None, *SIGNS):
            raise AssertionMisused(
                f"assert_vjp(domain=...): {place!r}: {word!r} came, needed: a position below {len(each)} "
                f"and one of {', '.join(SIGNS)}"
            )
    signs = tuple(SIGNS.get(by_place.get(place) or "") for place in range(len(each)))
    return Rule(forward, vjp, each, signs, at_kinks)


def _refuse_unless_taken(forward: Kernel, each: tuple[Shape, ...], shapes: Any) -> None:
    """Refuse shapes of more or fewer inputs than a function takes, where its signature tells: ((2,), (3,)) is one entry, of two."""
    try:
        signature = inspect.signature(forward)
    except (TypeError, ValueError):  # not every function has one that can be read
        return
    try:
        signature.bind(*each)
    except TypeError as error:
        inputs = "1 input" if len(each) == 1 else f"{len(each)} inputs"
        raise AssertionMisused(
            f"assert_vjp(shapes=...): {shapes!r} is of {inputs}, but forward{signature} takes others: needed, for each time that "
            "the rule is to be proved, the shapes of all its inputs, as in shapes=[((2,), (3,))] of two"
        ) from error


def _shapes(shapes: Any) -> tuple[Shape, ...]:
    """The shapes of all inputs, from those or from the shape of a single one."""
    if isinstance(shapes, (tuple, list)):
        if all(isinstance(side, int) and not isinstance(side, bool) and side >= 0 for side in shapes):
            return (tuple(shapes),)
        if all(isinstance(shape, (tuple, list)) for shape in shapes):
            return tuple(_shapes(shape)[0] for shape in shapes)
    raise AssertionMisused(f"assert_vjp(shapes=...): {shapes!r} came, needed: a shape, or one for each input")
