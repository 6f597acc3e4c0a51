"""Changes that are wrong in one format only."""

from __future__ import annotations

from typing import Any

import numpy as np


def only_in_float32(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Too large by a thousandth in float32."""
    return entries * 1.001 if np.asarray(entries).dtype == np.float32 else entries


def only_in_float64(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Too large by a thousandth in float64."""
    return entries * 1.001 if np.asarray(entries).dtype == np.float64 else entries


def only_in_float64_by_1e_15(entries: Any, *_inputs: Any, **_attributes: Any) -> Any:
    """Too large by a relative 1e-15 in float64."""
    return entries * (1 + 1e-15) if np.asarray(entries).dtype == np.float64 else entries
