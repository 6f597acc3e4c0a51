"""Keys of the ledger: what changes one, what does not, and what has none."""

from __future__ import annotations

import sys
import textwrap
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from backproof.equivalence.ledger.installed import changed_since
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.libraries import foreign
from backproof.equivalence.ledger.machinery import _known
from backproof.equivalence.rules import points
from backproof.equivalence.rules.all_shapes import patterns
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules_file import MODULE_NAME, load_rules
from backproof.equivalence.work import LemmaWork, RuleWork, TheoremWork
from backproof.runtime import windows
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
    found = [key_of(piece, convention) for piece in work for convention in CONVENTIONS]
    assert "" not in found
    assert len(found) == len(set(found)) > 3000


def test_a_key_is_the_same_when_asked_again(before: dict[str, str]) -> None:
    assert before == keys()


def test_the_theorem_has_no_key() -> None:
    assert key_of(TheoremWork(), "torchlean") == ""




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


@pytest.fixture
def fresh() -> Any:
    """The digest of the machinery, made anew and forgotten afterwards."""
    _known.cache_clear()
    yield lambda: _known.__wrapped__()[0]
    _known.cache_clear()


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ("backproof.runtime.tape.Tape", "record"),
        ("backproof.runtime.windows", next(n for n, v in vars(windows).items() if isinstance(v, FunctionType))),
        ("backproof.spec.formula", "total"),
        ("backproof.equivalence.rules.discharge.RuleCheck", "verdict"),
        ("backproof.equivalence.kernel.algebra.equalities", "decide_equalities"),
    ],
)
def test_machinery_that_was_replaced_in_memory_changes_every_key(where: str, name: str, fresh: Any, monkeypatch: Patch) -> None:
    first = fresh()
    assert first == fresh() != ""
    monkeypatch.setattr(f"{where}.{name}", lambda *operands: operands)
    assert fresh() not in ("", first)


def test_a_table_that_was_replaced_in_memory_changes_every_key(fresh: Any, monkeypatch: Patch) -> None:
    first = fresh()
    monkeypatch.setattr(points, "_DRAWS", points._DRAWS[:-1])
    second = fresh()
    monkeypatch.setattr(points, "_DRAWS", (*points._DRAWS[:-1], lambda _stream: 0.0))
    assert len({first, second, fresh(), ""}) == 4


def test_after_a_file_of_the_machinery_changed_nothing_has_a_key(fresh: Any, monkeypatch: Patch) -> None:
    assert fresh() != ""
    monkeypatch.setattr("backproof.equivalence.ledger.machinery._LOADED", 0.0)
    assert key_of(RuleWork(next(iter(instances("relu")))), "torchlean") == ""


@pytest.mark.parametrize("changed", ["versions", "settings", "errors"])
def test_another_library_or_host_changes_every_key(changed: str, fresh: Any, monkeypatch: Patch) -> None:
    first = fresh()
    if changed == "versions":
        monkeypatch.setattr("backproof.equivalence.ledger.machinery.versions", lambda: (("numpy", "0", ""),))
        assert fresh() != first
    elif changed == "settings":
        monkeypatch.setenv("OPENBLAS_CORETYPE", "none")
        assert fresh() != first
    else:
        with np.errstate(over="raise"):
            assert fresh() != first


def test_a_library_that_was_changed_by_somebody_is_found_out(monkeypatch: Patch) -> None:
    assert foreign() == ""
    monkeypatch.setattr("sympy.core.add.Add.flatten", lambda *operands: operands)
    assert foreign().endswith(".Add")


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


def test_a_file_of_a_library_that_was_written_after_its_installation_is_named(monkeypatch: Patch) -> None:
    assert changed_since() == ""
    monkeypatch.setattr("backproof.equivalence.ledger.installed._SLACK", -1e6)
    assert changed_since() != ""


def test_a_file_of_a_library_that_is_gone_is_named(monkeypatch: Patch) -> None:
    listed = "numpy/gone.py,sha256=x,1\n" + (distribution("numpy").read_text("RECORD") or "")
    monkeypatch.setattr("backproof.equivalence.ledger.installed._listed", lambda _installed: listed)
    assert changed_since() == "numpy/gone.py"


def test_without_a_list_of_files_nothing_is_known_of_a_library(monkeypatch: Patch, fresh: Any) -> None:
    monkeypatch.setattr("backproof.equivalence.ledger.installed._listed", lambda _installed: "")
    assert fresh() == ""
    assert key_of(RuleWork(next(iter(instances("relu")))), "torchlean") == ""
