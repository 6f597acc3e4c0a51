"""A report as an unsigned in-toto Statement v1 about itself, with the predicate test-result v0.1.

`passedTests` are the obligations proved, `warnedTests` those met by a test where no proof was owed, `failedTests` all
others. `result` is PASSED where the exit status is 0, and FAILED otherwise.
"""

from __future__ import annotations

from base64 import b64encode
from hashlib import sha256
from typing import Any

import msgspec

from .report import Answer, Report
from .standing import passes
from .status import Status

STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


def statement(report: Report, encoded: bytes) -> bytes:
    """The statement about the report whose file holds these bytes."""
    document = {
        "_type": STATEMENT,
        "subject": [{"name": "report.json", "digest": {"sha256": sha256(encoded).hexdigest()}}],
        "predicateType": PREDICATE,
        "predicate": {
            "result": "PASSED" if report.status == Status.MET and all(map(passes, report.rows)) else "FAILED",
            "configuration": _configuration(report),
            "passedTests": [row.id for row in report.rows if passes(row) and row.verdict is Answer.PROVED],
            "warnedTests": [row.id for row in report.rows if passes(row) and row.verdict is not Answer.PROVED],
            "failedTests": [row.id for row in report.rows if not passes(row)],
        },
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"


def _configuration(report: Report) -> list[dict[str, Any]]:
    """What was asked, whole, and the rules file by its digest."""
    asked = msgspec.json.encode({"version": report.version, "seed": report.seed, "rules": report.rules, "asked": report.asked})
    whole = {"name": "asked.json", "mediaType": "application/json", "content": b64encode(asked).decode()}
    if report.rules is None or report.asked.rules_sha256 is None:
        return [whole]
    return [whole, {"name": report.rules, "digest": {"sha256": report.asked.rules_sha256}}]
