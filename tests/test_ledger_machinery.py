"""What every key of the ledger holds: the checker itself, its libraries, and the machine; and when nothing has a key."""

from __future__ import annotations

import pickle
from importlib.metadata import distribution
from types import FunctionType
from typing import Any

import msgspec
import numpy as np
import pytest
from backproof.equivalence.ledger.installed import changed_since
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.libraries import foreign
from backproof.equivalence.ledger.machinery import _known, why_not_known
from backproof.equivalence.rule_work import LemmaWork, RuleWork
from backproof.equivalence.rules import points
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.rules.patterns import Pattern, patterns
from backproof.runtime import windows

Patch = pytest.MonkeyPatch


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
        monkeypatch.setattr("backproof.equivalence.ledger.machinery.versions", lambda _names: (("numpy", "0", ""),))
        assert fresh() != first
    elif changed == "settings":
        monkeypatch.setenv("OPENBLAS_CORETYPE", "none")
        assert fresh() != first
    else:
        with np.errstate(over="raise"):
            assert fresh() != first


def test_what_libraries_store_in_our_classes_changes_nothing(fresh: Any) -> None:
    first = fresh()
    for piece in (RuleWork(next(iter(instances("relu")))), *(LemmaWork("relu", each) for each in patterns("relu"))):
        pickle.dumps(piece)
        msgspec.json.encode(piece.owed()[0].needs)
    assert {"__slotnames__"} <= vars(Pattern).keys()
    assert fresh() == first


def test_a_library_that_was_changed_by_somebody_is_found_out(monkeypatch: Patch) -> None:
    assert foreign() == ""
    monkeypatch.setattr("sympy.core.add.Add.flatten", lambda *operands: operands)
    assert foreign().endswith(".Add")


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
    assert why_not_known() == "something of numpy was changed after it was installed"
