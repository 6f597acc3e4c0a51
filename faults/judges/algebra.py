"""The normal form of terms and its cases, wrong."""

from __future__ import annotations

from .wrong import ABOVE_30, DECIDED_AT_30, UNDEFINED_AT_30, WrongJudge

WRONG = (
    WrongJudge(
        "algebra/denominators-dropped", "div", "equivalence/kernel/algebra/field.py",
        (
            "left, right = _product(a.numerator, b.denominator / common), "
            "_product(b.numerator, a.denominator / common)"
        ),
        "left, right = a.numerator, b.numerator",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/every-difference-is-zero", "mul", "equivalence/kernel/algebra/field.py",
        "return self.with_roots_squared(left - right)",
        "return self.with_roots_squared(left - left)",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/sums-of-quotients", "sigmoid", "equivalence/kernel/algebra/field.py",
        (
            "_product(a.numerator, right) + _product(b.numerator, left)\n"
        ),
        (
            "_product(a.numerator, right) + _product(b.numerator, right)\n"
        ),
    ),
    WrongJudge(
        "algebra/divisors-are-never-zero", "div", "equivalence/kernel/algebra/case.py",
        (
            "if poly.is_constant():\n"
            "            return not poly.is_zero()\n"
            "        _content, factors"
        ),
        (
            "if True:\n"
            "            return True\n"
            "        _content, factors"
        ),
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=UNDEFINED_AT_30,
    ),
    WrongJudge(
        "algebra/conditions-not-asked", "log", "equivalence/kernel/algebra/equalities.py",
        (
            'ends = [("a side has no value", poly, ANY_SIGN - wanted) for poly, wanted in '
            "evaluation.conditions]"
        ),
        "ends: list[Any] = []",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=UNDEFINED_AT_30,
    ),
    WrongJudge(
        "algebra/one-case-is-enough", "relu", "equivalence/kernel/algebra/equalities.py",
        (
            "            if answer is not None:\n"
            "                return answer\n"
            "    return None\n"
            "\n"
            "\n"
            "def _holds_at_once"
        ),
        (
            "            if answer is not None:\n"
            "                return answer\n"
            "        break\n"
            "    return None\n"
            "\n"
            "\n"
            "def _holds_at_once"
        ),
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/first-pair-alone", "mul", "equivalence/kernel/algebra/equalities.py",
        (
            "                if answer is not None:\n"
            "                    return answer\n"
            "    except"
        ),
        (
            "                if answer is not None:\n"
            "                    return answer\n"
            "                break\n"
            "    except"
        ),
        tests=("test_kernel_claims.py::test_one_wrong_pair_or_way_among_right_ones_is_not_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/first-way-alone", "relu", "equivalence/kernel/algebra/equalities.py",
        (
            "                if answer is not None:\n"
            "                    return answer\n"
            "    except"
        ),
        (
            "                if answer is not None:\n"
            "                    return answer\n"
            "            break\n"
            "    except"
        ),
        tests=("test_kernel_claims.py::test_one_wrong_pair_or_way_among_right_ones_is_not_proved",),
        wrong_rule=DECIDED_AT_30,
    ),
    WrongJudge(
        "algebra/nothing-compared-is-proved", "relu", "equivalence/kernel/algebra/equalities.py",
        "if compared == 0:",
        "if compared < 0:",
        tests=(
            "test_kernel_normal_form.py::test_nothing_is_claimed_where_the_conditions_contradict_each_other",
        ),
    ),
    WrongJudge(
        "algebra/conditions-always-contradict", "relu", "equivalence/kernel/algebra/equalities.py",
        (
            "return isinstance(solver.satisfy(case.field, case.constraints), solver.Impossible)\n"
        ),
        (
            "return bool(case.constraints)\n"
        ),
        tests=("test_kernel_claims.py::test_equal_sides_under_conditions_that_can_hold_are_compared",),
        wrong_rule=DECIDED_AT_30,
    ),
    WrongJudge(
        "algebra/positive-is-any-sign", "log", "equivalence/kernel/algebra/case.py",
        "if coefficient < 0 or not all(map(self._atom_is_positive, odd)):",
        "if not all(map(self._atom_is_positive, odd)):",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=UNDEFINED_AT_30,
    ),
    WrongJudge(
        "algebra/masks-are-one", "relu", "equivalence/kernel/algebra/evaluation.py",
        "rest = field.add(field.number(Fraction(1)), field.multiply(minus, field.add(p, z)))",
        "rest = field.add(field.number(Fraction(1)), field.multiply(minus, p))",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/maximum-is-the-second", "max", "equivalence/kernel/algebra/evaluation.py",
        "return first if self.case.sign(difference) >= 0 else second",
        "return second if self.case.sign(difference) >= 0 else first",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/largest-is-a-pair-without-one", "max", "equivalence/kernel/algebra/evaluation.py",
        (
            "among = self._maxima.get(own, frozenset((own,))) | self._maxima.get(other, "
            "frozenset((other,)))"
        ),
        "among = self._maxima.get(own, frozenset((own,)))",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "algebra/branch-by-the-wrong-sign", "relu", "equivalence/kernel/algebra/evaluation.py",
        "return term.arguments[2 - self.case.sign",
        "return term.arguments[2 + self.case.sign",
    ),
    WrongJudge(
        "algebra/exp-of-a-sum", "exp", "equivalence/kernel/algebra/functions.py",
        "result = field.multiply(result, field.power(factor, part.numerator))",
        "result = field.add(result, field.power(factor, part.numerator))",
        tests=("test_kernel_normal_form.py::test_a_true_equation_is_proved",),
    ),
    WrongJudge(
        "algebra/exp-loses-exponents", "tanh", "equivalence/kernel/algebra/functions.py",
        "field.power(factor, part.numerator))",
        "factor)",
        tests=("test_kernel_normal_form.py::test_a_true_equation_is_proved",),
    ),
    WrongJudge(
        "algebra/sines-squared", "sin", "equivalence/kernel/algebra/functions.py",
        "image = field.add(one, field.multiply(field.number(Fraction(-1)), cosine))",
        "image = field.add(one, cosine)",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
    ),
    WrongJudge(
        "algebra/log-of-an-inverse", "softplus", "equivalence/kernel/algebra/functions.py",
        (
            "return field.add(outer, field.multiply(field.number(Fraction(-1)), "
            'field.function("log", field.divide(one, rest))))'
        ),
        'return field.add(outer, field.function("log", field.divide(one, rest)))',
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
    ),
    WrongJudge(
        "algebra/cos-is-odd", "cos", "equivalence/kernel/algebra/functions.py",
        'return value if function == "cos" else field.multiply(minus, value)',
        "return field.multiply(minus, value)",
        tests=("test_kernel_normal_form.py::test_a_false_equation_is_never_proved",),
    ),
    WrongJudge(
        "algebra/roots-of-squares", "sqrt", "equivalence/kernel/algebra/roots.py",
        "return case.field.multiply(case.field.number(Fraction(sign)), value) if sign else value",
        "return value",
        tests=("test_kernel_roots.py::test_a_true_equation_of_roots_is_proved",),
    ),
    WrongJudge(
        "algebra/translated-greater", "relu", "equivalence/kernel/algebra/translation.py",
        '">": frozenset((1,))',
        '">": frozenset((0, 1))',
    ),
    WrongJudge(
        "algebra/translated-first-term", "matmul", "equivalence/kernel/algebra/translation.py",
        (
            "        for term in rest:\n"
            "            first = self._pool.binary(kind, first, term)\n"
            "        return first"
        ),
        (
            "        for term in rest[1:]:\n"
            "            first = self._pool.binary(kind, first, term)\n"
            "        return first"
        ),
    ),
    WrongJudge(
        "algebra/shared-divisors-twice", "sigmoid", "equivalence/kernel/algebra/field.py",
        "return Ratio(numerator / shared, _product(left, b.denominator / shared))",
        "return Ratio(numerator, _product(left, b.denominator / shared))",
        tests=("test_kernel_normal_form.py::test_a_true_equation_is_proved",),
    ),
)
