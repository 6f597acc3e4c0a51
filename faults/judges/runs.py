"""The engine, what is drawn, and what is run on both sides, looking at less than they should."""

from __future__ import annotations

from .wrong import ABOVE_30, WrongJudge

WRONG = (
    WrongJudge(
        "engine/duplicates-once", "", "equivalence/kernel/free_terms.py",
        "term.known = self._number(tuple(sorted(atoms)))",
        "term.known = self._number(tuple(sorted(set(atoms))))",
        tests=("test_engine_free.py::test_each_faulty_tape_is_refuted_on_a_graph_that_uses_what_is_faulty",),
    ),
    WrongJudge(
        "engine/a-summand-dropped", "", "equivalence/kernel/free_terms.py",
        (
            "                atoms.extend(part.atoms)\n"
        ),
        (
            "                atoms.extend(part.atoms[:-1] if atoms else part.atoms)\n"
        ),
        tests=("test_engine_free.py::test_each_faulty_tape_is_refuted_on_a_graph_that_uses_what_is_faulty",),
    ),
    WrongJudge(
        "engine/sums-not-compared", "", "equivalence/kernel/free_terms.py",
        "if right.table.identity(left) != right.table.identity(right):",
        "if left.shape != right.shape:",
        tests=("test_engine_free.py::test_each_faulty_tape_is_refuted_on_a_graph_that_uses_what_is_faulty",),
    ),
    WrongJudge(
        "engine/fewer-pairs-suffice", "", "equivalence/kernel/free_terms.py",
        "if len(claim.pairs) < claim.count:",
        "if not claim.pairs:",
        tests=("test_engine_free.py::test_a_claim_that_compares_less_than_it_should_is_vacuous",),
    ),
    WrongJudge(
        "engine/one-solver-asked", "", "equivalence/kernel/lemma.py",
        "answers = (_ask_z3(question, BUDGET), ask_cvc5(question, BUDGET))",
        "answers = (_ask_z3(question, BUDGET),) * 2",
        tests=("test_engine_theorem.py::test_a_lemma_that_one_solver_leaves_open_is_not_proved",),
    ),
    WrongJudge(
        "engine/contradictions-prove", "", "equivalence/kernel/lemma.py",
        (
            'if _ask_z3(script("ALL", claim.declarations, claim.hypotheses), '
            'CONSISTENCY_BUDGET) == "unsat":'
        ),
        "if not claim.hypotheses:",
    ),
    WrongJudge(
        "engine/recursion-forgets-a-parent", "", "equivalence/engine/free.py",
        "result[parent] = result[parent] + _part(",
        "result[parent] = _part(",
    ),
    WrongJudge(
        "engine/lemma-goal-not-negated", "", "equivalence/kernel/lemma.py",
        '(*self.hypotheses, f"(not {self.goal})")',
        "(*self.hypotheses, self.goal)",
    ),
    WrongJudge(
        "sampler/no-points", "relu", "equivalence/rules/points.py",
        "for place, draw in enumerate(_DRAWS):",
        "for place, draw in enumerate(_DRAWS[:0]):",
    ),
    WrongJudge(
        "sampler/always-one", "relu", "equivalence/rules/points.py",
        "return np.array([draw(stream) for _ in indices(shape)], dtype=np.float64).reshape(shape)",
        "return np.ones(shape)",
        tests=("test_points.py::test_a_rule_is_tried_in_general_position_at_ties_at_0_and_farther_out",),
    ),
    WrongJudge(
        "sampler/no-graphs", "relu", "equivalence/generation/strategies.py",
        "return [_example(cases(ops), streams.getrandbits(64)) for _ in range(count)]",
        "return []",
        tests=("test_strategies.py::test_every_op_is_drawn_at_least_five_times_in_300_graphs",),
    ),
    WrongJudge(
        "sampler/one-graph-again", "relu", "equivalence/generation/strategies.py",
        "streams.getrandbits(64)) for _ in range(count)]",
        "seed) for _ in range(count)]",
        tests=("test_strategies.py::test_every_op_is_drawn_at_least_five_times_in_300_graphs",),
    ),
    WrongJudge(
        "sampler/no-instances", "relu", "equivalence/rules/instances.py",
        "if instance.key not in seen and _accepted(definition, instance):",
        "if instance.key in seen and _accepted(definition, instance):",
        tests=(
            "test_small_guards.py::test_every_op_has_instances_and_is_proved_at_all_shapes_unless_it_says_why_not",
        ),
    ),
    WrongJudge(
        "sampler/no-patterns", "relu", "equivalence/rules/patterns.py",
        "return [] if definition.bounded else list(found)",
        "return []",
        tests=(
            "test_small_guards.py::test_every_op_has_instances_and_is_proved_at_all_shapes_unless_it_says_why_not",
        ),
    ),
    WrongJudge(
        "replay/second-run-not-made", "", "equivalence/graphs/crosscheck.py",
        "return (*fresh, *_refreshed(used, case, semantics), *_gradient(used, case, semantics))",
        "return fresh",
        tests=("test_small_guards.py::test_a_tape_that_is_right_once_is_refuted_by_its_second_run",),
    ),
    WrongJudge(
        "replay/tangents-not-compared", "mul", "equivalence/graphs/replay.py",
        (
            "            for quantity in spec_side\n"
        ),
        (
            '            for quantity in ("primal", "cotangent")\n'
        ),
        tests=("test_rules_parts.py::test_a_wrong_jvp_breaks_adjointness_and_leaves_shapes_alone",),
        wrong_rule=ABOVE_30,
    ),
)
