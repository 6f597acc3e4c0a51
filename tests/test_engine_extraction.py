"""Reading a sweep by executing it: what is read, and what is refused because it could hide something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import pytest
from backproof.equivalence.engine.extract import extract
from backproof.equivalence.engine.paths import Unextractable
from backproof.equivalence.engine.theorem import first_failing, theorem
from backproof.equivalence.kernel import KERNEL
from backproof.equivalence.kernel.verdict import Refuted, Unknown
from backproof.runtime.primitive import Array
from backproof.runtime.tape import Tape


class Inlined(Tape):
    """A right tape in other words: one loop inside the other, places counted up and reversed, a guard of its own."""

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        nodes, accumulated = self.nodes, list(cotangents)
        for place in reversed(range(len(nodes))):
            if nodes[place].requires_grad:
                for parent, contribution in nodes[place].backward(accumulated[place]):
                    if nodes[parent].requires_grad and parent < place:
                        accumulated[parent] = accumulated[parent] + contribution
        return accumulated


class Swapping(Inlined):
    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        nodes, accumulated = self.nodes, list(cotangents)
        for place in range(len(nodes) - 1, -1, -1):
            if nodes[place].requires_grad:
                for parent, contribution in nodes[place].backward(accumulated[place]):
                    if nodes[parent].requires_grad:
                        accumulated[parent] = contribution + accumulated[parent]
        return accumulated


class Stopping(Tape):
    def propagate(self, place: int, accumulated: list[Any]) -> None:
        if self.nodes[place].requires_grad:
            for parent, contribution in self.nodes[place].backward(accumulated[place]):
                self.accumulate(parent, contribution, accumulated)
                break


class Counting(Tape):
    """Loses the second contribution of a node, by a local variable."""

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        count = 0
        if self.nodes[place].requires_grad:
            for parent, contribution in self.nodes[place].backward(accumulated[place]):
                count += 1
                if count != 2:
                    self.accumulate(parent, contribution, accumulated)


class Enumerating(Tape):
    """Loses the second contribution of a node, by its number."""

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        if self.nodes[place].requires_grad:
            for number, (parent, contribution) in enumerate(self.nodes[place].backward(accumulated[place])):
                if number != 1:
                    self.accumulate(parent, contribution, accumulated)


class Collecting(Tape):
    """Loses the second contribution of a node, by a list that grows."""

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        seen: ClassVar[list[int]] = []
        if self.nodes[place].requires_grad:
            for parent, contribution in self.nodes[place].backward(accumulated[place]):
                seen.append(parent)
                if len(seen) != 2:
                    self.accumulate(parent, contribution, accumulated)


class Remembering(Tape):
    """Loses the second contribution of a sweep, by an attribute."""

    def propagate(self, place: int, accumulated: list[Any]) -> None:
        self.count = 0
        super().propagate(place, accumulated)

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        self.count += 1
        if self.count != 2:
            super().accumulate(parent, contribution, accumulated)


class Restoring(Tape):
    """Loses the second contribution of a sweep, by an attribute that is put back in the end."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def backward_dense_from(self, cotangents: Sequence[Array]) -> list[Array]:
        result = super().backward_dense_from(cotangents)
        self.count = 0
        return result

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        self.count += 1
        if self.count != 2:
            super().accumulate(parent, contribution, accumulated)


class Sharing(Tape):
    """Loses the second contribution of all, by a list of the class."""

    seen: ClassVar[list[int]] = []

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        self.seen.append(parent)
        if len(self.seen) != 2:
            super().accumulate(parent, contribution, accumulated)


class InPlace(Tape):
    """Adds in place, into the caller's own seeds."""

    def accumulate(self, parent: int, contribution: Array, accumulated: list[Any]) -> None:
        if accumulated[parent] is None:
            super().accumulate(parent, contribution, accumulated)
        else:
            accumulated[parent] += contribution


def test_the_shipped_sweep_adds_each_contribution_to_the_entry_it_names() -> None:
    added = [stretch for stretch in extract(Tape).dense["contribution"] if "(requires_grad target)" in stretch.conditions]
    (entries,) = {stretch.state[0] for stretch in added if stretch.end == "contributed"}
    before = "contribution.entries"
    assert f"(store {before} target (plus (select {before} target) contribution))" == entries


def test_the_shipped_sweep_counts_down_from_the_last_place_to_the_first() -> None:
    bounds = {stretch.terms for stretch in extract(Tape).dense["sweep"] if stretch.end == "sweeps"}
    assert {("(- size 1)", "(- 1)", "(- 1)")} == bounds


def test_a_right_sweep_in_other_words_is_proved() -> None:
    assert "" == first_failing(Inlined, KERNEL.decide)


def test_a_sum_in_the_other_order_is_not_what_the_lemma_says() -> None:
    assert "contribution" == first_failing(Swapping, KERNEL.decide)


def test_a_loop_left_early_fails_a_lemma() -> None:
    assert "contribution" == first_failing(Stopping, KERNEL.decide)


@pytest.mark.parametrize("hiding", [Counting, Enumerating, Collecting, Remembering, Restoring, Sharing, InPlace])
def test_a_sweep_that_could_carry_something_unseen_is_not_read(hiding: type[Tape]) -> None:
    with pytest.raises(Unextractable):
        extract(hiding)


@pytest.mark.parametrize("hiding", [Counting, Enumerating, Collecting, Remembering, Restoring, InPlace])
def test_what_cannot_be_read_is_refuted_by_numbers_where_it_is_wrong(hiding: type[Tape]) -> None:
    (result,) = theorem(hiding).lemmas
    assert "extraction" == result.name
    assert isinstance(result.verdict, Refuted)


def test_what_cannot_be_read_and_is_right_stays_unknown() -> None:
    class Listing(Tape):
        def propagate(self, place: int, accumulated: list[Any]) -> None:
            self.visits = 1
            super().propagate(place, accumulated)

    (result,) = theorem(Listing).lemmas
    assert isinstance(result.verdict, Unknown)
