"""What a graph file must satisfy before anything is owed of it: ops that exist, and shapes and attributes they accept.

Here the spec alone is asked. A file that the spec refuses is bad input; one on which spec and runtime disagree is an
obligation, and is decided.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from ..ir.exchange import Case
from ..ir.graph import BackproofError, Dense, Shape, resolve
from ..spec.definition import Definition, SpecError, definition_of

_KINDS: Mapping[str, type | tuple[type, ...]] = MappingProxyType(
    {"int": int, "float": (int, float), "Dense": Dense, "str": str, "SymbolicShape": tuple}
)
"""What the annotations of the formulas' attributes admit; others are left to the shape rule."""


class AdmissionError(BackproofError):
    """A graph that the spec gives no meaning to; one line: which node, what came, what was needed."""


def admit(case: Case, where: str) -> None:
    """Refuse a case whose graph has no meaning.

    Raises: AdmissionError, beginning with `where`.
    """
    graph = case.graph
    if not graph.nodes:
        raise AdmissionError(f"{where}: the graph has no nodes, so nothing is owed of it")
    for value_id, node in enumerate(graph.nodes, start=len(graph.leaves)):
        place = f"{where}: node {graph.label(value_id)}"
        try:
            shapes = [graph.shape(parent) for parent in node.parents]
            shape = accept(node.op, shapes, resolve(node.attributes, case.environment))
            if shape != node.shape:
                raise SpecError(f"declares shape {node.shape}, but {node.op} of {shapes} has shape {shape}")
        except SpecError as error:
            raise AdmissionError(f"{place}: {error}") from error


def accept(op: str, shapes: Sequence[Shape], attributes: Mapping[str, Any]) -> Shape:
    """The shape that an op has at these shapes and attributes.

    Raises: SpecError if there is no such op, or it does not accept them.
    """
    definition = definition_of(op)
    formula = inspect.signature(definition.formula)
    _check_kinds(op, formula, attributes)
    try:
        shape = tuple(definition.infer_shape(shapes, attributes))
        # A formula takes its inputs, one index for each side of the output, and its attributes.
        formula.bind(*shapes, *shape, **attributes)
    except TypeError as error:
        missing = _missing(definition, shapes, attributes)
        raise SpecError(missing or _not_accepted(op, shapes, attributes, error)) from error
    # Attributes out of range: a shape rule counts and indexes with them.
    except (ValueError, IndexError, AttributeError, ArithmeticError) as error:
        raise SpecError(_not_accepted(op, shapes, attributes, error)) from error
    return shape


def _missing(definition: Definition, shapes: Sequence[Shape], attributes: Mapping[str, Any]) -> str:
    """Which attributes are missing: those of every instance at shapes that the op takes."""
    samples = [set(sample) for sample in definition.attributes(*shapes)]
    names = sorted(set.intersection(*samples) - attributes.keys()) if samples else []
    return f"{definition.op} of {list(shapes)} needs {', '.join(map(repr, names))} among its attributes" if names else ""


def _not_accepted(op: str, shapes: Sequence[Shape], attributes: Mapping[str, Any], error: Exception) -> str:
    listed = ", ".join(f"{name} = {value!r:.60}" for name, value in attributes.items()) or "no attributes"
    return f"{op} of {list(shapes)} does not accept {listed}: {error}"


def _check_kinds(op: str, formula: inspect.Signature, attributes: Mapping[str, Any]) -> None:
    for name, value in attributes.items():
        needed = str(formula.parameters[name].annotation) if name in formula.parameters else ""
        kind = _KINDS.get(needed.removesuffix(" | None"))
        if kind is not None and not isinstance(value, kind):
            raise SpecError(f"attribute {name!r} is {value!r:.60}, but {op} takes {needed}")
