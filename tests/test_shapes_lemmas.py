"""Every rule that is meant to be proved at all shapes is, at every rank and axis, and covers the instances it should."""

from __future__ import annotations

import backproof.runtime.primitives
import backproof.spec.definitions  # noqa: F401  (fills the registry)
import flint
import numpy as np
import pytest
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import Holds
from backproof.equivalence.kernel.shapes import Part, decide_all_shapes
from backproof.equivalence.kernel.shapes.replay import differs, points
from backproof.equivalence.rules.all_shapes import lemma
from backproof.equivalence.rules.patterns import RANKS, Pattern, matching, patterns
from backproof.runtime.primitive import PRIMITIVES
from backproof.spec.convention import TORCHLEAN
from backproof.spec.definition import DEFINITIONS, definition_of
from backproof.spec.derive import instantiate, symbol
from backproof.spec.evaluate import Evaluation

ELEMENTWISE = [
    *("abs", "add", "clamp", "detach", "div", "exp", "log"),
    *("max", "mul", "relu", "scale", "sigmoid", "sub", "tanh"),
]
OTHERS = [
    *("bmm", "broadcast_to", "concat_leading_axis", "gather_rows_ref", "linear", "matmul"),
    *("mse_loss", "reduce_mean", "reduce_sum", "softmax", "sum", "transpose2d"),
]
OWING = sorted(op for op, definition in DEFINITIONS.items() if not definition.bounded)
"""Every op but those whose definition says why it has no rule for all shapes."""


@pytest.mark.parametrize("op", OWING)
def test_an_op_is_proved_at_all_shapes(op: str, full: bool) -> None:  # noqa: FBT001
    """At every rank and axis where the evidence is made, as `backproof ops` does; otherwise at the last of them."""
    found = patterns(op)
    assert found
    for pattern in found if full else found[-1:]:
        for part in Part:
            decision = decide_all_shapes(lemma(op, part, pattern, TORCHLEAN))
            assert isinstance(decision, Holds), (pattern, part, decision)


@pytest.mark.parametrize("op", ELEMENTWISE)
def test_an_elementwise_op_has_a_pattern_for_each_rank(op: str) -> None:
    assert set(RANKS) == {len(pattern.shapes[0]) for pattern in patterns(op)}


def test_a_reduction_has_a_pattern_for_each_axis_of_each_rank() -> None:
    places = {(len(pattern.shapes[0]), dict(pattern.attributes)["axis"]) for pattern in patterns("reduce_sum")}
    assert {(rank, axis) for rank in RANKS for axis in range(rank)} == places


def test_linear_is_proved_on_a_batch() -> None:
    pattern = matching("linear", ((32, 64), (32,), (16, 64)), {})
    assert pattern is not None
    assert all(isinstance(decide_all_shapes(lemma("linear", part, pattern, TORCHLEAN)), Holds) for part in Part)


def test_an_instance_is_covered_by_the_pattern_of_its_shapes() -> None:
    assert matching("matmul", ((32, 64), (64, 32)), {}) == Pattern((("m", "k"), ("k", "n")), ())
    row = matching("broadcast_to", ((1, 4),), {"shape": (3, 4)})
    assert row == Pattern(((1, "s_1"),), (("shape", ("t_0", "s_1")),))
    same = matching("broadcast_to", ((1, 4),), {"shape": (1, 4)})
    assert same == Pattern((("s_0", "s_1"),), (("shape", ("s_0", "s_1")),))


def test_an_instance_with_a_side_of_zero_is_covered_by_nothing() -> None:
    assert matching("add", ((0, 3), (0, 3)), {}) is None
    assert matching("broadcast_to", ((3,),), {"shape": (0, 3)}) is None


def test_an_op_without_inputs_has_no_pattern() -> None:
    assert not patterns("const")


def test_one_pattern_covers_every_list_of_indices_that_is_not_empty() -> None:
    (pattern,) = patterns("gather_rows_ref")
    assert matching("gather_rows_ref", ((3, 2),), {"indices": (7, 0, 0)}) == pattern
    assert matching("gather_rows_ref", ((3, 2),), {"indices": ()}) is None
    assert matching("gather_rows_ref", ((3, 2),), {"indices": (-1,)}) is None


def test_the_kernel_makes_the_proof_and_it_names_what_it_assumes() -> None:
    pattern, *_ = patterns("matmul")
    proof = KERNEL.decide(lemma("matmul", Part.VJP, pattern, TORCHLEAN))
    assert KERNEL.is_genuine(proof)
    assert {"every side at least 1", "over the reals"} <= set(proof.assumptions)
    assert "matmul vjp at all shapes (m,k), (k,n)" == proof.statement


@pytest.mark.parametrize("op", ["broadcast_to", "clamp", "div", "matmul", "max", "mse_loss", "sigmoid", "softmax"])
@pytest.mark.parametrize("part", [Part.FORWARD, Part.VJP, Part.JVP])
def test_the_derivation_over_index_terms_agrees_with_the_derivation_by_sympy(op: str, part: Part) -> None:
    compared = 0
    for pattern in patterns(op)[:6]:
        claim = lemma(op, part, pattern, TORCHLEAN)
        for setting, point in points(claim):
            if sum(array.size for array in point.tensors.values()) < 20:
                compared += 1
                instance = instantiate(definition_of(op), setting.shapes, setting.attributes, TORCHLEAN)
                expected = [_evaluated(entries, point) for entries in _tensors(instance, part)]
                assert not differs(setting.defined(), expected, point)
    assert compared


def _tensors(instance, part):
    if part == Part.VJP:
        return list(zip(instance.vjp, instance.shapes, strict=True))
    return [(instance.forward if part == Part.FORWARD else instance.jvp, instance.shape)]


class _Balls:
    """The algebra of exact balls, for the evaluation of sympy's expressions."""

    def number(self, value):
        return flint.arb(flint.fmpq(value.numerator, value.denominator))

    def apply(self, function, x):
        return getattr(x, function)()

    def sign(self, x):
        return int(x > 0) - int(x < 0)


def _evaluated(pair, point):
    entries, shape = pair
    values = {}
    for name, array in point.tensors.items():
        role, position = name.split()
        for index in np.ndindex(array.shape):
            values[symbol(role, int(position), index)] = array[index]
    evaluation = Evaluation(values, _Balls())
    result = np.empty(shape, dtype=object)
    for index in np.ndindex(shape):
        result[index] = evaluation.value(entries[index])
    return result


def test_every_part_of_every_op_has_a_kernel_to_prove() -> None:
    assert set(ELEMENTWISE + OTHERS) <= set(OWING) <= PRIMITIVES.keys()
