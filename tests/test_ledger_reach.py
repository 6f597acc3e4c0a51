"""What a function depends on, hashed exactly: different values, different digests; and what has none."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.reach import NotKeyed, digest_of
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.runtime.primitive import primitive_of

Patch = pytest.MonkeyPatch

STATE = [0]


class Scale:
    def __init__(self, by: float) -> None:
        self.by = by


SCALE = Scale(2.0)


@dataclass
class Table(dict[str, float]):
    name: str


@dataclass
class Slotted(Scale):
    name: str


class Slots:
    __slots__ = ("by",)


@dataclass
class Hidden(Slots):
    name: str


def hidden() -> Hidden:
    made = Hidden("a")
    made.by = 2.0
    return made


def slotted() -> Slotted:
    made = Slotted("a")
    made.by = 2.0
    return made


def formats(x: Any) -> Any:
    words = "{0.by}"
    return words.format(x)


def looks_at_frames(x: Any) -> Any:
    return (each for each in x).gi_frame.f_globals


def takes_what_memory_holds(x: Any) -> Any:
    return np.empty_like(x)


def hands_on(module: Any) -> Any:
    return module.add


def reads_the_clock(x: Any) -> Any:
    return x * time.time()


def draws(x: Any) -> Any:
    return x * np.random.random()


def loads(x: Any) -> Any:
    return x * np.load("table.npy")


def opens(x: Any) -> Any:
    return x * len(open("table").read())


def imports(x: Any) -> Any:
    import os

    return x * os.getpid()


def finds_by_words(x: Any) -> Any:
    return globals()["STATE"][0] * x


LOOK, IMPORT = getattr, __import__


def finds_under_another_name(x: Any) -> Any:
    return LOOK(x, "real")


def imports_by_a_function(x: Any) -> Any:
    return x * __import__("os").getpid()


def imports_under_another_name(x: Any) -> Any:
    return x * IMPORT("os").getpid()


def hands_a_finder_on(x: Any) -> Any:
    return [*map(eval, ["x"])]


def names_an_attribute_in_a_pattern(x: Any) -> Any:
    match hands_on:
        case object(__globals__=found):
            return found["STATE"][0] * x


def changes_a_global(x: Any) -> Any:
    global STATE
    STATE = [1]
    return x


def holds_an_unknown_object(x: Any) -> Any:
    return x * SCALE.by


def gives_a_module_away(x: Any) -> Any:
    return hands_on(np)(x, x)


def goes_through_dunders(x: Any) -> Any:
    return hands_on.__globals__["STATE"][0] * x




@pytest.mark.parametrize(
    "kernel",
    [reads_the_clock, draws, loads, opens, imports, finds_by_words, changes_a_global,
     finds_under_another_name, imports_by_a_function, imports_under_another_name, hands_a_finder_on, names_an_attribute_in_a_pattern, holds_an_unknown_object,
     gives_a_module_away, goes_through_dunders, formats, looks_at_frames, takes_what_memory_holds, Table("a"), hidden(), slotted(), Scale(1.0), np.frompyfunc(abs, 1, 1), iter([1]), np.array([Scale(1.0)])],
    ids=lambda kernel: getattr(kernel, "__name__", type(kernel).__name__),
)  # fmt: skip
def test_what_cannot_be_hashed_exactly_has_no_key(kernel: Any, monkeypatch: Patch) -> None:
    with pytest.raises(NotKeyed):
        digest_of(kernel)
    monkeypatch.setattr(primitive_of("relu"), "forward_kernel", kernel)
    assert key_of(RuleWork(next(iter(instances("relu")))), "torchlean") == ""


def reads_state(x: Any) -> Any:
    return x * STATE[0]


def test_state_that_a_kernel_keeps_is_part_of_it() -> None:
    first = digest_of(reads_state)
    STATE[0] += 1
    assert first != digest_of(reads_state)


@pytest.mark.parametrize(
    ("one", "other"),
    [(0.0, -0.0), (1, True), (1, 1.0), ("a", b"a"), ((1, (2,)), ((1,), 2)), ([1], (1,)), ({"a": 1}, {"a": 2}), (None, ()),
     ((1, 2), (True, 2)), ((1,), (1.0,)), (("a", "b"), ("a', 'b",)), (("a",), ("a", "")), (("1",), (1,)), (("a", ("b",)), (("a", "b"),)),
     ((1,), "(1,)"), (np.float32(1), np.float64(1)), (np.zeros(2), np.zeros((2, 1))), (lambda x: x + 1, lambda x: x + 1.0), ("1:a", "1")],
)  # fmt: skip
def test_different_values_have_different_digests(one: Any, other: Any) -> None:
    assert digest_of(one) != digest_of(other)


def made(factor: float) -> Callable[[Any], Any]:
    return lambda x: factor * x


def test_what_a_closure_holds_counts() -> None:
    assert digest_of(made(2.0)) == digest_of(made(2.0)) != digest_of(made(3.0))


def test_functions_that_call_each_other_have_a_digest() -> None:
    module = ModuleType("cycle")
    exec("def even(n): return n == 0 or odd(n - 1)\ndef odd(n): return n != 0 and even(n - 1)", vars(module))  # noqa: S102
    assert digest_of(module.even) != digest_of(module.odd)


@pytest.mark.parametrize("constant", [Scale(2.0), (1, made(2.0))])
def test_code_that_holds_what_may_change_has_no_digest(constant: Any) -> None:
    rule = made(2.0)
    code = rule.__code__  # type: ignore[attr-defined]
    rule.__code__ = code.replace(co_consts=(*code.co_consts, constant))  # type: ignore[attr-defined]
    with pytest.raises(NotKeyed, match="a constant that no compiler makes"):
        digest_of(rule)
