"""A mutant that is green: run beside the original, and equivalent only if that is proved.

A kernel whose rule is proved for all sizes is the derived rule there, as the original is by the same proof; so both are one
function of real numbers. That is a proof by the checker under trial: so mutant and original are also run side by side, on exact
numbers and on floats, at the instances of the check and at others, and one difference there makes the mutant a survivor.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from types import CodeType
from typing import Any

import flint
import numpy as np

from ...equivalence.caught import Caught, caught
from ...equivalence.generation.strategies import generate
from ...equivalence.graphs.replay import exact_semantics, tape_values
from ...equivalence.kernel.numbers.exact import PRECISION, Exact
from ...equivalence.kernel.scalars.array import entries_of
from ...equivalence.planning import every_op
from ...equivalence.rules.instances import instances
from ...equivalence.rules.patterns import matching, patterns
from ...equivalence.rules.points import rule_cases
from ...equivalence.rules_file import Rules
from ...ir.exchange import Case
from ...runtime.compile import compile_graph
from ...runtime.forward_mode import jvp_dense
from ...runtime.tape import Tape
from ...spec.convention import TORCHLEAN
from ..children import Answer
from ..fault import Fault, Judged, Outcome
from ..judging import Progress, answer, decisions, judged
from .sites import Site, sites
from .wider import wider

_PROVED_SITES = ("leaf", "add_node", "record", "propagate", "accumulate", "backward_dense_from", "backward_dense",
                 "backward_dense_all")  # fmt: skip
"""The methods of the tape that the accumulation theorem is read off."""

_GRAPHS, _SEED = 60, 977
"""The graphs, others than those of the check, on which a mutant of the loop is run beside the original."""


def mutants_judged(faults: Sequence[Fault], jobs: int, seed: int, progress: Progress) -> Iterator[Judged]:
    """What becomes of each mutant, in their order."""
    return judged(faults, jobs, seed, progress, judge_mutant)


def judge_mutant(fault: Fault, seed: int) -> Answer:
    """As any fault; if nothing speaks against it, beside what ships."""
    shipped = {site: site.function.__code__ for site in sites()}
    rules = fault.plant()
    said = answer(decisions(rules, seed, TORCHLEAN))
    if said.outcome is not Outcome.SURVIVED:
        return said
    mutated = {site: site.function.__code__ for site, code in shipped.items() if site.function.__code__ is not code}
    found = _difference(rules, {site: shipped[site] for site in mutated}, mutated)
    if found is not None:
        return Answer(Outcome.SURVIVED, found, None)
    without = _without_proof(rules, tuple(mutated))
    if without:
        return Answer(Outcome.UNDECIDED, f"green and the same wherever it was tried, but {without}", None)
    return Answer(Outcome.EQUIVALENT, "both are proved to be the derived rule at all sizes, and agree wherever tried", None)


Codes = Mapping[Site, CodeType]


def _difference(rules: Rules, shipped: Codes, mutated: Codes) -> str | None:
    """Where the mutant is seen to be another function than the original; None if it is not."""
    cases = [*_cases(rules.touched)] if rules.touched else [*generate(_GRAPHS, _SEED, every_op())]
    _install(mutated)
    came = [*map(_results, cases)]
    _install(shipped)
    for case, ours in zip(cases, came, strict=True):
        difference = _told_apart(ours, _results(case))
        if difference is not None:
            shapes = tuple(leaf.shape for leaf in case.leaves)
            return f"green, but {difference} than the original's at {case.graph.nodes[-1].op} of {shapes}"
    return None


def _install(codes: Codes) -> None:
    for site, code in codes.items():
        site.function.__code__ = code


def _cases(ops: Sequence[str]) -> Iterator[Case]:
    """Points of every instance of the check that is not large, and of others."""
    semantics = exact_semantics(TORCHLEAN)
    for op in ops:
        for rule in (*instances(op), *wider(op)):
            if not rule.is_large:
                yield from rule_cases(rule, semantics.instance(op, rule.shapes, rule.attributes))


Result = Mapping[str, Sequence[Any]] | Caught


def _results(case: Case) -> tuple[Result, ...]:
    """What the runtime gives at a case: in exact numbers, and in both formats as they come."""
    with flint.ctx.workprec(PRECISION):
        exact = caught(lambda: {name: [_numbers(each) for each in found] for name, found in tape_values(case, Tape).items()})
    with np.errstate(all="ignore"):
        return (exact, *(caught(partial(_in_floats, case, dtype)) for dtype in (np.float64, np.float32)))


def _numbers(array: Any) -> tuple[tuple[int, ...], list[Exact]]:
    return tuple(array.shape), [Exact.of(entry) for entry in entries_of(array)]


def _in_floats(case: Case, dtype: type[np.floating[Any]]) -> dict[str, list[Any]]:
    """Every way to run a tape, on floats."""
    leaves, seeds = ([each.astype(dtype) for each in arrays] for arrays in (case.leaves, case.seeds))
    tape = compile_graph(case.graph, leaves, case.environment, partial(Tape, dtype))
    last, given = len(tape) - 1, [*seeds[: len(leaves)]]
    found = {
        "primals": [node.value for node in tape.nodes],
        "cotangents": tape.backward_dense_from(seeds),
        "tangents": jvp_dense(tape, given),
        "given tangents": given,
        "sparse cotangents": tape.backward_dense(last, seeds[last]),
        "filled cotangents": tape.backward_dense_all(last, seeds[last]),
        "cotangents by id": [part for item in sorted(tape.backward(last, seeds[last]).items()) for part in item],
    }
    if tape.nodes[last].shape == ():
        found["gradient"] = [part for item in sorted(tape.backward_scalar(last).items()) for part in item]
    tape.refresh([leaf + dtype(1) for leaf in leaves])
    return {**found, "refreshed primals": [node.value for node in tape.nodes]}


def _told_apart(ours: tuple[Result, ...], theirs: tuple[Result, ...]) -> str | None:
    """The first difference that is none of rounding: of exact numbers, of shapes, of formats, or that one alone raises."""
    for form, mutant, original in zip(("exact", "float64", "float32"), ours, theirs, strict=True):
        if isinstance(mutant, Caught) or isinstance(original, Caught):
            if type(mutant) is not type(original):
                return f"only one of them raises in {form}, "
            continue
        for name, arrays in original.items():
            same = _same_numbers if form == "exact" else _same_form
            if len(arrays) != len(mutant[name]) or not all(map(same, mutant[name], arrays)):
                return f"its {name} in {form} are others"
    return None


def _same_numbers(ours: Any, theirs: Any) -> bool:
    (shape, entries), (owed_shape, owed) = ours, theirs
    return shape == owed_shape and not any(a.differs(b) for a, b in zip(entries, owed, strict=True))


def _same_form(ours: Any, theirs: Any) -> bool:
    """Shape, format, and where there is no finite number; finite ones may be rounded otherwise, in the check's bounds."""
    if isinstance(ours, np.ndarray | np.generic) and isinstance(theirs, np.ndarray | np.generic):
        finite = np.array_equal(np.isfinite(ours), np.isfinite(theirs)) if ours.shape == theirs.shape else False
        return bool(finite) and ours.dtype == theirs.dtype
    return type(ours) is type(theirs) and ours == theirs


def _without_proof(rules: Rules, mutated: Sequence[Site]) -> str:
    """Why there is no proof that mutant and original are one, "" if there is."""
    if not rules.touched:
        others = [site.name for site in mutated if site.function.__name__ not in _PROVED_SITES]
        return f"the theorem is not read off {', '.join(others)}" if others else ""
    alone = [key for op in rules.touched for key in _at_instances_alone(op)]
    return f"there is no proof for all sizes of {alone[0]}" + (f" and {len(alone) - 1} more" if alone[1:] else "") if alone else ""


def _at_instances_alone(op: str) -> Iterator[str]:
    """The instances with entries, of the check and others, that no pattern of sizes covers."""
    proved = set(patterns(op))
    for rule in (*instances(op), *wider(op)):
        if all(0 not in shape for shape in (*rule.shapes, rule.shape)) and matching(op, rule.shapes, rule.attributes) not in proved:
            yield rule.key
