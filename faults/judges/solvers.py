"""The solver behind the normal form, misheard, asked something else, or lying."""

from __future__ import annotations

from .wrong import ABOVE_30, WrongJudge

WRONG = (
    WrongJudge(
        "solver/unknown-is-impossible", "div", "equivalence/kernel/algebra/solver.py",
        "if answer == z3.unsat:",
        "if answer != z3.sat:",
        tests=("test_kernel_claims.py::test_what_the_solver_leaves_open_stays_open",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "solver/says-impossible", "log", "equivalence/kernel/algebra/solver.py",
        "if answer == z3.unsat:",
        "if answer in (z3.unsat, z3.sat):",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "solver/asked-another-sign", "log", "equivalence/kernel/algebra/solver.py",
        "'<=>'[sign + 1]",
        "'<=>'[1 - sign]",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "solver/exp-is-never-one", "exp", "equivalence/kernel/algebra/solver.py",
        'asserted.append(f"(> g{place} 0.0)")',
        'asserted.append(f"(> g{place} 1.0)")',
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
    ),
    WrongJudge(
        "solver/roots-below-zero", "sqrt", "equivalence/kernel/algebra/solver.py",
        "(or (< {radicand} 0.0) (and (>= g{place} 0.0)",
        "(or false (and (>= g{place} 0.0)",
        tests=("test_kernel_roots.py::test_a_false_equation_of_roots_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
)
