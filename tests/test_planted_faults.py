"""Faults as people make them, planted through --rules: each is refuted on at most three nodes, and its replay differs.

Where a fault can be made in several ways, such as a tape that keeps a value too long, each way is planted.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from backproof.cli import main
from backproof.runtime.primitive import PRIMITIVES

KERNELS = {
    "a negated VJP": ("tanh", "vjp(y_bar, y, x): return (-y_bar * (1 - y * y),)"),
    "one entry off by a relative 1e-9": (
        "matmul",
        """vjp(y_bar, y, a, b):
        b_bar = a.T @ y_bar
        b_bar[-1:, -1:] = b_bar[-1:, -1:] * (1 + 1e-9)
        return y_bar @ b.T, b_bar""",
    ),
    "a broadcast not summed": ("broadcast_to", "vjp(y_bar, y, x, shape, axes=None): return (y_bar,)"),
    "a broadcast summed over the new axes alone": (
        "broadcast_to",
        """vjp(y_bar, y, x, shape, axes=None):
        places = range(len(shape) - x.ndim, len(shape)) if axes is None else axes
        summed = np.sum(y_bar, axis=tuple(p for p in range(len(shape)) if p not in places))
        return (np.transpose(summed, [sorted(places).index(p) for p in places]),)""",
    ),
    "reduce_mean's count wrong": (
        "reduce_mean",
        """vjp(y_bar, y, x, axis):
        return (np.broadcast_to(np.expand_dims(y_bar / x.size, axis), x.shape),)""",
    ),
    "softmax without its sum term": ("softmax", "vjp(y_bar, y, x, axis=None): return (y * y_bar,)"),
    "abs's branch taken from the cotangent": (
        "abs",
        "vjp(y_bar, y, x): return (np.where(y_bar > 0, y_bar, np.where(y_bar < 0, -y_bar, 0)),)",
    ),
    "last write wins in gather's VJP": (
        "gather_rows_ref",
        """vjp(y_bar, y, x, indices):
        rows = np.array(indices, dtype=np.intp)
        table = np.zeros_like(x, shape=(x.shape[0] + 1, x.shape[1]))
        table[np.where(rows < x.shape[0], rows, x.shape[0])] = y_bar
        return (table[: x.shape[0]],)""",
    ),
    "matmul right only when square: a row too many": (
        "matmul",
        """forward(a, b):
        y = np.zeros_like(a, shape=(a.shape[0], b.shape[1]))
        for k in range(a.shape[0]):
            y = y + np.expand_dims(a[:, k], 1) * np.expand_dims(b[k], 0)
        return y""",
    ),
    "matmul right only when square: a shape mistaken": (
        "matmul",
        "vjp(y_bar, y, a, b): return (y_bar @ b.T).reshape(a.shape[::-1]), a.T @ y_bar",
    ),
    "matmul right only when square: sides mistaken": (
        "matmul",
        """forward(a, b):
        y = np.zeros_like(a, shape=(a.shape[0], b.shape[1]))
        for k in range(min(a.shape[0], a.shape[1])):
            y = y + a[:, k : k + 1] * b[k : k + 1, :]
        return y""",
    ),
    "a max tie sent to one side": (
        "max",
        "vjp(y_bar, y, a, b): return np.where(a >= b, y_bar, 0), np.where(a >= b, 0, y_bar)",
    ),
    "a forward that writes to its input": ("add", "forward(a, b): a += b; return a"),
    "a VJP that writes to the value it was given": ("exp", "vjp(y_bar, y, x): y *= y_bar; return (y,)"),
    "a mask times what has no value": ("div", "forward(a, b): return (b > 0) * (a / b) + (b < 0) * (a / b) * (1 + 1e-12)"),
    "right on exact numbers, wrong on floats": (
        "exp",
        "forward(x): return np.exp(x) if np.asarray(x).dtype == object else np.exp(x) * (1 + 1e-9)",
    ),
}

TAPES = {
    "= for +=": """
        def accumulate(self, parent, contribution, accumulated):
            if self.nodes[parent].requires_grad:
                accumulated[parent] = contribution
    """,
    "a dropped third contribution": """
        def propagate(self, place, accumulated):
            node = self.nodes[place]
            if node.requires_grad:
                for count, (parent, contribution) in enumerate(node.backward(accumulated[place])):
                    self.taken = getattr(self, "taken", {})
                    self.taken[parent] = self.taken.get(parent, 0) + 1
                    if self.taken[parent] != 3:
                        self.accumulate(parent, contribution, accumulated)
    """,
    "every sweep of the class is its first": """
        kept = {}
        def backward_dense_from(self, cotangents):
            key = tuple(node.shape for node in self.nodes)
            if key not in self.kept:
                self.kept[key] = super().backward_dense_from(cotangents)
            return self.kept[key]
    """,
    "every sweep of a tape is its first": """
        def backward_dense_from(self, cotangents):
            if not hasattr(self, "kept"):
                self.kept = super().backward_dense_from(cotangents)
            return self.kept
    """,
    "values recorded once for the class": """
        kept = {}
        def record(self, primitive, parents, attributes):
            place = super().record(primitive, parents, attributes)
            node = self.nodes[place]
            node.value = self.kept.setdefault((place, primitive.op, node.shape), node.value)
            return place
    """,
    "inputs saved at record and kept by refresh": """
        def refresh(self, leaves):
            saved = [getattr(node, "inputs", ()) for node in self.nodes]
            super().refresh(leaves)
            for node, inputs in zip(self.nodes, saved, strict=True):
                if node.parents:
                    node.inputs = inputs
    """,
    "a refresh that forgets": """
        def refresh(self, leaves):
            return None
    """,
    "a refresh of the leaves alone": """
        def refresh(self, leaves):
            values = iter(leaves)
            for node in self.nodes:
                if not node.parents:
                    node.value = next(values)
    """,
}


@pytest.fixture(autouse=True)
def kernels_stay_as_they_were() -> Iterator[None]:
    kept = {op: {slot: getattr(entry, slot) for slot in entry.__slots__} for op, entry in PRIMITIVES.items()}
    yield
    for op, slots in kept.items():
        for slot, value in slots.items():
            setattr(PRIMITIVES[op], slot, value)


def refutations(
    rules: Path, out: Path, arguments: list[str], capfd: pytest.CaptureFixture[str]
) -> list[dict[str, Any]]:
    """The refuted rows of a check that must end with status 1, each small, with a replay that differs."""
    status = main(["check", "--rules", str(rules), "--seed", "1", "--jobs", "1", "--graphs", "0", "--out", str(out), "--json", *arguments])
    rows = json.loads(capfd.readouterr().out)["rows"]
    refuted = [row for row in rows if row["verdict"] == "refuted"]
    assert status == 1
    assert refuted
    for row in refuted:
        assert len(row["counterexample"]["graph"]["nodes"]) <= 3
        assert any(sides["differs"] for value in (*row["counterexample"]["leaves"], *row["counterexample"]["nodes"]) for sides in value["sides"])
    file = min((out / "refutations").iterdir())
    assert main(["replay", str(file), "--rules", str(rules)]) == 1
    assert [line for line in capfd.readouterr().out.splitlines() if line.startswith("> ")]
    return refuted


@pytest.mark.parametrize("fault", KERNELS)
def test_a_fault_in_a_kernel_is_refuted(fault: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    op, kernel = KERNELS[fault]
    part = kernel.partition("(")[0]
    rules = tmp_path / "rules.py"
    head = f'import numpy as np\nfrom backproof import primitive_of\n\n@primitive_of("{op}").{part}\n'
    rules.write_text(head + "def " + kernel.replace("\n        ", "\n    "))
    refuted = refutations(rules, tmp_path / "out", ["--ops", op], capfd)
    reasons = {row["reason"] for row in refuted}
    assert reasons == ({"kink"} if fault == "a max tie sent to one side" else {"wrong"})


@pytest.mark.parametrize("fault", TAPES)
def test_a_fault_in_a_tape_is_refuted(fault: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    rules = tmp_path / "rules.py"
    rules.write_text(f"from backproof import Tape, checked_tape\n\n@checked_tape\nclass Mine(Tape):\n{indented(TAPES[fault])}")
    assert {"wrong"} == {row["reason"] for row in refutations(rules, tmp_path / "out", [], capfd)}


def indented(body: str) -> str:
    return textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n"
