"""A hand-written backward rule for tanh, put in place of the one that ships.

    backproof check --rules examples/rules/replace_a_vjp.py

It is right: 1 − tanh² x = (1 − tanh x)(1 + tanh x). Change a sign and run it again.
"""

from typing import Any

from backproof import primitive_of

tanh = primitive_of("tanh")


@tanh.vjp
def tanh_vjp(y_bar: Any, y: Any, x: Any) -> tuple[Any]:
    return (y_bar * ((1 - y) * (1 + y)),)
