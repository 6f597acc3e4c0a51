"""Claims, verdicts, records and the ledger, saying more than was decided."""

from __future__ import annotations

from .wrong import ABOVE_30, WrongJudge

WRONG = (
    WrongJudge(
        "claims/candidates-not-replayed", "tanh", "equivalence/rules/discharge.py",
        'return Refuted(found, RefutedReason.WRONG, f"{CLAIMS[part]}: false at the case shown")',
        'return Refuted(found, RefutedReason.KINK, f"{CLAIMS[part]}: false at the case shown")',
        tests=("test_small_guards.py::test_a_rule_that_is_wrong_off_kinks_is_wrong",),
    ),
    WrongJudge(
        "claims/unknown-is-proved", "mul", "equivalence/kernel/sealed.py",
        "return mint(claim.statement, decision) if type(decision) is Holds else decision",
        'return mint(claim.statement, decision if type(decision) is Holds else Holds("", ()))',
        tests=("test_kernel_claims.py::test_what_the_solver_leaves_open_stays_open",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "verdicts/around-anything", "mul", "equivalence/kernel/verdict.py",
        "if not KERNEL.is_genuine(self.proof):",
        "if self.proof is None:",
        tests=(
            "test_kernel_forging.py::test_a_verdict_around_anything_but_a_genuine_proof_cannot_be_built",
        ),
    ),
    WrongJudge(
        "verdicts/any-proof-is-genuine", "mul", "equivalence/kernel/sealed.py",
        (
            "return type(proof) is Proof and made is not None and made() is proof and "
            "_said(proof) == said"
        ),
        "return type(proof) is Proof",
        tests=(
            "test_kernel_forging.py::test_a_verdict_around_anything_but_a_genuine_proof_cannot_be_built",
        ),
    ),
    WrongJudge(
        "verdicts/any-verdict-meets", "mul", "equivalence/kernel/verdict.py",
        "return type(verdict) is Tested and verdict.points >= 1 and needs is Needs.TEST",
        "return True",
        tests=("test_kernel_verdicts.py::test_evidence_meets_what_was_declared_and_nothing_stronger",),
        wrong_rule=ABOVE_30,
    ),
    WrongJudge(
        "verdicts/a-test-is-a-proof", "mul", "equivalence/kernel/verdict.py",
        "verdict.points >= 1 and needs is Needs.TEST",
        "verdict.points >= 1",
        tests=("test_kernel_verdicts.py::test_evidence_meets_what_was_declared_and_nothing_stronger",),
    ),
    WrongJudge(
        "verdicts/tested-at-no-point", "mul", "equivalence/kernel/verdict.py",
        "if self.points < 1:",
        "if self.points < 0:",
        tests=("test_kernel_verdicts.py::test_a_test_without_a_point_cannot_be_built",),
    ),
    WrongJudge(
        "verdicts/refuted-without-a-difference", "mul", "equivalence/kernel/verdict.py",
        "if not any(side.differs for side in self.counterexample.nodes):",
        "if not self.counterexample.nodes:",
        tests=("test_kernel_verdicts.py::test_a_refutation_without_a_difference_cannot_be_built",),
    ),
    WrongJudge(
        "verdicts/same-data-by-equality", "mul", "equivalence/kernel/decision.py",
        "if repr(claim.left) == repr(claim.right):",
        "if claim.left == claim.right:",
        tests=("test_kernel_forging.py::test_different_data_are_not_the_same",),
    ),
    WrongJudge(
        "verdicts/same-data-unread", "mul", "equivalence/kernel/decision.py",
        "if repr(claim.left) == repr(claim.right):",
        "if type(claim.left) is type(claim.right):",
        tests=("test_kernel_forging.py::test_different_data_are_not_the_same",),
    ),
    WrongJudge(
        "records/unknown-as-proof", "mul", "equivalence/records.py",
        (
            "    return Record(owed, verdict, seconds, notes)\n"
            "\n"
            "\n"
            "def readmitted"
        ),
        (
            '    return Record(owed, ProofRecord(owed.claim, Holds("", ())) if isinstance(verdict, Unknown) else verdict, seconds, notes)\n'
            "\n"
            "\n"
            "def readmitted"
        ),
        tests=("test_small_guards.py::test_the_record_of_what_is_unknown_is_unknown",),
    ),
    WrongJudge(
        "records/source-not-named", "mul", "equivalence/kernel/sealed.py",
        "grounds = (*record.rests_on, str(Source(source)))",
        "grounds = record.rests_on",
        tests=("test_kernel_forging.py::test_a_readmitted_proof_rests_on_what_carried_it",),
    ),
    WrongJudge(
        "ledger/other-obligations-served", "relu", "equivalence/ledger/rows.py",
        "if [(row.id, row.claim) for row in rows] != [(each.id, each.claim) for each in owed]:",
        "if len(rows) != len(owed):",
        tests=("test_ledger_rows.py::test_what_was_decided_of_a_piece_is_read_for_it_and_for_no_other",),
    ),
    WrongJudge(
        "ledger/seal-not-looked-at", "relu", "equivalence/ledger/store.py",
        "isinstance(body, bytes) and seal == seal_of(key, body).encode()",
        "isinstance(body, bytes) and bool(seal)",
        tests=("test_ledger_rows.py::test_a_row_that_was_edited_or_moved_is_none",),
    ),
    WrongJudge(
        "ledger/unknown-kept", "relu", "equivalence/ledger/rows.py",
        "return msgspec.json.encode(kept) if kept and len(kept) == len(rows) else None",
        "return msgspec.json.encode(kept) if kept else None",
        tests=("test_ledger_rows.py::test_records_of_which_one_is_unknown_are_not_written",),
    ),
    WrongJudge(
        "ledger/key-without-convention", "relu", "equivalence/ledger/keys.py",
        "(FORMAT, ours, ruled, convention, type(piece).__name__, asked, parts)",
        "(FORMAT, ours, ruled, self._convention, type(piece).__name__, asked, parts)",
        tests=("test_ledger_keys.py::test_a_convention_by_what_it_says_and_not_by_its_name_alone",),
    ),
    WrongJudge(
        "ledger/key-without-kernels", "relu", "equivalence/ledger/keys.py",
        "lambda: (op, definition_of(op), primitive_of(op))",
        "lambda: (op, definition_of(op))",
        tests=("test_ledger_keys.py::test_each_part_of_a_primitive",),
    ),
    WrongJudge(
        "ledger/a-test-serves-as-a-proof", "relu", "equivalence/ledger/rows.py",
        "if owed.needs is Needs.TEST and row.points >= 1:",
        "if row.points >= 0:",
        tests=("test_ledger_rows.py::test_a_test_is_not_read_where_a_proof_is_owed",),
    ),
    WrongJudge(
        "ledger/told-with-a-rules-file", "relu", "equivalence/ledger/ledger.py",
        'return at_start() != "" and MODULE_NAME not in sys.modules',
        'return at_start() != ""',
        tests=("test_ledger_installation.py::test_with_a_rules_file_nothing_is_told",),
    ),
    WrongJudge(
        "ledger/told-though-a-file-changed", "relu", "equivalence/ledger/ledger.py",
        "if _is_as_its_files() and not newest() else None",
        "if _is_as_its_files() else None",
        tests=("test_ledger_installation.py::test_what_was_told_of_other_files_is_not_used",),
    ),
    WrongJudge(
        "ledger/told-and-not-looked-at", "relu", "equivalence/run.py",
        "if told and told == ours:",
        "if told:",
        tests=("test_ledger_installation.py::test_pieces_found_under_what_was_told_falsely_are_not_taken",),
    ),
    WrongJudge(
        "ledger/any-process-is-told", "relu", "equivalence/ledger/installation.py",
        'return installed() if features() and is_the_command() else ""',
        'return installed() if features() else ""',
        tests=("test_ledger_installation.py::test_a_process_that_is_not_the_commands_own_is_told_nothing_and_tells_nothing",),
    ),
    WrongJudge(
        "claims/last-pair-left-out", "mul", "equivalence/rules/claims.py",
        (
            "        return [pair for x_bar, shape, entries in owed for pair in "
            "self._against(x_bar, shape, entries)]"
        ),
        (
            "        return [pair for x_bar, shape, entries in owed for pair in "
            "self._against(x_bar, shape, entries)][:-1]"
        ),
        tests=("test_second_opinion.py::test_a_wrong_rule_has_a_model_that_is_a_counterexample",),
        wrong_rule=ABOVE_30,
    ),
)
