"""Decide whether reverse-mode automatic differentiation computes the gradients that mathematics defines.

The public names are loaded on first use: `import backproof` alone imports nothing.
"""

from __future__ import annotations

import time
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from . import strategies as strategies
    from .equivalence.adapters.engine import Engine as Engine
    from .equivalence.adapters.engine import checked_engine as checked_engine
    from .equivalence.assertions.assertion import AssertionMisused as AssertionMisused
    from .equivalence.assertions.assertion import assert_vjp as assert_vjp
    from .equivalence.rules_file import checked_tape as checked_tape
    from .ir.exchange import Case as Case
    from .ir.exchange import read_case as read_case
    from .ir.exchange import write_case as write_case
    from .ir.graph import BackproofError as BackproofError
    from .ir.graph import Environment as Environment
    from .ir.graph import Graph as Graph
    from .ir.graph import Leaf as Leaf
    from .ir.graph import Node as Node
    from .runtime.primitive import Primitive as Primitive
    from .runtime.primitive import primitive as primitive
    from .runtime.primitive import primitive_of as primitive_of
    from .runtime.session import Session as Session
    from .runtime.tape import Tape as Tape
    from .runtime.tape import TapeNode as TapeNode
    from .spec.definition import Definition as Definition
    from .spec.definition import define as define
    from .spec.definition import definition_of as definition_of

__version__ = "0.1.0"

LOADED = time.time()
"""When this process began to load the package. Units: seconds since the epoch."""

_MODULES = MappingProxyType(
    {
        "equivalence.assertions.assertion": ("AssertionMisused", "assert_vjp"),
        "equivalence.adapters.engine": ("Engine", "checked_engine"),
        "equivalence.rules_file": ("checked_tape",),
        "ir.exchange": ("Case", "read_case", "write_case"),
        "ir.graph": ("BackproofError", "Environment", "Graph", "Leaf", "Node"),
        "runtime.primitive": ("Primitive", "primitive", "primitive_of"),
        "runtime.session": ("Session",),
        "runtime.tape": ("Tape", "TapeNode"),
        "spec.definition": ("Definition", "define", "definition_of"),
    }
)

_WHOLE = ("strategies",)
"""Modules that are public as they are."""

_REGISTRIES = MappingProxyType({"runtime": "runtime.primitives", "spec": "spec.definitions"})
"""What fills the registry of each part: a name of the part is of no use before."""

__all__ = ["__version__", *_WHOLE, *sorted(name for names in _MODULES.values() for name in names)]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    if name in _WHOLE:
        return import_module(f".{name}", __name__)
    for module, names in _MODULES.items():
        if name in names:
            registry = _REGISTRIES.get(module.partition(".")[0])
            if registry is not None:
                import_module(f".{registry}", __name__)
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
