"""PyTorch's own sample inputs of its operators, as programs of ours: value, VJP and JVP in float64."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import torch
from backproof.ir.exchange import Case
from backproof.runtime.handles import Value
from backproof.runtime.session import Session

MOST_ENTRIES = 200
"""Of a sample, in its inputs and output together: larger ones say the same more slowly."""

MOST_SAMPLES = 8
"""Of an operator, evenly spaced among its own."""

SIDE = 4
"""Tensors of functions that work entry by entry are cut to this many entries a side."""

Recording = Callable[..., Value]
"""Records what a torch function means; called as that function is, with a session before its arguments."""


class Excluded(Exception):
    """A sample that witnesses nothing, with the reason."""


FIXED: Mapping[str, tuple[int, ...]] = {"nn.functional.batch_norm": (1, 2)}
"""By operator: the places of tensors by which PyTorch does not differentiate."""

DIVIDED: Mapping[str, float] = {"nn.functional.multi_head_attention_forward": 4.0}
"""By operator: what entries are divided by; of attention one key would have all the weight, and no derivative."""


@dataclass(frozen=True)
class Fixed:
    """A tensor that stands still."""

    tensor: Any


@dataclass(frozen=True)
class Sample:
    """A call of a torch function with tensors of float64, and what PyTorch computes there."""

    name: str
    function: Callable[..., Any]
    arguments: tuple[Any, ...]
    options: Mapping[str, Any]
    has_jvp: bool

    @property
    def tensors(self) -> list[Any]:
        """The tensors to differentiate by, in order."""
        found: list[Any] = []
        _mapped((self.arguments, self.options), lambda tensor: found.append(tensor) or tensor)
        return found

    def call(self, *tensors: Any) -> Any:
        """The function with other tensors in the places of its own; of several outputs the first."""
        given = iter(tensors)
        arguments, options = _mapped((self.arguments, self.options), lambda _tensor: next(given))
        found = self.function(*(each.tensor if isinstance(each, Fixed) else each for each in arguments), **options)
        return found[0] if isinstance(found, tuple) else found

    def record(self, recording: Recording) -> tuple[Session, Value]:
        """The call recorded.

        Raises: Excluded.
        """
        session = Session()
        arguments, options = _mapped((self.arguments, self.options), lambda tensor: session.input(tensor.numpy()))
        return session, recording(session, *arguments, **options)


def _mapped(argument: Any, leaf: Callable[[Any], Any], other: Callable[[Any], Any] = lambda tensor: tensor) -> Any:
    """An argument with a function applied to its tensors of floats, and another to its other tensors."""
    if isinstance(argument, torch.Tensor):
        return leaf(argument) if argument.dtype == torch.float64 else other(argument)
    if isinstance(argument, list | tuple) and not isinstance(argument, torch.Size):
        return type(argument)(_mapped(each, leaf, other) for each in argument)
    if isinstance(argument, Mapping):
        return {key: _mapped(each, leaf, other) for key, each in argument.items()}
    return argument


@cache
def samples(operator: str, cut: bool) -> tuple[Sample, ...]:  # noqa: FBT001 - the key of a cache
    """The samples of an operator, its own alone and none of a variant's; with tensors cut, or as they are."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.manual_seed(1)
        info = operators()[operator]
        made = list(info.sample_inputs("cpu", torch.float64, requires_grad=False))
        made = made[:: -(-len(made) // MOST_SAMPLES)] if made else []
        divisor = DIVIDED.get(operator, 1.0)
        calls = [_owned((each.input, *each.args, each.kwargs), cut) for each in made]
        calls = [_mapped(each, lambda tensor: tensor / divisor) for each in calls]
        return tuple(
            Sample(f"{operator} {place}", info.op, _held(operator, arguments), options, info.supports_forward_ad)
            for place, (*arguments, options) in enumerate(calls)
        )


def _held(operator: str, arguments: list[Any]) -> tuple[Any, ...]:
    fixed = FIXED.get(operator, ())
    return tuple(Fixed(each) if place in fixed else each for place, each in enumerate(arguments))


@cache
def operators() -> Mapping[str, Any]:
    """PyTorch's operators that have sample inputs, by name; of several variants the first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its test tools warn of what they do not find on a machine
        from torch.testing._internal.common_methods_invocations import op_db
    return {info.name: info for info in reversed(op_db)}


def _owned(arguments: tuple[Any, ...], cut: bool) -> tuple[Any, ...]:  # noqa: FBT001
    """The arguments with tensors of their own, laid out in order."""

    def owned(tensor: Any) -> Any:
        part = tensor[tuple(slice(0, SIDE) for _ in tensor.shape)] if cut else tensor
        return part.detach().clone().contiguous()

    return _mapped(arguments, owned, owned)


def seed_of(shape: tuple[int, ...], place: int) -> Any:
    """A seed or a tangent without zeros, ones and repetitions."""
    generator = np.random.default_rng([len(shape), place])
    return generator.choice([-1, 1], size=shape) * generator.uniform(0.5, 1.5, size=shape)


def case_of(session: Session, out: Value) -> tuple[Case, list[Any]]:
    """The recorded program with a seed at the output, and tangents of the leaves; constants among these stand still."""
    case = session.case(out, seed_of(out.shape, 0))
    return case, [
        seed_of(leaf.shape, 1 + place) * leaf.requires_grad for place, leaf in enumerate(case.graph.leaves)
    ]


def theirs(sample: Sample, seed: Any, tangents: list[Any]) -> tuple[Any, list[Any], Any]:
    """PyTorch's value, cotangents and tangent; None for a tangent that it does not compute.

    Raises: Excluded if the call has no derivative there.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        leaves = [tensor.clone().requires_grad_() for tensor in sample.tensors]
        out = sample.call(*leaves)
        if out.requires_grad:
            pulled = torch.autograd.grad(out, leaves, torch.tensor(seed).reshape(out.shape), allow_unused=True)
        else:
            pulled = [None] * len(leaves)
        cotangents = [
            np.zeros(tuple(leaf.shape)) if x_bar is None else x_bar.numpy()
            for leaf, x_bar in zip(leaves, pulled, strict=True)
        ]
        pushed = None
        if sample.has_jvp and leaves:
            still = tuple(tensor.clone() for tensor in sample.tensors)
            moving = tuple(torch.tensor(x_dot).reshape(t.shape) for x_dot, t in zip(tangents, still, strict=False))
            pushed = torch.func.jvp(sample.call, still, moving)[1].detach().numpy()
        return out.detach().numpy(), cotangents, pushed
