"""Any sequence of session verbs does what the contract says: a naive twin does the same, and all is compared.

The twin evaluates everything from the start each time and knows no reverse mode: a cotangent is the derivative along
each entry in turn. Entries are small dyadic numbers, so both sides are exact and must be equal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from backproof.runtime.handles import Naturals, Parameter, SessionError, Value
from backproof.runtime.primitive import ShapeMismatch
from backproof.runtime.session import Session
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from numpy.typing import NDArray

Array = NDArray[np.float64]


def _gather(x: Array, naturals: tuple[int, ...]) -> Array:
    return np.array([x[i] if i < len(x) else np.zeros(x.shape[1]) for i in naturals]).reshape(len(naturals), -1)


MEANING = {
    "const": lambda value: value,
    "add": lambda a, b: a + b,
    "mul": lambda a, b: a * b,
    "scale": lambda x, c: x * c,
    "relu": lambda x: np.maximum(x, 0),
    "detach": lambda x: x,
    "sum": lambda x: np.array(x.sum()),
    "gather_rows_ref": _gather,
}

DERIVATIVE = {
    "const": lambda value: np.zeros_like(value),
    "add": lambda a, b, a_dot, b_dot: a_dot + b_dot,
    "mul": lambda a, b, a_dot, b_dot: a_dot * b + a * b_dot,
    "scale": lambda x, x_dot, c: x_dot * c,
    "relu": lambda x, x_dot: (x > 0) * x_dot,
    "detach": lambda x, x_dot: np.zeros_like(x),
    "sum": lambda x, x_dot: np.array(x_dot.sum()),
    "gather_rows_ref": lambda x, x_dot, naturals: _gather(x_dot, naturals),
}


@dataclass
class Twin:
    """The program so far; a node is (op, parents, its attribute), where a slice stands for those naturals."""
    leaves: list[Array] = field(default_factory=list)
    frozen: list[bool] = field(default_factory=list)
    uses: list[tuple[int, int]] = field(default_factory=list)
    nodes: list[tuple[str, tuple[int, ...], tuple[Any, ...]]] = field(default_factory=list)
    naturals: list[int] = field(default_factory=list)

    def values(self) -> list[Array]:
        values = list(self.leaves)
        for op, parents, attributes in self.nodes:
            values.append(MEANING[op](*(values[p] for p in parents), *self._read(attributes)))
        return values

    def tangents(self, moved: dict[int, Array]) -> list[Array]:
        values = self.values()
        tangents: list[Array] = []
        for place, value in enumerate(values):
            own = moved.get(place, np.zeros_like(value))
            if place >= len(self.leaves):
                op, parents, attributes = self.nodes[place - len(self.leaves)]
                operands = [*(values[p] for p in parents), *(tangents[p] for p in parents)]
                own = own + DERIVATIVE[op](*operands, *self._read(attributes))
            tangents.append(own)
        return tangents

    def cotangents(self, out: int, seed: Array) -> list[Array]:
        result = []
        for place, value in enumerate(self.values()):
            x_bar = np.zeros_like(value)
            for entry in np.ndindex(value.shape):
                direction = np.zeros_like(value)
                direction[entry] = 1
                x_bar[entry] = (seed * self.tangents({place: direction})[out]).sum()
            frozen = place < len(self.leaves) and self.frozen[place] and place != out
            result.append(0 * value if frozen else x_bar)
        return result

    def _read(self, attributes: tuple[Any, ...]) -> list[Any]:
        return [tuple(self.naturals[a]) if isinstance(a, slice) else a for a in attributes]


matrices = st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 2.0]), min_size=4, max_size=4).map(
    lambda entries: np.array(entries).reshape(2, 2)
)
picks = st.integers(0, 10**6)
naturals = st.lists(st.integers(0, 3), min_size=2, max_size=2)


class SessionAndTwin(RuleBasedStateMachine):
    """The same verbs, done to a session and to its twin."""
    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.other = Session().input(0.0)
        self.parameters: list[Parameter] = []
        self.cells: list[Array] = []
        self.make_a_parameter(np.array([[1.0, -2.0], [0.5, 2.0]]), frozen=False)
        self.make_a_parameter(np.array([[2.0, 1.0], [-0.5, 0.0]]), frozen=True)
        self._begin()

    def _begin(self) -> None:
        self.twin = Twin()
        self.values: list[Value] = []
        self.spans: list[Naturals] = []
        self.gradient: tuple[Any, list[Array]] | None = None
        for pick in (0, 0, 1):
            self.use_a_parameter(pick)
        self.give_naturals([1, 0])

    @rule(value=matrices, frozen=st.booleans())
    def make_a_parameter(self, value: Array, *, frozen: bool) -> None:
        self.parameters.append(self.session.param(value, requires_grad=not frozen))
        self.cells.append(value)

    @rule(pick=picks)
    def use_a_parameter(self, pick: int) -> None:
        chosen = pick % len(self.parameters)
        parameter = self.parameters[chosen]
        if self._leaf(lambda: self.session.use(parameter), self.cells[chosen], frozen=not parameter.requires_grad):
            self.twin.uses.append((len(self.twin.leaves) - 1, chosen))

    @rule(value=matrices, frozen=st.booleans())
    def give_an_input(self, value: Array, *, frozen: bool) -> None:
        self._leaf(lambda: self.session.input(value, requires_grad=not frozen), value, frozen=frozen)

    @rule(value=matrices)
    def give_a_constant(self, value: Array) -> None:
        if self.twin.nodes:
            self._node(lambda: self.session.const(value), ("const", (), (value,)))
        else:
            self._leaf(lambda: self.session.const(value), value, frozen=True)

    @rule(chosen=naturals)
    def give_naturals(self, chosen: list[int]) -> None:
        if self._is_early(lambda: self.session.input_nat_vec(chosen)):
            self.spans.append(self.session.input_nat_vec(chosen))
            self.twin.naturals += chosen

    @rule(pick=picks, chosen=naturals)
    def change_naturals(self, pick: int, chosen: list[int]) -> None:
        span = self.spans[pick % len(self.spans)]
        self.session.set_nat_vec(span, chosen)
        self.twin.naturals[span.start : span.start + 2] = chosen
        assert tuple(chosen) == self.session.get_nat_vec(span)

    @rule(op=st.sampled_from(["add", "mul"]), first=picks, second=picks)
    def combine_two_values(self, op: str, first: int, second: int) -> None:
        a, b = self._value(first), self._value(second)
        if a.shape != b.shape:
            with pytest.raises(ShapeMismatch, match="must be equal"):
                getattr(self.session, op)(a, b)
            return
        self._node(lambda: getattr(self.session, op)(a, b), (op, (a.id, b.id), ()))

    @rule(op=st.sampled_from(["relu", "detach", "sum", "scale"]), pick=picks, c=st.sampled_from([-1.0, 0.5, 2.0]))
    def change_a_value(self, op: str, pick: int, c: float) -> None:
        x, attributes = self._value(pick), (c,) * (op == "scale")
        self._node(lambda: getattr(self.session, op)(x, *attributes), (op, (x.id,), attributes))

    @rule(first=picks, second=picks)
    def gather_rows(self, first: int, second: int) -> None:
        x, span = self._value(first), self.spans[second % len(self.spans)]
        if x.shape == (2, 2):
            node = ("gather_rows_ref", (x.id,), (slice(span.start, span.start + 2),))
            self._node(lambda: self.session.gather_rows_ref(x, span), node)

    @rule(pick=picks, seed=matrices)
    def go_backward(self, pick: int, seed: Array) -> None:
        out = self._value(pick)
        y_bar = seed if out.shape else seed[0, 0]
        self.gradient = self.session.backward_dense_all(out, y_bar), self.twin.cotangents(out.id, y_bar)
        for value, expected in zip(self.values, self.gradient[1], strict=True):
            assert np.array_equal(expected, self.session.grad(self.gradient[0], value))

    @rule(pick=picks, direction=matrices)
    def go_forward(self, pick: int, direction: Array) -> None:
        out, count = self._value(pick), len(self.twin.leaves)
        expected = self.twin.tangents(dict.fromkeys(range(count), direction))[out.id]
        assert np.array_equal(expected, self.session.jvp_dense_all(out, [direction] * count))

    @precondition(lambda self: self.gradient is not None)
    @rule(rate=st.sampled_from([0.5, 1.0]))
    def descend(self, rate: float) -> None:
        ours, expected = self.gradient
        uses = [(leaf, chosen) for leaf, chosen in self.twin.uses if self.parameters[chosen].requires_grad]
        if any(leaf >= len(expected) for leaf, _ in uses):  # a leaf that was added after the gradient was computed
            with pytest.raises(SessionError, match="needs a cotangent"):
                self.session.sgd_step_all(rate, ours)
        else:
            self.session.sgd_step_all(rate, ours)
            for leaf, chosen in uses:
                self.cells[chosen] = self.cells[chosen] - expected[leaf] * rate

    @rule(value=matrices)
    def reset(self, value: Array) -> None:
        stale = self.values[-1]
        self.session.reset_tape()
        self._begin()
        for handle, reason in [(stale, "before the session was reset"), (self.other, "another session")]:
            with pytest.raises(SessionError, match=reason):
                self.session.relu(handle)
        for place, cell in enumerate(self.cells):
            if np.abs(cell).max() > 2:  # large ones are assigned anew, or they would outgrow exact floats
                self.parameters[place].value = self.cells[place] = value

    @invariant()
    def values_and_parameters_agree(self) -> None:
        for value, expected in zip(self.values, self.twin.values(), strict=True):
            assert np.array_equal(expected, self.session.get_value(value))
        for parameter, expected in zip(self.parameters, self.cells, strict=True):
            assert np.array_equal(expected, parameter.value)

    def _is_early(self, verb: Any) -> bool:
        if self.twin.nodes:
            with pytest.raises(SessionError, match="before the first op"):
                verb()
        return not self.twin.nodes

    def _value(self, pick: int) -> Value:
        return self.values[pick % len(self.values)]

    def _leaf(self, verb: Any, value: Array, *, frozen: bool) -> bool:
        if not self._is_early(verb):
            return False
        self.values.append(verb())
        self.twin.leaves.append(value)
        self.twin.frozen.append(frozen)
        return True

    def _node(self, verb: Any, node: tuple[str, tuple[int, ...], tuple[Any, ...]]) -> None:
        if len(self.twin.nodes) < 7:
            self.values.append(verb())
            self.twin.nodes.append(node)


SessionAndTwin.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestAnySequenceOfVerbsAgreesWithTheTwin = SessionAndTwin.TestCase
