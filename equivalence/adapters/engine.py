"""What somebody else's engine must answer to be checked: one graph forward, and backward from a cotangent of every value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Protocol, TypeVar

from ...ir.graph import BackproofError, Graph

Array = Any
"""A float64 array of numpy's; of an engine that is `exact` also an object array of exact or symbolic numbers."""

_MARK = "_is_checked_engine"


class EngineFault(BackproofError):
    """An adapter that does not answer as it should; one line: what came, what was needed."""


class Engine(Protocol):
    """An engine as it is asked. A fresh one is made for each question, without arguments.

    `ops` names the ops it has, as backproof does: it is asked for no others. `exact` says that its operations are numpy's
    own and also run on object arrays: its rules are then proved, and its graphs compared in exact numbers too.
    Every leaf takes part in differentiation, and attributes hold the naturals that a graph reads.
    """

    ops: Collection[str]
    exact: bool

    def forward(self, graph: Graph, leaves: Sequence[Array]) -> Sequence[Array]:
        """The value of every leaf and node, in order. An op that it cannot run so: NotImplementedError."""

    def backward(self, seeds: Sequence[Array]) -> Sequence[Array | None]:
        """The cotangent of every leaf, given one of every leaf and node, for the graph that ran forward last.

        It may be asked again, with the same seeds or others. None is a zero cotangent.
        """


Adapter = TypeVar("Adapter", bound=type[Any])


def checked_engine(engine: Adapter) -> Adapter:
    """Decorator: this class is the adapter of the engine to check.

    Raises: TypeError if it lacks a part of `Engine`.
    """
    missing = [name for name in ("ops", "exact", "forward", "backward") if not hasattr(engine, name)]
    if not isinstance(engine, type) or missing:
        raise TypeError(f"checked_engine needs a class with ops, exact, forward and backward, {engine!r} has no {', '.join(missing)}")
    if isinstance(engine.ops, str) or not engine.ops or not all(isinstance(op, str) for op in engine.ops):
        raise TypeError(f"{engine.__name__}.ops is {engine.ops!r}, the names of some ops were needed")
    if not isinstance(engine.exact, bool):
        raise TypeError(f"{engine.__name__}.exact is {engine.exact!r}, True or False was needed")
    setattr(engine, _MARK, True)
    return engine


def marked_engines(named: Iterable[Any]) -> list[type[Engine]]:
    """The checked engines among some objects, each once."""
    return list({each: None for each in named if isinstance(each, type) and _MARK in vars(each)})
