"""`check --since REV`: what changed is said, what did not comes from the ledger, and what the ledger lacks is decided."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from backproof.arguments import BadInput
from backproof.cli import main
from backproof.reports.report import RunCost, Since
from backproof.reports.touched import touched
from backproof.since import base_of, changed_since, revision

Git = Callable[..., None]


@pytest.fixture
def git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """A repository with one commit, in which the process works."""

    def run(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *identity, *arguments], cwd=tmp_path, check=True, capture_output=True)

    monkeypatch.chdir(tmp_path)
    for name in ("page.md", "rules.py", "helper.py", "graph.json", "graph.npz", "gone.md"):
        (tmp_path / name).write_text("1\n")
    run("init", "-q")
    run("add", ".")
    run("commit", "-qm", "first")
    return run


def since(*files: str, rules: str | None = None) -> Since:
    return changed_since(revision("HEAD"), list(map(Path, files)), None if rules is None else Path(rules))


def test_changed_new_and_removed_files_count_and_ignored_ones_do_not(git: Git) -> None:
    assert () == since().changed
    Path("page.md").write_text("2\n")
    Path("new page.md").write_text("2\n")
    Path("gone.md").unlink()
    Path(".gitignore").write_text("ignored\n")
    Path("ignored").write_text("2\n")
    Path("rules.py").write_text("2\n")
    git("add", "rules.py")
    assert (".gitignore", "gone.md", "new page.md", "page.md", "rules.py") == since().changed
    git("commit", "-qm", "second")
    assert "rules.py" in changed_since(revision("HEAD~1"), [], None).changed


def test_a_name_that_is_no_text_is_said_in_text(git: Git) -> None:
    Path(os.fsdecode(b"a\xff.md")).write_text("2\n")
    assert ("a\\xff.md",) == since().changed


def test_what_the_run_reads_matters_with_what_rules_may_import(git: Git) -> None:
    for name in ("page.md", "rules.py", "helper.py", "graph.json", "graph.npz"):
        Path(name).write_text("2\n")
    assert () == since().matter
    assert ("graph.json", "graph.npz") == since("graph.json").matter
    assert ("helper.py", "rules.py") == since(rules="rules.py").matter


def test_of_the_checker_what_decides_matters_and_what_tells_does_not(git: Git, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("backproof.since._PACKAGE", tmp_path)
    for name in ("runtime/a.py", "reports/b.py", "docs/c.md", "ir/d.json"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text("2\n")
    assert ("ir/d.json", "runtime/a.py") == since().matter


def test_runs_since_one_commit_draw_the_same_graphs(git: Git) -> None:
    assert revision("HEAD").seed == base_of("HEAD", without=False).seed == int(revision("HEAD").commit[:8], 16)


@pytest.mark.parametrize("name", ["nosuch", "-q", "HEAD:page.md", ""])
def test_what_is_no_commit_is_refused_in_one_line(git: Git, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="was needed"):
        revision(name)
    assert 2 == main(["check", f"--since={name}"])
    assert 1 == capfd.readouterr().err.count("\n")


def test_without_a_repository_without_git_or_without_a_ledger_it_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert 2 == main(["check", "--since", "HEAD"])
    assert 2 == main(["check", "--since", "HEAD", "--no-ledger"])
    monkeypatch.setenv("PATH", str(tmp_path))
    assert 2 == main(["check", "--since", "HEAD"])
    no_repository, no_ledger, no_git = capfd.readouterr().err.splitlines()
    assert "not a git repository" in no_repository
    assert "--no-ledger" in no_ledger
    assert "a git that can be run was needed" in no_git


def checked(ledger: str) -> Any:
    """The report of a process of its own: keys hold what a process has loaded."""
    options = ["--since=HEAD", "--ops=add", "--graphs=0", "--json", f"--ledger={ledger}"]
    done = subprocess.run([sys.executable, "-m", "backproof", "check", *options], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def test_a_change_of_documentation_alone_is_green_and_not_empty_and_what_a_ledger_lacks_is_decided(
    git: Git, tmp_path: Path
) -> None:
    ledgers = tmp_path.parent / f"{tmp_path.name} ledgers"
    ledgers.mkdir()
    Path("page.md").write_text("2\n")
    first = checked(f"{ledgers}/one")
    assert (0, ["add"], ["page.md"], []) == (
        first["cost"]["from_ledger"], first["cost"]["decided"], first["cost"]["since"]["changed"], first["cost"]["since"]["matter"],
    )  # fmt: skip
    second = checked(f"{ledgers}/one")
    assert len(first["rows"]) == len(second["rows"]) == second["cost"]["from_ledger"] > 10
    assert [] == second["cost"]["decided"]
    assert 0 == checked(f"{ledgers}/another")["cost"]["from_ledger"]


def test_the_lines_say_what_changed_and_what_was_decided() -> None:
    cost = RunCost(1.0, 1, 3, since=Since("main", "0123456789abcdef", ("a.md",), ()))
    files, decided = touched(cost)
    assert "since main (0123456789ab): 1 file changed, and nothing that a verdict depends on changed" == files
    assert "decided in this run: nothing" == decided
    names = tuple(f"op{place}" for place in range(30))
    said = " ".join(touched(RunCost(1.0, 1, 3, decided=names, since=Since("main", "0" * 40, ("a.py", "b.md"), ("a.py",)))))
    assert "2 files changed, 1 that a verdict may depend on: a.py" in said
    assert "and 10 more" in said
