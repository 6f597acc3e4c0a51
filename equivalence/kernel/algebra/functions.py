"""Functions of a ratio: generators with the algebraic relations between them."""

from __future__ import annotations

from fractions import Fraction

from ..facts import Fact
from ..numbers import radical
from ..scalars.mask import Unsupported
from .field import Field, Poly, Ratio


def applied(field: Field, function: str, argument: Ratio) -> Ratio:
    """The function's value; of a logarithm the caller shows that the argument is > 0.

    Raises: Unsupported.
    """
    argument = field.current(argument)
    match function:
        case "exp":
            return _exponential(field, argument)
        case "log":
            return _logarithm(field, argument)
        case "tanh":
            field.facts.add(Fact.TANH_BY_EXP)
            doubled = _exponential(field, field.add(argument, argument))
            one = field.number(Fraction(1))
            return field.divide(field.add(doubled, field.number(Fraction(-1))), field.add(doubled, one))
        case "sin" | "cos":
            return _signed(field, function, argument, Fact.CIRCULAR_PARITY)
        case "erf":
            return _signed(field, function, argument, Fact.ERF_ODD)
        case radical.PER_ROOT_PI:
            return field.multiply(argument, field.atom("constant", "1/sqrt(pi)"))
    raise Unsupported(f"{function} has no normal form yet")


def _exponential(field: Field, argument: Ratio) -> Ratio:
    """The product of one generator for each monomial of the argument, to the power of its integer coefficient."""
    if not argument.denominator.is_constant():
        return field.function("exp", argument)
    field.facts.add(Fact.EXP_ADDS)
    result = field.number(Fraction(1))
    for powers, coefficient in argument.numerator.to_dict().items():
        part = Fraction(int(coefficient.p), int(coefficient.q))
        factors = [(field.atoms[place], int(power)) for place, power in enumerate(powers) if power]
        if [("log", 1)] == [(kind, power) for (kind, _name), power in factors] and part.denominator == 1:
            field.facts.add(Fact.EXP_OF_LOG)
            factor = field.arguments[factors[0][0]]
        else:
            monomial = field.number(Fraction(1, part.denominator))
            for key, power in factors:
                monomial = field.multiply(monomial, field.power(field.atom(*key), power))
            factor = field.function("exp", monomial)
        result = field.multiply(result, field.power(factor, part.numerator))
    return result


def _logarithm(field: Field, argument: Ratio) -> Ratio:
    """log(c e^u) = u + log c and log(1/c) = −log c: a generator is the logarithm of no product with an exponential."""
    outer, rest = field.number(Fraction(0)), argument
    for place, key in enumerate(tuple(field.atoms)):
        count = _least(argument.numerator, place) - _least(argument.denominator, place) if key[0] == "exp" else 0
        if count:
            field.facts.add(Fact.LOG_OF_PRODUCT)
            rest = field.divide(rest, field.power(field.atom(*key), count))
            outer = field.add(outer, field.multiply(field.number(Fraction(count)), field.arguments[key]))
    one, rest = field.number(Fraction(1)), field.current(rest)
    if field.difference(rest, one).is_zero():
        return outer
    if rest.numerator.is_constant():
        field.facts.add(Fact.LOG_OF_PRODUCT)
        return field.add(outer, field.multiply(field.number(Fraction(-1)), field.function("log", field.divide(one, rest))))
    return field.add(outer, field.function("log", rest))


def _least(poly: Poly, place: int) -> int:
    """The least power of a generator in a polynomial that is not 0."""
    return min((int(powers[place]) for powers in poly.to_dict() if len(powers) > place), default=0)


def _signed(field: Field, function: str, argument: Ratio, fact: Fact) -> Ratio:
    """An odd function of an argument that leads with a positive coefficient, times a sign; cos is even."""
    if argument.numerator.is_zero():
        return field.number(Fraction(function == "cos"))
    if argument.numerator.leading_coefficient() > 0:
        return field.function(function, argument)
    field.facts.add(fact)
    minus = field.number(Fraction(-1))
    value = field.function(function, field.multiply(minus, argument))
    return value if function == "cos" else field.multiply(minus, value)


def with_powers_reduced(field: Field, poly: Poly) -> Poly:
    """The polynomial with sin² = 1 − cos², and with (e^(log(u)/q))^q = u."""
    one = field.number(Fraction(1))
    for key in tuple(field.atoms):
        if key[0] == "sin":
            cosine = field.power(field.atom("cos", key[1]), 2)
            image = field.add(one, field.multiply(field.number(Fraction(-1)), cosine))
            poly = _without_powers(field, poly, field.atom(*key), 2, image, Fact.CIRCULAR_SQUARES)
        elif key[0] == "exp":
            ((powers, coefficient), *others) = field.current(field.arguments[key]).numerator.to_dict().items()
            logs = [field.atoms[place] for place, power in enumerate(powers) if power and field.atoms[place][0] == "log"]
            inner = field.current(field.arguments[logs[0]]) if len(logs) == 1 == sum(powers) else None
            if inner is not None and not others and coefficient.p == 1 and inner.denominator == 1:
                poly = _without_powers(field, poly, field.atom(*key), int(coefficient.q), inner, Fact.EXP_OF_LOG)
    return field.raised(poly)


def _without_powers(field: Field, poly: Poly, atom: Ratio, period: int, image: Ratio, fact: Fact) -> Poly:
    """The polynomial with atom^period replaced by the image, a polynomial."""
    poly, generator, value = field.raised(poly), field.current(atom).numerator, field.current(image).numerator
    place = next(place for place, power in enumerate(next(iter(generator.to_dict()))) if power)
    split: dict[int, dict[tuple[int, ...], object]] = {}
    for powers, coefficient in poly.to_dict().items():
        rest = tuple(0 if k == place else power for k, power in enumerate(powers))
        split.setdefault(int(powers[place]), {})[rest] = coefficient
    if max(split, default=0) < period:
        return poly
    field.facts.add(fact)
    parts = [poly.context().from_dict(rest) * value ** (n // period) * generator ** (n % period) for n, rest in split.items()]
    return sum(parts, poly - poly)
