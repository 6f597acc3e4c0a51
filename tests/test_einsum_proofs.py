"""Sums of products by letters at all shapes: what is proved beside the samples, and wrong kernels, which are never proved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import numpy as np
import pytest
from backproof.equivalence.kernel.decision import Fails, Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.algebra import summed
from backproof.equivalence.kernel.shapes.atoms import entry
from backproof.equivalence.kernel.shapes.polynomial import Fresh, variable, zero
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import matching, patterns
from backproof.spec.convention import TORCHLEAN

Kernel = Callable[..., Any]


def decided(part: Part, subscripts: str, kernel: Kernel | None) -> Any:
    shapes = [(2,) * len(word) for word in subscripts.partition("->")[0].split(",")]
    pattern = matching("einsum", shapes, {"subscripts": subscripts})
    assert pattern is not None
    name = {Part.FORWARD: "forward", Part.VJP: "vjp", Part.JVP: "jvp"}[part]
    claim = lemma("einsum", part, pattern, TORCHLEAN)
    return decide_all_shapes(claim if kernel is None else replace(claim, **{name: kernel}))


@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP])
@pytest.mark.parametrize("subscripts", ["iii->", "iijj->ji", "ij,->ji", "ij,jk->", "i,j,k->kij", "jib,bj->i", "i,i,i,j->ji"])
def test_subscripts_that_are_no_samples_are_proved_too(subscripts: str, part: Part) -> None:
    assert subscripts not in {dict(each.attributes)["subscripts"] for each in patterns("einsum")}
    assert isinstance(decided(part, subscripts, None), Holds)


def test_a_sum_over_a_place_that_is_two_indices_has_one_normal_form() -> None:
    """Guards have no order, and neither has what they are kept in."""
    found = set()
    for _ in range(50):
        r = Fresh()
        found.add(summed(entry("v", (variable(r),)), (r,), {zero(variable(r) - variable(name)) for name in "ij"}))
    assert 1 == len(found)


def repeated_off_the_diagonal(g, y, a, subscripts):
    return (np.broadcast_to(np.expand_dims(g, 1), a.shape),)


def one_place_of_the_diagonal(g, y, a, subscripts):
    a_bar = np.zeros_like(a)
    a_bar[:1, :1] += g[:1]
    return (a_bar,)


def diagonal_of_ones(g, y, a, subscripts):
    a_bar = np.zeros_like(a)
    diagonal = np.einsum("ii->i", a_bar)
    diagonal += 1
    return (a_bar,)


def not_summed(g, y, a, b, subscripts):
    return np.einsum("ik,jk->ij", g, b), np.einsum("ik,ij->jk", g, a) / g.shape[0]


def of_the_first_alone(*all_, subscripts):
    return np.einsum(subscripts, all_[0], all_[-1])


WRONG: dict[str, tuple[Part, str, Kernel]] = {
    "transposed": (Part.FORWARD, "ij,jk->ik", lambda a, b, subscripts: np.einsum("ij,jk->ki", a, b)),
    "another letter summed": (Part.FORWARD, "iij->j", lambda a, subscripts: np.einsum("iji->j", a)),
    "not only the diagonal": (Part.FORWARD, "ii->", lambda a, subscripts: np.einsum("ij->", a)),
    "entry by entry": (Part.FORWARD, "i,j->ij", lambda a, b, subscripts: np.einsum("i,k->ik", a, b * b)),
    "repeated": (Part.VJP, "ii->i", repeated_off_the_diagonal),
    "one place": (Part.VJP, "ii->i", one_place_of_the_diagonal),
    "ones": (Part.VJP, "ii->i", diagonal_of_ones),
    "mean for sum": (Part.VJP, "ij,jk->ik", not_summed),
    "first alone": (Part.JVP, "ij,jk->ik", of_the_first_alone),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_product_is_refuted(name: str) -> None:
    assert isinstance(decided(*WRONG[name]), Fails)


def wrong_at_37(a, b, subscripts):
    return np.einsum("ij,jk->ik", a, b) * (2 if a.shape[1] == 37 else 1)


def wrong_when_long(g, y, a, subscripts):
    a_bar = np.zeros_like(a)
    diagonal = np.einsum("ii->i", a_bar)
    diagonal += g if a.shape[0] < 1000 else 2 * g
    return (a_bar,)


@pytest.mark.parametrize(
    ("part", "subscripts", "kernel"), [(Part.FORWARD, "ij,jk->ik", wrong_at_37), (Part.VJP, "ii->i", wrong_when_long)]
)
def test_a_product_that_is_wrong_at_large_sizes_alone_is_not_proved(part: Part, subscripts: str, kernel: Kernel) -> None:
    assert not isinstance(decided(part, subscripts, kernel), Holds)
