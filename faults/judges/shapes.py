"""The normal form of index terms, and numpy's words on arrays of symbolic size, wrong."""

from __future__ import annotations

from .wrong import ABOVE_30, WrongJudge

WRONG = (
    WrongJudge(
        "shapes/argmin-is-argmax", "reduce_max", "equivalence/kernel/shapes/words/reduction.py",
        '"argmin": lambda x, *options, **named: _argmax(-real(x), *options, **named)',
        '"argmin": lambda x, *options, **named: _argmax(real(x), *options, **named)',
        tests=("test_shapes_winners_faults.py::test_the_least_of_what_is_negated_is_the_largest",),
    ),
    WrongJudge(
        "shapes/guards-dropped-in-sums", "cumsum", "equivalence/kernel/shapes/algebra.py",
        "part = _gathered(names, conditions | term.guards, term.factors)",
        "part = _gathered(names, term.guards, term.factors)",
    ),
    WrongJudge(
        "shapes/delta-eliminated-wrong", "matmul", "equivalence/kernel/shapes/algebra.py",
        (
            "guards = frozenset(guard.substitute(step) for guard in guards)\n"
            "        places"
        ),
        "places",
    ),
    WrongJudge(
        "shapes/delta-by-any-guard", "matmul", "equivalence/kernel/shapes/binding.py",
        (
            '        if guard.relation == "zero"\n'
            "        for name in bound"
        ),
        "        for name in bound",
    ),
    WrongJudge(
        "shapes/interval-one-short", "reduce_mean", "equivalence/kernel/shapes/binding.py",
        "length = ends[1] + ends[-1] + integer(1)",
        "length = ends[1] + ends[-1]",
        tests=("test_shapes_words.py::test_a_word_on_symbolic_arrays_means_what_numpy_does",),
    ),
    WrongJudge(
        "shapes/captured-variables", "softmax", "equivalence/kernel/shapes/algebra.py",
        (
            "{name: Fresh() for name in term.bound}\n"
            "    images = {name: variable(fresh)"
        ),
        (
            "{name: name for name in term.bound}\n"
            "    images = {name: variable(fresh)"
        ),
        tests=("test_shapes_words.py::test_a_word_on_symbolic_arrays_means_what_numpy_does",),
    ),
    WrongJudge(
        "shapes/exponents-of-products", "mul", "equivalence/kernel/shapes/algebra.py",
        (
            "        factors[factor] = factors.get(factor, 0) + exponent\n"
            "    return product(factors, left.guards | right.guards)"
        ),
        (
            "        factors[factor] = exponent\n"
            "    return product(factors, left.guards | right.guards)"
        ),
        tests=("test_shapes_words.py::test_a_word_on_symbolic_arrays_means_what_numpy_does",),
    ),
    WrongJudge(
        "shapes/equal-without-looking", "mul", "equivalence/kernel/shapes/equality.py",
        "return not plain.terms or _vanishes_plainly(plain, facts, above, depth)",
        "return True",
        tests=("test_shapes_words.py::test_a_product_of_sums_is_not_the_sum_of_products",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "shapes/one-summand-is-enough", "mul", "equivalence/kernel/shapes/equality.py",
        "    for (bound, guards), group in groups.items():",
        "    for (bound, guards), group in [*groups.items()][:1]:",
        tests=("test_shapes_guards.py::test_every_sum_of_an_expression_is_to_vanish",),
    ),
    WrongJudge(
        "shapes/one-world-is-enough", "relu", "equivalence/kernel/shapes/equality.py",
        (
            "return all(\n"
            "        vanishes(substitute(expr, {}, world.values)"
        ),
        (
            "return any(\n"
            "        vanishes(substitute(expr, {}, world.values)"
        ),
        tests=(
            "test_shapes_words.py::test_masks_of_one_expression_exclude_each_other_and_cover_everything",
        ),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "shapes/dual-product", "mul", "equivalence/kernel/shapes/formula.py",
        "self.tangent * right.value + self.value * right.tangent)",
        "self.tangent * right.value)",
    ),
    WrongJudge(
        "shapes/dual-quotient", "div", "equivalence/kernel/shapes/formula.py",
        "(self.tangent - quotient * right.tangent) * inverse)",
        "(self.tangent + quotient * right.tangent) * inverse)",
    ),
    WrongJudge(
        "shapes/slope-of-tanh", "tanh", "equivalence/kernel/shapes/functions.py",
        '"tanh": (_tanh, lambda x: ONE - _tanh(x) * _tanh(x))',
        '"tanh": (_tanh, lambda x: ONE + _tanh(x) * _tanh(x))',
    ),
    WrongJudge(
        "shapes/stop-lets-through", "detach", "equivalence/kernel/shapes/formula.py",
        'return Dual(case, value if word == "stop" else positive(value), ZERO)',
        'return Dual(case, value if word == "stop" else positive(value), read(x).tangent)',
    ),
    WrongJudge(
        "shapes/kink-weight", "relu", "equivalence/kernel/shapes/formula.py",
        "vanishing(discriminant).scaled(weight)",
        "vanishing(discriminant).scaled(1 - weight)",
    ),
    WrongJudge(
        "shapes/positive-at-zero", "relu", "equivalence/kernel/shapes/atoms.py",
        "return ONE if x.constant > 0 else ZERO",
        "return ONE if x.constant >= 0 else ZERO",
        tests=("test_shapes_guards.py::test_nothing_is_not_above_0",),
    ),
    WrongJudge(
        "shapes/greater-at-ties", "relu", "equivalence/kernel/shapes/arrays.py",
        "else compared(lambda a, b: positive(a - b), self, other)",
        "else compared(lambda a, b: positive(a - b) + vanishing(a - b), self, other)",
    ),
    WrongJudge(
        "shapes/matrix-product", "matmul", "equivalence/kernel/shapes/contraction.py",
        "*i, *k)) * b(",
        "*k, *i)) * b(",
    ),
    WrongJudge(
        "shapes/numpy-not-asked", "relu", "equivalence/kernel/shapes/decide.py",
        (
            "            if difference:\n"
            "                return Open(UnknownReason.CRASHED"
        ),
        (
            "            if difference and not compared:\n"
            "                return Open(UnknownReason.CRASHED"
        ),
        tests=("test_shapes_guards.py::test_terms_that_are_not_what_numpy_returns_prove_nothing",),
    ),
    WrongJudge(
        "shapes/numpy-not-compared", "exp", "equivalence/kernel/shapes/replay.py",
        "if not ball.overlaps(flint.arb(array[index])):",
        "if False:",
        tests=("test_shapes_guards.py::test_a_kernel_that_gives_other_numbers_differs",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "shapes/cases-of-sizes-dropped", "concat_vectors", "equivalence/kernel/shapes/decide.py",
        "            pending.extend(case.split(fork.guard))",
        "            pending.extend(case.split(fork.guard)[:1])",
        tests=("test_shapes_guards.py::test_each_case_of_sizes_is_proved",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "shapes/a-bound-too-small", "mul", "equivalence/kernel/shapes/enough.py",
        "found[size] = max(own + max(names), start) + max(high) - min(low)",
        "found[size] = start",
        tests=("test_shapes_bound.py::test_an_identity_of_few_entries_that_fails_with_more_is_caught",),
    ),
    WrongJudge(
        "shapes/second-decision-blind", "mul", "equivalence/kernel/shapes/bound.py",
        "if not _Evaluation(at).same(*both, index):",
        "if False:",
        tests=("test_shapes_bound.py::test_an_identity_of_few_entries_that_fails_with_more_is_caught",),
    ),
    WrongJudge(
        "shapes/no-small-shape", "tanh", "equivalence/kernel/shapes/replay.py",
        (
            "    for setting, sizes in small_settings(claim):\n"
            "        shapes"
        ),
        (
            "    for setting, sizes in [*small_settings(claim)][:0]:\n"
            "        shapes"
        ),
    ),
    WrongJudge(
        "shapes/vacuous-is-proved", "tanh", "equivalence/kernel/shapes/decide.py",
        "if not compared:",
        "if compared < 0:",
        tests=("test_shapes_guards.py::test_what_could_be_compared_nowhere_is_vacuous",),
    ),
    WrongJudge(
        "words/where-swapped", "relu", "equivalence/kernel/shapes/words/elementwise.py",
        "spread(lambda c, a, b: c * a + (ONE - c) * b, together((x, y))",
        "spread(lambda c, a, b: c * b + (ONE - c) * a, together((x, y))",
    ),
    WrongJudge(
        "words/maximum-is-minimum", "relu", "equivalence/kernel/shapes/words/elementwise.py",
        '"maximum": _extreme(lambda a, b: positive(a - b))',
        '"maximum": _extreme(lambda a, b: positive(b - a))',
    ),
    WrongJudge(
        "words/log1p-is-log", "softplus", "equivalence/kernel/shapes/words/elementwise.py",
        '"log1p": lambda x: _log(real(x) + 1)',
        '"log1p": lambda x: _log(real(x))',
    ),
    WrongJudge(
        "words/sum-over-other-axes", "reduce_sum", "equivalence/kernel/shapes/arrays.py",
        (
            "kept = [k for k in range(array.ndim) if k not in axes]\n"
            "\n"
            "    def entry"
        ),
        (
            "kept = [k for k in range(array.ndim) if k not in axes][::-1]\n"
            "\n"
            "    def entry"
        ),
    ),
    WrongJudge(
        "words/transpose-forward-for-back", "permute", "equivalence/kernel/shapes/arrays.py",
        "back = [list(axes).index(axis) for axis in range(array.ndim)]",
        "back = list(axes)",
    ),
    WrongJudge(
        "words/ones-are-zeros", "prod", "equivalence/kernel/shapes/words/layout.py",
        "return _zeros_like(x, shape=shape) + 1",
        "return _zeros_like(x, shape=shape) + 0",
        tests=("test_shapes_words.py::test_a_word_on_symbolic_arrays_means_what_numpy_does",),
    ),
)
