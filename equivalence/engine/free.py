"""The engine for the graph at hand: the reverse loop against the recursion, on free terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ...ir.collector import collector_waits
from ...ir.graph import Graph, Node, Shape
from ...runtime.primitive import Primitive
from ...runtime.tape import Tape
from ..kernel.free_terms import NotFree, SameSums, Term, Terms

FEW_VALUES = 12
"""Graphs with at most this many values are swept sparsely from every one of them, larger ones from three."""

Pairs = Iterator[tuple[Any, Term]]


def engine_claim(graph: Graph, tape_class: type[Tape]) -> SameSums:
    """The claim that this tape's sweeps are the recursion on this graph, whatever the nodes compute.

    Values are recorded with uninterpreted primitives; the same tape is swept from two sets of free seeds, and from a
    third after its leaves were given new values.
    Raises: NotFree if the tape asks more of a term than to be added; whatever else the tape raises.
    """
    try:
        with collector_waits():
            pairs = tuple(_compared(graph, tape_class, Terms()))
    except (TypeError, AttributeError) as error:
        raise NotFree(f"on free terms the tape stopped: {error}") from error
    return SameSums(
        f"the sweeps of {tape_class.__name__} equal the recursion on a graph of {len(graph)} values, "
        "for every VJP and every seed",
        4 * len(graph),
        pairs,
    )


def _compared(graph: Graph, tape_class: type[Tape], terms: Terms) -> Pairs:
    tape = tape_class()
    first = _Recursion(graph, terms, generation=0)
    for place, leaf in enumerate(graph.leaves):
        tape.leaf(first.values[place], requires_grad=leaf.requires_grad)
    for place, node in enumerate(graph.nodes, start=len(graph.leaves)):
        tape.record(_uninterpreted(graph, node, terms), node.parents, {"of": place})
    yield from _swept(tape, first, "first seed")
    yield from _swept(tape, first, "second seed")
    second = _Recursion(graph, terms, generation=1)
    tape.refresh(second.values[: len(graph.leaves)])
    yield from _padded([node.value for node in tape.nodes], second.values)
    yield from _swept(tape, second, "second run")
    yield from _single(tape, second)


def _swept(tape: Tape, recursion: _Recursion, name: str) -> Pairs:
    """The dense sweep from a free seed on every value; the seeds themselves must stay what they were."""
    seeds = recursion.seeds(name)
    yield from _padded(tape.backward_dense_from(seeds), recursion.cotangents(recursion.seeds(name)))
    yield from _padded(seeds, recursion.seeds(name))


def _single(tape: Tape, recursion: _Recursion) -> Pairs:
    """The sparse sweeps from one output, None read as zero; those filled with zeros, and those that map ids."""
    count = len(recursion.values)
    for out in range(count) if count <= FEW_VALUES else (0, count // 2, count - 1):
        seeds = recursion.zeros()
        seeds[out] = recursion.seeds("single")[out]
        expected = recursion.cotangents(seeds)
        reached = tape.backward_dense(out, seeds[out])
        yield from _padded([z if c is None else c for c, z in zip(reached, recursion.zeros(), strict=True)], expected)
        yield from _padded(tape.backward_dense_all(out, seeds[out]), expected)
        by_id = tape.backward(out, seeds[out])
        yield from _padded([by_id.get(place, z) for place, z in enumerate(recursion.zeros())], expected)


def _padded(came: Sequence[Any], expected: Sequence[Term]) -> Pairs:
    """What came beside what was expected, None where nothing came."""
    yield from zip((*came, *[None] * (len(expected) - len(came))), expected, strict=False)


def _uninterpreted(graph: Graph, node: Node, terms: Terms) -> Primitive:
    """A primitive whose kernels are free functions named by the attribute `of`."""
    primitive = Primitive(node.op, lambda *_shapes, of: graph.shape(of))
    primitive.forward(lambda *inputs, of: terms.apply(("forward", of), graph.shape(of), *inputs))

    @primitive.vjp
    def pull(y_bar: Term, y: Term, *inputs: Term, of: int) -> tuple[Term, ...]:
        call = _pulled(terms, of, y_bar, y, *inputs)
        return tuple(_part(terms, position, graph.shape(parent), call) for position, parent in enumerate(node.parents))

    return primitive


def _pulled(terms: Terms, of: int, y_bar: Term, *values: Term) -> Term:
    """All that a node's VJP emits, as one term; zero for a zero cotangent, by the zero-preserving hypothesis."""
    is_zero = terms.identity(y_bar) == terms.identity(terms.zero(()))
    return terms.zero(()) if is_zero else terms.apply(("vjp", of), (), y_bar, *values)


def _part(terms: Terms, position: int, shape: Shape, pulled: Term) -> Term:
    """What a VJP emits to one parent."""
    return terms.apply(("part", position), shape, pulled) if pulled.atoms else terms.zero(shape)


class _Recursion:
    """The recursion of the spec over free terms: the graph is read, never the tape."""

    def __init__(self, graph: Graph, terms: Terms, generation: int) -> None:
        self.graph = graph
        self.terms = terms
        self.values = [terms.apply(("leaf", place, generation), leaf.shape) for place, leaf in enumerate(graph.leaves)]
        for place, node in enumerate(graph.nodes, start=len(graph.leaves)):
            inputs = [self.values[parent] for parent in node.parents]
            self.values.append(terms.apply(("forward", place), node.shape, *inputs))

    def seeds(self, name: str) -> list[Term]:
        """A free seed for every value."""
        return [self.terms.apply((name, place), value.shape) for place, value in enumerate(self.values)]

    def zeros(self) -> list[Term]:
        """A zero for every value."""
        return [self.terms.zero(value.shape) for value in self.values]

    def cotangents(self, seeds: Sequence[Term]) -> list[Term]:
        """backprop_all(g·n, s ⧺ [σ]) = backprop_all(g, s + n.vjp(σ)) ⧺ [σ], from the last node to the first."""
        graph, terms, result = self.graph, self.terms, list(seeds)
        for place in range(len(graph) - 1, len(graph.leaves) - 1, -1):
            parents = graph.nodes[place - len(graph.leaves)].parents
            inputs = [self.values[parent] for parent in parents]
            call = _pulled(terms, place, result[place], self.values[place], *inputs)
            for position, parent in enumerate(parents):
                if parent >= len(graph.leaves) or graph.leaves[parent].requires_grad:
                    result[parent] = result[parent] + _part(terms, position, graph.shape(parent), call)
        return result
