"""Wrong formulas, wrong derivatives of right ones, and conventions that say something else."""

from __future__ import annotations

from .wrong import AT_KINKS, BELOW_0, WrongJudge

WRONG = (
    WrongJudge(
        "definition/sigmoid-sign", "sigmoid", "spec/definitions/elementwise.py",
        "return 1 / (1 + exp(-x[i]))",
        "return 1 / (1 + exp(x[i]))",
    ),
    WrongJudge(
        "definition/gelu-constant", "gelu", "spec/definitions/activations.py",
        "Fraction(0.044715)",
        "Fraction(0.044714)",
    ),
    WrongJudge(
        "definition/matmul-index", "matmul", "spec/definitions/contraction.py",
        "a[(*of_a, i, k)] * b[(*of_b, k, j)], a.size(len(of_a) + 1))",
        "a[(*of_a, i, k)] * b[(*of_b, k, j)], a.size(len(of_a) + 1) - 1)",
    ),
    WrongJudge(
        "definition/mse-mean", "mse_loss", "spec/definitions/reduction.py",
        "squares / count",
        "squares / (count + 1)",
    ),
    WrongJudge(
        "definition/cumsum-bound", "cumsum", "spec/definitions/scans.py",
        "return total(lambda k: x[(*i[:axis], k, *i[axis + 1 :])], i[axis] + 1)",
        "return total(lambda k: x[(*i[:axis], k, *i[axis + 1 :])], i[axis])",
    ),
    WrongJudge(
        "definition/relu-threshold", "relu", "spec/definitions/elementwise.py",
        'kink("relu", x[i], above=x[i], below=0 * x[i])',
        'kink("relu", x[i] - 1, above=x[i], below=0 * x[i])',
    ),
    WrongJudge(
        "definition/clamp-bounds", "clamp", "spec/definitions/elementwise.py",
        'kink("clamp at lo", x[i] - low, above=lowered, below=low)',
        'kink("clamp at lo", x[i] - low, above=lowered, below=high)',
    ),
    WrongJudge(
        "definition/softmax-axis", "softmax", "spec/definitions/normalisation.py",
        "place = len(i) - 1 if axis is None else axis",
        "place = 0 if axis is None else axis",
    ),
    WrongJudge(
        "definition/detach-lets-through", "detach", "spec/definitions/elementwise.py",
        "return stop(x[i])",
        "return x[i]",
    ),
    WrongJudge(
        "definition/domain-too-narrow", "tanh", "spec/definitions/elementwise.py",
        '@define("tanh", "(*s)", source',
        '@define("tanh", "(*s)", domain=_argument, domain_text="x > 0", source',
        tests=("test_domains.py::test_outside_a_domain_the_formula_has_no_value",),
        wrong_rule=BELOW_0,
    ),
    WrongJudge(
        "definition/window-start", "avg_pool", "spec/definitions/averages.py",
        "i * s + k - p for",
        "i * s + k - p - 1 for",
    ),
    WrongJudge(
        "derivative/jvp-drops-a-term", "mul", "spec/derive.py",
        "result[index] = sympy.Add(*terms)",
        "result[index] = sympy.Add(*terms[1:])",
    ),
    WrongJudge(
        "derivative/vjp-drops-the-seed", "tanh", "spec/derive.py",
        "terms[place].append(seed * slope)",
        "terms[place].append(slope)",
    ),
    WrongJudge(
        "derivative/vjp-keeps-the-last", "matmul", "spec/derive.py",
        "terms[place].append(seed * slope)",
        "terms[place] = [seed * slope]",
    ),
    WrongJudge(
        "derivative/second-input-held", "mul", "spec/derive.py",
        'if entry.name.startswith("x ")]',
        'if entry.name.startswith("x 0")]',
    ),
    WrongJudge(
        "derivative/stop-does-not-stop", "detach", "spec/in_sympy.py",
        "return entry.xreplace({symbol: stopped(symbol) for symbol in entry.free_symbols})",
        "return entry",
    ),
    WrongJudge(
        "derivative/kink-weight-swapped", "relu", "spec/in_sympy.py",
        "at = weight * above + (1 - weight) * below",
        "at = weight * below + (1 - weight) * above",
    ),
    WrongJudge(
        "derivative/winner-is-the-next", "reduce_max", "spec/selection.py",
        "Winner(sympy.Integer(argindex - 2), *self.args)",
        "Winner(sympy.Integer(argindex - 1), *self.args)",
    ),
    WrongJudge(
        "derivative/winner-not-constant-zero", "reduce_max", "spec/selection.py",
        "return sympy.Integer(0) if argindex == 1 else Winner",
        "return sympy.Integer(0) if argindex != 2 else Winner",
    ),
    WrongJudge(
        "derivative/no-kinks-known", "relu", "spec/derive.py",
        "return tuple(sorted(discriminants, key=str))",
        "return ()",
        tests=("test_rules_parts.py::test_a_wrong_kink_is_told_apart_from_a_wrong_rule",),
    ),
    WrongJudge(
        "derivative/none-owed-at-kinks", "relu", "spec/derive.py",
        (
            "if weight is Share.NONE}\n"
        ),
        (
            "if weight is not Share.EVENLY}\n"
        ),
        tests=("test_conventions.py::test_the_same_rule_is_right_by_one_convention_and_against_another",),
        wrong_rule=AT_KINKS,
    ),
    WrongJudge(
        "derivative/step-at-zero", "relu", "spec/evaluate.py",
        '">": sign > 0',
        '">": sign >= 0',
    ),
    WrongJudge(
        "derivative/power-off-by-one", "mse_loss", "spec/evaluate.py",
        (
            "count = abs(int(exponent))\n"
        ),
        (
            "count = abs(int(exponent)) + 1\n"
        ),
    ),
    WrongJudge(
        "convention/relu", "relu", "spec/convention.py",
        '"relu": Fraction(0)',
        '"relu": Fraction(1)',
    ),
    WrongJudge(
        "convention/abs", "abs", "spec/convention.py",
        '"abs": Fraction(1, 2)',
        '"abs": Fraction(1)',
    ),
    WrongJudge(
        "convention/max", "max", "spec/convention.py",
        '"max": Fraction(1, 2)',
        '"max": Fraction(0)',
    ),
    WrongJudge(
        "convention/first-of-the-largest", "reduce_max", "spec/convention.py",
        '"reduce max": Fraction(0)',
        '"reduce max": Fraction(1)',
    ),
    WrongJudge(
        "convention/pytorch-clamp", "clamp", "spec/convention.py",
        '"clamp at hi": Fraction(1),',
        '"clamp at hi": Fraction(1, 2),',
        tests=("test_conventions.py::test_the_table_of_differences_is_the_one_in_the_documentation",),
    ),
    WrongJudge(
        "convention/pytorch-reduce-max", "reduce_max", "spec/convention.py",
        '"reduce max": Share.EVENLY',
        '"reduce max": Fraction(0)',
        tests=("test_conventions.py::test_the_table_of_differences_is_the_one_in_the_documentation",),
    ),
)
