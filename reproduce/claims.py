"""Every claim of the README and of the pages, from fixed seeds. Sizes are such that all take under 45 minutes on two cores."""

from __future__ import annotations

import json

from claim import EXACTLY_0, Bound, Claim, Figure
from reading import (
    FIRST_ORDER_IN_REVERSE,
    at,
    call,
    count,
    every,
    fastest_peer,
    in_every_part,
    last_line,
    nodes,
    passed,
    seconds,
)

BACKPROOF = ".venv/bin/backproof"
PYTHON = ".venv/bin/python"
PYTEST = ".venv/bin/pytest"
LEDGER = ("--ledger", "out/reproduce/proofs.ledger")
"""A ledger of this reproduction alone, which begins empty: what one claim proved, another may use."""
FULL = (("BACKPROOF_EVIDENCE", "full"),)
EVIDENCE = ("shapes_mutants", "named_faults", "interpreter_against_numpy", "floats_ranges", "shapes_lemmas", "ledger_crashes")


def evidence(name: str, bound: Bound | None) -> Figure:
    return Figure(name, at(name), bound)


MET = (
    Figure("refuted", at("counts", "refuted"), EXACTLY_0),
    Figure("unknown", at("counts", "unknown"), EXACTLY_0),
    Figure("not met", at("counts", "unmet"), EXACTLY_0),
    Figure("proved", at("counts", "proved"), Bound(">=", 1)),
    Figure("tested, where no proof was owed", at("counts", "tested"), None),
    Figure("seconds", seconds, None),
)

