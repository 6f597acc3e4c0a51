"""One step of gradient descent on the parameters of a session."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .handles import Parameter, SessionError, Value
from .primitive import Array


def sgd_step(uses: Sequence[tuple[Value, Parameter]], cotangents: Sequence[Array], rate: float) -> None:
    """p := p - p̄·rate for each leaf that reads a parameter, after everything was checked.

    A parameter read by two leaves gets both updates, in the leaves' order; frozen parameters are skipped.
    Shapes: one cotangent per value, of its shape.
    Raises: SessionError E-sgd-range, E-sgd-shape, E-sgd-param. No parameter was changed then.
    """
    updated: dict[Parameter, Array] = {}
    for leaf, parameter in uses:
        if not parameter.requires_grad:
            continue
        if leaf.id >= len(cotangents):
            raise SessionError("E-sgd-range", f"{leaf} needs a cotangent, but only {len(cotangents)} came")
        cotangent = cotangents[leaf.id]
        if cotangent.shape != leaf.shape:
            raise SessionError("E-sgd-shape", f"{leaf} needs a cotangent, but its entry has shape {cotangent.shape}")
        if parameter.value.shape != leaf.shape:
            raise SessionError(
                "E-sgd-param", f"{leaf} read parameter {parameter.name!r}, which now has shape {parameter.value.shape}"
            )
        value = updated.get(parameter, parameter.value) - cotangent * rate
        updated[parameter] = np.asarray(value, dtype=parameter.value.dtype)
    for parameter, value in updated.items():
        parameter.value = value
