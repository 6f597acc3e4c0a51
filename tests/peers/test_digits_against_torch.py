"""The training step that `examples/digits.py` exports, differentiated by PyTorch and by autograd in float64."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import autograd.numpy as anp
import pytest
import torch
from autograd import grad
from backproof.ir.exchange import Case, read_case

TRAINED = ("w1", "b1", "w2", "b2")


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    out = tmp_path_factory.mktemp("digits") / "digits.json"
    example = Path(__file__).parents[2] / "examples" / "digits.py"
    subprocess.run([sys.executable, str(example), "--out", str(out)], check=True)
    return read_case(out)


def leaves_by_name(case: Case) -> dict[str, Any]:
    return {leaf.name: value for leaf, value in zip(case.graph.leaves, case.leaves, strict=True)}


def by_id(case: Case, gradients: Mapping[str, Any]) -> dict[int, Any]:
    return {place: gradients[leaf.name] for place, leaf in enumerate(case.graph.leaves) if leaf.name in gradients}


def test_the_gradients_of_the_step_agree_with_those_of_pytorch(
    case: Case, assert_within_the_computed_bound: Callable[..., None]
) -> None:
    leaves = {name: torch.tensor(value, requires_grad=name in TRAINED) for name, value in leaves_by_name(case).items()}
    hidden = torch.relu(leaves["images"] @ leaves["w1"] + leaves["b1"])
    probabilities = torch.softmax(hidden @ leaves["w2"] + leaves["b2"], dim=1)
    torch.nn.functional.mse_loss(probabilities, leaves["targets"]).backward()
    gradients = {name: leaves[name].grad.numpy() for name in TRAINED}
    assert_within_the_computed_bound(case, by_id(case, gradients))


def test_the_gradients_of_the_step_agree_with_those_of_autograd(
    case: Case, assert_within_the_computed_bound: Callable[..., None]
) -> None:
    leaves = leaves_by_name(case)

    def loss(trained: dict[str, Any]) -> Any:
        hidden = anp.maximum(leaves["images"] @ trained["w1"] + trained["b1"], 0)
        scores = hidden @ trained["w2"] + trained["b2"]
        weights = anp.exp(scores - anp.max(scores, axis=1, keepdims=True))
        difference = weights / anp.sum(weights, axis=1, keepdims=True) - leaves["targets"]
        return anp.mean(difference * difference)

    assert_within_the_computed_bound(case, by_id(case, grad(loss)({name: leaves[name] for name in TRAINED})))
