"""Wrong rules by class: there are many, each is a rules file that anybody can run, and none of a few is missed."""

from __future__ import annotations

import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest
from backproof import Case, Environment, Graph, Leaf, Node, write_case
from backproof.faults.fault import Fault
from backproof.faults.planted.classes import drawn, planted_faults

FEW = (
    "planted/only-in-float32/embedding/vjp",
    "planted/only-at-stride-3/conv2d/vjp",
    "planted/too-large-by-1e-15/log/forward",
    "planted/only-on-the-second-run/matmul/vjp",
    "planted/where-a-node-is-both-parents/SecondLost",
)

JUDGED = """
import sys
from backproof.faults.judging import judged
from backproof.faults.planted.classes import planted_faults

faults = {fault.id: fault for fault in planted_faults()}
for each in judged([faults[id_] for id_ in sys.argv[1:]], 1, 1, lambda _done, _all: None):
    print(each.fault.id, each.outcome)
"""
"""Run in a process without threads: faults are planted in forks of it."""


@pytest.fixture(scope="module")
def faults() -> dict[str, Fault]:
    return {fault.id: fault for fault in planted_faults()}


def test_there_are_many_classes_each_on_many_ops_or_tapes(faults: dict[str, Fault]) -> None:
    where = defaultdict(set)
    for fault in planted_faults():
        where[fault.fault_class].add(fault.op or fault.id)
    assert len(planted_faults()) == len(faults) >= 300
    assert len(where) >= 20
    assert [] == [name for name, ops in where.items() if len(ops) < 8]


def test_a_sample_is_drawn_by_its_seed() -> None:
    assert 7 == len(drawn(7, 1))
    assert drawn(7, 1) != drawn(7, 2)
    assert [fault.id for fault in drawn(7, 1)] == [fault.id for fault in drawn(7, 1)]
    assert [fault.id for fault in drawn(None, 1)] == [fault.id for fault in planted_faults()]


def test_none_of_a_few_is_missed() -> None:
    done = subprocess.run([sys.executable, "-c", JUDGED, *FEW], capture_output=True, text=True, check=True)
    came = dict(line.split() for line in done.stdout.splitlines())
    assert dict.fromkeys(FEW, "refuted") == came


def test_what_is_shown_is_a_rules_file_that_anybody_can_run(faults: dict[str, Fault], tmp_path: Path) -> None:
    graph, rules = tmp_path / "graph.json", tmp_path / "rules.py"
    ones = np.ones(())
    write_case(Case(Graph((Leaf(()),), (Node("tanh", (0,), ()),)), (ones,), Environment(), (ones, ones)), graph)
    rules.write_text(faults["planted/sign-flipped/tanh/vjp"].shown)
    replay = [sys.executable, "-m", "backproof", "replay", str(graph)]
    assert 0 == subprocess.run(replay, capture_output=True, check=False).returncode
    assert 1 == subprocess.run([*replay, "--rules", str(rules)], capture_output=True, check=False).returncode
