"""Graphs and the theorem in the ledger: what is served, what changes a key, and a tape that remembers."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from backproof.equivalence.graph_work import GraphWork
from backproof.equivalence.kernel import verdict
from backproof.equivalence.kernel.verdict import Proved
from backproof.equivalence.ledger.keys import key_of
from backproof.equivalence.ledger.ledger import open_ledger
from backproof.equivalence.ledger.store import Store
from backproof.equivalence.obligations import Decided
from backproof.equivalence.rule_work import RuleWork
from backproof.equivalence.rules.instances import instances
from backproof.equivalence.run import decided
from backproof.equivalence.work import TheoremWork, TwoRunsWork, Work
from backproof.ir.exchange import Case
from backproof.ir.graph import Environment, Graph, Leaf, NaturalsRef, Node
from backproof.runtime.primitive import primitive_of
from backproof.runtime.tape import Tape
from ledgers import kept

Patch = pytest.MonkeyPatch

LEAVES = (Leaf((2, 3)), Leaf((3, 2)))
NODES = (
    Node("matmul", (0, 1), (2, 2)),
    Node("tanh", (2,), (2, 2)),
    Node("reshape", (3,), (4,), {"shape": NaturalsRef(0, 1)}),
    Node("clamp", (4,), (4,), {"lo": -0.5, "hi": 0.5}),
)


def case(*, leaf: float = 0.25, seed: float = 1.0, nodes: tuple[Node, ...] = NODES) -> Case:
    graph = Graph(LEAVES, nodes)
    leaves = tuple(np.full(each.shape, leaf) for each in LEAVES)
    seeds = tuple(np.full(graph.shape(value), seed) for value in range(len(graph)))
    return Case(graph, leaves, Environment((4,)), seeds)


GRAPH = GraphWork("g", case())
THEOREM = TheoremWork()
WORK: tuple[Work, ...] = (THEOREM, GRAPH)


def key(piece: Work) -> str:
    return key_of(piece, "torchlean")


def run(path: Path) -> list[Decided]:
    with open_ledger(path, pytest.fail) as ledger:
        return list(decided(WORK, 1, None, "torchlean", lambda _done, _owed: None, ledger))


def said(results: list[Decided]) -> list[Any]:
    """Everything but cost and what carried a proof."""
    return [
        (each.obligation, each.notes,
         (each.verdict.proof.statement, each.verdict.proof.queries) if isinstance(each.verdict, Proved) else each.verdict)
        for each in results
    ]  # fmt: skip


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Decided]]:
    """A ledger of all of WORK, and what was decided when it was made."""
    path = tmp_path_factory.mktemp("ledger") / "proofs.ledger"
    return path, run(path)


def test_a_second_run_decides_no_graph_and_no_theorem(filled: tuple[Path, list[Decided]], monkeypatch: Patch) -> None:
    path, first = filled
    monkeypatch.setattr(ProcessPoolExecutor, "submit", lambda *_asked: pytest.fail("something was decided again"))
    second = run(path)
    assert said(first) == said(second)
    assert {type(each.verdict) for each in second} == {Proved, verdict.Tested}
    assert all(each.is_from_the_ledger for each in second)
    assert not any(each.is_from_the_ledger for each in first)


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.pop(),
        lambda rows: rows.reverse(),
        lambda rows: rows[0].update(claim="something else"),
        lambda rows: rows[0].update(proof=None, points=3),
        lambda rows: rows.append(rows[0]),
    ],
)
def test_a_theorem_of_other_lemmas_is_not_served(change: Callable[[Any], None], filled: tuple[Path, Any], tmp_path: Path) -> None:
    rows = msgspec.json.decode(kept(filled[0])[key(THEOREM)])
    change(rows)
    body = msgspec.json.encode(rows)
    store = Store(tmp_path / "other", pytest.fail)
    store.put([(key(THEOREM), body)])
    store.close()
    assert kept(tmp_path / "other") == {key(THEOREM): body}
    with open_ledger(tmp_path / "other", pytest.fail) as ledger:
        assert ledger.find(key(THEOREM), THEOREM) is None


def test_a_tape_that_cannot_be_read_now_has_no_theorem(filled: tuple[Path, Any], monkeypatch: Patch) -> None:
    asked = key(THEOREM)
    with open_ledger(filled[0], pytest.fail) as ledger:
        assert ledger.find(asked, THEOREM) is not None
        monkeypatch.setattr(Tape, "propagate", lambda *_asked: 1 / 0)
        assert ledger.find(asked, THEOREM) is None


def test_two_runs_of_a_tape_have_no_key() -> None:
    assert key(TwoRunsWork()) == ""


# What changes the key of a graph.


def test_every_part_of_a_case_is_in_its_key() -> None:
    assert ("name", "case") == tuple(field.name for field in fields(GraphWork))
    assert ("graph", "leaves", "environment", "seeds") == tuple(field.name for field in fields(Case))
    other = (*NODES[:3], replace(NODES[3], attributes={"lo": -0.5, "hi": 0.75}))
    frozen = replace(case(), graph=Graph((LEAVES[0], replace(LEAVES[1], requires_grad=False)), NODES))
    named = replace(case(), graph=Graph(LEAVES, (*NODES[:3], replace(NODES[3], name="y"))))
    pieces = [
        GRAPH,
        GraphWork("h", case()),
        *(GraphWork("g", case(leaf=leaf)) for leaf in (0.0, -0.0, float(np.nextafter(0.25, 1)))),
        GraphWork("g", case(seed=2.0)),
        GraphWork("g", replace(case(), environment=Environment((4, 1)))),
        *(GraphWork("g", each) for each in (case(nodes=NODES[:3]), case(nodes=other), frozen, named)),
    ]
    keys = [key(piece) for piece in pieces]
    assert "" not in keys
    assert len(set(keys)) == len(pieces)
    assert key_of(GRAPH, "pytorch") not in keys


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_key_is_the_same_on_both_sides_of_a_process(order: Any) -> None:
    strided = np.full((4, 6), 0.5)[::2, ::2]
    leaves = (np.array(strided, order=order) if order == "F" else strided, np.full((3, 2), 0.5))
    piece = GraphWork("g", replace(case(), leaves=leaves))
    assert key(piece) == key(pickle.loads(pickle.dumps(piece))) != ""


@pytest.mark.parametrize("slot", ["forward_kernel", "vjp_kernel", "jvp_kernel", "shape"])
def test_the_kernels_of_a_graphs_ops_are_in_its_key_and_no_others(slot: str, monkeypatch: Patch) -> None:
    before, theorem = key(GRAPH), key(THEOREM)
    monkeypatch.setattr(primitive_of("sin"), slot, lambda *operands: operands[0])
    assert key(GRAPH) == before
    monkeypatch.setattr(primitive_of("tanh"), slot, lambda *operands: operands[0])
    assert key(GRAPH) not in ("", before)
    assert key(THEOREM) == theorem


@pytest.mark.parametrize("method", ["accumulate", "propagate", "record", "refresh", "backward_dense_from"])
def test_the_tape_is_in_the_key_of_graphs_and_of_the_theorem(method: str, monkeypatch: Patch) -> None:
    before = {key(piece) for piece in WORK}
    monkeypatch.setattr(Tape, method, lambda *operands: operands[0])
    assert not before & {key(piece) for piece in WORK}


# A tape of somebody's own.

TAPE = """
    from backproof import Tape, checked_tape

    KEPT = []

    @checked_tape
    class Mine(Tape):
        def propagate(self, place, accumulated):
            REMEMBER
            super().propagate(place, accumulated)
