"""Examples that `--help` ends with: what a person would type, command by command."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EXAMPLES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "check": (
            "backproof check --out out/check",
            "backproof check graph.json --rules my_rules.py",
            "backproof check --ops tanh,matmul --graphs 20 --seed 1",
            "backproof check --since origin/main",
        ),
        "prove": (
            "backproof prove tanh",
            "backproof prove matmul --shape 2,3 --shape 3,4",
            "backproof prove softmax --shape 2,3 --attribute axis=1",
        ),
        "ops": ("backproof ops", "backproof ops --rules my_rules.py --json"),
        "conventions": ("backproof conventions",),
        "theorem": ("backproof theorem",),
        "replay": ("backproof replay out/check/refutations/rule_tanh_vjp.json --rules my_rules.py",),
        "recheck": (
            "backproof recheck out/check/report.json",
            "backproof recheck out/check/report.json --solver cvc5 --export out/smt2",
        ),
        "diff": ("backproof diff old/report.json out/check/report.json",),
        "faults": ("backproof faults", "backproof faults --sample 20 --json"),
    }
)
"""By command."""


def examples(command: str) -> str:
    """The end of a command's help; its lines are not wrapped."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in EXAMPLES[command])
