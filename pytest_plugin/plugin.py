"""What pytest loads in every project that has backproof installed: options, and no more until one of them is given."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .deciding import Deciding

_GROUP = "backproof"

_WITHOUT = ("ops", "graphs", "seed", "rules", "convention", "jobs", "ledger", "no_ledger")
"""Options that say nothing without --backproof."""

_SEED = pytest.StashKey[int]()

_DECIDING = pytest.StashKey["Deciding"]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `backproof check`, under names that no other plugin has."""
    group = parser.getgroup(_GROUP, "backproof: gradients proved right, or refuted")
    add = group.addoption
    add("--backproof", action="store_true", help="Collect what is owed of the ops, the tape and generated graphs.")
    add("--backproof-ops", metavar="A,B", help="Only the rules of these ops.")
    add("--backproof-graphs", type=_natural, metavar="N", help="How many graphs to generate; 100 if not given.")
    add("--backproof-seed", type=_natural, metavar="N", help="Drawn and printed if not given.")
    add("--backproof-rules", metavar="FILE.py", help="Execute this file of rules first.")
    add("--backproof-convention", metavar="NAME", help="The derivatives declared at kinks; torchlean if not given.")
    add("--backproof-jobs", type=_natural, metavar="N", help="Worker processes, without xdist; one per CPU if not given.")
    add("--backproof-ledger", metavar="FILE", help="Keep proofs here; in your cache folder if not given.")
    add("--backproof-no-ledger", action="store_true", default=None, help="Decide everything in this run.")


def _natural(text: str) -> int:
    if not text.isdecimal():
        raise ValueError(f"{text!r}: a natural number was needed")  # argparse says so in one line
    return int(text)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what would check nothing; draw the seed once for all processes."""
    if not config.getoption("backproof"):
        given = [name for name in _WITHOUT if config.getoption(f"backproof_{name}") is not None]
        if given:
            raise pytest.UsageError(f"--backproof-{given[0].replace('_', '-')} came without --backproof, which was needed")
        return
    seed = config.getoption("backproof_seed")
    handed = getattr(config, "workerinput", {}).get("backproof_seed")
    config.stash[_SEED] = handed if seed is None and handed is not None else secrets.randbelow(2**32) if seed is None else seed


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell a process of xdist the seed: all must collect the same."""
    if _SEED in node.config.stash:
        node.workerinput["backproof_seed"] = node.config.stash[_SEED]


def pytest_report_header(config: pytest.Config) -> str | None:
    """The seed that makes the same graphs again."""
    return f"backproof: --backproof-seed {config.stash[_SEED]}" if _SEED in config.stash else None


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(session: pytest.Session, config: pytest.Config, items: list[pytest.Item]) -> None:
    """Add what is owed, before -k and the like choose among everything."""
    if _SEED in config.stash:
        from .items import collected

        items.extend(collected(session, config.stash[_SEED]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Know what is to be decided, and in which order."""
    if _SEED in session.config.stash and not session.config.getoption("collectonly"):
        from .deciding import deciding_of

        session.config.stash[_DECIDING] = deciding_of(session)


@pytest.hookimpl(wrapper=True)
def pytest_sessionfinish(session: pytest.Session) -> Iterator[None]:
    """Stop what is still being decided, and write to the ledger what was."""
    yield
    if _DECIDING in session.config.stash:
        session.config.stash[_DECIDING].close()


def deciding(config: pytest.Config) -> Deciding:
    """What decides in this process."""
    return config.stash[_DECIDING]
