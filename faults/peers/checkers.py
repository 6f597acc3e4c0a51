"""Each peer as a function of a hosted rule: whether it finds the rule right at its point, backward and forward.

torch.autograd.gradcheck in float64, slow as by default and fast, on a torch.autograd.Function; jax.test_util.check_grads of
order 1 in x64 on a custom_vjp and a custom_jvp; autograd.test_util.check_grads of order 1 on a primitive with defvjp and
defjvp. Tolerances and steps are the peers' own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from types import MappingProxyType
from typing import Any

import numpy as np

from ...equivalence.caught import Caught, caught
from ...ir.graph import BackproofError
from .hosted import Hosted

Check = Callable[[Hosted], bool]


class MissingPeer(BackproofError):
    """A peer that is not installed."""


def gradcheck(*, fast: bool) -> Check:
    """torch.autograd.gradcheck, with check_forward_ad for the JVP."""
    import torch

    torch.set_num_threads(1)

    def check(hosted: Hosted) -> bool:
        class Rule(torch.autograd.Function):  # type: ignore[misc]
            @staticmethod
            def forward(*inputs: Any) -> Any:
                return _tensor(hosted.forward(*_arrays(inputs)))

            @staticmethod
            def setup_context(context: Any, inputs: Any, _output: Any) -> None:
                for save in (context.save_for_backward, context.save_for_forward):
                    save(*inputs)

            @staticmethod
            def backward(context: Any, y_bar: Any) -> Any:
                return tuple(map(_tensor, hosted.pull(_arrays([y_bar])[0], _arrays(context.saved_tensors))))

            @staticmethod
            def jvp(context: Any, *dots: Any) -> Any:
                return _tensor(hosted.push(_arrays(dots), _arrays(context.saved_tensors)))

        inputs = [torch.tensor(each, requires_grad=True) for each in hosted.point]
        return bool(torch.autograd.gradcheck(Rule.apply, inputs, fast_mode=fast, check_forward_ad=True))

    def _tensor(array: Any) -> Any:
        return torch.from_numpy(np.array(array))

    def _arrays(tensors: Any) -> list[Any]:
        return [each.detach().numpy().copy() for each in tensors]

    return check


def jax_check_grads() -> Check:
    """jax.test_util.check_grads, backward on a custom_vjp and forward on a custom_jvp."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)  # noqa: FBT003 - as jax has it

    def check(hosted: Hosted) -> bool:
        # Nothing is compiled here, so that kernels are called on numbers; a callback would be compiled for each shape.
        def forward(*inputs: Any) -> Any:
            return jax.numpy.asarray(hosted.forward(*map(np.array, inputs)))

        backward, forwards = jax.custom_vjp(forward), jax.custom_jvp(forward)

        @forwards.defjvp  # type: ignore[untyped-decorator]
        def push(inputs: Any, dots: Any) -> Any:
            pushed = hosted.push([*map(np.array, dots)], [*map(np.array, inputs)])
            return forward(*inputs), jax.numpy.asarray(pushed)

        def pull(inputs: Any, y_bar: Any) -> Any:
            return tuple(map(jax.numpy.asarray, hosted.pull(np.array(y_bar), [*map(np.array, inputs)])))

        backward.defvjp(lambda *inputs: (forward(*inputs), inputs), pull)
        check_grads(backward, hosted.point, order=1, modes=["rev"])
        check_grads(forwards, hosted.point, order=1, modes=["fwd"])
        return True

    return check


def autograd_check_grads() -> Check:
    """autograd.test_util.check_grads on a primitive with defvjp and defjvp."""
    from autograd.extend import defjvp, defvjp, primitive
    from autograd.test_util import check_grads

    def check(hosted: Hosted) -> bool:
        places = range(len(hosted.point))

        @primitive  # type: ignore[untyped-decorator]
        def function(*inputs: Any) -> Any:
            return np.asarray(hosted.forward(*inputs))

        def pulled(place: int) -> Callable[..., Any]:
            return lambda _y, *inputs: lambda y_bar: hosted.pull(np.asarray(y_bar), inputs)[place]

        def pushed(place: int) -> Callable[..., Any]:
            def push(dot: Any, _y: Any, *inputs: Any) -> Any:
                dots = [dot if k == place else np.zeros_like(each) for k, each in enumerate(inputs)]
                return hosted.push(dots, inputs)

            return push

        defvjp(function, *map(pulled, places))
        defjvp(function, *map(pushed, places))
        check_grads(function, tuple(places), modes=["rev", "fwd"], order=1)(*hosted.point)
        return True

    return check


PEERS: Mapping[str, tuple[str, Callable[[], Check]]] = MappingProxyType(
    {
        "gradcheck, slow": ("torch", lambda: gradcheck(fast=False)),
        "gradcheck, fast": ("torch", lambda: gradcheck(fast=True)),
        "jax check_grads": ("jax", jax_check_grads),
        "autograd check_grads": ("autograd", autograd_check_grads),
    }
)
"""Each peer by name, with the package that it needs."""


def require_peers() -> None:
    """Raises: MissingPeer, in one line, unless all are installed."""
    missing = sorted({package for package, _make in PEERS.values() if find_spec(package) is None})
    if missing:
        raise MissingPeer(f"--peers: {', '.join(missing)} not installed; the extra 'benchmarks' of backproof has them")


def passes(check: Check, hosted: Hosted) -> bool:
    """Whether a peer finds a rule right; one that raises, on whatever ground, does not."""
    found = caught(lambda: check(hosted))
    return found is True and not isinstance(found, Caught)