CLAIMS = (
    Claim(
        "theorem",
        "Two solvers prove the tape's reverse loop for all graphs, and refute every faulty loop.",
        ("README.md", "docs/theorem.md"),
        (BACKPROOF, "theorem", "--json"),
        json.loads,
        (
            Figure("lemmas", every("lemmas"), Bound(">=", 23)),
            Figure("lemmas not proved", count("lemmas", lambda row: row["verdict"] != "proved"), EXACTLY_0),
            Figure("lemmas not proved by both solvers", count("lemmas", lambda row: {row["z3"], row["cvc5"]} != {"proved"}), EXACTLY_0),
            Figure("faulty loops", every("broken"), Bound(">=", 1)),
            Figure("faulty loops not refuted", count("broken", lambda row: row["verdict"] != "refuted"), EXACTLY_0),
            Figure("seconds", seconds, None),
        ),
    ),
    Claim(
        "ops",
        "Every op's forward, VJP and JVP are its definition's, at every instance; and at all sizes unless it says why not.",
        ("README.md", "docs/reference.md"),
        (BACKPROOF, "ops", *LEDGER, "--json"),
        json.loads,
        (
            Figure("ops", every("ops"), Bound(">=", 100)),
            Figure("ops not proved in every part", count("ops", lambda op: not in_every_part(op)), EXACTLY_0),
            Figure("ops proved for all sizes", count("ops", lambda op: op["all_shapes"]), Bound(">=", 1)),
            Figure("ops neither so nor excused", count("ops", lambda op: not (op["all_shapes"] or op["bounded"])), EXACTLY_0),
            Figure("ops whose floats leave their bounds", count("ops", lambda op: op["floats"] == "refuted"), EXACTLY_0),
            Figure("of the session's verbs, without an op", lambda found: len(found["session"]["missing"]), EXACTLY_0),
            Figure("of the IR's kinds, without an op", lambda found: len(found["ir_kinds"]["missing"]), EXACTLY_0),
            Figure("obligations", at("obligations"), None),
            Figure("seconds", seconds, None),
        ),
    ),
    Claim(
        "digits",
        "A perceptron trained through the session reads at least 95 of 100 handwritten digits.",
        ("README.md",),
        (PYTHON, "examples/digits.py", "--out", "out/reproduce/digits.json"),
        last_line,
        (Figure("test accuracy", at("accuracy"), Bound(">=", 0.95)),),
    ),
    Claim(
        "check",
        "Its training step and 200 generated graphs, with the theorem and every rule: all obligations are met.",
        ("README.md", "TRUST.md"),
        (BACKPROOF, "check", "out/reproduce/digits.json", "--graphs", "200", "--seed", "1", *LEDGER, "--out", "out/reproduce/check", "--json"),
        json.loads,
        (Figure("graphs", at("counts", "graphs"), Bound("=", 201)), *MET),
    ),
    Claim(
        "recheck",
        "Decided again in fresh processes, every verdict is what it was, and cvc5 contradicts none.",
        ("docs/recheck.md",),
        (BACKPROOF, "recheck", "out/reproduce/some/report.json", "--solver", "cvc5", "--json"),
        json.loads,
        (
            Figure("rows", at("kept"), Bound(">=", 1)),
            Figure("disagreements", lambda found: len(found["disagreements"]), EXACTLY_0),
        ),
        before=((BACKPROOF, "check", "--ops", "softmax,relu", "--graphs", "3", "--seed", "1", *LEDGER, "--out", "out/reproduce/some"),),
    ),
    Claim(
        "faults",
        "No fault that was planted into kernels or loops survives.",
        ("README.md",),
        (BACKPROOF, "faults", "--sample", "25", "--seed", "1", "--json"),
        json.loads,
        (
            Figure("faults", every("rows"), Bound(">=", 50)),
            Figure("survived", at("counts", "survived"), EXACTLY_0),
            Figure("refuted", at("counts", "refuted"), Bound(">=", 1)),
            Figure("refuted at a kink", at("counts", "kink"), None),
            Figure("rejected, not green", at("counts", "rejected"), None),
            Figure("proved equivalent", at("counts", "equivalent"), None),
            Figure("green, and neither proved equivalent nor told apart", at("counts", "undecided"), None),
            Figure("not expressible", at("counts", "not_expressible"), None),
            Figure("seconds", seconds, None),
        ),
    ),
    Claim(
        "engines",
        "An engine of sixty lines behind its adapter: rules proved, graphs equal to the last bit.",
        ("docs/checking_your_own_engine.md",),
        (BACKPROOF, "check", "--rules", "examples/engines/small_engine.py", "--graphs", "16", "--seed", "1", "--no-ledger", "--json"),
        json.loads,
        MET,
    ),
    Claim(
        "wrong twin",
        "Its twin that loses a use of a value: rules proved, graphs refuted by one node.",
        ("docs/checking_your_own_engine.md",),
        (BACKPROOF, "check", "--rules", "examples/engines/small_engine_wrong.py", "--graphs", "0", "--seed", "1", "--no-ledger", "--json"),
        json.loads,
        (
            Figure("rules not proved", count("rows", lambda row: row["family"] == "rule" and row["verdict"] != "proved"), EXACTLY_0),
            Figure("refuted", at("counts", "refuted"), Bound(">=", 1)),
            Figure("nodes of the smallest counterexample", lambda found: min(nodes(row) for row in found["rows"] if row["counterexample"]), Bound("<=", 1)),
        ),
        statuses=(1,),
    ),
    Claim(
        "pages",
        "Every block of README and of the tutorial runs, and prints what is shown.",
        ("README.md", "docs/tutorial.md"),
        (PYTEST, "tests/test_snippets.py", "-k", "README or tutorial or adding or own_engine or session"),
        passed,
        (Figure("tests", at("passed"), Bound(">=", 8)), Figure("failed", at("failed"), EXACTLY_0)),
        environment=FULL,
    ),
    Claim(
        "evidence",
        "At full size: no mutant or fault is proved, interpreters agree with numpy, floats keep to their bounds, killed runs lose nothing.",
        ("CONTRIBUTING.md", "TRUST.md"),
        (PYTEST, "-n", "2", "--dist", "worksteal", *(f"tests/test_{name}.py" for name in EVIDENCE)),
        passed,
        (
            Figure("tests", at("passed"), Bound(">=", 1)),
            Figure("failed", at("failed"), EXACTLY_0),
            evidence("mutants of kernels", Bound(">=", 1)),
            evidence("faults at some shapes or values", Bound(">=", 1)),
            evidence("faults at some shapes or values, proved for all shapes", EXACTLY_0),
            evidence("symbolic runs against numpy, comparisons", Bound(">=", 1)),
            evidence("symbolic runs against numpy, differences", EXACTLY_0),
            evidence("runs killed with -9", Bound(">=", 1)),
        ),
        environment=FULL,
    ),
    Claim(
        "tape",
        "The tape's own cost over its kernels called by hand is within its limits.",
        ("docs/speed.md",),
        (PYTHON, "benchmarks/tape.py", "--json"),
        json.loads,
        (
            Figure("workloads above their limit", count("workloads", lambda row: not row["met"]), EXACTLY_0),
            Figure("largest ratio to kernels by hand", lambda found: max(row["ratio"] for row in found["workloads"]), None),
        ),
    ),
    Claim(
        "long graphs",
        "Memory grows linearly with the length of a graph; how time does is told, since a machine that is busy for a moment bends it.",
        ("docs/speed.md",),
        (PYTHON, "benchmarks/long_graphs.py", "--most", "10000", "--json"),
        json.loads,
        (
            Figure("fastest growth of memory, exponent", lambda found: max(found["growth"]["peak_mib"].values()), Bound("<=", 1.1)),
            Figure("fastest growth of time, exponent", lambda found: max(found["growth"]["seconds"].values()), Bound("<=", 1.25)),
        ),
        statuses=(0, 1),
    ),
    Claim(
        "ops beside PyTorch",
        "No kernel takes more than 8 times PyTorch's time.",
        ("docs/speed.md",),
        (PYTHON, "benchmarks/ops.py", "--json"),
        json.loads,
        (Figure("ops above a limit", count("ops", lambda row: not row["met"]), EXACTLY_0),),
        packages=("torch",),
    ),
    Claim(
        "gradcheck",
        "A perceptron of 10^5 parameters never seen before is proved in less time than fast gradcheck, jax's check_grads and "
        "autograd's by default take to compare one point. Autograd's in reverse alone, at order 1, takes less.",
        ("docs/speed.md",),
        (PYTHON, "benchmarks/gradcheck.py", "--no-slow", "--seed", "1", "--json"),
        json.loads,
        (
            Figure("every gradient proved", at("met", "every gradient proved"), Bound("=", 1)),
            Figure("warm call over the fastest of these", lambda found: call(found, "backproof, warm") / fastest_peer(found), Bound("<=", 1)),
            Figure("cold call over the fastest of these", lambda found: call(found, "backproof, cold") / fastest_peer(found), None),
            Figure("warm call over autograd's in reverse alone, at order 1",
                   lambda found: call(found, "backproof, warm") / call(found, FIRST_ORDER_IN_REVERSE), None),
        ),
        statuses=(0, 1),
        packages=("torch", "jax", "autograd"),
    ),
)
