"""A primitive is an op's numeric code: forward, VJP and JVP side by side, and its own rule for shapes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..ir.graph import BackproofError, Shape

Array = Any
"""A numpy array, or any array that answers numpy's dispatch protocols: kernels are also run on exact scalars."""

Kernel = Callable[..., Any]


class RuntimeFault(BackproofError):
    """A use of the runtime that it refuses; `code` is the contract's name for the condition (section 3.7)."""

    code = "E-runtime"


class ShapeMismatch(RuntimeFault):
    """Operand shapes that a primitive does not accept."""

    code = "E-build-shape"


class StrideFault(RuntimeFault):
    """Windows that do not move on."""

    code = "E-stride"


class AttributeFault(RuntimeFault):
    """An attribute with a value that an op does not take."""

    code = "E-attribute"


class SharpnessFault(RuntimeFault):
    """A smooth maximum that is none."""

    code = "E-beta"


class DomainError(RuntimeFault):
    """An operand outside the domain of an op."""

    code = "E-log-domain"


@dataclass(frozen=True, slots=True)
class MissingKernel:
    """Stands where a kernel was not given yet; running it says so."""

    op: str
    part: str

    def __call__(self, *_arguments: Any, **_attributes: Any) -> Any:
        raise RuntimeFault(f"primitive {self.op!r} has no {self.part} kernel")


class Primitive:
    """Forward, VJP and JVP of one op.

    forward(*inputs, **attributes) -> y
    vjp(y_bar, y, *inputs, **attributes) -> one cotangent per input
    jvp(*tangents, y, *inputs, **attributes) -> y_dot
    """

    __slots__ = ("domain_test", "forward_kernel", "jvp_kernel", "op", "shape", "vjp_kernel")

    def __init__(self, op: str, shape: Callable[..., Shape]) -> None:
        self.op = op
        self.shape = shape
        self.forward_kernel: Kernel = MissingKernel(op, "forward")
        self.vjp_kernel: Kernel = MissingKernel(op, "vjp")
        self.jvp_kernel: Kernel = MissingKernel(op, "jvp")
        self.domain_test: Kernel | None = None

    def forward(self, kernel: Kernel) -> Kernel:
        """Decorator: this function computes y."""
        self.forward_kernel = kernel
        return kernel

    def vjp(self, kernel: Kernel) -> Kernel:
        """Decorator: this function computes one cotangent per input, as a tuple."""
        self.vjp_kernel = kernel
        return kernel

    def jvp(self, kernel: Kernel) -> Kernel:
        """Decorator: this function computes the tangent of y."""
        self.jvp_kernel = kernel
        return kernel

    def domain(self, test: Kernel) -> Kernel:
        """Decorator: this function is true at each entry that the op is defined for; recording checks it."""
        self.domain_test = test
        return test


PRIMITIVES: dict[str, Primitive] = {}


def primitive_of(op: str) -> Primitive:
    """The primitive of an op by name; its decorators replace the kernels it has.

    Raises: RuntimeFault if there is none.
    """
    if op not in PRIMITIVES:
        raise RuntimeFault(f"op {op!r} has no primitive; the ops are {', '.join(sorted(PRIMITIVES))}")
    return PRIMITIVES[op]


def primitive(op: str, *, shape: Callable[..., Shape]) -> Callable[[Kernel], Primitive]:
    """Decorator: register a function as the forward kernel of `op`; `shape(*shapes, **attributes)` is its shape rule."""

    def register(kernel: Kernel) -> Primitive:
        PRIMITIVES[op] = entry = Primitive(op, shape)
        entry.forward(kernel)
        return entry

    return register
