"""How a call of an op is read: which arguments are tensors and which are attributes of the node."""

from __future__ import annotations

import inspect
import math
import numbers
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..ir.graph import Attribute, Dense
from .arrays import MOST
from .handles import Natural, Naturals, SessionError, Value
from .primitive import Kernel

Argument = Value | Natural | Naturals | Attribute

_KINDS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "Array": (Value,),
        "Dense": (Dense,),
        "float": (int, float),
        "int": (int,),
        "str": (str,),
        "tuple[int, ...]": (tuple,),
    }
)
"""What may be passed for a kernel's parameter, by its annotation; one without annotation takes any argument."""

_REFERENCES: Mapping[str, tuple[type, ...]] = MappingProxyType({"int": (Natural,), "tuple[int, ...]": (Naturals,)})
"""What may be passed besides to an op named `…_ref`, which reads the environment at each evaluation."""


def method_of(op: str, kernel: Kernel, record: Callable[[str, Mapping[str, Argument]], Value]) -> Callable[..., Value]:
    """The op as a function with its forward kernel's parameters: it reads a call and has it recorded."""
    signature = inspect.signature(kernel)

    def method(*positional: Any, **named: Any) -> Value:
        return record(op, read_call(op, signature, positional, named))

    method.__name__ = op
    method.__doc__ = f"Record {op}; returns its value."
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


def read_call(
    op: str, signature: inspect.Signature, positional: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Argument]:
    """The arguments of an op by name, tensors in order; None leaves an attribute out.

    Raises: TypeError if the arguments do not fit the signature; SessionError E-build-arg if one is of a wrong kind.
    """
    call: dict[str, Argument] = {}
    bound = signature.bind(*positional, **named).arguments
    for parameter, name, argument in _spread(signature, bound):
        if argument is None:
            continue
        read = _read(argument)
        annotation = str(parameter.annotation).removesuffix(" | None")
        kinds = _KINDS.get(annotation, (object,))
        if op.endswith("_ref"):
            kinds = (*kinds, *_REFERENCES.get(annotation, ()))
        if read is None or not isinstance(read, kinds):
            needed = " or ".join(kind.__name__ for kind in kinds)
            raise SessionError("E-build-arg", f"{op}: {name} is {argument!r}, but {needed} was needed")
        call[name] = read
    return call


def _spread(
    signature: inspect.Signature, bound: Mapping[str, Any]
) -> Iterator[tuple[inspect.Parameter, str, Any]]:
    """Each argument with its parameter and name; those of a parameter that takes any number have names of their own."""
    for name, argument in bound.items():
        parameter = signature.parameters[name]
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            yield from ((parameter, f"{name} {place}", each) for place, each in enumerate(argument))
        else:
            yield parameter, name, argument


def _read(argument: Any) -> Argument | None:
    """A handle or text as it is, a finite number or naturals up to 2**53 as plain Python, None for anything else."""
    if isinstance(argument, Value | Natural | Naturals | Dense | str):
        return argument
    if isinstance(argument, numbers.Integral):
        return int(argument)
    if isinstance(argument, numbers.Real) and math.isfinite(argument):
        return float(argument)
    if isinstance(argument, Sequence) and all(isinstance(each, numbers.Integral) for each in argument):
        naturals = tuple(map(int, argument))
        return naturals if all(0 <= each <= MOST for each in naturals) else None
    return None
