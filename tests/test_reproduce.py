"""The reproduction: a figure that does not hold, does not come, or a command that ends otherwise is named, with status 1."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "reproduce"


@pytest.fixture
def scripts(monkeypatch: pytest.MonkeyPatch) -> dict[str, ModuleType]:
    """The scripts of the folder, as they import one another."""
    monkeypatch.syspath_prepend(str(FOLDER))
    names = ("claim", "reading", "claims", "repetition", "environment", "page", "run")
    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    return {name: __import__(name) for name in names}


def claim_that_prints(scripts: dict[str, ModuleType], document: Any, status: int = 0, limit: float = 1) -> Any:
    claim, reading = scripts["claim"], scripts["reading"]
    program = f"import sys; print({json.dumps(document)!r}); sys.exit({status})"
    figures = (claim.Figure("ops", reading.at("ops"), claim.Bound(">=", limit)), claim.Figure("told", reading.at("told"), None))
    return claim.Claim("small", "It is so.", ("README.md",), (sys.executable, "-c", program), json.loads, figures)


@pytest.mark.parametrize(
    ("document", "status", "limit", "holds", "problem"),
    [
        ({"ops": 3, "told": 1}, 0, 3, True, ""),
        ({"ops": 3, "told": 1}, 0, 4, False, ""),
        ({"ops": 3, "told": 1}, 3, 3, False, "status 3 came, 0 was needed"),
        ({"ops": 3}, 0, 3, False, "figure 'told' did not come: KeyError: 'told'"),
        ({"ops": float("nan"), "told": 1}, 0, 3, False, ""),
    ],
)
def test_a_claim_holds_if_the_status_and_every_bound_do(
    document: Any, status: int, limit: float, holds: bool, problem: str, scripts: dict[str, ModuleType]  # noqa: FBT001
) -> None:
    came = scripts["repetition"].outcome_of(claim_that_prints(scripts, document, status, limit), ROOT)
    assert (holds, problem) == (came.holds, came.problem)


def test_what_prints_no_document_does_not_hold(scripts: dict[str, ModuleType]) -> None:
    silent = scripts["claim"].Claim("silent", "", (), (sys.executable, "-c", ""), json.loads, ())
    came = scripts["repetition"].outcome_of(silent, ROOT)
    assert not came.holds and came.problem.startswith("no document was printed")


def test_a_claim_whose_packages_are_missing_was_not_repeated(scripts: dict[str, ModuleType]) -> None:
    claim = scripts["claim"].Claim("peer", "", (), ("false",), json.loads, (), packages=("no_such_package",))
    came = scripts["run"].missing(claim)
    assert came is not None and not came.holds


def test_the_page_names_what_does_not_hold_and_where_the_figures_come_from(scripts: dict[str, ModuleType]) -> None:
    came = [scripts["repetition"].outcome_of(claim_that_prints(scripts, {"ops": 3, "told": 1}, limit=limit), ROOT) for limit in (3, 4)]
    page = scripts["page"].page(came, {"commit": "abc"})
    assert "**Not repeated: small.**" in page and "| commit | abc |" in page
    assert "| ops | 3 | >= 3 | holds |" in page and "| ops | 3 | >= 4 | **DOES NOT HOLD** |" in page


def test_a_claim_that_is_repeated_alone_takes_the_place_of_its_section_and_says_at_which_commit(scripts: dict[str, ModuleType]) -> None:
    wrong, right = (scripts["repetition"].outcome_of(claim_that_prints(scripts, {"ops": 3, "told": 1}, limit=each), ROOT) for each in (4, 3))
    other = replace(right, claim=replace(right.claim, name="other"))
    before = scripts["page"].page([wrong, other], {"commit": "abc"})
    after = scripts["page"].replaced(before, [right], {"commit": "def"})
    assert "**Not repeated: small.**" in before and "All 2 claims were repeated." in after
    assert ["small", "other"] == [line.removeprefix("## ") for line in after.splitlines() if line.startswith("## ")]
    assert "DOES NOT HOLD" not in after and "Repeated alone, at commit def." in after and "| commit | abc |" in after
    assert scripts["page"].replaced(after, [wrong], {"commit": "abc"}).count("**Not repeated: small.**") == 1


def test_every_claim_has_a_bound_pages_that_exist_and_a_name_of_its_own(scripts: dict[str, ModuleType]) -> None:
    claims = scripts["claims"].CLAIMS
    assert len({claim.name for claim in claims}) == len(claims) >= 10
    for claim in claims:
        assert any(figure.bound is not None for figure in claim.figures), claim.name
        assert all((ROOT / page).is_file() for page in claim.where), claim.name
        assert all((ROOT / word).is_file() for word in claim.command if word.endswith(".py")), claim.name


def test_evidence_is_read_from_what_pytest_prints(scripts: dict[str, ModuleType]) -> None:
    text = "=== evidence ===\nmutants of kernels: 2400\nruns killed with -9: 1e+03\n1 failed, 12 passed in 3.21s\n"
    found = scripts["reading"].passed(text)
    assert (12, 1, 0, 2400, 1000) == tuple(found[name] for name in ("passed", "failed", "error", "mutants of kernels", "runs killed with -9"))


def test_a_claim_that_there_is_not_is_refused_and_all_are_listed() -> None:
    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, str(FOLDER / "run.py"), *arguments], capture_output=True, text=True, check=False)

    refused, listed = run("theorm"), run("--list")
    assert refused.returncode == 2 and "no claim is called 'theorm'" in refused.stderr
    assert listed.returncode == 0 and "theorem: " in listed.stdout
