"""Reports built of rows that a test types, without a run."""

from __future__ import annotations

from typing import Any

import msgspec
from backproof.equivalence.kernel.verdict import Needs
from backproof.equivalence.obligations import Family
from backproof.reports.report import (
    FORMAT,
    Answer,
    Asked,
    Cost,
    CounterexampleRecord,
    Distributions,
    GraphShape,
    LeafValue,
    Meaning,
    NodeShape,
    Questions,
    Report,
    Row,
    RunCost,
    Sides,
    ValueSides,
)
from backproof.reports.rows import count
from backproof.reports.status import Status, status_of

HOSTILE = "a]]><script>alert(1)</script>\x1b[31m\x00|`b`\n# c\r\n[d](javascript:e) ![f](g) @h \u202e &amp; \ufffe '\"\\../../i"
"""A name as no honest file has it."""


def counterexample(op: str = "tanh", name: str = "") -> CounterexampleRecord:
    """One node whose cotangent differs at its leaf."""
    graph: dict[str, Any] = {
        "format": "backproof.graph.v1",
        "leaves": [{"id": 0, "shape": [], "value": [-0.75], **({"name": name} if name else {})}],
        "nodes": [{"id": 1, "op": op, "parents": [0], "shape": []}],
        "seeds": [{"id": 1, "value": [1.0]}],
    }
    leaf = ValueSides(
        0, "leaf", (Sides("primal", ("-3/4",), ("-3/4",), differs=False), Sides("cotangent", ("2",), ("1",), differs=True))
    )
    node = ValueSides(1, op, (Sides("primal", ("-0.6351",), ("-0.6351",), differs=False),))
    return CounterexampleRecord(graph, (LeafValue(0, name, (), (-0.75,)),), (leaf,), (node,))


def typed(
    place: str,
    verdict: Answer,
    *,
    op: str = "tanh",
    family: Family = Family.RULE,
    needs: Needs = Needs.PROOF,
    met: bool | None = None,
    **fields: Any,
) -> Row:
    """A row whose verdict is said, and the rest as a run would have it."""
    weakest = (Answer.PROVED,) if needs is Needs.PROOF else (Answer.PROVED, Answer.TESTED)
    said: dict[str, Any] = {
        "id": place,
        "family": family,
        "op": op,
        "claim": "the VJP kernel is the derived VJP",
        "shapes": ((2, 3),),
        "needs": needs,
        "verdict": verdict,
        "met": verdict in weakest if met is None else met,
        "reason": {Answer.REFUTED: "wrong", Answer.UNKNOWN: "timeout"}.get(verdict, ""),
        "detail": "",
        "method": "",
        "rests_on": ("worker",),
        "assumptions": (),
        "notes": {},
        "cost": Cost(0.25),
        "counterexample": counterexample() if verdict is Answer.REFUTED else None,
    }
    return Row(**{**said, **fields})


def report_with(*rows: Row, status: Status | None = None, rules: str | None = None, convention: str = "torchlean") -> Report:
    """The report of a run that decided these rows."""
    counts = count(rows, 0)
    return Report(
        format=FORMAT,
        version="0.1.0",
        status=status_of(counts) if status is None else status,
        interrupted=status is Status.INTERRUPTED,
        seed=7,
        rules=rules,
        asked=Asked({}, 0, None, convention, None if rules is None else "00"),
        counts=counts,
        draws={},
        distributions=Distributions(0, {}, {}, {}, {}, 0, 0, {}),
        meanings=(),
        graphs=(),
        questions=Questions({}, 0),
        rows=rows,
        cost=RunCost(1.5, 2, 0),
    )


MIXED = (
    typed("rule:tanh[()]:vjp", Answer.REFUTED),
    typed("rule:tanh[2]:vjp", Answer.REFUTED),
    typed("rule:tanh[()]:jvp", Answer.UNKNOWN),
    typed("rule:tanh[()]:forward", Answer.TESTED),
    typed("rule:tanh[()]:shapes", Answer.PROVED),
    typed("rule:add[()]:float", Answer.TESTED, op="add", family=Family.FLOAT, needs=Needs.TEST),
    typed("graph:g:graph", Answer.REFUTED, op="", family=Family.GRAPH, needs=Needs.TEST),
)
"""Every answer once at least: three refuted, one unknown, one tested where a proof was owed, two that pass."""


HOSTILE_REPORT = msgspec.structs.replace(
    report_with(
        typed(HOSTILE, Answer.REFUTED, op=HOSTILE, claim=HOSTILE, detail=HOSTILE, counterexample=counterexample(HOSTILE, HOSTILE)),
        typed(HOSTILE + "2", Answer.UNKNOWN, op=HOSTILE, detail=HOSTILE),
        typed(f"graph:{HOSTILE}:float", Answer.TESTED, op="", family=Family.FLOAT, needs=Needs.TEST),
        typed("theorem:" + HOSTILE, Answer.PROVED, op="", family=Family.ENGINE, claim=HOSTILE, assumptions=(HOSTILE,)),
        rules=HOSTILE,
        convention=HOSTILE,
    ),
    meanings=(Meaning(HOSTILE, HOSTILE, "<mi>x</mi><script>alert(2)</script>", HOSTILE, HOSTILE, HOSTILE, {HOSTILE: HOSTILE}),),
    graphs=(GraphShape(HOSTILE, 2, ((2, 3),), (NodeShape(HOSTILE, (0, 0), (2, 3)),)),),
    questions=Questions({HOSTILE: HOSTILE}, 1),
)
"""A report in which every text that may come from outside is hostile."""
