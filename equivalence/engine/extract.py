"""What the shipped sweeps do, stretch by stretch, read off by executing them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...runtime.primitive import Primitive
from ...runtime.tape import Tape
from .loops import Nodes, NodeTerm, transplanted
from .paths import Path, State, Stretch, Unextractable, explore
from .terms import Cotangent, DenseStore, Integer, SparseStore, adopt

Stretches = Mapping[str, tuple[Stretch, ...]]


@dataclass(frozen=True, slots=True)
class Extraction:
    """The stretches of each way to run a tape backward, and of putting a leaf or a primitive on it."""

    dense: Stretches
    sparse: Stretches
    filled: Stretches
    leaf: Stretches
    recorded: tuple[Stretches, ...]


ARITIES = range(7)
"""The numbers of parents for which recording is executed."""


def extract(tape_class: type[Tape]) -> Extraction:
    """Execute the sweeps of a tape class symbolically.

    Raises: Unextractable.
    """
    return Extraction(
        explore(lambda path: _dense(path, tape_class)),
        explore(lambda path: _sparse(path, tape_class)),
        explore(lambda path: _filled(path, tape_class)),
        explore(lambda path: _leaf(path, tape_class)),
        tuple(explore(partial(_recorded, tape_class=tape_class, arity=arity)) for arity in ARITIES),
    )


def _dense(path: Path, tape_class: type[Tape]) -> None:
    seeds: Any = DenseStore(path, "seeds")
    _check_returned(path, _tape(path, tape_class).backward_dense_from(seeds))


def _sparse(path: Path, tape_class: type[Tape]) -> None:
    out: Any = Integer(path, "out")
    _check_returned(path, _tape(path, tape_class).backward_dense(out, Cotangent(path, "seed")))


def _filled(path: Path, tape_class: type[Tape]) -> None:
    """Zeros are filled into an arbitrary sparse result: what comes before is `_sparse`."""
    tape = _tape(path, tape_class)
    reached = adopt(SparseStore(path, "reached.entries", "reached.present"))
    out: Any = Integer(path, "out")
    tape.backward_dense = lambda _out, _seed: reached  # type: ignore[method-assign, assignment, return-value]
    path.watch(tape)
    result = tape.backward_dense_all(out, Cotangent(path, "seed"))
    if len(result) != 1 or not isinstance(result[0], Cotangent):
        raise Unextractable("backward_dense_all does not make one entry for each node")
    path.close("filled", (result[0].text,))


def _leaf(path: Path, tape_class: type[Tape]) -> None:
    tape = _tape(path, tape_class)
    place = tape.leaf(NodeTerm(path, "place").value)
    path.close("recorded", _emissions(path, tape, place))


def _recorded(path: Path, tape_class: type[Tape], arity: int) -> None:
    """A primitive is recorded on arbitrary parents, and the new node is handed a cotangent."""
    tape = _tape(path, tape_class)
    primitive = Primitive("any", lambda *_shapes: ())
    primitive.forward(lambda *_inputs: NodeTerm(path, "place").value)
    primitive.vjp(lambda *_arguments: tuple(Cotangent(path, f"emitted_{position}") for position in range(arity)))
    parents: Any = tuple(Integer(path, f"parent_{position}") for position in range(arity))
    place = tape.record(primitive, parents, {})
    path.close("recorded", _emissions(path, tape, place))


def _emissions(path: Path, tape: Tape, place: Any) -> State:
    """The new node's id, then the id and the cotangent of each contribution that it emits."""
    (node,) = tape.nodes.appended  # type: ignore[attr-defined]
    emitted: Any = node.backward(Cotangent(path, "seed"))
    return (place.text, *(text for parent, cotangent in emitted for text in (parent.text, cotangent.text)))


def _tape(path: Path, tape_class: type[Tape]) -> Tape:
    tape = transplanted(tape_class)()
    tape.nodes = Nodes(path)  # type: ignore[assignment]
    path.watch(tape)
    return tape


def _check_returned(path: Path, result: object) -> None:
    if result is not path.accumulator:
        raise Unextractable("the sweep returns something other than the list it works on")
    path.close("returned", ())