"""


def checked(rules: Path, ledger: Path) -> dict[str, list[bool]]:
    """Which proofs of a run come from the ledger, by kind of obligation."""
    asked = ("check", "--rules", rules, "--graphs", "2", "--seed", "1", "--ops", "neg", "--jobs", "1", "--ledger", ledger)
    process = subprocess.run([sys.executable, "-m", "backproof", *asked, "--json"], capture_output=True, check=False)
    assert (0, b"") == (process.returncode, process.stderr)
    found: dict[str, list[bool]] = {}
    for row in json.loads(process.stdout)["rows"]:
        if row["verdict"] == "proved":
            found.setdefault(row["id"].partition(":")[0], []).append(row["rests_on"][-1] == "ledger")
    return found


def test_a_tape_of_somebodys_own_is_kept_until_it_changes_and_one_that_remembers_never(tmp_path: Path) -> None:
    rules, ledger = tmp_path / "rules.py", tmp_path / "proofs.ledger"
    rules.write_text(textwrap.dedent(TAPE).replace("REMEMBER", "pass"))
    assert not any(any(found) for found in checked(rules, ledger).values())
    second = checked(rules, ledger)
    assert {"theorem", "graph", "rule", "lemma"} == second.keys()
    assert all(all(found) for found in second.values())

    rules.write_text(textwrap.dedent(TAPE).replace("REMEMBER", "KEPT.append(1)"))
    before = kept(ledger)
    third = checked(rules, ledger)
    assert {"theorem": False, "graph": False} == {kind: any(third[kind]) for kind in ("theorem", "graph")}
    assert all(third["rule"]) and all(third["lemma"])
    assert kept(ledger) == before


def test_what_is_decided_while_another_piece_is_waited_for_is_written(tmp_path: Path) -> None:
    path = tmp_path / "proofs.ledger"
    work: list[Work] = [THEOREM, *(RuleWork(rule) for rule in list(instances("relu"))[2:4])]

    def run_here() -> None:
        with open_ledger(path, pytest.fail) as ledger:
            assert len(list(decided(work, 2, None, "torchlean", lambda _done, _owed: None, ledger))) > len(work)

    with ThreadPoolExecutor(1) as others:
        ran = others.submit(run_here)
        while not ran.done() and not (path.exists() and path.stat().st_size and kept(path)):
            time.sleep(0.02)
        first = kept(path)
        ran.result()
    assert first
    assert key(THEOREM) not in first
    assert {key(piece) for piece in work} == kept(path).keys()
