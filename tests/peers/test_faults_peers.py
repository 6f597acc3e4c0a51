"""The peers as they are asked about faults: what they see is killed, what they do not see is not, right rules pass."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import msgspec
import numpy as np
import pytest
from backproof.equivalence.rules.instances import RuleInstance
from backproof.faults.peers.checkers import PEERS, passes
from backproof.faults.peers.hosted import Hosted, hosted_rule
from backproof.runtime import primitives as _primitives  # noqa: F401 - fills the registry
from backproof.spec import definitions as _definitions  # noqa: F401 - fills the registry

pytestmark = pytest.mark.filterwarnings("ignore")  # what peers warn of is theirs, and an error would count as theirs too


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest) -> object:
    return PEERS[request.param][1]()


def matmul() -> Hosted:
    generator = np.random.default_rng(1)
    return hosted_rule(RuleInstance("matmul", ((2, 3), (3, 2))), [generator.standard_normal(s) for s in ((2, 3), (3, 2))])


def test_a_right_rule_passes(peer: object) -> None:
    assert passes(peer, matmul())


def test_a_wrong_vjp_of_the_last_input_a_wrong_jvp_and_a_wrong_value_are_seen(peer: object) -> None:
    right = matmul()
    for wrong in (
        replace(right, pull=lambda y_bar, x: (right.pull(y_bar, x)[0], 2 * right.pull(y_bar, x)[1])),
        replace(right, push=lambda dots, x: 2 * right.push(dots, x)),
        replace(right, forward=lambda *x: 1.01 * right.forward(*x)),
    ):
        assert not passes(peer, wrong)


def test_the_command_tables_the_peers_beside_the_checker() -> None:
    asked = ["faults", "--kind", "planted", "--sample", "2", "--seed", "1", "--jobs", "1", "--peers", "--json"]
    done = subprocess.run([sys.executable, "-m", "backproof", *asked], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    record = msgspec.json.decode(done.stdout)
    assert [set(PEERS)] * 2 == [set(row["peers"]) for row in record["rows"]]
    random = [each for each in record["peer_alarms"] if each["place"] == "random points"]
    assert set(PEERS) == {each["peer"] for each in random}
    assert all(each["runs"] > 100 and not each["alarms"] for each in random)
