"""docs/ci: a workflow that its public schema accepts, and a script that ends with the status of the check."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

ROOT = Path(__file__).resolve().parents[1]
SCRIPT = ROOT / "docs" / "ci" / "check.sh"
SCHEMA = Draft7Validator(json.loads((Path(__file__).parent / "schemas" / "github-workflow.json").read_text()))


class Strings(yaml.SafeLoader):
    """YAML in which `on` is a word, as GitHub reads it."""


Strings.yaml_implicit_resolvers = {
    letter: [each for each in resolvers if each[0] != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def workflow() -> Any:
    return yaml.load((ROOT / "docs" / "ci" / "github.yml").read_text(), Strings)


def steps() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = workflow()["jobs"]["check"]["steps"]
    return found


def test_the_workflow_is_one_by_its_public_schema_and_a_broken_one_is_not() -> None:
    assert [] == [error.message for error in SCHEMA.iter_errors(workflow())]
    broken = workflow()
    broken["jobs"]["check"]["step"] = broken["jobs"]["check"].pop("steps")
    assert [] != list(SCHEMA.iter_errors(broken))


def test_the_workflow_runs_the_script_and_what_comes_after_it_comes_whatever_its_status() -> None:
    (place,) = [place for place, step in enumerate(steps()) if "docs/ci/check.sh" in step.get("run", "")]
    assert steps()[place]["run"].split()[:2] == ["sh", "docs/ci/check.sh"]
    assert "continue-on-error" not in json.dumps(workflow())
    after = steps()[place + 1 :]
    assert all(step["if"].startswith("always()") for step in after)
    used = {step["uses"].partition("@")[0] for step in steps() if "uses" in step}
    assert {"actions/cache/restore", "actions/cache/save", "actions/upload-artifact", "github/codeql-action/upload-sarif"} <= used
    (saves,) = [step for step in after if "cache/save" in step["uses"]]
    assert "default_branch" in saves["if"]


def test_nothing_that_others_name_is_put_into_a_shell() -> None:
    assert not [step["run"] for step in steps() if "${{" in step.get("run", "")]


def ran(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PATH": f"{folder}:{Path(sys.executable).parent}:{os.environ['PATH']}", **settings}
    program = ["sh", str(SCRIPT), *arguments]
    return subprocess.run(program, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def pretends(folder: Path, status: int, *, writes: bool) -> None:
    """A `backproof` that says what it was asked for and ends with a status."""
    lines = ["#!/bin/sh", 'for each in "$@"; do printf "<%s>" "$each"; done']
    lines += ["mkdir -p out/backproof", "echo said >out/backproof/summary.md"] if writes else []
    program = folder / "backproof"
    program.write_text("\n".join([*lines, f"exit {status}", ""]))
    program.chmod(0o755)


@pytest.mark.parametrize("status", [0, 1, 2, 3, 4, 5, 130])
@pytest.mark.parametrize("summary", ["writable", "lost", "none"])
def test_the_script_ends_with_the_status_of_the_check(tmp_path: Path, status: int, summary: str) -> None:
    pretends(tmp_path, status, writes=status != 2)
    page = tmp_path / "page.md"
    settings: Mapping[str, str] = {"writable": {"GITHUB_STEP_SUMMARY": str(page)},
                                   "lost": {"GITHUB_STEP_SUMMARY": str(tmp_path / "no" / "page.md")}}.get(summary, {})  # fmt: skip
    came = ran(tmp_path, "--since", "a b", **{"GITHUB_STEP_SUMMARY": "", **settings})
    assert (4 if (status, summary) == (0, "lost") else status) == came.returncode
    owed = "<check><--seed><1><--ledger><.backproof/proofs.ledger><--out><out/backproof><--since><a b>"
    assert owed == came.stdout
    assert page.exists() == (summary == "writable" and status != 2)


def test_the_script_keeps_every_file_of_a_real_check(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("before\n")
    came = ran(tmp_path, "--ops", "add", "--graphs", "0", GITHUB_STEP_SUMMARY=str(page), BACKPROOF_OUT="kept", BACKPROOF_LEDGER="l/l")
    assert 0 == came.returncode, came.stderr
    assert {"junit.xml", "results.sarif", "summary.md", "report.html", "report.json"} <= {each.name for each in (tmp_path / "kept").iterdir()}
    assert page.read_text() == "before\n" + (tmp_path / "kept" / "summary.md").read_text()
    assert (tmp_path / "l" / "l").exists()
