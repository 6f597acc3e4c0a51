"""A new op: what it means (one formula), and how it is run (three kernels). Its checks are derived.

    backproof check --rules examples/rules/add_an_op.py
"""

from typing import Any

from backproof import define, primitive


def same_shape(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[int, ...]:
    """The tape's own rule for shapes."""
    return a


@define("squared_difference", "(*s),(*s)")
def squared_difference(a: Any, b: Any, *i: Any) -> Any:
    """y[i] = (a[i] − b[i])²"""
    return (a[i] - b[i]) * (a[i] - b[i])


@primitive("squared_difference", shape=same_shape)
def kernel(a: Any, b: Any) -> Any:
    return (a - b) * (a - b)


@kernel.vjp
def kernel_vjp(y_bar: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    a_bar = 2 * y_bar * (a - b)
    return a_bar, -a_bar


@kernel.jvp
def kernel_jvp(a_dot: Any, b_dot: Any, y: Any, a: Any, b: Any) -> Any:
    return 2 * (a - b) * (a_dot - b_dot)
