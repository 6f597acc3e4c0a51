"""The process and the machine below: what libraries may compute otherwise by."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import Any

_SETTINGS = (
    "BLIS_", "FLINT_", "GLIBC_", "GOTO", "KMP_", "LD_", "MKL_", "MPMATH_", "NPY_", "OMP_", "OPENBLAS_", "PYTHON", "SYMPY_",
    "VECLIB_",
)  # fmt: skip
"""Beginnings of environment variables by which libraries compute otherwise."""

_CPU_INFO = Path("/proc/cpuinfo")


def python() -> tuple[Any, ...]:
    """Python with its flags."""
    options = (tuple(sys.warnoptions), tuple(sorted(map(str, sys._xoptions.items()))))
    return sys.version, sys.implementation.cache_tag, tuple(sys.flags), options


def settings() -> tuple[tuple[str, str], ...]:
    """The environment variables by which libraries compute otherwise."""
    return tuple(sorted(item for item in os.environ.items() if item[0].startswith(_SETTINGS)))


def processor() -> str:
    """The model, by which BLAS picks its code, where the system says it in a file; else what Python knows."""
    return _said_of_it(("model name", "CPU part")) or platform.processor()


def features() -> str:
    """What the processor can do, as the system says it in a file; "" elsewhere."""
    return _said_of_it(("flags", "Features"))


def _said_of_it(names: tuple[str, ...]) -> str:
    try:
        lines = _CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return next((line for line in lines if line.startswith(names)), "")
