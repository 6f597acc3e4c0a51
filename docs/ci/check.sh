#!/bin/sh
# Check gradients in any CI, and end with the status of the check: docs/exit_status.md. Arguments are those of `backproof check`.
#
#   BACKPROOF_OUT     where reports go: junit.xml, results.sarif, summary.md, report.html, report.json
#   BACKPROOF_LEDGER  what the CI keeps from run to run; docs/ci/README.md says from which runs it may be taken
#   BACKPROOF_SEED    which graphs are generated; the same ones in every run, so that the ledger knows them
set -u
out=${BACKPROOF_OUT:-out/backproof}
ledger=${BACKPROOF_LEDGER:-.backproof/proofs.ledger}
mkdir -p "$(dirname "$ledger")"

status=0
backproof check --seed "${BACKPROOF_SEED:-1}" --ledger "$ledger" --out "$out" "$@" || status=$?

# GitHub shows what is appended to this file on the run's own page.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f "$out/summary.md" ]; then
    cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY" || [ "$status" -ne 0 ] || status=4
fi
exit "$status"
