"""Reports: what rows say, what a run means, and the schema that ships."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import msgspec
import pytest
from backproof.equivalence.generation.distribution import Distribution
from backproof.equivalence.kernel import KERNEL, verdict
from backproof.equivalence.kernel.decision import SameData, UnknownReason
from backproof.equivalence.kernel.verdict import (
    Counterexample,
    Needs,
    Proved,
    Refuted,
    RefutedReason,
    Side,
    Unknown,
    Verdict,
)
from backproof.equivalence.obligations import Decided, Family, Obligation
from backproof.reports.assemble import NOTHING_SHOWN, Run, report_of
from backproof.reports.files import refutation_files, refutation_names
from backproof.reports.report import Asked, Report, encode, schema
from backproof.reports.status import Status
from backproof.reports.summary import summary

CASE = {
    "format": "backproof.graph.v1",
    "leaves": [{"id": 0, "shape": [2], "value": [0.1, 2.0]}],
    "nodes": [{"id": 1, "op": "relu", "parents": [0], "shape": [2]}],
    "seeds": [{"id": 1, "value": [1.0, 1.0]}],
}
SIDES = (
    Side(0, "leaf", "cotangent", ("1", "1.000000001"), ("1", "1"), differs=True),
    Side(1, "relu", "value", ("1/10", "2"), ("1/10", "2"), differs=False),
)
PROOF: Any = KERNEL.decide(SameData("two shapes are one", (2, 3), (2, 3)))
PROVED = Proved(PROOF)
TESTED = verdict.Tested(3, "three primes")
REFUTED = Refuted(Counterexample(CASE, SIDES), RefutedReason.WRONG, "entry 1 of the cotangent")
UNKNOWN = Unknown(UnknownReason.TIMEOUT, "after 1000 units of z3")


def decided(answer: Verdict, needs: Needs, place: int, seconds: float = 0.5) -> Decided:
    owed = Obligation(f"rule/relu/{place}", Family.RULE, "relu", "VJP is the derived VJP", ((2,),), needs)
    return Decided(owed, answer, seconds, (("worst ulp", "0.5"),))


def report(*verdicts: tuple[Verdict, Needs], seconds: float = 0.5, interrupted: bool = False) -> Report:
    nothing = Distribution(0, {}, {}, {}, {}, 0, 0, {}, {})
    return report_of(
        Run(
            version="0.1.0",
            seed=7,
            rules=None,
            asked=Asked({}, 0, None, "torchlean", None),
            graphs=0,
            jobs=2,
            generated=nothing,
            decided=[decided(answer, needs, place, seconds) for place, (answer, needs) in enumerate(verdicts)],
            interrupted=interrupted,
            seconds=seconds,
            shown=NOTHING_SHOWN,
        )
    )


@pytest.mark.parametrize(
    ("verdicts", "status"),
    [
        ([], Status.NOTHING_OWED),
        ([(PROVED, Needs.PROOF)], Status.MET),
        ([(TESTED, Needs.TEST), (PROVED, Needs.TEST)], Status.MET),
        ([(PROVED, Needs.PROOF), (TESTED, Needs.PROOF)], Status.NOT_MET),
        ([(PROVED, Needs.PROOF), (UNKNOWN, Needs.TEST)], Status.NOT_MET),
        ([(UNKNOWN, Needs.PROOF), (REFUTED, Needs.TEST)], Status.REFUTED),
    ],
)
def test_only_an_explicit_yes_is_green(verdicts: list[tuple[Verdict, Needs]], status: Status) -> None:
    assert status == report(*verdicts).status


def test_an_interrupted_run_is_never_green() -> None:
    assert report((PROVED, Needs.PROOF), interrupted=True).status == Status.INTERRUPTED


def test_every_answer_is_counted_once() -> None:
    counts = report(
        (PROVED, Needs.PROOF), (TESTED, Needs.TEST), (TESTED, Needs.PROOF), (REFUTED, Needs.TEST), (UNKNOWN, Needs.TEST)
    ).counts
    assert (1, 2, 1, 1, 3) == (counts.proved, counts.tested, counts.refuted, counts.unknown, counts.unmet)


def test_a_row_says_what_a_proof_rests_on() -> None:
    row = report((PROVED, Needs.PROOF)).rows[0]
    assert ("comparison", ("Python",), (), "") == (row.method, row.rests_on, row.assumptions, row.reason)


def test_a_refuted_row_shows_both_sides_apart_for_leaves_and_nodes() -> None:
    found = report((REFUTED, Needs.PROOF)).rows[0].counterexample
    assert found is not None
    assert [(0, (0.1, 2.0))] == [(leaf.id, leaf.entries) for leaf in found.values]
    assert [(0, True)] == [(value.id, value.sides[0].differs) for value in found.leaves]
    assert [(1, "relu")] == [(value.id, value.op) for value in found.nodes]


def test_only_the_cost_varies_between_runs() -> None:
    verdicts = ((PROVED, Needs.PROOF), (REFUTED, Needs.TEST))
    one, other = (json.loads(encode(report(*verdicts, seconds=seconds))) for seconds in (0.5, 9.0))
    assert one != other
    assert without_cost(one) == without_cost(other)


def test_the_refutation_file_is_the_graph_that_replays() -> None:
    (content,) = refutation_files(report((REFUTED, Needs.PROOF))).values()
    assert CASE == json.loads(content)


def test_refutations_with_like_ids_get_files_of_their_own() -> None:
    rows = report((REFUTED, Needs.PROOF), (REFUTED, Needs.PROOF)).rows
    alike = [msgspec.structs.replace(row, id=row_id) for row, row_id in zip(rows, ("a/(2,)", "a/[2]"), strict=True)]
    names = refutation_names(msgspec.structs.replace(report(), rows=tuple(alike)))
    assert {"a/(2,)": "a_2.json", "a/[2]": "a_2~2.json"} == names


def test_the_summary_shows_the_refutation_and_how_to_see_it_again() -> None:
    text = summary(report((REFUTED, Needs.PROOF), (UNKNOWN, Needs.PROOF)), "out dir", None)
    assert text.startswith("REFUTED: 1 of 2 obligations")
    assert "> %0 leaf  cotangent  1 1.000000001  1 1" in text
    assert "backproof replay 'out dir/refutations/rule_relu_0.json'" in text
    assert "not met: rule/relu/1: unknown, timeout: after 1000 units of z3" in text
    assert "seed 7" in text


def test_the_last_lines_on_a_screen_are_what_failed_and_the_answer_is_first_and_last() -> None:
    text = summary(report((PROVED, Needs.PROOF), (REFUTED, Needs.PROOF), (UNKNOWN, Needs.PROOF)), "out", "ledger")
    parts = text.rstrip("\n").split("\n\n")
    assert parts[0] == parts[-1] == "REFUTED: 1 of 3 obligations (0.5 s)"
    order = [text.index(said) for said in ("not met\n", "taken from the ledger", "seed 7", "not met: rule", "refuted (wrong): rule")]
    assert sorted(order) == order
    met = summary(report((PROVED, Needs.PROOF)), None, None)
    assert 1 == met.count("MET: all 1 obligations")


def test_the_summary_stays_on_a_screen_when_much_is_refuted() -> None:
    text = summary(report(*[(REFUTED, Needs.PROOF)] * 500, *[(UNKNOWN, Needs.PROOF)] * 500), None, None)
    assert len(text.splitlines()) <= 60


def test_the_schema_that_ships_is_the_one_of_the_records() -> None:
    assert schema() == files("backproof.reports").joinpath("report.v1.json").read_bytes()


def test_a_report_is_valid_by_the_schema_that_ships() -> None:
    rules = json.loads(schema())
    document = json.loads(encode(report((PROVED, Needs.PROOF), (REFUTED, Needs.TEST), (UNKNOWN, Needs.TEST))))
    assert [] == list(violations(document, rules, rules))
    assert list(violations(document | {"seed": -1}, rules, rules))
    assert list(violations({key: value for key, value in document.items() if key != "rows"}, rules, rules))
    assert list(violations(document | {"surprise": 1}, rules, rules))


def without_cost(document: Any) -> Any:
    if isinstance(document, dict):
        return {key: without_cost(value) for key, value in document.items() if key != "cost"}
    return [without_cost(value) for value in document] if isinstance(document, list) else document


KINDS: dict[str, Any] = {"object": dict, "array": list, "string": str, "integer": int, "number": (int, float), "null": type(None)}


def violations(value: Any, rule: dict[str, Any], root: dict[str, Any]) -> list[str]:
    """What a value breaks of the part of JSON Schema that ours uses; any word beyond that is a violation too."""
    rule = root["$defs"][rule["$ref"].rpartition("/")[2]] if "$ref" in rule else rule
    if "anyOf" in rule:
        return min((violations(value, choice, root) for choice in rule["anyOf"]), key=len)
    if "enum" in rule:
        return [] if value in rule["enum"] else [f"{value!r} is none of {rule['enum']}"]
    kind = bool if rule.get("type") == "boolean" else KINDS.get(rule.get("type", ""), object)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        return [f"{value!r} is no {rule['type']}"]
    broken = [f"{value!r} is below"] if "minimum" in rule and value < rule["minimum"] else []
    if isinstance(value, list):
        return broken + [each for item in value for each in violations(item, rule.get("items", {}), root)]
    if isinstance(value, dict):
        known, extra = rule.get("properties", {}), rule.get("additionalProperties", {})
        broken += [f"{key} is missing" for key in rule.get("required", ()) if key not in value]
        for key, item in value.items():
            if key not in known and extra is False:
                broken.append(f"{key} is unknown")
            else:
                broken += violations(item, known.get(key, extra if isinstance(extra, dict) else {}), root)
    return broken
