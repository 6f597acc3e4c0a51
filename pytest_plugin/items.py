"""What is owed, as pytest's items: one for each piece of work, whose obligations are decided together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ..equivalence.graph_work import GraphWork
from ..equivalence.planning import plan
from ..equivalence.rule_work import LemmaWork, RuleWork
from ..equivalence.rules_file import OUR_RULES, load_rules
from ..equivalence.run import work_of
from ..equivalence.work import Work
from .asked import refused, request_of
from .plugin import deciding
from .texts import why_not


class Unmet(AssertionError):
    """Obligations that are not met: refuted, unknown, or tested where a proof is owed."""


class Owed(pytest.Collector):
    """Everything that is owed."""

    def collect(self) -> Iterator[pytest.Item]:
        """Nothing by itself: the pieces are drawn once, for all."""
        return iter(())


class Piece(pytest.Item):
    """One piece of work: it passes if every obligation of it is met."""

    def __init__(self, *, work: Work, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.work = work

    def runtest(self) -> None:
        """Decide it. Raises: Unmet."""
        decided = deciding(self.config).of(self)
        self.user_properties.extend((each.obligation.id, type(each.verdict).__name__.lower()) for each in decided)
        said = why_not(decided)
        if said:
            raise Unmet("\n".join(said))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What is not met, and nothing of our own code; an error of ours with its traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, Unmet) else super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        """How a failure is headed."""
        return self.path, None, f"backproof {self.name}"


def collected(session: pytest.Session, seed: int) -> Iterator[Piece]:
    """An item for each piece of work. Raises: UsageError for options that name nothing, or if nothing is owed."""
    with refused():
        request = request_of(session.config, seed)
        rules = OUR_RULES if request.rules is None else load_rules(request.rules)
        work = work_of(plan(request, rules))
    if not work:
        raise pytest.UsageError("backproof: nothing is owed, so nothing would be shown")
    parent = Owed.from_parent(session, name="backproof", nodeid="backproof")
    for piece in work:
        yield Piece.from_parent(parent, name=_name(piece), work=piece)


def _name(piece: Work) -> str:
    """What its obligations have in common; unique and stable."""
    match piece:
        case LemmaWork() | RuleWork():
            return piece.owed()[0].id.rpartition(":")[0]
        case GraphWork(name=name):
            return f"graph:{name}"
    return piece.owed()[0].id
