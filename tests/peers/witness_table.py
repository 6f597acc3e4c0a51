"""The table of docs/witnesses.md: by op of ours the outside cases that witness its formula; run it to write it again."""

from __future__ import annotations

from pathlib import Path

from backproof.runtime import primitives as _registered  # noqa: F401 - importing them fills the registry
from backproof.runtime.primitive import PRIMITIVES
from onnx_cases import node_cases
from onnx_table import EXCLUDED_FOR, MAPPED
from onnx_table import witnessed as by_onnx
from opinfo_table import NOWHERE, ORDERS, RECORDINGS, mapped
from opinfo_table import witnessed as by_opinfo

DOCUMENT = Path(__file__).parents[2] / "docs" / "witnesses.md"
MARK = "<!-- generated from here on by tests/peers/witness_table.py -->\n"


def table() -> str:
    """The generated part of the document."""
    lines = ["", "## Ops and their witnesses", "", "| op | ONNX cases | OpInfo samples |", "| --- | --- | --- |"]
    onnx, opinfo = by_onnx(), by_opinfo()
    for op in sorted(PRIMITIVES):
        if op in NOWHERE:
            lines.append(f"| {op} | none | none: {NOWHERE[op]} |")
            continue
        kinds = sorted({node_cases()[name].op_type for name in onnx.get(op, ())})
        cases = f"{len(onnx[op])}: {', '.join(kinds)}" if op in onnx else "none"
        counts = opinfo.get(op, {})
        samples = f"{sum(counts.values())}: {', '.join(sorted(counts))}" if counts else "none"
        lines.append(f"| {op} | {cases} | {samples} |")
    lines += ["", "## ONNX cases that are not judged", "", f"{len(MAPPED)} cases are judged. Excluded:", ""]
    lines += [f"* {reason}: {', '.join(names)}." for reason, names in EXCLUDED_FOR.items()]
    judged = sum(len(mapped(operator)[0]) for operator in RECORDINGS)
    lines += ["", "## OpInfo samples that are not judged", "", f"{judged} samples are judged. Excluded:", ""]
    lines += [
        f"* {operator}: {'; '.join(f'{reason} ({count})' for reason, count in sorted(mapped(operator)[1].items()))}."
        for operator in sorted(RECORDINGS)
        if mapped(operator)[1]
    ]
    lines += ["", "## Where PyTorch computes in another order", ""]
    lines += [f"* {operator}, {quantity}: {why}." for (operator, quantity), (_order, why) in sorted(ORDERS.items())]
    return "\n".join(lines) + "\n"


def document() -> str:
    """The whole document as it should be: what is written above the mark, and the table."""
    return DOCUMENT.read_text().partition(MARK)[0] + MARK + table()


if __name__ == "__main__":
    DOCUMENT.write_text(document())
