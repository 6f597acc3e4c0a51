"""What scalars mean, misread: on terms, and on exact and tracked numbers."""

from __future__ import annotations

from .wrong import ABOVE_30, DECIDED_AT_30, UNDEFINED_AT_30, WrongJudge

WRONG = (
    WrongJudge(
        "scalars/plus-is-times", "add", "equivalence/kernel/scalars/term.py",
        (
            "def __add__(self, other: Any) -> Any:\n"
            '        return self.pool.binary("add", self, other)'
        ),
        (
            "def __add__(self, other: Any) -> Any:\n"
            '        return self.pool.binary("mul", self, other)'
        ),
    ),
    WrongJudge(
        "scalars/minus-is-plus", "sub", "equivalence/kernel/scalars/term.py",
        'return self + self.pool.binary("mul", -1, other)',
        "return self + other",
    ),
    WrongJudge(
        "scalars/reversed-minus", "tanh", "equivalence/kernel/scalars/term.py",
        "return -self + other",
        "return self - other",
        tests=("test_scalars_against_numpy.py::test_functions_are_near_numpys",),
    ),
    WrongJudge(
        "scalars/greater-at-ties", "relu", "equivalence/kernel/scalars/loops.py",
        '"greater": _loop(_compare((1,)), 2)',
        '"greater": _loop(_compare((0, 1)), 2)',
    ),
    WrongJudge(
        "scalars/greater-equal-off-ties", "clamp", "equivalence/kernel/scalars/loops.py",
        '"greater_equal": _loop(_compare((0, 1)), 2)',
        '"greater_equal": _loop(_compare((1,)), 2)',
        tests=("test_scalars_against_numpy.py::test_two_operands_broadcast_as_numpy",),
    ),
    WrongJudge(
        "scalars/compare-mirrored", "clamp", "equivalence/kernel/scalars/loops.py",
        "mirrored = frozenset(-sign for sign in signs)",
        "mirrored = accepted",
        tests=("test_confirmation.py::test_a_comparison_with_a_constant_on_the_left_is_what_numpy_says",),
    ),
    WrongJudge(
        "scalars/sign-masks-widened", "relu", "equivalence/kernel/scalars/mask.py",
        "chosen = [holds if sign in self.signs else fails for sign in (1, 0, -1)]",
        "chosen = [holds if sign in self.signs or sign == 0 else fails for sign in (1, 0, -1)]",
    ),
    WrongJudge(
        "scalars/where-swapped", "relu", "equivalence/kernel/scalars/array.py",
        "lambda mask, a, b: truth(mask).where(a, b), 3, 1",
        "lambda mask, a, b: truth(mask).where(b, a), 3, 1",
    ),
    WrongJudge(
        "scalars/not-does-nothing", "abs", "equivalence/kernel/scalars/mask.py",
        "return self.mask.where(fails, holds)",
        "return self.mask.where(holds, fails)",
        tests=("test_scalars_against_numpy.py::test_one_operand_as_numpy",),
    ),
    WrongJudge(
        "scalars/both-is-the-first", "clamp", "equivalence/kernel/scalars/mask.py",
        "return self.first.where(self.second.where(holds, fails), fails)",
        "return self.first.where(holds, fails)",
    ),
    WrongJudge(
        "scalars/maximum-is-minimum", "reduce_max", "equivalence/kernel/scalars/term.py",
        'return self.pool.node("maximum", (self, self.pool.lift(other)), None)',
        'return -self.pool.node("maximum", (-self, -self.pool.lift(other)), None)',
    ),
    WrongJudge(
        "scalars/select-upside-down", "relu", "equivalence/kernel/scalars/term.py",
        "branches[1 - _sign(self.data)]",
        "branches[1 + _sign(self.data)]",
        tests=("test_confirmation.py::test_a_choice_by_a_number_is_the_branch_of_its_sign",),
    ),
    WrongJudge(
        "scalars/exp-is-expm1", "exp", "equivalence/kernel/scalars/term.py",
        (
            'if function == "expm1":\n'
            '            return self.apply("exp") - 1'
        ),
        (
            'if function == "expm1":\n'
            '            return self.apply("exp")'
        ),
        tests=("test_scalars_against_numpy.py::test_functions_are_near_numpys",),
    ),
    WrongJudge(
        "scalars/log1p-is-log", "softplus", "equivalence/kernel/scalars/term.py",
        'return (self + 1).apply("log")',
        'return self.apply("log")',
    ),
    WrongJudge(
        "scalars/erfc-is-erf", "gelu_erf", "equivalence/kernel/scalars/term.py",
        'return 1 - self.apply("erf")',
        'return self.apply("erf")',
    ),
    WrongJudge(
        "scalars/exp-misread", "exp", "equivalence/kernel/scalars/term.py",
        'return self.pool.node("apply", (self,), function)',
        'return self.pool.node("apply", (self + self if function == "exp" else self,), function)',
    ),
    WrongJudge(
        "scalars/power-one-short", "mse_loss", "equivalence/kernel/scalars/term.py",
        "for _ in range(abs(count)):",
        "for _ in range(abs(count) - (count > 2)):",
        tests=("test_scalars_against_numpy.py::test_one_operand_as_numpy",),
    ),
    WrongJudge(
        "scalars/zero-times-undefined-is-zero", "relu", "equivalence/kernel/scalars/term.py",
        (
            'if kind == "mul" and ((a.is_number(0) and not b.partial) or (b.is_number(0) and '
            "not a.partial)):"
        ),
        'if kind == "mul" and (a.is_number(0) or b.is_number(0)):',
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=UNDEFINED_AT_30,
    ),
    WrongJudge(
        "scalars/constants-folded-wrong", "scale", "equivalence/kernel/scalars/term.py",
        (
            '        case "add":\n'
            "            return a + b"
        ),
        (
            '        case "add":\n'
            "            return a - b"
        ),
        tests=("test_scalars_against_numpy.py::test_one_operand_as_numpy",),
    ),
    WrongJudge(
        "scalars/floats-rounded", "scale", "equivalence/kernel/scalars/term.py",
        "return Fraction(float(value))",
        "return Fraction(float(value)).limit_denominator(10**6)",
    ),
    WrongJudge(
        "scalars/ones-are-zeros", "prod", "equivalence/kernel/scalars/array.py",
        '"ones_like": _filled(1)',
        '"ones_like": _filled(0)',
    ),
    WrongJudge(
        "scalars/argmin-is-argmax", "reduce_max", "equivalence/kernel/scalars/array.py",
        '"argmin": lambda values, *options, **named: _argmax(-values, *options, **named)',
        '"argmin": lambda values, *options, **named: _argmax(values, *options, **named)',
        tests=("test_shapes_winners_faults.py::test_the_least_of_what_is_negated_is_the_largest",),
    ),
    WrongJudge(
        "scalars/argmax-is-the-last", "max_pool", "equivalence/kernel/scalars/place.py",
        "for mask, choice in zip(reversed(self.masks), reversed(choices[:-1]), strict=True):",
        "for mask, choice in zip(self.masks, choices[:-1], strict=True):",
    ),
    WrongJudge(
        "scalars/other-ways-not-tried", "relu", "equivalence/kernel/scalars/explorer.py",
        (
            "            self.untried.append((*self.answers, False))\n"
        ),
        "",
        tests=("test_scalars_against_numpy.py::test_every_decision_on_a_value_is_taken_both_ways",),
        wrong_rule=DECIDED_AT_30,
    ),
    WrongJudge(
        "scalars/constants-are-the-same-node", "scale", "equivalence/kernel/scalars/term.py",
        "key = (kind, data, *map(id, arguments))",
        "key = (kind, str(data)[:6], *map(id, arguments))",
    ),
    WrongJudge(
        "numbers/exact-times", "mul", "equivalence/kernel/numbers/exact.py",
        "_kept_short(a * b))",
        "_kept_short(a * a))",
    ),
    WrongJudge(
        "numbers/exact-never-differs", "tanh", "equivalence/kernel/numbers/exact.py",
        "return not arb(self.value).overlaps(arb(other.value))",
        "return False",
        tests=(
            "test_confirmation.py::test_a_rule_is_not_proved_where_terms_on_both_sides_are_misread_alike",
        ),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "numbers/rationals-never-differ", "relu", "equivalence/kernel/numbers/exact.py",
        "return bool(self.value != other.value)",
        "return False",
        tests=("test_rules_parts.py::test_a_wrong_vjp_breaks_adjointness_and_leaves_shapes_alone",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "numbers/sign-of-zero", "relu", "equivalence/kernel/numbers/exact.py",
        (
            "if self.value > 0:\n"
            "            return 1"
        ),
        (
            "if self.value >= 0:\n"
            "            return 1"
        ),
        tests=("test_scalars_against_numpy.py::test_two_operands_broadcast_as_numpy",),
    ),
    WrongJudge(
        "numbers/exact-exp", "exp", "equivalence/kernel/numbers/exact.py",
        "return Exact(getattr(arb(self.value), function)())",
        'return Exact(getattr(arb(self.value) * (2 if function == "exp" else 1), function)())',
        tests=("test_scalars_against_numpy.py::test_functions_are_near_numpys",),
    ),
    WrongJudge(
        "numbers/maximum-of-rationals", "max", "equivalence/kernel/numbers/exact.py",
        "return self if self.value >= other.value else other",
        "return other if self.value >= other.value else self",
    ),
    WrongJudge(
        "numbers/bound-too-small", "mul", "equivalence/kernel/numbers/tracked.py",
        "bound = _up(inherited + relative * (magnitude + inherited) + ulps * self.format.least)",
        "bound = 0.0",
    ),
    WrongJudge(
        "numbers/bound-of-sums-too-small", "matmul", "equivalence/kernel/numbers/tracked.py",
        "loss = self.additions * self.format.unit",
        "loss = 0 * self.format.unit",
    ),
    WrongJudge(
        "numbers/bound-of-exp-too-small", "exp", "equivalence/kernel/numbers/tracked.py",
        "LIBRARY_ULPS = 4",
        "LIBRARY_ULPS = 0",
    ),
    WrongJudge(
        "numbers/bound-too-large", "mul", "equivalence/kernel/numbers/tracked.py",
        "return bound if self.mass + bound <= self.format.largest else math.inf",
        "return math.inf",
    ),
    WrongJudge(
        "numbers/bound-a-thousand-times", "tanh", "equivalence/kernel/numbers/tracked.py",
        "relative = self.format.unit * (1 if ulps == 1 else 2 * ulps)",
        "relative = self.format.unit * 1000000 * (1 if ulps == 1 else 2 * ulps)",
        tests=(
            "test_floats_tracked.py::test_a_power_has_a_bound_of_a_few_ulps_and_hands_on_the_error_of_its_base",
        ),
    ),
)
