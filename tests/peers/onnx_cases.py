"""The node test cases that the onnx package ships, as programs of ours: single nodes with inputs and outputs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import onnx
from backproof.equivalence.kernel.numbers.formats import FLOAT32, FLOAT64, Format
from backproof.runtime.handles import Value
from backproof.runtime.session import Session
from onnx.backend.test.case.node import collect_testcases

FLOATS = (np.float32, np.float64)


class Inexpressible(Exception):
    """An op of ours that cannot say this case; another recording of the same ONNX op may."""


@dataclass(frozen=True)
class Inputs:
    """A case's inputs by place: the tensors of floats as leaves, everything as arrays; None where one is left out."""

    arrays: tuple[Any, ...]
    leaves: tuple[Value | None, ...]
    outputs: tuple[Any, ...]

    def __getitem__(self, place: int) -> Any:
        return self.leaves[place] if place < len(self.leaves) else None

    def array(self, place: int) -> Any:
        """The array that came, or None."""
        return self.arrays[place] if place < len(self.arrays) else None

    @property
    def tensors(self) -> list[Value]:
        """The leaves that are there."""
        return [leaf for leaf in self.leaves if leaf is not None]


Recording = Callable[[Session, Mapping[str, Any], Inputs], Any]
"""Records what an ONNX node means, from its attributes and inputs; a value, or one for each of the
first outputs."""


@dataclass(frozen=True)
class NodeCase:
    """One test case of one node."""

    name: str
    op_type: str
    attributes: Mapping[str, Any]
    inputs: tuple[Any, ...]
    outputs: tuple[Any, ...]

    def record(self, recording: Recording) -> tuple[Session, tuple[Value, ...]]:
        """The case recorded in one way, and the values that are its first outputs.

        Raises: Inexpressible.
        """
        session = Session()
        arrays = tuple(None if each is None else np.asarray(each) for each in self.inputs)
        leaves = tuple(session.input(array) if self._holds_data(array) else None for array in arrays)
        found = recording(session, self.attributes, Inputs(arrays, leaves, self.outputs))
        return session, found if isinstance(found, tuple) else (found,)

    def _holds_data(self, array: Any) -> bool:
        """Whether an input is of numbers to compute with: floats, or integers like those that come out."""
        if array is None or array.dtype == bool:
            return False
        return array.dtype in FLOATS or (
            np.issubdtype(array.dtype, np.integer) and array.dtype == np.asarray(self.outputs[0]).dtype
        )

    @property
    def format(self) -> Format:
        """The format in which the case was computed; integers are exact in float64 as long as they do not wrap around."""
        return FLOAT32 if np.asarray(self.outputs[0]).dtype == np.float32 else FLOAT64


@cache
def node_cases() -> Mapping[str, NodeCase]:
    """Every case of a single node, by name."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some cases overflow on purpose while they are made
        collected = collect_testcases(None)
    return {each.name: _node_case(each) for each in collected if len(each.model.graph.node) == 1}


def _node_case(collected: Any) -> NodeCase:
    (node,) = collected.model.graph.node
    attributes = {each.name: _attribute(onnx.helper.get_attribute_value(each)) for each in node.attribute}
    inputs, outputs = collected.data_sets[0]
    given = iter(inputs)
    places = tuple(next(given, None) if name else None for name in node.input)
    return NodeCase(collected.name, node.op_type, attributes, places, tuple(outputs))


def _attribute(value: Any) -> Any:
    """An attribute as its case's author wrote it: a float is stored in float32, and its shortest decimal was meant."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, float):
        return float(str(np.float32(value)))
    return tuple(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
