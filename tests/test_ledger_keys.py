"""Keys of the ledger: what changes one, what does not, and what has none."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from backproof.equivalence.ledger.keys import Keys, key_of
from backproof.equivalence.rule_work import LemmaWork, RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.patterns import patterns
from backproof.equivalence.rules_file import MODULE_NAME, load_rules
from backproof.runtime.primitive import PRIMITIVES, primitive_of
from backproof.runtime.primitives import activations, randomness
from backproof.runtime.shapes import pointwise
from backproof.spec.convention import CONVENTIONS
from backproof.spec.definition import DEFINITIONS

Patch = pytest.MonkeyPatch


def keys() -> dict[str, str]:
    """The key of the first rule of every op."""
    return {op: key_of(RuleWork(next(iter(instances(op)))), "torchlean") for op in sorted(DEFINITIONS)}


def changed_from(before: dict[str, str]) -> set[str]:
    after = keys()
    return {op for op, key in before.items() if after[op] != key}


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    return keys()


def test_every_op_that_ships_has_keys_and_no_two_pieces_share_one() -> None:
    work = [*(RuleWork(rule) for op in DEFINITIONS for rule in instances(op))]
    work += [LemmaWork(op, pattern) for op in ("add", "conv2d", "softmax") for pattern in patterns(op)]
    asked = [Keys(convention) for convention in CONVENTIONS]
    found = [keys_of.of(piece) for piece in work for keys_of in asked]
    assert "" not in found
    assert len(found) == len(set(found)) > 3000


def test_a_key_is_the_same_when_asked_again(before: dict[str, str]) -> None:
    assert before == keys()
    asked = Keys("torchlean")
    assert before == {op: asked.of(RuleWork(next(iter(instances(op))))) for op in before}


def test_a_module_constant_that_a_kernel_reads(before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(activations, "_ROOT_OF_TWO_OVER_PI", 0.7978845608028655)
    assert changed_from(before) == {"gelu"}


def test_a_function_that_a_kernel_calls_through_another(before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(randomness, "_mixed", lambda z: z)
    assert changed_from(before) == {"rand_uniform", "bernoulli_mask"}


def test_the_code_of_a_function_changed_in_place(before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(activations._gelu_decay, "__code__", (lambda x: x).__code__)
    assert changed_from(before) == {"gelu"}


@pytest.mark.parametrize("slot", ["forward_kernel", "vjp_kernel", "jvp_kernel", "shape", "domain_test"])
def test_each_part_of_a_primitive(slot: str, before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(primitive_of("log"), slot, lambda *operands: operands[0])
    assert changed_from(before) == {"log"}


def test_a_default_and_an_attribute_of_a_kernel(before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(primitive_of("safe_log").forward_kernel, "__defaults__", (1e-5,))
    assert changed_from(before) == {"safe_log"}


def test_a_shape_rule_that_several_ops_share(before: dict[str, str], monkeypatch: Patch) -> None:
    rule = primitive_of("add").shape
    sharing = {op for op, entry in PRIMITIVES.items() if entry.shape is rule}
    monkeypatch.setattr(rule, "__code__", rule.__code__.replace(co_consts=(*rule.__code__.co_consts, "more")))
    assert sharing <= changed_from(before) < set(before)
    assert rule.__module__ == pointwise.__name__


def test_a_numpy_function_that_was_replaced(before: dict[str, str], monkeypatch: Patch) -> None:
    monkeypatch.setattr(np, "tanh", np.sinh)
    assert changed_from(before) == {"tanh"}


def test_a_definition(before: dict[str, str], monkeypatch: Patch) -> None:
    other = DEFINITIONS["tanh"].__class__(**{**vars(DEFINITIONS["tanh"]), "formula": lambda x, *i: x[i]})
    monkeypatch.setitem(DEFINITIONS, "tanh", other)
    assert changed_from(before) == {"tanh"}


def test_a_convention_by_what_it_says_and_not_by_its_name_alone(before: dict[str, str], monkeypatch: Patch) -> None:
    piece = RuleWork(next(iter(instances("relu"))))
    assert len({key_of(piece, name) for name in CONVENTIONS}) == len(CONVENTIONS)
    monkeypatch.setattr("backproof.equivalence.ledger.keys.CONVENTIONS", {"torchlean": CONVENTIONS["pytorch"]})
    assert key_of(piece, "torchlean") not in ("", before["relu"])


RULES = """
    import numpy as np
    from backproof import primitive_of

    FACTOR = 1

    def slope(y):
        return FACTOR - y * y

    @primitive_of("tanh").vjp
    def vjp(y_bar, y, x):
        return (y_bar * slope(y),)

    @primitive_of("relu").jvp
    def jvp(x_dot, y, x):
        return np.where(x > 0, x_dot, 0)
"""


@pytest.fixture
def rules(tmp_path: Path, monkeypatch: Patch) -> Iterator[Path]:
    """A rules file; what it changes is put back."""
    for op in ("tanh", "relu"):
        for slot in primitive_of(op).__slots__:
            monkeypatch.setattr(primitive_of(op), slot, getattr(primitive_of(op), slot))
    rules = tmp_path / "rules.py"
    rules.write_text(textwrap.dedent(RULES))
    yield rules
    sys.modules.pop(MODULE_NAME, None)


def test_one_changed_character_of_a_rules_file_changes_its_op_and_no_other(rules: Path) -> None:
    load_rules(rules)
    first = keys()
    assert "" not in first.values()
    load_rules(rules)
    assert changed_from(first) == set()
    rules.write_text(textwrap.dedent(RULES).replace("FACTOR = 1", "FACTOR = 2"))
    load_rules(rules)
    assert changed_from(first) == {"tanh"}


def test_runs_with_a_rules_file_share_nothing_with_runs_without(before: dict[str, str], rules: Path) -> None:
    load_rules(rules)
    assert changed_from(before) == set(before)
    sys.modules.pop(MODULE_NAME)
    assert changed_from(before) == {"tanh", "relu"}
