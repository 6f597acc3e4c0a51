"""Arithmetic modulo a prime on float64 arrays, every step of it exact.

A residue is the representative nearest to 0: |r| <= p/2 < 2^25. A product is below 2^50, a sum of up to 2^27 residues
below 2^52, so float64 holds each exactly and it is reduced once. A matrix product splits one operand into two halves of
13 bits: a sum of up to 2^15 products of 25 and 13 bits is below 2^53, so BLAS computes it exactly.

Source: Dumas, Giorgi, Pernet: Dense linear algebra over word-size prime fields: the FFLAS and FFPACK packages, section 3
(delayed reduction); the split is the derivation above.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BITS = 26
"""Primes have so many bits."""

MOST_TERMS = 2**27
"""So many residues are added before a reduction at most."""

MOST_PRODUCTS = 2**15
"""So many products of a residue and a half are added at most."""

_HALF = 2**13


def a_prime(stream: random.Random) -> int:
    """A random prime of BITS bits."""
    after = stream.randrange(2 ** (BITS - 1), 2**BITS - 2**10)
    return next(n for n in itertools.count(after + 1) if flint.fmpz(n).is_prime())


def reduced(values: Any, p: int) -> Floats:
    """The representatives of integers below 2^53."""
    return np.asarray(values - p * np.rint(values / p))


def power(base: Floats, exponent: int, p: int) -> Floats:
    """base^exponent for a natural exponent, by squaring."""
    result = np.ones_like(base)
    for bit in bin(exponent)[2:]:
        result = reduced(result * result, p)
        if bit == "1":
            result = reduced(result * base, p)
    return result


def inverse(values: Floats, p: int) -> Floats:
    """1/r by Fermat's little theorem, with 1/0 = 0."""
    return power(values, p - 2, p)


def of_fraction(value: Fraction, p: int) -> float:
    """The residue of a rational number. Raises: ZeroDivisionError if p divides its denominator."""
    if value.denominator % p == 0:
        raise ZeroDivisionError(f"{value} has no residue modulo {p}")
    least = value.numerator * pow(value.denominator, -1, p) % p
    return float(least - p if 2 * least > p else least)


def summed_products(contract: Callable[[Any, Any], Floats], a: Floats, b: Floats, terms: int, p: int) -> Floats:
    """What `contract`, a sum of so many products a·b in every entry, gives modulo p.

    Raises: ValueError for more terms than float64 sums exactly.
    """
    if terms > MOST_PRODUCTS:
        raise ValueError(f"a sum of {terms} products came, at most {MOST_PRODUCTS} were needed")
    high = np.rint(b / _HALF)
    upper = reduced(contract(a, high), p)
    return reduced(upper * _HALF + contract(a, b - high * _HALF), p)


def matrix_product(a: Floats, b: Floats, p: int) -> Floats:
    """a @ b modulo p, however long the axis that it sums over."""
    length = a.shape[-1]
    if length <= MOST_PRODUCTS:
        return summed_products(np.matmul, a, b, length, p)
    axis = max(b.ndim - 2, 0)
    parts = [
        summed_products(np.matmul, a[..., part], b[(*[slice(None)] * axis, part)], MOST_PRODUCTS, p)
        for part in (slice(start, start + MOST_PRODUCTS) for start in range(0, length, MOST_PRODUCTS))
    ]
    return functools.reduce(lambda one, other: reduced(one + other, p), parts)


def folded(values: Floats, axis: int, p: int) -> Floats:
    """The product along an axis, which stays with length 1."""
    result = np.ones(tuple(1 if place == axis % values.ndim else side for place, side in enumerate(values.shape)))
    for place in range(values.shape[axis]):
        result = reduced(result * np.take(values, [place], axis), p)
    return result


def uniform(shape: tuple[int, ...], stream: np.random.Generator, p: int) -> Floats:
    """Residues, each equally likely."""
    return reduced(stream.integers(0, p, size=shape).astype(np.float64), p)


def error_bound(trials: int) -> Fraction:
    """How likely at most a bilinear form that is not 0 vanishes at so many random points: (2/p)^trials."""
    return Fraction(2, 2 ** (BITS - 1)) ** trials


def trials_for(bits: int) -> int:
    """So many trials make the bound 2^-bits or less."""
    return math.ceil(bits / (BITS - 2))
