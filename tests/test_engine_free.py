"""The engine for a graph at hand: the reverse loop against the recursion, on free terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from time import process_time
from typing import Any, ClassVar

import pytest
from backproof.equivalence.engine.broken import BROKEN
from backproof.equivalence.engine.free import engine_claim
from backproof.equivalence.engine.theorem import engine_verdict
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.decision import Fails, Open, UnknownReason
from backproof.equivalence.kernel.free_terms import NotFree, SameSums, Terms
from backproof.equivalence.kernel.verdict import Proved, Refuted, Unknown
from backproof.ir.graph import Graph, Leaf, Node
from backproof.runtime.primitive import Array
from backproof.runtime.tape import RecordedNode, Tape


def wired(leaves: int, *parents: tuple[int, ...]) -> Graph:
    return Graph((Leaf(()),) * leaves, tuple(Node("any", each, ()) for each in parents))


def drawn(seed: int) -> Graph:
    random = Random(seed)
    leaves = random.randrange(1, 4)
    shapes = [(random.randrange(3),) * random.randrange(3) for _ in range(leaves + random.randrange(12))]
    nodes = [
        Node("any", tuple(random.randrange(place) for _ in range(random.randrange(4))), shapes[place])
        for place in range(leaves, len(shapes))
    ]
    return Graph(tuple(Leaf(shape, requires_grad=random.random() < 0.7) for shape in shapes[:leaves]), tuple(nodes))


class KeepingCotangents(Tape):
    """Answers a second sweep with the first one's result."""

    kept: list[Array] | None = None

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        if self.kept is None:
            self.kept = super().backward_dense_from(cotangents)
        return self.kept


class CachingInTheClass(Tape):
    """Pulls back through the values that any tape first had at a place."""

    first: ClassVar[dict[int, Any]] = {}

    def refresh(self, leaves: Sequence[Array]) -> None:
        for place, node in enumerate(self.nodes):
            self.first[place] = node.value
        super().refresh(leaves)
        for place, node in enumerate(self.nodes):
            if isinstance(node, RecordedNode):
                node.value = self.first[place]


class Unfilled(Tape):
    """Fills unreached values with the seed in place of zeros."""

    def backward_dense_all(self, out: int, seed: Array) -> list[Array]:
        return [seed if cotangent is None else cotangent for cotangent in self.backward_dense(out, seed)]


class LosingAttributes(Tape):
    def record(self, primitive: Any, parents: tuple[int, ...], attributes: Any) -> int:
        return super().record(primitive, parents, {**attributes, "of": 0})


class FailingWhenLarge(Tape):
    """Drops contributions to the first value, on tapes of more than six values."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if parent != 0 or len(self.nodes) <= 6:
            super().accumulate(parent, contribution, accumulated)


class InPlaceOnItsOwn(Tape):
    """Adds in place, but only to a copy: right, though free terms cannot tell."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if self.nodes[parent].requires_grad and accumulated[parent] is not None:
            accumulated[parent] = 1.0 * accumulated[parent]
            accumulated[parent] += contribution
        else:
            super().accumulate(parent, contribution, accumulated)


@pytest.mark.parametrize("seed", range(60))
def test_the_shipped_tape_is_the_recursion_on_random_graphs(seed: int) -> None:
    graph = drawn(seed)
    claim = engine_claim(graph, Tape)
    assert 4 * len(graph) <= len(claim.pairs)
    assert isinstance(engine_verdict(graph, Tape), Proved)


def chain(nodes: int) -> Graph:
    return wired(1, *[(place, place) for place in range(nodes)])


def fan(nodes: int) -> Graph:
    return wired(1, *[(0,)] * (nodes - 1), tuple(range(1, nodes)))


@pytest.mark.parametrize("shape", [chain, fan])
def test_ten_thousand_nodes_take_time_linear_in_their_number(shape: Callable[[int], Graph]) -> None:
    def seconds(nodes: int) -> float:
        start = process_time()
        assert isinstance(engine_verdict(shape(nodes), Tape), Proved)
        return process_time() - start

    assert 40 * seconds(1_000) > seconds(10_000)


@pytest.mark.parametrize("name", BROKEN)
def test_each_faulty_tape_is_refuted_on_a_graph_that_uses_what_is_faulty(name: str) -> None:
    graph = Graph((Leaf(()), Leaf((), requires_grad=False)), wired(2, (0, 1), (0, 2), (0, 3), (3, 3)).nodes)
    verdict = engine_verdict(graph, BROKEN[name])
    assert isinstance(verdict, Refuted)
    assert 3 >= len(verdict.counterexample.case["nodes"])


@pytest.mark.parametrize("tape_class", [KeepingCotangents, CachingInTheClass, Unfilled])
def test_what_shows_only_in_later_sweeps_is_refuted(tape_class: type[Tape]) -> None:
    verdict = engine_verdict(wired(2, (0, 1), (0, 2)), tape_class)
    assert isinstance(verdict, Refuted)
    assert "cotangent" != verdict.counterexample.nodes[0].quantity


def test_a_tape_that_changes_attributes_is_not_proved() -> None:
    assert isinstance(KERNEL.decide(engine_claim(wired(1, (0,)), LosingAttributes)), Fails)


def test_a_fault_that_only_large_tapes_have_is_shrunk_to_the_smallest() -> None:
    random = Random(5)
    graph = wired(3, *[(random.randrange(place), random.randrange(place)) for place in range(3, 60)])
    verdict = engine_verdict(graph, FailingWhenLarge)
    assert isinstance(verdict, Refuted)
    assert 7 == len(verdict.counterexample.nodes)


def test_addition_in_place_that_does_no_harm_stays_unknown() -> None:
    verdict = engine_verdict(wired(1, (0,), (0,)), InPlaceOnItsOwn)
    assert isinstance(verdict, Unknown)


def test_a_claim_that_compares_less_than_it_should_is_vacuous() -> None:
    claim = engine_claim(wired(1, (0,)), Tape)
    assert UnknownReason.VACUOUS == KERNEL.decide(replace(claim, pairs=claim.pairs[: claim.count - 1])).reason


def test_an_empty_graph_is_the_recursion() -> None:
    assert isinstance(engine_verdict(wired(0), Tape), Proved)


def test_sums_are_equal_in_any_order_and_grouping() -> None:
    terms = Terms()
    a, b, c = (terms.apply(name, ()) for name in "abc")
    assert terms.identity(a + (b + c)) == terms.identity((c + a) + b)
    assert terms.identity(a + b) != terms.identity(a + b + b)
    assert terms.identity(a) == terms.identity(a + terms.zero(()))


@pytest.mark.parametrize("left", [None, 1.0, Terms().apply("a", ()), "a term of another shape"])
def test_what_is_not_the_term_differs_from_it(left: Any) -> None:
    terms = Terms()
    came = terms.apply("a", (1,)) if isinstance(left, str) else left
    assert isinstance(KERNEL.decide(SameSums("a is a", 1, ((came, terms.apply("a", ())),))), Fails)


def test_a_free_term_refuses_what_would_need_its_value() -> None:
    term = Terms().apply("a", ())
    with pytest.raises(NotFree, match="in place"):
        term += term
    with pytest.raises(NotFree, match="meets free terms"):
        Terms().identity(term)


def test_an_open_claim_is_no_proof() -> None:
    assert isinstance(KERNEL.decide(SameSums("nothing", 1, ())), Open)
